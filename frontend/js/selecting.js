/** Selected rows and the bar that floats above them: boxes, Shift for a range, X, B for the bar, the whole page, all that match. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { open } from "./dialogs.js";
import { isWriting, on, onContent, text } from "./page.js";
import { currentRow, rowsOf } from "./rows.js";

let last = null;

export function start() {
  on("click", "[data-rows] tbody input[name=ids]", (box, event) => {
    if (event.shiftKey && last?.isConnected) markBetween(last, box);
    last = box;
  });
  on("change", "[data-rows] tbody input[name=ids]", refresh);
  on("change", "[data-rows] [data-mark-all]", (box) => {
    for (const each of boxes()) each.checked = box.checked;
    refresh();
  });
  on("click", "[data-deselect]", deselect);
  on("click", "[data-select-all]", selectAll);
  on("submit", "[data-bulk]", ask);
  onContent(() => refresh());
  on("keydown", "[data-bulk]", walk);
  document.addEventListener("keydown", pressed);
}

/** The arrow keys walk along the bar. */
function walk(form, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const buttons = [...form.querySelectorAll("button:not([hidden])")];
  buttons.at((buttons.indexOf(document.activeElement) + by) % buttons.length).focus();
  event.preventDefault();
}

const bar = () => document.querySelector("[data-bulk]");
const boxes = () => [...document.querySelectorAll("[data-rows] tbody input[name=ids]")];
const table = () => document.querySelector("[data-rows]");

function markBetween(from, to) {
  const all = boxes();
  const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const box of all.slice(first, end + 1)) box.checked = to.checked;
}

function refresh() {
  if (!table() || !bar()) return;
  for (const row of rowsOf(table())) {
    const box = row.querySelector("input[name=ids]");
    row.setAttribute("aria-selected", String(Boolean(box?.checked)));
  }
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const head = table().querySelector("[data-mark-all]");
  head.checked = chosen.length > 0 && chosen.length === all.length;
  head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  const whole = bar().querySelector("[data-all]");
  if (chosen.length < all.length) whole.disabled = true;
  show(chosen.length, !whole.disabled);
}

function show(count, isAll) {
  const button = bar().querySelector("[data-select-all]");
  const number = isAll ? button.dataset.count : count;
  bar().querySelector("[data-selected]").textContent = text("selected", { count: number });
  bar().hidden = count === 0;
  if (button) button.hidden = isAll;
  for (const action of bar().querySelectorAll("[data-from-two]")) action.hidden = isAll || count < 2;
}

function selectAll() {
  for (const box of boxes()) box.checked = true;
  bar().querySelector("[data-all]").disabled = false;
  refresh();
}

function deselect() {
  for (const box of boxes()) box.checked = false;
  refresh();
  table()?.querySelector("[data-mark-all]").focus();
}

/** The dialog of the action comes from the bar's address; the rows travel along. */
async function ask(form, event) {
  event.preventDefault();
  const said = new FormData(form, event.submitter);
  said.delete("csrfmiddlewaretoken");
  if (said.has("all")) said.delete("ids");
  const url = new URL(form.getAttribute("action"), location.href);
  for (const [name, value] of said) url.searchParams.append(name, value);
  const target = document.getElementById("bulk-dialog-content");
  await htmx.ajax("get", url.pathname + url.search, { target, source: target, swap: "innerHTML" });
  if (target.childElementCount) open(document.getElementById("bulk-dialog"));
}

function pressed(event) {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isWriting(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.key === "Escape" && bar() && !bar().hidden) deselect();
  else if (event.key === "b" && bar() && !bar().hidden) bar().querySelector("[data-action]:not([hidden])").focus();
  else if (event.key === "x") currentRow()?.querySelector("input[name=ids]")?.click();
  else return;
  event.preventDefault();
}
