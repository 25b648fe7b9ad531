// What this person searched for last, kept in this browser and nowhere else.

const KEY = "haat.recent";
const MOST = 6;

export function recent() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function remember(text) {
  const q = (text ?? "").trim().replace(/\s+/g, " ").slice(0, 100);
  if (q.length < 2) return;
  const others = recent().filter((other) => other.toLowerCase() !== q.toLowerCase());
  keep([q, ...others].slice(0, MOST));
}

export function forget() {
  keep([]);
}

function keep(texts) {
  try {
    if (texts.length) localStorage.setItem(KEY, JSON.stringify(texts));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is full or forbidden: the search works without it.
  }
}
