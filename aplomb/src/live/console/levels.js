// The levels that are set, and the form that sets one.

import { Refused, ask } from "./client.js";
import { byId, element, keep, say } from "./element.js";
import { choice, field, line, number } from "./fields.js";
import * as mistakes from "./mistakes.js";
import * as output from "./output.js";
import { count, span } from "./units.js";

const PARTS = { directive: "level-place", route: "level-only", per_second: "level-rate" };
const LEVELS = [["trace", "trace: everything"], ["debug", "debug"], ["info", "info"], ["warn", "warn"], ["error", "error"], ["off", "off: nothing"]];

let refresh = () => {};
let allowed = false;

/** Makes the form; `again` asks for the levels anew. */
export function start(again) {
  refresh = again;
  const form = byId("set-level");
  form.append(element("fieldset", { className: "plain", id: "level-fields", disabled: true }, element("legend", { className: "unseen" }, "A level"), ...fields()));
  byId("level-to").value = "debug";
  byId("level-expires").value = "300";
  form.addEventListener("submit", submit);
  form.addEventListener("input", clear);
}

function fields() {
  return [
    element("div", { className: "grid" },
      field("level-place", "Events and spans", line({ placeholder: "my_crate::orders", maxLength: 240, list: "level-sites" }), { className: "wide", mistakes: true, hint: "A target and all below it, src/orders.rs:142 for those in a line, or span NAME; all there are without anything." }),
      element("datalist", { id: "level-sites" }),
      field("level-to", "Level", choice(LEVELS)),
      field("level-only", "Only for this route", choice([["", "any route"]]), { mistakes: true })),
    element("fieldset", { className: "limits" }, element("legend", {}, "It ends after"),
      element("div", { className: "grid narrow" },
        field("level-expires", "Time", choice([["60", "1 min"], ["300", "5 min"], ["3600", "1 h"], ["28800", "8 h"], ["86400", "1 day"]])),
        field("level-rate", "At most per second", number({ min: 0.1, max: 1000, step: "any", value: "100" }), { mistakes: true })),
      element("label", { className: "check" }, element("input", { type: "checkbox", id: "level-attached", checked: true }), " and when this page is closed, or no longer watches it")),
    element("p", { id: "level-verdict", className: "verdict", role: "status" }),
    element("div", { className: "buttons" }, element("button", { type: "submit", className: "primary", id: "level-set" }, "Set the level")),
  ];
}

/** Says whether levels may be set and reset. */
export function allow(may) {
  if (may === allowed) return;
  allowed = may;
  byId("level-fields").disabled = !may;
  refresh();
}

/** Takes note of the routes that there are. */
export function know({ routes }) {
  const options = [["", "any route"], ...routes.map(({ target }) => [target, target])];
  keep(byId("level-only"), options, ([value]) => value, ([value, title]) => element("option", { value }, title));
}

/** Takes note of the events and spans that are known. */
export function knowSites(sites) {
  const names = new Set(sites.map((site) => site.target));
  for (const site of sites) {
    if (site.directive) names.add(site.directive);
    if (site.name) names.add(`span ${site.name}`);
  }
  keep(byId("level-sites"), [...names].slice(0, 500), (name) => name, (value) => element("option", { value }));
}

/** The level as the API takes it. */
function definition() {
  const place = byId("level-place").value.trim();
  const asked = {
    directive: place ? `${place}=${byId("level-to").value}` : byId("level-to").value,
    expires_in: Number(byId("level-expires").value),
    attached: byId("level-attached").checked,
  };
  if (byId("level-only").value) asked.route = byId("level-only").value;
  if (byId("level-rate").value.trim()) asked.per_second = Number(byId("level-rate").value);
  return asked;
}

