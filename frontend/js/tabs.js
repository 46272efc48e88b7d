/** Tabs inside a page: arrow keys walk them, the chosen one is kept in the address. */
import { all, on, onContent } from "./page.js";

export function start() {
  on("click", "[data-tabs] [role=tab]", (tab) => choose(tab, { keep: true }));
  on("keydown", "[data-tabs] [role=tab]", walk);
  onContent((root) => all(root, "[data-tabs]").forEach(restore));
}

const tabsOf = (tab) => [...tab.parentElement.querySelectorAll("[role=tab]")];

function choose(tab, { keep }) {
  for (const other of tabsOf(tab)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (keep) history.replaceState(history.state, "", `#${tab.getAttribute("aria-controls")}`);
}

function walk(tab, event) {
  const tabs = tabsOf(tab);
  const at = tabs.indexOf(tab);
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  const next = tabs.at(steps[event.key] % tabs.length);
  choose(next, { keep: true });
  next.focus();
}

function restore(tabs) {
  const wanted = [...tabs.querySelectorAll("[role=tab]")].find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
  if (wanted) choose(wanted, { keep: false });
}
