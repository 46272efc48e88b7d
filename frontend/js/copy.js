/** data-copy="text": a click puts the text into the clipboard and says so. */
import { on, text } from "./page.js";
import { showToast } from "./toasts.js";

const SHOWN = 1200;

export function start() {
  on("click", "[data-copy]", async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      showToast({ message: text("copyFailed"), tone: "warning" });
      return;
    }
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, SHOWN);
    showToast({ message: text("copied"), tone: "success" });
  });
}
