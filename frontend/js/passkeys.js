/** Passkeys: a button whose form carries what the browser's authenticator answers to our challenge. */
import { all, on, onContent, text } from "./page.js";
import { showToast } from "./toasts.js";

const ASK = {
  create: async (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) }),
  get: async (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) }),
};

export function start() {
  onContent((root) => {
    if (globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) {
      all(root, "[data-passkey]").forEach((button) => (button.hidden = false));
    }
  });
  on("click", "[data-passkey]", (button, event) => {
    event.preventDefault();
    answer(button);
  });
}

async function answer(button) {
  const { form } = button;
  button.disabled = true;
  try {
    const credential = await ASK[button.dataset.passkey](await optionsFor(button));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    // Whoever closed the window of their browser is told the same as those whose key does not fit.
    showToast({ message: text("passkeyFailed"), tone: "warning" });
    button.disabled = false;
  }
}

/** The challenge stands on the page; before log-in it is asked for, so that a page left open stays good. */
async function optionsFor(button) {
  const element = document.getElementById(button.dataset.options);
  if (element) return JSON.parse(element.textContent);
  const response = await fetch(button.form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  return (await response.json()).request_options;
}
