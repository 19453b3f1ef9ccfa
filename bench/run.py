#!/usr/bin/env python3
"""Side-by-side benchmark driver (Linux, Python >= 3.11; perf if it works; wrk with
--load wrk).

    bench/run.py --build --peers axum,actix
    bench/run.py --peers axum,actix,fastapi --workloads W1,W2,W3 --rounds 5
    bench/run.py --peers axum --workloads W7,W7b --server-cpus 0,1 --load-cpus 0,1
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
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("BENCH_BUILD", HERE / ".build"))

ITEM = {"name": "Foo item", "price": 35.4, "tax": 3.2, "tags": ["red", "green", "blue"],
        "description": "A very nice item"}
BAD_ITEM = {"name": "", "price": -5.0, "tax": 3.2, "tags": ["red"], "description": "bad"}


def bulk_body() -> str:
    """About 1 MB: 5,000 items like W3's, with longer descriptions."""
    items = []
    for i in range(5000):
        items.append({"name": f"Item number {i}", "price": 10.5 + i / 4, "tax": 1.25,
                      "tags": ["red", "green", f"tag-{i}"],
                      "description": "A description that makes this item about two hundred "
                                     "bytes long, as real ones are: " + "x" * 12})
    return json.dumps(items)


# name: (method, path, body, connections, seconds, statuses that count as right)
WORKLOADS = {
    "W1": ("GET", "/.well-known/live", None, 64, 1.2, (200,)),
    "W2": ("GET", "/items/42?q=hello&limit=20", None, 64, 1.2, (200,)),
    "W3": ("POST", "/items", json.dumps(ITEM), 64, 1.2, (200, 201)),
    "W6": ("POST", "/items", json.dumps(BAD_ITEM), 64, 1.2, (400, 422)),
    "W5": ("POST", "/bulk", bulk_body(), 16, 1.5, (200, 201)),
    "W4": ("GET", "/clients", None, 4, 2.5, (200,)),
}
# name: (heavy path, callers)
WOBBLE = {
    "W7-1": ("/clients", 1),
    "W7-2": ("/clients", 2),
    "W7-4": ("/clients", 4),
    "W7b": ("/burn?ms=500", 4),
    # the same work handed to a thread pool by hand; for peers that have the routes
    "W7p-4": ("/clients_pool", 4),
    "W7bp": ("/burn_pool?ms=500", 4),
}


def load_peers(path: pathlib.Path) -> dict:
    raw = tomllib.loads(path.read_text())
    return raw


def fill(cmd: str, peer: dict, port: int, ncpu: int) -> str:
    env = {"build": str(BUILD), "here": str(HERE), "port": str(port), "ncpu": str(ncpu),
           "venv": os.environ.get("BENCH_VENV", str(BUILD / "venv")),
           "node_modules": os.environ.get("BENCH_NODE_MODULES", str(BUILD / "fastify/node_modules"))}
    for k, v in env.items():
        cmd = cmd.replace("{" + k + "}", v)
    return cmd


# ---------------------------------------------------------------- processes

def tree(pid: int) -> list[int]:
    kids: dict[int, list[int]] = {}
    for p in pathlib.Path("/proc").iterdir():
        if p.name.isdigit():
            try:
                s = (p / "stat").read_text()
            except OSError:
                continue
            kids.setdefault(int(s.rsplit(")", 1)[1].split()[1]), []).append(int(p.name))
    out, todo = [], [pid]
    while todo:
        q = todo.pop()
        out.append(q)
        todo += kids.get(q, [])
    return out


def cpu_s(pids: list[int]) -> tuple[float, float]:
    tick = os.sysconf("SC_CLK_TCK")
    u = s = 0
    for p in pids:
        with contextlib.suppress(OSError):
            f = pathlib.Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()
            u += int(f[11])
            s += int(f[12])
    return u / tick, s / tick


def mem_mib(pids: list[int], key: str) -> float:
    """key: VmRSS, VmHWM (from status) or Pss (from smaps_rollup); summed."""
    total = 0
    for p in pids:
        with contextlib.suppress(OSError):
            name = "smaps_rollup" if key == "Pss" else "status"
            m = re.search(rf"^{key}:\s+(\d+) kB", pathlib.Path(f"/proc/{p}/{name}").read_text(), re.M)
            if m:
                total += int(m[1])
    return total / 1024


