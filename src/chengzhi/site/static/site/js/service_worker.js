// Shows the offline page when a page cannot be fetched. It keeps nothing else: records are never
// stored on a machine that somebody else may use.
const KEPT = "chengzhi-offline-1";
const OFFLINE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const page = await fetch(OFFLINE, { credentials: "omit" });
      const sheets = [...(await page.clone().text()).matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href);
      const cache = await caches.open(KEPT);
      await cache.put(OFFLINE, page);
      await cache.addAll(sheets);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  const old = async () => (await caches.keys()).filter((name) => name !== KEPT).map((name) => caches.delete(name));
  event.waitUntil(old().then((gone) => Promise.all(gone)).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (event.request.destination === "style") {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
