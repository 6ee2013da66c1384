// Maps from data attributes (Leaflet): a base map of towns and roads without any outside server,
// or XYZ / 天地图 tiles where the operator names them. Include site/parts/map_scripts.html to use it.
(() => {
  const SHAPES = { here: "", dup: "重", man: "人", cam: "C", old: "" };
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const load = (url) => fetch(url, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null));
  const cache = new Map();
  const once = (url) => cache.get(url) ?? (cache.set(url, load(url)), cache.get(url));

  const townStyle = () => ({ color: token("--cz-line-strong"), weight: 1, dashArray: "4 4", fillColor: token("--cz-map-land"), fillOpacity: 0.6 });
  const roadStyle = () => ({ color: token("--cz-map-road-edge"), weight: 4 });
  const named = (feature, layer) => {
    if (!feature.properties?.name) return;
    layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "rd", interactive: false });
  };

  const base = async (map) => {
    const { mapTowns, mapRoads, mapTiles, mapCredit } = document.body.dataset;
    if (mapTiles) L.tileLayer(mapTiles, { attribution: mapCredit, maxZoom: 19 }).addTo(map);
    const layers = [[mapTowns, townStyle], [mapRoads, roadStyle]];
    for (const [url, style] of layers) {
      const shapes = url && (await once(url).catch(() => null));
      if (!shapes) continue;
      const options = { style: style(), interactive: false, onEachFeature: style === townStyle ? named : undefined };
      L.geoJSON(shapes, options).addTo(map).bringToBack();
    }
  };

  const escape = (text) => new Option(text ?? "").innerHTML;
  const pin = ({ lon, lat, kind = "here", text, label, url }) => {
    const html = `<span class="pin ${escape(kind)}">${escape(text ?? SHAPES[kind] ?? "")}</span>`;
    const icon = L.divIcon({ className: "", iconSize: [24, 24], iconAnchor: [12, 12], html });
    const marker = L.marker([lat, lon], { icon, alt: label ?? kind, title: label ?? "", keyboard: Boolean(url) });
    if (url) marker.on("click keypress", () => location.assign(url));
    return marker;
  };

  const pointsOf = async (box) => {
    const inline = box.dataset.points && document.getElementById(box.dataset.points);
    if (inline) return JSON.parse(inline.textContent);
    return box.dataset.url ? ((await once(box.dataset.url)) ?? []) : [];
  };

  const start = async (box) => {
    if (box.chengzhiMap) return;
    const { lon, lat, zoom } = box.dataset;
    const map = L.map(box, { preferCanvas: true, zoomSnap: 0.25, attributionControl: true, scrollWheelZoom: box.matches(".full, .tall") });
    box.chengzhiMap = map;
    map.attributionControl.setPrefix(false);
    map.setView([Number(lat ?? 29.4772), Number(lon ?? 121.879)], Number(zoom ?? 12));
    base(map);
    const data = await pointsOf(box);
    const features = Array.isArray(data) ? null : data;
    const group = features
      ? L.geoJSON(features, {
          style: (feature) => ({ color: token("--cz-accent"), weight: 1.5, dashArray: "5 4", fillOpacity: 0.08, ...feature.properties?.style }),
          pointToLayer: (feature, at) => pin({ ...feature.properties, lon: at.lng, lat: at.lat }),
        })
      : L.featureGroup(data.map(pin));
    group.addTo(map);
    if (!lon && group.getLayers().length) map.fitBounds(group.getBounds().pad(0.1), { maxZoom: 17 });
    box.dispatchEvent(new CustomEvent("mapready", { bubbles: true, detail: { map, group } }));
  };

  const startAll = (root) => root.querySelectorAll("[data-map]").forEach(start);
  startAll(document);
  document.addEventListener("htmx:load", (event) => event.target !== document.body && startAll(event.target.parentElement ?? document));
  window.chengzhi = { ...window.chengzhi, mapPin: pin, mapToken: token };
})();
