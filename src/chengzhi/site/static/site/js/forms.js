// Forms: the bulk bar, selects that filter at once, no second send, and aria on fields with errors.
(() => {
  const boxes = (form) => [...form.querySelectorAll("[data-row] input[type=checkbox]")];
  const refresh = (form) => {
    const bar = form.querySelector("[data-bulk]");
    if (!bar) return;
    const picked = boxes(form).filter((box) => box.checked);
    bar.hidden = picked.length === 0;
    bar.querySelector("[data-bulk-count]").textContent = picked.length;
    boxes(form).forEach((box) => box.closest("[data-row]").setAttribute("aria-selected", String(box.checked)));
  };
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-pick-all]")) {
      boxes(form).forEach((box) => (box.checked = event.target.checked));
    }
    if (form?.querySelector("[data-bulk]")) refresh(form);
    if (event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || form.matches("[hx-post]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  document.querySelectorAll(".fld .err[id]").forEach((error) => {
    const field = document.getElementById(error.id.replace(/_error$/, ""));
    field?.setAttribute("aria-invalid", "true");
    field?.setAttribute("aria-describedby", error.id);
  });
})();
