/** The password field: show and hide, and a meter that counts how many guesses a stranger would need. */
import { all, on, onContent, text } from "./page.js";

const COMMON = /^(?:.{0,3})(password|passwort|qwerty|qwertz|asdf|abc123|letmein|welcome|admin|iloveyou|dragon|monkey|atrium|woaini|mima)/i;
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890"];
const LEVELS = [28, 45, 60, 75];

export function start() {
  onContent((root) => all(root, "[data-reveal]").forEach((button) => (button.hidden = false)));
  on("click", "[data-reveal]", reveal);
  on("input", "[data-strength] input", measure);
}

function reveal(button) {
  const input = button.parentElement.querySelector("input");
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.toggleAttribute("data-done", shown);
  button.setAttribute("aria-pressed", String(shown));
  button.setAttribute("aria-label", text(shown ? "hide" : "show"));
}

function measure(input) {
  const meter = input.closest("[data-strength]").querySelector(".strength");
  const score = input.value ? scoreOf(input.value, knownWords(input.form)) : 0;
  meter.hidden = !input.value;
  meter.dataset.score = score;
  meter.querySelector("[role=status]").textContent = text(`strength${score}`);
}

/** Words of the same form (name, e-mail, company) that a guesser would try first. */
function knownWords(form) {
  const fields = [...form.querySelectorAll("input[type=text], input[type=email]")];
  return fields.flatMap((field) => field.value.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 3);
}

/** From 1 (guessed at once) to 4 (out of reach). */
export function scoreOf(password, known = []) {
  const lower = password.toLowerCase();
  if (password.length < 8 || COMMON.test(lower)) return 1;
  const rest = known.reduce((left, word) => left.replaceAll(word, "~"), collapse(lower));
  const bits = rest.length * Math.log2(alphabet(password)) * variety(rest);
  return Math.max(1, LEVELS.filter((level) => bits >= level).length);
}

/** Runs such as "aaaa", "1234" and "qwer" count as two characters: they are guessed as one. */
function collapse(word) {
  let left = word.replace(/(.)\1{2,}/gu, "$1$1");
  for (const row of [...ROWS, ...ROWS.map((letters) => [...letters].reverse().join(""))]) {
    for (let length = row.length; length > 3; length -= 1) {
      for (let from = 0; from + length <= row.length; from += 1) {
        left = left.replaceAll(row.slice(from, from + length), row.slice(from, from + 2));
      }
    }
  }
  return left;
}

function alphabet(password) {
  const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/\d/, 10], [/[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e\s]/, 33], [/[^\x00-\x7f]/u, 200]];
  return Math.max(10, kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0));
}

const variety = (word) => Math.min(1, (new Set(word).size + 3) / word.length);
