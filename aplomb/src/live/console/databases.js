// What a request asked of databases: its statements, and who had the connections it waited for.

import { element } from "./element.js";
import { span } from "./units.js";

/** Makes the list of what a request asked; nothing if it asked nothing. */
export function databases(entry) {
  const asked = entry.database;
  if (!asked) return null;
  const told = element("div", { className: "held" });
  told.append(element("h4", {}, "What it asked of databases"));
  const failed = asked.failed ? `, ${asked.failed} of them failed` : "";
  told.append(element("p", {}, `${asked.calls} ${asked.calls === 1 ? "statement" : "statements"}${failed}: ${span(asked.running_ms)}; waiting for a connection: ${span(asked.waiting_ms)}.`));
  for (const { route, connections, longest_ms } of asked.held_by) {
    const held = connections === 1 ? "a connection" : `${connections} connections`;
    told.append(element("p", {}, `When it asked, ${route ?? "what is no request"} had ${held} for up to ${span(longest_ms)}.`));
  }
  const most = Math.max(...asked.statements.map((statement) => statement.ms), 0.001);
  const rows = asked.statements.map((statement) => {
    const bar = element("span", { className: "bar awaiting of-handler" });
    bar.style.width = `max(2px, ${((statement.ms / most) * 100).toFixed(3)}%)`;
    const times = statement.calls === 1 ? "" : ` × ${statement.calls}`;
    return element("li", { className: "row" },
      element("span", { className: "label", title: `${statement.statement} (${statement.database})` }, statement.statement, element("span", { className: "thread quiet" }, times)),
      element("span", { className: "track", "aria-hidden": "true" }, bar),
      element("span", { className: "time" }, span(statement.ms)));
  });
  if (rows.length) told.append(element("ol", { className: "bars" }, ...rows));
  if (asked.other_calls) told.append(element("p", { className: "quiet" }, `${asked.other_calls} calls of other statements are not kept.`));
  return told;
}
