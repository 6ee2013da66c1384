// The rules of the chosen zone: a form for each, with the week as a field of cells that can be clicked.
(() => {
  const { hours: week, geometry } = window.plan;
  const words = (text) => text.split(/[\s,、，]+/).filter(Boolean);
  const numberOf = (text) => (text.trim() === "" ? undefined : Number(text));

  window.plan.duration = (seconds, units) => {
    const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.round(seconds % 60)];
    return parts.map((count, index) => (count ? `${count}${units[index]}` : "")).join("") || `0${units[2]}`;
  };

  // editor: as in canvas.js; box: where the forms go
  window.plan.rules = (editor, box) => {
    const template = document.getElementById("plan-rule").content;
    const kindOf = (zone) => editor.kinds.find((kind) => kind.value === zone.kind);
    const findingOf = (value) => editor.findings.find((finding) => finding.value === value);
    const field = (form, name) => form.querySelector(`[data-field="${name}"]`);
    const edit = (index, deed, merge) =>
      editor.change((state) => deed(state.zones[editor.chosen].rules[index]), { merge: merge && `rule${index}${merge}`, quiet: true });

    const cells = (form, rule, index) => {
      const table = form.querySelector("[data-week]");
      const grid = week.grid(rule.hours ?? [], rule.weekdays ?? []);
      const rows = grid.map((line, day) => {
        const row = document.createElement("div");
        const name = document.createElement("button");
        name.type = "button";
        name.className = "day";
        name.textContent = editor.words.days[day];
        name.tabIndex = -1;
        name.addEventListener("click", () => paint(grid, (_, at) => at === day, grid[day].every(Boolean) ? 0 : 1, index));
        row.append(name, ...line.map((cell, hour) => cellOf(grid, day, hour, cell, index)));
        return row;
      });
      const head = document.createElement("div");
      head.className = "hours";
      head.setAttribute("aria-hidden", "true");
      head.append(...["", ...Array.from({ length: 24 }, (_, hour) => (hour % 3 ? "" : String(hour)))].map((text) => Object.assign(document.createElement("span"), { textContent: text })));
      table.replaceChildren(head, ...rows);
    };
    const cellOf = (grid, day, hour, cell, index) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = ["off", "on", "part"][cell];
      made.dataset.cell = `${day}-${hour}`;
      made.tabIndex = day === 0 && hour === 0 ? 0 : -1;
      made.setAttribute("aria-pressed", cell === 1 ? "true" : cell === 2 ? "mixed" : "false");
      made.setAttribute("aria-label", `${editor.words.days[day]} ${hour}:00–${hour + 1}:00`);
      made.addEventListener("click", () => paint(grid, (at, on) => at === hour && on === day, cell === 1 ? 0 : 1, index, `${day}-${hour}`));
      return made;
    };
    const paint = (grid, isMeant, value, index, focus) => {
      const made = grid.map((line, day) => line.map((cell, hour) => (isMeant(hour, day) ? value : cell ? 1 : 0)));
      const spans = week.spans(made);
      edit(index, (rule) => (spans ? Object.assign(rule, spans) : Object.assign(rule, { enabled: false })));
      editor.render();
      if (focus) box.querySelectorAll("[data-rule]")[index]?.querySelector(`[data-cell="${focus}"]`)?.focus();
    };
    const roam = (event) => {
      const [day, hour] = (event.target.dataset.cell ?? "").split("-").map(Number);
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step || Number.isNaN(hour)) return;
      event.preventDefault();
      const next = event.currentTarget.querySelector(`[data-cell="${(day + step[0] + 7) % 7}-${(hour + step[1] + 24) % 24}"]`);
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    };

    const labels = (form, rule, index) => {
      const finding = findingOf(rule.finding);
      const slot = form.querySelector("[data-labels]");
      const known = finding?.labels ?? [];
      slot.replaceChildren(
        ...known.map((label) => {
          const line = document.createElement("label");
          line.className = "tick";
          const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: (rule.exempt ?? []).includes(label) });
          box.addEventListener("change", () => edit(index, (one) => (one.exempt = [...new Set([...(one.exempt ?? []).filter((name) => name !== label), ...(box.checked ? [label] : [])])])));
          line.append(box, ` ${editor.words.labels[label] ?? label}`);
          return line;
        }),
      );
      slot.closest("[data-labels-line]").hidden = !known.length;
    };
    const size = (form, rule, zone) => {
      const { perspective } = editor.state;
      const finding = findingOf(rule.finding);
      const isKnown = geometry.isFit(perspective) && finding;
      form.querySelector("[data-derive]").disabled = !isKnown;
      const small = isKnown ? geometry.tooSmall(perspective, zone.polygon, finding.typical) : null;
      const note = form.querySelector("[data-small]");
      note.hidden = !small;
      if (small) note.querySelector("span").textContent = (small.isWhole ? editor.words.smallWhole : editor.words.smallFar).replace("%s", small.pixels);
    };
    const pair = (value) => (value === undefined || value === null ? "" : String(Array.isArray(value) ? Math.max(...value) : value));

    const fill = (form, rule, index, zone) => {
      field(form, "title").textContent = findingOf(rule.finding)?.label ?? rule.finding;
      field(form, "enabled").checked = rule.enabled !== false;
      field(form, "dwell_s").value = rule.dwell_s ?? "";
      field(form, "dwell_text").textContent = rule.dwell_s > 0 ? window.plan.duration(rule.dwell_s, editor.words.units) : "";
      field(form, "hours").value = (rule.hours ?? []).join(" ");
      field(form, "when").textContent = when(rule);
      field(form, "except_dates").value = (rule.except_dates ?? []).join(" ");
      field(form, "re_alert").value = rule.re_alert_s ? rule.re_alert_s / 60 : "";
      field(form, "min_size").value = pair(rule.min_size);
      field(form, "max_size").value = pair(rule.max_size);
      field(form, "min_score").value = rule.min_score ?? "";
      cells(form, rule, index);
      labels(form, rule, index);
      size(form, rule, zone);
    };
    const when = (rule) => {
      const days = rule.weekdays?.length ? `${editor.words.week}${rule.weekdays.map((day) => editor.words.days[day - 1].replace(editor.words.week, "")).join("、")} ` : "";
      return days + (rule.hours?.length ? rule.hours.join("、") : editor.words.allDay);
    };
    const bind = (form, index) => {
      const on = (name, deed, type = "input") => field(form, name).addEventListener(type, (event) => edit(index, (rule) => deed(rule, event.target), type === "input" && name));
      on("enabled", (rule, el) => (rule.enabled = el.checked), "change");
      on("dwell_s", (rule, el) => {
        rule.dwell_s = numberOf(el.value) ?? 0;
        field(form, "dwell_text").textContent = rule.dwell_s > 0 ? window.plan.duration(rule.dwell_s, editor.words.units) : "";
      });
      on("re_alert", (rule, el) => (numberOf(el.value) ? (rule.re_alert_s = numberOf(el.value) * 60) : delete rule.re_alert_s));
      for (const name of ["min_size", "max_size", "min_score"]) on(name, (rule, el) => (numberOf(el.value) === undefined ? delete rule[name] : (rule[name] = numberOf(el.value))));
      on("hours", (rule, el) => (rule.hours = words(el.value)), "change");
      on("except_dates", (rule, el) => (rule.except_dates = words(el.value)), "change");
      form.querySelector("[data-week]").addEventListener("keydown", roam);
      form.querySelectorAll("[data-holidays]").forEach((button) =>
        button.addEventListener("click", () => {
          edit(index, (rule) => (rule.except_dates = [...new Set([...(rule.except_dates ?? []), ...words(button.dataset.holidays)])].sort()));
          editor.render();
        }),
      );
      form.querySelectorAll("[data-quick]").forEach((button) =>
        button.addEventListener("click", () => {
          edit(index, (rule) => Object.assign(rule, { hours: words(button.dataset.quick), weekdays: [] }));
          editor.render();
        }),
      );
      form.querySelector("[data-derive]").addEventListener("click", () => {
        const zone = editor.state.zones[editor.chosen];
        const { min, max } = findingOf(zone.rules[index].finding);
        const found = geometry.limits(editor.state.perspective, zone.polygon, { min, max });
        edit(index, (rule) => Object.assign(rule, { min_size: found.min, max_size: found.max }));
        editor.render();
      });
      form.querySelector("[data-remove]").addEventListener("click", () => {
        editor.change((state) => state.zones[editor.chosen].rules.splice(index, 1));
        editor.render();
        box.querySelector("select, button")?.focus();
      });
    };

    const adder = (zone) => {
      const taken = zone.rules.map((rule) => rule.finding);
      const free = (kindOf(zone)?.findings ?? []).filter((value) => !taken.includes(value));
      const line = template.querySelector("[data-add-line]").cloneNode(true);
      const choice = line.querySelector("select");
      choice.replaceChildren(...free.map((value) => new Option(findingOf(value)?.label ?? value, value)));
      line.querySelector("button").addEventListener("click", () => {
        editor.change((state) => state.zones[editor.chosen].rules.push({ finding: choice.value, dwell_s: findingOf(choice.value)?.dwell ?? 180, enabled: true }));
        editor.render();
        [...box.querySelectorAll("[data-rule]")].at(-1)?.setAttribute("open", "");
        [...box.querySelectorAll('[data-field="dwell_s"]')].at(-1)?.focus();
      });
      line.hidden = !free.length;
      return line;
    };
    const render = () => {
      const zone = editor.state.zones[editor.chosen];
      if (!zone) return void box.replaceChildren();
      const open = [...box.querySelectorAll("[data-rule]")].map((form) => form.open);
      const isSame = box.dataset.zone === String(editor.chosen) && open.length === zone.rules.length;
      box.dataset.zone = editor.chosen;
      const forms = zone.rules.map((rule, index) => {
        const form = template.querySelector("[data-rule]").cloneNode(true);
        form.querySelectorAll("[data-for]").forEach((el) => {
          const id = `rule${index}_${el.dataset.for}`;
          (el.querySelector("input") ?? el).id = id;
        });
        form.open = isSame ? open[index] : zone.rules.length === 1;
        bind(form, index);
        fill(form, rule, index, zone);
        return form;
      });
      const none = document.createElement("p");
      none.className = "sm soft";
      none.textContent = kindOf(zone)?.findings.length ? editor.words.noRule : editor.words.kindNoRule;
      box.replaceChildren(...forms, ...(forms.length ? [] : [none]), adder(zone));
    };
    return { render };
  };
})();
