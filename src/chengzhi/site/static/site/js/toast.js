// Notices: Django's messages, and HX-Trigger {"toast": {"text": "...", "level": "success"}}.
// They leave after eight seconds; errors stay until closed (WCAG 2.2.1).
(() => {
  const box = document.getElementById("toasts");
  if (!box) return;
  const leave = (toast) => {
    if (toast.classList.contains("error")) return;
    setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 8000);
  };
  const add = ({ text, level = "info" }) => {
    const toast = document.createElement("div");
    toast.className = `toast-x ${level}`;
    const words = document.createElement("span");
    words.textContent = text;
    const close = document.createElement("button");
    close.className = "x";
    close.type = "button";
    close.dataset.close = "";
    close.setAttribute("aria-label", box.dataset.closeLabel);
    close.innerHTML = '<i class="ti ti-x" aria-hidden="true"></i>';
    toast.append(words, close);
    box.append(toast);
    leave(toast);
  };
  box.querySelectorAll(".toast-x").forEach(leave);
  box.addEventListener("click", (event) => event.target.closest("[data-close]")?.parentElement.remove());
  document.addEventListener("toast", (event) => add(event.detail));
  window.chengzhi = { ...window.chengzhi, toast: add };
})();
