/** The sidebar: a drawer on the phone, 56 or 220 px wide on the desktop. The settings' menu shows where one is. */
import { on } from "./page.js";
import { remember } from "./preferences.js";

const sidebar = document.getElementById("sidebar");
const page = document.querySelector("[data-page]");
let opener = null;

export function start() {
  if (!sidebar) return;
  showCurrent(document.querySelector(".settings-menu"));
  on("click", "[data-drawer-open]", (button, event) => {
    event.preventDefault();
    openDrawer(button);
  });
  sidebar.addEventListener("click", (event) => event.target === sidebar && closeDrawer());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && "open" in sidebar.dataset && !document.querySelector("[popover]:popover-open")) closeDrawer();
  });
  matchMedia("(width >= 48rem)").addEventListener("change", closeDrawer);
  on("click", "[data-sidebar-collapse]", collapse);
  if (location.hash === "#sidebar") history.replaceState(null, "", location.pathname + location.search);
}

/** On the phone the menu is one line, scrolled sideways. */
function showCurrent(menu) {
  const current = menu?.querySelector("[aria-current]");
  if (current) menu.scrollLeft = current.offsetLeft + current.offsetWidth / 2 - menu.clientWidth / 2;
}

function openDrawer(button) {
  opener = button;
  sidebar.dataset.open = "";
  page.inert = true;
  sidebar.querySelector("a, button").focus();
}

function closeDrawer() {
  if (!("open" in sidebar.dataset)) return;
  delete sidebar.dataset.open;
  page.inert = false;
  opener?.focus();
}

function collapse(button) {
  const { dataset } = document.documentElement;
  dataset.sidebar = dataset.sidebar === "collapsed" ? "open" : "collapsed";
  button.setAttribute("aria-expanded", String(dataset.sidebar === "open"));
  remember({ sidebar: dataset.sidebar });
}
