/** The way in: suggest an address from the company's name, guess the time zone, go on by itself. */
import { all, on, onContent } from "./page.js";

export function start() {
  onContent((root) => {
    all(root, "[data-send-now]").forEach((form) => form.requestSubmit());
    all(root, "[data-guess='time-zone']").forEach(guessTimeZone);
  });
  on("input", "input", (input) => {
    const suggestion = document.querySelector(`[data-suggest-from='${input.id}']`);
    if (suggestion) later(() => suggest(suggestion, input.value));
    const target = document.querySelector(`[data-suggest-to='${input.id}']`);
    if (target) target.dataset.typed = "";
  });
}

let timer;
function later(action) {
  clearTimeout(timer);
  timer = setTimeout(action, 250);
}

/** Fill the address in until somebody types one of their own. */
async function suggest(element, name) {
  const field = document.getElementById(element.dataset.suggestTo);
  if ("typed" in element.dataset || !name.trim()) return;
  const answer = await fetch(`${element.dataset.suggest}?${new URLSearchParams({ name })}`);
  const slug = answer.ok ? await answer.text() : "";
  if (!slug || "typed" in element.dataset) return;
  field.value = slug;
  field.dispatchEvent(new CustomEvent("suggested", { bubbles: true }));
}

function guessTimeZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...select.options].find((candidate) => candidate.value === zone);
  if (option && zone !== "UTC") select.value = zone;
}
