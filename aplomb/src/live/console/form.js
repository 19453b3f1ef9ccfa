// The form that sets a probe, checked while one types.

import { Refused, ask } from "./client.js";
import { byId, element, keep, say } from "./element.js";
import { all } from "./fields.js";
import * as mistakes from "./mistakes.js";
import { rate } from "./units.js";
import * as vocabulary from "./vocabulary.js";

const OTHER = "other";
const PARTS = { when: "when", message: "message", "metric.value": "metric-value", "metric.from": "metric-from", "metric.name": "metric-name", target: "target", hits: "hits", per_second: "rate", sample: "sample" };

let catalog = { routes: [], functions: [] };
let checking = 0;
let asked = 0;
let placed = () => {};
let hasRoom = () => true;
let named = false;

/** Makes the form; `room` says whether one more probe can be watched, and what was set is handed on. */
export function start(room, tell) {
  hasRoom = room;
  placed = tell;
  const form = byId("probe");
  form.append(element("fieldset", { className: "plain", id: "form-fields" }, element("legend", { className: "unseen" }, "A probe"), ...all()));
  byId("message").dataset.template = "yes";
  byId("level").value = "info";
  byId("expires").value = "600";
  vocabulary.start(["message", "when", "metric-value", "label-value"].map(byId));
  form.addEventListener("submit", submit);
  form.addEventListener("input", (event) => {
    if (event.target.id === "names-filter") return;
    if (event.target.id === "metric-name") named = true;
    adapt(event.target);
    later();
  });
  adapt();
}

/** Says whether probes may be set. */
export function allow(may) {
  byId("form-fields").disabled = !may;
}

/** Takes note of routes, points and names. */
export function know(answer) {
  catalog = answer;
  const options = [["", "Choose a route"], ...catalog.routes.map((route) => [route.target, route.target]), ["/**", "All routes"], [OTHER, "Something else…"]];
  const before = byId("route").value;
  keep(byId("route"), options, ([value]) => value, ([value, title]) => element("option", { value }, title));
  if (byId("route").value !== before) byId("route").value = before;
  points();
}

/** Chooses a route. */
export function aim(target) {
  byId("route").value = target;
  if (byId("route").value !== target) {
    // Not known yet, or one of several methods.
    const route = catalog.routes.find((one) => one.methods.some((method) => `${method} ${one.path}` === target));
    const value = route?.target ?? target;
    if (!route) byId("route").append(element("option", { value }, value));
    byId("route").value = value;
  }
  points();
  adapt();
}

const kind = () => document.querySelector("#probe input[name=kind]:checked").value;
const route = () => catalog.routes.find((one) => one.target === byId("route").value);

function points() {
  const known = route()?.points ?? catalog.routes[0]?.points.filter(({ point }) => !point.startsWith("@dep:")) ?? [];
  const before = byId("point").value;
  const options = known.map(({ point }) => point);
  keep(byId("point"), options, (point) => point, (point) => element("option", { value: point }, point));
  byId("point").value = options.includes(before) ? before : "@response";
  names();
}

function names() {
  const point = route()?.points.find((one) => one.point === byId("point").value);
  vocabulary.show(point?.fields ?? [], point ? catalog.functions : []);
  const often = point && `about ${rate(point.per_second)} per second lately`;
  say(byId("point-hint"), often || " ");
  const rest = point ? point.per_second / (Number(byId("sample").value) || 1) : 0;
  const crowded = rest > 50 && !byId("when").value && kind() !== "metric";
  byId("point-hint").classList.toggle("bad", crowded);
  if (crowded) say(byId("point-hint"), `${often}: add a condition, or look at fewer requests`);
}

/** Shows what the kind of probe needs, and nothing else. */
function adapt(changed) {
  const of = kind();
  const type = byId("metric-type").value;
  const takesValue = type === "gauge" || type === "histogram";
  const other = byId("route").value === OTHER;
  const needs = {
    target: other, point: !other,
    message: of === "log", level: of === "log",
    "metric-type": of === "metric", "metric-name": of === "metric",
    "metric-value": of === "metric" && takesValue,
    "metric-from": of === "metric" && type === "duration",
    "label-name": of === "metric", "label-value": of === "metric",
    rate: of !== "metric",
  };
  for (const [id, needed] of Object.entries(needs)) byId(`${id}-field`).hidden = !needed;
  if (changed?.name === "kind") {
    byId("hits").value = { log: "20", snapshot: "1", metric: "" }[of];
    byId("hits").placeholder = of === "metric" ? "any number" : "";
    vocabulary.aim(byId(of === "log" ? "message" : "when"));
  }
  if (changed?.id === "route") points();
  else names();
  if (of === "metric" && !named) byId("metric-name").value = nameOf(`${target()} ${type}`);
}

