// The review desk: preloads the next finding, draws the field of view, asks for a sentence where one is due.
(() => {
  const preload = () =>
    document.querySelectorAll("[data-preload]:not([data-loaded])").forEach((mark) => {
      mark.dataset.loaded = "1";
      if (mark.dataset.type.startsWith("image/")) new Image().src = mark.dataset.preload;
      else fetch(mark.dataset.preload, { headers: { Range: "bytes=0-262143" } }).catch(() => {});
    });

  // The rail was drawn with the page; its count follows the desk.
  const count = () => {
    const pending = Number(document.querySelector("[data-pending]")?.dataset.pending);
    const badge = document.querySelector('.rail a[aria-current="page"] b [aria-hidden]');
    if (badge) badge.textContent = pending > 99 ? "99+" : String(pending);
  };

  const openNote = (button) => {
    const form = button.closest("form");
    const note = form.querySelector("[data-note]");
    if (note.value.trim()) return false;
    note.closest("details").open = true;
    note.setAttribute("aria-invalid", "true");
    note.focus();
    note.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), button.click()), { once: false });
    return true;
  };

  const chooseFirst = (form) => {
    const choices = [...form.querySelectorAll('input[name="work_order"]')];
    const chosen = choices.find((choice) => choice.checked) ?? choices[0];
    if (!chosen) return;
    chosen.checked = true;
    form.elements.work_order_code.value = chosen.dataset.label ?? "";
  };

  // capture: before htmx sees the click
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("[data-needs-note], [data-merge]");
      if (!button) return;
      if (button.matches("[data-merge]")) return chooseFirst(button.form);
      if (openNote(button)) (event.preventDefault(), event.stopImmediatePropagation());
    },
    true,
  );

  // Without a line nothing can be decided; what is shown stays.
  const online = () => {
    const isOff = !navigator.onLine;
    document.querySelectorAll("[data-offline]").forEach((note) => (note.hidden = !isOff));
    document.querySelectorAll("[data-decide] button[type=submit]").forEach((button) => (button.disabled = isOff));
    if (!isOff) merging();
  };
  // There is nothing to merge into until candidates have come.
  const merging = () => {
    const button = document.querySelector("[data-merge]");
    if (button && navigator.onLine) button.disabled = !document.querySelector('[data-decide] input[name="work_order"]');
  };
  window.addEventListener("offline", online);
  window.addEventListener("online", online);

  const METRES = 35;
  const view = ({ heading, at }) => {
    const [lon, lat] = at.split(" ").map(Number);
    const step = (degrees) => {
      const angle = (degrees * Math.PI) / 180;
      return [lat + (Math.cos(angle) * METRES) / 111195, lon + (Math.sin(angle) * METRES) / (111195 * Math.cos((lat * Math.PI) / 180))];
    };
    const middle = Number(heading);
    return [[lat, lon], step(middle - 25), step(middle), step(middle + 25)];
  };
  document.addEventListener("mapready", (event) => {
    const box = event.target.closest("[data-view][data-heading]");
    if (!box) return;
    const color = getComputedStyle(document.documentElement).getPropertyValue("--cz-accent").trim();
    L.polygon(view(box.dataset), { color, weight: 1.5, dashArray: "5 4", fillOpacity: 0.08, interactive: false }).addTo(event.detail.map);
  });
  document.addEventListener("htmx:load", () => (preload(), count(), online()));
  preload();
  online();
})();
