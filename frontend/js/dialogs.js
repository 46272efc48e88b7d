/** Native dialogs: data-opens="id" opens one, data-closes closes it, a click beside it too. */
import { all, isMac, on, onContent } from "./page.js";

export function start() {
  on("click", "[data-opens]", (button, event) => {
    event.preventDefault();
    open(document.getElementById(button.dataset.opens));
  });
  on("click", "[data-closes]", (button) => button.closest("dialog")?.close());
  on("pointerdown", "dialog", (dialog, event) => {
    if (event.target === dialog && !dialog.querySelector("form[method=post]")) dialog.close();
  });
  on("input", "[data-confirm-word]", checkWord);
  onContent((root) => {
    all(root, "[data-confirm-word]").forEach(checkWord);
    all(root, "[data-focus]").forEach((element) => element.focus());
  });
  document.addEventListener("keydown", sendForm);
}

/** Open a dialog once; whatever menu is open gives way. */
export function open(dialog) {
  if (!dialog || dialog.open) return;
  document.querySelectorAll("[popover]:popover-open").forEach((menu) => menu.hidePopover());
  document.querySelectorAll("dialog.command-dialog[open]").forEach((other) => other.close());
  dialog.dispatchEvent(new Event("opening"));
  dialog.showModal();
}

function checkWord(input) {
  const button = document.querySelector(`[type=submit][form="${input.form.id}"]`);
  button.disabled = input.value.trim() !== input.dataset.confirmWord;
}

function sendForm(event) {
  if (event.key !== "Enter" || !(isMac ? event.metaKey : event.ctrlKey)) return;
  const form = event.target.closest?.("form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}
