// Geometry of a plan, without a page: perspective, bands along a line, spots, areas in the picture.
// The ground is level; two persons of 1.7 m give the horizon and the camera's height (pinhole model).
((root) => {
  const PERSON_M = 1.7;
  const LEAST_PX = 64;
  const CORNERS = 12;

  const slopeOf = ({ person: [far, near] }) => (near[2] - far[2]) / (near[1] - far[1]);
  const height = (perspective, y) => {
    const [, farY, farH] = perspective.person[0];
    return Math.max(0, farH + slopeOf(perspective) * (y - farY));
  };
  const metres = (perspective, y, pixels) => {
    const tall = height(perspective, y);
    return tall > 0 ? (pixels * PERSON_M) / tall : null;
  };
  const pixels = (perspective, y, length) => (length * height(perspective, y)) / PERSON_M;

  // Pixels to metres on the ground and back. The focal length is not known: a view of about 53
  // degrees is assumed, so depths are near enough to draw by, not to measure by.
  const ground = (perspective, width) => {
    const slope = slopeOf(perspective);
    const [, farY, farH] = perspective.person[0];
    const horizon = farY - farH / slope;
    const [camera, focal, middle] = [PERSON_M / slope, width, width / 2];
    const below = (y) => Math.max(y - horizon, 1);
    return {
      to: ([x, y]) => [((x - middle) * camera) / below(y), (focal * camera) / below(y)],
      from: ([across, depth]) => [middle + (across * focal) / Math.max(depth, 0.1), horizon + (focal * camera) / Math.max(depth, 0.1)],
    };
  };
  const flat = { to: (point) => point, from: (point) => point };
  const planeOf = (drawn, perspective, size) => (drawn.unit === "m" && perspective ? ground(perspective, size.width) : flat);

  const along = ([ax, ay], [bx, by]) => {
    const length = Math.hypot(bx - ax, by - ay) || 1;
    return [(bx - ax) / length, (by - ay) / length];
  };
  // The line moved sideways, to the right when walking along it (down is positive), mitred at its bends.
  const moved = (points, distance) =>
    points.map((point, index) => {
      const before = index > 0 ? along(points[index - 1], point) : null;
      const after = index < points.length - 1 ? along(point, points[index + 1]) : null;
      const [one, other] = [before ?? after, after ?? before];
      const normal = [-(one[1] + other[1]) / 2, (one[0] + other[0]) / 2];
      const share = Math.max(normal[0] ** 2 + normal[1] ** 2, 0.25);
      return [point[0] + (normal[0] * distance) / share, point[1] + (normal[1] * distance) / share];
    });

  const band = (drawn, perspective, size) => {
    const plane = planeOf(drawn, perspective, size);
    // depth runs away from the camera, so on the ground right and left change places
    const turn = plane === flat ? 1 : -1;
    const line = drawn.points.map(plane.to);
    const edge = moved(line, drawn.width * drawn.side * turn).map(plane.from);
    return [...drawn.points, ...edge.reverse()];
  };
  const spot = (drawn, perspective, size) => {
    const plane = planeOf(drawn, perspective, size);
    const [x, y] = plane.to(drawn.points[0]);
    return Array.from({ length: CORNERS }, (_, corner) => {
      const angle = (corner / CORNERS) * 2 * Math.PI;
      return plane.from([x + Math.cos(angle) * drawn.width, y + Math.sin(angle) * drawn.width]);
    });
  };

  // Sutherland and Hodgman, one border after the other.
  const clipped = (polygon, { width, height: tall }) => {
    const borders = [
      [(p) => p[0] >= 0, (a, b) => cross(a, b, 0, 0)],
      [(p) => p[0] <= width, (a, b) => cross(a, b, 0, width)],
      [(p) => p[1] >= 0, (a, b) => cross(a, b, 1, 0)],
      [(p) => p[1] <= tall, (a, b) => cross(a, b, 1, tall)],
    ];
    return borders.reduce((points, [isIn, meet]) => points.flatMap((point, index) => side(point, points.at(index - 1), isIn, meet)), polygon);
  };
  const cross = (a, b, axis, border) => {
    const share = (border - a[axis]) / (b[axis] - a[axis]);
    const met = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    met[axis] = border;
    return met;
  };
  const side = (point, before, isIn, meet) => {
    if (isIn(point)) return isIn(before) ? [point] : [meet(before, point), point];
    return isIn(before) ? [meet(before, point)] : [];
  };

  const rounded = (polygon) => polygon.map(([x, y]) => [Math.round(x), Math.round(y)]);
  const outline = (drawn, perspective, size) => {
    const made = drawn.tool === "spot" ? spot(drawn, perspective, size) : band(drawn, perspective, size);
    return rounded(clipped(made, size));
  };
  const area = (polygon) =>
    Math.abs(polygon.reduce((sum, [x, y], index) => { const [nx, ny] = polygon[(index + 1) % polygon.length]; return sum + x * ny - nx * y; }, 0)) / 2;

  // What can still be judged: the side in metres of 64 pixels at the far and the near edge.
  const smallest = (perspective, polygon) => {
    const heights = polygon.map(([, y]) => y);
    const [far, near] = [Math.min(...heights), Math.max(...heights)];
    return { far, near, farM: metres(perspective, far, LEAST_PX), nearM: metres(perspective, near, LEAST_PX) };
  };
  const tooSmall = (perspective, polygon, typical) => {
    const { far, near } = smallest(perspective, polygon);
    const [atFar, atNear] = [pixels(perspective, far, typical), pixels(perspective, near, typical)];
    if (atFar >= LEAST_PX) return null;
    return { isWhole: atNear < LEAST_PX, pixels: Math.round(atFar) };
  };
  const limits = (perspective, polygon, { min, max }) => {
    const { far, near } = smallest(perspective, polygon);
    return { min: Math.round(pixels(perspective, far, min)), max: Math.max(1, Math.round(pixels(perspective, near, max))) };
  };
  // Marks from which no horizon follows are no perspective.
  const isFit = (perspective) => {
    if (!perspective) return false;
    const [far, near] = perspective.person;
    return near[1] - far[1] >= 10 && near[2] - far[2] >= 1 && far[2] >= 4;
  };

  root.geometry = { LEAST_PX, PERSON_M, area, clipped, height, isFit, limits, metres, outline, pixels, smallest, tooSmall };
})(typeof module === "undefined" ? (window.plan = window.plan ?? {}) : module.exports);
