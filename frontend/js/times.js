/** Keeps "5 min ago" true while a page stays open. */
import { text } from "./page.js";

const MINUTE = 60_000;

export function start() {
  setInterval(() => document.querySelectorAll("time[data-when]").forEach(refresh), MINUTE / 2);
}

function refresh(element) {
  const minutes = Math.floor((Date.now() - new Date(element.dateTime)) / MINUTE);
  if (minutes < 0 || minutes >= 180) return;
  if (minutes < 1) element.textContent = text("justNow");
  else if (minutes < 60) element.textContent = text("minutesAgo", { count: minutes });
  else element.textContent = text("hoursAgo", { count: Math.floor(minutes / 60) });
}
