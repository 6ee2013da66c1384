// Marks on the ground and on walls, and things hung up: puddles, holes, small ads, laundry, banners.
import * as T from 'three';
import { dice } from './dice.js';
import { box, flat, mesh, paint, tube } from './shapes.js';
import { cloth, poster, smallAd } from './shopfront.js';
import { canvasTexture, speckle } from './textures.js';

function decal(width, depth, canvas, options = {}) {
  const material = new T.MeshStandardMaterial({
    map: canvas, transparent: true, roughness: 0.95, depthWrite: false,
    polygonOffset: true, polygonOffsetFactor: -2, ...options,
  });
  const group = new T.Group();
  flat(group, [width, depth], material, [0, 0.006, 0]);
  return group;
}

let shade = null;

export function contactShadow(group, length, width) {
  shade ??= canvasTexture(128, 128, (g) => {
    const fade = g.createRadialGradient(64, 64, 16, 64, 64, 63);
    fade.addColorStop(0, 'rgba(0,0,0,.72)');
    fade.addColorStop(0.6, 'rgba(0,0,0,.5)');
    fade.addColorStop(1, 'rgba(0,0,0,0)');
    g.fillStyle = fade;
    g.fillRect(0, 0, 128, 128);
  });
  const material = new T.MeshBasicMaterial({
    map: shade, transparent: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -3,
  });
  flat(group, [length, width], material, [0, 0.008, 0]).receiveShadow = false;
}

export function manhole(look, seed) {
  const roll = dice(seed);
  const map = canvasTexture(256, 256, (g) => {
    g.clearRect(0, 0, 256, 256);
    disc(g, 122, look.missing ? '#8f8c84' : '#4c4d4e');
    if (look.missing) return hole(g);
    disc(g, 112, '#5d5e5f');
    g.fillStyle = '#434445';
    for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) if (Math.hypot(i - 4, j - 4) < 4.3) g.fillRect(36 + i * 21, 36 + j * 21, 12, 12);
    disc(g, 30, '#4a4b4c');
    g.fillStyle = '#6c6d6e';
    g.font = '700 34px "Noto Sans CJK SC"';
    g.textAlign = 'center';
    g.fillText('雨', 128, 140);
    return speckle(g, 256, 256, roll, 0.12, 500, 2);
  });
  return decal(0.78, 0.78, map);
}

function disc(g, r, fill) {
  g.fillStyle = fill;
  g.beginPath();
  g.arc(128, 128, r, 0, 6.2832);
  g.fill();
}

function hole(g) {
  disc(g, 104, '#0a0a0a');
  const fade = g.createLinearGradient(0, 24, 0, 150);
  fade.addColorStop(0, '#55504a');
  fade.addColorStop(1, '#0a0a0a');
  g.save();
  g.beginPath();
  g.arc(128, 128, 104, 0, 6.2832);
  g.clip();
  g.fillStyle = fade;
  g.fillRect(0, 0, 256, 110);
  g.restore();
}

export function dirt(look, seed) {
  const roll = dice(seed);
  const map = canvasTexture(512, 256, (g, w, h) => {
    for (let i = 0; i < 70; i++) {
      const [x, y, r] = [roll.between(0.2, 0.8) * w, roll.between(0.25, 0.75) * h, roll.between(14, 58)];
      const fade = g.createRadialGradient(x, y, 0, x, y, r);
      fade.addColorStop(0, `rgba(${look.rgb || '62,46,28'},.5)`);
      fade.addColorStop(1, `rgba(${look.rgb || '62,46,28'},0)`);
      g.fillStyle = fade;
      g.fillRect(x - r, y - r, 2 * r, 2 * r);
    }
  });
  return decal(look.w || 4, look.d || 1.8, map, look.wet ? { roughness: 0.12, metalness: 0.3 } : {});
}

export function broken(look, seed) {
  const roll = dice(seed);
  const group = new T.Group();
  const map = canvasTexture(256, 256, (g, w, h) => {
    g.fillStyle = '#4b4136';
    g.beginPath();
    for (let i = 0; i < 18; i++) {
      const [a, r] = [(i / 18) * 6.283, roll.between(70, 120)];
      g.lineTo(128 + Math.cos(a) * r, 128 + Math.sin(a) * r);
    }
    g.closePath();
    g.fill();
    g.globalCompositeOperation = 'source-atop';
    speckle(g, w, h, roll, 0.5, 4000, 3);
  });
  group.add(decal(look.w || 2.2, look.d || 1.5, map));
  for (let i = 0; i < 16; i++) {
    const slabAt = [roll.between(-0.9, 0.9), 0.01, roll.between(-0.6, 0.6)];
    const piece = box(group, [roll.between(0.12, 0.3), 0.06, roll.between(0.12, 0.28)], paint(roll.pick([0xa29d92, 0x8f8a80, 0xa08478])), slabAt);
    piece.rotation.set(roll.between(-0.35, 0.35), roll() * 3, roll.between(-0.35, 0.35));
  }
  return group;
}

