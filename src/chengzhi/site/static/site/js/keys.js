// Single keys at the desks. A key is declared on its button (data-key="Y") and printed there in <kbd>.
// [data-list-keys] holds rows [data-row]: J and K move, O or Enter opens, X picks.
(() => {
  const dialog = document.getElementById("keys");
  const store = "keys-off";
  const isOff = () => localStorage.getItem(store) === "1";
  const isTyping = (el) =>
    el.isContentEditable || el.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
  const isShown = (el) => el.checkVisibility?.() ?? el.offsetParent !== null;

  const press = (key) => {
    const wanted = key.toLowerCase();
    const button = [...document.querySelectorAll("[data-key]")].find(
      (el) => el.dataset.key.toLowerCase() === wanted && isShown(el) && !el.disabled,
    );
    if (!button) return false;
    button.focus({ preventScroll: true });
    button.click();
    return true;
  };

  const rows = () => [...document.querySelectorAll("[data-list-keys] [data-row]")].filter(isShown);
  const isSelected = (row) => row.matches('[aria-selected="true"], [aria-current]') || row.contains(document.activeElement);
  const linkOf = (row) => (row.matches("a") ? row : row.querySelector("a[data-open], a"));
  const move = (step) => {
    const all = rows();
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    const at = focused >= 0 ? focused : all.findIndex(isSelected);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (!next) return false;
    const link = linkOf(next) ?? next;
    link.focus();
    next.scrollIntoView({ block: "nearest" });
    if (next.closest("[data-list-keys]").dataset.listKeys === "follow") link.click();
    return true;
  };
  const onRow = (deed) => {
    const row = rows().find(isSelected);
    return row ? deed(row) : false;
  };
  const open = (row) => (linkOf(row)?.click(), true);
  const pick = (row) => {
    const box = row.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  };
  const LIST = { j: () => move(1), k: () => move(-1), o: () => onRow(open), x: () => onRow(pick) };

  const find = () => {
    const field = document.querySelector('[data-focus-key="/"]');
    field?.focus();
    return Boolean(field);
  };

  const item = (key, label) => {
    const line = document.createElement("li");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    line.append(cap, label);
    return line;
  };
  const labelOf = (el) => {
    const copy = el.cloneNode(true);
    copy.querySelectorAll("kbd, i, .sr").forEach((part) => part.remove());
    return el.dataset.keyLabel || copy.textContent.trim().replace(/\s+/g, " ") || el.getAttribute("aria-label") || "";
  };
  const show = () => {
    const list = dialog.querySelector("[data-key-list]");
    const own = [...document.querySelectorAll("[data-key]")].filter((el) => el.closest("details.menu") || isShown(el));
    const lines = own.map((el) => item(el.dataset.key, labelOf(el)));
    if (rows().length) {
      const canPick = rows().some((row) => row.querySelector("input[type=checkbox]"));
      const pickLine = canPick ? [item("X", list.dataset.pick)] : [];
      lines.unshift(item("J / K", list.dataset.move), item("O", list.dataset.open), ...pickLine);
    }
    list.replaceChildren(...lines, item("/", list.dataset.find));
    dialog.querySelector("[data-keys-switch]").checked = !isOff();
    dialog.showModal();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?" && dialog) return void (show(), event.preventDefault());
    if (isOff()) return;
    const onControl = event.target.matches("a[href], button, summary, input");
    if ((event.key === "Enter" || event.key === " ") && onControl) return;
    const done = event.key === "/" ? find() : press(event.key) || Boolean(LIST[event.key.toLowerCase()]?.());
    if (done) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) localStorage.setItem(store, event.target.checked ? "0" : "1");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) show();
  });
})();
