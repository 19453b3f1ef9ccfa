"""Long answers: what they cost in memory, and what that does to the probe."""
import threading

from .plan import probe, run, source, thread
from server import Server, mem_mib

READERS = 16
READS = {"eager": None, "slow": 1e6}
WORDS = {"eager": "16 clients that fetch the 18 MB answer without pause",
         "slow": "16 clients that read it at 1 MB/s"}


class Memory:
    """The most memory the processes of a server have resident together, as sampled."""

    def __init__(self, server: Server, every: float = 0.03):
        self.server, self.every, self.peak_mb, self.over = server, every, 0.0, threading.Event()
        self.sampler = threading.Thread(target=self.sample, daemon=True)

    def sample(self):
        pids = self.server.pids()
        while not self.over.wait(self.every):
            self.peak_mb = max(self.peak_mb, mem_mib(pids, "VmRSS") * 2**20 / 1e6)

    def __enter__(self):
        self.sampler.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.sampler.join()


def read(server: Server, name: str, cpus: str, quick: bool) -> dict:
    seconds = 4.0 if quick else 12.0
    at = {"idle": (0.2, 1.0), "loaded": (1.0, 1.0 + seconds)}
    readers = thread(source("readers", "/clients", at["loaded"], callers=READERS, fresh=True), connections=0)
    if READS[name]:
        readers["read_rate"] = READS[name]
    before = mem_mib(server.pids(), "VmRSS") * 2**20 / 1e6
    with Memory(server) as memory:
        got = run(server.port, cpus, at, [probe((0.0, at["loaded"][1])), readers])
    whole = got["readers"]["phases"]["loaded"]
    return {"phases": at, "idle_mb": before, "peak_mb": memory.peak_mb, "probe": got["probe"]["phases"], "course": got["probe"]["course"],
            "answers": whole["ok"], "refused": whole["refused"], "failed": whole["broken"] + whole["wrong"]}
