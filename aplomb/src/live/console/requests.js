// The requests that the flight recorder keeps: slow, failed, refused and late ones.

import { byId, element, say } from "./element.js";
import * as entries from "./entries.js";

const KINDS = [
  { id: "slow", title: "Slow", note: "The slowest of this minute and the one before." },
  { id: "failed", title: "Failed", note: "Answered with 5xx, the latest first." },
  { id: "shed", title: "Shed", note: "Refused because of overload, the latest first." },
  { id: "timed_out", title: "Timed out", note: "Their deadline passed before their answer began, the latest first." },
];

let chosen = "slow";
let kept = {};

/** Makes the choice of kinds. */
export function start() {
  for (const kind of KINDS) {
    const input = element("input", { type: "radio", name: "kind-of-request", value: kind.id, checked: kind.id === chosen });
    input.addEventListener("change", () => {
      chosen = kind.id;
      render();
    });
    const many = element("span", { className: "count", id: `count-${kind.id}` }, "0");
    byId("kinds").append(element("label", {}, input, element("span", {}, kind.title, " ", many)));
  }
}

/** Shows what is kept. */
export function show(answer) {
  kept = answer;
  for (const kind of KINDS) say(byId(`count-${kind.id}`), String(kept[kind.id]?.length ?? 0));
  render();
}

function render() {
  const kind = KINDS.find((one) => one.id === chosen);
  say(byId("kept-note"), kind.note);
  entries.show(byId("kept"), kept[chosen] ?? [], "None.");
}
