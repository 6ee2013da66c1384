// Draws zones on a camera's own picture: click points, drag them, delete them, name the zone, save.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const form = document.getElementById("zone-form");
  const drawing = document.getElementById("drawing");
  if (!form || !drawing) return;
  const svg = drawing.querySelector("svg");
  const image = drawing.querySelector("img");
  const list = form.querySelector("[data-zone-list]");
  const undo = form.querySelector("[data-zone-undo]");
  const zones = JSON.parse(document.getElementById("zone-data").textContent);
  let chosen = null; // index of the zone whose points are shown
  let draft = null; // points of the zone being drawn
  let held = null; // index of the point being dragged
  const size = { width: Number(drawing.dataset.width), height: Number(drawing.dataset.height) };

  const measure = () => {
    size.width ||= image?.naturalWidth ?? 0;
    size.height ||= image?.naturalHeight ?? 0;
    if (size.width) svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  };

  const node = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const text = (points) => points.map((point) => point.join(",")).join(" ");
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const clamp = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
    return [clamp(point.x, size.width), clamp(point.y, size.height)];
  };

  const paint = () => {
    const unit = size.width / 64;
    const shapes = zones.flatMap((zone, index) => {
      const label = node("text", { x: zone.polygon[0][0], y: zone.polygon[0][1], "font-size": unit });
      label.textContent = zone.name;
      return [node("polygon", { class: index === chosen ? "zone chosen" : "zone", points: text(zone.polygon), "data-zone": index }), label];
    });
    const corners = chosen === null ? [] : zones[chosen].polygon;
    const dots = corners.map(([x, y], index) => node("circle", { class: "corner", cx: x, cy: y, r: unit / 2, "data-corner": index }));
    const line = draft ? [node("polyline", { class: "draft", points: text(draft) })] : [];
    const pins = (draft ?? []).map(([x, y]) => node("circle", { class: "corner", cx: x, cy: y, r: unit / 2.5 }));
    svg.replaceChildren(...shapes, ...dots, ...line, ...pins);
    drawing.classList.toggle("editing", draft !== null);
    undo.disabled = !draft?.length;
    list.querySelectorAll(":scope > .row-x").forEach((row, index) => row.setAttribute("aria-current", String(index === chosen)));
  };

  const rows = () => {
    const made = zones.map((zone, index) => {
      const row = document.getElementById("zone-row").content.firstElementChild.cloneNode(true);
      const name = row.querySelector("[data-zone-name]");
      const kind = row.querySelector("[data-zone-kind]");
      name.value = zone.name;
      kind.value = zone.kind;
      name.addEventListener("input", () => ((zone.name = name.value), paint()));
      kind.addEventListener("change", () => (zone.kind = kind.value));
      row.querySelector("[data-zone-edit]").addEventListener("click", () => ((chosen = chosen === index ? null : index), (draft = null), paint()));
      row.querySelector("[data-zone-delete]").addEventListener("click", () => (zones.splice(index, 1), (chosen = null), rows()));
      return row;
    });
    list.replaceChildren(...made);
    paint();
  };

  const finish = () => {
    if (!draft || draft.length < 3) return;
    const taken = new Set(zones.map((zone) => zone.name));
    let number = zones.length + 1;
    while (taken.has(`${form.dataset.nameWord}${number}`)) number += 1;
    zones.push({ name: `${form.dataset.nameWord}${number}`, kind: "no_parking", polygon: draft, rules: [] });
    chosen = zones.length - 1;
    draft = null;
    rows();
    list.lastElementChild.querySelector("[data-zone-name]").select();
  };

  form.querySelector("[data-zone-new]").addEventListener("click", () => ((draft = []), (chosen = null), paint()));
  undo.addEventListener("click", () => (draft.pop(), paint()));
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const corner = event.target.dataset?.corner;
    if (draft) return void (draft.push(at(event)), paint());
    if (corner !== undefined) {
      held = Number(corner);
      svg.setPointerCapture(event.pointerId);
    } else if (event.target.dataset?.zone !== undefined) {
      chosen = Number(event.target.dataset.zone);
      paint();
    }
  });
  svg.addEventListener("pointermove", (event) => {
    if (held === null) return;
    zones[chosen].polygon[held] = at(event);
    paint();
  });
  svg.addEventListener("pointerup", () => (held = null));
  svg.addEventListener("dblclick", () => {
    if (!draft) return;
    const [last, before] = [draft.at(-1), draft.at(-2)];
    if (before && Math.hypot(last[0] - before[0], last[1] - before[1]) < 3) draft.pop(); // the second click of the two
    finish();
  });
  svg.addEventListener("contextmenu", (event) => {
    const corner = event.target.dataset?.corner;
    if (corner === undefined || chosen === null) return;
    event.preventDefault();
    if (zones[chosen].polygon.length > 3) zones[chosen].polygon.splice(Number(corner), 1);
    paint();
  });
  document.addEventListener("keydown", (event) => {
    if (!draft) return;
    if (event.key === "Enter") (event.preventDefault(), finish());
    if (event.key === "Escape") ((draft = null), paint());
  });
  form.addEventListener("submit", () => {
    form.elements.zones.value = JSON.stringify(zones);
    form.elements.width.value = size.width;
    form.elements.height.value = size.height;
  });
  const start = () => (measure(), rows());
  if (image && !image.complete) image.addEventListener("load", start);
  else start();
})();
