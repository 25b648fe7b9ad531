// Instant results: typing, filtering, sorting and paging fetch the same address as HTML and swap it in. Typing replaces the
// current history entry once a first key press made one; each filter, order or page is an entry of its own.
import { debounce, latest } from "./latest.js";

const WAIT_MS = 120;
const root = document.querySelector("[data-results]");
const input = document.getElementById("search-input");
const ask = latest();
let typed = false;

function address(path, pairs) {
  const kept = [...pairs].filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  return query ? `${path}?${query}` : path;
}

// What the swap would lose: which element has the focus, which groups are open.
function remember() {
  const open = new Map([...root.querySelectorAll("details[id]")].map((group) => [group.id, group.open]));
  const focused = root.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = root.querySelector(".facets")?.scrollTop ?? 0;
  return () => {
    open.forEach((value, id) => {
      const group = document.getElementById(id);
      if (group) group.open = value;
    });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const facets = root.querySelector(".facets");
    if (facets) facets.scrollTop = scrolled;
  };
}

async function show(url) {
  const results = root.firstElementChild;
  results?.setAttribute("aria-busy", "true");
  const html = await ask(url);
  if (html === null) return false;
  if (!html) {
    location.assign(url);
    return false;
  }
  const restore = remember();
  root.innerHTML = html;
  restore();
  document.title = root.firstElementChild?.dataset.title ?? document.title;
  return true;
}

// Enter in a field changes and submits at once: the same address twice is one entry.
function go(url, { replace = false, top = false } = {}) {
  if (url === location.pathname + location.search) return Promise.resolve(false);
  history[replace ? "replaceState" : "pushState"]({ instant: true }, "", url);
  typed = replace || false;
  return show(url).then((shown) => shown && top && scrollTo({ top: 0 }));
}

function search() {
  const sort = document.getElementById("sort");
  const chosen = sort && sort.selectedIndex > 0 ? sort.value : "";
  const url = address("/search", [["q", input.value.trim()], ["sort", chosen]]);
  if (url === location.pathname + location.search) return;
  const again = typed;
  go(url, { replace: again, top: true });
  typed = true;
}

function filter() {
  const form = document.getElementById("filters");
  const sorted = document.getElementById("sort").selectedIndex > 0;
  go(address(root.dataset.path, [...new FormData(form)].filter(([name]) => name !== "sort" || sorted)));
}

function drawer(open) {
  root.classList.toggle("facets-open", open);
  document.documentElement.classList.toggle("overflow-hidden", open);
  if (open) document.getElementById("facets").focus();
  else root.querySelector("[data-facets-open]")?.focus();
}

if (root) {
  history.replaceState({ instant: true }, "");
  const later = debounce(WAIT_MS, search);

  if (root.dataset.path === "/search" && input) {
    input.addEventListener("input", later);
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      later.cancel();
      search();
      typed = false;
      input.blur();
    });
  }

  root.addEventListener("change", filter);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });

  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-facets-open]")) {
      event.preventDefault();
      return drawer(true);
    }
    const outside = event.target === root && root.classList.contains("facets-open");
    if (event.target.closest("[data-facets-close]") || outside) return drawer(false);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const anchor = event.target.closest(".pagination a, a[data-instant]");
    if (!anchor || !plain) return;
    event.preventDefault();
    go(anchor.getAttribute("href"), { top: Boolean(anchor.closest(".pagination")) });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("facets-open")) drawer(false);
  });

  addEventListener("popstate", () => {
    typed = false;
    later.cancel();
    if (input && root.dataset.path === "/search") input.value = new URLSearchParams(location.search).get("q") ?? "";
    show(location.pathname + location.search);
  });
}
