"""All workloads for all peers: `run.py --composure`."""
import json
import os
import pathlib
import subprocess
import sys
import time

from . import articles, overload, readers, slow_clients, termination, wobble
from .plot import draw
from .report import report
from certificate import make
from server import Machine, Server

PARTS = ("wobble", "readers", "overload", "slow-clients", "termination", "articles")
RUNS = {True: 5, False: 100}


class Session:
    def __init__(self, a, peers: dict, names: list[str], locked):
        self.a, self.peers, self.names, self.locked = a, peers, names, locked
        self.port = a.port
        self.out = pathlib.Path(a.out)
        self.parts = a.parts.split(",") if a.parts else PARTS
        self.only = a.only.split(",") if a.only else []
        self.result = {"quick": a.quick, "server_cpus": a.server_cpus, "load_cpus": a.load_cpus,
                       "cpus": os.cpu_count(), "runs": []}
        if a.append and self.out.exists():
            self.result = json.loads(self.out.read_text())
        known = self.result.setdefault("peers", [])
        known += [name for name in names if name not in known]

    def run(self) -> None:
        first = 1 + max((run["round"] for run in self.result["runs"]), default=-1)
        for number in range(first, first + self.a.rounds):
            turn = number % len(self.names)
            for name in self.names[turn:] + self.names[:turn]:
                run = {"round": number, "peer": name, "quick": self.a.quick}
                self.result["runs"].append(run)
                for part in self.parts:
                    self.part(part, name, run)
                    self.out.parent.mkdir(parents=True, exist_ok=True)
                    self.out.write_text(json.dumps(self.result) + "\n")
        draw(self.result, self.out.parent)
        print(report(self.result))

    def part(self, part: str, name: str, run: dict) -> None:
        took = time.perf_counter()
        for key, work in getattr(self, part.replace("-", "_"))(name):
            if self.only and key not in self.only:
                continue
            try:
                with self.locked(self.a.lock):
                    run.setdefault(part, {})[key] = got = work()
                print(f"r{run['round']} {name:10} {part:11} {key:10} {brief(part, got)}", flush=True)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"!! {name} {part} {key}: {error}", file=sys.stderr, flush=True)
                run.setdefault("failed", {})[f"{part}/{key}"] = str(error)[:300]
        run.setdefault("took_s", {})[part] = round(time.perf_counter() - took, 1)

    def server(self, name: str, speaks: str | None = None) -> Server:
        """A fresh one, at a port of its own; of what it can speak besides HTTP/1.1 in clear text it
        speaks this."""
        self.port = self.a.port + (self.port + 1 - self.a.port) % 500
        peer = self.peers[name]
        if speaks and speaks not in peer:
            raise RuntimeError(f"it does not speak {speaks}")
        env = {**peer.get("env", {}), **peer.get(speaks, {})}
        return Server(name, dict(peer, env=env), self.port, self.a.server_cpus, certificate=make() if speaks == "tls" else None)

    def on_fresh(self, name: str, work, speaks: str | None = None):
        def go():
            with self.server(name, speaks) as server, Machine(server) as machine:
                got = work(server)
            return {**got, "others": machine.others}
        return go

    def wobble(self, name: str):
        quick, cpus = self.a.quick, self.a.load_cpus
        for key in self.only or (wobble.QUICK if quick else wobble.USUAL):
            if key not in wobble.WOBBLES:
                continue
            speaks = wobble.WOBBLES[key][2].get("speaks")
            yield key, self.on_fresh(name, lambda server, key=key: wobble.wobble(server, key, cpus, quick), speaks)

    def readers(self, name: str):
        for key in readers.READS:
            yield key, self.on_fresh(name, lambda server, key=key: readers.read(server, key, self.a.load_cpus, self.a.quick))

    def overload(self, name: str):
        for key in overload.WORDS:
            yield key, self.on_fresh(name, lambda server, key=key: overload.overload(server, key, self.a.load_cpus, self.a.quick))

    def slow_clients(self, name: str):
        for key in slow_clients.WORDS:
            yield key, self.on_fresh(name, lambda server, key=key: slow_clients.slow(server, key, self.a.load_cpus, self.a.quick))

    def termination(self, name: str):
        def ends(clients: int) -> dict:
            found = []
            for _ in range(self.a.ends or RUNS[self.a.quick]):
                with self.server(name) as server:
                    found.append(termination.terminate(server, clients, self.a.load_cpus))
            return termination.summary(found)

        for clients in termination.CLIENTS:
            yield str(clients), lambda clients=clients: ends(clients)

    def articles(self, name: str):
        quick, cpus = self.a.quick, self.a.load_cpus
        yield "liveness", self.on_fresh(name, lambda server: articles.liveness_share(server, cpus, quick))
        for key in ("sleep",) if quick else ("sleep", "pause"):
            yield key, self.on_fresh(name, lambda server, key=key: articles.deadline(server, f"/{key}?ms=6000", cpus, quick))


def brief(part: str, got: dict) -> str:
    """One line while it runs."""
    if part == "wobble":
        figures = wobble.figures(got)
    elif part == "overload":
        figures = {"capacity": got["capacity_per_s"], **overload.figures(got), "probe p99": got["probe"]["overload"]["p99_ms"]}
    elif part == "slow-clients":
        figures = {**slow_clients.figures(got), "longest s": got["longest_s"], "normal p99": got["normal"]["beside"]["p99_ms"]}
    elif part == "readers":
        figures = {"peak MB": got["peak_mb"], "probe p99": got["probe"]["loaded"]["p99_ms"],
                   "max": got["probe"]["loaded"]["max_ms"], "answers": got["answers"]}
    else:
        figures = {key: value for key, value in got.items() if not isinstance(value, dict)}
    show = lambda value: f"{value:.2f}" if isinstance(value, float) else str(value)
    return ", ".join(f"{key} {show(value)}" for key, value in figures.items())
