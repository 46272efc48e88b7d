/** Single-use codes: spaces and dashes of a pasted code are dropped; the last character sends the form. */
import { on } from "./page.js";

export function start() {
  on("input", "[data-code] input", clean);
  on("paste", "[data-code] input", (input, event) => {
    event.preventDefault();
    input.value = event.clipboardData.getData("text");
    clean(input);
  });
}

function clean(input) {
  const length = input.maxLength > 0 ? input.maxLength : 8;
  input.value = input.value.replace(/[^\p{L}\p{N}]/gu, "").toUpperCase().slice(0, length);
  if (input.value.length === length && !input.form.dataset.sent) {
    input.form.dataset.sent = "";
    input.form.requestSubmit();
  }
}
