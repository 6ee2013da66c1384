// Bicycles, e-bikes and cargo tricycles, heading along +x, with or without a rider.
import * as T from 'three';
import { contactShadow } from './decals.js';
import { ball, box, mesh, paint, slab, tube } from './shapes.js';
import { person } from './people.js';

const steel = () => paint(0xaeb3b6, { roughness: 0.35, metalness: 0.75 });
const rubber = () => paint(0x161718, { roughness: 0.95 });

function spokedWheel(parent, x, radius, thick = 0.022) {
  const spin = new T.Group();
  spin.position.set(x, radius, 0);
  mesh(spin, new T.TorusGeometry(radius - thick, thick, 8, 30), rubber());
  mesh(spin, new T.TorusGeometry(radius - thick * 2.2, 0.009, 6, 30), steel());
  for (let i = 0; i < 12; i++) {
    const a = (i / 12) * Math.PI;
    const reach = radius - thick * 2;
    const [c, s] = [Math.cos(a) * reach, Math.sin(a) * reach];
    tube(spin, [-c, -s, 0], [c, s, 0], 0.004, steel(), 4);
  }
  ball(spin, 0.035, steel(), [0, 0, 0], [1, 1, 1.6], 8);
  parent.add(spin);
  return spin;
}

export function bicycle(look) {
  const group = new T.Group();
  const frame = paint(look.colour, { roughness: 0.4, metalness: 0.3 });
  contactShadow(group, 1.9, 0.5);
  const wheels = [spokedWheel(group, 0.53, 0.33), spokedWheel(group, -0.53, 0.33)];
  const [crank, seat, head] = [[-0.06, 0.3, 0], [-0.2, 0.78, 0], [0.36, 0.84, 0]];
  tube(group, crank, seat, 0.02, frame);
  tube(group, crank, [0.38, 0.72, 0], 0.022, frame);
  tube(group, [-0.18, 0.7, 0], head, 0.02, frame);
  for (const z of [-0.05, 0.05]) {
    tube(group, crank, [-0.53, 0.33, z], 0.012, frame);
    tube(group, [-0.18, 0.7, 0], [-0.53, 0.33, z], 0.012, frame);
    tube(group, [0.38, 0.72, 0], [0.53, 0.33, z], 0.015, steel());
  }
  tube(group, [0.38, 0.72, 0], [0.33, 1.02, 0], 0.017, steel());
  tube(group, [0.3, 1.03, -0.28], [0.3, 1.03, 0.28], 0.014, steel());
  for (const z of [-0.28, 0.28]) tube(group, [0.3, 1.03, z], [0.18, 1.01, z * 0.96], 0.02, rubber());
  ball(group, 0.1, rubber(), [-0.23, 0.84, 0], [1.35, 0.45, 0.85], 10);
  box(group, [0.3, 0.015, 0.14], steel(), [-0.52, 0.7, 0]);
  if (look.basket !== false) basket(group, [0.58, 0.72, 0]);
  mesh(group, new T.TorusGeometry(0.1, 0.012, 6, 18), steel(), crank);
  tube(group, [0.02, 0.14, 0.1], [-0.14, 0.46, -0.1], 0.013, steel());
  for (const x of [0.53, -0.53]) {
    mesh(group, new T.TorusGeometry(0.36, 0.018, 5, 18, 2.3), frame, [x, 0.33, 0], [0, 0, 0.5]).scale.z = 1.6;
  }
  group.userData.pose = (phase) => wheels.forEach((w) => { w.rotation.z = -phase / 0.33; });
  return group;
}

