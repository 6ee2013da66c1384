// The editor of a camera's plan: what is drawn, undo and redo, the list of zones, saving.
(() => {
  const page = document.querySelector("[data-plan]");
  if (!page) return;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const form = document.getElementById("plan-form");
  const svg = page.querySelector("[data-canvas]");
  const image = page.querySelector("[data-still]");
  const list = page.querySelector("[data-zones]");
  const about = page.querySelector("[data-zone-fields]");
  const { geometry } = window.plan;
  const given = read("plan-data");
  const { words, kinds, findings } = read("plan-words");
  const PLAIN = "polygon";
  const MOST = 100; // steps back

  const editor = {
    state: { zones: given.zones, perspective: given.perspective },
    size: { width: given.size[0], height: given.size[1] },
    words, kinds, findings,
    chosen: given.zones.length ? 0 : -1,
    draft: null,
    tool: PLAIN,
    isMarking: false,
    preset: null,
  };
  // A camera that turns: each zone belongs to one of its views, and only those of the view shown are drawn.
  const picker = page.querySelector("[data-preset]");
  if (picker) editor.preset = Number(picker.value);
  editor.isHere = (zone) => !picker || zone.preset === editor.preset;
  const firstHere = () => editor.state.zones.findIndex(editor.isHere);
  const back = [];
  const forth = [];
  let saved = JSON.stringify(editor.state);
  let last = { key: "", at: 0 };

  const outlineAll = (state) =>
    state.zones.forEach((zone) => {
      if (!zone.drawn) return;
      const perspective = geometry.isFit(state.perspective) ? state.perspective : null;
      zone.polygon = geometry.outline(zone.drawn, perspective, editor.size);
    });
  editor.change = (deed, { merge = "", quiet = false } = {}) => {
    const before = JSON.stringify(editor.state);
    deed(editor.state);
    if (!quiet) outlineAll(editor.state);
    if (JSON.stringify(editor.state) === before) return;
    const isMore = merge && merge === last.key && Date.now() - last.at < 1000;
    last = { key: merge, at: Date.now() };
    if (!isMore) back.push(before);
    if (back.length > MOST) back.shift();
    forth.length = 0;
    marks();
  };
  const step = (from, to) => {
    if (!from.length) return;
    to.push(JSON.stringify(editor.state));
    editor.state = JSON.parse(from.pop());
    keepChosen();
    last = { key: "", at: 0 };
    editor.render();
  };
  const keepChosen = () => {
    const zone = editor.state.zones[editor.chosen];
    if (!zone || !editor.isHere(zone)) editor.chosen = firstHere();
  };
  const turnTo = (preset) => {
    if (!picker || preset === editor.preset) return;
    editor.preset = preset;
    picker.value = String(preset);
    image.src = picker.selectedOptions[0].dataset.view;
    editor.draft = null;
  };
  const isDirty = () => JSON.stringify(editor.state) !== saved;
  const marks = () => {
    page.querySelector("[data-undo]").disabled = !back.length;
    page.querySelector("[data-redo]").disabled = !forth.length;
    page.querySelector("[data-dirty]").hidden = !isDirty();
  };

  const canvas = window.plan.canvas(editor, svg);
  const rules = window.plan.rules(editor, page.querySelector("[data-rules]"));
  const kindOf = (zone) => kinds.find((kind) => kind.value === zone.kind) ?? kinds[0];

  const row = (zone, index) => {
    const made = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zone-line";
    button.setAttribute("aria-pressed", String(index === editor.chosen));
    const dot = document.createElement("span");
    dot.className = `swatch of-${zone.kind}`;
    const name = document.createElement("b");
    name.textContent = zone.name;
    const kind = document.createElement("span");
    kind.className = "tag";
    kind.textContent = kindOf(zone).label;
    const count = document.createElement("span");
    count.className = "sm soft";
    count.textContent = kindOf(zone).findings.length ? words.rules.replace("%s", zone.rules.filter((rule) => rule.enabled !== false).length) : "";
    button.append(dot, name, kind, count);
    if (isSmall(zone)) {
      const mark = document.createElement("span");
      mark.className = "t-warn sm";
      mark.textContent = words.small;
      button.append(mark);
    }
    button.addEventListener("click", () => editor.choose(index));
    made.append(button);
    return made;
  };
  const isSmall = (zone) =>
    geometry.isFit(editor.state.perspective) &&
    zone.rules.some((rule) => {
      const finding = findings.find((one) => one.value === rule.finding);
      return finding && geometry.tooSmall(editor.state.perspective, zone.polygon, finding.typical);
    });
  const listZones = () => {
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...editor.state.zones.map(row).filter((_, index) => editor.isHere(editor.state.zones[index])));
    if (focused) list.querySelector('[aria-pressed="true"]')?.focus();
    page.querySelector("[data-no-zone]").hidden = list.childElementCount > 0;
  };
  const aboutZone = () => {
    const zone = editor.state.zones[editor.chosen];
    about.hidden = !zone;
    if (!zone) return;
    const get = (name) => about.querySelector(`[data-of="${name}"]`);
    if (document.activeElement !== get("name")) get("name").value = zone.name;
    get("kind").value = zone.kind;
    if (picker) get("preset").value = String(zone.preset);
    get("drawn").hidden = !zone.drawn;
    if (zone.drawn) {
      if (document.activeElement !== get("width")) get("width").value = zone.drawn.width;
      get("width-word").textContent = zone.drawn.tool === "spot" ? words.radius : words.width;
      get("unit").value = zone.drawn.unit;
      get("unit").querySelector('[value="m"]').disabled = !geometry.isFit(editor.state.perspective);
      get("side").hidden = zone.drawn.tool === "spot";
    }
    get("sizes").textContent = sizes(zone);
    get("refused").hidden = true;
  };
  const sizes = (zone) => {
    if (!geometry.isFit(editor.state.perspective)) return picker?.options.length > 1 ? "" : words.noPerspective;
    const { farM, nearM } = geometry.smallest(editor.state.perspective, zone.polygon);
    const say = (metres) => (metres === null ? "—" : metres.toFixed(1));
    return words.smallest.replace("%far", say(farM)).replace("%near", say(nearM));
  };
  const perspectiveLine = () => {
    const line = page.querySelector("[data-perspective-said]");
    const { perspective } = editor.state;
    page.querySelector("[data-mark]").setAttribute("aria-pressed", String(editor.isMarking));
    page.querySelector("[data-unmark]").hidden = !perspective;
    line.textContent = !perspective ? words.unmarked : geometry.isFit(perspective) ? words.marked : words.misfit;
    line.classList.toggle("t-bad", Boolean(perspective) && !geometry.isFit(perspective));
  };
  const hint = () => {
    const said = editor.draft ? words.hints[editor.tool] : editor.isMarking ? words.hints.mark : words.hints.edit;
    const slot = page.querySelector("[data-hint]");
    if (slot.textContent !== said) slot.textContent = said;
  };

  editor.render = () => {
    marks();
    canvas.paint();
    listZones();
    aboutZone();
    rules.render();
    perspectiveLine();
    hint();
    page.querySelectorAll("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", String(editor.draft !== null && editor.tool === button.dataset.tool)));
  };
  editor.choose = (index) => {
    editor.chosen = index;
    if (editor.state.zones[index]) turnTo(editor.state.zones[index].preset);
    editor.isMarking = false;
    editor.render();
  };
  editor.add = (point) => {
    const before = editor.draft.at(-1);
    if (before && Math.hypot(before[0] - point[0], before[1] - point[1]) < 3) return; // the second click of two
    editor.draft.push(point);
    if (editor.tool === "spot") return editor.finish();
    canvas.paint();
  };

  const NEW_KIND = page.querySelector("[data-new-kind]");
  const freshName = () => {
    const taken = new Set(editor.state.zones.map((zone) => zone.name));
    const word = kinds.find((kind) => kind.value === NEW_KIND.value).label;
    let number = 1;
    while (taken.has(`${word}${number}`)) number += 1;
    return `${word}${number}`;
  };
  // Without a pointer a shape is put in the middle of the picture, to be moved by the arrows.
  const placed = () => {
    const { width, height } = editor.size;
    const [x, y] = [Math.round(width / 2), Math.round(height * 0.6)];
    const [dx, dy] = [Math.round(width / 8), Math.round(height / 10)];
    if (editor.tool === "spot") return [[x, y]];
    if (editor.tool === "band") return [[x - dx, y], [x + dx, y]];
    return [[x - dx, y - dy], [x + dx, y - dy], [x + dx, y + dy], [x - dx, y + dy]];
  };
  editor.finish = () => {
    const least = { spot: 1, band: 2 }[editor.tool] ?? 3;
    const points = editor.draft.length ? editor.draft : placed();
    if (points.length < least) return void window.chengzhi.announce(words.least);
    const inMetres = geometry.isFit(editor.state.perspective);
    const width = editor.tool === "spot" ? (inMetres ? 1 : 40) : inMetres ? 2.5 : Math.round(editor.size.width / 14);
    const drawn = editor.tool === PLAIN ? undefined : { tool: editor.tool, points, width, unit: inMetres ? "m" : "px", side: 1 };
    const kind = kinds.find((one) => one.value === NEW_KIND.value);
    const rules = kind.findings.length ? [{ finding: kind.findings[0], dwell_s: findings.find((one) => one.value === kind.findings[0])?.dwell ?? 180, enabled: true }] : [];
    const zone = { name: freshName(), kind: kind.value, polygon: drawn ? [] : points, rules, ...(drawn ? { drawn } : {}), ...(picker ? { preset: editor.preset } : {}) };
    editor.draft = null;
    editor.change((state) => state.zones.push(zone));
    editor.choose(editor.state.zones.length - 1);
    svg.querySelector('[data-what="corner"]')?.focus();
  };
  const begin = (tool) => {
    const isSame = editor.draft !== null && editor.tool === tool;
    editor.tool = tool;
    editor.draft = isSame ? null : [];
    editor.isMarking = false;
    editor.render();
  };

  page.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => begin(button.dataset.tool)));
  NEW_KIND.addEventListener("change", () => {
    const { tool } = kinds.find((kind) => kind.value === NEW_KIND.value);
    if (editor.draft) begin(tool);
    page.querySelectorAll("[data-tool]").forEach((button) => button.classList.toggle("usual", button.dataset.tool === tool));
  });
  picker?.addEventListener("change", () => {
    turnTo(Number(picker.value));
    editor.choose(firstHere());
  });
  page.querySelector("[data-undo]").addEventListener("click", () => step(back, forth));
  page.querySelector("[data-redo]").addEventListener("click", () => step(forth, back));
  page.querySelector("[data-mark]").addEventListener("click", () => {
    editor.isMarking = !editor.isMarking;
    editor.draft = null;
    const { width, height } = editor.size;
    if (editor.isMarking && !editor.state.perspective) {
      editor.change((state) => (state.perspective = { person: [[Math.round(width * 0.45), Math.round(height * 0.45), Math.round(height * 0.1)], [Math.round(width * 0.55), Math.round(height * 0.9), Math.round(height * 0.25)]] }));
    }
    editor.render();
    if (editor.isMarking) svg.querySelector('[data-what="feet"]')?.focus();
  });
  page.querySelector("[data-unmark]").addEventListener("click", () => {
    editor.isMarking = false;
    editor.change((state) => {
      state.perspective = null;
      state.zones.forEach((zone) => zone.drawn?.unit === "m" && delete zone.drawn); // keeps its outline
    });
    editor.render();
  });
  about.addEventListener("input", (event) => {
    const { of } = event.target.dataset;
    const value = event.target.value;
    const edit = (deed) => editor.change((state) => deed(state.zones[editor.chosen]), { merge: of });
    if (of === "name") edit((zone) => (zone.name = value));
    if (of === "width" && Number(value) > 0) edit((zone) => (zone.drawn.width = Number(value)));
    if (of === "unit") edit((zone) => Object.assign(zone.drawn, { unit: value, width: value === "m" ? 2.5 : Math.round(editor.size.width / 14) }));
    if (of === "preset") {
      edit((zone) => (zone.preset = Number(value)));
      turnTo(Number(value));
    }
    if (of === "kind") edit((zone) => {
      const fitting = kinds.find((kind) => kind.value === value).findings;
      Object.assign(zone, { kind: value, rules: zone.rules.filter((rule) => fitting.includes(rule.finding)) });
    });
    if (of) editor.render();
  });
  about.addEventListener("click", (event) => {
    const deed = event.target.closest("[data-deed]")?.dataset.deed;
    const edit = (change) => editor.change((state) => change(state.zones[editor.chosen], state));
    if (deed === "flip") edit((zone) => (zone.drawn.side *= -1));
    if (deed === "free") edit((zone) => delete zone.drawn);
    if (deed === "delete") {
      edit((_, state) => state.zones.splice(editor.chosen, 1));
      keepChosen();
    }
    if (deed) editor.render();
    if (deed === "delete") (list.querySelector('[aria-pressed="true"]') ?? NEW_KIND).focus();
  });

  document.addEventListener("keydown", (event) => {
    const isField = event.target.matches("input, select, textarea");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isField) {
      event.preventDefault();
      return event.shiftKey ? step(forth, back) : step(back, forth);
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y" && !isField) return event.preventDefault(), step(forth, back);
    if (!editor.draft || isField) return;
    const isTool = event.target.closest("[data-tool]");
    if (event.key === "Enter" && (!isTool || event.target.getAttribute("aria-pressed") === "true")) return event.preventDefault(), event.stopPropagation(), editor.finish();
    if (event.key === "Backspace") return event.preventDefault(), editor.draft.pop(), canvas.paint();
    if (event.key === "Escape") return event.preventDefault(), (editor.draft = null), editor.render();
  }, true);

  const write = () => {
    form.elements.plan.value = JSON.stringify({ ...editor.state, size: [editor.size.width, editor.size.height] });
  };
  form.addEventListener("submit", write);
  document.addEventListener("htmx:configRequest", (event) => {
    if (!form.contains(event.detail.elt)) return;
    write();
    event.detail.parameters.plan = form.elements.plan.value;
  });
  // A refusal names the zone; show it, so that what is to be corrected lies before one's eyes.
  document.addEventListener("htmx:afterSwap", (event) => {
    const refusal = event.target.querySelector?.("[data-refusal]");
    if (!refusal || !page.contains(event.target)) return;
    const named = editor.state.zones.findIndex((zone) => refusal.textContent.includes(`“${zone.name}”`));
    if (named >= 0) editor.choose(named);
    page.querySelector("[data-anyway]").hidden = !refusal.textContent.includes(words.anyway);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (form.contains(event.detail.elt) && event.detail.xhr.status < 300) saved = JSON.stringify(editor.state);
  });
  window.addEventListener("beforeunload", (event) => isDirty() && event.preventDefault());

  // A new picture has come: it takes the place of the old one, what is drawn stays.
  document.addEventListener("htmx:load", (event) => {
    const fresh = event.target.querySelector?.("[data-fresh-still]") ?? (event.target.matches?.("[data-fresh-still]") ? event.target : null);
    if (fresh && image && image.getAttribute("src") !== fresh.dataset.freshStill) image.src = fresh.dataset.freshStill;
  });

  const start = () => {
    if (picker) editor.chosen = firstHere();
    editor.size.width ||= image?.naturalWidth || 1280;
    editor.size.height ||= image?.naturalHeight || 720;
    svg.setAttribute("viewBox", `0 0 ${editor.size.width} ${editor.size.height}`);
    editor.render();
    page.dataset.ready = "1";
  };
  if (image && !image.complete && !editor.size.width) image.addEventListener("load", start);
  else start();
})();
