// The search box as a combobox: suggestions below it, arrows to move, Enter to go, Escape to close. Empty, it offers what this
// person and others searched for. On the search page the results themselves answer each key press, so no list is shown there.
import { debounce, latest } from "./latest.js";
import { forget, recent, remember } from "./recent.js";

const WAIT_MS = 120;
const input = document.getElementById("search-input");
const box = document.getElementById("suggestions-box");
const list = document.getElementById("suggestions");
const clear = document.getElementById("forget-searches");
const ask = latest();
let chosen = -1;

const options = () => [...list.querySelectorAll('[role="option"]')];
const instant = () => document.querySelector('[data-results][data-path="/search"]');

function close() {
  later.cancel();
  ask.drop();
  box.hidden = true;
  choose(-1);
  input.setAttribute("aria-expanded", "false");
}

function open() {
  const some = options().length > 0;
  box.hidden = !some;
  choose(-1);
  input.setAttribute("aria-expanded", String(some));
}

function choose(index) {
  chosen = index;
  options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  const option = options()[index];
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

// The server's mark-up of one recent search is in a template: what was typed is only ever text.
function ownSearches() {
  const form = document.getElementById("recent-search");
  const group = form.content.firstElementChild.cloneNode(true);
  const pattern = group.querySelector('[role="option"]');
  recent().forEach((text, i) => {
    const option = pattern.cloneNode(true);
    option.id = `suggestion-r${i}`;
    option.href = `/search?${new URLSearchParams({ q: text })}`;
    option.querySelector("span").textContent = text;
    group.append(option);
  });
  pattern.remove();
  return group;
}

async function fill() {
  const q = input.value.trim();
  const html = await ask(`/fragments/suggest?${new URLSearchParams({ q })}`);
  if (html === null || input.value.trim() !== q) return; // there are other words by now, which have their own question
  if (document.activeElement !== input) return close();
  const own = q === "" && recent().length > 0;
  if (!html && !own) return close();
  list.innerHTML = html;
  if (own) list.prepend(ownSearches());
  clear.hidden = !own;
  open();
}

const later = debounce(WAIT_MS, fill);

function typedInto() {
  const length = input.value.trim().length;
  if (length === 0) return fill();
  if (instant() || length < 2) return close();
  later();
}

function move(event) {
  const count = options().length;
  if (box.hidden && event.key === "ArrowDown" && !instant()) {
    event.preventDefault();
    return typedInto();
  }
  if (box.hidden || !count) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  choose(((chosen + step + 1 + count + 1) % (count + 1)) - 1);
}

if (input && list) {
  input.addEventListener("input", typedInto);
  input.addEventListener("focus", () => input.value.trim() === "" && fill());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
    else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  input.form.addEventListener("submit", () => {
    remember(input.value);
    close();
  });
  input.addEventListener("blur", () => setTimeout(() => !box.contains(document.activeElement) && close(), 150));
  // A press on an option must not take the focus away before its click arrives.
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) remember(new URL(option.href).searchParams.get("q") ?? input.value);
  });
  clear.addEventListener("click", () => {
    forget();
    input.focus();
    fill();
  });
}

// "/" goes to the search box, as in many shops.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !input) return;
  event.preventDefault();
  input.focus();
  input.select();
});
