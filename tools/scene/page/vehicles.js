// Motor vehicles: a body lofted over stations, heading along +x, wheels on y = 0.
import * as T from 'three';
import { box, mesh, paint, tube, ball } from './shapes.js';
import { plate } from './shopfront.js';
import { contactShadow } from './decals.js';

// [x, beltHeight, beltHalfWidth, roofHeight, roofHalfWidth, sillHeight] from nose to tail.
const BODIES = {
  sedan: {
    length: 4.6, wheel: 0.33, axles: [1.38, -1.36], half: 0.88, cabin: [4, 8],
    stations: [
      [2.3, 0.5, 0.62, 0.52, 0.56, 0.34], [2.24, 0.66, 0.76, 0.68, 0.68, 0.26],
      [1.95, 0.77, 0.84, 0.8, 0.74, 0.22], [1.45, 0.86, 0.88, 0.9, 0.76, 0.2],
      [0.92, 0.92, 0.89, 0.96, 0.76, 0.2], [0.22, 0.95, 0.89, 1.38, 0.63, 0.2],
      [-0.35, 0.96, 0.89, 1.46, 0.64, 0.2], [-0.95, 0.97, 0.88, 1.41, 0.62, 0.2],
      [-1.68, 0.98, 0.87, 1.04, 0.68, 0.22], [-2.1, 0.96, 0.84, 0.99, 0.7, 0.24],
      [-2.26, 0.84, 0.79, 0.86, 0.68, 0.3], [-2.3, 0.6, 0.74, 0.62, 0.62, 0.4],
    ],
  },
  suv: {
    length: 4.6, wheel: 0.36, axles: [1.36, -1.34], half: 0.92, cabin: [4, 8],
    stations: [
      [2.28, 0.6, 0.66, 0.62, 0.6, 0.4], [2.22, 0.82, 0.8, 0.84, 0.7, 0.3],
      [1.95, 0.93, 0.88, 0.96, 0.78, 0.27], [1.45, 1.0, 0.92, 1.04, 0.8, 0.25],
      [1.0, 1.04, 0.93, 1.08, 0.8, 0.25], [0.38, 1.06, 0.93, 1.58, 0.68, 0.25],
      [-0.3, 1.07, 0.93, 1.68, 0.7, 0.25], [-1.45, 1.09, 0.92, 1.64, 0.68, 0.25],
      [-2.05, 1.09, 0.9, 1.14, 0.76, 0.28], [-2.22, 0.98, 0.86, 1.0, 0.74, 0.32],
      [-2.3, 0.66, 0.8, 0.68, 0.7, 0.42],
    ],
  },
  van: {
    length: 4.3, wheel: 0.31, axles: [1.3, -1.3], half: 0.82, cabin: [3, 7],
    stations: [
      [2.14, 0.56, 0.6, 0.58, 0.55, 0.36], [2.1, 0.82, 0.74, 0.84, 0.64, 0.28],
      [1.82, 0.96, 0.8, 0.99, 0.7, 0.24], [1.5, 1.02, 0.82, 1.06, 0.72, 0.24],
      [0.85, 1.05, 0.82, 1.72, 0.66, 0.24], [0.1, 1.06, 0.82, 1.84, 0.68, 0.24],
      [-1.85, 1.06, 0.82, 1.82, 0.68, 0.26], [-2.1, 1.06, 0.8, 1.12, 0.7, 0.3],
      [-2.15, 0.6, 0.76, 0.62, 0.68, 0.4],
    ],
  },
};

function ring([x, belt, bw, roof, rw, sill]) {
  const half = [
    [0, sill - 0.04], [bw * 0.9, sill], [bw * 1.0, sill + 0.16], [bw * 1.01, (sill + belt) / 2 + 0.06],
    [bw, belt - 0.05], [bw * 0.965, belt], [rw + 0.03, roof - 0.05], [rw - 0.06, roof], [0, roof + 0.025],
  ];
  const mirrored = half.slice(1, -1).reverse().map(([z, y]) => [-z, y]);
  return [...half, ...mirrored].map(([z, y]) => [x, y, z]);
}

function faces(body) {
  const rings = body.stations.map(ring);
  const size = rings[0].length;
  const groups = { paint: [], glass: [] };
  const [first, last] = body.cabin;
  for (let i = 0; i + 1 < rings.length; i++) {
    for (let j = 0; j < size; j++) {
      const k = (j + 1) % size;
      const [a, b, c, d] = [i * size + j, i * size + k, (i + 1) * size + j, (i + 1) * size + k];
      const cabin = i >= first && i < last;
      const side = j === 5 || j === size - 6;
      const top = j >= 6 && j <= size - 7;
      const screen = top && (i === first || i === last - 1);
      const glass = cabin && (side || (screen && j >= 7 && j <= size - 8));
      groups[glass ? 'glass' : 'paint'].push(a, b, c, b, d, c);
    }
  }
  return { rings, groups };
}

