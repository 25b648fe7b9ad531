// Which result of a search was opened, and where it stood, for the shop's statistics: nothing about who it was.
function tell(event) {
  const anchor = event.target.closest?.('.card a[href^="/p/"]');
  const results = anchor?.closest("[data-search]");
  if (!results || event.button > 1) return;
  const place = [...results.querySelectorAll(".card")].indexOf(anchor.closest(".card"));
  const slug = decodeURIComponent(new URL(anchor.href).pathname.slice(3));
  const click = { search_id: results.dataset.search, position: Number(results.dataset.first) + place, slug };
  navigator.sendBeacon("/api/v1/search/clicks", JSON.stringify(click));
}

document.addEventListener("click", tell);
document.addEventListener("auxclick", tell);
