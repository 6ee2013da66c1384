// Photos open large ([data-photo]): arrows step, + and - and the wheel zoom, a drag moves. Before and
// after slide over each other (.cmp input[type=range]) or stand side by side ([data-compare]).
(() => {
  let photos = [];
  let at = 0;
  let dialog;
  let zoom = 1;
  let shift = [0, 0];
  const draw = () => {
    const image = dialog.querySelector("img");
    image.style.transform = zoom === 1 ? "" : `translate(${shift[0]}px, ${shift[1]}px) scale(${zoom})`;
    dialog.classList.toggle("zoomed", zoom > 1);
  };
  const zoomBy = (factor) => {
    zoom = Math.min(8, Math.max(1, zoom * factor));
    if (zoom === 1) shift = [0, 0];
    draw();
  };
  const build = () => {
    dialog = document.createElement("dialog");
    dialog.className = "lightbox";
    dialog.innerHTML =
      '<img alt=""><div class="foot"><button type="button" data-step="-1">←</button><button type="button" data-step="1">→</button><button type="button" data-zoom="0.667">−</button><button type="button" data-zoom="1.5">+</button><span class="grow"></span><span data-count></span><button type="button" data-shut>Esc</button></div>';
    dialog.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]");
      if (step) show(at + Number(step.dataset.step));
      else if (event.target.closest("[data-zoom]")) zoomBy(Number(event.target.closest("[data-zoom]").dataset.zoom));
      else if (event.target.closest("[data-shut]") || event.target === dialog) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") show(at + 1);
      if (event.key === "ArrowLeft") show(at - 1);
      if (event.key === "+" || event.key === "=") zoomBy(1.5);
      if (event.key === "-") zoomBy(1 / 1.5);
    });
    const image = dialog.querySelector("img");
    image.addEventListener("wheel", (event) => (event.preventDefault(), zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2)), { passive: false });
    image.addEventListener("pointermove", (event) => {
      if (!event.buttons || zoom === 1) return;
      shift = [shift[0] + event.movementX, shift[1] + event.movementY];
      draw();
    });
    image.draggable = false;
    document.body.append(dialog);
  };
  const show = (index) => {
    at = (index + photos.length) % photos.length;
    zoom = 1;
    shift = [0, 0];
    draw();
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
    photos = [...document.querySelectorAll("a[data-photo]")].filter((other) => other.checkVisibility?.() ?? true);
    show(photos.indexOf(link));
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-compare-by]");
    if (!choice) return;
    const box = choice.closest("[data-compare]");
    const other = [...box.querySelectorAll("[data-compare-by]")].find((button) => button !== choice);
    const on = choice.getAttribute("aria-pressed") === "true" ? other : choice; // a second press goes back
    box.querySelectorAll("[data-compare-by]").forEach((button) => button.setAttribute("aria-pressed", String(button === on)));
    box.querySelector(".cmp").hidden = on.dataset.compareBy !== "slide";
    box.querySelector(".beside").hidden = on.dataset.compareBy !== "beside";
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest(".cmp");
    if (box) box.style.setProperty("--at", `${event.target.value}%`);
  });
})();
