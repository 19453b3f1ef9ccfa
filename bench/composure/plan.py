"""Plans for `loadtool/scenario`: who asks what, from when to when."""
import json
import pathlib
import subprocess

from server import BUILD

PROBE = "/.well-known/live"
LIGHT = "/items/42?q=hello&limit=20"


def source(name: str, paths, span: tuple[float, float], **more) -> dict:
    paths = [paths] if isinstance(paths, str) else list(paths)
    return {"name": name, "paths": paths, "from": span[0], "to": span[1], **more}


def thread(*sources: dict, **more) -> dict:
    return {"sources": list(sources), **more}


def probe(span: tuple[float, float], rate: float = 200) -> dict:
    """So many a second over kept connections, each given up after a second."""
    return thread(source("probe", PROBE, span, rate=rate, timeout_ms=1000), priority=20, connections=16)


def liveness(span: tuple[float, float]) -> dict:
    """One after the other, each over a new connection, as the article's script (600 a second) and
    a kubelet have it."""
    loop = source("liveness", PROBE, span, callers=1, fresh=True, pause_ms=1.5, timeout_ms=1000)
    return thread(loop, priority=19, connections=0)


def run(port: int, cpus: str, phases: dict[str, tuple[float, float]], threads: list[dict], bin_ms: int = 100,
        certificate: pathlib.Path | None = None) -> dict:
    """What became of each source: its phases, and its course over time; over TLS to a server that has
    this certificate."""
    spans = [{"name": name, "from": span[0], "to": span[1]} for name, span in phases.items()]
    plan = {"port": port, "bin_ms": bin_ms, "phases": spans, "threads": threads,
            "certificate": certificate and str(certificate)}
    last = max(s["to"] + s.get("timeout_ms", 0) / 1000 for t in threads for s in t["sources"])
    done = subprocess.run(["taskset", "-c", cpus, str(BUILD / "loadtool/release/scenario")], input=json.dumps(plan),
                          capture_output=True, text=True, timeout=last + 60)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)["sources"]
