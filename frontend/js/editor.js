/** The editor of notes: formatted text in place of a plain field, with @mentions. Loaded only where notes are written. */
import Squire from "squire-rte";

import { all, isMac, onContent } from "./page.js";

// The same elements the server keeps; everything else that is pasted becomes plain text.
const KEPT = new Set(["P", "DIV", "BR", "B", "STRONG", "I", "EM", "U", "S", "A", "UL", "OL", "LI", "BLOCKQUOTE", "CODE", "PRE", "SPAN"]);
const COMMANDS = {
  bold: { is: "B", on: "bold", off: "removeBold" },
  italic: { is: "I", on: "italic", off: "removeItalic" },
  list: { is: "UL", on: "makeUnorderedList", off: "removeList" },
  numbers: { is: "OL", on: "makeOrderedList", off: "removeList" },
  quote: { is: "BLOCKQUOTE", on: "increaseQuoteLevel", off: "decreaseQuoteLevel" },
  link: { is: "A", on: "makeLink", off: "removeLink" },
};
const TYPED_MENTION = /(?:^|\s)@([\p{L}\p{N}.'-]{0,30})$/u;
let members;

onContent((root) => all(root, "[data-editor]").forEach(start));

function start(area) {
  const plain = area.querySelector("textarea");
  const html = area.querySelector("input[name=html]");
  const surface = document.createElement("div");
  surface.className = "editor-surface prose-note";
  Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": area.querySelector("label").textContent, "data-placeholder": plain.placeholder })
    .forEach(([name, value]) => surface.setAttribute(name, value));
  if (plain.dataset.key) Object.assign(surface.dataset, plain.dataset);
  plain.hidden = true;
  plain.before(surface);
  const editor = new Squire(surface, { blockTag: "P", sanitizeToDOMFragment: cleaned, addLinks: true });
  editor.setHTML(html.value);
  const form = area.closest("form");
  const keep = () => {
    html.value = surface.textContent.trim() ? editor.getHTML() : "";
    surface.toggleAttribute("data-empty", !surface.textContent.trim() && !surface.querySelector("li, blockquote"));
  };
  keep();
  editor.addEventListener("input", keep);
  editor.addEventListener("input", () => suggest(area, editor));
  editor.addEventListener("pathChange", () => show(area, editor));
  surface.addEventListener("keydown", (event) => pressed(event, area, editor, form), true);
  area.addEventListener("click", (event) => clicked(event, area, editor));
  area.querySelector("[role=toolbar]").hidden = false;
  area.querySelector("label").addEventListener("click", () => editor.focus());
  const key = form.querySelector("[data-send-key]");
  if (key && isMac) key.textContent = "⌘ ↵";
  if (form.id.startsWith("note-")) editor.focus();
}

function cleaned(markup) {
  const page = new DOMParser().parseFromString(markup, "text/html");
  for (const element of [...page.body.querySelectorAll("*")].reverse()) {
    if (!KEPT.has(element.tagName)) element.replaceWith(...element.childNodes);
    else for (const { name } of [...element.attributes]) if (name !== "href" && name !== "data-mention") element.removeAttribute(name);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
  return fragment;
}

function show(area, editor) {
  for (const button of area.querySelectorAll("[data-format]")) {
    button.setAttribute("aria-pressed", String(editor.hasFormat(COMMANDS[button.dataset.format].is)));
  }
}

function clicked(event, area, editor) {
  const button = event.target.closest("[data-format]");
  if (button) format(button, editor);
  const option = event.target.closest(".mentions [role=option]");
  if (option) mention(option, area, editor);
  show(area, editor);
}

function format(button, editor) {
  const command = COMMANDS[button.dataset.format];
  if (editor.hasFormat(command.is)) editor[command.off]();
  else if (command.on === "makeLink") link(button.dataset.question, editor);
  else editor[command.on]();
  editor.focus();
}

function link(question, editor) {
  const address = prompt(question, "https://")?.trim();
  if (address && /^(https?:|mailto:|tel:)/i.test(address)) editor.makeLink(address);
}

function pressed(event, area, editor, form) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
    return;
  }
  const list = area.querySelector(".mentions");
  if (list.hidden) return;
  const options = [...list.children];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 };
  if (event.key in steps) choose(options, steps[event.key]);
  else if (event.key === "Enter" || event.key === "Tab") mention(options[at], area, editor);
  else if (event.key === "Escape") list.hidden = true;
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function choose(options, at) {
  options.forEach((option) => option.setAttribute("aria-selected", "false"));
  options.at(at % options.length).setAttribute("aria-selected", "true");
}

function typed(editor) {
  const { startContainer, startOffset, collapsed } = editor.getSelection();
  if (!collapsed || startContainer.nodeType !== Node.TEXT_NODE) return null;
  const found = TYPED_MENTION.exec(startContainer.data.slice(0, startOffset));
  return found && { node: startContainer, end: startOffset, name: found[1] };
}

async function suggest(area, editor) {
  const list = area.querySelector(".mentions");
  const place = typed(editor);
  list.hidden = true;
  if (!place) return;
  members ??= fetch(area.dataset.mentionable).then((answer) => (answer.ok ? answer.json() : { members: [] }));
  const wanted = place.name.toLocaleLowerCase();
  const found = (await members).members.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)).slice(0, 6);
  if (!found.length) return;
  list.replaceChildren(...found.map(({ id, name }, at) => optionOf(id, name, at === 0)));
  list.hidden = false;
}

function optionOf(id, name, selected) {
  const option = document.createElement("button");
  option.type = "button";
  option.tabIndex = -1;
  option.textContent = name;
  option.dataset.member = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", String(selected));
  return option;
}

function mention(option, area, editor) {
  const place = typed(editor);
  area.querySelector(".mentions").hidden = true;
  if (!place) return;
  const range = document.createRange();
  range.setStart(place.node, place.end - place.name.length - 1);
  range.setEnd(place.node, place.end);
  editor.setSelection(range);
  const mark = document.createElement("span");
  mark.dataset.mention = option.dataset.member;
  mark.textContent = `@${option.textContent}`;
  editor.insertHTML(`${mark.outerHTML}&nbsp;`, false);
  editor.focus();
}
