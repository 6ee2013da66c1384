// The desk and the record page: the chosen row, focus on the next action, deeds that unfold.
(() => {
  const focusNext = () => {
    const button = document.querySelector('#record .next [data-key="Enter"], #record .next [data-key="Y"]');
    button?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "record") return;
    const chosen = new URLSearchParams(location.search).get("id");
    document.querySelectorAll("[data-list-keys] a[data-open]").forEach((link) => {
      const isChosen = new URLSearchParams(link.getAttribute("href")).get("id") === chosen;
      if (isChosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    document.getElementById("record").scrollTop = 0;
    focusNext();
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches?.("details.deed[open]")) return;
      document.querySelectorAll("details.deed[open]").forEach((other) => other === event.target || (other.open = false));
      event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.deed[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  if (document.querySelector("#record .next")) focusNext();
})();
