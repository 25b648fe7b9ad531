// Short messages: they come out of band with an htmx answer or as [data-flash] in the page, and leave by themselves.
const STAY_MS = 6000;
const box = document.getElementById("toasts");

export function toast(text) {
  const element = document.createElement("div");
  element.className = "toast";
  element.textContent = text;
  box?.append(element);
}

if (box) {
  new MutationObserver((changes) => {
    for (const element of changes.flatMap((change) => [...change.addedNodes])) {
      if (element.nodeType !== Node.ELEMENT_NODE) continue;
      setTimeout(() => element.classList.add("toast-leaving"), STAY_MS - 300);
      setTimeout(() => element.remove(), STAY_MS);
    }
  }).observe(box, { childList: true });
}

document.querySelectorAll("[data-flash]").forEach((element) => toast(element.textContent));

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  toast(status === 429 ? "That was a little fast. Wait a moment and try again." : "That did not work. Please try again.");
});
document.addEventListener("htmx:sendError", () => toast("No connection. Please try again."));
