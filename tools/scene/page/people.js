// People with joints: walking, standing, carrying and riding; facing +x, soles on y = 0.
import * as T from 'three';
import { contactShadow } from './decals.js';
import { ball, box, lathe, mesh, paint, tube } from './shapes.js';

const cloth = (colour) => paint(colour, { roughness: 0.95 });

function limb(parent, at, length, radius, material, taper = 0.8) {
  const joint = new T.Group();
  joint.position.set(...at);
  mesh(joint, new T.CylinderGeometry(radius, radius * taper, length, 10), material, [0, -length / 2, 0]);
  ball(joint, radius, material, [0, 0, 0], [1, 1, 1], 10);
  ball(joint, radius * taper, material, [0, -length, 0], [1, 1, 1], 10);
  parent.add(joint);
  return joint;
}

function leg(hips, z, look, skin) {
  const trousers = cloth(look.legs);
  const thigh = limb(hips, [0, 0, z], 0.41, 0.088, trousers, 0.75);
  const shin = limb(thigh, [0, -0.41, 0], 0.4, 0.064, look.skirt ? skin : trousers, 0.72);
  const shoe = paint(look.shoes || 0x1c1d20, { roughness: 0.7 });
  ball(shin, 0.06, shoe, [0.05, -0.425, 0], [2.1, 0.75, 0.9], 10);
  return { thigh, shin };
}

function arm(chest, z, look, skin) {
  const sleeve = cloth(look.top);
  const upper = limb(chest, [0, 0.43, z], 0.28, 0.055, sleeve, 0.8);
  upper.rotation.x = -Math.sign(z) * 0.1;
  const fore = limb(upper, [0, -0.28, 0], 0.24, 0.044, look.short ? skin : sleeve, 0.8);
  ball(fore, 0.046, skin, [0.01, -0.29, 0], [0.9, 1.4, 0.6], 10);
  return { upper, fore };
}

function head(chest, look, skin) {
  const hair = paint(look.hair || 0x15120f, { roughness: 0.9 });
  tube(chest, [0.0, 0.44, 0], [0.015, 0.56, 0], 0.05, skin);
  ball(chest, 0.1, skin, [0.025, 0.64, 0], [0.98, 1.2, 0.86]);
  ball(chest, 0.108, hair, [-0.012, 0.68, 0], [1.0, 1.0, 0.92]);
  ball(chest, 0.02, skin, [0.125, 0.63, 0], [0.9, 1.2, 0.8], 8);
  for (const z of [-0.035, 0.035]) ball(chest, 0.012, paint(0x16120f), [0.115, 0.66, z], [0.6, 0.7, 1.2], 6);
  if (look.long) ball(chest, 0.1, hair, [-0.06, 0.57, 0], [0.7, 1.6, 1.0]);
  if (look.hat) {
    lathe(chest, [[0.115, 0], [0.11, 0.06], [0.08, 0.1], [0, 0.11]], cloth(look.hat), [0, 0.68, 0]);
    ball(chest, 0.1, cloth(look.hat), [0.09, 0.685, 0], [0.9, 0.1, 0.85], 10);
  }
  if (look.helmet) {
    ball(chest, 0.14, paint(look.helmet, { roughness: 0.3 }), [0, 0.69, 0], [1.05, 0.95, 0.95]);
  }
}

function trunk(body, look) {
  const chest = new T.Group();
  body.add(chest);
  const top = cloth(look.top);
  lathe(chest, [[0.0, -0.06], [0.155, -0.05], [0.152, 0.08], [0.165, 0.24], [0.195, 0.38], [0.17, 0.46], [0.06, 0.5], [0, 0.5]],
    top, [0, 0, 0], [0.66, 1, 1]);
  for (const z of [-0.185, 0.185]) ball(chest, 0.068, top, [0, 0.43, z], [1, 1, 1], 12);
  if (look.vest) {
    lathe(chest, [[0.165, 0.0], [0.176, 0.24], [0.204, 0.38], [0.18, 0.45]], paint(look.vest), [0, 0, 0], [0.7, 1, 1]);
    for (const y of [0.12, 0.26]) {
      lathe(chest, [[0.182, y], [0.185, y + 0.05]], paint(0xe4e6da, { roughness: 0.3 }), [0, 0, 0], [0.72, 1, 1.04]);
    }
  }
  if (look.apron) box(chest, [0.02, 0.62, 0.28], cloth(look.apron), [0.135, -0.24, 0]);
  if (look.pack) ball(chest, 0.15, cloth(look.pack), [-0.17, 0.24, 0], [0.62, 1.25, 0.95]);
  return chest;
}

