// What probes and levels emit, as it comes.

import { Refused } from "./client.js";
import { byId, element, say } from "./element.js";
import { listen } from "./events.js";
import { clock, span } from "./units.js";

// A browser opens six connections to a place, and the page needs some for itself.
const MOST = 3;
const LINES = 500;

const listening = new Map();
let changed = () => {};

/** Makes the panel; tells when listening begins or ends. */
export function start(tell) {
  changed = tell;
  byId("output-clear").addEventListener("click", () => byId("output").replaceChildren());
  note();
}

/** Puts the panel beside the forms of a view, if that has some. */
export function dock(view) {
  byId(`${view}-stack`)?.prepend(byId("output").closest(".panel"));
}

/** Whether a probe is listened to. */
export function isWatched(id) {
  return listening.has(id);
}

/** Whether one more probe can be listened to. */
export function hasRoom() {
  return listening.size < MOST;
}

/** Listens to a probe; false if that would be one too many. */
export function watch(id) {
  if (listening.has(id)) return true;
  if (!hasRoom()) return false;
  const stop = new AbortController();
  listening.set(id, stop);
  note();
  follow(id, stop.signal).finally(() => {
    if (listening.get(id) === stop) listening.delete(id);
    note();
    changed();
  });
  return true;
}

/** No longer listens to a probe. */
export function leave(id) {
  listening.get(id)?.abort();
  listening.delete(id);
  note();
}

async function follow(id, signal) {
  let ended = false;
  try {
    await listen(`live/events?probe=${encodeURIComponent(id)}`, signal, (name, data) => {
      if (signal.aborted) return;
      if (name === "end") {
        ended = true;
        line("end", [probe(id), `${data.state}: passed ${data.passed}, matched ${data.matched}, emitted ${data.emitted}, dropped ${data.dropped}${data.reason ? `; ${data.reason}` : ""}`]);
      } else if (name === "dropped") {
        line("end", [probe(id), `${data.missed} more than this page could follow`]);
      } else {
        event(data);
      }
    });
    if (!ended && !signal.aborted) line("end", [probe(id), "the stream broke off"]);
  } catch (problem) {
    if (signal.aborted) return;
    line("end", [probe(id), problem instanceof Refused ? problem.message : "the stream broke off"]);
  }
}

function event(data) {
  const parts = [
    element("time", { dateTime: data.time, className: "quiet" }, clock(data.time)),
    probe(data.probe),
  ];
  if (data.message !== null && data.message !== undefined) {
    if (data.level && data.level !== "info") parts.push(element("span", { className: `level ${data.level === "error" || data.level === "warn" ? "bad" : "quiet"}` }, data.level));
    // A level speaks of many places.
    if (data.kind === "level") parts.push(element("span", { className: "quiet" }, data.place));
    parts.push(element("span", { className: "message" }, data.message));
  } else {
    const { spans = [], ...rest } = data.snapshot;
    const text = JSON.stringify(rest, null, 2);
    const tree = spans.length > 0 && element("pre", { className: "spans" }, `spans\n${indented(spans, 1)}`);
    parts.push(element("details", { className: "snapshot" },
      element("summary", {}, `snapshot of ${data.place}`), tree, element("pre", {}, text)));
  }
  const request = data.request_id ?? (data.request === null ? null : `#${data.request}`);
  if (request) parts.push(element("span", { className: "quiet request-number" }, `request ${request}`));
  line("event", parts);
}

/** Spans as lines, each below the one it was opened in. */
function indented(spans, depth) {
  return spans.map((one) => {
    const fields = Object.entries(one.fields ?? {}).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    const when = `at ${span(one.start_ms)}${one.open ? ", open" : ""}`;
    const line = `${"  ".repeat(depth)}${one.name} ${span(one.duration_ms)} (${when})${fields.join("")}\n`;
    return line + indented(one.spans ?? [], depth + 1);
  }).join("");
}

function probe(id) {
  return element("span", { className: "probe-id" }, id);
}

function line(kind, parts) {
  const output = byId("output");
  const follows = output.scrollHeight - output.scrollTop - output.clientHeight < 40;
  output.append(element("div", { className: `line ${kind}` }, ...parts.flatMap((part) => [part, " "])));
  while (output.childElementCount > LINES) output.firstChild.remove();
  if (follows) output.scrollTop = output.scrollHeight;
}

function note() {
  const ids = [...listening.keys()];
  say(byId("output-note"), ids.length ? `watching ${ids.join(", ")}` : "nothing is watched");
}