def one_request(port: int, method: str, path: str, body: str | None, timeout=60.0) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        data = (body or "").encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        s.sendall(head.encode() + b"\r\n" + data)
        got = bytearray()
        end = None
        while (end is None or len(got) < end) and (b := s.recv(1 << 18)):
            got += b
            if end is None and (i := got.find(b"\r\n\r\n")) >= 0:
                m = re.search(rb"content-length: *(\d+)", bytes(got[:i]).lower())
                end = i + 4 + int(m[1]) if m else float("inf")
    return int(got[9:12]), bytes(got)


class Server:
    def __init__(self, name: str, peer: dict, port: int, cpus: str):
        self.name, self.peer, self.port, self.cpus = name, peer, port, cpus

    def __enter__(self):
        ncpu = len(self.cpus.split(","))
        cmd = fill(self.peer["start"], self.peer, self.port, ncpu)
        env = dict(os.environ, PORT=str(self.port))
        env.update({k: fill(str(v), self.peer, self.port, ncpu) for k, v in self.peer.get("env", {}).items()})
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            raise RuntimeError(f"port {self.port} is taken")
        self.log = open(BUILD / f"server-{self.name}.log", "wb")
        t = time.perf_counter()
        self.proc = subprocess.Popen(
            ["taskset", "-c", self.cpus, "sh", "-c", "exec " + cmd], cwd=HERE / self.peer.get("dir", "."),
            env=env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        end = t + 30
        while True:
            try:
                if one_request(self.port, "GET", "/.well-known/live", None, 5)[0] == 200:
                    break
            except (OSError, ValueError):
                pass
            if self.proc.poll() is not None or time.perf_counter() > end:
                self.__exit__()
                raise RuntimeError(f"{self.name} did not start; see {self.log.name}")
            time.sleep(0.0005)
        self.startup_ms = (time.perf_counter() - t) * 1e3
        return self

    def pids(self):
        return tree(self.proc.pid)

    def __exit__(self, *_):
        mine = self.pids()
        with contextlib.suppress(OSError):
            os.killpg(self.proc.pid, signal.SIGTERM)
        try:
            self.proc.wait(3)
        except subprocess.TimeoutExpired:
            pass
        for p in mine:
            with contextlib.suppress(OSError):
                os.kill(p, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.wait()
        self.log.close()
        time.sleep(0.15)


class Perf:
    """Instructions (user, kernel) of a set of processes, if perf works here."""
    ok: bool | None = None

    @classmethod
    def works(cls):
        if cls.ok is None:
            cls.ok = False
            if shutil.which("perf"):
                r = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u,instructions:k", "true"],
                                   capture_output=True, text=True)
                cls.ok = r.returncode == 0 and "not" not in r.stderr
        return cls.ok

    def __init__(self, pids):
        self.pids = pids

    def __enter__(self):
        self.user = self.kernel = self.cycles = None
        if self.works():
            self.p = subprocess.Popen(
                ["perf", "stat", "-x,", "-e", "instructions:u,instructions:k,cycles", "-p", ",".join(map(str, self.pids))],
                stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            time.sleep(0.15)
        return self

    def __exit__(self, *_):
        if self.works():
            self.p.send_signal(signal.SIGINT)
            _, err = self.p.communicate(timeout=10)
            for line in err.splitlines():
                f = line.split(",")
                if len(f) > 2 and f[0].isdigit():
                    if f[2].endswith(":u"):
                        self.user = int(f[0])
                    elif f[2].endswith(":k"):
                        self.kernel = int(f[0])
                    elif f[2].startswith("cycles"):
                        self.cycles = int(f[0])


# ---------------------------------------------------------------- workloads

def wrk_script(name: str) -> pathlib.Path:
    method, _, body, *_ = WORKLOADS[name]
    p = BUILD / f"{name}.lua"
    text = f'wrk.method = "{method}"\n'
    if body is not None:
        data = BUILD / f"{name}.json"
        data.write_text(body)
        text += f'local f = io.open("{data}", "rb")\nwrk.body = f:read("*a")\nf:close()\n'
        text += 'wrk.headers["Content-Type"] = "application/json"\n'
    p.write_text(text)
    return p


def unit(s: str) -> float:
    m = re.match(r"([\d.]+)(us|ms|s|m)$", s)
    return float(m[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}[m[2]]


LOAD = "poll"


def run_small(name: str, port: int, cpus: str, seconds: float) -> dict:
    if LOAD == "wrk":
        return run_wrk(name, port, cpus, seconds)
    method, path, body, conns, *_ = WORKLOADS[name]
    cmd = ["taskset", "-c", cpus, str(BUILD / "loadtool/release/poll"), str(port), method, path, str(conns), str(seconds)]
    if body is not None:
        data = BUILD / f"{name}.json"
        data.write_text(body)
        cmd.append(str(data))
    r = subprocess.run(cmd, capture_output=True, text=True, timeout=seconds + 90)
    if r.returncode:
        raise RuntimeError(r.stderr)
    return json.loads(r.stdout)


def run_wrk(name: str, port: int, cpus: str, seconds: float) -> dict:
    _, path, _, conns, *_ = WORKLOADS[name]
    # wrk takes whole seconds only: it is told to run for longer and interrupted
    r = subprocess.run(
        ["timeout", "-s", "INT", f"{seconds:g}", "taskset", "-c", cpus, "wrk", "-t1", f"-c{conns}", "-d60s", "--latency", "--timeout", "30s", "-s", str(wrk_script(name)), f"http://127.0.0.1:{port}{path}"],
        capture_output=True, text=True, timeout=seconds + 90)
    m = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m),", r.stdout)
    if not m:
        raise RuntimeError(r.stdout + r.stderr)
    out = {"requests": int(m[1]), "wall_s": unit(m[2] + m[3]) / 1e3}
    for p in ("50", "99"):
        q = re.search(rf"^\s+{p}(?:\.\d+)?%\s+(\S+)$", r.stdout, re.M)
        out[f"p{p}_ms"] = unit(q[1]) if q else None
    q = re.search(r"Non-2xx or 3xx responses: (\d+)", r.stdout)
    out["non2xx"] = int(q[1]) if q else 0
    q = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", r.stdout)
    out["socket_errors"] = sum(map(int, q.groups())) if q else 0
    return out


def run_big(name: str, port: int, cpus: str, seconds: float) -> dict:
    """Few large answers: CONNS threads ask one after the other until SECONDS have
    gone, and every request begun is read to its end and counted."""
    _, path, _, conns, *_ = WORKLOADS[name]
    me = r"""
import socket, sys, threading, time, json
port, path, conns, secs = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
lat, size, bad = [], [0], [0]
t0 = time.perf_counter()
def go():
    buf = bytearray(1 << 18)
    while time.perf_counter() - t0 < secs:
        t = time.perf_counter()
        try:
            s = socket.create_connection(("127.0.0.1", port), 120)
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            n, first = 0, True
            while k := s.recv_into(buf):
                if first:
                    if buf[9:12] != b"200": bad[0] += 1
                    first = False
                n += k
            s.close()
            size[0] = n
            lat.append(time.perf_counter() - t)
        except OSError:
            bad[0] += 1
            time.sleep(0.05)
ts = [threading.Thread(target=go) for _ in range(conns)]
[t.start() for t in ts]; [t.join() for t in ts]
lat.sort()
print(json.dumps({"requests": len(lat), "wall_s": time.perf_counter() - t0, "bytes": size[0], "socket_errors": bad[0],
  "non2xx": bad[0], "p50_ms": lat[len(lat)//2]*1e3 if lat else None, "p99_ms": lat[-1]*1e3 if lat else None}))
"""
    r = subprocess.run(["taskset", "-c", cpus, sys.executable, "-c", me, str(port), path, str(conns), str(seconds)],
                       capture_output=True, text=True, timeout=seconds + 200)
    if r.returncode:
        raise RuntimeError(r.stderr)
    return json.loads(r.stdout)


def measure(srv: Server, name: str, cpus: str, seconds: float) -> dict:
    big = name == "W4"
    runner = run_big if big else run_small
    if not big:
        runner(name, srv.port, cpus, 0.4)  # warm up
    pids = srv.pids()
    with Perf(pids) as perf:
        u0, s0 = cpu_s(pids)
        out = runner(name, srv.port, cpus, seconds)
        time.sleep(0.02)
        u1, s1 = cpu_s(pids)
    n = max(out["requests"], 1)
    out["rps"] = out["requests"] / out["wall_s"]
    out["cpu_us"] = (u1 - u0 + s1 - s0) * 1e6 / n
    out["user_us"] = (u1 - u0) * 1e6 / n
    out["busy"] = (u1 - u0 + s1 - s0) / out["wall_s"]
    if perf.user is not None:
        out["instr_user"] = perf.user / n
        out["instr_kernel"] = perf.kernel / n if perf.kernel is not None else None
        out["cycles"] = perf.cycles / n if perf.cycles is not None else None
    if big:
        out["peak_rss_mib"] = mem_mib(srv.pids(), "VmHWM")
    return out


def run_wobble(srv: Server, name: str, cpus: str, seconds: float, rate: int) -> dict:
    path, callers = WOBBLE[name]
    exe = BUILD / "loadtool/release/wobble"
    pids = srv.pids()
    u0, s0 = cpu_s(pids)
    r = subprocess.run(["taskset", "-c", cpus, str(exe), "--port", str(srv.port), "--heavy", path, "--callers", str(callers),
                        "--secs", str(seconds), "--rate", str(rate)],
                       capture_output=True, text=True, timeout=seconds + 120)
    if r.returncode:
        raise RuntimeError(r.stderr)
    out = json.loads(r.stdout.replace("NaN", "null"))
    u1, s1 = cpu_s(pids)
    out["cpu_s"] = u1 - u0 + s1 - s0
    out["peak_rss_mib"] = mem_mib(srv.pids(), "VmHWM")
    return out


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


def same_shape(name: str, got: bytes) -> str | None:
    """None if the answer's body is what the workload asks for, else what is wrong."""
    if name == "W6":  # the status says it; poem-openapi's own errors are plain text
        return None
    head, _, body = got.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        out = b""
        while body:
            n, _, rest = body.partition(b"\r\n")
            k = int(n.split(b";")[0], 16)
            out += rest[:k]
            body = rest[k + 2:] if k else b""
        body = out
    try:
        v = json.loads(body)
    except ValueError:
        return "no JSON: " + repr(body[:80])
    if name == "W1":
        return None if v == "OK" else repr(v)
    if name == "W2":
        return None if v == {"item_id": 42, "q": "hello", "limit": 20} else repr(v)
    if name == "W3":
        want = dict(ITEM, price_with_tax=ITEM["price"] + ITEM["tax"])
        return None if {k: v.get(k) for k in want} == want else repr(v)
    if name == "W4":
        it = v["items"]
        good = (len(it) == 40000 and it[7]["id"] == 7 and it[7]["address"]["id"] == 7
                and it[7]["bank_accounts"][0]["id"] == 7 and len(it[7]) == 11
                and len(it[7]["bank_accounts"][0]) == 17 and it[7]["str8"] is None)
        return None if good else repr(it[7])
    if name == "W5":
        return None if v == {"count": 5000} else repr(v)
    return None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--config", default=str(HERE / "peers.toml"))
    ap.add_argument("--peers", default="")
    ap.add_argument("--workloads", default="W1,W2,W3,W6,W5,W4")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--seconds", type=float, help="length of each measured run (default: per workload)")
    ap.add_argument("--wobble-seconds", type=float, default=15)
    ap.add_argument("--load", default="poll", choices=["poll", "wrk"], help="closed-loop load generator for W1-W3, W5, W6")
    ap.add_argument("--rate", type=int, default=200, help="open-loop probes a second")
    ap.add_argument("--server-cpus", default="0")
    ap.add_argument("--load-cpus", default="1")
    ap.add_argument("--port", type=int, default=18000)
    ap.add_argument("--lock", default=os.environ.get("BENCH_LOCK"), help="flock this file around every run")
    ap.add_argument("--out", default=str(HERE / "results/run.json"))
    ap.add_argument("--base", default="axum", help="peer the ratios are taken to")
    ap.add_argument("--build", action="store_true", help="run the build commands first")
    ap.add_argument("--append", action="store_true", help="add rounds to the --out file that is there")
    ap.add_argument("--compile", nargs="?", const="debug,release", help="only measure compile times and binary sizes: "
                    "debug (clean and incremental), release (both), release-incremental (in the built target directory)")
    ap.add_argument("--check", action="store_true", help="only check that the peers answer rightly")
    ap.add_argument("--report", nargs="+", help="only print tables of result files")
    a = ap.parse_args()
    if a.report:
        for f in a.report:
            print(report(json.loads(pathlib.Path(f).read_text()), a.base))
        return
    global LOAD
    LOAD = a.load
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
    if a.compile:
        compile_times(a, peers, names)
        return
    loads = []
    for w in a.workloads.split(","):
        loads += ["W7-1", "W7-2", "W7-4"] if w == "W7" else [w]
    out = pathlib.Path(a.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    res = {"server_cpus": a.server_cpus, "load_cpus": a.load_cpus, "base": a.base, "workloads": loads,
           "load": a.load, "runs": []}
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
                        if w in WOBBLE:
                            r = rec["w"][w] = run_wobble(srv, w, a.load_cpus, a.wobble_seconds, a.rate)
                            print(f"r{rnd} {n:16} {w:5} p50 {r['loaded']['p50_ms']} p99 {r['loaded']['p99_ms']} max {r['loaded']['max_ms']} ms, "
                                  f"{r['loaded']['failed']} of {r['loaded']['sent']} failed, gap {r['loaded']['longest_gap_ms']} ms, "
                                  f"heavy {r['heavy']['done']}, per s {r['seed']['per_s']}", flush=True)
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


# ------------------------------------------------------------ compile times

def compile_times(a, peers, names):
    """Clean and incremental builds in target directories of their own."""
    out = pathlib.Path(a.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    res = json.loads(out.read_text()) if out.exists() else {}
    for n in names:
        p = peers[n]
        if p.get("kind") != "rust":
            continue
        src = HERE / p["dir"]
        main_rs = src / "src/main.rs"
        feat = p.get("features", "")
        tgt = BUILD / f"compile-{n}"
        shutil.rmtree(tgt, ignore_errors=True)
        subprocess.run(["cargo", "fetch", "-q"], cwd=src, check=True)
        r = res.setdefault(n, {})

        def go(label, profile, target):
            with locked(a.lock):
                t = time.perf_counter()
                u0 = os.times()
                subprocess.run(f"cargo build -q {profile} {feat}", shell=True, cwd=src, check=True,
                               env=dict(os.environ, CARGO_TARGET_DIR=str(target)),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                u1 = os.times()
                r[label] = {"wall_s": round(time.perf_counter() - t, 2),
                            "cpu_s": round(u1[2] + u1[3] - u0[2] - u0[3], 2)}
                print(n, label, r[label], flush=True)

        text = main_rs.read_text()
        edited = text.replace("fn burn_route(", "fn burn_renamed(", 1).replace(
            "burn_route", "burn_renamed").replace('"OK"', '"OK "', 1) + "\n"
        what = a.compile.split(",")
        built = BUILD / n
        try:
            for label, profile, target in (("debug", "", tgt), ("release", "--release", tgt),
                                           ("release-incremental", "--release", built)):
                if label not in what:
                    continue
                if label != "release-incremental":
                    go(f"{label} clean", profile, target)
                else:
                    label = "release"
                main_rs.write_text(edited)
                go(f"{label} incremental", profile, target)
                main_rs.write_text(text)
                if target is built:
                    go(f"{label} incremental 2", profile, target)
        finally:
            main_rs.write_text(text)
        exe = pathlib.Path(fill(p["start"], p, 0, 1).split()[0])
        r["crates"] = (src / "Cargo.lock").read_text().count("[[package]]") - 1
        if exe.exists():
            r["binary_mib"] = round(exe.stat().st_size / 2**20, 2)
            s = BUILD / "stripped"
            subprocess.run(["strip", "-o", str(s), str(exe)], check=True)
            r["stripped_mib"] = round(s.stat().st_size / 2**20, 2)
        out.write_text(json.dumps(res, indent=1))
        shutil.rmtree(tgt, ignore_errors=True)


# ------------------------------------------------------------------- report

def med(v):
    v = [x for x in v if x is not None]
    return statistics.median(v) if v else None


def num(x):
    if x is None:
        return "-"
    if x >= 1000:
        return f"{x:,.0f}"
    return f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def report(res, base) -> str:
    runs = [r for r in res["runs"] if "failed" not in r]
    names = []
    for r in runs:
        if r["peer"] not in names:
            names.append(r["peer"])
    lines = [f"server on CPU {res['server_cpus']}, load on CPU {res['load_cpus']}; ratios to {base}, median over the same rounds", ""]
    for w in res["workloads"]:
        rows = {n: [(r["round"], r["w"][w]) for r in runs if r["peer"] == n and w in r["w"] and "wrong" not in r["w"][w]] for n in names}
        rows = {n: v for n, v in rows.items() if v}
        if not rows:
            continue
        if w in WOBBLE:
            lines += [f"### {w}: {WOBBLE[w][1]} x {WOBBLE[w][0]}", "",
                      "| peer | idle p99 ms | p50 | p99 | p99.9 | max | longest gap ms | failed probes | seed probe: zero s / timeouts | min-max answers per s | heavy done/run | heavy p50 ms | peak RSS MiB |",
                      "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
            for n, v in sorted(rows.items(), key=lambda kv: med([x["loaded"]["p99_ms"] for _, x in kv[1]])):
                g = lambda f: med([f(x) for _, x in v])
                lines.append("| " + " | ".join([
                    n, num(g(lambda x: x["idle"]["p99_ms"])), *(num(g(lambda x, k=k: x["loaded"][k])) for k in ("p50_ms", "p99_ms", "p999_ms", "max_ms", "longest_gap_ms")),
                    f"{sum(x['loaded']['failed'] for _, x in v)}/{sum(x['loaded']['sent'] for _, x in v)}",
                    f"{sum(x['seed']['zero_seconds'] for _, x in v)} / {sum(x['seed']['timeouts'] for _, x in v)}",
                    f"{min(min(x['seed']['per_s']) for _, x in v)}-{max(max(x['seed']['per_s']) for _, x in v)}",
                    num(g(lambda x: x["heavy"]["done"])), num(g(lambda x: x["heavy"]["p50_ms"])), num(g(lambda x: x["peak_rss_mib"]))]) + " |")
            lines.append("")
            continue
        ref = dict(rows.get(base, []))
        big = w == "W4"
        ib = med([(x.get("instr_user") or 0) + (x.get("instr_kernel") or 0) for x in ref.values()])
        lines += [f"### {w}: {WORKLOADS[w][0]} {WORKLOADS[w][1]} ({WORKLOADS[w][3]} connections)", "",
                  "| peer | req/s median (min-max) | ratio | CPU us/req (min-max) | ratio | of it user | kinstr/req user + kernel | ratio | kcycles/req | server busy | p99 ms |" + (" peak RSS MiB |" if big else ""),
                  "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|" + ("--:|" if big else "")]
        for n, v in sorted(rows.items(), key=lambda kv: med([x["cpu_us"] for _, x in kv[1]])):
            g = lambda k: [x.get(k) for _, x in v]
            rr = med([x["rps"] / ref[r]["rps"] for r, x in v if r in ref])
            cr = med([x["cpu_us"] / ref[r]["cpu_us"] for r, x in v if r in ref])
            ik, iu = med(g("instr_kernel")), med(g("instr_user"))
            row = [n, f"{num(med(g('rps')))} ({num(min(g('rps')))}-{num(max(g('rps')))})", "-" if rr is None else f"{rr:.2f}",
                   f"{num(med(g('cpu_us')))} ({num(min(g('cpu_us')))}-{num(max(g('cpu_us')))})", "-" if cr is None else f"{cr:.2f}",
                   num(med(g("user_us"))),
                   "-" if iu is None else f"{num(iu / 1e3)} + {num((ik or 0) / 1e3)}",
                   "-" if not ib or iu is None else f"{(iu + (ik or 0)) / ib:.2f}",
                   num(cy / 1e3) if (cy := med(g("cycles"))) else "-",
                   f"{med(g('busy')):.2f}", num(med(g("p99_ms")))]
            if big:
                row.append(num(max(g("peak_rss_mib"))))
            lines.append("| " + " | ".join(row) + " |")
        lines.append("")
    lines += ["### Start and idle memory", "", "| peer | start to first answer ms (min-max) | idle RSS MiB (sum) | idle PSS MiB | processes |", "|---|--:|--:|--:|--:|"]
    for n in names:
        v = [r for r in runs if r["peer"] == n]
        st = [r["startup_ms"] for r in v]
        lines.append(f"| {n} | {num(med(st))} ({num(min(st))}-{num(max(st))}) | {num(med([r['idle_rss_mib'] for r in v]))} | {num(med([r['idle_pss_mib'] for r in v]))} | {v[0]['processes']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