function caps(rings, into) {
  const size = rings[0].length;
  for (const [start, flip] of [[0, true], [(rings.length - 1) * size, false]]) {
    for (let j = 1; j + 1 < size; j++) {
      into.push(start, ...(flip ? [start + j + 1, start + j] : [start + j, start + j + 1]));
    }
  }
}

function loft(body, paintMaterial, glassMaterial) {
  const { rings, groups } = faces(body);
  caps(rings, groups.paint);
  const geometry = new T.BufferGeometry();
  geometry.setAttribute('position', new T.Float32BufferAttribute(rings.flat(2), 3));
  geometry.setIndex([...groups.paint, ...groups.glass]);
  geometry.addGroup(0, groups.paint.length, 0);
  geometry.addGroup(groups.paint.length, groups.glass.length, 1);
  geometry.computeVertexNormals();
  return new T.Mesh(geometry, [paintMaterial, glassMaterial]);
}

function wheel(parent, x, z, radius) {
  const side = Math.sign(z);
  mesh(parent, new T.CircleGeometry(radius * 1.2, 24), paint(0x0b0b0c), [x, radius * 1.04, z + side * 0.012],
    [0, side > 0 ? 0 : Math.PI, 0]);
  const spin = new T.Group();
  spin.position.set(x, radius, z - side * 0.07);
  mesh(spin, new T.CylinderGeometry(radius, radius, 0.21, 26), paint(0x17181a, { roughness: 0.95 }),
    [0, 0, 0], [Math.PI / 2, 0, 0]);
  const rim = paint(0xb9bec2, { roughness: 0.35, metalness: 0.7 });
  const face = side * 0.108;
  mesh(spin, new T.TorusGeometry(radius * 0.62, radius * 0.07, 8, 24), rim, [0, 0, face]);
  mesh(spin, new T.CylinderGeometry(0.06, 0.06, 0.02, 12), rim, [0, 0, face], [Math.PI / 2, 0, 0]);
  for (let i = 0; i < 5; i++) {
    const a = (i / 5) * 6.283;
    const reach = radius * 0.6;
    tube(spin, [0, 0, face], [Math.cos(a) * reach, Math.sin(a) * reach, face], 0.032, rim, 6);
  }
  parent.add(spin);
  return spin;
}

function lights(parent, body, look) {
  const [nose, tail] = [body.stations[1], body.stations[body.stations.length - 2]];
  const lit = look.lit ? 2.2 : 0.25;
  const white = paint(0xf4f6f2, { roughness: 0.15, emissive: 0xfff2cf, emissiveIntensity: lit });
  const red = paint(0x9c1712, { roughness: 0.25, emissive: 0xff2010, emissiveIntensity: look.lit ? 1.4 : 0.15 });
  for (const side of [-1, 1]) {
    ball(parent, 0.13, white, [nose[0] - 0.08, nose[1] - 0.05, side * (nose[2] - 0.14)], [0.8, 0.62, 1.45]);
    ball(parent, 0.12, red, [tail[0] + 0.05, tail[1] - 0.07, side * (tail[2] - 0.12)], [0.42, 0.8, 1.35]);
  }
  box(parent, [0.05, 0.15, 0.9], paint(0x121315, { roughness: 0.5 }), [nose[0] + 0.01, nose[1] - 0.24, 0]);
  box(parent, [0.06, 0.1, 1.3], paint(0x1b1c1e), [nose[0] + 0.02, nose[5] + 0.03, 0]);
  box(parent, [0.06, 0.12, 1.3], paint(0x1b1c1e), [tail[0] - 0.02, tail[5] + 0.02, 0]);
}

function plates(parent, body, look) {
  const face = new T.MeshStandardMaterial({ map: plate(look.plate || '浙B·演示1', look.green), roughness: 0.6 });
  const ends = [[body.stations[0][0] + 0.035, 0.42, Math.PI / 2], [body.stations.at(-1)[0] - 0.035, 0.6, -Math.PI / 2]];
  for (const [x, y, turn] of ends) {
    mesh(parent, new T.PlaneGeometry(0.44, 0.14), face, [x, y, 0], [0, turn, 0]);
  }
}

