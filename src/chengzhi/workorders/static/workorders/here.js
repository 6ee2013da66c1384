// "取现在位置": fills the two fields of the form with where the device says it is.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-here-ask]");
    if (!button || !navigator.geolocation) return;
    const form = button.closest("form");
    button.disabled = true;
    const end = () => (button.disabled = false);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.querySelector("[data-here=lon]").value = coords.longitude.toFixed(6);
      form.querySelector("[data-here=lat]").value = coords.latitude.toFixed(6);
      end();
    }, end, { enableHighAccuracy: true, timeout: 10000 });
  });
})();
