// The figures of the whole service at the top of every view.

import { byId, element, say } from "./element.js";
import { draw, sparkline } from "./sparkline.js";
import { history } from "./traffic.js";
import { count, rate, span } from "./units.js";

const TILES = [
  { id: "rate", title: "Requests per second", of: (all) => rate(all.perSecond) },
  { id: "p50", title: "Half within", of: (all) => span(all.p50) },
  { id: "p99", title: "99 % within", of: (all) => span(all.p99) },
  { id: "open", title: "In flight", of: (_, figures) => count(figures.in_flight) },
  { id: "failed", title: "5xx per second", of: (all) => rate(all.perSecond === null ? null : all.failed), bad: (all) => all.failed > 0 },
  { id: "shed", title: "Shed per second", of: (all) => rate(all.perSecond === null ? null : all.shed), bad: (all) => all.shed > 0 },
];

const made = new Map();
let curve;

/** Makes the tiles. */
export function start() {
  for (const tile of TILES) {
    const value = element("dd", {}, "–");
    made.set(tile.id, value);
    const parts = [element("dt", {}, tile.title), value];
    if (tile.id === "rate") parts.push((curve = element("dd", { className: "curve" }, sparkline())));
    byId("tiles").append(element("div", { className: `tile ${tile.id}` }, ...parts));
  }
}

/** Shows the figures of the last seconds. */
export function show(all, figures) {
  for (const tile of TILES) {
    const value = made.get(tile.id);
    say(value, tile.of(all, figures));
    value.classList.toggle("bad", Boolean(tile.bad?.(all)));
  }
  draw(curve.firstChild, history());
}
