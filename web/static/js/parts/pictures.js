// Pictures: a drawn placeholder where one cannot be loaded, and the product's gallery.

function replace(image) {
  const placeholder = document.body.dataset.noPicture;
  if (image.getAttribute("src") === placeholder) return;
  image.closest("picture")?.querySelectorAll("source").forEach((source) => source.remove());
  image.removeAttribute("srcset");
  image.src = placeholder;
}

// Errors of images do not bubble, but they can be caught on the way down.
document.addEventListener("error", (event) => event.target instanceof HTMLImageElement && replace(event.target), true);

// Those that failed before this script ran.
document.querySelectorAll("img").forEach((image) => image.complete && !image.naturalWidth && image.currentSrc && replace(image));

function mark(gallery, index) {
  gallery.querySelectorAll("[data-picture]").forEach((thumb) => {
    thumb.setAttribute("aria-current", String(Number(thumb.dataset.picture) === index));
  });
}

document.addEventListener("click", (event) => {
  const thumb = event.target.closest("[data-picture]");
  if (!thumb) return;
  const stage = thumb.closest("[data-gallery]").querySelector(".gallery-stage");
  stage.scrollTo({ left: stage.clientWidth * Number(thumb.dataset.picture) });
});

document.addEventListener(
  "scroll",
  (event) => {
    const stage = event.target;
    if (!stage.classList?.contains("gallery-stage")) return;
    mark(stage.closest("[data-gallery]"), Math.round(stage.scrollLeft / stage.clientWidth));
  },
  { capture: true, passive: true },
);
