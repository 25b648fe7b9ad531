// Forms: the CSRF token that came with the header fragment, no double orders, dialogs, printing, unsaved changes.

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = token();
});

// The header that brings the token may be slower than a quick finger: what is sent before it came waits for it.
const header = document.getElementById("personal");
let answered = !header;
header?.addEventListener("htmx:afterRequest", () => (answered = true));
const early = () => !answered && !token();
const whenAnswered = (action) => header.addEventListener("htmx:afterRequest", action, { once: true });

document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.verb === "get" || !early()) return;
  event.preventDefault();
  whenAnswered(() => event.detail.issueRequest(true));
});

// Cacheable pages hold no token: a plain form gets it at the moment it is sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  let field = form.elements.namedItem("csrf_token");
  if (!field && early() && !event.defaultPrevented) {
    event.preventDefault();
    whenAnswered(() => form.requestSubmit(event.submitter));
    return;
  }
  if (!field && token()) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token" });
    form.append(field);
  }
  if (field && token()) field.value = token();
  if ("once" in form.dataset) {
    if (form.dataset.once === "sent") event.preventDefault();
    form.dataset.once = "sent";
    form.querySelectorAll('[type="submit"]').forEach((button) => button.setAttribute("aria-disabled", "true"));
  }
  if ("dirty" in form.dataset) form.dataset.dirty = "";
});

// Back from the payment page by the browser's own cache: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('form[data-once="sent"]').forEach((form) => {
    form.dataset.once = "";
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-dirty]");
  if (form) form.dataset.dirty = "yes";
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-dirty="yes"]')) event.preventDefault();
});

// On to the payment page, but not for someone who came back from it.
const arrived = performance.getEntriesByType("navigation")[0]?.type;
if (arrived !== "back_forward") document.querySelector("form[data-go]")?.submit();

// A saved address is chosen or a new one typed, never both.
function showNewAddress() {
  const fields = document.querySelector("[data-new-address]");
  const chosen = document.querySelector('input[name="address_id"]:checked');
  if (fields) fields.hidden = Boolean(chosen?.value);
}
document.addEventListener("change", (event) => {
  if (event.target.name === "address_id") showNewAddress();
});
showNewAddress();

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-print]")) print();
  if (at("[data-close]")) at("dialog")?.close();
  const opener = at("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
});
