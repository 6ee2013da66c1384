// The street that does not move: shops, pavement, kerb, road, trees, lamps.
import * as T from 'three';
import { dice } from './dice.js';
import { ball, box, flat, lathe, mesh, paint, tube } from './shapes.js';
import { interior } from './interiors.js';
import { poster, signBoard } from './shopfront.js';
import { asphalt, facade, foliage, kerbStone, paving, shutter, tactile, worn } from './textures.js';

export const TOP = 0.15; // the pavement lies this much above the road
const textured = (map, options = {}) => new T.MeshStandardMaterial({ map, roughness: 0.92, ...options });

function ground(scene, plan) {
  const wet = plan.sky.wet;
  const skin = wet ? { roughness: 0.3, color: 0xc2c5c7, envMapIntensity: 1.1 } : {};
  flat(scene, [96, 24], textured(asphalt(5, [12, 3]), skin), [0, 0, 4.6 + 12]);
  const slabs = box(scene, [96, TOP, 4.4], textured(paving(6, [24, 1.1]), wet ? { ...skin, roughness: 0.35 } : {}), [0, 0, 2.2]);
  slabs.castShadow = false;
  box(scene, [96, TOP + 0.015, 0.16], textured(kerbStone([96, 1])), [0, 0, 4.48]);
  flat(scene, [96, 0.32], textured(tactile([300, 1])), [0, TOP + 0.004, 3.62]);
  flat(scene, [96, 0.5], paint(0x55575a), [0, 0.002, 4.82]);
}

function line(scene, x0, x1, z, width, colour, seed) {
  const material = textured(worn(colour, seed, [(x1 - x0) / 4, 1]), { polygonOffset: true, polygonOffsetFactor: -2 });
  flat(scene, [x1 - x0, width], material, [(x0 + x1) / 2, 0.004, z]);
}

function markings(scene, street) {
  for (const z of [4.98, 5.2]) line(scene, street.yellow[0], street.yellow[1], z, 0.1, '#d8b22c', 3);
  for (let x = -46; x < 46; x += 6) line(scene, x, x + 2.6, 10.3, 0.13, '#dcdcd6', 4);
  line(scene, -46, 46, 7.05, 0.1, '#d8d8d2', 8);
  for (const bay of street.bays) {
    for (let x = bay[0]; x <= bay[1] + 0.01; x += 5.4) flat(scene, [0.1, 2.0], paint(0xdcdcd6), [x, 0.005, 5.75]);
    line(scene, bay[0], bay[1], 6.74, 0.1, '#dcdcd6', 5);
    line(scene, bay[0], bay[1], 4.9, 0.1, '#dcdcd6', 5);
  }
  for (const rack of street.racks) {
    for (const z of [rack[2], rack[3]]) flat(scene, [rack[1] - rack[0], 0.07], paint(0xe2e2dc), [(rack[0] + rack[1]) / 2, TOP + 0.005, z]);
    for (const x of [rack[0], rack[1]]) flat(scene, [0.07, rack[3] - rack[2]], paint(0xe2e2dc), [x, TOP + 0.005, (rack[2] + rack[3]) / 2]);
  }
}

function upperFloor(scene, shop, roll, night) {
  const glass = paint(night ? 0x1a2028 : 0x3a4852, { roughness: 0.1, metalness: 0.3 });
  const lit = paint(0xe9c98a, { emissive: 0xd9a85a, emissiveIntensity: 0.75 });
  const frame = paint(0xd5d3cc, { roughness: 0.6 });
  for (const offset of [-shop.w / 4, shop.w / 4]) {
    const x = shop.x + offset;
    mesh(scene, new T.PlaneGeometry(1.5, 1.45), night && roll() > 0.55 ? lit : glass, [x, 5.7, 0.015]);
    for (const dx of [-0.75, 0, 0.75]) box(scene, [0.06, 1.5, 0.06], frame, [x + dx, 4.95, 0.03]);
    for (const y of [4.95, 6.4]) box(scene, [1.6, 0.07, 0.12], frame, [x, y, 0.04]);
    if (roll() > 0.5) cage(scene, x); else if (roll() > 0.3) cooler(scene, x + 0.25);
  }
}

