/** Tables marked data-rows: J and K walk, Enter opens, E edits, X marks; a click anywhere on a row opens it. */
import { isWriting, on } from "./page.js";

const HANDS_OFF = "a, button, input, label, select, textarea, summary, [data-menu], .menu, td[data-edit], td[data-editing]";
const ROWS = "tbody tr[data-href]";
const WALKED = `[data-rows] ${ROWS}, [data-cards] .deal[data-href]`;

export function start() {
  on("click", "[data-rows] tr[data-href], .deal[data-href]", (row, event) => {
    if (event.target.closest(HANDS_OFF) || String(getSelection())) return;
    openRow(row, event.ctrlKey || event.metaKey);
  });
  on("auxclick", "[data-rows] tr[data-href], .deal[data-href]", (row, event) => {
    if (event.button === 1 && !event.target.closest("a, button")) openRow(row, true);
  });
  on("click", "[data-folds]", fold);
  document.addEventListener("keydown", pressed);
}

/** The rows of a table that are shown. */
export const rowsOf = (table) => [...table.querySelectorAll(ROWS)];

/** The row or card the keyboard is on. */
export const currentRow = () => document.activeElement.closest?.(WALKED);

function openRow(row, inNewTab) {
  const address = row.querySelector("th a, h3 a")?.href ?? row.dataset.href;
  if (inNewTab) globalThis.open(address, "_blank", "noopener");
  else location.assign(address);
}

function fold(button) {
  const body = button.closest("tbody").nextElementSibling;
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  body.hidden = isOpen;
}

function pressed(event) {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const steps = { j: 1, k: -1 };
  if (!(event.key in steps)) return;
  const rows = [...document.querySelectorAll(WALKED)].filter((row) => !row.closest("[hidden]"));
  if (!rows.length) return;
  step(rows, currentRow(), steps[event.key]);
  event.preventDefault();
}

function step(rows, current, by) {
  const at = current ? rows.indexOf(current) + by : 0;
  const next = rows[Math.max(0, Math.min(at, rows.length - 1))];
  (next?.querySelector("th a") ?? next?.querySelector("h3 a, a"))?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
