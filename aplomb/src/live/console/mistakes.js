// What is wrong with an expression, shown under it with a mark at the character.

import { element } from "./element.js";

/**
 * Shows the mistakes of a field; their places count characters, of which some are two for a script.
 */
export function show(field, mistakes) {
  const place = document.getElementById(`${field.id}-mistakes`);
  field.setAttribute("aria-invalid", String(mistakes.length > 0));
  const told = new Set();
  const shown = [];
  for (const mistake of mistakes) {
    // The same may be wrong at many routes.
    const key = `${mistake.at} ${mistake.message}`;
    if (!told.has(key)) shown.push(pointed(field, mistake));
    told.add(key);
  }
  const text = shown.map((one) => one.textContent).join("\n");
  // What stays the same is not read out again.
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  place.replaceChildren(...shown);
}

function pointed(field, { message, at, length }) {
  const told = element("p", { className: "mistake-text" }, message);
  const letters = at === undefined ? null : Array.from(field.value);
  if (!letters?.length) return element("div", { className: "mistake" }, told);
  const wrong = letters.slice(at, at + Math.max(length, 1)).join("");
  const before = letters.slice(0, at).join("");
  const source = element("pre", { className: "source", "aria-hidden": "true" },
    before, element("mark", {}, wrong || " "), letters.slice(at + Math.max(length, 1)).join(""),
    "\n", " ".repeat(at), element("span", { className: "caret" }, "^".repeat(Math.max(Math.min(length, letters.length - at), 1))));
  const where = element("button", { type: "button", className: "link" }, `Go to character ${at + 1}`);
  where.addEventListener("click", () => {
    field.focus();
    field.setSelectionRange(before.length, before.length + wrong.length);
  });
  return element("div", { className: "mistake" }, source, told, where);
}
