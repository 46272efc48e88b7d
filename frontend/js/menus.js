/** Popover menus: placed beside their button, walked with the arrow keys. */
import { isVisible, on } from "./page.js";

const GAP = 4;
const EDGE = 8;

export function start() {
  document.addEventListener("toggle", toggled, true);
  // Rows share one menu: it stands beside the button that was pressed last.
  document.addEventListener("click", remember, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target instanceof Element && event.target.closest(".menu[popover][role=menu]");
    if (menu) walk(menu, event);
    else openByArrow(event);
  });
  on("click", ".menu [role^=menuitem]", (item) => item.closest(".menu").hidePopover());
  addEventListener("resize", () => openMenus().forEach((menu) => place(menu)));
  document.addEventListener("scroll", ({ target }) => openMenus().forEach((menu) => menu === target || place(menu)), true);
}

const openMenus = () => [...document.querySelectorAll(".menu[popover]:popover-open")];
const openers = new WeakMap();
const buttonOf = (menu) => {
  const known = openers.get(menu);
  return known?.isConnected ? known : document.querySelector(`[popovertarget="${menu.id}"]`);
};
const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]")].filter(isVisible);

function remember({ target }) {
  const button = target instanceof Element && target.closest("[popovertarget]");
  const menu = button && document.getElementById(button.getAttribute("popovertarget"));
  if (menu) openers.set(menu, button);
}

/** Open a menu or panel beside an element that is no button of its own. */
export function showAt(menu, opener) {
  openers.set(menu, opener);
  if (menu.matches(":popover-open")) place(menu);
  else menu.showPopover();
}

function toggled(event) {
  const menu = event.target;
  if (!(menu instanceof Element) || !menu.matches(".menu[popover]")) return;
  const open = event.newState === "open";
  buttonOf(menu)?.setAttribute("aria-expanded", String(open));
  if (!open) return;
  place(menu);
  itemsOf(menu)[0]?.focus({ preventScroll: true });
}

/** Put an open menu beside its button, wherever there is room. */
export function place(menu) {
  const button = buttonOf(menu)?.getBoundingClientRect();
  if (!button) return;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const above = button.top - GAP - height;
  const below = button.bottom + GAP;
  const fitsBelow = below + height <= innerHeight - EDGE;
  const wantsTop = menu.dataset.side === "top" || !fitsBelow;
  const top = wantsTop && above >= EDGE ? above : below;
  const left = menu.dataset.align === "end" ? button.right - width : button.left;
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  menu.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}

function openByArrow(event) {
  if (event.key !== "ArrowDown" || !event.target.matches?.("[data-menu]")) return;
  event.preventDefault();
  event.target.click();
}

function walk(menu, event) {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) {
    event.preventDefault();
    items.at(steps[event.key] % items.length)?.focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  } else if (event.key.length === 1 && /\p{L}/u.test(event.key)) {
    const letter = event.key.toLowerCase();
    const next = [...items.slice(at + 1), ...items].find((item) => item.textContent.trim().toLowerCase().startsWith(letter));
    next?.focus();
  }
}
