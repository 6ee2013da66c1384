// Forms: the bulk bar, selects that filter at once, no second send, and aria on fields with errors.
(() => {
  const boxes = (form) => [...form.elements].filter((box) => box.type === "checkbox" && box.closest("[data-row]"));
  const saidIn = (said, word, count) => (said.textContent = word.replace("%s", count));
  const refresh = (form) => {
    const picked = boxes(form).filter((box) => box.checked);
    form.hidden = picked.length === 0;
    form.querySelector("[data-bulk-all]").value = "";
    const said = form.querySelector("[data-bulk-said]");
    saidIn(said, said.dataset.one, picked.length);
    boxes(form).forEach((box) => box.closest("[data-row]").classList.toggle("picked", box.checked));
    const all = document.querySelector("[data-pick-all]");
    if (all) all.checked = picked.length === boxes(form).length;
  };
  let anchor = null; // the box from which Shift and a click reach
  document.addEventListener("click", (event) => {
    const { target: button } = event;
    const form = document.querySelector("form[data-bulk]");
    if (!form) return;
    if (button.closest("[data-bulk-clear]")) {
      boxes(form).forEach((box) => (box.checked = false));
      refresh(form);
      document.querySelector("[data-list-keys] a[aria-current], [data-list-keys] a[data-open]")?.focus();
    }
    const whole = button.closest("[data-bulk-whole]");
    if (whole) {
      const said = form.querySelector("[data-bulk-said]");
      form.querySelector("[data-bulk-all]").value = "1";
      saidIn(said, said.dataset.all, whole.dataset.bulkWhole);
    }
    if (!button.matches?.("[data-row] input[type=checkbox]")) return;
    const all = boxes(form);
    const [from, to] = [all.indexOf(anchor), all.indexOf(button)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((box) => (box.checked = button.checked));
    anchor = button;
    refresh(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-pick-all]")) {
      boxes(form).forEach((box) => (box.checked = event.target.checked));
      refresh(form);
    }
    if (event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });
  // Enter in a deed's own field does that deed, not the first one of the bar.
  document.addEventListener("keydown", (event) => {
    const ask = event.key === "Enter" && event.target.matches("input") && event.target.closest(".ask");
    if (!ask) return;
    event.preventDefault();
    ask.querySelector("button[type=submit]").click();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-bulk-copy]")) return;
    const picked = boxes(document.querySelector("form[data-bulk]")).filter((box) => box.checked);
    event.target.querySelectorAll("[name=id]").forEach((old) => old.remove());
    picked.forEach((box) => event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "id", value: box.value })));
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
