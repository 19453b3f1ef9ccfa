"""Five times what a route can do: who is let in, who is told no, and how it ends."""
import time

from .plan import probe, run, source, thread
from server import Server, one_request

TIMES = 5
# A client that has waited so long has gone.
PATIENCE_MS = 2000
COST_MS = 20
WORDS = {"work": "a route that costs 20 ms of a processor", "wait": "a route that awaits 50 ms, at most 32 at a time"}


def units_of(server: Server, cost_ms: float) -> int:
    """How much work costs so much time, by the quickest of a few."""
    units = 200
    while True:
        took = []
        for _ in range(5):
            began = time.perf_counter()
            one_request(server.port, "GET", f"/work?units={units}", None)
            took.append((time.perf_counter() - began) * 1e3)
        if min(took) >= cost_ms / 4 or units > 1e8:
            return max(1, round(units * cost_ms / min(took)))
        units *= 4


def capacity(server: Server, path: str, cpus: str, callers: int, quick: bool) -> float:
    """Good answers a second when so many callers ask without pause."""
    seconds = 2.0 if quick else 4.0
    asks = thread(source("asks", path, (0.0, seconds), callers=callers), connections=callers)
    got = run(server.port, cpus, {"all": (seconds / 4, seconds)}, [asks])
    return got["asks"]["phases"]["all"]["ok_per_s"]


def overload(server: Server, name: str, cpus: str, quick: bool) -> dict:
    if name == "work":
        path, callers = f"/work?units={units_of(server, COST_MS)}", 8
    else:
        path, callers = "/wait?ms=50", 64
    most = capacity(server, path, cpus, callers, quick)
    if not most:
        raise RuntimeError(f"{path}: no answers")
    calm, press, rest = (2.0, 10.0, 5.0) if quick else (5.0, 60.0, 8.0)
    at = {"normal": (0.5, calm), "overload": (calm, calm + press), "steady": (calm + 1, calm + press),
          "after": (calm + press, calm + press + rest)}
    rates = {"normal": (0.0, calm, most / 2), "overload": (*at["overload"], most * TIMES), "after": (*at["after"], most / 2)}
    asks = [source(name, path, (start, end), rate=rate, timeout_ms=PATIENCE_MS) for name, (start, end, rate) in rates.items()]
    whole = (0.0, at["after"][1])
    got = run(server.port, cpus, at, [probe(whole), thread(*asks, priority=10, most_connections=15_000)])
    normal, steady = got["normal"]["phases"]["normal"], got["overload"]["phases"]["steady"]
    return {
        "path": path, "capacity_per_s": most, "phases": at,
        "normal": normal, "overload": got["overload"]["phases"]["overload"], "steady": steady,
        "after": got["after"]["phases"]["after"],
        "probe": got["probe"]["phases"],
        "recovery_s": recovery(got["after"]["course"], at["after"], usual(normal)),
        "course": merged([got[name]["course"] for name in rates]),
        "probe_course": got["probe"]["course"],
    }


def usual(normal: dict) -> float | None:
    """The p99 to compare with, if half of the capacity could be had without a loss."""
    return normal["p99_ms"] if normal["ok"] == normal["sent"] else None


def recovery(course: dict, after: tuple[float, float], normal_p99_ms: float | None) -> float | None:
    """Seconds until for a whole second nothing is refused or fails, or takes over twice the normal."""
    if normal_p99_ms is None:
        return None
    first, last = round(after[0] * 10), min(round(after[1] * 10), len(course["ok"]))
    most = max(2 * normal_p99_ms, normal_p99_ms + 25)

    def fine(at: int) -> bool:
        late = course["max_ms"][at]
        return not course["refused"][at] and not course["failed"][at] and (late is None or late <= most)

    calm = 0
    for at in range(first, last):
        calm = calm + 1 if fine(at) else 0
        if calm == 10:
            return (at - 9 - first) / 10
    return None


def merged(courses: list[dict]) -> dict:
    """The course of sources that follow one another."""
    def most(values):
        return max((v for v in values if v is not None), default=None)

    return {key: [sum(values) if key in ("answered", "ok", "refused", "failed") else most(values)
                  for values in zip(*(course[key] for course in courses))] for key in courses[0]}


def figures(result: dict) -> dict[str, float | None]:
    normal, steady = usual(result["normal"]), result["steady"]
    times = steady["p99_ms"] / normal if normal and steady["p99_ms"] else None
    return {"accepted p99, times normal": times, "refused p99": steady["refused_p99_ms"],
            "goodput, share of capacity": steady["ok_per_s"] / result["capacity_per_s"], "recovery": result["recovery_s"]}
