// The probes there are, what they have done, and the way to remove them.

import { ask } from "./client.js";
import { byId, element, keep, say } from "./element.js";
import * as form from "./form.js";
import * as output from "./output.js";
import { count, span } from "./units.js";

export { aim, know } from "./form.js";

let refresh = () => {};
let allowed = false;

/** Makes the form and the list; `again` asks for the probes anew. */
export function start(again) {
  refresh = again;
  form.start(output.hasRoom, (probe) => {
    if (probe.kind !== "metric" || probe.definition.attached) watch(probe.id);
    refresh();
  });
  form.allow(false);
}

/** Says whether probes may be set and removed. */
export function allow(may) {
  if (may === allowed) return;
  allowed = may;
  form.allow(may);
  refresh();
}

function watch(id) {
  if (!output.watch(id)) say(byId("output-note"), "three probes are watched already; stop watching one");
}

/** Shows the probes. */
export function show(probes) {
  const active = probes.filter(isActive);
  const levels = active.filter(isLevel).length;
  const besides = levels ? `, and ${levels === 1 ? "a level" : `${levels} levels`}` : "";
  say(byId("probes-note"), probes.length ? `${active.length - levels} active${besides}` : "");
  const none = { id: "none" };
  keep(byId("probe-list"), probes.length ? probes : [none], (probe) => probe.id, make, update);
}

function isActive(probe) {
  return probe.state === "active" || probe.state === "throttled";
}

function isLevel(probe) {
  return probe.kind === "level";
}

function make(probe) {
  if (probe.id === "none") return element("li", { className: "empty" }, "None: the service is not looked into.");
  const watching = element("button", { type: "button" }, "Watch");
  watching.addEventListener("click", () => {
    if (output.isWatched(probe.id)) output.leave(probe.id);
    else watch(probe.id);
    refresh();
  });
  const remove = element("button", { type: "button", className: "danger" }, "Remove");
  remove.addEventListener("click", async () => {
    remove.disabled = true;
    try {
      await ask(`live/probes/${encodeURIComponent(probe.id)}`, { method: "DELETE" });
    } catch {
      // It has ended by itself; the list says so.
    }
    // The button goes, and whoever works by keyboard stays near.
    byId("form-title").closest(".panel").querySelector("input:checked")?.focus({ preventScroll: true });
    refresh();
  });
  for (const [button, what] of [[watching, "watch"], [remove, "remove"]]) button.setAttribute("aria-label", `${what} ${probe.id}`);
  const parts = {
    state: element("span"),
    left: element("span", { className: "quiet" }),
    figures: element("dl", { className: "figures" }),
    series: element("div"),
    watching,
    remove,
  };
  const made = element("li", { className: "card" },
    element("div", { className: "card-head" },
      element("span", { className: "probe-id" }, probe.id), parts.state,
      element("strong", {}, probe.kind),
      element("span", { className: "path" }, probe.places.length > 1 ? `${probe.places[0]} and ${probe.places.length - 1} more` : probe.places[0]),
      element("span", { className: "buttons" }, watching, remove)),
    what(probe.definition), parts.figures, parts.series,
    element("p", { className: "quiet" }, `set by ${probe.owner}${probe.definition.reason ? `: ${probe.definition.reason}` : ""} `, parts.left));
  made.parts = parts;
  return made;
}

function what(definition) {
  const shown = element("dl", { className: "facts mono" });
  const add = (title, value) => {
    if (value) shown.append(element("div", {}, element("dt", {}, title), element("dd", {}, value)));
  };
  add("message", definition.message);
  add("metric", definition.metric && `${definition.metric.type} live_${definition.metric.name}${definition.metric.value ? ` = ${definition.metric.value}` : ""}`);
  add("when", definition.when);
  add("directive", definition.directive);
  return shown;
}

function update(made, probe) {
  if (!made.parts) return;
  const { state, left, figures, series, watching, remove } = made.parts;
  const active = isActive(probe);
  state.className = `chip ${active ? (probe.state === "active" ? "good" : "warn") : probe.state === "tripped" ? "bad" : "now"}`;
  say(state, probe.state);
  say(left, active ? `· ends in ${span(probe.expires_in * 1000)}` : probe.reason ? `· ${probe.reason}` : "");
  const most = probe.definition.hits ?? { log: 100, snapshot: 1 }[probe.kind];
  const all = [["passed", count(probe.passed)], ["matched", count(probe.matched)], ["emitted", `${count(probe.emitted)}${most ? ` of ${count(most)}` : ""}`], ["dropped", count(probe.dropped)], ["throttled", count(probe.throttled)], ["CPU", span(probe.cpu_microseconds / 1000)]];
  keep(figures, all, ([title]) => title, ([title]) => element("div", {}, element("dt", {}, title), element("dd")), (row, [, value]) => say(row.lastChild, value));
  measured(series, probe);
  watching.hidden = !allowed || !active || probe.kind === "metric";
  remove.hidden = !allowed || !active;
  say(watching, output.isWatched(probe.id) ? "Stop watching" : "Watch");
}

/** What a metric has counted, by its labels. */
function measured(parent, probe) {
  const series = probe.series ?? [];
  if (!series.length) return parent.replaceChildren();
  const type = probe.definition.metric?.type;
  const value = (number) => (type === "duration" ? span(number * 1000) : String(Math.round(number * 1000) / 1000));
  const rows = series.map((one) => {
    const labels = Object.entries(one.labels).map(([name, text]) => `${name}="${text}"`).join(", ") || "all";
    const cells = type === "counter" ? [count(one.count)] : [count(one.count), value(one.sum / one.count), value(one.last)];
    return element("tr", {}, element("th", { scope: "row" }, labels), ...cells.map((text) => element("td", { className: "number" }, text)));
  });
  const heads = type === "counter" ? ["Times"] : ["Times", "Average", "Last"];
  parent.replaceChildren(element("table", { className: "series" },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Labels"), ...heads.map((title) => element("th", { scope: "col", className: "number" }, title)))),
    element("tbody", {}, ...rows)));
}
