// Light up the part a line speaks of; drag a rectangle, and the form says its place in percent.
(() => {
  document.querySelectorAll("[data-lights]").forEach((line) => {
    const shape = document.querySelector(`[data-part="${line.dataset.lights}"]`);
    const light = (isOn) => () => shape?.classList.toggle("on", isOn);
    ["pointerenter", "focusin"].forEach((name) => line.addEventListener(name, light(true)));
    ["pointerleave", "focusout"].forEach((name) => line.addEventListener(name, light(false)));
  });
  const picture = document.querySelector("[data-mend]");
  const form = document.querySelector("[data-mend-form]");
  if (!picture || !form) return;
  const shape = picture.querySelector("[data-new]");
  let from = null;

  const at = (event) => {
    const box = picture.getBoundingClientRect();
    const share = (value, size) => Math.min(100, Math.max(0, (100 * value) / size));
    return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
  };

  const draw = (event) => {
    const to = at(event);
    const [x, y] = [0, 1].map((axis) => Math.min(from[axis], to[axis]));
    const [w, h] = [0, 1].map((axis) => Math.abs(from[axis] - to[axis]));
    Object.entries({ x, y, width: w, height: h }).forEach(([name, value]) => shape.setAttribute(name, value));
    Object.entries({ x, y, w, h }).forEach(([name, value]) => (form.elements[name].value = value.toFixed(2)));
  };

  picture.addEventListener("pointerdown", (event) => {
    from = at(event);
    picture.setPointerCapture(event.pointerId);
    draw(event);
  });
  picture.addEventListener("pointermove", (event) => from && draw(event));
  picture.addEventListener("pointerup", () => (from = null));
})();
