// The map of work orders. Spread: clusters from the server, single pins close up. Heat: reports of a
// period in squares. Replay: a day's reports appear and end as the time moves on.
(() => {
  const ask = (url) => fetch(url, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  const say = (word, ...values) => values.reduce((text, value) => text.replace("%s", Number(value).toLocaleString()), word);
  const note = document.querySelector("[data-map-note]");
  const count = document.querySelector("[data-map-count]");
  const token = (name) => window.chengzhi.mapToken(name);

  const addressOf = (map, path, extra = {}) => {
    const query = new URLSearchParams(location.search);
    const bounds = map.getBounds().pad(0.1);
    const box = [Math.max(-180, bounds.getWest()), Math.max(-85, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(85, bounds.getNorth())];
    query.set("bbox", box.map((value) => value.toFixed(5)).join(","));
    query.set("zoom", Math.floor(map.getZoom()));
    Object.entries(extra).forEach(([name, value]) => query.set(name, value));
    return `${path}?${query}`;
  };
  const failed = (box) => window.chengzhi.toast({ text: box.dataset.failedWord, level: "error" });

  const drawGrids = async (map, url) => {
    const grids = url && (await ask(url).catch(() => null));
    if (!grids) return;
    const color = token("--cz-accent");
    L.geoJSON(grids, { style: { color, weight: 1, dashArray: "4 4", fillOpacity: 0.03 }, onEachFeature: (feature, layer) => layer.bindTooltip(feature.properties.name) })
      .addTo(map)
      .bringToBack();
  };

  // Colour, shape and number together say how the limits stand.
  const toneOf = (overdue, soon) => (overdue ? "bad" : soon ? "warn" : "ok");
  const labelOf = (box, [, , total, overdue, soon]) => {
    const parts = [total === 1 ? box.dataset.oneWord : say(box.dataset.manyWord, total)];
    if (overdue) parts.push(say(box.dataset.overWord, overdue));
    if (soon) parts.push(say(box.dataset.soonWord, soon));
    return parts.join("，");
  };
  const pinOf = (map, box, item) => {
    const [lon, lat, total, overdue, soon, id] = item;
    const size = total === 1 ? 24 : Math.min(54, 26 + Math.round(Math.log10(total) * 9));
    const shape = document.createElement("span");
    shape.className = `mark-pin ${toneOf(overdue, soon)}${total > 1 ? " many" : ""}`;
    shape.textContent = total > 1 ? total.toLocaleString() : "";
    if (overdue && total > 1) shape.append(Object.assign(document.createElement("i"), { textContent: overdue.toLocaleString() }));
    const icon = L.divIcon({ className: "", iconSize: [size, size], html: shape });
    const marker = L.marker([lat, lon], { icon, pane: "pins", alt: labelOf(box, item), title: labelOf(box, item), zIndexOffset: overdue ? 1000 : soon ? 500 : 0 });
    if (!id) return marker.on("click", () => map.flyTo([lat, lon], Math.min(17, Math.floor(map.getZoom()) + 2), { duration: 0.4 }));
    return marker.on("click", async () => {
      const answer = await fetch(`${box.dataset.pin}${id}/`).catch(() => null);
      if (!answer?.ok) return failed(box);
      const card = document.createElement("div");
      card.innerHTML = await answer.text();
      L.popup().setLatLng([lat, lon]).setContent(card).openOn(map);
      card.querySelector("a")?.focus();
    });
  };

  const spread = (map, box) => {
    const layer = L.layerGroup().addTo(map);
    let asked = 0;
    const draw = async () => {
      const mine = ++asked;
      const found = await ask(addressOf(map, box.dataset.tile)).catch(() => (failed(box), null));
      if (!found || mine !== asked) return;
      layer.clearLayers();
      found.clusters.forEach((item) => pinOf(map, box, item).addTo(layer));
      count.textContent = found.total.toLocaleString();
      const when = document.querySelector("[data-map-as-of]");
      when.textContent = ` · ${when.dataset.word} ${found.as_of.slice(11, 19)}`;
      const older = note.querySelector("[data-older-word]");
      note.hidden = !found.older;
      older.textContent = say(older.dataset.olderWord, found.older);
    };
    map.on("moveend", draw);
    document.body.addEventListener("live", draw);
    draw();
  };

  const heat = (map, box) => {
    const layer = L.layerGroup().addTo(map);
    const steps = [1, 2, 3, 4, 5].map((step) => token(`--cz-heat-${step}`));
    const draw = async () => {
      const found = await ask(addressOf(map, box.dataset.heat)).catch(() => (failed(box), null));
      if (!found) return;
      layer.clearLayers();
      const most = Math.max(1, ...found.squares.map(([, , total]) => total));
      const radius = Math.max(5, 265 / (156543 * Math.cos((29.4 * Math.PI) / 180) / 2 ** map.getZoom()) / 1.4);
      found.squares
        .sort((one, other) => one[2] - other[2])
        .forEach(([lon, lat, total]) => {
          const step = Math.min(4, Math.floor((Math.log1p(total) / Math.log1p(most)) * 5));
          L.circleMarker([lat, lon], { radius, stroke: false, fillColor: steps[step], fillOpacity: 0.55, interactive: false }).addTo(layer);
        });
      count.textContent = found.total.toLocaleString();
      const said = document.querySelector("[data-heat-said]");
      said.textContent = say(said.dataset.word, found.squares.length ? most : 0);
    };
    map.on("moveend", draw);
    draw();
  };

  const replay = async (map, box) => {
    const found = await ask(addressOf(map, box.dataset.replay)).catch(() => (failed(box), null));
    if (!found) return;
    const bar = document.querySelector("[data-replay-bar]");
    const slider = bar.querySelector("[data-replay-at]");
    const clock = bar.querySelector("[data-replay-time]");
    const said = bar.querySelector("[data-replay-said]");
    const play = bar.querySelector("[data-play]");
    const [open, ended] = [token("--cz-warn-mark"), token("--cz-ok-mark")];
    const dots = found.moments.map((one) => [one, L.circleMarker([one.lat, one.lon], { radius: 5, weight: 1, color: token("--cz-surface"), fillOpacity: 0.9, interactive: false })]);
    if (dots.length) map.fitBounds(L.latLngBounds(dots.map(([, dot]) => dot.getLatLng())).pad(0.1), { maxZoom: 14 });
    count.textContent = found.total.toLocaleString();
    const draw = () => {
      const at = Number(slider.value);
      let [here, done] = [0, 0];
      dots.forEach(([one, dot]) => {
        const isHere = one.reported <= at;
        const isDone = isHere && one.ended <= at && one.ended < 1440;
        here += isHere;
        done += isDone;
        if (isHere) dot.setStyle({ fillColor: isDone ? ended : open }).addTo(map);
        else dot.remove();
      });
      clock.textContent = `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
      slider.setAttribute("aria-valuetext", clock.textContent);
      said.textContent = say(said.dataset.word, here, done);
    };
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.setAttribute("aria-pressed", "false");
      play.querySelector("span").textContent = play.dataset.playWord;
      play.querySelector("i").className = "ti ti-player-play";
      window.chengzhi.announce(`${clock.textContent} ${said.textContent}`);
    };
    const start = () => {
      if (Number(slider.value) >= 1440) slider.value = 0;
      play.setAttribute("aria-pressed", "true");
      play.querySelector("span").textContent = play.dataset.pauseWord;
      play.querySelector("i").className = "ti ti-player-pause";
      timer = setInterval(() => {
        slider.value = Number(slider.value) + 5;
        draw();
        if (Number(slider.value) >= 1440) stop();
      }, 60);
    };
    play.addEventListener("click", () => (timer ? stop() : start()));
    slider.addEventListener("input", draw);
    draw();
  };

  const MODES = { spread, heat, replay };
  document.addEventListener("mapready", (event) => {
    const box = event.target;
    if (!box.dataset.tile) return;
    event.detail.map.createPane("pins").style.zIndex = 660; // above the towns' names
    drawGrids(event.detail.map, box.dataset.grids);
    MODES[box.dataset.mode](event.detail.map, box);
  });
})();
