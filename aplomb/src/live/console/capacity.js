// Who is let in, what the lanes do, and what was refused.

import { byId, element, keep, say } from "./element.js";
import { name } from "./traffic.js";
import { count } from "./units.js";

const LANES = [
  ["isolated_threads", "Threads of the isolated lane"],
  ["computing", "of them computing"],
  ["blocked", "of them blocked"],
  ["waiting", "Operations that wait for one"],
  ["spare_resting", "Spare workers that rest"],
  ["spare_released", "Times a spare worker stood in"],
];
const COUNTS = [
  ["requests", "Requests"],
  ["refused", "4xx"],
  ["failed", "5xx"],
  ["shed", "Shed"],
  ["timed_out", "Timed out"],
  ["abandoned", "Client left"],
  ["broken", "Broke off"],
];

let body;

/** Makes what does not change. */
export function start() {
  const heads = COUNTS.map(([, title]) => element("th", { scope: "col", className: "number" }, title));
  body = element("tbody");
  byId("refused").append(
    element("caption", { className: "quiet" }, "Since the service started"),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Route"), ...heads)), body);
}

/** Shows how much room there is. */
export function show(figures) {
  keep(byId("admission"), figures.admission, (scope) => scope.scope, gauge, (made, scope) => {
    const [, meter, text] = made.children;
    meter.max = Math.max(scope.limit, 1);
    meter.value = scope.admitted;
    say(text, `${count(scope.admitted)} of ${count(scope.limit)} let in, ${count(scope.waiting)} waiting`);
  });
  keep(byId("lanes"), LANES, ([id]) => id, ([, title]) => element("div", {}, element("dt", {}, title), element("dd")), (made, [id]) => {
    say(made.lastChild, count(figures.lanes[id]));
    made.classList.toggle("bad", id === "waiting" && figures.lanes[id] > 0);
  });
  const routes = [...figures.routes].sort((one, other) => other.requests - one.requests || name(one).localeCompare(name(other)));
  keep(body, routes, name, (route) => {
    const cells = COUNTS.map(([, title]) => {
      const cell = element("td", { className: "number" });
      cell.dataset.title = title;
      return cell;
    });
    return element("tr", {}, element("th", { scope: "row", className: "route" }, name(route)), ...cells);
  }, (made, route) => {
    COUNTS.forEach(([part], place) => {
      const cell = made.children[place + 1];
      say(cell, count(route[part]));
      cell.classList.toggle("bad", place > 1 && route[part] > 0);
      cell.classList.toggle("zero", route[part] === 0);
    });
  });
}

function gauge(scope) {
  const title = scope.scope || "The whole service";
  return element("div", { className: "gauge" },
    element("span", { className: "gauge-name" }, title),
    element("meter", { min: 0, "aria-label": `${title}: let in` }),
    element("span", { className: "quiet" }));
}
