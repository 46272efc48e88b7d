/** Tables marked data-rows: J and K walk, Enter opens, X marks; a click anywhere on a row with data-href opens it. */
import { isWriting, on } from "./page.js";

const HANDS_OFF = "a, button, input, label, select, textarea, summary, [data-menu], .menu";

export function start() {
  on("click", "[data-rows] tr[data-href]", (row, event) => {
    if (event.target.closest(HANDS_OFF) || String(getSelection())) return;
    openRow(row, event.ctrlKey || event.metaKey);
  });
  on("auxclick", "[data-rows] tr[data-href]", (row, event) => {
    if (event.button === 1 && !event.target.closest(HANDS_OFF)) openRow(row, true);
  });
  on("change", "[data-rows] tbody input[type=checkbox]", (box) => mark(box.closest("tr"), box.checked));
  on("change", "[data-rows] [data-mark-all]", (box) => {
    for (const row of rowsOf(box.closest("[data-rows]"))) mark(row, box.checked);
  });
  document.addEventListener("keydown", pressed);
}

const rowsOf = (table) => [...table.querySelectorAll("tbody tr")];

function openRow(row, inNewTab) {
  if (inNewTab) globalThis.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
}

function mark(row, checked) {
  if (!row) return;
  const box = row.querySelector("input[type=checkbox]");
  if (box) box.checked = checked;
  row.setAttribute("aria-selected", String(checked));
}

function pressed(event) {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const table = document.querySelector("[data-rows]");
  if (!table) return;
  const current = document.activeElement.closest?.("[data-rows] tbody tr");
  const steps = { j: 1, k: -1 };
  if (event.key in steps) step(rowsOf(table), current, steps[event.key]);
  else if (event.key === "x" && current) toggle(current);
  else return;
  event.preventDefault();
}

function step(rows, current, by) {
  const at = current ? rows.indexOf(current) + by : 0;
  const next = rows[Math.max(0, Math.min(at, rows.length - 1))];
  next?.querySelector("th a, a")?.focus();
}

function toggle(row) {
  const box = row.querySelector("input[type=checkbox]");
  if (box) box.click();
}
