/** Single keys: what a page offers it marks with data-key (press, or focus a field) or data-go (after G). */
import { openCommandMenu } from "./command.js";
import { open } from "./dialogs.js";
import { isVisible, isWriting, text } from "./page.js";

const PATIENCE = 1200;
const sheet = document.getElementById("shortcut-sheet");
let waitingSince = 0;

export function start() {
  document.addEventListener("keydown", pressed);
  sheet?.addEventListener("opening", fillSheet);
}

function pressed(event) {
  if (document.body.dataset.shortcuts === "off" || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (handle(event.key.toLowerCase())) event.preventDefault();
}

function handle(key) {
  const going = Date.now() - waitingSince < PATIENCE;
  waitingSince = 0;
  if (going) return press(find("go", key));
  if (key === "g") return (waitingSince = Date.now()) > 0;
  if (key === "?") return open(sheet) ?? true;
  if (press(find("key", key))) return true;
  if (key === "/") return openCommandMenu(document.activeElement) ?? true;
  return false;
}

function find(kind, key) {
  const marked = [...document.querySelectorAll(`[data-${kind}]`)].filter((element) => element.dataset[kind] === key);
  return marked.find(isVisible) ?? (kind === "go" ? marked[0] : undefined);
}

function press(element) {
  if (!element) return false;
  if (isWriting(element)) element.focus();
  else element.click();
  return true;
}

function fillSheet() {
  fill(sheet.querySelector("[data-sheet-keys]"), "[data-key]:not([data-key='/'])", (element) => [element.dataset.key]);
  fill(sheet.querySelector("[data-sheet-places]"), "[data-go]", (element) => ["g", element.dataset.go]);
}

function fill(list, selector, keysOf) {
  const lines = [...document.querySelectorAll(selector)].map((element) => {
    const line = document.createElement("div");
    const what = document.createElement("dt");
    const keys = document.createElement("dd");
    what.textContent = element.dataset.keyLabel ?? element.ariaLabel ?? element.textContent.trim();
    keys.append(...keysOf(element).flatMap((key, index) => [...(index ? [text("then")] : []), cap(key)]));
    line.append(what, keys);
    return line;
  });
  list.replaceChildren(...lines);
  list.parentElement.hidden = lines.length === 0;
}

function cap(key) {
  const element = document.createElement("kbd");
  element.className = "kbd";
  element.textContent = key.toUpperCase();
  return element;
}