function cage(scene, x) {
  const steel = paint(0x9fa4a6, { roughness: 0.4, metalness: 0.6 });
  for (let i = 0; i <= 10; i++) box(scene, [0.018, 1.5, 0.018], steel, [x - 0.8 + i * 0.16, 4.95, 0.36]);
  for (const y of [4.95, 5.4, 5.9, 6.42]) box(scene, [1.62, 0.02, 0.02], steel, [x, y, 0.36]);
  for (const dx of [-0.8, 0.8]) for (const y of [4.95, 6.42]) box(scene, [0.02, 0.02, 0.34], steel, [x + dx, y, 0.19]);
}

function cooler(scene, x) {
  box(scene, [0.8, 0.56, 0.3], paint(0xd8d8d2, { roughness: 0.6 }), [x, 4.2, 0.2]);
  mesh(scene, new T.CircleGeometry(0.21, 20), paint(0x55585a), [x - 0.12, 4.48, 0.356]);
  tube(scene, [x + 0.3, 4.2, 0.1], [x + 0.34, 0.3, 0.04], 0.018, paint(0xcfcfc8));
}

function front(scene, shop, roll, night) {
  const w = shop.w - 0.5;
  if (!shop.open) {
    mesh(scene, new T.PlaneGeometry(w, 2.75), textured(shutter(shop.seed), { metalness: 0.2, roughness: 0.6 }), [shop.x, TOP + 1.37, -0.06]);
    return;
  }
  const inside = interior(shop.kind, shop.seed, night);
  mesh(scene, new T.PlaneGeometry(w, 2.75), textured(inside, night ? { emissive: 0xffffff, emissiveMap: inside, emissiveIntensity: 0.85 } : {}),
    [shop.x, TOP + 1.37, -0.3]);
  const frame = paint(0x8d9296, { roughness: 0.35, metalness: 0.6 });
  for (let i = 0; i <= 4; i++) box(scene, [0.06, 2.75, 0.07], frame, [shop.x - w / 2 + (w * i) / 4, TOP, -0.05]);
  box(scene, [w, 0.07, 0.07], frame, [shop.x, TOP + 2.2, -0.05]);
  const pane = new T.MeshStandardMaterial({ color: 0xaabbc2, transparent: true, opacity: 0.16, roughness: 0.05, metalness: 0.4 });
  for (const side of [-1, 1]) mesh(scene, new T.PlaneGeometry(w / 4, 2.2), pane, [shop.x + (side * 3 * w) / 8, TOP + 1.1, -0.045]).castShadow = false;
  box(scene, [w, 0.12, 0.5], paint(0x8f8b84), [shop.x, 0.04, -0.25]);
  const text = roll.pick(['特价优惠', '新品上市', '今日到货', '暂停营业']);
  if (text !== '暂停营业') mesh(scene, new T.PlaneGeometry(0.5, 0.7), textured(poster(text, shop.seed + 3)), [shop.x - (3 * w) / 8, TOP + 1.3, -0.03]);
}

function board(scene, shop, night) {
  const face = signBoard(shop);
  const skin = textured(face, night ? { emissive: 0xffffff, emissiveMap: face, emissiveIntensity: shop.open ? 0.8 : 0.05 } : { roughness: 0.6 });
  const edge = paint(0x6e6e6c);
  mesh(scene, new T.BoxGeometry(shop.w - 0.16, 0.92, 0.2), [edge, edge, edge, edge, skin, edge], [shop.x, TOP + 3.3, 0.1]);
  if (shop.awning) {
    const sheet = mesh(scene, new T.BoxGeometry(shop.w - 0.4, 0.03, 1.0), paint(shop.awning, { roughness: 0.8 }), [shop.x, TOP + 2.78, 0.42], [0.3, 0, 0]);
    sheet.castShadow = true;
  }
}

function shops(scene, plan) {
  const night = plan.sky.night;
  for (const shop of plan.street.shops) {
    const roll = dice(shop.seed);
    const wall = textured(facade(shop.seed % 7, shop.wall, [shop.w / 5, 1.4]));
    box(scene, [shop.w, 5.2, 5], wall, [shop.x, 3.0, -2.5]);
    for (const side of [-1, 1]) box(scene, [0.28, 3.2, 0.5], wall, [shop.x + (side * (shop.w - 0.28)) / 2, 0, -0.24]);
    box(scene, [shop.w, 0.2, 0.3], paint(0xb6b1a6), [shop.x, 4.1, 0.0]);
    front(scene, shop, roll, night);
    board(scene, shop, night);
    upperFloor(scene, shop, roll, night);
    tube(scene, [shop.x + shop.w / 2, 8, 0.06], [shop.x + shop.w / 2, 0.2, 0.06], 0.05, paint(0xb9b6ad));
  }
}

