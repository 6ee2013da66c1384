// Things that are put out, left behind or stand about; y = 0 is the ground under them.
import * as T from 'three';
import { dice } from './dice.js';
import { contactShadow } from './decals.js';
import { ball, box, flat, lathe, mesh, paint, tube } from './shapes.js';
import { canvasTexture, speckle } from './textures.js';

const wood = () => paint(0xa87f52);
const metal = () => paint(0x9a9fa3, { roughness: 0.4, metalness: 0.6 });

export function crate(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const [w, h, d] = [0.58, 0.24, 0.42];
  contactShadow(group, 0.8, 0.62);
  const side = look.plastic ? paint(look.plastic, { roughness: 0.6 }) : wood();
  box(group, [w, 0.02, d], side, [0, 0.01, 0]);
  for (const y of [0.02, 0.1, 0.18]) {
    for (const z of [-d / 2, d / 2]) box(group, [w, 0.06, 0.015], side, [0, y, z]);
    for (const x of [-w / 2, w / 2]) box(group, [0.015, 0.06, d], side, [x, y, 0]);
  }
  for (const x of [-w / 2, w / 2]) for (const z of [-d / 2, d / 2]) box(group, [0.03, h, 0.03], side, [x, 0, z]);
  const fruit = new T.Color(look.fruit);
  for (let k = 0; k < 26; k++) {
    const tone = fruit.clone().offsetHSL(roll.between(-0.015, 0.015), 0, roll.between(-0.06, 0.06)).getHex();
    const [x, z] = [((k % 6) - 2.5) * 0.09, (Math.floor(k / 6) - 2) * 0.085];
    ball(group, look.size || 0.052, paint(tone, { roughness: 0.45 }), [x, h - 0.03 + roll() * 0.03, z], [1, 0.95, 1], 8);
  }
  return group;
}

export function table(look) {
  const group = new T.Group();
  const [w, d] = [look.w || 1.8, look.d || 0.8];
  box(group, [w, 0.04, d], look.cloth ? paint(look.cloth) : metal(), [0, 0.62, 0]);
  if (look.cloth) box(group, [w, 0.3, 0.02], paint(look.cloth), [0, 0.34, d / 2]);
  for (const x of [-w / 2 + 0.06, w / 2 - 0.06]) {
    for (const z of [-d / 2 + 0.06, d / 2 - 0.06]) tube(group, [x, 0, z], [x, 0.62, z], 0.02, metal());
  }
  return group;
}

export function stool(look) {
  const group = new T.Group();
  const plastic = paint(look.colour || 0xb8322a, { roughness: 0.5 });
  box(group, [0.3, 0.03, 0.3], plastic, [0, 0.42, 0]);
  for (const x of [-0.12, 0.12]) for (const z of [-0.12, 0.12]) tube(group, [x * 1.2, 0, z * 1.2], [x, 0.42, z], 0.022, plastic);
  return group;
}

export function umbrella(look) {
  const group = new T.Group();
  const roll = dice(look.colour);
  tube(group, [0, 0, 0], [0, 2.45, 0], 0.025, metal());
  mesh(group, new T.CylinderGeometry(0.24, 0.28, 0.12, 14), paint(0x5a5d60), [0, 0.06, 0]);
  const panels = [paint(look.colour, { side: T.DoubleSide, roughness: 0.7 }), paint(look.second || 0xe8e2d0, { side: T.DoubleSide, roughness: 0.7 })];
  for (let i = 0; i < 8; i++) {
    const geometry = new T.ConeGeometry(1.32, 0.48, 3, 1, true, (i / 8) * 6.2832, 0.7855);
    mesh(group, geometry, panels[look.plain ? 0 : i % 2], [0, 2.3, 0]);
  }
  lathe(group, [[1.32, 0], [1.32, 0.14]], panels[0], [0, 1.93, 0], [1, 1, 1], 8);
  group.rotation.y = roll() * 0.3;
  return group;
}

export function bag(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const size = look.size || 0.3;
  contactShadow(group, size * 3, size * 2.6);
  const geometry = new T.IcosahedronGeometry(size, 3);
  const position = geometry.attributes.position;
  const waves = [0, 1, 2, 3, 4].map(() => [roll.between(3, 9), roll.between(3, 9), roll() * 6.28]);
  for (let i = 0; i < position.count; i++) {
    const v = new T.Vector3().fromBufferAttribute(position, i);
    let bump = 0;
    for (const [a, b, c] of waves) bump += Math.sin(v.x / size * a + v.z / size * b + v.y / size * 3 + c) * 0.045;
    v.multiplyScalar(1 + bump);
    const waist = v.y > size * 0.45 ? 1 - (v.y / size - 0.45) * 0.95 : 1;
    v.set(v.x * waist, Math.max(v.y * 0.82, -size * 0.55), v.z * waist);
    position.setXYZ(i, v.x, v.y, v.z);
  }
  geometry.computeVertexNormals();
  const film = paint(look.colour, { roughness: look.matt ? 0.9 : 0.3, flatShading: true });
  mesh(group, geometry, film, [0, size * 0.55, 0], [0, roll() * 6.28, 0]);
  for (const turn of [0.5, -0.5]) {
    mesh(group, new T.ConeGeometry(size * 0.14, size * 0.42, 6), film, [turn * size * 0.2, size * 1.42, 0], [0, 0, -turn]);
  }
  return group;
}

