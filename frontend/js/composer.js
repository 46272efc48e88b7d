/** Small things around notes and files: what was chosen is named, Escape leaves an editor. */
import { on } from "./page.js";

export function start() {
  on("change", "input[type=file][multiple]", (input) => {
    const said = input.closest("label")?.querySelector("[data-files-chosen]");
    if (said) said.textContent = [...input.files].map((file) => file.name).join(", ");
  });
}
