// Addresses of a search as the server writes them, so that one that is shared says only what was chosen.

// The two fields of a range, `min.KEY` and `max.KEY`, are one parameter: `spec.KEY=5..7`.
function joined(pairs) {
  const kept = [];
  const ranges = new Map();
  for (const [name, value] of pairs) {
    const [, end, key] = name.match(/^(min|max)\.(.+)$/) ?? [];
    if (key) ranges.set(key, { ...ranges.get(key), [end]: value.trim() });
    else kept.push([name, value]);
  }
  for (const [key, { min = "", max = "" }] of ranges) if (min || max) kept.push([`spec.${key}`, `${min}..${max}`]);
  return kept;
}

export function addressOf(path, pairs) {
  const kept = joined([...pairs]).filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  return query ? `${path}?${query}` : path;
}
