"""Load on a running server and what it cost: requests, CPU time, instructions."""
import json
import shutil
import signal
import subprocess
import sys
import time

from server import BUILD, Server, cpu_s, mem_mib
from workloads import WORKLOADS


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


def run_small(name: str, port: int, cpus: str, seconds: float) -> dict:
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
