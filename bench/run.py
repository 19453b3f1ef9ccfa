#!/usr/bin/env python3
"""Side-by-side benchmark driver (Linux, Python >= 3.11; perf or valgrind for instructions).

    bench/run.py --build --peers axum,actix
    bench/run.py --peers axum,actix --instructions
    bench/run.py --peers axum,actix,fastapi --workloads W1,W2,W3 --rounds 5
    bench/run.py --composure --peers aplomb,axum --server-cpus 0,1 --load-cpus 0,1
    bench/run.py --live --peers aplomb --server-cpus 0,1 --load-cpus 0,1
    bench/run.py --compile --peers axum,actix
    bench/run.py --report results/throughput.json

Peers stand in peers.toml: a name, a build command, a start command. A new
framework is one more entry. Peers are run in turn within a round (A B C A B C),
a fresh server process each time, so drift of the machine hits all alike;
the report gives medians, min-max and the ratio to the base peer round by round.
"""
import argparse
import contextlib
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import time

from builds import compile_times
from callgrind import count_all
from composure.plot import draw
from composure.report import report as composure_report
from composure.session import PARTS, Session
from live.session import PARTS as LIVE_PARTS
from live.session import LiveSession
from load import measure
from report import report
from server import BUILD, HERE, Server, fill, load_peers, mem_mib, one_request
from workloads import WORKLOADS, same_shape


