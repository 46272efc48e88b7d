/** The command menu: recent records and actions at first, the server's findings while typing. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { open } from "./dialogs.js";
import { all, isMac, isVisible, on, onContent, text } from "./page.js";

const DELAY = 200;
const dialog = document.getElementById("command-menu");
const command = dialog?.querySelector("[data-command]");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[data-command-results]");
let timer;
let opener = null;
// Whether what is shown is what was found for another query, and how Enter was pressed meanwhile.
let isStale = false;
let entered = null;

export function start() {
  onContent((root) => all(root, "[data-command-key]").forEach((key) => (key.textContent = isMac ? "⌘K" : "Ctrl K")));
  if (!dialog) return;
  on("click", "[data-command-open]", (link, event) => {
    event.preventDefault();
    openCommandMenu(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else openCommandMenu(document.activeElement);
  });
  input.addEventListener("input", typed);
  input.addEventListener("keydown", walk);
  dialog.addEventListener("close", closed);
  on("pointermove", "#command-list [role=option]", (option) => choose(option));
  on("click", "#command-list [role=option]", () => dialog.close());
  results.addEventListener("htmx:afterSwap", refresh);
  results.addEventListener("htmx:afterRequest", answered);
}

function closed() {
  entered = null;
  if (opener?.isConnected) opener.focus();
}

/** Open the menu empty; the focus returns to `from` when it closes. */
export function openCommandMenu(from = null) {
  if (!dialog || dialog.open) return;
  opener = from;
  input.value = "";
  results.replaceChildren();
  open(dialog);
  typed();
}

const options = () => [...dialog.querySelectorAll("[role=option]")].filter((option) => !option.hidden && isVisible(option));
const chosen = () => dialog.querySelector("[role=option][aria-selected=true]");

function typed() {
  clearTimeout(timer);
  const query = input.value.trim();
  const url = command.dataset.searchUrl;
  entered = null;
  isStale = Boolean(url) && !query.startsWith(">");
  if (!isStale) results.replaceChildren();
  else timer = setTimeout(() => search(url, query), query ? DELAY : 0);
  refresh();
}

async function search(url, query) {
  const address = `${url}?${new URLSearchParams({ q: query })}`;
  await htmx.ajax("get", address, { target: results, source: results, swap: "innerHTML" });
}

function answered({ detail }) {
  if (new URL(detail.requestConfig.path, location.href).searchParams.get("q") !== input.value.trim()) return;
  isStale = false;
  refresh();
  if (entered) run(chosen(), entered.inNewTab);
  entered = null;
}

function refresh() {
  const query = input.value.trim();
  const words = query.replace(/^>/, "").trim().toLowerCase();
  for (const group of dialog.querySelectorAll("[data-when=empty]")) group.hidden = query !== "";
  for (const option of dialog.querySelectorAll("[data-command-actions] [role=option]")) {
    option.hidden = !option.textContent.toLowerCase().includes(words);
  }
  const found = options();
  dialog.querySelector("[data-command-nothing]").hidden = isStale || found.length > 0;
  dialog.querySelector("[data-command-status]").textContent = query ? text("results", { count: found.length }) : "";
  choose(found[0]);
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  input.removeAttribute("aria-activedescendant");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
}

function walk(event) {
  const found = options();
  const at = found.indexOf(chosen());
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 };
  if (event.key in steps && found.length) {
    event.preventDefault();
    // Whoever picks a line means that one.
    isStale = false;
    const next = found.at(steps[event.key] % found.length);
    choose(next);
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    entered = { inNewTab: event.ctrlKey || event.metaKey };
    if (!isStale) run(chosen(), entered.inNewTab);
  }
}

function run(option, inNewTab) {
  if (!option) return;
  if (inNewTab && option.href) globalThis.open(option.href, "_blank", "noopener");
  else option.click();
}