export function ads(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  for (let i = 0; i < look.count; i++) {
    const face = new T.MeshStandardMaterial({ map: smallAd(seed + i), roughness: 0.95 });
    mesh(group, new T.PlaneGeometry(0.24, 0.32), face,
      [roll.between(-1, 1) * look.rx, roll.between(0.6, 2.1), 0.01 + i * 0.002], [0, 0, roll.between(-0.25, 0.25)]);
  }
  return group;
}

export function placard(look, seed) {
  const group = new T.Group();
  const face = new T.MeshStandardMaterial({ map: poster(look.text, seed), roughness: 0.9 });
  for (const side of [-1, 1]) {
    const leaf = mesh(group, new T.PlaneGeometry(0.62, 0.9), face, [0, 0.5, side * 0.13], [-side * 0.26, side > 0 ? 0 : Math.PI, 0]);
    leaf.material.side = T.DoubleSide;
  }
  return group;
}

export function laundry(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const length = look.w || 4.2;
  tube(group, [-length / 2, 1.95, 0], [length / 2, 1.95, 0], 0.012, paint(0x3a3a3a));
  for (const x of [-length / 2, length / 2]) tube(group, [x, 0, 0], [x, 1.98, 0], 0.03, paint(0x8b6b45));
  const tones = [0xb9c7d8, 0xc26a5e, 0x4e6e96, 0xe5e0d2, 0x6f8f62, 0x8b6ea0, 0xd6b35c];
  for (let x = -length / 2 + 0.4; x < length / 2 - 0.2; x += roll.between(0.5, 0.75)) {
    garment(group, roll, x, paint(roll.pick(tones), { side: T.DoubleSide, roughness: 1 }));
  }
  return group;
}

function garment(group, roll, x, fabric) {
  const kind = roll.pick(['shirt', 'trousers', 'sheet']);
  const outline = {
    shirt: [[-0.16, 0], [0.16, 0], [0.42, -0.3], [0.32, -0.38], [0.2, -0.24], [0.2, -0.68], [-0.2, -0.68], [-0.2, -0.24], [-0.32, -0.38], [-0.42, -0.3]],
    trousers: [[-0.18, 0], [0.18, 0], [0.22, -0.95], [0.05, -0.95], [0, -0.3], [-0.05, -0.95], [-0.22, -0.95]],
    sheet: [[-0.38, 0], [0.38, 0], [0.36, -1.05], [-0.36, -1.05]],
  }[kind];
  const shape = new T.Shape(outline.map(([a, b]) => new T.Vector2(a * 0.8, b)));
  mesh(group, new T.ShapeGeometry(shape), fabric, [x, 1.95, roll.between(-0.02, 0.02)], [roll.between(-0.05, 0.05), roll.between(-0.3, 0.3), 0]);
}

export function banner(look) {
  const group = new T.Group();
  const length = look.w || 6;
  const face = new T.MeshStandardMaterial({
    map: cloth(look.text, look.colour || '#b3201c', look.ink || '#ffe9a8'), side: T.DoubleSide, roughness: 0.9,
  });
  const sheet = new T.PlaneGeometry(length, length * 0.104, 24, 3);
  const at = sheet.attributes.position;
  for (let i = 0; i < at.count; i++) {
    const x = at.getX(i) / length;
    at.setY(i, at.getY(i) - 0.18 * (1 - 4 * x * x));
    at.setZ(i, Math.sin(x * 19) * 0.03);
  }
  sheet.computeVertexNormals();
  mesh(group, sheet, face, [0, look.y || 2.75, 0]);
  if (look.ropes === false) return group;
  for (const side of [-1, 1]) {
    tube(group, [side * length / 2, look.y || 2.75, 0], [side * (length / 2 + 0.7), (look.y || 2.75) + 0.25, 0], 0.01, paint(0x555555));
  }
  return group;
}

export function tape(look) {
  const group = new T.Group();
  const map = canvasTexture(512, 32, (g, w) => {
    for (let i = 0; i < 32; i++) {
      g.fillStyle = i % 2 ? '#e8e4d8' : '#c0271f';
      g.fillRect(i * 16, 0, 16, 32);
    }
    return w;
  }, [look.w / 2, 1]);
  const face = new T.MeshStandardMaterial({ map, side: T.DoubleSide });
  mesh(group, new T.PlaneGeometry(look.w, 0.07), face, [0, 0.5, 0]);
  return group;
}