async function submit(event) {
  event.preventDefault();
  const asked = definition();
  if (asked.attached && !output.hasRoom()) {
    verdict("Three are watched already: stop watching one, or let this one stay when the page is closed.", true);
    byId("level-attached").focus();
    return;
  }
  byId("level-set").disabled = true;
  try {
    const set = await ask("live/levels", { method: "PUT", body: asked });
    clear();
    verdict([`Level ${set.id} is set`, ...set.notes].join("; "), !set.heard);
    output.watch(set.id);
    refresh();
  } catch (problem) {
    refuse(problem);
    document.querySelector("#set-level [aria-invalid=true]")?.focus();
  } finally {
    byId("level-set").disabled = false;
    // A button that was off has lost the focus.
    if (document.activeElement === document.body) byId("level-set").focus();
  }
}

function refuse(problem) {
  clear();
  const found = new Map();
  const add = (part, mistake) => {
    if (PARTS[part]) found.set(PARTS[part], [...(found.get(PARTS[part]) ?? []), mistake]);
  };
  if (problem instanceof Refused && Array.isArray(problem.detail)) {
    for (const { loc, msg } of problem.detail) add(loc.slice(1).join("."), { message: msg });
  } else if (problem instanceof Refused) {
    for (const mistake of problem.detail?.mistakes ?? []) add(mistake.part, mistake);
  }
  for (const [id, wrong] of found) mistakes.show(byId(id), wrong);
  const text = problem instanceof Refused ? problem.message : "The listener cannot be reached.";
  verdict(found.size ? "Not as it is: see above." : text, true);
}

function clear() {
  for (const id of Object.values(PARTS)) mistakes.show(byId(id), []);
  verdict("", false);
}

function verdict(text, bad) {
  say(byId("level-verdict"), text);
  byId("level-verdict").className = bad ? "verdict bad" : "verdict";
}

/** Shows the levels that are set. */
export function show(levels) {
  say(byId("levels-note"), levels.length ? `${levels.length} set` : "");
  keep(byId("level-list"), levels.length ? levels : [{ id: "none" }], (level) => level.id, make, update);
}

function make(level) {
  if (level.id === "none") return element("li", { className: "empty" }, "None: events and spans are as the program filters them.");
  const watching = element("button", { type: "button", "aria-label": `watch ${level.id}` }, "Watch");
  watching.addEventListener("click", () => {
    if (output.isWatched(level.id)) output.leave(level.id);
    else if (!output.watch(level.id)) say(byId("output-note"), "three are watched already; stop watching one");
    refresh();
  });
  const reset = element("button", { type: "button", className: "danger", "aria-label": `reset ${level.id}` }, "Reset");
  reset.addEventListener("click", async () => {
    reset.disabled = true;
    try {
      await ask(`live/levels/${encodeURIComponent(level.id)}`, { method: "DELETE" });
    } catch {
      // It has ended by itself; the list says so.
    }
    // The button goes, and whoever works by keyboard stays near.
    byId("level-place").focus({ preventScroll: true });
    refresh();
  });
  const parts = { left: element("span", { className: "quiet" }), figures: element("dl", { className: "figures" }), notes: element("p", { className: "quiet" }), watching, reset };
  const made = element("li", { className: "card" },
    element("div", { className: "card-head" },
      element("span", { className: "probe-id" }, level.id), element("strong", { className: "path" }, level.directive),
      element("span", { className: "buttons" }, watching, reset)),
    level.route && element("p", {}, "only while ", element("span", { className: "path" }, level.route), " is answered"),
    parts.figures, parts.notes,
    element("p", { className: "quiet" }, `set by ${level.owner} `, parts.left));
  made.parts = parts;
  return made;
}

function update(made, level) {
  if (!made.parts) return;
  const { left, figures, notes, watching, reset } = made.parts;
  say(left, `· ends in ${span(level.expires_in * 1000)}`);
  say(notes, level.notes.join(" "));
  const all = [["known sites", count(level.callsites)], ["emitted", count(level.emitted)], ["dropped", count(level.dropped)]];
  keep(figures, all, ([title]) => title, ([title]) => element("div", {}, element("dt", {}, title), element("dd")), (row, [, value]) => say(row.lastChild, value));
  for (const button of [watching, reset]) button.hidden = !allowed;
  say(watching, output.isWatched(level.id) ? "Stop watching" : "Watch");
}
