// The report form: a click on the map, or typed degrees, set the point; then look what is near.
(() => {
  const lon = document.getElementById("id_lon");
  const lat = document.getElementById("id_lat");
  let marker;
  const look = () => window.htmx?.trigger(document.getElementById("nearby"), "picked");
  const show = (map) => {
    const at = [Number(lat.value), Number(lon.value)];
    if (!lat.value || !lon.value || at.some(Number.isNaN)) return;
    marker?.remove();
    marker = window.chengzhi.mapPin({ lon: at[1], lat: at[0], kind: "here" }).addTo(map);
  };
  document.addEventListener("mapready", (event) => {
    if (!event.target.matches("[data-pick]")) return;
    const { map } = event.detail;
    map.on("click", ({ latlng }) => {
      lon.value = latlng.lng.toFixed(6);
      lat.value = latlng.lat.toFixed(6);
      show(map);
      look();
    });
    [lon, lat].forEach((field) => field.addEventListener("change", () => (show(map), map.panTo([Number(lat.value), Number(lon.value)]), look())));
    show(map);
  });
})();
