// Meshes by one line each; every maker returns what it made.
import * as T from 'three';

const paints = new Map();

export function paint(colour, options = {}) {
  const key = `${colour}|${JSON.stringify(options)}`;
  if (!paints.has(key)) {
    paints.set(key, new T.MeshStandardMaterial({ color: colour, roughness: 0.85, ...options }));
  }
  return paints.get(key);
}

export function mesh(parent, geometry, material, [x, y, z] = [0, 0, 0], [a, b, c] = [0, 0, 0]) {
  const made = new T.Mesh(geometry, material);
  made.position.set(x, y, z);
  made.rotation.set(a, b, c);
  made.castShadow = true;
  made.receiveShadow = true;
  parent.add(made);
  return made;
}

export function box(parent, [w, h, d], material, [x, y, z], turn) {
  return mesh(parent, new T.BoxGeometry(w, h, d), material, [x, y + h / 2, z], turn);
}

export function flat(parent, [w, d], material, [x, y, z], heading = 0) {
  const made = mesh(parent, new T.PlaneGeometry(w, d), material, [x, y, z]);
  made.rotation.set(-Math.PI / 2, 0, heading);
  made.castShadow = false;
  return made;
}

export function tube(parent, from, to, radius, material, sides = 8) {
  const a = new T.Vector3(...from);
  const b = new T.Vector3(...to);
  const made = mesh(parent, new T.CylinderGeometry(radius, radius, a.distanceTo(b), sides), material);
  made.position.copy(a).lerp(b, 0.5);
  made.quaternion.setFromUnitVectors(new T.Vector3(0, 1, 0), b.sub(a).normalize());
  return made;
}

export function ball(parent, radius, material, at, scale = [1, 1, 1], detail = 16) {
  const made = mesh(parent, new T.SphereGeometry(radius, detail, Math.ceil(detail * 0.7)), material, at);
  made.scale.set(...scale);
  return made;
}

export function lathe(parent, profile, material, at, scale = [1, 1, 1], sides = 18) {
  const points = profile.map(([r, y]) => new T.Vector2(r, y));
  const made = mesh(parent, new T.LatheGeometry(points, sides), material, at);
  made.scale.set(...scale);
  return made;
}

export function slab(parent, outline, depth, material, at, bevel = 0.03) {
  const shape = new T.Shape(outline.map(([x, y]) => new T.Vector2(x, y)));
  const geometry = new T.ExtrudeGeometry(shape, {
    depth: depth - 2 * bevel, bevelEnabled: bevel > 0, bevelSize: bevel, bevelThickness: bevel,
    bevelSegments: 3, curveSegments: 8,
  });
  geometry.translate(0, 0, -(depth - 2 * bevel) / 2);
  return mesh(parent, geometry, material, at);
}
