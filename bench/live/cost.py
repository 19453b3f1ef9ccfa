"""User instructions a request with no probe, with one and with ten, under valgrind.

Under valgrind a probe soon has used up its time and is ended, so that these look at one request in
very many, or are asked for what costs them least; what a look costs is told by the service itself
(`hostile`, `looks`).
"""
import time

from callgrind import Counter, count
from composure.plan import LIGHT, run, source, thread
from server import Server

from .probes import Probes

ROUTES = {"W2": "GET /items/{item_id}", "W3": "POST /items"}
METRIC = {"kind": "metric", "metric": {"name": "n", "type": "counter"}}


def states(load: str) -> dict[str, list[dict]]:
    here = [dict(METRIC, target=ROUTES[load], sample=1_000_000, metric=dict(METRIC["metric"], name=f"n{n}")) for n in range(10)]
    elsewhere = [dict(METRIC, target="GET /burn"), dict(METRIC, target="GET /clients", metric={"name": "m", "type": "duration"})]
    return {"none": [], "elsewhere": elsewhere, "one": here[:1], "ten": here, "none again": []}


def instructions(server: Server, probes: Probes, counter: Counter, load: str, cpus: str, seconds: float) -> dict:
    found = {}
    for name, wanted in states(load).items():
        probes.clear()
        for probe in wanted:
            status, _ = probes.set(probe)
            if status != 201:
                raise RuntimeError(f"{name}: {status}")
        found[name] = round(count(server, counter, load, cpus, seconds))
        if probes.active() != len(wanted):
            raise RuntimeError(f"{name}: {probes.all()}")
    probes.clear()
    return found


def looks(server: Server, probes: Probes, cpus: str) -> dict:
    """Microseconds that looking at a request takes, at a rate that leaves the probes time."""
    kinds = {
        "counter": METRIC,
        "duration by a label": {"kind": "metric", "metric": {"name": "d", "type": "duration", "labels": {"q": "query.q"}}},
        "a condition that is false": {"kind": "log", "when": "path.item_id > 100 && query.q == 'x'", "message": "x"},
        "log": {"kind": "log", "message": "item {path.item_id} {query.q} {elapsed_ms}", "hits": 1_000_000, "per_second": 50.0},
        "snapshot": {"kind": "snapshot", "hits": 1_000_000, "per_second": 50.0},
    }
    found = {}
    for name, probe in kinds.items():
        status, id = probes.set(dict(probe, target=ROUTES["W2"]))
        if status != 201:
            raise RuntimeError(f"{name}: {status}")
        asks = thread(source("asks", LIGHT, (0.0, 3.0), rate=45, timeout_ms=1000), connections=2)
        run(server.port, cpus, {"all": (0.0, 3.0)}, [asks])
        time.sleep(0.3)
        [one] = [one for one in probes.all() if one["id"] == id]
        found[name] = round(one["cpu_microseconds"] / max(one["evaluated"], 1), 2)
        probes.clear()
    return found
