/** While htmx waits: a thin bar after 300 ms, and the skeleton named by data-skeleton in the target's place. */
const PATIENCE = 300;
const timers = new Map();
// Only options and groups of them may stand in a listbox, and what is busy would be something else.
const busyPart = (target) => target.closest("[role=listbox]") ?? target;

export function start() {
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);
}

function begin(event) {
  const { target, elt } = event.detail;
  if (!target || elt.getAttribute("hx-trigger")?.startsWith("every")) return;
  busyPart(target).setAttribute("aria-busy", "true");
  document.getElementById("loading").dataset.on = "";
  const template = document.getElementById(target.dataset.skeleton ?? "");
  if (template) timers.set(target, setTimeout(() => target.replaceChildren(template.content.cloneNode(true)), PATIENCE));
}

function end(event) {
  const { target } = event.detail;
  clearTimeout(timers.get(target));
  timers.delete(target);
  if (target) busyPart(target).removeAttribute("aria-busy");
  delete document.getElementById("loading").dataset.on;
}
