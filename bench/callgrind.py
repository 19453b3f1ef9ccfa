"""User instructions a request by valgrind, for machines whose perf cannot count them.

The server runs under callgrind (every thread counted). Small requests come from the load
generator over many connections, as in a timed run, for a short and for a long while; their
difference leaves out what connections cost. W4 and W5 are asked a few times, one by one.
What the idle server executes in the same time is taken off: timers tick by the clock while
the work beside them is some fifty times slower than without valgrind.
"""
import json
import pathlib
import re
import subprocess
import time

from load import run_small
from server import BUILD, Server, one_request
from workloads import WORKLOADS, same_shape

ONE_BY_ONE = {"W4": 2, "W5": 4}
UNDER = "valgrind -q --tool=callgrind --callgrind-out-file={out}"


class Counter:
    def __init__(self, server: Server, out: pathlib.Path):
        self.pid, self.out, self.dumps = server.proc.pid, out, 0

    def tell(self, command: str) -> None:
        subprocess.run(["vgdb", f"--pid={self.pid}", command], check=True, capture_output=True, timeout=120)

    def zero(self) -> float:
        self.tell("zero")
        return time.perf_counter()

    def instructions(self) -> int:
        """Those since the last zero."""
        self.dumps += 1
        self.tell("dump")
        text = pathlib.Path(f"{self.out}.{self.dumps}").read_text()
        return int(re.search(r"^totals: (\d+)", text, re.M)[1])


def one_by_one(server: Server, name: str) -> int:
    method, path, body, *_, good = WORKLOADS[name]
    for _ in range(ONE_BY_ONE[name]):
        status, _ = one_request(server.port, method, path, body, 600)
        if status not in good:
            raise RuntimeError(f"{name}: status {status}")
    return ONE_BY_ONE[name]


def count(server: Server, counter: Counter, name: str, load_cpus: str, seconds: float) -> float:
    method, path, body, *_, good = WORKLOADS[name]
    for _ in range(2):  # caches and lazy parts are filled before counting
        status, got = one_request(server.port, method, path, body, 600)
    wrong = same_shape(name, got) if status in good else f"status {status}"
    if wrong:
        raise RuntimeError(f"{name}: {wrong[:300]}")

    def counted(work) -> tuple[int, float]:
        began = counter.zero()
        done = work()
        return done, counter.instructions() - idle * (time.perf_counter() - began)

    idle = 0.0
    _, ticks = counted(lambda: time.sleep(1))
    idle = float(ticks)
    if name in ONE_BY_ONE:
        done, total = counted(lambda: one_by_one(server, name))
        return total / done
    short, few = counted(lambda: run_small(name, server.port, load_cpus, seconds / 4)["requests"])
    long, many = counted(lambda: run_small(name, server.port, load_cpus, seconds)["requests"])
    return (many - few) / max(long - short, 1)


def count_all(a, peers, names) -> None:
    out = pathlib.Path(a.out).with_name("instructions.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    result = json.loads(out.read_text()) if out.exists() else {}
    loads = a.workloads.split(",")
    for place, name in enumerate(names):
        data = BUILD / f"callgrind-{name}"
        for old in BUILD.glob(f"{data.name}*"):
            old.unlink()
        try:
            under = UNDER.format(out=data)
            with Server(name, peers[name], a.port + place, a.server_cpus, under, 300) as server:
                counter = Counter(server, data)
                for load in loads:
                    if load in peers[name].get("skip", []):
                        continue
                    each = count(server, counter, load, a.load_cpus, a.seconds or 4)
                    result.setdefault(name, {})[load] = round(each)
                    print(f"{name:16} {load} {each:,.0f} user instructions a request", flush=True)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            print(f"!! {name}: {error}", flush=True)
        out.write_text(json.dumps(result, indent=1) + "\n")
    print(table(result))


def table(result: dict) -> str:
    loads = [w for w in WORKLOADS if any(w in row for row in result.values())]
    lines = ["| user instructions a request | " + " | ".join(loads) + " |", "|---|" + "--:|" * len(loads)]
    for name, row in result.items():
        lines.append(f"| {name} | " + " | ".join(shown(row.get(w)) for w in loads) + " |")
    return "\n".join(lines)


def shown(number: int | None) -> str:
    if number is None:
        return "-"
    return f"{number / 1e6:,.1f} M" if number >= 1e6 else f"{number / 1e3:,.1f} k"
