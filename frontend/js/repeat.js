/** Lists inside a form (data-repeat): one more empty row, made from the list's own template. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { all, on, onContent } from "./page.js";

export function start() {
  onContent((root) => all(root, "[data-repeat-add]").forEach((button) => (button.hidden = false)));
  on("click", "[data-repeat-add]", (button) => add(button.closest("[data-repeat]")));
}

function add(list) {
  const total = list.querySelector(`[name="${list.dataset.repeat}-TOTAL_FORMS"]`);
  const template = list.querySelector("template");
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.firstElementChild;
  total.value = Number(total.value) + 1;
  template.before(row);
  htmx.process(row);
  row.querySelector("input, select")?.focus();
}
