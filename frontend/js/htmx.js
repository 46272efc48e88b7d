/** htmx under our rules: strict CSP, no page content in local storage, 4xx answers are shown. */
import htmx from "htmx.org/dist/htmx.esm.js";

import { text } from "./page.js";
import { showToast } from "./toasts.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  disableInheritance: true,
  scrollBehavior: "auto",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4..", swap: true, error: false },
    { code: "5..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});
// A whole page in place of a part means the session has ended or the part is gone: show it as a page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (/^\s*<!doctype/i.test(xhr.responseText) && !event.detail.boosted) {
    event.detail.shouldSwap = false;
    if (event.detail.requestConfig.verb === "get") location.reload();
    else showToast({ message: text("failed"), tone: "danger" });
  }
});
document.addEventListener("htmx:responseError", () => showToast({ message: text("failed"), tone: "danger" }));
document.addEventListener("htmx:sendError", () => showToast({ message: text("offline"), tone: "danger" }));
document.addEventListener("toast", (event) => showToast(event.detail));
