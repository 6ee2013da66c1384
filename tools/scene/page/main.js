// Draws a plan: window.load(plan) builds the street, window.draw(frame) returns one picture.
import * as T from 'three';
import * as decals from './decals.js';
import * as props from './props.js';
import { bicycle, ebike, ridden, tricycle } from './cycles.js';
import { person } from './people.js';
import { caption, lightUp, rainfall, renderer } from './stage.js';
import { street } from './street.js';
import { car, truck } from './vehicles.js';

const MAKERS = { ...props, ...decals, person, bicycle, ebike, ridden, tricycle, car, truck };
let now = null;

window.load = async (plan) => {
  await document.fonts.load('700 40px "Noto Sans CJK SC"');
  const gl = now ? now.gl : renderer(...plan.size);
  gl.setSize(...plan.size);
  const scene = new T.Scene();
  const lights = lightUp(gl, scene, plan);
  street(scene, plan);
  const things = new Map();
  for (const thing of plan.things) {
    const made = MAKERS[thing.kind](thing.look, thing.seed);
    const holder = new T.Group();
    holder.add(made);
    holder.visible = false;
    scene.add(holder);
    things.set(thing.id, { holder, pose: made.userData.pose });
  }
  const { pos, at, fov } = plan.camera;
  const camera = new T.PerspectiveCamera(fov, plan.size[0] / plan.size[1], 0.3, 160);
  camera.position.set(...pos);
  camera.lookAt(...at);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = plan.size;
  now = { gl, scene, camera, lights, things, plan, canvas };
};

function place(frame) {
  for (const thing of now.things.values()) thing.holder.visible = false;
  for (const [id, x, y, z, heading, phase, mode] of frame.poses) {
    const thing = now.things.get(id);
    thing.holder.visible = true;
    thing.holder.position.set(x, y, z);
    thing.holder.rotation.y = heading;
    if (thing.pose) thing.pose(phase, mode);
  }
}

function render(frame) {
  place(frame);
  const { sun, hemi, base } = now.lights;
  sun.intensity = base.sun * frame.sun;
  hemi.intensity = base.hemi * (0.75 + 0.25 * frame.sun);
  now.gl.toneMappingExposure = frame.exposure;
  now.gl.render(now.scene, now.camera);
}

window.draw = (frame) => {
  render(frame);
  const g = now.canvas.getContext('2d');
  const [w, h] = now.plan.size;
  g.filter = `saturate(${now.plan.lens.saturation}) contrast(1.04) blur(${now.plan.lens.blur}px)`;
  g.drawImage(now.gl.domElement, 0, 0, w, h);
  g.filter = 'none';
  if (now.plan.sky.rain) rainfall(g, w, h, frame.index + 1, now.plan.sky.rain);
  caption(g, now.plan, frame.clock);
  return now.canvas.toDataURL('image/jpeg', 0.96).slice(23);
};

// The pixels that one thing alone covers, to check the planner's boxes: [x, y, w, h] or null.
window.extent = (frame, id) => {
  render(frame);
  const shown = [...now.scene.children].filter((part) => part.visible && !part.isLight);
  const kept = now.things.get(id).holder;
  shown.forEach((part) => { part.visible = part === kept; });
  const before = now.scene.background;
  now.scene.background = new T.Color(0xff00ff);
  now.scene.fog = null;
  now.gl.toneMapping = T.NoToneMapping;
  now.gl.render(now.scene, now.camera);
  now.gl.toneMapping = T.ACESFilmicToneMapping;
  now.scene.background = before;
  shown.forEach((part) => { part.visible = true; });
  return bounds();
};

function bounds() {
  const g = now.canvas.getContext('2d');
  const [w, h] = now.plan.size;
  g.drawImage(now.gl.domElement, 0, 0, w, h);
  const { data } = g.getImageData(0, 0, w, h);
  let [x0, y0, x1, y1] = [w, h, -1, -1];
  for (let i = 0; i < w * h; i++) {
    if (data[4 * i] > 250 && data[4 * i + 1] < 5 && data[4 * i + 2] > 250) continue;
    const [x, y] = [i % w, Math.floor(i / w)];
    x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
  }
  return x1 < 0 ? null : [x0, y0, x1 - x0 + 1, y1 - y0 + 1];
}

window.ready = true;
