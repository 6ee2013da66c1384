// Countdowns: the server renders what is left; this only keeps it true while the page stays open.
(() => {
  const HOUR = 3600e3;
  const words = (ms) => {
    const minutes = Math.floor(ms / 60e3);
    if (ms >= 100 * HOUR) return null; // days are counted by the server
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const tick = () => {
    const now = Date.now();
    document.querySelectorAll(".clock[data-due]").forEach((clock) => {
      const left = Date.parse(clock.dataset.due) - now;
      const time = words(Math.abs(left));
      if (time === null) return;
      const isNear = clock.dataset.warn && now >= Date.parse(clock.dataset.warn);
      clock.classList.remove("ok", "warn", "bad");
      clock.classList.add(left < 0 ? "bad" : isNear ? "warn" : "ok");
      clock.querySelector("[data-word]").textContent = left < 0 ? clock.dataset.over : clock.dataset.left;
      clock.querySelector("[data-time]").textContent = time;
    });
  };
  setInterval(tick, 15000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
})();
