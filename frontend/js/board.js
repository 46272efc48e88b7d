/** Boards: cards dragged to another column, or moved by M and a menu; what is refused snaps back and says why. */
import { showAt } from "./menus.js";
import { all, isWriting, on, onContent, post, text } from "./page.js";
import { currentRow } from "./rows.js";
import { showToast } from "./toasts.js";

const DELAY_ON_TOUCH = 200;

export function start() {
  onContent((root) => all(root, "[data-board][data-may-move] [data-cards]").forEach(makeSortable));
  on("click", "[data-move]", (button) => fillMenu(button.closest(".deal")));
  on("click", "#move-menu [data-to]", (item) => moveTo(moving, columnOf(item.dataset.to)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "m" || document.body.dataset.shortcuts === "off" || isWriting(event.target)) return;
    const card = currentRow();
    if (!card?.matches(".deal")) return;
    event.preventDefault();
    fillMenu(card);
    showAt(document.getElementById("move-menu"), card.querySelector("[data-move]"));
  });
}

let moving = null;

async function makeSortable(list) {
  const { default: Sortable } = await import(list.closest("[data-sortable]").dataset.sortable);
  Sortable.create(list, {
    group: "cards",
    sort: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    delay: DELAY_ON_TOUCH,
    delayOnTouchOnly: true,
    filter: "button",
    preventOnFilter: false,
    ghostClass: "drop-slot",
    dragClass: "sortable-drag",
    onMove: ({ to }) => target(to),
    onEnd: ({ item, from, to, oldIndex }) => {
      target(null);
      if (from !== to) save(item, from, to, oldIndex);
    },
  });
}

function target(list) {
  for (const column of document.querySelectorAll(".board-col[data-target]")) delete column.dataset.target;
  if (list) list.closest(".board-col").dataset.target = "";
}

function fillMenu(card) {
  moving = card.closest("li");
  const menu = document.getElementById("move-menu");
  const board = card.closest("[data-board]");
  const here = card.closest(".board-col");
  const choices = "mayMove" in board.dataset ? [...board.querySelectorAll(".board-col")].filter((each) => each !== here) : [];
  menu.replaceChildren(item(text("open"), card.dataset.href), ...(choices.length ? [heading(text("moveTo"))] : []), ...choices.map(choice));
}

function item(label, href) {
  const link = document.createElement("a");
  Object.assign(link, { href, tabIndex: -1, textContent: label });
  link.setAttribute("role", "menuitem");
  return link;
}

function heading(label) {
  const line = document.createElement("div");
  Object.assign(line, { className: "heading", textContent: label });
  return line;
}

function choice(column) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", tabIndex: -1 });
  button.setAttribute("role", "menuitem");
  button.dataset.to = column.getAttribute("aria-labelledby");
  button.append(column.querySelector(".dot").cloneNode(), column.dataset.label);
  return button;
}

const columnOf = (label) => document.querySelector(`.board-col[aria-labelledby="${label}"]`);

function moveTo(card, column) {
  const from = card.parentElement;
  const at = [...from.children].indexOf(card);
  const to = column.querySelector("[data-cards]");
  to.prepend(card);
  card.querySelector("h3 a").focus();
  save(card, from, to, at);
}

async function save(card, from, to, at) {
  count(from, -1);
  count(to, 1);
  const deal = card.querySelector(".deal");
  const { field } = to.closest("[data-board]").dataset;
  const value = to.closest(".board-col").dataset.value;
  const url = `${deal.dataset.href}field/${field}/`;
  const answer = await post(url, { [field]: value }, { "HX-Request": "true" }).catch(() => null);
  if (answer?.ok) {
    addUp();
    return showToast({ message: text("moved", { name: deal.dataset.name, to: to.closest(".board-col").dataset.label }), tone: "success" });
  }
  from.insertBefore(card, from.children[at] ?? null);
  count(from, 1);
  count(to, -1);
  showToast({ message: (answer && (await reasonIn(answer))) || text("failed"), tone: "danger" });
}

/** What the columns add up to is the server's to say. */
async function addUp() {
  if (!document.querySelector(".board-col > .sums")) return;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const column of document.querySelectorAll(".board-col")) {
    const fresh = page.querySelector(`.board-col[data-value="${CSS.escape(column.dataset.value)}"] > .sums`);
    column.querySelector(":scope > .sums")?.remove();
    if (fresh) column.querySelector("header").after(document.importNode(fresh, true));
  }
}

async function reasonIn(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[role=alert], .error, h1")?.textContent.trim();
}

function count(list, by) {
  const mark = list.closest(".board-col").querySelector("[data-count]");
  const number = Number(mark.dataset.count) + by;
  mark.dataset.count = number;
  mark.textContent = number.toLocaleString(document.documentElement.lang);
}