/** A name for a metric: `GET /items/{id} @handler` is `get_items_id_handler`. */
function nameOf(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 63);
}

function target() {
  const chosen = byId("route").value;
  return chosen === OTHER ? byId("target").value.trim() : `${chosen} ${byId("point").value}`.trim();
}

/** The probe as the API takes it. */
function definition() {
  const of = kind();
  const asked = { kind: of, target: target(), expires_in: Number(byId("expires").value), attached: byId("attached").checked };
  const text = (id) => byId(id).value.trim();
  if (byId("when").value.trim()) asked.when = byId("when").value;
  if (text("hits")) asked.hits = Number(text("hits"));
  if (text("rate") && of !== "metric") asked.per_second = Number(text("rate"));
  if (text("sample")) asked.sample = Number(text("sample"));
  if (of === "log") Object.assign(asked, { message: byId("message").value, level: byId("level").value });
  if (of === "metric") {
    const type = byId("metric-type").value;
    asked.metric = { name: text("metric-name"), type };
    if (type === "gauge" || type === "histogram") asked.metric.value = byId("metric-value").value;
    if (type === "duration" && text("metric-from")) asked.metric.from = text("metric-from");
    if (text("label-name")) asked.metric.labels = { [text("label-name")]: byId("label-value").value };
  }
  return asked;
}

/** Whether there is enough to be checked. */
function isWhole(asked) {
  if (!asked.target.replace(/^@\w+$/, "")) return false;
  return asked.kind !== "log" || asked.message !== "";
}

function later() {
  clearTimeout(checking);
  checking = setTimeout(check, 300);
}

async function check() {
  const probe = definition();
  if (!isWhole(probe) && !probe.when) return clear();
  // While nothing is said yet, the condition is checked by itself.
  if (probe.kind === "log" && !probe.message) probe.message = "…";
  if (!probe.target.replace(/^@\w+$/, "")) return clear();
  asked += 1;
  const number = asked;
  try {
    const could = await ask("live/probes?check=true", { method: "POST", body: probe });
    if (number !== asked) return;
    clear();
    say(byId("verdict"), `It could be set at ${places(could)}.`);
  } catch (problem) {
    if (number === asked) refuse(problem);
  }
}

async function submit(event) {
  event.preventDefault();
  clearTimeout(checking);
  const probe = definition();
  if (!isWhole(probe)) {
    const missing = probe.kind === "log" && probe.target.startsWith("@") === false && probe.target ? "message" : "route";
    if (missing === "message") complain("A log needs a message.", "message");
    else complain("Choose where it is to sit.", byId("route").value === OTHER ? "target" : "route");
    return;
  }
  if (probe.attached && !hasRoom()) {
    complain("Three probes are watched already: stop watching one, or let this one stay when the page is closed.", "attached");
    return;
  }
  asked += 1;
  byId("set").disabled = true;
  try {
    const set = await ask("live/probes", { method: "POST", body: probe });
    clear();
    say(byId("verdict"), `Probe ${set.id} is set at ${places(set)}.`);
    placed(set);
  } catch (problem) {
    refuse(problem);
    document.querySelector("#probe [aria-invalid=true]")?.focus();
  } finally {
    byId("set").disabled = false;
    // A button that was off has lost the focus.
    if (document.activeElement === document.body) byId("set").focus();
  }
}

function complain(text, id) {
  say(byId("verdict"), text);
  byId("verdict").className = "verdict bad";
  byId(id).focus();
}

function places({ places }) {
  return places.length > 1 ? `${places[0]} and ${places.length - 1} more` : places[0];
}

function clear() {
  for (const id of [...Object.values(PARTS), "label-value"]) mistakes.show(byId(id), []);
  say(byId("verdict"), "");
  byId("verdict").className = "verdict";
}

function refuse(problem) {
  const found = new Map();
  const add = (part, mistake) => {
    const id = PARTS[part] ?? (part.startsWith("metric.labels.") ? "label-value" : null);
    if (id) found.set(id, [...(found.get(id) ?? []), mistake]);
  };
  if (problem instanceof Refused && Array.isArray(problem.detail)) {
    for (const { loc, msg } of problem.detail) add(loc.slice(1).join("."), { message: msg });
  } else if (problem instanceof Refused) {
    for (const mistake of problem.detail?.mistakes ?? []) add(mistake.part, mistake);
  }
  clear();
  for (const [id, wrong] of found) mistakes.show(byId(id), wrong);
  const text = problem instanceof Refused ? problem.message : "The listener cannot be reached.";
  say(byId("verdict"), found.size ? "Not as it is: see above." : text);
  byId("verdict").className = "verdict bad";
}