function carried(chest, arms, look) {
  if (look.bag) {
    const bag = mesh(arms[0].fore, new T.BoxGeometry(0.26, 0.24, 0.1), cloth(look.bag), [0, -0.46, 0]);
    bag.castShadow = true;
  }
  if (look.umbrella) {
    tube(chest, [0.2, 0.25, 0.14], [0.1, 1.05, 0.06], 0.012, paint(0x333333));
    lathe(chest, [[0.58, 0], [0.46, 0.14], [0.26, 0.24], [0.02, 0.29]],
      paint(look.umbrella, { side: T.DoubleSide, roughness: 0.6 }), [0.08, 0.85, 0.05], [1, 1, 1], 8);
  }
}

const SEATS = {
  scooter: { thigh: 1.42, shin: -1.35, lean: -0.05, arm: 0.95, fore: 0.35 },
  saddle: { thigh: 1.0, shin: -0.9, lean: -0.28, arm: 0.95, fore: 0.12 },
  stool: { thigh: 1.5, shin: -1.5, lean: -0.1, arm: 0.5, fore: 0.9 },
};

export function person(look) {
  const group = new T.Group();
  const body = new T.Group();
  const scale = (look.height || 1.7) / 1.68;
  group.scale.setScalar(scale);
  group.add(body);
  body.position.y = look.seated ? 0 : 0.87;
  const skin = paint(look.skin || 0xc89878, { roughness: 0.75 });
  const chest = trunk(body, look);
  chest.position.y = 0.06;
  const legs = [leg(body, 0.092, look, skin), leg(body, -0.092, look, skin)];
  const arms = [arm(chest, 0.225, look, skin), arm(chest, -0.225, look, skin)];
  head(chest, look, skin);
  if (look.skirt) lathe(body, [[0.13, 0.06], [0.2, -0.2], [0.26, -0.48]], cloth(look.skirt), [0, 0, 0], [0.85, 1, 1]);
  carried(chest, arms, look);
  group.userData.pose = look.seated ? ride(SEATS[look.seated], chest, legs, arms) : walk(look, body, chest, legs, arms);
  group.userData.pose(0, 'stand');
  if (!look.seated) contactShadow(group, 0.75, 0.6);
  return group;
}

function ride(seat, chest, legs, arms) {
  return (phase) => {
    chest.rotation.z = seat.lean;
    legs.forEach((part, i) => {
      const swing = seat === SEATS.saddle ? Math.sin(phase + i * Math.PI) * 0.34 : 0;
      part.thigh.rotation.z = seat.thigh + swing;
      part.shin.rotation.z = seat.shin - swing * 0.8;
    });
    arms.forEach((part) => { part.upper.rotation.z = seat.arm; part.fore.rotation.z = seat.fore; });
  };
}

function walk(look, body, chest, legs, arms) {
  return (phase, mode) => {
    const going = mode === 'stand' ? 0 : 1;
    const gait = phase * 4.1;
    legs.forEach((part, i) => {
      const swing = Math.sin(gait + i * Math.PI);
      part.thigh.rotation.z = going * swing * 0.46;
      part.shin.rotation.z = -going * (0.12 + 0.55 * Math.max(0, Math.cos(gait + i * Math.PI)));
    });
    body.position.y = 0.87 - going * 0.018 * Math.abs(Math.sin(gait));
    chest.rotation.z = mode === 'bend' ? -0.95 : -0.03 * going;
    const busy = mode === 'carry' || mode === 'bend';
    arms.forEach((part, i) => {
      const held = busy || (look.umbrella && i === 0);
      part.upper.rotation.z = held ? 0.75 : going * Math.sin(gait + (1 - i) * Math.PI) * 0.42 + 0.04;
      part.fore.rotation.z = held ? 0.7 : 0.14 + going * 0.2;
    });
  };
}
