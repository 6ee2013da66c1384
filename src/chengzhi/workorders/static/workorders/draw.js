// The control area's form: draw one surface on the map; it travels as GeoJSON in a hidden field.
(() => {
  const field = document.getElementById("id_polygon");
  if (!field) return;
  const style = () => ({ color: window.chengzhi.mapToken("--cz-accent"), weight: 2, fillOpacity: 0.12 });
  document.addEventListener("mapready", (event) => {
    if (!event.target.matches("[data-draw]")) return;
    const { map } = event.detail;
    let surface;
    const keep = () => (field.value = surface ? JSON.stringify(surface.toGeoJSON().geometry) : "");
    const take = (layer) => {
      if (surface && surface !== layer) surface.remove();
      surface = layer;
      layer.setStyle(style());
      layer.on("pm:edit pm:dragend pm:cut", keep);
      keep();
    };
    const wait = () => {
      if (!L.PM) return void requestAnimationFrame(wait);
      map.pm ??= new L.PM.Map(map); // the map was made before the drawing tools had come
      map.pm.setLang(document.documentElement.lang.startsWith("en") ? "en" : "zh");
      map.pm.addControls({
        position: "topleft", drawMarker: false, drawCircleMarker: false, drawPolyline: false, drawCircle: false,
        drawText: false, cutPolygon: false, rotateMode: false, drawPolygon: true, drawRectangle: true,
      });
      map.getContainer().querySelectorAll(".button-container[title] > a").forEach((tool) =>
        tool.setAttribute("aria-label", tool.parentElement.title)); // the kit names the box only
      map.on("pm:create", ({ layer }) => take(layer));
      map.on("pm:remove", ({ layer }) => layer === surface && ((surface = null), keep()));
      if (field.value) {
        const [layer] = L.geoJSON({ type: "Feature", geometry: JSON.parse(field.value) }).getLayers();
        take(layer.addTo(map));
        map.fitBounds(layer.getBounds().pad(0.3));
      }
    };
    wait();
  });
})();
