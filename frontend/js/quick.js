/** Quick create: the link that leads to a form's page opens the form's short version in a window instead. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { open } from "./dialogs.js";
import { on } from "./page.js";

export function start() {
  on("click", "[data-quick-create]", (link, event) => {
    if (!document.getElementById("quick-dialog")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.href);
  });
}

async function show(url) {
  const target = document.getElementById("quick-create");
  await htmx.ajax("get", url, { target, source: target, swap: "innerHTML" });
  open(document.getElementById("quick-dialog"));
  target.querySelector("input:not([type=hidden]), select")?.focus();
}
