/** data-arrange="address": the lines of a list are dragged into another order, moved by Alt with an arrow or from a line's menu; the order is kept there. */
import { all, on, onContent, post, text } from "./page.js";
import { showToast } from "./toasts.js";

export function start() {
  onContent((root) => all(root, "[data-arrange]").forEach((list) => list.addEventListener("pointerenter", () => makeSortable(list), { once: true })));
  on("keydown", "[data-arrange] > li", (line, event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(line, event.key === "ArrowUp");
  });
  on("click", "[data-arrange] [data-moves]", (button, event) => {
    event.preventDefault();
    move(button.closest("[data-arrange] > li"), button.dataset.moves === "up");
  });
}

async function makeSortable(list) {
  if (list.children.length < 2) return;
  const { default: Sortable } = await import(list.dataset.sortable);
  Sortable.create(list, {
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 200,
    delayOnTouchOnly: true,
    onUpdate: () => save(list),
  });
}

function move(line, isUp) {
  const other = isUp ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (isUp) other.before(line);
  else other.after(line);
  line.querySelector("a").focus();
  save(line.parentElement);
}

async function save(list) {
  const ids = [...list.children].map((line) => line.dataset.id).join(",");
  const answer = await post(list.dataset.arrange, { ids }).catch(() => null);
  if (!answer?.ok) showToast({ message: text(answer ? "failed" : "offline"), tone: "danger" });
}