@contextlib.contextmanager
def locked(path: str | None):
    if not path:
        yield
        return
    with open(path, "a") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(f, fcntl.LOCK_UN)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--config", default=str(HERE / "peers.toml"))
    ap.add_argument("--peers", default="")
    ap.add_argument("--workloads", default="W1,W2,W3,W6,W5,W4")
    ap.add_argument("--rounds", type=int, help="default 5, with --composure 1")
    ap.add_argument("--seconds", type=float, help="length of each measured run (default: per workload)")
    ap.add_argument("--server-cpus", default="0")
    ap.add_argument("--load-cpus", default="1")
    ap.add_argument("--port", type=int, default=18000)
    ap.add_argument("--lock", default=os.environ.get("BENCH_LOCK"), help="flock this file around every run")
    ap.add_argument("--out", help="default results/run.json, with --composure results/composure.json")
    ap.add_argument("--base", default="axum", help="peer the ratios are taken to")
    ap.add_argument("--build", action="store_true", help="run the build commands first")
    ap.add_argument("--append", action="store_true", help="add rounds to the --out file that is there")
    ap.add_argument("--compile", nargs="?", const="debug,release", help="only measure compile times and binary sizes: "
                    "debug (clean and incremental), release (both), release-incremental (in the built target directory)")
    ap.add_argument("--instructions", action="store_true", help="only count user instructions a request, under valgrind "
                    "(where perf has no hardware counters)")
    ap.add_argument("--check", action="store_true", help="only check that the peers answer rightly")
    ap.add_argument("--composure", action="store_true", help="only press the peers: heavy routes, slow readers, overload, "
                    "SIGTERM, the articles' programs; tables, and plots beside --out")
    ap.add_argument("--live", action="store_true", help="only set live probes: hostile ones and many of them beside a load, "
                    "and what they cost")
    ap.add_argument("--quick", action="store_true", help="with --composure or --live: shorter spans, fewer ends")
    ap.add_argument("--parts", help=f"with --composure: of {','.join(PARTS)}; with --live: of {','.join(LIVE_PARTS)}")
    ap.add_argument("--only", help="with --composure: of their workloads these, as W7b,W7s,work")
    ap.add_argument("--ends", type=int, help="with --composure: how often each server is ended (default 100, quick 5)")
    ap.add_argument("--report", nargs="+", help="only print tables of result files, and draw their plots")
    a = ap.parse_args()
    if a.report:
        for f in map(pathlib.Path, a.report):
            res = json.loads(f.read_text())
            if "base" in res:
                print(report(res, a.base))
            else:
                draw(res, f.parent)
                print(composure_report(res))
        return
    a.rounds = a.rounds or (1 if a.composure else 5)
    a.out = a.out or str(HERE / f"results/{'composure' if a.composure else 'live' if a.live else 'run'}.json")
    BUILD.mkdir(parents=True, exist_ok=True)
    peers = load_peers(pathlib.Path(a.config))
    names = [n for n in a.peers.split(",") if n] or [n for n in peers if not peers[n].get("optional")]
    for n in names:
        if n not in peers:
            sys.exit(f"no peer {n} in {a.config}")
    if a.build:
        with locked(a.lock):
            subprocess.run(["cargo", "build", "--release", "-q"], cwd=HERE / "loadtool", check=True,
                           env=dict(os.environ, CARGO_TARGET_DIR=str(BUILD / "loadtool")))
        for n in names:
            if b := peers[n].get("build"):
                print("building", n, flush=True)
                with locked(a.lock):
                    subprocess.run(fill(b, peers[n], 0, 2), shell=True, check=True, cwd=HERE / peers[n].get("dir", "."))
    if a.composure:
        Session(a, peers, names, locked).run()
        return
    if a.live:
        for name in names:
            LiveSession(a, peers, name, locked).run()
        return
    if a.compile:
        compile_times(a, peers, names, locked)
        return
    if a.instructions:
        with locked(a.lock):
            count_all(a, peers, names)
        return
    loads = a.workloads.split(",")
    out = pathlib.Path(a.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    res = {"server_cpus": a.server_cpus, "load_cpus": a.load_cpus, "base": a.base, "workloads": loads,
           "runs": []}
    first = 0
    if a.append and out.exists():
        res = json.loads(out.read_text())
        res["workloads"] += [w for w in loads if w not in res["workloads"]]
        first = 1 + max((r["round"] for r in res["runs"]), default=-1)
    port = a.port
    for rnd in range(first, first + (1 if a.check else a.rounds)):
        k = rnd % len(names)
        for n in names[k:] + names[:k]:
            port = a.port + (port + 1 - a.port) % 500
            rec = {"round": rnd, "peer": n, "w": {}}
            try:
                with locked(a.lock), Server(n, peers[n], port, a.server_cpus) as srv:
                    rec["startup_ms"] = srv.startup_ms
                    time.sleep(0.1)
                    rec["idle_rss_mib"] = mem_mib(srv.pids(), "VmRSS")
                    rec["idle_pss_mib"] = mem_mib(srv.pids(), "Pss")
                    rec["processes"] = len(srv.pids())
                    for w in loads:
                        if w in peers[n].get("skip", []):
                            continue
                        method, path, body, *_, good = WORKLOADS[w]
                        st, got = one_request(port, method, path, body)
                        wrong = same_shape(w, got) if st in good else f"status {st}: {got[:300]!r}"
                        if wrong:
                            print(f"!! {n} {w}: {wrong[:400]}", flush=True)
                            rec["w"][w] = {"wrong": wrong[:400]}
                            continue
                        if a.check:
                            print(f"ok {n} {w} {st} {len(got)} bytes" + (f" {got[-260:]!r}" if w == "W6" else ""), flush=True)
                            continue
                        secs = a.seconds or WORKLOADS[w][4]
                        r = rec["w"][w] = measure(srv, w, a.load_cpus, secs)
                        print(f"r{rnd} {n:16} {w:3} {r['rps']:10.1f}/s cpu {r['cpu_us']:9.2f} us busy {r['busy']:.2f} "
                              f"instr {r.get('instr_user', 0):.0f}+{r.get('instr_kernel') or 0:.0f} cycles {r.get('cycles') or 0:.0f} p99 {r['p99_ms']} err {r['socket_errors']} non2xx {r['non2xx']}", flush=True)
            except (RuntimeError, OSError, subprocess.SubprocessError) as e:
                print(f"!! {n}: {e}", flush=True)
                rec["failed"] = str(e)[:500]
            res["runs"].append(rec)
            if not a.check:
                out.write_text(json.dumps(res, indent=1))
    if not a.check:
        print(report(res, a.base))


if __name__ == "__main__":
    main()
