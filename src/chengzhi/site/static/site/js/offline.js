// Registers the worker that shows the offline page, and says in words when the network is gone.
(() => {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  addEventListener("offline", () => window.chengzhi?.toast({ text: document.body.dataset.offlineWord, level: "warning" }));
})();
