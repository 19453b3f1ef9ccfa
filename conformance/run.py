"""Run FastAPI's own tests as a wire-level conformance suite.

    run.py check [TOPIC ...]      what conformance/run does: build, set up, test in parallel
    run.py setup                  fetch and unpack the FastAPI source package, make the venv
    run.py baseline               the tutorial tests in process (what FastAPI itself passes)
    run.py wire [PATH ...]        the tests of the manifest against SERVE_CMD
    run.py survey [PATH ...]      every tutorial test against SERVE_CMD, one variant each
    run.py record                 two surveys of the reference, then manifest and transcripts
    run.py inline [PATH ...]      the suite's other tests, each app served from a thread
    run.py suite [PATH ...]       two of those runs, then a transcript for each app they serve
    run.py replay [APP ...]       the transcripts against SERVE_CMD, without the suite

SERVE_CMD is the command that starts the server under test, for example
    SERVE_CMD="target/release/tutorial {app} --port {port}"
with {app} such as body.tutorial001; without it the reference server runs FastAPI itself.
A tutorial that needs a root path gets --root-path PATH after the command. Everything that
is fetched or made goes to the folder WIRE_WORK, by default .build beside this file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import check

HERE = Path(__file__).resolve().parent
VERSION = "0.165.0"
PACKAGES = HERE / "requirements.txt"
WORK = Path(os.environ.get("WIRE_WORK") or HERE / ".build").resolve()
SUITE = WORK / f"fastapi-{VERSION}"
PYTHON = WORK / "venv" / "bin" / "python"
# Not about the wire, and some hang when their app runs in a thread.
INTERNALS = (
    "test_tutorial",
    "benchmarks",
    "memory_benchmarks",
    "test_telemetry",
    "test_dependency_concurrency.py",
    "test_async_dependency_cleanup.py",
    "test_concurrency.py",
    "test_fastapi_cli.py",
    "test_prepare_release.py",
    "test_translate.py",
)
OTHERS = ["tests", *(f"--ignore=tests/{name}" for name in INTERNALS)]


def call(*words, env: dict | None = None, cwd: Path | None = None) -> int:
    return subprocess.call(
        [str(word) for word in words], env={**os.environ, **(env or {})}, cwd=cwd
    )


def setup() -> int:
    """Idempotent, and quiet when nothing is missing."""
    WORK.mkdir(parents=True, exist_ok=True)
    wanted, installed = PACKAGES.read_text(), WORK / "venv" / "installed.txt"
    if SUITE.exists() and installed.exists() and installed.read_text() == wanted:
        return 0
    if not PYTHON.exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(WORK / "venv")])
    pip = [str(PYTHON), "-m", "pip", "-q", "--disable-pip-version-check"]
    if not SUITE.exists():
        fetch = ["download", "--no-binary", ":all:", "--no-deps", "-d", str(WORK)]
        subprocess.check_call([*pip, *fetch, f"fastapi=={VERSION}"])
        archive = WORK / f"fastapi-{VERSION}.tar.gz"
        subprocess.check_call(["tar", "xzf", str(archive), "-C", str(WORK)])
    subprocess.check_call([*pip, "install", "-r", str(PACKAGES)])
    installed.write_text(wanted)
    return 0


def pytest_options() -> list[str]:
    options = "-q -p no:sugar -p no:cacheprovider -p wire_plugin -o timeout=120 --tb=short".split()
    quiet = (
        "ResourceWarning",
        "pytest.PytestUnraisableExceptionWarning",
        "pytest.PytestUnhandledThreadExceptionWarning",
    )
    for warning in quiet:
        options += ["-W", f"ignore::{warning}"]
    return options


def suite_environment(folder: Path) -> dict[str, str]:
    """What the plugin needs when the suite is unpacked in `folder`."""
    return {"PYTHONPATH": os.pathsep.join([str(HERE), str(folder)]), "WIRE_SUITE": str(folder)}


def suite(name: str, words: list[str], **settings: str) -> int:
    """One pytest run in the unpacked package; results and records go to WORK."""
    results = str(WORK / f"{name}.results.jsonl")
    env = {**suite_environment(SUITE), "WIRE_RESULTS": results, **settings}
    return call(PYTHON, "-m", "pytest", *pytest_options(), *words, env=env, cwd=SUITE)


def given_files() -> Path:
    """The files that the tests of some tutorials put into the server's folder."""
    target = WORK / "files"
    target.mkdir(exist_ok=True)
    for name in ("static", "templates"):
        source = SUITE / "docs_src" / "templates" / name
        shutil.copytree(source, target / name, dirs_exist_ok=True)
    (target / "static" / "sample.txt").write_text("This is a sample static file.")
    shutil.copy(SUITE / "docs" / "en" / "docs" / "img" / "favicon.png", target / "image.png")
    return target


def main() -> int:
    command, words = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    tutorials = words or ["tests/test_tutorial"]
    if command == "setup":
        return setup()
    if command == "check":
        return setup() or check.main(words, sys.modules[__name__])
    if command == "baseline":
        return suite("baseline", tutorials, WIRE_BACKEND="none", WIRE_COLLAPSE="0")
    if command == "wire":
        return suite("wire", tutorials, WIRE_ONLY=str(HERE / "manifest.csv"))
    if command == "survey":
        return suite("survey", tutorials)
    if command == "record":
        suite("baseline", tutorials, WIRE_BACKEND="none", WIRE_COLLAPSE="0")
        for name in ("A", "B"):
            suite(name, tutorials, WIRE_RECORD=str(WORK / f"{name}.rec.jsonl"))
        runs = [WORK / "baseline.results.jsonl", WORK / "A", WORK / "B"]
        return call(PYTHON, HERE / "build_data.py", *runs, HERE)
    if command == "inline":
        record = str(WORK / "inline.rec.jsonl")
        return suite("inline", words or OTHERS, WIRE_BACKEND="thread", WIRE_RECORD=record)
    if command == "suite":
        for name in ("A", "B"):
            record = str(WORK / f"suite{name}.rec.jsonl")
            suite(f"suite{name}", words or OTHERS, WIRE_BACKEND="thread", WIRE_RECORD=record)
        return call(PYTHON, HERE / "suite_data.py", WORK / "suiteA", WORK / "suiteB", HERE)
    if command == "replay":
        env = {"WIRE_SUITE": str(SUITE)}
        return call(PYTHON, HERE / "replay.py", "--files", given_files(), *words, env=env)
    print(__doc__)
    return 0 if command == "help" else 2


if __name__ == "__main__":
    sys.exit(main())
