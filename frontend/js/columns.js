/** A table's columns: dragged by their heads, made wider by their edges; lists of choices put into order. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { all, on, onContent } from "./page.js";

const NARROWEST = 60;
const WIDEST = 800;

export function start() {
  onContent((root) => {
    all(root, "[data-sort-list]").forEach((list) => list.addEventListener("pointerenter", () => makeSortable(list), { once: true }));
    all(root, "[data-rows] thead th[data-column]").forEach(prepare);
  });
  on("keydown", "[data-sort-item]", moveByKey);
}

async function makeSortable(list) {
  const { default: Sortable } = await import(list.dataset.sortable);
  Sortable.create(list, { draggable: "[data-sort-item]", filter: "input, a", preventOnFilter: false, animation: 120 });
}

/** Alt with an arrow moves a line of the list up or down. */
function moveByKey(line, event) {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const other = event.key === "ArrowUp" ? line.previousElementSibling : line.nextElementSibling;
  if (!other?.matches("[data-sort-item]")) return;
  if (event.key === "ArrowUp") other.before(line);
  else other.after(line);
  line.focus();
}

function prepare(head) {
  const edge = document.createElement("span");
  edge.className = "column-edge";
  edge.setAttribute("aria-hidden", "true");
  head.append(edge);
  edge.addEventListener("pointerdown", (event) => resize(head, edge, event));
  edge.addEventListener("click", (event) => event.stopPropagation());
  if (head.dataset.column === "name") return;
  head.draggable = true;
  head.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/x-column", head.dataset.column));
  head.addEventListener("dragover", (event) => hover(head, event));
  head.addEventListener("dragleave", () => delete head.dataset.drop);
  head.addEventListener("drop", (event) => drop(head, event));
}

function hover(head, event) {
  if (!event.dataTransfer.types.includes("text/x-column")) return;
  event.preventDefault();
  const { left, width } = head.getBoundingClientRect();
  head.dataset.drop = event.clientX < left + width / 2 ? "before" : "after";
}

function drop(head, event) {
  event.preventDefault();
  const side = head.dataset.drop;
  delete head.dataset.drop;
  const moved = document.querySelector(`thead th[data-column="${CSS.escape(event.dataTransfer.getData("text/x-column"))}"]`);
  if (!moved || moved === head) return;
  head[side](moved);
  keep();
}

function resize(head, edge, event) {
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  const start = event.clientX;
  const width = head.getBoundingClientRect().width;
  const column = head.closest("table").querySelectorAll("col")[head.cellIndex];
  const widthAt = (x) => Math.round(Math.max(NARROWEST, Math.min(width + (x - start), WIDEST)));
  const moved = ({ clientX }) => (column.width = widthAt(clientX));
  edge.addEventListener("pointermove", moved);
  edge.addEventListener("pointerup", ({ clientX }) => {
    edge.removeEventListener("pointermove", moved);
    if (Math.abs(clientX - start) > 2) keep();
  }, { once: true });
}

/** Ask for the list with the columns as they stand now. */
function keep() {
  const heads = [...document.querySelectorAll("[data-rows] thead th[data-column]")];
  const columns = [...document.querySelectorAll("[data-rows] col")];
  const words = heads.map((head) => {
    const width = columns[head.cellIndex]?.width;
    return width ? `${head.dataset.column}:${Number.parseInt(width, 10)}` : head.dataset.column;
  });
  const url = new URL(location.href);
  url.searchParams.set("columns", words.join(","));
  htmx.ajax("get", url.pathname + url.search, { target: "#records", source: "#records", swap: "outerHTML" });
}
