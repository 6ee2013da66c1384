// Photos open large ([data-photo]); before and after slide over each other (.cmp input[type=range]).
(() => {
  let photos = [];
  let at = 0;
  let dialog;
  const build = () => {
    dialog = document.createElement("dialog");
    dialog.className = "lightbox";
    dialog.innerHTML =
      '<img alt=""><div class="foot"><button type="button" data-step="-1">←</button><button type="button" data-step="1">→</button><span class="grow"></span><span data-count></span><button type="button" data-shut>Esc</button></div>';
    dialog.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]");
      if (step) show(at + Number(step.dataset.step));
      else if (event.target.closest("[data-shut]") || event.target === dialog) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") show(at + 1);
      if (event.key === "ArrowLeft") show(at - 1);
    });
    document.body.append(dialog);
  };
  const show = (index) => {
    at = (index + photos.length) % photos.length;
    const picture = photos[at].querySelector("img");
    const image = dialog.querySelector("img");
    image.src = photos[at].href;
    image.alt = picture?.alt ?? "";
    dialog.setAttribute("aria-label", image.alt);
    dialog.querySelector(".grow").textContent = photos[at].dataset.caption ?? "";
    dialog.querySelector("[data-count]").textContent = `${at + 1} / ${photos.length}`;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!dialog) build();
    photos = [...document.querySelectorAll("a[data-photo]")];
    show(photos.indexOf(link));
    dialog.showModal();
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest(".cmp");
    if (box) box.style.setProperty("--at", `${event.target.value}%`);
  });
})();
