// Elements. Whatever comes from outside goes into them as text, never as HTML.

/** Makes an element; children that are no elements become text. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (key in made && key !== "list" && key !== "form") {
      made[key] = value;
    } else {
      made.setAttribute(key, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** The element of the page with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Changes the text of an element if it says something else. */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const kept = new WeakMap();

/**
 * Makes the children of an element those of a list: children stay the same elements as long as
 * their keys stay, so that whoever has the focus in one keeps it.
 */
export function keep(parent, items, key, make, update) {
  const before = kept.get(parent) ?? new Map();
  const now = new Map();
  const focused = document.activeElement;
  let place = parent.firstChild;
  for (const item of items) {
    const name = key(item);
    if (now.has(name)) continue;
    let child = before.get(name);
    if (!child) child = make(item);
    update?.(child, item);
    now.set(name, child);
    if (child === place) place = place.nextSibling;
    else parent.insertBefore(child, place);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
  kept.set(parent, now);
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}