function basket(group, [x, y, z]) {
  const wire = paint(0x2b2d2f, { roughness: 0.6, metalness: 0.4 });
  for (let i = 0; i < 5; i++) {
    const at = -0.15 + i * 0.075;
    tube(group, [x - 0.1, y, z + at], [x - 0.13, y + 0.24, z + at * 1.2], 0.006, wire, 4);
    tube(group, [x + 0.1, y, z + at], [x + 0.14, y + 0.24, z + at * 1.2], 0.006, wire, 4);
  }
  for (const [h, k] of [[0, 1], [0.12, 1.1], [0.24, 1.2]]) {
    for (const side of [-1, 1]) {
      tube(group, [x - 0.12, y + h, z + side * 0.15 * k], [x + 0.13, y + h, z + side * 0.15 * k], 0.007, wire, 4);
    }
    tube(group, [x + 0.13, y + h, z - 0.15 * k], [x + 0.13, y + h, z + 0.15 * k], 0.007, wire, 4);
  }
  box(group, [0.22, 0.01, 0.3], wire, [x, y, z]);
}

function solidWheel(parent, x, radius, width) {
  const spin = new T.Group();
  spin.position.set(x, radius, 0);
  mesh(spin, new T.TorusGeometry(radius * 0.76, radius * 0.25, 10, 26), rubber()).scale.z = width / (radius * 0.5);
  mesh(spin, new T.TorusGeometry(radius * 0.6, radius * 0.05, 6, 24), steel());
  mesh(spin, new T.CylinderGeometry(radius * 0.2, radius * 0.2, width * 0.9, 14), steel(), [0, 0, 0], [Math.PI / 2, 0, 0]);
  for (let i = 0; i < 5; i++) {
    const a = (i / 5) * 6.2832;
    tube(spin, [0, 0, 0], [Math.cos(a) * radius * 0.62, Math.sin(a) * radius * 0.62, 0], 0.018, steel(), 6);
  }
  parent.add(spin);
  return spin;
}

function ebikeBody(group, shell, dark) {
  slab(group, [[-0.74, 0.56], [-0.76, 0.72], [-0.1, 0.7], [-0.04, 0.44], [-0.26, 0.36]], 0.28, shell, [0, 0, 0], 0.05);
  slab(group, [[-0.5, 0.4], [-0.3, 0.42], [-0.06, 0.46], [-0.02, 0.24], [-0.26, 0.22]], 0.24, dark, [0, 0, 0], 0.03);
  slab(group, [[-0.05, 0.22], [0.34, 0.24], [0.34, 0.3], [-0.05, 0.3]], 0.3, dark, [0, 0, 0], 0.02);
  slab(group, [[0.3, 0.26], [0.38, 0.26], [0.46, 0.62], [0.38, 0.96], [0.3, 0.94], [0.34, 0.62]], 0.3, shell, [0, 0, 0], 0.05);
  slab(group, [[0.34, 0.5], [0.78, 0.5], [0.72, 0.58], [0.46, 0.64]], 0.13, shell, [0, 0, 0], 0.03);
  slab(group, [[-0.9, 0.58], [-0.84, 0.64], [-0.6, 0.62], [-0.6, 0.56]], 0.14, dark, [0, 0, 0], 0.02);
  slab(group, [[-0.74, 0.72], [-0.76, 0.84], [-0.42, 0.8], [-0.06, 0.8], [0.02, 0.74], [0.0, 0.7]], 0.25, dark, [0, 0, 0], 0.04);
  for (const z of [-0.16, 0.16]) box(group, [0.5, 0.03, 0.015], steel(), [-0.42, 0.6, z]);
  tube(group, [-0.1, 0.26, 0.14], [-0.02, 0.02, 0.22], 0.014, dark);
}

function ebikeFront(group, shell, dark, lit) {
  for (const z of [-0.07, 0.07]) tube(group, [0.58, 0.26, z], [0.42, 0.78, z * 0.8], 0.022, steel());
  tube(group, [0.38, 0.9, 0], [0.33, 1.08, 0], 0.03, dark);
  for (const z of [-1, 1]) {
    tube(group, [0.33, 1.08, 0], [0.27, 1.14, z * 0.34], 0.018, steel());
    tube(group, [0.29, 1.12, z * 0.24], [0.24, 1.15, z * 0.4], 0.026, dark);
    tube(group, [0.29, 1.13, z * 0.26], [0.27, 1.34, z * 0.34], 0.008, dark, 5);
    ball(group, 0.065, dark, [0.27, 1.36, z * 0.36], [0.4, 0.75, 1.25], 8);
  }
  ball(group, 0.105, shell, [0.39, 1.06, 0], [0.8, 0.8, 1.4], 12);
  const lamp = paint(0xf5f5ee, { roughness: 0.2, emissive: 0xfff0c0, emissiveIntensity: lit ? 2 : 0.2 });
  ball(group, 0.065, lamp, [0.475, 1.05, 0], [0.7, 0.85, 1.4], 10);
}

