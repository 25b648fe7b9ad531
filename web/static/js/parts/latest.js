// Fetching HTML while someone types: only the latest question counts, answers to earlier ones are dropped.

export function latest() {
  let asked = 0;
  let controller;
  const drop = () => {
    asked += 1;
    controller?.abort();
  };
  const ask = async (url) => {
    drop();
    const mine = asked;
    controller = new AbortController();
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store", signal: controller.signal });
      const html = await answer.text();
      if (mine !== asked) return null;
      return answer.ok ? html : "";
    } catch (error) {
      if (error.name === "AbortError" || mine !== asked) return null;
      return "";
    }
  };
  return Object.assign(ask, { drop });
}

export function debounce(wait, action) {
  let timer;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait, ...args);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
