"""The wire tests of some topics against the tutorial server, several test files at once.

    check.py [-v] [--reference] [TOPIC ...]

Without a topic: those of topics.txt, and no fewer tests may pass than count.txt says.
-v prints each failing worker's whole log. --reference holds FastAPI itself to the tests.
A test listed in expected_failures.txt (`NODE ID  # reason`) must fail.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shlex
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORKERS = int(os.environ.get("WIRE_WORKERS") or 2 * (os.cpu_count() or 2))


def listed(name: str) -> list[str]:
    """The entries of a text file, one a line, without comments."""
    lines = (line.partition("#")[0].strip() for line in (HERE / name).read_text().splitlines())
    return [line for line in lines if line]


def wire_tests() -> list[dict]:
    with open(HERE / "manifest.csv", newline="") as source:
        return [row for row in csv.DictReader(source) if row["class"] == "wire"]


def tutorial_command() -> str:
    """Builds the tutorial server; how it is started."""
    subprocess.check_call(["cargo", "build", "--quiet", "--package", "tutorial"], cwd=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or "target")
    return shlex.quote(str(ROOT / target / "debug" / "tutorial")) + " {app} --port {port}"


class Worker:
    """One pytest run over its share of the files, in a folder of its own.

    Some tutorials write files beside them (a log, a database): two workers must not meet.
    """

    def __init__(self, number: int, files: list[str], run) -> None:
        self.folder = run.WORK / "workers" / str(number)
        shutil.rmtree(self.folder, ignore_errors=True)
        for part in ("tests", "docs_src", "docs"):
            left_out = shutil.ignore_patterns("__pycache__", "*benchmarks")
            shutil.copytree(run.SUITE / part, self.folder / part, ignore=left_out)
        shutil.copy(run.SUITE / "pyproject.toml", self.folder)
        self.results = self.folder / "results.jsonl"
        self.log = self.folder / "log"
        self.process = subprocess.Popen(
            [run.PYTHON, "-m", "pytest", *run.pytest_options(), *files],
            cwd=self.folder,
            env={
                **os.environ,
                **run.suite_environment(self.folder),
                "WIRE_RESULTS": str(self.results),
                "WIRE_ONLY": str(HERE / "manifest.csv"),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def outcomes(self) -> dict[str, dict]:
        self.process.wait()
        if not self.results.exists():
            return {}
        return {row["test"]: row for row in map(json.loads, self.results.open())}


def shares(tests: list[dict]) -> list[list[str]]:
    """The test files, dealt out so that every worker has about as many tests."""
    dealt = [(0, []) for _ in range(WORKERS)]
    sizes = Counter(test["test"].partition("::")[0] for test in tests)
    for file, size in sizes.most_common():
        place = min(range(WORKERS), key=lambda number: dealt[number][0])
        total, files = dealt[place]
        dealt[place] = (total + size, [*files, file])
    return [files for _, files in dealt if files]


def first_line(outcome: dict) -> str:
    text = outcome.get("error") or outcome.get("outcome") or "did not run"
    return text.strip().splitlines()[0][:200]


def main(words: list[str], run) -> int:
    parser = argparse.ArgumentParser(prog="conformance/run", description=__doc__)
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("topics", nargs="*")
    options = parser.parse_args(words)
    topics = options.topics or listed("topics.txt")
    every = wire_tests()
    strangers = set(options.topics) - {test["topic"] for test in every}
    if strangers:
        parser.error(f"no wire tests of {', '.join(sorted(strangers))}")
    tests = [test for test in every if test["topic"] in topics]

    if options.reference:
        os.environ.pop("SERVE_CMD", None)
    elif not os.environ.get("SERVE_CMD"):
        os.environ["SERVE_CMD"] = tutorial_command()
    started = time.monotonic()
    workers = [Worker(n, files, run) for n, files in enumerate(shares(tests))]
    outcomes = {name: row for worker in workers for name, row in worker.outcomes().items()}

    expected = set() if options.reference else set(listed("expected_failures.txt"))
    names = [test["test"] for test in tests]
    failing = [n for n in names if outcomes.get(n, {}).get("outcome") != "passed"]
    wrong = [name for name in failing if name not in expected]
    mended = [name for name in names if name in expected and name not in failing]
    if options.verbose:
        for worker in workers:
            if worker.process.returncode:
                print(worker.log.read_text())
    for name in wrong:
        print(f"FAIL {name}: {first_line(outcomes.get(name, {}))}")
    for name in mended:
        print(f"PASSES {name}: strike it from expected_failures.txt")
    passed = len(names) - len(failing)
    print(f"logs: {run.WORK}/workers/*/log ({time.monotonic() - started:.0f} s)")
    print(f"conformance: {passed} of {len(names)} wire tests pass")

    if options.topics or options.reference:
        return 1 if wrong or mended else 0
    [floor] = map(int, listed("count.txt"))
    if passed < floor:
        print(f"fewer than the {floor} of count.txt")
    elif passed > floor:
        print(f"more than the {floor} of count.txt: write {passed} there")
    return 1 if wrong or mended or passed < floor else 0
