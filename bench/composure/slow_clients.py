"""Slow clients of five kinds: how soon they are closed, and what a normal client notices of them."""
import json
import subprocess
import threading

from .plan import LIGHT, run, source, thread
from server import BUILD, Server, one_request

COUNT = 2000
RATE = 200
# How long a client may stay beyond the limit.
LATE_S = 2.0
# Those of Aplomb's defaults, for every peer.
LIMITS_S = {"head": 15.0, "no-body": 5.0, "body": 5.0, "unread": 30.0, "idle": 75.0}
WORDS = {"head": "a byte of the head a second", "no-body": "a head that announces a body, and nothing of it",
         "body": "a byte of the body a second", "unread": "never reads of an answer of 16 MiB", "idle": "one request, and no other"}
PATHS = {"head": LIGHT, "no-body": "/items", "body": "/items", "unread": "/report", "idle": LIGHT}
REPORT_BYTES = 16 << 20
ALONE_S = 10.0


def normal(span: tuple[float, float]) -> dict:
    """A client that asks a light route 200 times a second."""
    return thread(source("normal", LIGHT, span, rate=200, timeout_ms=1000), priority=20, connections=16)


def slow(server: Server, kind: str, cpus: str, quick: bool) -> dict:
    if kind == "unread" and one_request(server.port, "GET", PATHS[kind], None)[0] != 200:
        raise RuntimeError(f"no {PATHS[kind]}")
    count = COUNT // 10 if quick else COUNT
    begin, limit = ALONE_S, LIMITS_S[kind]
    end = begin + 1 + count / RATE + limit
    at = {"alone": (1.0, begin), "beside": (begin + 0.5, end)}
    found = {}

    def ask():
        found.update(run(server.port, cpus, at, [normal((0.0, end))]))

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(begin)
    tool = str(BUILD / "loadtool/release/slow")
    words = [server.port, kind, count, RATE, limit, LATE_S, PATHS[kind], REPORT_BYTES]
    done = subprocess.run(["taskset", "-c", cpus, tool, *map(str, words)], capture_output=True, text=True, timeout=600)
    asking.join()
    if done.returncode:
        raise RuntimeError(done.stderr)
    if "normal" not in found:
        raise RuntimeError("no normal client")
    return {"limit_s": limit, **json.loads(done.stdout), "normal": found["normal"]["phases"]}


def figures(result: dict) -> dict[str, float | None]:
    alone, beside = (result["normal"][phase] for phase in ("alone", "beside"))
    times = beside["p99_ms"] / alone["p99_ms"] if alone["p99_ms"] and beside["p99_ms"] else None
    missed = sum(beside[what] for what in ("timed_out", "broken", "wrong", "refused"))
    return {"still open": result["clients"] - result["closed"], "normal p99, times alone": times, "normal missed": missed}
