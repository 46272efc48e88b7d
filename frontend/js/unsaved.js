/** data-guard on a form: leaving with changes asks first. */
import { on } from "./page.js";

const changed = new Set();

export function start() {
  on("input", "form[data-guard]", (form) => changed.add(form));
  on("change", "form[data-guard]", (form) => changed.add(form));
  on("submit", "form[data-guard]", (form) => changed.delete(form));
  on("reset", "form[data-guard]", (form) => changed.delete(form));
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
