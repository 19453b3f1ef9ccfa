// Requests, each in a line that opens to show where its time went and what it came with.

import { doing, sentence } from "./causes.js";
import { element, keep, say } from "./element.js";
import { bytes, clock, span } from "./units.js";
import { strip, waterfall } from "./waterfall.js";

/** Shows requests; `open` are those that are being answered, and change. */
export function show(parent, entries, none, open = false) {
  if (!entries.length) {
    keep(parent, [none], (text) => `none ${text}`, (text) => element("p", { className: "empty" }, text));
    return;
  }
  keep(parent, entries, (entry) => `${entry.id} ${entry.time}`, (entry) => make(entry, open), (made, entry) => {
    if (open) update(made, entry);
  });
}

function make(entry, open) {
  const summary = element("summary", {},
    element("span", { className: "took" }, span(entry.duration_ms)),
    chip(entry, open),
    element("span", { className: "request" },
      element("span", { className: "verb" }, entry.method), " ",
      element("span", { className: "path" }, entry.target)),
    element("span", { className: "when quiet" }, open ? `#${entry.id}` : clock(entry.time)),
    element("span", { className: "lane-strip" }, strip(entry)));
  const made = element("details", { className: "entry" }, summary);
  made.entry = entry;
  // Drawn once somebody looks.
  made.addEventListener("toggle", () => {
    if (made.open && !made.body) {
      made.body = element("div", { className: "entry-body" });
      made.append(made.body);
      fill(made.body, made.entry, open);
    }
  });
  return made;
}

function update(made, entry) {
  made.entry = entry;
  const [took, outcome, , , strips] = made.firstChild.children;
  say(took, span(entry.duration_ms));
  say(outcome, doing(entry));
  strips.replaceChildren(strip(entry));
  if (made.open && made.body) fill(made.body, entry, true);
}

function chip(entry, open) {
  if (open) return element("span", { className: "chip now" }, doing(entry));
  const failed = entry.fate !== "answered" || entry.status >= 500;
  const text = entry.fate === "answered" ? String(entry.status ?? "no answer") : entry.fate;
  const kind = failed ? "bad" : entry.status >= 400 ? "warn" : "good";
  return element("span", { className: `chip ${kind}` }, text);
}

function fill(body, entry, open) {
  const why = sentence(entry);
  const facts = [
    ["Route", entry.route ?? "none"],
    ["Handler", entry.handler],
    ["Request id", entry.request_id],
    ["Number", String(entry.id)],
    ["Client", entry.client],
    ["Arrived", entry.time],
    ["Outcome", open ? null : [entry.fate, entry.status].filter(Boolean).join(", ")],
    ["Last phase", doing(entry)],
    ["Response", open ? null : bytes(entry.response_bytes)],
  ];
  const list = element("dl", { className: "facts" });
  for (const [title, value] of facts) {
    if (value) list.append(element("div", {}, element("dt", {}, title), element("dd", {}, value)));
  }
  const parts = [];
  if (why) parts.push(element("p", { className: "why" }, why));
  parts.push(waterfall(entry), list);
  if (entry.headers?.length) {
    const rows = entry.headers.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    const shown = body.querySelector("details.headers")?.open ?? false;
    parts.push(element("details", { className: "headers", open: shown },
      element("summary", {}, `${entry.headers.length} headers`),
      element("dl", { className: "facts mono" }, ...rows)));
  }
  const focused = body.contains(document.activeElement);
  body.replaceChildren(...parts);
  if (focused) body.querySelector("details.headers > summary")?.focus({ preventScroll: true });
}
