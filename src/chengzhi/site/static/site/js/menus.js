// Menus (details.menu) and dialogs: close on Escape, on a click outside, and one at a time.
(() => {
  const open = () => document.querySelectorAll("details.menu[open]");
  const close = (menu) => {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    open().forEach((menu) => menu.contains(event.target) || (menu.open = false));
    event.target.closest("[data-close-dialog]")?.closest("dialog")?.close();
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach(close);
  });
  // A click on the backdrop lands on the dialog itself.
  document.addEventListener("click", (event) => {
    if (event.target.matches?.("dialog.sheet-box")) event.target.close();
  });
})();
