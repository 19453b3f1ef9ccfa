"""Processes: a peer's server from start to end, and what it uses meanwhile."""
import contextlib
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("BENCH_BUILD", HERE / ".build"))


def load_peers(path: pathlib.Path) -> dict:
    return tomllib.loads(path.read_text())


def fill(cmd: str, peer: dict, port: int, ncpu: int) -> str:
    env = {"build": str(BUILD), "here": str(HERE), "port": str(port), "ncpu": str(ncpu),
           "certificate": str(BUILD / "certificate.pem"), "key": str(BUILD / "key.pem"),
           "venv": os.environ.get("BENCH_VENV", str(BUILD / "venv")),
           "node_modules": os.environ.get("BENCH_NODE_MODULES", str(BUILD / "fastify/node_modules"))}
    for k, v in env.items():
        cmd = cmd.replace("{" + k + "}", v)
    return cmd


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


@contextlib.contextmanager
def connection(port: int, timeout: float, certificate: pathlib.Path | None):
    """Over TLS to a server that has this certificate."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as tcp:
        if not certificate:
            yield tcp
            return
        trusted = ssl.create_default_context(cafile=certificate)
        with trusted.wrap_socket(tcp, server_hostname="127.0.0.1") as secured:
            yield secured


def one_request(port: int, method: str, path: str, body: str | None, timeout=60.0,
                certificate: pathlib.Path | None = None) -> tuple[int, bytes]:
    with connection(port, timeout, certificate) as s:
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
    """One life of a peer's server; `under` is a command that its own is put under, and with a
    certificate it speaks TLS."""

    def __init__(self, name: str, peer: dict, port: int, cpus: str, under: str = "", patience: float = 30,
                 certificate: pathlib.Path | None = None):
        self.name, self.peer, self.port, self.cpus = name, peer, port, cpus
        self.under, self.patience, self.certificate = under, patience, certificate

    def __enter__(self):
        ncpu = len(self.cpus.split(","))
        cmd = fill(self.peer["start"], self.peer, self.port, ncpu)
        env = dict(os.environ, PORT=str(self.port))
        env.update({k: fill(str(v), self.peer, self.port, ncpu) for k, v in self.peer.get("env", {}).items()})
        if self.under:  # for peers that go by how long a request takes
            env["INLINE"] = "1"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            raise RuntimeError(f"port {self.port} is taken")
        self.log = open(BUILD / f"server-{self.name}.log", "wb")
        t = time.perf_counter()
        self.proc = subprocess.Popen(
            ["taskset", "-c", self.cpus, "sh", "-c", f"exec {self.under} {cmd}"], cwd=HERE / self.peer.get("dir", "."),
            env=env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        end = t + self.patience
        while True:
            try:
                if one_request(self.port, "GET", "/.well-known/live", None, self.patience, self.certificate)[0] == 200:
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


class Machine:
    """How many processors neither a server nor a finished child of ours, its load, has used
    meanwhile but others have: what they take makes a measurement worse."""

    def __init__(self, server: Server):
        self.server = server

    def ticks(self) -> tuple[float, float]:
        """All processors' busy time, and ours."""
        f = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        busy = (sum(f) - f[3] - f[4]) / os.sysconf("SC_CLK_TCK")
        mine = os.times()
        return busy, sum(cpu_s(self.server.pids())) + mine.user + mine.system + mine.children_user + mine.children_system

    def __enter__(self):
        self.began, (self.busy, self.ours) = time.perf_counter(), self.ticks()
        return self

    def __exit__(self, *_):
        busy, ours = self.ticks()
        self.others = round(max(busy - self.busy - ours + self.ours, 0) / (time.perf_counter() - self.began), 2)
