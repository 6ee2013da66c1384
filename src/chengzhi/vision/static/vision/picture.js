// The picture of a finding: marks over the original, zoom to the box, stills and clip in turn.
(() => {
  const numbers = (text) => (text ?? "").split(" ").map(Number);

  const fit = (picture) => {
    const image = picture.querySelector("[data-main]");
    const overlay = picture.querySelector("[data-overlay]");
    const width = Number(picture.dataset.width) || image?.naturalWidth || 1280;
    const height = Number(picture.dataset.height) || image?.naturalHeight || 720;
    overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const shown = overlay.getBoundingClientRect();
    const scale = Math.min(shown.width / width, shown.height / height) || 1;
    const size = Math.max(width / 64, 11 / scale); // on a phone the words stay words
    overlay.querySelectorAll("text").forEach((text) => text.setAttribute("font-size", size));
    const label = overlay.querySelector("[data-label-box]");
    const [x, y] = numbers(picture.dataset.box);
    const isAtTop = y < size * 1.6;
    label?.setAttribute("y", isAtTop ? y + size * 1.2 : y - size * 0.4);
    label?.setAttribute("x", Math.min(x + size * 0.3, Math.max(0, width - label.getComputedTextLength())));
    const plate = overlay.querySelector("[data-plate]");
    const text = label?.getBBox();
    if (plate && text) {
      const around = { x: text.x - size * 0.3, y: text.y, width: text.width + size * 0.6, height: text.height };
      Object.entries(around).forEach(([name, value]) => plate.setAttribute(name, value));
    }
    const corners = [...(overlay.querySelector(".zone")?.points ?? [])];
    const lowest = corners.sort((one, other) => other.y - one.y)[0];
    const zone = overlay.querySelector("[data-label-zone]");
    if (zone && lowest) {
      zone.setAttribute("x", Math.min(lowest.x, Math.max(0, width - zone.getComputedTextLength())));
      zone.setAttribute("y", Math.min(lowest.y + size * 1.2, height - size * 0.4));
    }
  };

  const press = (group, pressed) =>
    group.forEach((button) => button.setAttribute("aria-pressed", String(button === pressed)));

  const setMarks = (picture, isOn) => {
    picture.classList.toggle("plain", !isOn);
    picture.querySelector('[data-tool="marks"]').setAttribute("aria-pressed", String(isOn));
    picture.querySelector('[data-tool="plain"]').setAttribute("aria-pressed", String(!isOn));
  };

  const setZoom = (picture, isOn) => {
    const frame = picture.querySelector("[data-frame]");
    picture.querySelector('[data-tool="zoom"]').setAttribute("aria-pressed", String(isOn));
    const [x, y, w, h] = numbers(picture.dataset.box);
    const view = picture.querySelector("[data-overlay]").viewBox.baseVal;
    if (!isOn || !w || !h || !view.width) return void (frame.style.transform = "");
    const box = frame.getBoundingClientRect();
    const scale = Math.min(box.width / view.width, box.height / view.height);
    const left = (box.width - view.width * scale) / 2 + (x + w / 2) * scale;
    const top = (box.height - view.height * scale) / 2 + (y + h / 2) * scale;
    const factor = Math.max(1.5, Math.min(6, (0.6 * Math.min(box.width / (w * scale), box.height / (h * scale)))));
    frame.style.transformOrigin = "0 0";
    frame.style.transform = `translate(${box.width / 2 - left * factor}px, ${box.height / 2 - top * factor}px) scale(${factor})`;
  };

  const showStill = (picture, button) => {
    const image = picture.querySelector("[data-main]");
    const clip = picture.querySelector("[data-clip]");
    clip.pause();
    clip.hidden = true;
    lost(picture, false);
    picture.classList.remove("playing");
    image.src = button.dataset.showStill;
    image.alt = button.dataset.alt;
  };

  const showClip = (picture, button) => {
    const clip = picture.querySelector("[data-clip]");
    setZoom(picture, false);
    if (!clip.src) clip.src = button.dataset.showClip;
    clip.hidden = false;
    picture.classList.add("playing");
    if (clip.paused) clip.play().catch(() => {});
    else clip.pause();
  };

  const lost = (picture, isLost) => {
    const slot = picture.querySelector("[data-lost]");
    if (slot) slot.hidden = !isLost;
  };

  const start = (root) =>
    root.querySelectorAll("[data-picture]").forEach((picture) => {
      if (picture.dataset.started) return;
      picture.dataset.started = "1";
      fit(picture);
      const image = picture.querySelector("[data-main]");
      image?.addEventListener("load", () => (fit(picture), lost(picture, false)));
      image?.addEventListener("error", () => lost(picture, true));
      picture.querySelector("[data-clip]")?.addEventListener("error", (event) => event.target.src && lost(picture, true));
      if (image?.complete && !image.naturalWidth) lost(picture, true);
    });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool], [data-show-still], [data-show-clip]");
    const picture = button && (button.closest("[data-picture]") ?? document.querySelector("[data-picture]"));
    if (!picture) return;
    const film = [...document.querySelectorAll("[data-show-still], [data-show-clip]")];
    if (button.dataset.tool === "again") {
      const image = picture.querySelector("[data-main]");
      image.src = `${image.src.split("#")[0]}#${Date.now()}`;
    }
    if (button.dataset.tool === "marks") setMarks(picture, true);
    if (button.dataset.tool === "plain") setMarks(picture, false);
    if (button.dataset.tool === "zoom") setZoom(picture, button.getAttribute("aria-pressed") !== "true");
    if (button.dataset.showStill) (press(film, button), showStill(picture, button));
    if (button.dataset.showClip) (press(film, button), showClip(picture, button));
    if (event.detail === 0) button.blur(); // pressed by its key: the space bar stays free for the clip
  });
  document.addEventListener("htmx:load", () => start(document));
  start(document);
})();
