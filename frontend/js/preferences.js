/** What a member sets for themselves takes effect at once and is kept on the server. */
import { on, post } from "./page.js";

const root = document.documentElement;

export function start() {
  on("submit", "[data-theme-form]", (form, event) => {
    event.preventDefault();
    setTheme(event.submitter.value);
  });
  on("click", "[data-theme-toggle]", () => setTheme(isDark() ? "light" : "dark"));
}

/** Send the values to the member's preferences, if somebody is signed in. */
export function remember(values) {
  const url = document.body.dataset.preferencesUrl;
  if (url) post(url, values).catch(() => undefined);
}

function isDark() {
  if (root.dataset.theme !== "system") return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme(theme) {
  root.dataset.theme = theme;
  for (const choice of document.querySelectorAll("[data-theme-form] [name=theme]")) {
    choice.setAttribute("aria-checked", String(choice.value === theme));
  }
  remember({ theme });
}
