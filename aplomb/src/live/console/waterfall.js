// One request drawn over its time: phases, dependencies by name, and who held the threads.

import { parts } from "./causes.js";
import { databases } from "./databases.js";
import { element } from "./element.js";
import { span } from "./units.js";

/** Makes the drawing of a request. */
export function waterfall(entry) {
  const found = parts(entry);
  const begin = -entry.before_ms;
  const total = Math.max(entry.duration_ms - begin, 0.001);
  const rows = found.map((part) => row(part, begin, total));
  const drawing = element("div", { className: "waterfall" });
  drawing.append(
    element("ol", { className: "bars", "aria-label": "Where the time went" }, ...rows),
    element("p", { className: "legend quiet" },
      element("span", { className: "swatch busy", "aria-hidden": "true" }), "held its thread",
      element("span", { className: "swatch awaiting", "aria-hidden": "true" }), "waited",
      element("span", { className: "note" }, "Bars stand in the order of the phases; one that was come to twice is drawn once.")),
  );
  const held = holders(entry);
  if (held) drawing.append(held);
  const asked = databases(entry);
  if (asked) drawing.append(asked);
  return drawing;
}

function row(part, begin, total) {
  const time = part.busy + part.awaiting;
  const how = part.busy && part.awaiting ? `, ${span(part.busy)} of it computing` : part.busy ? ", computing" : ", waiting";
  const track = element("span", { className: "track", "aria-hidden": "true" });
  let left = ((part.at - begin) / total) * 100;
  for (const [kind, length] of [["busy", part.busy], ["awaiting", part.awaiting]]) {
    if (!length) continue;
    const width = (length / total) * 100;
    const bar = element("span", { className: `bar ${kind} of-${part.phase}` });
    bar.style.left = `min(${left.toFixed(3)}%, 100% - 2px)`;
    bar.style.width = `max(2px, ${width.toFixed(3)}%)`;
    track.append(bar);
    left += width;
  }
  return element("li", { className: part.dependency ? "row dependency" : "row" },
    element("span", { className: "label", title: part.label }, part.label),
    track,
    element("span", { className: "time" }, span(time), element("span", { className: "unseen" }, how)));
}

const WAITED = {
  reading: "lay unread in its socket",
  worker: "could have gone on, but the worker of its connection was held",
  isolated: "waited for a thread of the isolated lane",
};

function holders(entry) {
  const waits = Object.entries(entry.waits ?? {});
  if (!waits.length && !entry.held_by.length) return null;
  const told = element("div", { className: "held" });
  told.append(element("h4", {}, "Who held the thread"));
  for (const [kind, ms] of waits) {
    told.append(element("p", {}, `For ${span(ms)} it ${WAITED[kind] ?? kind}.`));
  }
  const most = Math.max(...entry.held_by.map((holder) => holder.ms), 0.001);
  const rows = entry.held_by.map((holder) => {
    const bar = element("span", { className: "bar busy of-held" });
    bar.style.width = `max(2px, ${((holder.ms / most) * 100).toFixed(3)}%)`;
    return element("li", { className: "row" },
      element("span", { className: "label", title: `${holder.route} on ${holder.thread}` }, holder.route, element("span", { className: "thread quiet" }, ` on ${holder.thread}`)),
      element("span", { className: "track", "aria-hidden": "true" }, bar),
      element("span", { className: "time" }, span(holder.ms)));
  });
  if (rows.length) told.append(element("ol", { className: "bars" }, ...rows));
  else told.append(element("p", { className: "quiet" }, "No route held one for longer than a millisecond."));
  return told;
}

/** The same in one line: the parts beside each other. */
export function strip(entry) {
  const total = Math.max(entry.duration_ms + entry.before_ms, 0.001);
  const bars = parts(entry).flatMap((part) => [["busy", part.busy], ["awaiting", part.awaiting]]
    .filter(([, length]) => length / total > 0.002)
    .map(([kind, length]) => {
      const bar = element("span", { className: `bar ${kind} of-${part.phase}` });
      bar.style.width = `${((length / total) * 100).toFixed(3)}%`;
      return bar;
    }));
  return element("span", { className: "strip", "aria-hidden": "true" }, ...bars);
}
