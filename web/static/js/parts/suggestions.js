// The search box as a combobox: suggestions below it, arrows to move, Enter to go, Escape to close. On the search page the
// results themselves answer each key press, so no list is shown there.
import { debounce, latest } from "./latest.js";

const WAIT_MS = 120;
const input = document.getElementById("search-input");
const list = document.getElementById("suggestions");
const ask = latest();
let chosen = -1;

const options = () => [...list.querySelectorAll('[role="option"]')];
const instant = () => document.querySelector('[data-results][data-path="/search"]');

function close() {
  later.cancel();
  list.hidden = true;
  choose(-1);
  input.setAttribute("aria-expanded", "false");
}

function choose(index) {
  chosen = index;
  options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  const option = options()[index];
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

const later = debounce(WAIT_MS, async () => {
  const q = input.value.trim();
  const html = await ask(`/fragments/suggest?${new URLSearchParams({ q })}`);
  if (html === null) return;
  if (!html || document.activeElement !== input || input.value.trim() !== q) return close();
  list.innerHTML = html;
  list.hidden = false;
  choose(-1);
  input.setAttribute("aria-expanded", "true");
});

function move(event) {
  const count = options().length;
  if (list.hidden || !count) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  choose(((chosen + step + 1 + count + 1) % (count + 1)) - 1);
}

if (input && list) {
  input.addEventListener("input", () => {
    if (instant() || input.value.trim().length < 2) return close();
    later();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
    else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  input.addEventListener("blur", () => setTimeout(() => !list.contains(document.activeElement) && close(), 150));
  // A press on an option must not take the focus away before its click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}

// "/" goes to the search box, as in many shops.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !input) return;
  event.preventDefault();
  input.focus();
  input.select();
});