function tree(scene, x, seed, leaves) {
  const roll = dice(seed);
  box(scene, [1.1, 0.02, 0.9], paint(0x5a4634), [x, TOP - 0.012, 4.0]);
  for (const dz of [-0.47, 0.47]) box(scene, [1.24, 0.03, 0.08], paint(0x8f8c86), [x, TOP, 4.0 + dz]);
  lathe(scene, [[0.17, 0], [0.12, 0.5], [0.1, 2.6], [0.05, 3.4]], paint(0x6a5a4a), [x, TOP, 4.0], [1, 1, 1], 10);
  lathe(scene, [[0.136, 0], [0.122, 0.9]], paint(0xdedbd2), [x, TOP + 0.18, 4.0], [1, 1, 1], 10);
  for (let i = 0; i < 5; i++) tube(scene, [x, 2.4 + i * 0.16, 4.0], [x + roll.between(-1, 1), 3.5 + roll(), 4.0 + roll.between(-0.8, 0.8)], 0.03, paint(0x6a5a4a), 5);
  const cards = new T.InstancedMesh(new T.PlaneGeometry(1.05, 1.05), leaves, 72);
  const spot = new T.Object3D();
  for (let i = 0; i < 72; i++) {
    const [a, b, r] = [roll() * 6.283, Math.acos(roll.between(-0.7, 1)), 0.55 + 0.9 * Math.cbrt(roll())];
    spot.position.set(x + Math.cos(a) * Math.sin(b) * r * 1.05, 4.25 + Math.cos(b) * r * 0.95, 4.0 + Math.sin(a) * Math.sin(b) * r);
    spot.rotation.set(roll() * 3, roll() * 6.28, roll() * 3);
    spot.updateMatrix();
    cards.setMatrixAt(i, spot.matrix);
  }
  cards.castShadow = cards.receiveShadow = true;
  scene.add(cards);
}

function lamp(scene, spot, night) {
  const steel = paint(0x6d7276, { roughness: 0.4, metalness: 0.5 });
  tube(scene, [spot.x, 0, 4.25], [spot.x, 6.2, 4.25], 0.07, steel, 12);
  tube(scene, [spot.x, 6.2, 4.25], [spot.x, 6.5, 5.6], 0.045, steel);
  const glow = night && spot.lit ? 3 : 0;
  box(scene, [0.26, 0.1, 0.6], paint(0x888c8f), [spot.x, 6.48, 5.75]);
  box(scene, [0.2, 0.04, 0.5], paint(0xfff3d8, { emissive: 0xffd9a0, emissiveIntensity: glow }), [spot.x, 6.43, 5.75]);
}

export function lampLights(scene, plan) {
  if (!plan.sky.night) return;
  for (const spot of plan.street.lamps.filter((one) => one.lit)) {
    const light = new T.SpotLight(0xffc98a, 210, 22, 1.15, 0.7, 1.7);
    light.position.set(spot.x, 6.4, 5.75);
    light.target.position.set(spot.x, 0, 4.2);
    scene.add(light, light.target);
  }
}

// Invisible ground that shows only the shadows of what moves.
export function shadowCatchers(scene, plan) {
  const depth = { day: 0.5, overcast: 0.22, rain: 0.12, night: 0.1 }[plan.sky.mode];
  const shade = new T.ShadowMaterial({
    opacity: depth, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -4,
  });
  for (const [size, at] of [[[96, 24], [0, 0.006, 16.5]], [[96, 4.56], [0, TOP + 0.016, 2.28]]]) {
    flat(scene, size, shade, at);
  }
  const wall = mesh(scene, new T.PlaneGeometry(96, 8), shade, [0, 4.1, 0.06]);
  wall.castShadow = false;
}

export function street(scene, plan) {
  ground(scene, plan);
  markings(scene, plan.street);
  shops(scene, plan);
  const leaves = new T.MeshLambertMaterial({ map: foliage(), alphaTest: 0.45, side: T.DoubleSide });
  plan.street.trees.forEach((x, i) => tree(scene, x, plan.street.seed + i, leaves));
  plan.street.lamps.forEach((spot) => lamp(scene, spot, plan.sky.night));
  plan.street.posts.forEach((x) => {
    tube(scene, [x, TOP, 4.28], [x, TOP + 0.85, 4.28], 0.05, paint(0x3c4043), 10);
    ball(scene, 0.055, paint(0xd2b13a), [x, TOP + 0.86, 4.28], [1, 1, 1], 10);
  });
}
