// Single keys at the desks. A key is declared on its button (data-key="Y") and printed there in <kbd>.
// [data-list-keys] holds rows [data-row]: J and K or the arrows move, O or Enter opens, X or the
// space bar picks, Shift with a move picks on the way, A picks the page. G and a letter goes
// places ([data-go]); Escape leaves what is open, then the page ([data-leave]).
(() => {
  const live = document.getElementById("live");
  // Say something to a screen reader; the same words twice are said twice.
  const announce = (text) => {
    if (!live) return;
    live.textContent = "";
    requestAnimationFrame(() => (live.textContent = text));
  };
  window.chengzhi = { ...window.chengzhi, announce };
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
  const linkOf = (row) => (row.matches("a") ? row : row.querySelector("a[data-open], a"));
  const boxOf = (row) => row.querySelector("input[type=checkbox]");
  const isCurrent = (row) => row.matches("[aria-current]") || Boolean(row.querySelector("a[aria-current]"));
  let last = null; // the row that was moved to, where focus has gone on to the record
  const indexIn = (all) => {
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    if (focused >= 0) return focused;
    const moved = all.indexOf(last);
    return moved >= 0 ? moved : all.findIndex(isCurrent);
  };
  const goTo = (row) => {
    last = row;
    (linkOf(row) ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
    if (row.closest("[data-list-keys]").dataset.listKeys === "follow") linkOf(row)?.click();
  };
  const move = (step, picking) => {
    const all = rows();
    const at = indexIn(all);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (!next) return false;
    if (picking) [all[at], next].forEach((row) => row && !boxOf(row)?.checked && boxOf(row)?.click());
    goTo(next);
    return true;
  };
  const onRow = (deed) => {
    const all = rows();
    const row = all[indexIn(all)];
    return row ? deed(row) : false;
  };
  const open = (row) => {
    const link = linkOf(row);
    const isOpen = row.closest("[data-list-keys]").dataset.listKeys === "follow";
    if (isOpen && press("O")) return true; // it is open beside the list: O opens the whole page
    link?.click();
    return Boolean(link);
  };
  const pick = (row) => {
    last = row;
    boxOf(row)?.click();
    return Boolean(boxOf(row));
  };
  const pickPage = () => {
    const all = document.querySelector("[data-pick-all]");
    const boxes = rows().map(boxOf).filter(Boolean);
    if (!boxes.length) return false;
    const on = boxes.some((box) => !box.checked);
    boxes.filter((box) => box.checked !== on).forEach((box) => box.click());
    if (all) all.checked = on;
    return true;
  };
  const LIST = {
    j: (event) => move(1, event.shiftKey),
    k: (event) => move(-1, event.shiftKey),
    arrowdown: (event) => inList(event) && move(1, event.shiftKey),
    arrowup: (event) => inList(event) && move(-1, event.shiftKey),
    o: () => onRow(open),
    x: () => onRow(pick),
    " ": (event) => inList(event) && onRow(pick),
    a: pickPage,
  };
  // The arrows and the space bar scroll a page; they belong to the rows where the rows have focus.
  const inList = (event) => Boolean(event.target.closest("[data-list-keys]")) || event.target === document.body;

  let going = 0;
  const go = (key) => {
    if (Date.now() - going > 1500) {
      if (key !== "g" || !document.querySelector("[data-go]")) return false;
      going = Date.now();
      window.chengzhi.announce(dialog?.querySelector("[data-key-list]")?.dataset.going ?? "");
      return true;
    }
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    place?.click();
    return Boolean(place);
  };

  const leave = () => {
    const page = document.querySelector("[data-leave]");
    page?.click();
    return Boolean(page);
  };
  const escape = (event) => {
    if (isTyping(event.target)) {
      const menu = event.target.closest("details[open]");
      if (menu) return false; // it closes by itself
      event.target.blur();
      onRow((row) => linkOf(row)?.focus());
      return true;
    }
    if (document.querySelector("details.menu[open], details.deed[open]")) return false;
    const clear = document.querySelector("[data-bulk]:not([hidden]) [data-bulk-clear]");
    if (clear) return void clear.click() ?? true;
    return leave();
  };

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
    copy.querySelectorAll("kbd, i, .sr, b, .hint").forEach((part) => part.remove());
    return el.dataset.keyLabel || copy.textContent.trim().replace(/\s+/g, " ") || el.getAttribute("aria-label") || "";
  };
  const show = () => {
    const list = dialog.querySelector("[data-key-list]");
    const own = [...document.querySelectorAll("[data-key]")].filter((el) => el.closest("details.menu") || isShown(el));
    const lines = own.map((el) => item(el.dataset.key, labelOf(el)));
    if (rows().length) {
      const canPick = rows().some(boxOf);
      const pickKey = document.querySelector('[data-key="X"]') ? list.dataset.space : "X"; // 不予受理 and 作废 have X at the desk
      const pickLines = canPick ? [item(pickKey, list.dataset.pick), item("⇧ J", list.dataset.range), item("A", list.dataset.page)] : [];
      lines.unshift(item("J / K", list.dataset.move), item("O", list.dataset.open), ...pickLines);
    }
    const places = [...document.querySelectorAll("[data-go]")].map((el) => item(`G ${el.dataset.go.toUpperCase()}`, labelOf(el)));
    list.replaceChildren(...lines, item("/", list.dataset.find), item("Esc", list.dataset.leave), ...places);
    dialog.querySelector("[data-keys-switch]").checked = !isOff();
    dialog.showModal();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return void (escape(event) && event.preventDefault());
    if (isTyping(event.target)) return;
    if (event.key === "?" && dialog) return void (show(), event.preventDefault());
    if (isOff()) return;
    const onControl = event.target.matches("a[href], button, summary, input");
    const isRow = event.target.matches("[data-row] a[data-open], [data-row] > a, a[data-row]");
    const onRecord = isRow && event.key === "Enter" && event.target.matches("[aria-current]");
    if (event.key === "Enter" && onControl && !onRecord) return;
    if (event.key === " " && onControl && !isRow) return;
    const key = event.key.toLowerCase();
    const done = go(key) || (event.key === "/" ? find() : (event.shiftKey ? false : press(event.key)) || Boolean(LIST[key]?.(event)));
    if (done) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) localStorage.setItem(store, event.target.checked ? "0" : "1");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) show();
  });
})();
