/** data-drop around a file input: files may be dropped there, and the chosen one is named. */
import { all, on, onContent } from "./page.js";

export function start() {
  onContent((root) => all(root, "[data-drop]").forEach((area) => (area.dataset.named = "")));
  for (const type of ["dragenter", "dragover"]) {
    on(type, "[data-drop]", (area, event) => {
      event.preventDefault();
      area.dataset.over = "";
    });
  }
  on("dragleave", "[data-drop]", (area, event) => {
    if (!area.contains(event.relatedTarget)) delete area.dataset.over;
  });
  on("drop", "[data-drop]", take);
  on("change", "[data-drop] input[type=file]", (input) => tell(input.closest("[data-drop]"), input));
}

function take(area, event) {
  event.preventDefault();
  delete area.dataset.over;
  const input = area.querySelector("input[type=file]");
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  tell(area, input);
}

function tell(area, input) {
  const file = input.files[0];
  if (file) area.querySelector("[data-drop-name]").textContent = `${file.name} · ${size(file.size)}`;
}

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte"];
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), units.length - 1);
  const style = { style: "unit", unit: units[power], maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(bytes / 1000 ** power);
}
