/** Small questions about the page that several modules ask. */
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

export const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);

/** The sentence the server sent under this name, with %(name)s filled in. */
export function text(name, values = {}) {
  return (texts[name] ?? "").replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

/** Call `handler(element, event)` when an event happens on, or inside, an element matching `selector`. */
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element && event.target.closest(selector);
      if (element) handler(element, event);
    },
    options,
  );
}

/** Call `handler(root)` for the page now and for every part htmx swaps in later. */
export function onContent(handler) {
  handler(document.body);
  document.body.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) handler(event.target);
  });
}

/** The elements matching `selector` in the root, itself included. */
export function all(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  return root.matches(selector) ? [root, ...found] : found;
}

export function isVisible(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

const WRITTEN_IN = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable='true']";

/**
 * Whether the keyboard is being used to write, so that single keys mean letters. A field in a dialog
 * that was closed has the focus until the page is drawn again, but nobody writes in it.
 */
export function isWriting(target) {
  const field = target instanceof Element && target.closest(WRITTEN_IN);
  return Boolean(field) && isVisible(field);
}

/** POST a form's worth of values in the background. */
export function post(url, values, headers = {}) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(values),
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch", ...headers },
    redirect: "manual",
    keepalive: true,
  });
}
