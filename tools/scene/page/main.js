// Draws a plan: window.load(plan) builds the street, window.draw(frame) returns one picture.
//
// What never moves is drawn once, at twice the size, and kept with its depth; every frame then
// draws only what moves, on top of that picture.
import * as T from 'three';
import * as decals from './decals.js';
import * as props from './props.js';
import { backdrop } from './backdrop.js';
import { bicycle, ebike, ridden, tricycle } from './cycles.js';
import { person } from './people.js';
import { caption, lightUp, rainfall, renderer } from './stage.js';
import { lampLights, shadowCatchers, street } from './street.js';
import { car, truck } from './vehicles.js';

const MAKERS = { ...props, ...decals, person, bicycle, ebike, ridden, tricycle, car, truck };
let now = null;

function furnish(plan, fixed, moving) {
  const things = new Map();
  for (const thing of plan.things) {
    const made = MAKERS[thing.kind](thing.look, thing.seed);
    const holder = new T.Group();
    holder.add(made);
    holder.visible = false;
    (thing.fixed ? fixed : moving).add(holder);
    things.set(thing.id, { holder, pose: made.userData.pose, fixed: thing.fixed });
  }
  return things;
}

function forget() {
  now.back.dispose();
  for (const { sun } of now.lights) sun.shadow.map?.dispose();
}

window.load = async (plan) => {
  await document.fonts.load('700 40px "Noto Sans CJK SC"');
  const gl = now ? now.gl : renderer(...plan.size);
  gl.setSize(...plan.size);
  const [fixed, moving] = [new T.Scene(), new T.Scene()];
  const lights = [lightUp(gl, fixed, plan, { shadow: 2048 }), lightUp(gl, moving, plan, { shadow: 1024 })];
  street(fixed, plan);
  [fixed, moving].forEach((scene) => lampLights(scene, plan));
  shadowCatchers(moving, plan);
  moving.background = null;
  const things = furnish(plan, fixed, moving);
  const camera = new T.PerspectiveCamera(40, plan.size[0] / plan.size[1], 0.3, 160);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = plan.size;
  if (now) forget();
  now = { gl, fixed, moving, camera, lights, things, plan, canvas, back: backdrop(gl, plan.size), sun: null };
  window.aim(plan.camera);
};

// Look at the same street from elsewhere.
window.aim = ({ pos, at, fov }) => {
  now.camera.fov = fov;
  now.camera.position.set(...pos);
  now.camera.lookAt(...at);
  now.camera.updateProjectionMatrix();
  now.sun = null;
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
  for (const { sun, hemi, base } of now.lights) {
    sun.intensity = base.sun * frame.sun;
    hemi.intensity = base.hemi * (0.75 + 0.25 * frame.sun);
  }
  now.gl.toneMappingExposure = frame.exposure;
  if (now.sun !== frame.sun) {
    now.back.keep(now.fixed, now.camera);
    now.sun = frame.sun;
  }
  now.back.show();
  now.gl.autoClear = false;
  now.gl.render(now.moving, now.camera);
  now.gl.autoClear = true;
}

window.draw = (frame) => {
  render(frame);
  const g = now.canvas.getContext('2d', { willReadFrequently: true });
  const [w, h] = now.plan.size;
  g.drawImage(now.gl.domElement, 0, 0, w, h);
  if (now.plan.sky.rain) rainfall(g, w, h, frame.index + 1, now.plan.sky.rain);
  caption(g, now.plan, frame.clock);
  return now.canvas.toDataURL('image/jpeg', 0.96).slice(23);
};

function solid(part) {
  return part.isMesh && !part.material.transparent;
}

// The pixels that one thing alone covers, to check the planner's boxes: [x, y, w, h] or null.
window.extent = (frame, id) => {
  place(frame);
  const scene = new T.Scene();
  scene.background = new T.Color(0xff00ff);
  const { holder, fixed } = now.things.get(id);
  const hidden = [];
  holder.traverse((part) => { if (part.isMesh && !solid(part)) hidden.push(part); });
  hidden.forEach((part) => { part.visible = false; });
  scene.add(holder);
  now.gl.toneMapping = T.NoToneMapping;
  now.gl.render(scene, now.camera);
  now.gl.toneMapping = T.ACESFilmicToneMapping;
  (fixed ? now.fixed : now.moving).add(holder);
  hidden.forEach((part) => { part.visible = true; });
  return bounds();
};

function bounds() {
  const g = now.canvas.getContext('2d', { willReadFrequently: true });
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
