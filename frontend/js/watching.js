/** data-watch: what runs behind a page is asked about from every other page, until a toast says it is over. */
import { all, onContent } from "./page.js";
import { showToast } from "./toasts.js";

const KEY = "watched";
const SECONDS = 5;

export function start() {
  onContent((root) => all(root, "[data-watch]").forEach(remember));
  setInterval(ask, SECONDS * 1000);
  if (!document.querySelector("[data-watch]")) ask();
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
  // Its own page says it already.
  const isElsewhere = location.pathname !== watched.page;
  if (!said.is_over) return isElsewhere && tellProgress(said.text, watched.page);
  sessionStorage.removeItem(KEY);
  document.querySelector("[data-watched]")?.remove();
  if (said.text && isElsewhere) showToast({ message: said.text, tone: "success", url: watched.page });
}

/** One toast that stays while the work goes on; closed, it stays closed until the next page. */
let isClosed = false;

function tellProgress(message, url) {
  const shown = document.querySelector("[data-watched]");
  if (shown) shown.querySelector("p").textContent = message;
  else if (!isClosed) {
    const toast = showToast({ message, url, stays: true });
    toast.dataset.watched = "";
    toast.addEventListener("click", (event) => (isClosed ||= Boolean(event.target.closest("[data-toast-close]"))));
  }
}
