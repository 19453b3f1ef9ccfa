"""Heavy routes beside a probe, and beside light routes.

One run has four spans: the probe alone (`idle`), 16 connections that ask the light route without
pause (`light`), heavy callers (`heavy`), and both (`both`); `loaded` is the last two together.
"""
from .plan import LIGHT, liveness, probe, run, source, thread
from server import Server, mem_mib

CONNECTIONS = 16

# name: heavy path or paths, callers, and what else
WOBBLES = {
    "W7-1": ("/clients", 1, {}),
    "W7-2": ("/clients", 2, {}),
    "W7-4": ("/clients", 4, {}),
    "W7b": ("/burn?ms=500", 4, {}),
    # the same route has been asked a thousand times for nothing before
    "W7b-turned": ("/burn?ms=500", 4, {"proven": "/burn?ms=0"}),
    # probe and heavy requests on one connection
    "W7b-h2": ("/burn?ms=500", 4, {"speaks": "http2"}),
    # each of the heavy requests, and each look of a kubelet, with a handshake of its own
    "W7b-tls": ("/burn?ms=500", 4, {"speaks": "tls"}),
    # hardly a route is asked twice
    "W7b-400": ([f"/r{n}/burn?ms=100" for n in range(400)], 4, {}),
    # holds its thread without computing
    "W7s": ("/sleep?ms=500", 4, {}),
    # the work handed to a thread pool by the author; for peers that have the routes
    "W7p-4": ("/clients_pool", 4, {}),
    "W7bp": ("/burn_pool?ms=500", 4, {}),
}
WORDS = {
    "W7-1": "1 caller of the 18 MB answer", "W7-2": "2 callers of the 18 MB answer", "W7-4": "4 callers of the 18 MB answer",
    "W7b": "4 callers of a handler that computes for 500 ms", "W7b-turned": "the same, after a thousand light requests",
    "W7b-h2": "the same over one HTTP/2 connection",
    "W7b-tls": "the same over TLS", "W7b-400": "400 routes that compute for 100 ms",
    "W7s": "4 callers of a handler that sleeps for 500 ms",
    "W7p-4": "4 callers of the 18 MB answer, made in a thread pool", "W7bp": "4 callers of 500 ms computed in a thread pool",
}
USUAL = tuple(name for name in WOBBLES if "p" not in name)
QUICK = ("W7-4", "W7b", "W7b-turned", "W7b-h2", "W7b-tls", "W7b-400", "W7s")


def spans(quick: bool) -> dict[str, tuple[float, float]]:
    ends = (0.9, 2.0, 3.7, 5.4) if quick else (2.0, 5.0, 11.0, 17.0)
    idle, light, heavy, both = zip((0.3, *ends[:3]), ends)
    return {"idle": idle, "light": light, "heavy": heavy, "both": both, "loaded": (heavy[0], both[1])}


def wobble(server: Server, name: str, cpus: str, quick: bool) -> dict:
    paths, callers, more = WOBBLES[name]
    at = spans(quick)
    whole = (0.0, at["both"][1])
    http2 = more.get("speaks") == "http2"
    heavy = source("heavy", paths, at["loaded"], callers=callers, fresh=not http2)
    light = [source(f"light {name}", LIGHT, at[name], callers=CONNECTIONS) for name in ("light", "both")]
    probes = probe(whole)
    threads = [probes, thread(*light, priority=10, connections=CONNECTIONS, http2=http2)]
    if http2:
        probes.update(http2=True, connections=1)
        probes["sources"].append(heavy)
    else:
        threads += [liveness(whole), thread(heavy, connections=0)]
    if "proven" in more:
        proven = source("proven", more["proven"], at["idle"], callers=4, pause_ms=1)
        threads.append(thread(proven, connections=4))
    got = run(server.port, cpus, at, threads, certificate=server.certificate)
    phases, made = got["probe"]["phases"], got["heavy"]["phases"]["loaded"]
    if made["wrong"] and not made["ok"]:
        raise RuntimeError("it has no such route")
    alone, beside = got["light light"]["phases"]["light"], got["light both"]["phases"]["both"]
    return {
        "phases": at,
        "probe": phases,
        "course": got["probe"]["course"],
        "light": {
            "alone_per_s": alone["ok_per_s"],
            "beside_per_s": beside["ok_per_s"],
            "ratio": beside["ok_per_s"] / alone["ok_per_s"] if alone["ok_per_s"] else None,
            "alone_p99_ms": alone["p99_ms"],
            "p99_ms": beside["p99_ms"],
            "failed": beside["broken"] + beside["wrong"] + beside["timed_out"],
        },
        "heavy": {key: made[key] for key in ("ok", "refused", "wrong", "broken", "p50_ms")},
        "liveness": seconds(got["liveness"]["course"]) if "liveness" in got else None,
        "peak_rss_mib": mem_mib(server.pids(), "VmHWM"),
    }


def seconds(course: dict) -> list[int]:
    """Answers in each whole second."""
    tenths = course["answered"]
    return [sum(tenths[at:at + 10]) for at in range(0, len(tenths) - 9, 10)]


def lost(phase: dict) -> int:
    """How many had no good answer."""
    return phase["timed_out"] + phase["broken"] + phase["wrong"] + phase["refused"]


def figures(result: dict) -> dict[str, float | None]:
    """What is judged."""
    loaded, light = result["probe"]["loaded"], result["light"]
    return {"probe p99": loaded["p99_ms"], "probe max": loaded["max_ms"], "probes lost": lost(loaded),
            "light p99": light["p99_ms"], "light ratio": light["ratio"]}
