/** Values edited in place, in cells and on record pages: the field's form opens where the value stands; Enter saves, Escape leaves, Tab goes on. */
import { offerCopies } from "./copy.js";
import { isWriting, on, post, text } from "./page.js";
import { currentRow } from "./rows.js";
import { showToast } from "./toasts.js";

const EDITABLE = "[data-rows] td[data-edit]";
const DONE = 1200;

export function start() {
  on("dblclick", EDITABLE, (cell, event) => {
    if (!event.target.closest("form")) edit(cell);
  });
  on("click", "dd[data-edit] [data-opens-field]", (button) => edit(button.closest("dd")));
  on("submit", "[data-edit] [data-field-edit]", (form, event) => {
    event.preventDefault();
    save(form);
  });
  on("click", "[data-edit] [data-cancels]", (link, event) => {
    event.preventDefault();
    leave(link.closest("[data-edit]"));
  });
  on("change", "td [data-field-edit] select", (select) => select.form.requestSubmit());
  document.addEventListener("focusout", left);
  document.addEventListener("keydown", pressed);
}

async function edit(cell) {
  if (cell.dataset.editing !== undefined) return;
  const answer = await fetch(addressOf(cell), { headers: { "HX-Request": "true" } });
  if (!answer.ok && answer.status !== 403) return showToast({ message: text("failed"), tone: "danger" });
  const kept = [...cell.childNodes];
  keptIn.set(cell, kept);
  cell.dataset.editing = "";
  cell.innerHTML = await answer.text();
  const field = cell.querySelector("input:not([type=hidden]), select, textarea");
  if (field) return begin(field);
  // Not to be changed: say why, then show the value again.
  setTimeout(() => leave(cell), 4000);
}

const keptIn = new WeakMap();
const addressOf = (cell) => `${cell.closest("[data-href]").dataset.href}field/${cell.dataset.edit}/${cell.matches("dd") ? "?on=page" : ""}`;
const focusOn = (cell) => (cell.querySelector("[data-opens-field]") ?? cell).focus();

function begin(field) {
  field.focus();
  if (field.select && field.type !== "checkbox") field.select();
}

function leave(cell) {
  if (cell?.dataset.editing === undefined) return;
  delete cell.dataset.editing;
  const kept = keptIn.get(cell);
  if (!kept) return readAgain(cell);
  cell.replaceChildren(...kept);
  focusOn(cell);
}

/** After a refusal the value may be another than the one that stood here: somebody changed it meanwhile. */
async function readAgain(cell) {
  const url = new URL(addressOf(cell), location.href);
  url.searchParams.set("read", "");
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return location.reload();
  show(cell, await answer.text());
}

function show(cell, html) {
  cell.innerHTML = html;
  offerCopies(cell);
  focusOn(cell);
}

async function save(form) {
  const cell = form.closest("[data-edit]");
  form.setAttribute("aria-busy", "true");
  const answer = await post(form.action, new FormData(form), { "HX-Request": "true" }).catch(() => null);
  form.removeAttribute("aria-busy");
  if (!answer || answer.status >= 500) return showToast({ message: text("failed"), tone: "danger" });
  const html = await answer.text();
  if (answer.ok) return done(cell, html);
  keptIn.delete(cell);
  cell.innerHTML = html;
  cell.querySelector("[aria-invalid=true], input:not([type=hidden]), select, textarea")?.focus();
}

function done(cell, html) {
  delete cell.dataset.editing;
  show(cell, html);
  cell.classList.add("fresh");
  setTimeout(() => cell.classList.remove("fresh"), DONE);
}

/** Leaving a form that was not changed closes it. */
function left(event) {
  const form = event.target.closest?.("[data-edit] [data-field-edit]");
  if (!form || form.contains(event.relatedTarget)) return;
  const isSame = [...form.elements].every((field) => field.type === "hidden" || !hasChanged(field));
  if (isSame) setTimeout(() => form.isConnected && !form.contains(document.activeElement) && leave(form.closest("[data-edit]")), 100);
}

function hasChanged(field) {
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return "checked" in field && /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

function pressed(event) {
  const place = event.target.closest?.("[data-edit]");
  if (place && event.target.closest("form")) return inForm(place, event);
  const cell = event.target.closest?.(EDITABLE);
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (cell) onCell(cell, event);
  else if (event.key === "e" && document.body.dataset.shortcuts !== "off") {
    const first = currentRow()?.querySelector("td[data-edit]");
    if (first) stop(event, () => first.focus());
  } else if (event.key === "ArrowRight" && currentRow()?.querySelector("td[data-edit]")) {
    stop(event, () => currentRow().querySelector("td[data-edit]").focus());
  }
}

function inForm(cell, event) {
  if (event.key === "Escape") stop(event, () => leave(cell));
  else if (event.key === "Tab" && !event.target.closest("fieldset")) {
    const next = neighbour(cell, event.shiftKey ? -1 : 1);
    const form = event.target.closest("form");
    stop(event, async () => {
      const changed = [...form.elements].some((field) => field.type !== "hidden" && hasChanged(field));
      if (changed) await save(form);
      else leave(cell);
      if (cell.dataset.editing === undefined && next) edit(next);
    });
  }
}

function onCell(cell, event) {
  const across = { ArrowRight: 1, ArrowLeft: -1 };
  const along = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  if (event.key === "Enter" || event.key === "e" || event.key === "F2") stop(event, () => edit(cell));
  else if (event.key === "Escape") stop(event, () => cell.closest("tr").querySelector("th a").focus());
  else if (event.key in across) stop(event, () => (neighbour(cell, across[event.key]) ?? cell).focus());
  else if (event.key in along) stop(event, () => below(cell, along[event.key])?.focus());
}

function neighbour(cell, by) {
  const cells = [...cell.closest("tr, [data-fields]").querySelectorAll("[data-edit]")];
  return cells[cells.indexOf(cell) + by];
}

function below(cell, by) {
  const rows = [...cell.closest("table").querySelectorAll("tbody tr[data-href]")];
  const row = rows[rows.indexOf(cell.closest("tr")) + by];
  return row?.querySelector(`td[data-edit="${cell.dataset.edit}"]`);
}

function stop(event, act) {
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}
