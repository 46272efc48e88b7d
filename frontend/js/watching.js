/** data-watch: what runs behind a page is asked about from every other page, until a toast says it is over. */
import { all, onContent } from "./page.js";
import { showToast } from "./toasts.js";

const KEY = "watched";
const SECONDS = 5;

export function start() {
  onContent((root) => all(root, "[data-watch]").forEach(remember));
  setInterval(ask, SECONDS * 1000);
}

function remember(mark) {
  sessionStorage.setItem(KEY, JSON.stringify({ url: mark.dataset.watch, page: mark.dataset.watchUrl }));
}

async function ask() {
  const watched = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (!watched || document.hidden) return;
  const answer = await fetch(watched.url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer === null) return;
  const said = answer.ok ? await answer.json() : { is_over: true, text: "" };
  if (!said.is_over) return;
  sessionStorage.removeItem(KEY);
  // Its own page says it already.
  if (said.text && location.pathname !== watched.page) showToast({ message: said.text, tone: "success" });
}
