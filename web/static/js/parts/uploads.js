// Pictures of a product: one after another, and straight to where they are kept. Without this the form brings them.
import { toast } from "./toasts.js";

async function ask(url, options = {}) {
  const answer = await fetch(url, { cache: "no-store", ...options });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.errors?.[0]?.detail ?? said.detail ?? said.error?.message ?? "It was not taken.");
  return said;
}

async function send(file, images) {
  const { id, url, fields } = await ask(`${images}/ticket`);
  if (!Object.keys(fields).length) return ask(url, { method: "POST", body: file });
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  form.append("file", file);
  const { version, signature } = await ask(url, { method: "POST", body: form, credentials: "omit" });
  const body = JSON.stringify({ id, version, signature });
  return ask(`${images}/uploaded`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const files = [...(form.elements.namedItem("picture")?.files ?? [])];
  if (!form.dataset.uploads || !files.length) return;
  event.preventDefault();
  const button = form.querySelector('[type="submit"]');
  button.disabled = true;
  let failed = 0;
  for (const [place, file] of files.entries()) {
    button.textContent = `Sending ${place + 1} of ${files.length}`;
    await send(file, form.dataset.uploads).catch((error) => {
      failed += 1;
      toast(`${file.name}: ${error.message}`);
    });
  }
  if (failed < files.length) location = location.pathname;
  button.disabled = false;
  button.textContent = "Add";
});