export function ebike(look) {
  const group = new T.Group();
  const shell = paint(look.colour, { roughness: 0.35, metalness: 0.15 });
  const dark = paint(0x1a1b1d, { roughness: 0.7 });
  contactShadow(group, 1.9, 0.7);
  const wheels = [solidWheel(group, 0.6, 0.26, 0.1), solidWheel(group, -0.56, 0.26, 0.11)];
  ebikeBody(group, shell, dark);
  ebikeFront(group, shell, dark, look.lit);
  if (look.tail !== false) slab(group, [[-1.0, 0.8], [-1.0, 1.08], [-0.76, 1.1], [-0.72, 0.82]], 0.32, paint(look.trunk || 0x2b2d30, { roughness: 0.5 }), [0, 0, 0], 0.04);
  const red = paint(0xa01510, { emissive: 0xff1010, emissiveIntensity: look.lit ? 1.2 : 0.1 });
  ball(group, 0.05, red, [-0.8, 0.66, 0], [0.6, 0.7, 1.8], 8);
  box(group, [0.02, 0.15, 0.2], paint(0xe9e9e4), [-0.87, 0.47, 0]);
  group.userData.pose = (phase) => wheels.forEach((w) => { w.rotation.z = -phase / 0.26; });
  return group;
}

export function ridden(look) {
  const group = new T.Group();
  const machine = (look.machine === 'ebike' ? ebike : bicycle)(look);
  const rider = person({ ...look.rider, seated: look.machine === 'ebike' ? 'scooter' : 'saddle' });
  rider.position.set(look.machine === 'ebike' ? -0.3 : -0.24, look.machine === 'ebike' ? 0.8 : 0.86, 0);
  group.add(machine, rider);
  group.userData.pose = (phase) => { machine.userData.pose(phase); rider.userData.pose(phase * 1.4); };
  return group;
}

export function tricycle(look) {
  const group = new T.Group();
  const shell = paint(look.colour, { roughness: 0.5, metalness: 0.2 });
  const dark = paint(0x1d1f21, { roughness: 0.8 });
  contactShadow(group, 3.2, 1.5);
  const wheels = [solidWheel(group, 1.15, 0.27, 0.1)];
  for (const z of [-0.5, 0.5]) {
    const rear = solidWheel(group, -0.65, 0.27, 0.12);
    rear.position.z = z;
    wheels.push(rear);
  }
  slab(group, [[1.02, 0.3], [1.16, 0.6], [1.0, 1.0], [0.92, 0.98], [0.98, 0.6], [0.92, 0.3]], 0.42, shell, [0, 0, 0], 0.04);
  tube(group, [1.15, 0.27, 0.1], [0.96, 0.9, 0.06], 0.022, steel());
  tube(group, [0.92, 1.06, -0.36], [0.92, 1.06, 0.36], 0.018, dark);
  box(group, [1.2, 0.07, 0.34], dark, [0.45, 0.3, 0]);
  box(group, [0.4, 0.34, 0.44], shell, [0.3, 0.36, 0]);
  box(group, [0.44, 0.09, 0.44], dark, [0.3, 0.7, 0]);
  box(group, [1.5, 0.06, 1.06], shell, [-0.7, 0.52, 0]);
  for (const z of [-0.53, 0.53]) box(group, [1.5, 0.3, 0.03], shell, [-0.7, 0.58, z]);
  box(group, [0.03, 0.3, 1.06], shell, [0.05, 0.58, 0]);
  box(group, [0.03, 0.3, 1.06], shell, [-1.45, 0.58, 0]);
  group.userData.pose = (phase) => wheels.forEach((w) => { w.rotation.z = -phase / 0.27; });
  return group;
}
