// Which part of the page is shown: that of the fragment of its address.

import { byId } from "./element.js";

const VIEWS = ["traffic", "requests", "probes", "levels", "capacity"];

let shown = "";
let changed = () => {};

/** Whether a view is shown. */
export function isShown(view) {
  return shown === view;
}

/** Follows the fragment, and tells when another view is shown. */
export function start(tell) {
  changed = tell;
  addEventListener("hashchange", () => follow(true));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  follow(false);
}

/** Shows a view as if its link were followed. */
export function go(view) {
  if (location.hash === `#${view}`) follow(true);
  else location.hash = view;
}

function follow(moved) {
  const wanted = location.hash.slice(1);
  shown = VIEWS.includes(wanted) ? wanted : VIEWS[0];
  for (const view of VIEWS) {
    byId(view).hidden = view !== shown;
    const link = document.querySelector(`nav a[href="#${view}"]`);
    if (view === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // Those who hear the page are told where they are now.
  if (moved) {
    byId(`${shown}-title`).focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  changed(shown);
}
