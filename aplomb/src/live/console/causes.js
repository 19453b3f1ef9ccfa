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

const CONNECTION = "↳ connection";
const DATABASE = "↳ database";

/**
 * The parts in the order in which a request comes to them: what each is called, its phase, when it
 * began after the request arrived, and for how long it computed and waited.
 */
export function parts(entry) {
  const found = [];
  const add = (label, phase, at, busy, awaiting, dependency, asker) => {
    if (busy + awaiting > 0) found.push({ label, phase, at, busy, awaiting, dependency, asker });
  };
  // What somebody waited, with the databases that it waited for behind it.
  const addWithDatabase = (label, phase, at, busy, awaiting, dependency) => {
    const asked = askedBy(entry, phase, dependency && label);
    // Sending a statement takes the thread for a moment, which is no waiting.
    const running = Math.min(asked?.running_ms ?? 0, awaiting);
    const waiting = Math.min(asked?.waiting_ms ?? 0, awaiting - running);
    const own = awaiting - running - waiting;
    add(label, phase, at, busy, own, dependency);
    add(CONNECTION, phase, at + busy + own, 0, waiting, dependency, label);
    add(DATABASE, phase, at + busy + own + waiting, 0, running, dependency, label);
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
        addWithDatabase(name, phase, inside, own.busy_ms, own.awaiting_ms, true);
        inside += own.busy_ms + own.awaiting_ms;
        busy -= own.busy_ms;
        awaiting -= own.awaiting_ms;
      }
    }
    // What dependencies say of themselves is rounded.
    if (phase !== "dependencies" || busy + awaiting > 0.01) {
      addWithDatabase(phase, phase, inside, Math.max(0, busy), Math.max(0, awaiting));
    }
    at += spent.busy_ms + spent.awaiting_ms;
  }
  const left = entry.duration_ms - at;
  if (left > Math.max(0.05, entry.duration_ms / 1000)) add("unattributed", "nobody", at, 0, left);
  return found;
}

/** What a dependency, or what else there is in a phase, has asked of databases. */
function askedBy(entry, phase, dependency) {
  const places = entry.database?.places ?? [];
  return places.find((place) => place.phase === phase && (place.dependency ?? null) === (dependency || null));
}

/** The largest part of a request's time in a sentence. */
export function sentence(entry) {
  let largest = { time: 0, text: "" };
  const look = (time, text) => {
    if (time > largest.time) largest = { time, text };
  };
  for (const part of parts(entry)) {
    const what = part.dependency ? `the dependency ${part.label}` : `the handler ${entry.handler ?? ""}`.trim();
    if (part.asker) {
      const who = part.dependency ? `the dependency ${part.asker}` : part.asker;
      const wanted = part.label === CONNECTION ? "a connection to the database" : "statements of the database";
      look(part.awaiting, `${who} waited for ${wanted}`);
    } else if (part.dependency || part.phase === "handler") {
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
  const step = entry.last_phase === "dependencies" && last ? `in dependency ${last.name}` : entry.last_phase;
  const open = entry.database?.open.at(-1);
  if (!open) return step;
  return `${step}, ${open.statement ? `asking ${open.database}` : `waiting for a connection to ${open.database}`}`;
}
