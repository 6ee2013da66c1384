// htmx: a refusal (4xx, 5xx) is shown where it was asked for, and never replaces the record.
(() => {
  const isRefusal = (text) => text.includes("data-refusal");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    if (!isRefusal(xhr.responseText)) {
      // A form that comes back with its errors (422) goes where it was going; a whole page does not.
      event.detail.shouldSwap = xhr.status === 422 && !/<html/i.test(xhr.responseText);
      event.detail.isError = false;
      if (!event.detail.shouldSwap) window.chengzhi?.toast({ text: document.body.dataset.brokenWord, level: "error" });
      return;
    }
    const asked = event.detail.requestConfig.elt;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.swapOverride = "innerHTML";
    event.detail.target =
      asked.closest("[data-refusals]") ?? asked.closest("section, form, main")?.querySelector("[data-refusals]") ?? document.getElementById("refusals");
    event.detail.target.scrollIntoView({ block: "nearest" });
  });
  // The next deed clears the last refusal.
  document.addEventListener("htmx:beforeRequest", () => {
    document.querySelectorAll("#refusals, [data-refusals]").forEach((slot) => slot.replaceChildren());
  });
  document.addEventListener("htmx:sendError", () => {
    const text = document.body.dataset.offlineWord;
    window.chengzhi?.toast({ text, level: "error" });
  });
})();
