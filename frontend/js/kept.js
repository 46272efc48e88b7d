/** What a person left open or closed stays so in this browser: columns of boards, groups of fields, empty fields. Only names of columns and fields are kept. */
import { all, on, onContent } from "./page.js";

const KEY = "kept";

export function start() {
  onContent((root) => {
    all(root, ".board-col").forEach((column) => isKept(column) && collapse(column, true));
    all(root, "details[data-kept]").forEach((group) => isKept(group) && (group.open = false));
    all(root, "input[data-kept]").forEach((box) => (box.checked = isKept(box)));
  });
  on("click", "[data-collapses]", (button) => {
    const column = button.closest(".board-col");
    const isOpen = !("collapsed" in column.dataset);
    collapse(column, isOpen);
    keep(column, isOpen);
  });
  on("change", "input[data-kept]", (box) => keep(box, box.checked));
  // A toggle does not bubble.
  document.addEventListener("toggle", ({ target }) => target.matches?.("details[data-kept]") && keep(target, !target.open), true);
}

const nameOf = (element) => element.dataset.kept ?? `${location.pathname} ${element.closest("[data-board]").dataset.field} ${element.dataset.value}`;

function read() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
}

const isKept = (element) => read().has(nameOf(element));

function keep(element, isOn) {
  const names = read();
  names[isOn ? "add" : "delete"](nameOf(element));
  localStorage.setItem(KEY, JSON.stringify([...names].slice(-100)));
}

function collapse(column, isCollapsed) {
  const button = column.querySelector("[data-collapses]");
  const { ariaLabel } = button;
  column.toggleAttribute("data-collapsed", isCollapsed);
  button.setAttribute("aria-expanded", String(!isCollapsed));
  button.setAttribute("aria-label", button.dataset.otherLabel);
  button.dataset.otherLabel = ariaLabel;
}
