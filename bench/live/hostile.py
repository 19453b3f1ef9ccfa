"""Two hundred probes that want too much, set and removed beside a load.

Spans with and without them alternate, so that what else the machine does meets both alike.
"""
import http.client
import json
import statistics
import threading
import time

from composure.plan import LIGHT, run, source, thread
from server import Server, mem_mib

from .probes import Probes

AT_ONCE = 25
ROUTES = ("GET /items/{item_id}", "POST /items")


def definitions() -> list[dict]:
    """Huge templates, deep expressions, patterns that explode, hits without end, many labels."""
    found = []
    for number in range(200):
        kind, turn = number % 8, number // 8
        target = ROUTES[turn % 2]
        field = ("query.q", "body.name")[turn % 2]
        whole = ("{query}{header}{path}", "{body}{body.tags}{header}")[turn % 2]
        endless = {"target": target, "hits": 1_000_000, "per_second": 50.0, "expires_in": 86400}
        log = {"kind": "log", "message": "x", **endless}
        if kind == 0:
            probe = log | {"message": (whole * 99)[:1024 >> turn % 3]}
        elif kind == 1:
            probe = log | {"message": "x" * (1024 << turn % 8)}
        elif kind == 2:
            depth = (15, 31, 100, 10_000)[turn % 4]
            probe = log | {"when": "(" * depth + "true" + ")" * depth}
        elif kind == 3:
            probe = log | {"when": " || ".join([f"{field}.contains('{'y' * 40}')"] * (12 if turn % 3 else 40)) + " || true"}
        elif kind == 4:
            pattern = ("(a|b|x).{12}c", "(x+x+)+y", "[a-z]{900}", "(?:.*){50}", "a{1000}{1000}", "(x|y)*z$")[turn % 6]
            probe = log | {"when": " || ".join([f"{field}.matches('{pattern}')"] * 20) + " || true"}
        elif kind == 5:
            probe = {"kind": "snapshot", **endless, "target": ("*", target)[turn % 2]}
        else:
            metric = {"name": f"m{number}", "type": ("counter", "duration")[kind - 6],
                      "labels": {"a": field, "b": "request.id"}}
            probe = {"kind": "metric", "target": target, "metric": metric}
        found.append(probe)
    return found


class Poster(threading.Thread):
    """Posts enormous texts, many times a second; what is not answered as it should be is counted."""

    def __init__(self, port: int):
        super().__init__(daemon=True)
        self.port, self.over, self.sent, self.wrong = port, threading.Event(), 0, 0
        self.bodies = [json.dumps({"name": name, "price": 1, "tags": tags, "description": text}) for name, tags, text in (
            ("x" * 50, [], "y" * 500_000), ("lamp", ["z" * 40] * 1200, None), ("lamp", [], "\u001b[2J" * 5000),
            ("", ["z"] * 12_000, "w" * 20_000))]

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.over.wait(0.05):
            body = self.bodies[self.sent % 4]
            try:
                connection.request("POST", "/items", body, {"content-type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                self.wrong += answer.status != (422 if self.sent % 4 == 3 else 200)
            except (OSError, http.client.HTTPException):
                self.wrong += 1
                connection.close()
            self.sent += 1


def hostile(server: Server, probes: Probes, cpus: str, quick: bool) -> dict:
    every = definitions()
    seconds, pause, pairs = (3.0, 0.5, 8) if quick else (6.0, 0.5, 16)
    spans, at = {}, 1.0
    for pair in range(pairs):
        for kind in ("without", "with")[::1 if pair % 2 else -1]:
            spans[f"{kind} {pair}"] = (at + pause, at + pause + seconds)
            at += pause + seconds
    whole = (0.0, at + 0.5)
    load = [thread(source("open", LIGHT, whole, rate=500, timeout_ms=1000), priority=20, connections=16),
            thread(source("closed", LIGHT, whole, callers=8, pause_ms=1), connections=8)]
    poster, said, memory, costs = Poster(server.port), [], {}, []
    poster.start()

    def control(began: float) -> None:
        """Sets another part of them before each span that is to have them."""
        for name, (start, end) in spans.items():
            time.sleep(max(0.0, began + start - pause - time.perf_counter()))
            if name.startswith("with "):
                first = int(name.split()[1]) * AT_ONCE
                batch = [every[(first + number) % len(every)] for number in range(AT_ONCE)]
                said.extend(probes.set(probe)[0] for probe in batch)
            most = 0.0
            while time.perf_counter() < began + end:
                most = max(most, mem_mib(server.pids(), "VmRSS"))
                time.sleep(0.1)
            memory[name] = most
            if name.startswith("with "):
                costs.extend((probe["cpu_microseconds"] / probe["evaluated"], probe["definition"])
                             for probe in probes.all() if probe["evaluated"] > 5)
                probes.clear()

    before = mem_mib(server.pids(), "VmRSS")
    controller = threading.Thread(target=control, args=(time.perf_counter(),), daemon=True)
    controller.start()
    got = run(server.port, cpus, spans, load)
    controller.join()
    poster.over.set()
    poster.join()
    phases = got["open"]["phases"]
    lost = sum(phase[key] for one in got.values() for phase in one["phases"].values()
               for key in ("wrong", "broken", "timed_out", "refused"))
    of = lambda kind, values: [value for name, value in values.items() if name.startswith(kind + " ")]
    p99 = {name: phase["p99_ms"] for name, phase in phases.items()}
    each = [p99[f"with {pair}"] / p99[f"without {pair}"] for pair in range(pairs)]
    dearest = sorted(costs, key=lambda cost: cost[0], reverse=True)[:5]
    return {
        "pairs": pairs, "seconds": seconds,
        "set": said.count(201), "refused": len(said) - said.count(201), "statuses": sorted(set(said)),
        "p99_without_ms": statistics.median(of("without", p99)), "p99_with_ms": statistics.median(of("with", p99)),
        "p99_ratio": statistics.median(each), "p99_ratio_spread": [min(each), max(each)],
        "p50_ratio": statistics.median(phases[f"with {pair}"]["p50_ms"] / phases[f"without {pair}"]["p50_ms"] for pair in range(pairs)),
        "requests": sum(phase["ok"] for one in got.values() for phase in one["phases"].values()),
        "lost": lost + poster.wrong, "posted": poster.sent,
        "memory_mib": {"before": before, "without": max(of("without", memory)), "with": max(of("with", memory))},
        "active_after": probes.active(),
        "dearest": [{"microseconds": round(cost, 1), "probe": json.dumps(probe)[:160]} for cost, probe in dearest],
    }
