// The console: asks what is shown, and shows what is answered.

import * as access from "./access.js";
import * as capacity from "./capacity.js";
import { byId, say } from "./element.js";
import * as entries from "./entries.js";
import * as levels from "./levels.js";
import * as output from "./output.js";
import * as poll from "./poll.js";
import * as probes from "./probes.js";
import * as requests from "./requests.js";
import * as routes from "./routes.js";
import * as tiles from "./tiles.js";
import * as traffic from "./traffic.js";
import * as views from "./views.js";

const open = new Map();
let figuresSeen = 0;

function figures(answer) {
  figuresSeen += 1;
  traffic.note(answer);
  const rows = traffic.lately(answer.bounds_ms);
  tiles.show(traffic.together(rows, answer.bounds_ms), answer);
  routes.show(rows, open);
  capacity.show(answer);
  access.show(answer);
  probes.allow(access.maySet());
  levels.allow(access.maySet());
  for (const kind of ["probes", "levels"]) {
    byId(`${kind}-count`).hidden = !answer[kind];
    say(byId(`${kind}-count`), `${answer[kind]}`);
  }
  say(byId("title"), answer.title);
  say(byId("version"), answer.version);
  document.title = `${answer.title} · console`;
  // A rate takes two looks.
  if (figuresSeen === 1) setTimeout(() => looks.figures.wake(true), 1000);
}

function inFlight(answer) {
  open.clear();
  for (const entry of answer) {
    const route = `${entry.method} ${entry.route ?? ""}`;
    open.set(route, (open.get(route) ?? 0) + 1);
  }
  say(byId("open-note"), answer.length ? `${answer.length}, the oldest first` : "");
  entries.show(byId("open"), answer, "No request is being answered.", true);
}

function know(catalog) {
  probes.know(catalog);
  levels.know(catalog);
}

const looks = {
  figures: new poll.Poll("live/figures", 2000, figures),
  open: new poll.Poll("requests/in-flight", 2000, inFlight, () => views.isShown("traffic")),
  requests: new poll.Poll("requests", 4000, requests.show, () => views.isShown("requests")),
  probes: new poll.Poll("live/probes", 2000, probes.show, () => views.isShown("probes")),
  levels: new poll.Poll("live/levels", 2000, levels.show, () => views.isShown("levels")),
  catalog: new poll.Poll("live/catalog", 15000, know, () => views.isShown("probes") || views.isShown("levels")),
  sites: new poll.Poll("live/callsites", 15000, levels.knowSites, () => views.isShown("levels")),
};

function connected(how, text) {
  byId("connection").className = `connection ${how}`;
  say(byId("connection-text"), text);
}

// Why questions were not answered when they were asked last, by the question.
const problems = new Map();

function settle() {
  const [problem] = problems.values();
  byId("trouble").hidden = !problem;
  if (!problem) {
    const how = poll.isPaused() ? "paused" : "live";
    connected(how, how);
    return;
  }
  const answered = problem.status !== undefined;
  say(byId("trouble"), answered ? `The listener refuses: ${problem.message}` : "The listener cannot be reached; trying again.");
  connected("lost", answered ? "refused" : "not reached");
}

poll.tell(
  (question) => {
    problems.delete(question);
    settle();
  },
  (question, problem) => {
    problems.set(question, problem);
    settle();
  },
);

byId("pause").addEventListener("click", (event) => {
  const paused = !poll.isPaused();
  event.currentTarget.setAttribute("aria-pressed", String(paused));
  poll.pause(paused);
  settle();
});

tiles.start();
requests.start();
capacity.start();
routes.start((target) => {
  probes.aim(target);
  views.go("probes");
});
access.start(poll.again);
output.start(() => {
  looks.probes.wake(true);
  looks.levels.wake(true);
});
probes.start(() => looks.probes.wake(true));
levels.start(() => looks.levels.wake(true));
views.start((view) => {
  access.dock(view);
  output.dock(view);
  poll.again();
});
