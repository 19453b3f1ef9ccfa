"""Probes set and removed at random, for a minute, under load."""
import random
import threading
import time

from composure.plan import LIGHT, run, source, thread
from server import Server, mem_mib

from .hostile import Poster
from .probes import Probes


def some(dice: random.Random, number: int) -> dict:
    target = dice.choice(["*", "GET /items/{item_id}", "POST /items", "POST /items @invalid", "GET /items/* @handler"])
    kind = dice.choice(["log", "metric", "snapshot"])
    probe = {"kind": kind, "target": target, "sample": dice.choice([1, 1, 7])}
    if kind == "log":
        probe |= {"message": "{request.route} {elapsed_ms} {path}", "when": "elapsed_ms >= 0", "hits": 1 + number % 90}
    elif kind == "metric":
        probe["metric"] = {"name": f"m{number}", "type": "duration", "labels": {"r": "request.route"}}
    return probe


def churn(server: Server, probes: Probes, cpus: str, quick: bool) -> dict:
    seconds = 10.0 if quick else 60.0
    whole = (0.0, seconds + 1)
    dice, changes, wrong, over = random.Random(7), {"set": 0, "removed": 0}, [], threading.Event()
    memory: list[float] = []

    def control() -> None:
        known: list[str] = []
        while not over.is_set():
            if known and dice.random() < 0.45:
                status = probes.remove(known.pop(dice.randrange(len(known))))
                changes["removed"] += status == 200
                # It may have ended by itself.
                wrong.extend([status] if status not in (200, 404) else [])
            elif dice.random() < 0.01:
                probes.clear()
                known.clear()
            else:
                status, id = probes.set(some(dice, changes["set"]))
                known += [id] if id else []
                changes["set"] += status == 201
                wrong.extend([status] if status not in (201, 409) else [])
            time.sleep(0.005)

    def watch() -> None:
        while not over.wait(0.25):
            memory.append(mem_mib(server.pids(), "VmRSS"))

    poster = Poster(server.port)
    workers = [poster, threading.Thread(target=control, daemon=True), threading.Thread(target=watch, daemon=True)]
    for worker in workers:
        worker.start()
    load = [thread(source("light", LIGHT, whole, rate=1000, timeout_ms=2000), priority=10, connections=16)]
    got = run(server.port, cpus, {"all": (0.5, seconds)}, load)["light"]["phases"]["all"]
    over.set()
    poster.over.set()
    for worker in workers:
        worker.join()
    probes.clear()
    tenth = max(1, len(memory) // 10)
    return {
        "seconds": seconds, **changes, "errors": len(wrong), "statuses": sorted(set(wrong)),
        "requests": got["ok"] + poster.sent, "p99_ms": got["p99_ms"],
        "lost": poster.wrong + sum(got[key] for key in ("wrong", "broken", "timed_out", "refused")),
        "active_after": probes.active(),
        "memory_mib": {"first": max(memory[tenth:2 * tenth]), "last": max(memory[-tenth:]), "after": mem_mib(server.pids(), "VmRSS")},
    }
