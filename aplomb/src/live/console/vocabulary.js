// What an expression may name at the chosen point: a choice of names that are put where one types.

import { byId, element, keep, say } from "./element.js";

let into = null;
let names = [];

/**
 * Makes the list beside these fields; what is chosen goes into the one that was typed in or pointed
 * at last, not into those that somebody only passed on the way here.
 */
export function start(fields) {
  for (const field of fields) {
    for (const event of ["input", "pointerdown"]) field.addEventListener(event, () => aim(field));
  }
  aim(fields[0]);
  byId("names-filter").addEventListener("input", render);
}

/** Says where names go from now on. */
export function aim(field) {
  into = field;
  say(byId("names-into"), `A name goes into “${field.labels[0].textContent}”.`);
}

/** Shows what is known. */
export function show(fields, functions) {
  names = [
    ...fields.map((field) => ({ name: field.name, kind: field.type, secret: field.secret })),
    ...functions.map((text) => ({ name: text, kind: "function", secret: false })),
  ];
  render();
}

function render() {
  const wanted = byId("names-filter").value.trim().toLowerCase();
  const shown = names.filter(({ name }) => name.toLowerCase().includes(wanted));
  say(byId("names-count"), names.length ? `${shown.length} of ${names.length}` : "choose a route first");
  // The catalogue is asked for again and again, and whoever has the focus here keeps it.
  keep(byId("names"), shown, ({ name, kind, secret }) => `${name} ${kind} ${secret}`, one);
}

function one({ name, kind, secret }) {
  const parts = [element("code", {}, name), element("span", { className: "quiet" }, secret ? "secret" : kind)];
  if (secret) return element("li", { className: "secret", title: "It never leaves the service." }, ...parts);
  const button = element("button", { type: "button", on: { click: () => put(name) } }, ...parts);
  return element("li", {}, button);
}

function put(name) {
  if (!into || into.disabled || into.offsetParent === null) return;
  const text = into.dataset.template === "yes" ? `{${name}}` : name;
  into.setRangeText(text, into.selectionStart, into.selectionEnd, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
}
