// The entry of every page. Each part looks for its own elements and does nothing where there are none.
import "./parts/forms.js";
import "./parts/pictures.js";
import "./parts/toasts.js";
import "./parts/suggestions.js";
import "./parts/results.js";
import "./parts/clicks.js";
import "./parts/uploads.js";

// A strip of tabs that is wider than the screen begins with the open one.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
