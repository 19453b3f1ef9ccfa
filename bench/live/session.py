"""All of it for a peer with live probes: `run.py --live`."""
import json
import pathlib
import subprocess
import sys

from callgrind import UNDER, Counter
from server import BUILD, Machine, Server

from .churn import churn
from .cost import ROUTES, instructions, looks
from .hostile import hostile
from .probes import Probes

PARTS = ("hostile", "churn", "looks", "instructions")


class LiveSession:
    def __init__(self, a, peers: dict, name: str, locked):
        self.a, self.peer, self.name, self.locked = a, peers[name], name, locked
        self.out = pathlib.Path(a.out)

    def run(self) -> None:
        result = json.loads(self.out.read_text()) if self.a.append and self.out.exists() else {}
        for number, part in enumerate(self.a.parts.split(",") if self.a.parts else PARTS):
            try:
                with self.locked(self.a.lock):
                    result[part] = getattr(self, part)(self.a.port + 2 * number)
                print(part, json.dumps(result[part], indent=1), flush=True)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"!! {part}: {error}", file=sys.stderr, flush=True)
            self.out.parent.mkdir(parents=True, exist_ok=True)
            self.out.write_text(json.dumps(result, indent=1) + "\n")

    def server(self, port: int, under: str = "", patience: float = 30) -> tuple[Server, Probes]:
        env = {**self.peer.get("env", {}), "MANAGEMENT": f"127.0.0.1:{port + 1}"}
        peer = dict(self.peer, env=env)
        return Server(self.name, peer, port, self.a.server_cpus, under, patience), Probes(port + 1)

    def beside(self, port: int, work) -> dict:
        server, probes = self.server(port)
        with server, Machine(server) as machine:
            got = work(server, probes, self.a.load_cpus, self.a.quick)
        return {**got, "others": machine.others}

    def hostile(self, port: int) -> dict:
        return self.beside(port, hostile)

    def churn(self, port: int) -> dict:
        return self.beside(port, churn)

    def looks(self, port: int) -> dict:
        server, probes = self.server(port)
        with server:
            return looks(server, probes, self.a.load_cpus)

    def instructions(self, port: int) -> dict:
        out = BUILD / f"callgrind-live-{self.name}"
        for old in BUILD.glob(f"{out.name}*"):
            old.unlink()
        server, probes = self.server(port, UNDER.format(out=out), 300)
        with server:
            counter = Counter(server, out)
            return {load: instructions(server, probes, counter, load, self.a.load_cpus, self.a.seconds or 4) for load in ROUTES}
