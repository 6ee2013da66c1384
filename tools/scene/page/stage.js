// Renderer, sky, sun and weather.
import * as T from 'three';
import { dice } from './dice.js';

export function renderer(width, height) {
  const made = new T.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
  made.setSize(width, height);
  made.shadowMap.enabled = true;
  made.shadowMap.type = T.PCFSoftShadowMap;
  made.toneMapping = T.ACESFilmicToneMapping;
  document.body.append(made.domElement);
  return made;
}

const SKIES = {
  day: { top: '#7fa9cf', low: '#dbe5ea', ground: '#8d8a84', hemi: 1.15, sun: 3.0, tint: 0xfff1da, env: 0.55 },
  overcast: { top: '#b7c0c6', low: '#d9dcdc', ground: '#8d8a84', hemi: 2.4, sun: 0.9, tint: 0xf2f4f6, env: 0.75 },
  rain: { top: '#8e979d', low: '#b4babd', ground: '#6f7174', hemi: 2.5, sun: 0.4, tint: 0xe8eef4, env: 1.0 },
  night: { top: '#070a12', low: '#1b2130', ground: '#1a1714', hemi: 0.42, sun: 0.12, tint: 0x9db4e8, env: 0.25 },
};

function environment(gl, sky) {
  const canvas = document.createElement('canvas');
  canvas.width = 256;
  canvas.height = 128;
  const g = canvas.getContext('2d');
  const fade = g.createLinearGradient(0, 0, 0, 128);
  fade.addColorStop(0, sky.top);
  fade.addColorStop(0.48, sky.low);
  fade.addColorStop(0.52, sky.ground);
  fade.addColorStop(1, sky.ground);
  g.fillStyle = fade;
  g.fillRect(0, 0, 256, 128);
  g.fillStyle = 'rgba(70,66,60,.7)';
  for (let i = 0; i < 14; i++) g.fillRect(i * 19, 46 - ((i * 7) % 12), 17, 20);
  const texture = new T.CanvasTexture(canvas);
  texture.mapping = T.EquirectangularReflectionMapping;
  texture.colorSpace = T.SRGBColorSpace;
  return new T.PMREMGenerator(gl).fromEquirectangular(texture).texture;
}

const skyMaps = new Map();

export function lightUp(gl, scene, plan, { shadow }) {
  const sky = SKIES[plan.sky.mode];
  scene.background = new T.Color(sky.low);
  scene.fog = new T.Fog(sky.low, 34, 95);
  if (!skyMaps.has(plan.sky.mode)) skyMaps.set(plan.sky.mode, environment(gl, sky));
  scene.environment = skyMaps.get(plan.sky.mode);
  scene.environmentIntensity = sky.env;
  const hemi = new T.HemisphereLight(sky.top === '#070a12' ? 0x4a5a80 : 0xe4eef6, 0x8a8378, sky.hemi);
  const sun = new T.DirectionalLight(sky.tint, sky.sun);
  sun.position.set(...plan.sky.sun);
  sun.castShadow = true;
  sun.shadow.mapSize.set(shadow, shadow);
  Object.assign(sun.shadow.camera, { left: -17, right: 15, top: 14, bottom: -12, near: 1, far: 60 });
  sun.shadow.bias = -0.0004;
  sun.shadow.normalBias = 0.03;
  sun.shadow.radius = plan.sky.mode === 'day' ? 2 : 6;
  sun.target.position.set(-2, 0, 4);
  scene.add(hemi, sun, sun.target);
  return { hemi, sun, base: sky };
}

export function rainfall(g, width, height, seed, amount) {
  const roll = dice(seed);
  g.strokeStyle = 'rgba(225,232,238,.28)';
  for (let i = 0; i < amount; i++) {
    const [x, y, long] = [roll() * width, roll() * height, roll.between(10, 34)];
    g.lineWidth = roll.between(0.5, 1.3);
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(x - long * 0.13, y + long);
    g.stroke();
  }
}

export function caption(g, plan, clock) {
  const [w, h] = plan.size;
  g.font = `500 ${Math.round(h / 27)}px "Noto Sans CJK SC", sans-serif`;
  g.lineWidth = 3;
  g.strokeStyle = 'rgba(0,0,0,.75)';
  g.fillStyle = '#fff';
  const write = (text, x, y, align, base) => {
    g.textAlign = align;
    g.textBaseline = base;
    g.strokeText(text, x, y);
    g.fillText(text, x, y);
  };
  if (clock) write(clock, w * 0.018, h * 0.022, 'left', 'top');
  if (plan.osd) write(plan.osd, w * 0.982, h * 0.978, 'right', 'bottom');
  g.font = `500 ${Math.round(h / 34)}px "Noto Sans CJK SC", sans-serif`;
  if (plan.notice) write(plan.notice, w * 0.982, h * 0.024, 'right', 'top');
}
