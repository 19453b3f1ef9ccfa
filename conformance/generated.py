"""Requests that Schemathesis makes of a running app, and what its checks say of the answers."""

from __future__ import annotations

import base64
import http.client
import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    body: bytes

    def json(self):
        """The body as JSON; None when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def same_as(self, other: Answer) -> bool:
        if self.status != other.status:
            return False
        mine = self.json()
        return self.body == other.body if mine is None else mine == other.json()


class Request(NamedTuple):
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def ask(self, port: int) -> Answer:
        """What the server at a port answers now."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest(self.method, self.target, skip_accept_encoding=True)
        for name, value in self.headers:
            connection.putheader(name, value.encode("latin-1", "replace"))
        if self.body:
            connection.putheader("Content-Length", str(len(self.body)))
        connection.endheaders(self.body or None)
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.read())

    def __str__(self) -> str:
        shown = [f"{name}: {value}" for name, value in self.headers if name != "Authorization"]
        return f"{self.method} {self.target} {shown} {self.body[:600]!r}"


class Failure(NamedTuple):
    """A check that the answer to a request did not pass."""

    code: str
    operation: str
    message: str


class Exchange(NamedTuple):
    """A request, its answer (None when none came) and the checks that failed."""

    request: Request
    answer: Answer | None
    failures: list[Failure]


def operations(port: int) -> int:
    """How many operations the document of an app has."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json") as answer:
        return sum(len(methods) for methods in json.load(answer)["paths"].values())


def generate(
    program: Path, port: int, examples: int, seed: int, headers: list[str], folder: Path
) -> Iterator[Exchange]:
    """Makes up to `examples` requests of every operation, and some more, valid and not."""
    records = folder / "records.jsonl"
    log = subprocess.run(
        [
            str(program), "run", f"http://127.0.0.1:{port}/openapi.json",
            "--checks", "all", "--continue-on-failure", "--no-color",
            "--max-examples", str(examples), "--seed", str(seed),
            "--generation-database", "none",
            "--output-sanitize", "false", "--output-truncate", "false",
            "--report", "ndjson", "--report-ndjson-path", str(records),
            *(word for header in headers for word in ("-H", header)),
        ],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    if log.returncode > 1:
        raise SystemExit(f"Schemathesis ended with {log.returncode}\n{log.stdout}{log.stderr}")
    with records.open() as lines:
        for line in lines:
            yield from exchanges(json.loads(line))


def exchanges(event: dict) -> Iterator[Exchange]:
    """The exchanges that one line of the record tells of."""
    for kind in ("NonFatalError", "FatalError"):
        if kind in event:
            raise SystemExit(f"Schemathesis met an error: {json.dumps(event[kind])[:2000]}")
    recorder = event.get("ScenarioFinished", {}).get("recorder", {})
    checks = recorder.get("checks", {})
    for case, exchange in recorder.get("interactions", {}).items():
        failures = [
            Failure(found["code"], found["operation"], found.get("message", found["title"]))
            for check in checks.get(case, [])
            if check["status"] != "success"
            for found in [check.get("failure_info", UNJUDGED)["failure"]]
        ]
        yield Exchange(request_of(exchange["request"]), answer_of(exchange), failures)


# What stands for a check that broke off.
UNJUDGED = {"failure": {"code": "error", "operation": "", "title": "the check broke off"}}


def request_of(recorded: dict) -> Request:
    target = urllib.parse.urlsplit(recorded["uri"])._replace(scheme="", netloc="")
    headers = [(name, value) for name, values in recorded["headers"].items() for value in values]
    return Request(recorded["method"], target.geturl(), headers, decoded(recorded.get("body")))


def answer_of(exchange: dict) -> Answer | None:
    answer = exchange.get("response")
    return answer and Answer(answer["status_code"], decoded(answer.get("content")))


def decoded(content: dict | None) -> bytes:
    return base64.b64decode(content["$base64"]) if content else b""