export function carton(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const map = canvasTexture(256, 256, (g, w, h) => {
    g.fillStyle = '#a9825a';
    g.fillRect(0, 0, w, h);
    speckle(g, w, h, roll, 0.12, 2500, 2);
    g.fillStyle = '#d8c49a';
    g.fillRect(0, 112, w, 30);
    g.fillStyle = '#5d4228';
    g.font = '700 40px "Noto Sans CJK SC"';
    g.fillText('小心轻放', 40, 80);
  });
  box(group, [look.w || 0.5, look.h || 0.38, look.d || 0.4], new T.MeshStandardMaterial({ map, roughness: 0.9 }), [0, 0, 0]);
  return group;
}

const BIN = { kitchen: 0x2f6b3c, other: 0x4a4e52, recycle: 0x2a5f9a, harmful: 0xa5302b };

export function bin(look) {
  const group = new T.Group();
  contactShadow(group, 1.0, 1.05);
  const plastic = paint(BIN[look.sort] || BIN.other, { roughness: 0.6 });
  const hull = new T.CylinderGeometry(0.42, 0.33, 0.9, 4, 1);
  hull.rotateY(Math.PI / 4);
  mesh(group, hull, plastic, [0, 0.53, 0], [0, 0, 0]).scale.set(1, 1, 1.12);
  box(group, [0.66, 0.06, 0.72], plastic, [0, 0.95, 0]);
  const lid = new T.Group();
  lid.position.set(0, 1.0, -0.34);
  lid.rotation.x = look.open ? -1.9 : 0;
  box(lid, [0.66, 0.06, 0.72], plastic, [0, 0, 0.35]);
  box(lid, [0.5, 0.04, 0.5], plastic, [0, 0.06, 0.35]);
  group.add(lid);
  for (const x of [-0.26, 0.26]) mesh(group, new T.CylinderGeometry(0.1, 0.1, 0.06, 14), paint(0x111111), [x, 0.1, -0.34], [0, 0, Math.PI / 2]);
  const label = canvasTexture(128, 128, (g) => {
    g.fillStyle = '#f4f4ee';
    g.font = '700 30px "Noto Sans CJK SC"';
    g.textAlign = 'center';
    g.fillText({ kitchen: '厨余', recycle: '可回收', harmful: '有害' }[look.sort] || '其他', 64, 110);
    g.strokeStyle = '#f4f4ee';
    g.lineWidth = 6;
    g.strokeRect(40, 20, 48, 52);
  });
  mesh(group, new T.PlaneGeometry(0.36, 0.36), new T.MeshStandardMaterial({ map: label, transparent: true }), [0, 0.62, 0.365], [-0.1, 0, 0]);
  return group;
}

export function dog(look) {
  const group = new T.Group();
  const coat = paint(look.colour, { roughness: 1 });
  const dark = paint(0x1a1512, { roughness: 0.8 });
  ball(group, 0.15, coat, [0.16, 0.42, 0], [1.15, 1.05, 0.9]);
  ball(group, 0.135, coat, [-0.16, 0.42, 0], [1.2, 0.98, 0.88]);
  tube(group, [0.16, 0.42, 0], [-0.16, 0.42, 0], 0.128, coat, 14);
  tube(group, [0.24, 0.46, 0], [0.38, 0.6, 0], 0.08, coat, 12);
  ball(group, 0.095, coat, [0.4, 0.63, 0], [1.05, 1, 0.95]);
  tube(group, [0.42, 0.61, 0], [0.55, 0.585, 0], 0.046, coat, 10);
  ball(group, 0.028, dark, [0.565, 0.6, 0], [1, 0.9, 1], 8);
  for (const z of [-0.045, 0.045]) {
    ball(group, 0.014, dark, [0.475, 0.655, z], [1, 1, 1], 6);
    mesh(group, new T.ConeGeometry(0.04, 0.1, 6), coat, [0.37, 0.74, z * 1.4], [z * 4, 0, 0.15]);
  }
  const legs = [[0.22, 0.07], [0.22, -0.07], [-0.24, 0.07], [-0.24, -0.07]].map(([x, z]) => {
    const joint = new T.Group();
    joint.position.set(x, 0.36, z);
    tube(joint, [0, 0, 0], [0, -0.34, 0], 0.038, coat, 8);
    ball(joint, 0.045, coat, [0.02, -0.335, 0], [1.3, 0.6, 1], 8);
    group.add(joint);
    return joint;
  });
  const tail = new T.Group();
  tail.position.set(-0.32, 0.5, 0);
  tube(tail, [0, 0, 0], [-0.16, 0.2, 0], 0.028, coat, 8);
  group.add(tail);
  group.userData.pose = (phase, mode) => {
    legs.forEach((leg, i) => { leg.rotation.z = mode === 'stand' ? 0 : Math.sin(phase * 9 + (i % 3 ? Math.PI : 0)) * 0.5; });
    tail.rotation.x = Math.sin(phase * 5) * 0.4;
  };
  return group;
}

