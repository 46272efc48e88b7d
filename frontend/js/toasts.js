/** Messages in the corner: five or six seconds, longer while the pointer or the focus is on them. */
import { all, onContent, on, text } from "./page.js";

const SECONDS = { success: 5, info: 5, warning: 6, danger: 6 };
const LIMIT = 3;

export function start() {
  onContent((root) => all(root, "[data-toast]").forEach(watch));
  on("click", "[data-toast-close]", (button) => dismiss(button.closest("[data-toast]")));
}

/** Show a toast from a script or from an HX-Trigger header: {message, tone, undo_url}. */
export function showToast({ message, tone = "info", undo_url: undoUrl = "" }) {
  const toaster = document.getElementById("toaster");
  if (!toaster || !message) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  Object.assign(toast.dataset, { toast: "", tone });
  toast.setAttribute("role", tone === "danger" ? "alert" : "status");
  const content = document.createElement("div");
  content.className = "toast-content";
  const sentence = document.createElement("p");
  sentence.textContent = message;
  content.append(sentence, ...(undoUrl ? [undoForm(undoUrl)] : []), closeButton());
  toast.append(content);
  toaster.prepend(toast);
  watch(toast);
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.createElement("input");
  Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken" });
  token.value = document.querySelector("meta[name=csrf-token]").content;
  const button = document.createElement("button");
  button.className = "btn";
  Object.assign(button.dataset, { variant: "outline", size: "xs" });
  button.textContent = text("undo");
  form.append(token, button);
  return form;
}

function closeButton() {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn", textContent: "×" });
  Object.assign(button.dataset, { variant: "ghost", size: "icon-xs", toastClose: "" });
  button.setAttribute("aria-label", text("close"));
  return button;
}

function watch(toast) {
  if (toast.watched) return;
  toast.watched = true;
  [...toast.parentElement.children].slice(LIMIT).forEach(dismiss);
  if ("stays" in toast.dataset) return;
  const seconds = SECONDS[toast.dataset.tone] ?? 5;
  let timer = setTimeout(() => dismiss(toast), seconds * 1000);
  const wait = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(toast), 2000);
  };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", resume);
}

function dismiss(toast) {
  if (!toast) return;
  toast.setAttribute("aria-hidden", "true");
  setTimeout(() => toast.remove(), 300);
}
