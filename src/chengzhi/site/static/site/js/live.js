// What changes by itself: every half minute, while the page is looked at, it asks for new numbers.
// An element that listens says hx-trigger="live from:body"; a hidden page asks for nothing.
(() => {
  const every = Number(document.body.dataset.liveSeconds ?? 30) * 1000;
  let asked = Date.now();
  const ask = () => {
    if (document.hidden || !navigator.onLine) return;
    asked = Date.now();
    window.htmx?.trigger(document.body, "live");
  };
  setInterval(ask, every);
  document.addEventListener("visibilitychange", () => Date.now() - asked >= every && ask());
})();
