// The table of routes: how often each is asked, how long it takes, and what goes wrong.

import { byId, element, keep, say } from "./element.js";
import { draw, sparkline } from "./sparkline.js";
import { history, name } from "./traffic.js";
import { rate, span } from "./units.js";

const COLUMNS = [
  { id: "route", title: "Route", of: (row) => name(row.route) },
  { id: "rate", title: "Per second", of: (row) => row.perSecond ?? 0 },
  { id: "curve", title: "Lately" },
  { id: "p50", title: "p50", of: (row) => row.p50 ?? 0 },
  { id: "p99", title: "p99", of: (row) => row.p99 ?? 0 },
  { id: "open", title: "In flight", of: (row) => row.open },
  { id: "failed", title: "5xx/s", of: (row) => row.failed ?? 0 },
  { id: "shed", title: "Shed/s", of: (row) => row.shed ?? 0 },
  { id: "late", title: "Late/s", of: (row) => row.late ?? 0 },
  { id: "lane", title: "Lane", of: (row) => lane(row.route) },
];
const NUMBERS = new Set(["rate", "p50", "p99", "open", "failed", "shed", "late"]);
const PROBLEMS = new Set(["failed", "shed", "late"]);

let sorted = { by: "rate", down: true };
let shown = [];
let body;

/** Makes the head of the table. */
export function start(probe) {
  const heads = COLUMNS.map((column) => {
    const head = element("th", { scope: "col", className: NUMBERS.has(column.id) ? "number" : column.id });
    if (!column.of) {
      head.append(column.title);
      return head;
    }
    head.append(element("button", { type: "button", className: "sort", on: { click: () => sort(column) } }, column.title));
    head.dataset.column = column.id;
    return head;
  });
  body = element("tbody");
  body.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-target]");
    if (link) probe(link.dataset.target);
  });
  byId("routes").append(element("thead", {}, element("tr", {}, ...heads)), body);
  byId("routes-filter").addEventListener("input", render);
  mark();
}

function sort(column) {
  const down = sorted.by === column.id ? !sorted.down : column.id !== "route";
  sorted = { by: column.id, down };
  mark();
  render();
}

function mark() {
  for (const head of byId("routes").querySelectorAll("th[data-column]")) {
    const how = sorted.down ? "descending" : "ascending";
    if (head.dataset.column === sorted.by) head.setAttribute("aria-sort", how);
    else head.removeAttribute("aria-sort");
  }
}

/** Shows what the routes did lately. */
export function show(rows, open) {
  shown = rows.map((row) => ({ ...row, open: open.get(name(row.route)) ?? 0 }));
  render();
}

function render() {
  const wanted = byId("routes-filter").value.trim().toLowerCase();
  const by = COLUMNS.find((column) => column.id === sorted.by).of;
  const rows = shown.filter((row) => name(row.route).toLowerCase().includes(wanted));
  rows.sort((one, other) => {
    const [a, b] = [by(one), by(other)];
    const order = a < b ? -1 : a > b ? 1 : 0;
    return (sorted.down ? -order : order) || name(one.route).localeCompare(name(other.route));
  });
  if (!rows.length) {
    keep(body, [wanted ? "No route has this in its name." : "No routes yet."], (text) => text, empty);
    return;
  }
  keep(body, rows, (row) => name(row.route), make, update);
}

function empty(text) {
  return element("tr", {}, element("td", { colSpan: COLUMNS.length, className: "empty" }, text));
}

function make({ route }) {
  const path = route.path || "(no route)";
  const cells = COLUMNS.map((column) => element("td", { className: kind(column.id) }));
  cells.forEach((cell, place) => { cell.dataset.title = COLUMNS[place].title; });
  const label = [element("span", { className: `method ${method(route.method)}` }, route.method), " ", element("span", { className: "path" }, path)];
  const target = `${route.method} ${route.path}`;
  // Only what has a handler can be looked into.
  const head = route.isolated === null
    ? element("span", {}, ...label)
    : element("a", { href: "#probes", title: "Set a probe at this route" }, ...label);
  if (route.isolated !== null) head.dataset.target = target;
  cells[0].replaceWith((cells[0] = element("th", { scope: "row", className: "route" }, head)));
  cells[2].append(sparkline());
  return element("tr", {}, ...cells);
}

function kind(column) {
  if (PROBLEMS.has(column)) return "number problem";
  return NUMBERS.has(column) ? "number" : column;
}

/** A method that a colour is known for. */
function method(of) {
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].includes(of) ? of.toLowerCase() : "other";
}

function update(made, row) {
  const cells = made.children;
  say(cells[1], rate(row.perSecond));
  draw(cells[2].firstChild, history(name(row.route)));
  say(cells[3], span(row.p50));
  say(cells[4], span(row.p99));
  say(cells[5], String(row.open));
  for (const [place, part] of [[6, "failed"], [7, "shed"], [8, "late"]]) {
    say(cells[place], rate(row[part]));
    cells[place].classList.toggle("bad", row[part] > 0);
  }
  say(cells[9], lane(row.route));
  made.classList.toggle("idle", !row.perSecond && !row.open);
}

function lane(route) {
  if (route.isolated === null) return "";
  return route.isolated ? "isolated" : "inline";
}
