/** data-copy="text": a click puts the text into the clipboard and says so. */
import { all, on, onContent, text } from "./page.js";
import { showToast } from "./toasts.js";

const SHOWN = 1200;
const COPIED = ".fields :is(a[href^='mailto:'], a[href^='tel:'])";

export function start() {
  onContent(offerCopies);
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

/** A button beside each address and number of a record. */
export function offerCopies(root) {
  if (!document.getElementById("glyph-copy")) return;
  for (const link of all(root, COPIED)) {
    if (link.parentElement.matches(".copyable")) continue;
    const line = document.createElement("span");
    line.className = "copyable";
    link.replaceWith(line);
    line.append(link, button(link.textContent.trim()));
  }
}

function button(value) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className: "pencil", title: text("copy") });
  element.setAttribute("aria-label", `${text("copy")}: ${value}`);
  element.dataset.copy = value;
  element.innerHTML = '<svg class="size-3.5 when-idle" aria-hidden="true"><use href="#glyph-copy"/></svg><svg class="size-3.5 when-done text-success" aria-hidden="true"><use href="#glyph-done"/></svg>';
  return element;
}
