// Where the time of one request went: the parts of it, of which none is a wrapper around others.

import { span } from "./units.js";

const ORDER = ["routing", "middleware", "waiting", "body", "validation", "dependencies", "handler", "serialising", "clean-up", "writing"];

const TOLD = {
  before: "it lay unread in its socket: every worker was held",
  routing: "finding the route",
  middleware: "in middleware",
  waiting: "waiting to be let in, or for a thread",
  body: "waiting for the client to send the body",
  validation: "reading and checking the arguments",
  dependencies: "between dependencies",
  serialising: "making the response",
  "clean-up": "the clean-up of dependencies",
  writing: "handing the response to the client",
  nobody: "nobody accounts for it",
};

/**
 * The parts in the order in which a request comes to them: what each is called, its phase, when it
 * began after the request arrived, and for how long it computed and waited.
 */
export function parts(entry) {
  const found = [];
  const add = (label, phase, at, busy, awaiting, dependency) => {
    if (busy + awaiting > 0) found.push({ label, phase, at, busy, awaiting, dependency });
  };
  add("unread in its socket", "before", -entry.before_ms, 0, entry.before_ms);
  let at = 0;
  for (const phase of new Set([...ORDER, ...Object.keys(entry.phases)])) {
    const spent = entry.phases[phase];
    if (!spent) continue;
    let [busy, awaiting] = [spent.busy_ms, spent.awaiting_ms];
    let inside = at;
    if (phase === "dependencies") {
      for (const { name, spent: own } of entry.dependencies) {
        add(name, phase, inside, own.busy_ms, own.awaiting_ms, true);
        inside += own.busy_ms + own.awaiting_ms;
        busy -= own.busy_ms;
        awaiting -= own.awaiting_ms;
      }
    }
    // What dependencies say of themselves is rounded.
    if (phase !== "dependencies" || busy + awaiting > 0.01) {
      add(phase, phase, inside, Math.max(0, busy), Math.max(0, awaiting));
    }
    at += spent.busy_ms + spent.awaiting_ms;
  }
  const left = entry.duration_ms - at;
  if (left > Math.max(0.05, entry.duration_ms / 1000)) add("unattributed", "nobody", at, 0, left);
  return found;
}

/** The largest part of a request's time in a sentence. */
export function sentence(entry) {
  let largest = { time: 0, text: "" };
  const look = (time, text) => {
    if (time > largest.time) largest = { time, text };
  };
  for (const part of parts(entry)) {
    const what = part.dependency ? `the dependency ${part.label}` : `the handler ${entry.handler ?? ""}`.trim();
    if (part.dependency || part.phase === "handler") {
      look(part.busy, `${what} computed, and held its thread meanwhile`);
      look(part.awaiting, `${what} waited for something outside of it`);
    } else {
      look(part.busy + part.awaiting, TOLD[part.phase] ?? part.label);
    }
  }
  return largest.text && `${span(largest.time)}: ${largest.text}`;
}

/** What a request is doing now, or was doing when it ended. */
export function doing(entry) {
  if (entry.state && entry.state !== "request") return entry.state;
  const last = entry.dependencies.at(-1);
  if (entry.last_phase === "dependencies" && last) return `in dependency ${last.name}`;
  return entry.last_phase;
}
