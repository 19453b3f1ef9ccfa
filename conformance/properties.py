"""Generated requests against the shop and ten tutorial apps, judged by their own documents.

    conformance/properties.py [--cases N] [--seed N] [APP ...]

Schemathesis (PyPI) reads the OpenAPI document of a running app, makes N requests of it (2,000
unless said otherwise), valid and not, and holds every answer against the document with all of its
checks. The shop must pass them all. A tutorial app may fail a check where FastAPI itself, asked
the same, fails it too: its contract converts `"1"` to a number and documents no 400, and the
document is part of the contract. Anything else that REASONS does not explain fails the run, and
an answer of 500 always does.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
WORK = Path(os.environ.get("WIRE_WORK") or HERE / ".build").resolve()
VENV = WORK / "schemathesis"
PACKAGE = "schemathesis==4.32.5"
ROOT = HERE.parent
SUITE = next(WORK.glob("fastapi-*[0-9]"), WORK)

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

SERVER_ERROR = "ST101"

# What an answer may differ in from its document, and why: (app or *, code of the check) -> reason.
REASONS = {
    ("shop", "ST202"): "an item may stand in one line only, and numbers end at 64 bits: no schema says so",
    ("body_multiple_params.tutorial003", "ST202"): "an `i64` ends where Python's `int` does not",
    ("*", "ST205"): "`Allow` names the methods of the first route of the path, as FastAPI's does",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the server never listened")


def command(app: str, port: int, reference: bool) -> list[str]:
    if app == "shop":
        return [str(ROOT / "target/debug/shop")]
    if reference:
        python = WORK / "venv" / "bin" / "python"
        return [str(python), str(HERE / "reference_server.py"), f"docs_src.{app}", "--port", str(port)]
    return [str(ROOT / "target/debug/tutorial"), app, "--port", str(port)]


def operations(port: int) -> int:
    """How many operations the document of an app has."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json") as answer:
        return sum(len(methods) for methods in json.load(answer)["paths"].values())


def token(port: int) -> str:
    """Logs in as the one who runs the shop, who may do everything."""
    form = urllib.parse.urlencode({"username": "grace", "password": "battery staple"})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/token", form.encode()) as answer:
        return json.load(answer)["access_token"]


class Failure(NamedTuple):
    """A check that some answer of an operation did not pass."""

    code: str
    title: str
    operation: str


def examine(
    app: str, cases: int, seed: int, reference: bool = False
) -> tuple[int, dict[Failure, str]]:
    """How many requests were made, and what failed, with the log that shows it."""
    made, failures = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "RUST_LOG": "error"}
        env.pop("DATABASE_URL", None)
        if reference:
            env["PYTHONPATH"] = str(SUITE)
        server = subprocess.Popen(
            command(app, port, reference), cwd=folder, env=env, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(port, server)
            headers = ["-H", f"Authorization: Bearer {token(port)}"] if app == "shop" else []
            report = Path(folder) / "report.json"
            # A run makes about as many requests of every operation, and a few more.
            examples = max(20, cases // operations(port))
            for attempt in range(seed, seed + 20):
                log = subprocess.run(
                    [
                        str(VENV / "bin" / "schemathesis"), "run",
                        f"http://127.0.0.1:{port}/openapi.json",
                        "--checks", "all", "--continue-on-failure", "--no-color",
                        "--max-examples", str(examples), "--seed", str(attempt),
                        "--report", "json", "--report-json-path", str(report), *headers,
                    ],
                    cwd=folder, capture_output=True, text=True,
                )  # fmt: skip
                found = json.loads(report.read_text())
                made += found["test_cases"]["generated"]
                for error in found["errors"]:
                    failures[Failure("error", str(error), "")] = log.stdout
                for failure in found["failures"]:
                    for operation in failure["operations"]:
                        name = Failure(failure["code"], failure["title"], operation)
                        failures[name] = log.stdout
                if made >= cases or not found["test_cases"]["generated"]:
                    break
            if server.poll() is not None:
                raise SystemExit(f"{app} ended with {server.returncode}")
        finally:
            server.terminate()
            server.wait(20)
    return made, failures


def reason(app: str, failure: Failure) -> str | None:
    return REASONS.get((app, failure.code)) or REASONS.get(("*", failure.code))


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("apps", nargs="*")
    options = parser.parse_args()
    if not (VENV / "bin" / "schemathesis").exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(VENV)])
        subprocess.check_call([str(VENV / "bin" / "pip"), "-q", "install", PACKAGE])
    subprocess.check_call(["cargo", "build", "-q", "-p", "shop", "-p", "tutorial"], cwd=ROOT)
    unexplained = total = 0
    for app in options.apps or APPS:
        made, failures = examine(app, options.cases, options.seed)
        total += made
        expected = set()
        if failures and app != "shop":
            expected = set(examine(app, options.cases, options.seed, reference=True)[1])
        print(f"{app}: {made} requests", flush=True)
        for failure, log in sorted(failures.items()):
            why = reason(app, failure)
            if failure in expected and failure.code != SERVER_ERROR:
                why = why or "so does FastAPI"
            print(f"  {failure.code} {failure.title} at {failure.operation}: {why or 'UNEXPLAINED'}")
            if why is None:
                unexplained += 1
                print(log, file=sys.stderr)
    print(f"properties: {total} requests, {unexplained} unexplained failures")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