export function cone() {
  const group = new T.Group();
  box(group, [0.38, 0.03, 0.38], paint(0x1d1d1d), [0, 0, 0]);
  lathe(group, [[0.14, 0], [0.03, 0.68], [0, 0.68]], paint(0xd8481d, { roughness: 0.5 }), [0, 0.03, 0]);
  lathe(group, [[0.115, 0], [0.085, 0.16]], paint(0xeeeeea, { roughness: 0.4 }), [0, 0.22, 0], [1.04, 1, 1.04]);
  return group;
}

export function litter(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const tones = [0xe8e6dc, 0xc9c2b0, 0xb43a2e, 0x3d6b9a, 0x7a6848, 0x5c6b3a, 0xd9cf9a];
  for (let i = 0; i < (look.count || 60); i++) {
    const [x, z] = [roll.between(-1, 1) * look.rx, roll.between(-1, 1) * look.rz];
    const piece = flat(group, [roll.between(0.05, 0.2), roll.between(0.04, 0.15)], paint(roll.pick(tones), { side: T.DoubleSide }),
      [x, roll.between(0.008, 0.03), z], roll() * 6.28);
    piece.rotation.x += roll.between(-0.25, 0.25);
    piece.castShadow = true;
  }
  return group;
}

export function rubble(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  for (let i = 0; i < (look.count || 200); i++) {
    const [a, q] = [roll() * 6.283, Math.sqrt(roll())];
    const size = roll.between(0.05, 0.2);
    const tone = roll.pick([0x8d8377, 0x9d9384, 0x7a7268, 0xa35f45, 0xb3aa9b]);
    const stone = mesh(group, new T.DodecahedronGeometry(size), paint(tone, { flatShading: true }),
      [Math.cos(a) * q * look.rx, size * 0.4 + (1 - q) * 0.5 * roll(), Math.sin(a) * q * look.rz]);
    stone.rotation.set(roll() * 3, roll() * 3, 0);
  }
  return group;
}

export function bricks(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  const tones = [0xa4533b, 0x96492f, 0xb0614a, 0x8a4a38].map((tone) => paint(tone, { roughness: 1 }));
  contactShadow(group, 1.25, 0.75);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 4; x++) {
      for (let z = 0; z < 4; z++) {
        if (y === 7 && roll() < 0.3) continue;
        const at = [(x - 1.5) * 0.242 + roll.between(-0.008, 0.008), y * 0.062, (z - 1.5) * 0.122];
        box(group, [0.232, 0.056, 0.112], roll.pick(tones), at);
      }
    }
  }
  return group;
}

export function sand(look, seed) {
  const group = new T.Group();
  const roll = dice(seed);
  contactShadow(group, 1.9, 1.9);
  const heap = new T.ConeGeometry(0.78, 0.5, 40, 14);
  const at = heap.attributes.position;
  for (let i = 0; i < at.count; i++) {
    const slope = 1 - (at.getY(i) + 0.25) / 0.5;
    const bump = roll.between(-0.02, 0.02) + 0.05 * Math.sin(slope * Math.PI);
    at.setY(i, Math.max(at.getY(i) + bump, -0.25));
  }
  heap.computeVertexNormals();
  mesh(group, heap, paint(look.colour || 0xb89a6a, { roughness: 1, flatShading: true }), [0, 0.25, 0]);
  return group;
}

export function sofa(look) {
  const group = new T.Group();
  const skin = paint(look.colour || 0x7a5a44, { roughness: 0.7 });
  box(group, [1.8, 0.4, 0.8], skin, [0, 0.05, 0]);
  box(group, [1.8, 0.5, 0.22], skin, [0, 0.42, -0.34]);
  for (const x of [-0.86, 0.86]) box(group, [0.2, 0.6, 0.8], skin, [x, 0.05, 0]);
  for (const x of [-0.38, 0.38]) box(group, [0.72, 0.14, 0.6], paint(0x8a6a52), [x, 0.45, 0.06]);
  return group;
}
