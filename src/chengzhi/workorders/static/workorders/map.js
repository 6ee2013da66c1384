// The map of open work orders: patrol grids below, one pin a work order, shape by limit.
(() => {
  const KINDS = { ok: "man", warn: "dup", bad: "here-flat", idle: "old" };
  const load = (url) => fetch(url, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null));

  const line = (text, tag = "div") => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const popup = (point, openWord) => {
    const box = document.createElement("div");
    const link = line(openWord, "a");
    link.href = point.url;
    box.append(line(`${point.matter_name} · ${point.state_label}`, "b"), line(point.address), line(`${point.code} · ${point.left_text}`), link);
    return box;
  };

  const drawGrids = async (map, url) => {
    const grids = url && (await load(url).catch(() => null));
    if (!grids) return;
    const color = window.chengzhi.mapToken("--cz-accent");
    L.geoJSON(grids, { style: { color, weight: 1, dashArray: "4 4", fillOpacity: 0.04 }, onEachFeature: (feature, layer) => layer.bindTooltip(feature.properties.name) })
      .addTo(map)
      .bringToBack();
  };

  const drawPoints = async (map, box) => {
    const answer = await load(box.dataset.workOrders).catch(() => null);
    if (!answer) return;
    document.querySelector("[data-map-count]").textContent = answer.count.toLocaleString();
    const note = document.querySelector("[data-map-note]");
    note.hidden = answer.shown >= answer.count;
    note.textContent = box.dataset.manyWord;
    const pins = answer.points.map((point) => {
      const marker = window.chengzhi.mapPin({ ...point, url: "", kind: KINDS[point.tone], text: "", label: `${point.matter_name} ${point.code}` });
      return marker.bindPopup(() => popup(point, box.dataset.openWord));
    });
    const group = L.featureGroup(pins).addTo(map);
    if (pins.length) map.fitBounds(group.getBounds().pad(0.1), { maxZoom: 16 });
  };

  document.addEventListener("mapready", (event) => {
    const box = event.target;
    if (!box.dataset.workOrders) return;
    drawGrids(event.detail.map, box.dataset.grids);
    drawPoints(event.detail.map, box);
  });
})();
