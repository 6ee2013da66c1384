// A new picture of the camera has come: show it, so that one sees what becomes a preset.
document.addEventListener("htmx:load", (event) => {
  const line = event.target.matches?.("[data-fresh-still]") ? event.target : event.target.querySelector?.("[data-fresh-still]");
  const image = document.querySelector("img[data-still]");
  if (!line) return;
  if (!image) return void location.reload();
  if (image.getAttribute("src") === line.dataset.freshStill) return;
  image.src = line.dataset.freshStill;
  document.querySelectorAll('form[action$="/renew/"] button, form[action$="/new/"] button').forEach((button) => (button.disabled = false));
});
