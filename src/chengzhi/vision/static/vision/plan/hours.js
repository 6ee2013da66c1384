// The hours of a rule as a week of seven days and 24 hours, without a page, and back.
// A cell is 1 where the rule holds for the whole hour, 2 where it holds for a part of it, else 0.
((root) => {
  const DAYS = [1, 2, 3, 4, 5, 6, 7];
  const FULL = 24;
  const minutes = (text) => {
    const [hour, minute] = text.split(":").map(Number);
    return hour * 60 + (minute || 0);
  };
  const parse = (text) => {
    const [, days = "", from, to] = /^(?:([1-7]+)\/)?(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(text.trim()) ?? [];
    return from === undefined ? null : { days: days ? [...days].map(Number) : DAYS, from: minutes(from), to: minutes(to) };
  };

  const mark = (grid, day, from, to) => {
    for (let hour = 0; hour < FULL; hour += 1) {
      const covered = Math.min(to, hour * 60 + 60) - Math.max(from, hour * 60);
      if (covered >= 60) grid[day - 1][hour] = 1;
      else if (covered > 0) grid[day - 1][hour] ||= 2;
    }
  };
  const grid = (hours, weekdays) => {
    const made = DAYS.map(() => Array(FULL).fill(0));
    const held = weekdays?.length ? weekdays : DAYS;
    const spans = hours.length ? hours.map(parse).filter(Boolean) : [{ days: DAYS, from: 0, to: FULL * 60 }];
    spans.forEach((span) =>
      span.days.filter((day) => held.includes(day)).forEach((day) => {
        if (span.from < span.to) return mark(made, day, span.from, span.to);
        mark(made, day, span.from, FULL * 60);
        mark(made, (day % 7) + 1, 0, span.to);
      }),
    );
    return made;
  };

  const two = (hour) => `${String(hour).padStart(2, "0")}:00`;
  // An evening that runs into the next morning is one run, so that dwell counts on over midnight.
  const morningAfter = (evening, morning) => {
    const start = evening.lastIndexOf(0) + 1; // the hour from which the evening holds to midnight
    const end = morning.indexOf(0);
    return start > 0 && start < FULL && end > 0 && end <= start ? end : 0;
  };
  const runs = (cells, day) => {
    const [today, yesterday, tomorrow] = [cells[day], cells[(day + 6) % 7], cells[(day + 1) % 7]];
    const found = [];
    for (let hour = morningAfter(yesterday, today); hour < FULL; hour += 1) {
      if (!today[hour] || (hour > 0 && today[hour - 1])) continue;
      let end = hour;
      while (end < FULL && today[end]) end += 1;
      const on = end === FULL ? morningAfter(today, tomorrow) : 0;
      found.push(`${two(hour)}-${end < FULL ? two(end) : on ? two(on) : "24:00"}`);
    }
    return found;
  };
  const spans = (cells) => {
    const full = DAYS.filter((day) => cells[day - 1].every(Boolean));
    const some = DAYS.filter((day) => cells[day - 1].some(Boolean));
    if (!some.length) return null; // a rule that never holds is switched off, not written
    if (full.length === some.length) return { hours: [], weekdays: full.length === 7 ? [] : full };
    const byText = new Map();
    DAYS.forEach((day) => runs(cells, day - 1).forEach((text) => byText.set(text, `${byText.get(text) ?? ""}${day}`)));
    const hours = [...byText].map(([text, days]) => (days.length === 7 ? text : `${days}/${text}`));
    return { hours, weekdays: [] };
  };

  root.hours = { grid, parse, spans };
})(typeof module === "undefined" ? (window.plan = window.plan ?? {}) : module.exports);