function trim(parent, body, look, shell) {
  const dark = paint(0x101214, { roughness: 0.5 });
  const [first, last] = body.cabin;
  const front = body.stations[first + 1];
  for (const side of [-1, 1]) {
    ball(parent, 0.1, shell, [front[0] + 0.4, front[1] + 0.07, side * (front[2] + 0.08)], [0.7, 0.75, 1.15], 10);
    const doors = body === BODIES.van ? [0.75, -0.25] : [front[0] + 0.1, body.stations[first + 2][0], -0.98];
    for (const x of doors) {
      box(parent, [0.012, front[1] - 0.42, 0.01], dark, [x, 0.36, side * (body.half + 0.012)]);
      box(parent, [0.17, 0.028, 0.03], shell, [x - 0.24, front[1] - 0.17, side * (body.half + 0.015)]);
    }
    const mid = body.stations[first + 2];
    tube(parent, [mid[0], mid[1], side * mid[2] * 0.965], [mid[0], mid[3] - 0.04, side * (mid[4] + 0.03)], 0.035, dark);
    box(parent, [body.length * 0.62, 0.09, 0.03], dark, [0, 0.2, side * (body.half - 0.03)]);
  }
  if (look.taxi) {
    box(parent, [0.2, 0.14, 0.55], paint(0xf7d44a, { emissive: 0xf7c42a, emissiveIntensity: 0.5 }), [0, 1.48, 0]);
    for (const side of [-1, 1]) box(parent, [2.6, 0.2, 0.012], paint(0xe9b62f), [-0.1, 0.56, side * (body.half + 0.01)]);
  }
  return last;
}

export function car(look) {
  const body = BODIES[look.body] || BODIES.sedan;
  const group = new T.Group();
  const shell = paint(look.colour, { roughness: 0.32, metalness: 0.35, envMapIntensity: 1.1 });
  const glass = paint(0x12181c, { roughness: 0.08, metalness: 0.2, envMapIntensity: 1.5 });
  const hull = loft(body, shell, glass);
  hull.castShadow = hull.receiveShadow = true;
  group.add(hull);
  const wheels = body.axles.flatMap((x) => [1, -1].map((s) => wheel(group, x, s * (body.half + 0.005), body.wheel)));
  lights(group, body, look);
  plates(group, body, look);
  trim(group, body, look, shell);
  contactShadow(group, body.length * 1.12, body.half * 2.5);
  if (look.lit) beams(group, body.stations[0][0]);
  group.userData.pose = (phase) => wheels.forEach((w) => { w.rotation.z = -phase / body.wheel; });
  return group;
}

function beams(group, nose) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 128;
  const g = canvas.getContext('2d');
  const fade = g.createRadialGradient(10, 64, 4, 10, 64, 118);
  fade.addColorStop(0, 'rgba(255,240,205,.75)');
  fade.addColorStop(1, 'rgba(255,240,205,0)');
  g.fillStyle = fade;
  g.fillRect(0, 0, 128, 128);
  const material = new T.MeshBasicMaterial({
    map: new T.CanvasTexture(canvas), transparent: true, blending: T.AdditiveBlending, depthWrite: false,
  });
  const pool = new T.Mesh(new T.PlaneGeometry(7, 4), material);
  pool.rotation.x = -Math.PI / 2;
  pool.position.set(nose + 3.6, 0.03, 0);
  group.add(pool);
}

export function truck(look) {
  const group = new T.Group();
  const shell = paint(look.colour, { roughness: 0.4, metalness: 0.2 });
  const glass = paint(0x12181c, { roughness: 0.08, metalness: 0.2 });
  const cab = loft({
    cabin: [2, 4],
    stations: [
      [2.5, 0.6, 0.8, 0.62, 0.74, 0.4], [2.48, 1.12, 0.88, 1.14, 0.8, 0.34], [2.4, 1.2, 0.9, 1.24, 0.82, 0.34],
      [2.05, 1.22, 0.9, 2.02, 0.78, 0.34], [1.0, 1.22, 0.9, 2.06, 0.78, 0.34], [0.96, 1.2, 0.88, 1.9, 0.76, 0.4],
    ],
  }, shell, glass);
  cab.castShadow = true;
  group.add(cab);
  box(group, [3.5, 0.16, 1.76], paint(0x2a2c2e), [-0.85, 0.62, 0]);
  const bed = paint(0x4a6a86, { roughness: 0.7 });
  box(group, [3.4, 0.55, 0.05], bed, [-0.88, 0.78, 0.9]);
  box(group, [3.4, 0.55, 0.05], bed, [-0.88, 0.78, -0.9]);
  box(group, [0.05, 0.55, 1.8], bed, [-2.58, 0.78, 0]);
  box(group, [0.05, 0.8, 1.8], bed, [0.84, 0.78, 0]);
  contactShadow(group, 5.6, 2.3);
  const wheels = [1.7, -1.6].flatMap((x) => [1, -1].map((s) => wheel(group, x, s * 0.9, 0.37)));
  for (const side of [-1, 1]) ball(group, 0.12, paint(0xf4f6f2, { roughness: 0.2 }), [2.47, 0.86, side * 0.7], [0.6, 0.9, 1.3]);
  group.userData.pose = (phase) => wheels.forEach((w) => { w.rotation.z = -phase / 0.37; });
  return group;
}
