// The token, and what may be done with or without it.

import { token } from "./client.js";
import { byId, say } from "./element.js";

let known;

/** Whether probes may be set here. */
export function maySet() {
  return known?.may_set ?? false;
}

/** Why probes may not be set here. */
export function why() {
  if (!known || known.may_set) return "";
  if (!known.needs_token) {
    return "You see routes and probes, but no values: without a token only those on the same machine set probes. LIVE_TOKEN in the environment of the service lets others in.";
  }
  return token.get()
    ? "The token was not accepted: you see routes and probes, but no values."
    : "You see routes and probes, but no values: to set probes, enter the token under Access.";
}

/** Says why nothing may be set beside the forms of a view, if that has some. */
export function dock(view) {
  if (view === "probes" || view === "levels") byId(`${view}-title`).after(byId("rights"));
}

/** Takes tokens, and tells when there is another one. */
export function start(changed) {
  const take = (text) => {
    token.set(text.trim());
    byId("token").value = "";
    byId("access").open = false;
    byId("access-summary").focus();
    changed();
  };
  byId("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(byId("token").value);
  });
  byId("forget").addEventListener("click", () => take(""));
  byId("access").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    byId("access").open = false;
    byId("access-summary").focus();
  });
}

/** Takes note of what may be done. */
export function show(figures) {
  known = figures;
  const text = figures.may_set ? "You may set probes and see values." : why();
  say(byId("access-text"), text);
  say(byId("access-summary"), figures.may_set ? "Access: full" : "Access: read only");
  byId("rights").hidden = figures.may_set;
  say(byId("rights"), why());
}
