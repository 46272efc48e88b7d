/** What floats beside a list: the filter's form, the rows' menus, the preview; fields that narrow a list below them. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { place, showAt } from "./menus.js";
import { isVisible, isWriting, on } from "./page.js";
import { currentRow } from "./rows.js";

const preview = () => document.getElementById("preview");
let opener = null;
let typed = [];

export function start() {
  on("click", "[data-opens-panel]", (link) => {
    const opener = document.getElementById(link.dataset.beside) ?? link;
    showAt(document.getElementById(link.dataset.opensPanel), opener);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const panel = event.target.closest?.(".panel[popover]:popover-open");
    if (panel) place(panel);
  });
  on("click", "[popovertarget=row-menu]", aim);
  on("click", "[data-preview]", (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showPreview(link.href, link);
  });
  on("click", "[data-closes-preview]", closePreview);
  document.addEventListener("htmx:beforeSwap", rememberTyped);
  document.addEventListener("htmx:afterSwap", bringBackTyped);
  document.addEventListener("keydown", walkLines);
  on("input", "[data-narrows]", narrow);
  on("contextmenu", "[data-rows] tr[data-href]", rightClicked);
  document.addEventListener("keydown", pressed);
}

/** Let the shared menu lead to the row its button stands in. */
function aim(button) {
  const row = button.closest("[data-href]");
  for (const link of document.querySelectorAll("#row-menu [data-goes]")) link.href = row.dataset.href + link.dataset.goes;
}

function rightClicked(row, event) {
  if (event.target.closest("a, input") || String(getSelection())) return;
  event.preventDefault();
  row.querySelector("[popovertarget=row-menu]").click();
}

async function showPreview(url, from) {
  if (!preview()) return location.assign(url);
  opener = from.closest("tr") ?? opener;
  await htmx.ajax("get", url, { target: "#preview", source: preview(), swap: "innerHTML" });
  preview().hidden = false;
  preview().focus();
}

function closePreview() {
  preview().hidden = true;
  preview().replaceChildren();
  opener?.querySelector("th a")?.focus();
}

function narrow(field) {
  const wanted = field.value.trim().toLowerCase();
  const list = document.querySelector(field.dataset.narrows);
  for (const line of list.querySelectorAll(".line")) line.hidden = !line.textContent.toLowerCase().includes(wanted);
  for (const part of list.querySelectorAll("section")) part.hidden = !part.querySelector(".line:not([hidden])");
}

/** data-keeps-typed on what asks for other fields: what was typed while the answer was on its way stays. */
function rememberTyped({ detail }) {
  typed = [];
  if (!detail.requestConfig?.elt?.matches?.("[data-keeps-typed]")) return;
  const fields = detail.target.querySelectorAll("input:not([type=checkbox], [type=hidden])");
  typed = [...fields].filter((field) => field.value !== field.defaultValue).map(({ name, type, value }) => ({ name, type, value }));
}

function bringBackTyped({ target }) {
  for (const { name, type, value } of typed) {
    const field = [...target.querySelectorAll("input")].find((each) => each.name === name && each.type === type);
    if (field) field.value = value;
  }
  typed = [];
}

/** The arrows go from line to line of a panel, also out of the field that narrows them. */
function walkLines(event) {
  const panel = event.target instanceof Element && event.target.closest(".panel[popover]");
  if (!panel || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (!event.target.matches("a.line, [data-narrows]")) return;
  const lines = [...panel.querySelectorAll("a.line")].filter(isVisible);
  const at = lines.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  lines.at(at % lines.length)?.focus();
}

function pressed(event) {
  if (event.key === "Escape" && preview() && !preview().hidden && !isWriting(event.target)) return closePreview();
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "p" || isWriting(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const link = currentRow()?.querySelector("[data-preview]");
  if (link) showPreview(link.href, link);
}
