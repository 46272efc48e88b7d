/** data-wait="42" on a button: it may be pressed again after so many seconds, and counts down until then. */
import { all, onContent, text } from "./page.js";

export function start() {
  onContent((root) => all(root, "[data-wait]").forEach(begin));
}

function begin(button) {
  const label = button.textContent.trim();
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? text("waitSeconds", { text: label, time: clock(left) }) : label;
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
