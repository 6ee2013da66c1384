// The picture of a plan: draws zones, corners and person marks, and turns pointer and keys into changes.
// Every corner can be focused: the arrows move it, Shift makes the step ten, Delete takes it away.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const node = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const text = (points) => points.map((point) => point.join(",")).join(" ");
  const middle = ([ax, ay], [bx, by]) => [Math.round((ax + bx) / 2), Math.round((ay + by) / 2)];

  // editor: { state, size, words, chosen, draft, isMarking, change(deed), choose(index), add(point), finish(), render() }
  window.plan.canvas = (editor, svg) => {
    // A handle is never smaller than what a pointer, or a thumb, can take.
    const least = matchMedia("(pointer: coarse)").matches ? 24 : 14;
    const unit = () => Math.max(editor.size.width / 64, (least * editor.size.width) / (svg.clientWidth || editor.size.width));
    let held = null; // the handle under the pointer: [what, index]
    const at = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return kept([Math.round(point.x), Math.round(point.y)]);
    };
    const kept = ([x, y]) => [Math.max(0, Math.min(editor.size.width, x)), Math.max(0, Math.min(editor.size.height, y))];
    const pointsOf = (zone) => zone.drawn?.points ?? zone.polygon;
    const isOpen = (zone) => Boolean(zone.drawn);

    // Names that would lie on each other are put one above the other.
    const apart = (labels) => {
      const placed = [];
      labels.forEach((made) => {
        const [x, high] = [Number(made.getAttribute("x")), unit() * 1.2];
        const wide = made.textContent.length * unit() * (made.getAttribute("text-anchor") === "end" ? -1 : 1);
        const [left, right] = [Math.min(x, x + wide), Math.max(x, x + wide)];
        let y = Number(made.getAttribute("y"));
        for (const other of placed) {
          if (left < other.right && right > other.left && Math.abs(y - other.y) < high) y = other.y - high;
        }
        y = Math.max(high, y);
        placed.push({ left, right, y });
        made.setAttribute("y", y);
      });
      return labels;
    };
    const label = (zone) => {
      const lowest = zone.polygon.reduce((one, other) => (other[1] > one[1] ? other : one));
      const isRight = lowest[0] > editor.size.width * 0.6;
      const made = node("text", { x: lowest[0], "text-anchor": isRight ? "end" : "start", y: Math.min(lowest[1] - unit() * 0.4, editor.size.height - 4), "font-size": unit() });
      made.textContent = zone.name;
      return made;
    };
    const handle = ({ what, index, point, title, cls }) => {
      const made = node("circle", {
        class: cls, cx: point[0], cy: point[1], r: cls === "between" ? unit() / 2.8 : unit() / 2,
        tabindex: "0", role: "button", "aria-label": `${title} (${point.join(", ")})`,
        "data-what": what, "data-index": index,
      });
      return made;
    };
    const handles = (zone) => {
      const points = pointsOf(zone);
      const { corner, between } = editor.words;
      const corners = points.map((point, index) => handle({ what: "corner", index, point, cls: "corner", title: `${zone.name} ${corner}${index + 1}` }));
      if (zone.drawn?.tool === "spot") return corners;
      const last = isOpen(zone) ? points.length - 1 : points.length;
      const betweens = points.slice(0, last).map((point, index) =>
        handle({ what: "between", index, point: middle(point, points[(index + 1) % points.length]), cls: "between", title: `${zone.name} ${between}${index + 1}` }),
      );
      return [...betweens, ...corners];
    };
    const persons = () => {
      const { perspective } = editor.state;
      if (!perspective) return [];
      return perspective.person.flatMap(([x, y, tall], index) => {
        const title = editor.words[index === 0 ? "far" : "near"];
        const bar = [node("line", { class: "person", x1: x, y1: y, x2: x, y2: y - tall }), node("line", { class: "person", x1: x - unit() / 2, y1: y, x2: x + unit() / 2, y2: y })];
        const shown = editor.isMarking
          ? [
              handle({ what: "feet", index, point: [x, y], cls: "corner", title: `${title} ${editor.words.feet}` }),
              handle({ what: "head", index, point: [x, y - tall], cls: "corner", title: `${title} ${editor.words.head}` }),
            ]
          : [];
        return [...bar, ...shown];
      });
    };

    const paint = () => {
      const { zones } = editor.state;
      const focused = document.activeElement?.closest?.("[data-what]");
      const key = focused && svg.contains(focused) ? [focused.dataset.what, focused.dataset.index] : null;
      const order = zones.map((zone, index) => [zone, index]).filter(([zone]) => zone.polygon.length >= 3 && editor.isHere(zone));
      const shapes = [
        ...order.map(([zone, index]) => node("polygon", { class: `zone of-${zone.kind}${index === editor.chosen ? " chosen" : ""}`, points: text(zone.polygon), "data-zone": index })),
        ...apart(order.map(([zone]) => label(zone))),
      ];
      const chosen = editor.isMarking ? null : zones[editor.chosen];
      const line = chosen?.drawn && chosen.drawn.tool !== "spot" ? [node("polyline", { class: "draft", points: text(chosen.drawn.points) })] : [];
      const draft = editor.draft?.length ? [node("polyline", { class: "draft", points: text(editor.draft) }), ...editor.draft.map(([x, y]) => node("circle", { class: "corner", cx: x, cy: y, r: unit() / 2.5 }))] : [];
      svg.replaceChildren(...shapes, ...line, ...(chosen ? handles(chosen) : []), ...persons(), ...draft);
      svg.classList.toggle("drawing-now", editor.draft !== null);
      if (key) svg.querySelector(`[data-what="${key[0]}"][data-index="${key[1]}"]`)?.focus();
    };

    const moveTo = (what, index, point, merge) =>
      editor.change((state) => {
        const where = kept(point);
        if (what === "feet" || what === "head") {
          const mark = state.perspective.person[index];
          const [x, y, tall] = mark;
          if (what === "feet") mark.splice(0, 3, where[0], where[1], tall);
          else mark.splice(0, 3, x, y, Math.max(4, y - where[1]));
          return;
        }
        pointsOf(state.zones[editor.chosen])[index] = where;
      }, { merge: merge && `${what}${index}` });
    const insert = (index, point) => {
      editor.change((state) => pointsOf(state.zones[editor.chosen]).splice(index + 1, 0, kept(point)));
      editor.render();
      svg.querySelector(`[data-what="corner"][data-index="${index + 1}"]`)?.focus();
    };
    const remove = (index) => {
      const zone = editor.state.zones[editor.chosen];
      const least = zone.drawn?.tool === "spot" ? 1 : zone.drawn ? 2 : 3;
      if (pointsOf(zone).length <= least) return void window.chengzhi.announce(editor.words.least);
      editor.change((state) => pointsOf(state.zones[editor.chosen]).splice(index, 1));
      editor.render();
      svg.querySelector(`[data-what="corner"][data-index="${Math.max(0, index - 1)}"]`)?.focus();
    };

    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const { what, index, zone } = event.target.dataset ?? {};
      if (editor.draft) return void editor.add(at(event));
      if (what) {
        const number = Number(index);
        if (what === "between") insert(number, at(event));
        held = what === "between" ? ["corner", number + 1] : [what, number];
        svg.setPointerCapture(event.pointerId);
        event.preventDefault();
        svg.querySelector(`[data-what="${held[0]}"][data-index="${held[1]}"]`)?.focus();
      } else if (zone !== undefined && !editor.isMarking) editor.choose(Number(zone));
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      moveTo(...held, at(event), true);
      paint();
    });
    svg.addEventListener("pointerup", () => {
      if (held) editor.render();
      held = null;
    });
    svg.addEventListener("dblclick", () => editor.draft && editor.finish());
    svg.addEventListener("contextmenu", (event) => {
      if (event.target.dataset?.what !== "corner") return;
      event.preventDefault();
      remove(Number(event.target.dataset.index));
    });
    svg.addEventListener("keydown", (event) => {
      const { what, index } = event.target.dataset ?? {};
      if (!what || event.ctrlKey || event.metaKey || event.altKey) return;
      const number = Number(index);
      const arrow = ARROWS[event.key];
      const here = [Number(event.target.getAttribute("cx")), Number(event.target.getAttribute("cy"))];
      if (what === "between" && (event.key === "Enter" || event.key === " " || event.key === "Insert")) insert(number, here);
      else if (arrow && what !== "between") {
        const step = event.shiftKey ? 10 : 1;
        moveTo(what, number, [here[0] + arrow[0] * step, here[1] + arrow[1] * step], true);
        editor.render();
        window.chengzhi.announce(svg.querySelector(`[data-what="${what}"][data-index="${index}"]`)?.getAttribute("aria-label") ?? "");
      } else if (what === "corner" && (event.key === "Delete" || event.key === "Backspace")) remove(number);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return { paint };
  };
})();
