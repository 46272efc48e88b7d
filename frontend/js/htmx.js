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
  // Not style: set as an attribute, the content policy refuses it.
  attributesToSettle: ["class", "width", "height"],
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
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return;
  event.detail.shouldSwap = false;
  showWholePage(event.detail);
});
document.addEventListener("htmx:responseError", () => showToast({ message: text("failed"), tone: "danger" }));
// Whoever leaves the page ends its requests; that is no lost connection.
let left = -Infinity;
const LEAVING_MS = 3000;
addEventListener("beforeunload", (event) => (left = event.timeStamp));
document.addEventListener("htmx:sendError", (event) => {
  if (event.timeStamp - left > LEAVING_MS) showToast({ message: text("offline"), tone: "danger" });
});
document.addEventListener("toast", (event) => showToast(event.detail));

/** A page where a part was asked for: a redirect is followed, an ended session shown, a refusal told in its own words. */
function showWholePage({ xhr, requestConfig, pathInfo }) {
  const asked = new URL(pathInfo.finalRequestPath, location.href).href;
  if (xhr.responseURL && xhr.responseURL !== asked) location.assign(xhr.responseURL);
  else if (requestConfig.verb === "get" && xhr.status < 400) location.assign(asked);
  else showToast({ message: headingOf(xhr.responseText) || text("failed"), tone: "danger" });
}

function headingOf(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("h1")?.textContent.trim();
}
