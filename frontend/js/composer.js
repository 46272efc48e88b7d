/** Small things around notes and files: what was chosen is named, long notes are folded. */
import { all, on, onContent, text } from "./page.js";

const TALL = 320;

export function start() {
  on("change", "input[type=file][multiple]", (input) => {
    const said = input.closest("label")?.querySelector("[data-files-chosen]");
    if (said) said.textContent = [...input.files].map((file) => file.name).join(", ");
  });
  onContent((root) => all(root, ".note-body > .prose-note").forEach(fold));
  on("click", "[data-unfolds]", (button) => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.previousElementSibling.toggleAttribute("data-folded", isOpen);
    say(button, !isOpen);
  });
}

function fold(note) {
  if (note.scrollHeight <= TALL || note.nextElementSibling?.matches("[data-unfolds]")) return;
  note.dataset.folded = "";
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn" });
  Object.assign(button.dataset, { variant: "ghost", size: "xs", unfolds: "" });
  say(button, false);
  note.after(button);
}

function say(button, isOpen) {
  button.setAttribute("aria-expanded", String(isOpen));
  button.textContent = text(isOpen ? "showLess" : "showAll");
}
