"""What the articles that complain of wobbling and timed-out services measured themselves."""
from .plan import liveness, run, source, thread
from .wobble import seconds
from server import Server


def liveness_share(server: Server, cpus: str, quick: bool) -> dict:
    """The liveness loop, counted each second, while the long answer is made over and over."""
    idle, loaded = (3.0, 4.0) if quick else (5.0, 10.0)
    at = {"idle": (1.0, idle), "loaded": (idle, idle + loaded)}
    heavy = thread(source("heavy", "/clients", at["loaded"], callers=1, fresh=True), connections=0)
    got = run(server.port, cpus, at, [liveness((0.0, idle + loaded)), heavy])
    each = seconds(got["liveness"]["course"])
    return {**shares(each, int(idle)), "heavy": got["heavy"]["phases"]["loaded"]["ok"],
            "timed_out": got["liveness"]["phases"]["loaded"]["timed_out"]}


def shares(each: list[int], idle: int) -> dict:
    """Of counts a second of which the first ones were idle; the very first is starting up."""
    usual = sum(each[1:idle]) / max(len(each[1:idle]), 1)
    loaded = each[idle:]
    share = [count / usual if usual else 0.0 for count in loaded]
    return {"per_s": each, "idle_s": idle, "idle_per_s": usual, "share": sum(share) / max(len(share), 1), "least_share": min(share, default=0.0)}


def deadline(server: Server, path: str, cpus: str, quick: bool) -> dict:
    """3 requests a second of 6 s each, with 10 s for each to be answered."""
    long = 5.0 if quick else 20.0
    at = {"all": (0.0, long)}
    asks = thread(source("asks", path, at["all"], rate=3, timeout_ms=10_000), connections=0, priority=10)
    got = run(server.port, cpus, at, [asks])["asks"]["phases"]["all"]
    if got["wrong"] == got["sent"]:
        raise RuntimeError("it has no such route")
    return got
