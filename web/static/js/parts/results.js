// Instant results: typing, filtering, sorting and paging fetch the same address as HTML and swap it in. Typing replaces the
// current history entry once a first key press made one; each filter, order or page is an entry of its own.
import { debounce, latest } from "./latest.js";
import { addressOf } from "./addresses.js";
import { remember as rememberSearch } from "./recent.js";
import { openSliders } from "./sliders.js";

const WAIT_MS = 120;
const root = document.querySelector("[data-results]");
const input = document.getElementById("search-input");
const ask = latest();
let typed = false;

// What the swap would lose: which element has the focus, which groups are open.
function remember() {
  const open = new Map([...root.querySelectorAll("details[id]")].map((group) => [group.id, group.open]));
  const held = root.contains(document.activeElement) && document.activeElement;
  const scrolled = root.querySelector(".facets")?.scrollTop ?? 0;
  return () => {
    open.forEach((value, id) => {
      const group = document.getElementById(id);
      if (group) group.open = value;
    });
    if (held) (document.getElementById(held.id) ?? root.querySelector(".facets-open .facets, h1")).focus({ preventScroll: true });
    const facets = root.querySelector(".facets");
    if (facets) facets.scrollTop = scrolled;
  };
}

function dress() {
  openSliders(root);
  setDrawer(root.classList.contains("facets-open"));
}

async function show(url) {
  root.firstElementChild?.setAttribute("aria-busy", "true");
  const html = await ask(url);
  if (html === null) return false;
  if (!html) {
    root.firstElementChild?.removeAttribute("aria-busy");
    document.getElementById("results-failed").hidden = false;
    return false;
  }
  document.getElementById("results-failed").hidden = true;
  const restore = remember();
  root.innerHTML = html;
  dress();
  restore();
  const { title, said } = root.firstElementChild?.dataset ?? {};
  document.title = title ?? document.title;
  document.getElementById("results-said").textContent = said ?? "";
  return true;
}

// Enter in a field changes and submits at once: the same address twice is one entry.
function go(url, { replace = false, top = false } = {}) {
  if (url === location.pathname + location.search) return Promise.resolve(false);
  history[replace ? "replaceState" : "pushState"]({ instant: true }, "", url);
  typed = replace || false;
  return show(url).then((shown) => shown && top && scrollTo({ top: 0 }));
}

// Other words keep the filters: their chips stay in sight, and a page without results says which one is in the way.
function search() {
  const others = [...new URLSearchParams(location.search)].filter(([name]) => name !== "q" && name !== "page");
  const url = addressOf("/search", [["q", input.value.trim()], ...others]);
  if (url === location.pathname + location.search) return;
  const again = typed;
  go(url, { replace: again, top: true });
  typed = true;
}

function filter() {
  const form = document.getElementById("filters");
  const sorted = document.getElementById("sort").selectedIndex > 0;
  rememberSearch(new URLSearchParams(location.search).get("q"));
  go(addressOf(root.dataset.path, [...new FormData(form)].filter(([name]) => name !== "sort" || sorted)));
}

// While the sheet is open the page behind it can neither be tabbed into nor read out.
function setDrawer(open) {
  root.classList.toggle("facets-open", open);
  document.documentElement.classList.toggle("overflow-hidden", open);
  const behind = [...document.body.children, ...(document.getElementById("main")?.children ?? [])];
  for (const element of behind) if (!element.contains(root)) element.inert = open;
  const results = root.querySelector("section");
  if (results) results.inert = open;
}

function drawer(open) {
  setDrawer(open);
  const target = open ? document.getElementById("facets") : root.querySelector("[data-facets-open]");
  target?.focus();
}

// From the box down into the results and back, with the arrows.
function walk(event) {
  const links = [...root.querySelectorAll(".card-name a")];
  const at = links.indexOf(document.activeElement);
  const inBox = document.activeElement === input && document.getElementById("suggestions-box")?.hidden !== false;
  if (event.key === "ArrowDown" && (at >= 0 || inBox)) links[at + 1]?.focus();
  else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? input).focus();
  else if (event.key === "Escape" && at >= 0) input.focus();
  else return;
  event.preventDefault();
}

function click(event) {
  if (event.target.closest("[data-facets-open]")) {
    event.preventDefault();
    return drawer(true);
  }
  const outside = event.target === root && root.classList.contains("facets-open");
  if (event.target.closest("[data-facets-close]") || outside) return drawer(false);
  if (event.target.closest(".card")) rememberSearch(new URLSearchParams(location.search).get("q"));
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  const anchor = event.target.closest(".pagination a, a[data-instant]");
  if (!anchor || !plain) return;
  const url = anchor.getAttribute("href");
  if (new URL(url, location).pathname !== location.pathname) return;
  event.preventDefault();
  const words = new URL(url, location).searchParams.get("q");
  if (input && words !== null) input.value = words;
  go(url, { top: Boolean(anchor.closest(".pagination")) });
}

if (root) {
  history.replaceState({ instant: true }, "");
  const later = debounce(WAIT_MS, search);
  dress();

  if (root.dataset.path === "/search" && input) {
    input.addEventListener("input", later);
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      later.cancel();
      search();
      typed = false;
      document.getElementById("results-heading")?.focus({ preventScroll: true });
    });
  }

  root.addEventListener("change", filter);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  root.addEventListener("click", click);
  document.getElementById("results-again").addEventListener("click", () => show(location.pathname + location.search));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("facets-open")) drawer(false);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) walk(event);
  });

  addEventListener("popstate", () => {
    typed = false;
    later.cancel();
    if (input && root.dataset.path === "/search") input.value = new URLSearchParams(location.search).get("q") ?? "";
    show(location.pathname + location.search);
  });
}
