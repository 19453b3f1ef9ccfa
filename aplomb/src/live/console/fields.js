// The fields of the form that sets a probe.

import { element } from "./element.js";

/** A field with its label, a hint, and a place for what is wrong with it. */
export function field(id, title, control, { hint, mistakes = false, className = "" } = {}) {
  control.id = id;
  const told = [];
  if (hint) told.push(`${id}-hint`);
  if (mistakes) told.push(`${id}-mistakes`);
  if (told.length) control.setAttribute("aria-describedby", told.join(" "));
  return element("div", { className: `field ${className}`, id: `${id}-field` },
    element("label", { htmlFor: id }, title),
    control,
    hint && element("p", { className: "hint quiet", id: `${id}-hint` }, hint),
    mistakes && element("div", { className: "mistakes", id: `${id}-mistakes`, "aria-live": "polite" }));
}

/** A choice; options are values with what they are called. */
export function choice(options) {
  return element("select", {}, ...options.map(([value, title]) => element("option", { value }, title)));
}

/** One line of an expression, a template or a name. */
export function line(properties = {}) {
  return element("input", { type: "text", spellcheck: false, autocomplete: "off", autocapitalize: "off", ...properties });
}

/** A number. */
export function number(properties = {}) {
  return element("input", { type: "number", inputMode: "numeric", ...properties });
}

/** The choice of what a probe does. */
export function kinds() {
  const all = [
    ["log", "Log", "a line whenever the point is passed"],
    ["metric", "Metric", "counts or measures, on /metrics too"],
    ["snapshot", "Snapshot", "all that is known of a request"],
  ];
  return element("fieldset", { className: "segments kinds" }, element("legend", {}, "What to do"),
    ...all.map(([value, title, what], place) => element("label", { title: what },
      element("input", { type: "radio", name: "kind", value, checked: place === 0 }), element("span", {}, title))));
}

/** All fields, in the order of the page. */
export function all() {
  const expression = { mistakes: true, className: "wide" };
  return [
    kinds(),
    element("div", { className: "grid" },
      field("route", "Route", choice([["", "Choose a route"]]), { className: "wide" }),
      field("target", "Target", line({ placeholder: "/orders/**, error 5xx, dep db, task send_mail", maxLength: 256 }), { className: "wide", mistakes: true, hint: "A pattern of routes, with a point such as @handler behind it, or error 5xx, validation, database, dep NAME, task NAME." }),
      field("point", "Point", choice([]), { hint: " " }),
      field("level", "Level", choice([["error", "error"], ["warn", "warn"], ["info", "info"], ["debug", "debug"]])),
      field("metric-type", "Type", choice([["counter", "counter: how often"], ["duration", "duration: how long"], ["histogram", "histogram: how a value is spread"], ["gauge", "gauge: the last value"]])),
      field("metric-name", "Name, behind live_", line({ maxLength: 63 }), { mistakes: true }),
      field("metric-from", "Measured from", choice([["", "the point itself"], ["@validate", "@validate"], ["@handler", "@handler"]]), { mistakes: true }),
      field("metric-value", "Value", line({ placeholder: "body.price * body.count", maxLength: 1024 }), { ...expression, hint: "An expression that is a number." }),
      field("label-name", "Label", line({ placeholder: "plan", maxLength: 32 })),
      field("label-value", "its value", line({ placeholder: "dep.account.plan", maxLength: 1024 }), { mistakes: true }),
      field("message", "Message", line({ placeholder: "{path.id} took {elapsed_ms} ms", maxLength: 1024 }), { ...expression, hint: "Names between braces are replaced by what they stand for." }),
      field("when", "Only when", line({ placeholder: "elapsed_ms > 300 && response.status >= 500", maxLength: 1024 }), { ...expression, hint: "A condition; without one every request counts." })),
    element("details", { className: "names", id: "names-panel" },
      element("summary", {}, "Names that are known here ", element("span", { id: "names-count", className: "count" })),
      element("p", { id: "names-into", className: "quiet" }),
      field("names-filter", "Only names with", line({ type: "search" })),
      element("ul", { id: "names" })),
    element("fieldset", { className: "limits" }, element("legend", {}, "It ends after"),
      element("div", { className: "grid narrow" },
        field("hits", "Hits", number({ min: 1, max: 1000000, value: "20" }), { mistakes: true }),
        field("expires", "Time", choice([["60", "1 min"], ["600", "10 min"], ["3600", "1 h"], ["28800", "8 h"], ["86400", "1 day"]])),
        field("rate", "At most per second", number({ min: 0.1, max: 50, step: "any", value: "10" }), { mistakes: true }),
        field("sample", "One request in", number({ min: 1, max: 1000000, value: "1" }), { mistakes: true })),
      element("label", { className: "check" }, element("input", { type: "checkbox", id: "attached", checked: true }), " and when this page is closed, or no longer watches it")),
    element("p", { id: "verdict", className: "verdict", role: "status" }),
    element("div", { className: "buttons" },
      element("button", { type: "submit", className: "primary", id: "set" }, "Set the probe")),
  ];
}
