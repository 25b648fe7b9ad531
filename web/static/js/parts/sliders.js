// Two thumbs under a histogram, which write into the two fields of its range: the ends of the bars are their steps.

function thumb(range, field, { end, bounds, start, label }) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", className: "slider-thumb", min: 0, max: bounds.length - 1, step: 1 });
  slider.id = `slide-${field.id}`;
  slider.value = start;
  slider.setAttribute("aria-label", label);
  const say = () => slider.setAttribute("aria-valuetext", bounds[slider.value]);
  say();
  slider.addEventListener("input", () => {
    say();
    const outermost = Number(slider.value) === (end === "low" ? 0 : bounds.length - 1);
    field.value = outermost ? "" : bounds[slider.value];
    range.dispatchEvent(new Event("slide"));
  });
  return slider;
}

// The bound that is nearest to what the field says.
function placeOf(bounds, text, otherwise) {
  if (text === "") return otherwise;
  const far = bounds.map((bound) => Math.abs(Number(bound) - Number(text)));
  return far.indexOf(Math.min(...far));
}

export function openSliders(root) {
  for (const range of root.querySelectorAll("[data-bounds]")) {
    const bounds = range.dataset.bounds.split(",");
    const [from, to] = range.querySelectorAll("input[type=number]");
    if (bounds.length < 3 || !from || !to) continue;
    const last = bounds.length - 1;
    const low = thumb(range, from, { end: "low", bounds, start: placeOf(bounds, from.value, 0), label: `${range.dataset.range}, lower end` });
    const high = thumb(range, to, { end: "high", bounds, start: placeOf(bounds, to.value, last), label: `${range.dataset.range}, upper end` });
    const track = document.createElement("div");
    track.className = "slider";
    track.append(low, high);
    range.querySelector(".bars").after(track);
    range.addEventListener("slide", () => {
      const [first, second] = [Number(low.value), Number(high.value)];
      range.querySelectorAll(".bar").forEach((bar, i) => bar.classList.toggle("bar-out", i < first || i >= second));
    });
    // A thumb never passes the other one.
    low.addEventListener("change", () => Number(low.value) >= Number(high.value) && nudge(low, high.value - 1));
    high.addEventListener("change", () => Number(high.value) <= Number(low.value) && nudge(high, Number(low.value) + 1));
  }
}

function nudge(slider, value) {
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
}
