"""SIGTERM while keep-alive clients ask one request after the other."""
import json
import subprocess

from .plan import LIGHT
from server import BUILD, Server

CLIENTS = (32, 500)


def terminate(server: Server, clients: int, cpus: str) -> dict:
    """One end: requests that were sent on an open connection and got no answer, and how long it took."""
    tool = str(BUILD / "loadtool/release/terminate")
    done = subprocess.run(["taskset", "-c", cpus, tool, str(server.port), str(server.proc.pid), str(clients), LIGHT, "0.3"],
                          capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def summary(ends: list[dict]) -> dict:
    took = sorted(end["exit_ms"] for end in ends if end["exit_ms"] is not None)
    return {"runs": len(ends), "lost": sum(end["lost"] for end in ends),
            "runs_with_loss": sum(end["lost"] > 0 for end in ends),
            "answered_after": sum(end["answered_after"] for end in ends),
            "never_ended": len(ends) - len(took),
            "exit_ms": {"least": took[0], "median": took[len(took) // 2], "most": took[-1]} if took else None}
