// The desk and the record page: the chosen row, focus on the next action, deeds that unfold.
(() => {
  const focusNext = () => {
    const button = document.querySelector('#record .next [data-key="Enter"], #record .next [data-key="Y"]');
    button?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "record") return;
    const chosen = new URLSearchParams(location.search).get("id");
    document.querySelectorAll("[data-list-keys] a[data-open]").forEach((link) => {
      const isChosen = new URLSearchParams(link.getAttribute("href")).get("id") === chosen;
      if (isChosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    const record = document.getElementById("record");
    record.scrollTop = 0;
    window.chengzhi.announce(`${record.querySelector(".record-title")?.textContent ?? ""} ${record.querySelector("#next-verb")?.textContent ?? ""}`);
    if (!document.activeElement || document.activeElement === document.body) focusNext();
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches?.("details.deed[open]")) return;
      document.querySelectorAll("details.deed[open]").forEach((other) => other === event.target || (other.open = false));
      event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.deed[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  const first = document.querySelector("[data-focus-first]");
  if (first) first.focus();
  else if (document.querySelector("#record .next")) focusNext();
  // A swap that takes the focused element away gives focus to its successor, else to the record.
  let held = "";
  document.addEventListener("htmx:beforeSwap", () => (held = document.activeElement?.id ?? ""));
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    (document.getElementById(held) ?? document.querySelector("#record .next button, main"))?.focus({ preventScroll: true });
  });
  // After a deed at the record page there may be nothing to do: focus stays on what is next.
  if (!first && !document.querySelector("#record")) document.querySelector(".next [data-key]")?.focus({ preventScroll: true });

  // @: offer the people who may see the record.
  const form = document.querySelector("[data-mention]");
  if (!form) return;
  const field = form.querySelector("#remark-text");
  const list = form.querySelector(".pick-people");
  const options = () => [...list.querySelectorAll("[data-ref]")];
  const typed = () => field.value.slice(0, field.selectionStart).match(/@([^\s@]{0,20})$/);
  const shut = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    const found = typed();
    const before = field.value.slice(0, field.selectionStart - found[1].length);
    field.setRangeText(`${option.dataset.name} `, before.length, field.selectionStart, "end");
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "mention", value: option.dataset.ref }));
    shut();
    field.focus();
  };
  const mark = (step) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = all[(at + step + all.length) % all.length];
    all.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    if (next) field.setAttribute("aria-activedescendant", next.id);
  };
  let asked = 0;
  field.addEventListener("input", async () => {
    const found = typed();
    if (!found) return shut();
    const mine = ++asked;
    const answer = await fetch(`${form.dataset.mention}?q=${encodeURIComponent(found[1])}`).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    list.innerHTML = await answer.text();
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(1);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown") mark(1);
    else if (event.key === "ArrowUp") mark(-1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) choose(chosen);
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-ref]");
    if (option) (event.preventDefault(), choose(option));
  });
})();
