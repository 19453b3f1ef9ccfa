#!/usr/bin/env python3
"""Generated requests against the shop and ten tutorial apps, judged by their own documents.

    conformance/python conformance/properties.py [--cases N] [--seed N] [--workers N] [-v] [APP ...]

Schemathesis (PyPI) reads the OpenAPI document of a running app, makes N requests of it (2,000
unless said otherwise), valid and not, and holds every answer against the document with all of its
checks. Each request to a tutorial app is made of FastAPI's own app too, and the answers compared.

What fails a check or is answered unlike FastAPI must be explained by explained.py; anything else
fails the run, and so does every answer of 500. -v shows an example of what is explained.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import explained
import run
from generated import Answer, Exchange, Request, generate, operations
from servers import HOST, free_port, wait_port

ROOT = run.HERE.parent
VENV = run.WORK / "schemathesis"
PACKAGE = "schemathesis==4.32.5"

APPS = [
    "shop",
    "body_multiple_params.tutorial003",
    "body_nested_models.tutorial009",
    "cookie_param_models.tutorial001",
    "dataclasses_.tutorial003",
    "extra_data_types.tutorial001",
    "path_params_numeric_validations.tutorial006",
    "query_param_models.tutorial001",
    "query_params_str_validations.tutorial011",
    "request_form_models.tutorial001",
    "request_forms_and_files.tutorial001",
]

UNDOCUMENTED, ACCEPTED = "ST103", "ST201"


@dataclass
class Outcome:
    """What came of the requests to one app."""

    app: str
    cases: int = 0
    server_errors: int = 0
    # How often a check failed, by its code.
    failed: Counter = field(default_factory=Counter)
    unlike: int = 0
    explained: Counter = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    examples: dict = field(default_factory=dict)
    seconds: float = 0

    def row(self) -> str:
        others = sum(self.failed.values()) - self.failed[UNDOCUMENTED] - self.failed[ACCEPTED]
        cells = [
            self.app, self.cases, self.server_errors, self.failed[UNDOCUMENTED],
            self.failed[ACCEPTED], others, "–" if self.app == "shop" else self.unlike,
            sum(self.explained.values()), len(self.unexplained),
        ]  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"

    def note(
        self, what: str, reason: str | None, exchange: Exchange, theirs: Answer | None
    ) -> None:
        shown = f"{what}\n    {exchange.request}\n    {exchange.answer}\n    FastAPI: {theirs}"
        if reason is None:
            self.unexplained.append(shown)
        else:
            self.explained[what, reason] += 1
            self.examples.setdefault((what, reason), shown)

    def judge(self, exchange: Exchange, theirs: Answer | None) -> None:
        """Counts an answer; `theirs` is FastAPI's to the same request."""
        self.cases += 1
        if exchange.answer is None:
            self.unexplained.append(f"no answer to {exchange.request}")
            return
        if exchange.answer.status >= 500:
            self.server_errors += 1
            self.note("a server error", None, exchange, theirs)
        for failure in exchange.failures:
            self.failed[failure.code] += 1
            reason = explained.why(self.app, exchange, failure, theirs)
            self.note(f"{failure.code} at {failure.operation}", reason, exchange, theirs)
        if self.app != "shop" and not (theirs and exchange.answer.same_as(theirs)):
            self.unlike += 1
            reason = theirs and explained.unlike(self.app, exchange.answer, theirs)
            self.note(f"unlike FastAPI at {exchange.request.method}", reason, exchange, theirs)


@contextlib.contextmanager
def serving(command: list, folder: str, port: int, **settings: str) -> Iterator[None]:
    """Runs a server for as long as it is needed; it must not end before."""
    env = {**os.environ, "PORT": str(port), "HOST": HOST, "RUST_LOG": "off", **settings}
    env.pop("DATABASE_URL", None)
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [str(word) for word in command], cwd=folder, env=env, stdout=log, stderr=log
        )
        try:
            if not wait_port(port, lambda: server.poll() is None, time.monotonic() + 30):
                raise SystemExit(f"{command} does not listen")
            yield
            if server.poll() is not None:
                raise SystemExit(f"{command} ended with {server.returncode}")
        finally:
            server.terminate()
            server.wait(20)


def examine(app: str, cases: int, seed: int) -> Outcome:
    """Makes at least this many requests of an app, and judges the answers."""
    outcome, begun, debug = Outcome(app), time.monotonic(), ROOT / "target" / "debug"
    port, reference = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ours = [debug / "shop"] if app == "shop" else [debug / "tutorial", app, "--port", port]
        stack.enter_context(serving(ours, folder, port))
        if app != "shop":
            server = run.HERE / "reference_server.py"
            theirs = [run.PYTHON, server, f"docs_src.{app}", "--port", reference]
            suite = {"PYTHONPATH": str(run.SUITE)}
            stack.enter_context(serving(theirs, folder, reference, **suite))
        headers = [f"Authorization: Bearer {token(port)}"] if app == "shop" else []
        program, there = VENV / "bin" / "schemathesis", operations(port)
        while outcome.cases < cases:
            # Links between operations make sequences of about six requests.
            share = (cases - outcome.cases) // (there + 6 if there > 1 else 1)
            for exchange in generate(program, port, max(share, 20), seed, headers, Path(folder)):
                answer = None if app == "shop" else exchange.request.ask(reference)
                outcome.judge(exchange, answer)
            seed += 1
    outcome.seconds = time.monotonic() - begun
    return outcome


def token(port: int) -> str:
    """Logs in as the one who runs the shop, who may do everything."""
    form = urllib.parse.urlencode({"username": "grace", "password": "battery staple"})
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    return Request("POST", "/token", headers, form.encode()).ask(port).json()["access_token"]


def show(outcome: Outcome, verbose: bool) -> None:
    print(f"{outcome.app}: {outcome.cases} requests in {outcome.seconds:.0f} s")
    for (what, reason), count in sorted(outcome.explained.items()):
        print(f"  {count} x {what}: {reason}")
        if verbose:
            print(f"    {outcome.examples[what, reason]}")
    for shown in outcome.unexplained[:20]:
        print(f"  UNEXPLAINED {shown}")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("apps", nargs="*", metavar="APP")
    options = parser.parse_args()
    if run.setup():
        return 1
    if not (VENV / "bin" / "schemathesis").exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(VENV)])
        subprocess.check_call([str(VENV / "bin" / "pip"), "-q", "install", PACKAGE])
    subprocess.check_call(["cargo", "build", "-q", "-p", "shop", "-p", "tutorial"], cwd=ROOT)
    begun = time.monotonic()
    with ThreadPoolExecutor(options.workers) as pool:
        runs = [
            pool.submit(examine, app, options.cases, options.seed) for app in options.apps or APPS
        ]
        outcomes = []
        for one in runs:
            outcomes.append(one.result())
            show(outcomes[-1], options.verbose)
    print("\n| app | cases | 500s | undocumented | accepted | other checks | unlike FastAPI"
          " | explained | unexplained |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for outcome in outcomes:
        print(outcome.row())
    total, wrong = (sum(o.cases for o in outcomes), sum(len(o.unexplained) for o in outcomes))
    seconds = time.monotonic() - begun
    print(f"properties: {total} requests in {seconds:.0f} s, {wrong} unexplained findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
