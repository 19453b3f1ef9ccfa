"""Plots as plain SVG: panels side by side, one a peer, that share their axes.

Their colours follow the reader's preference for light or dark.
"""
import math
import pathlib
from html import escape

from . import overload, readers, wobble
from .report import found

STYLE = """
.page{fill:#fff}.ink{fill:#1f2328}.quiet{fill:#59636e}.frame{stroke:#d1d9e0;fill:none}.grid{stroke:#d1d9e0;stroke-width:.6}
.span{fill:#818b98;fill-opacity:.12}.area{fill:#0969da;fill-opacity:.22}.line{stroke:#0969da;fill:none;stroke-width:1.4}
.bad{fill:#cf222e}.bar{fill:#1a7f37}.refused{fill:#818b98;fill-opacity:.55}.target{stroke:#9a6700;stroke-dasharray:4 3;fill:none}
.known{fill:#9a6700}
text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}.title{font-size:14px;font-weight:600}.small{font-size:11px}
@media (prefers-color-scheme:dark){.page{fill:#0d1117}.ink{fill:#f0f6fc}.quiet{fill:#9198a1}.frame,.grid{stroke:#3d444d}
.area{fill:#4493f8;fill-opacity:.28}.line{stroke:#4493f8}.bad{fill:#f85149}.bar{fill:#3fb950}.target{stroke:#d29922}.known{fill:#d29922}}
"""
PANEL, HEIGHT, GAP, LEFT, TOP, BOTTOM = 250, 190, 16, 52, 74, 46


class Axis:
    """From values to places."""

    def __init__(self, low: float, high: float, start: float, end: float, log: bool = False):
        self.log = log
        self.low, self.high = (math.log10(low), math.log10(high)) if log else (low, high)
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        at = math.log10(max(value, 1e-9)) if self.log else value
        share = min(max((at - self.low) / (self.high - self.low), 0.0), 1.0)
        return round(self.start + share * (self.end - self.start), 1)


def text(x: float, y: float, words: str, classes: str = "ink", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{classes}" text-anchor="{anchor}">{escape(words)}</text>'


def page(title: str, about: str, panels: int, body: list[str]) -> str:
    width, height = LEFT + panels * (PANEL + GAP), TOP + HEIGHT + BOTTOM
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(title, quote=True)}">', f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{height}" class="page" rx="6"/>',
            text(LEFT, 24, title, "ink title"), text(LEFT, 42, about, "quiet")]
    return "\n".join(head + body + ["</svg>", ""])


def nice(seconds: float) -> list[float]:
    """A few round marks from 0 on."""
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60) if seconds / step <= 6)
    return [step * n for n in range(int(seconds / step) + 1)]


def panel(at: int, name: str, said: str, seconds: float, spans: dict[str, tuple[float, float]]) -> tuple[list[str], Axis]:
    """A frame with its name, what is said of it, its spans and its time axis."""
    left = LEFT + at * (PANEL + GAP)
    x = Axis(0, seconds, left, left + PANEL)
    body = [text(left, TOP - 10, name, "ink title"), text(left + PANEL, TOP - 10, said, "quiet small", "end")]
    for words, (start, end) in spans.items():
        body.append(f'<rect x="{x(start)}" y="{TOP}" width="{x(end) - x(start):.1f}" height="{HEIGHT}" class="span"/>')
        body.append(text(round((x(start) + x(end)) / 2, 1), TOP + 14, words, "quiet small", "middle"))
    body += [text(x(mark), TOP + HEIGHT + 16, f"{mark:g}", "quiet small", "middle") for mark in nice(seconds)]
    body.append(text(left + PANEL / 2, TOP + HEIGHT + 33, "seconds", "quiet small", "middle"))
    body.append(f'<rect x="{left}" y="{TOP}" width="{PANEL}" height="{HEIGHT}" class="frame"/>')
    return body, x


def grid(panels: int, y: Axis, marks: dict[float, str], unit: str) -> list[str]:
    body = [text(12, TOP - 10, unit, "quiet small")]
    for value, words in marks.items():
        body.append(text(LEFT - 6, y(value) + 4, words, "quiet small", "end"))
        for at in range(panels):
            left = LEFT + at * (PANEL + GAP)
            body.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y(value)}" y2="{y(value)}" class="grid"/>')
    return body


def milliseconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def probes(title: str, about: str, peers: dict[str, dict], spans: dict[str, str]) -> str:
    """The probe's latency over time: between the median and the highest of every tenth of a second."""
    y = Axis(0.05, 1000, TOP + HEIGHT, TOP, log=True)
    body = grid(len(peers), y, {0.1: "0.1", 1: "1", 10: "10", 100: "100", 1000: "1 s"}, "ms")
    for at, (name, one) in enumerate(peers.items()):
        course, shown = one["course"], {words: one["phases"][span] for span, words in spans.items()}
        loaded = one["probe"]["loaded"]
        failed = sum(course["failed"]) + sum(course["refused"])
        said = f"p99 {milliseconds(loaded['p99_ms'])}, highest {milliseconds(loaded['max_ms'])}"
        parts, x = panel(at, name, said, len(course["ok"]) / 10, shown)
        seen = [(n / 10 + 0.05, low, high) for n, (low, high) in enumerate(zip(course["p50_ms"], course["max_ms"])) if high is not None]
        upper = [f"{x(t)},{y(high)}" for t, _, high in seen]
        lower = [f"{x(t)},{y(low)}" for t, low, _ in reversed(seen)]
        parts.append(f'<polygon points="{" ".join(upper + lower)}" class="area"/>')
        parts.append(f'<polyline points="{" ".join(upper)}" class="line"/>')
        left = LEFT + at * (PANEL + GAP)
        for n, count in enumerate(course["failed"]):
            if count:
                parts.append(f'<rect x="{x(n / 10)}" y="{TOP}" width="{PANEL / len(course["ok"]):.1f}" height="4" class="bad"/>')
        if failed:
            parts.append(text(left + 6, TOP + HEIGHT - 8, f"{failed} probes unanswered", "bad small"))
        body += parts
    return page(title, about, len(peers), body)


def overloads(title: str, about: str, peers: dict[str, dict]) -> str:
    """What was answered each second, as a share of what the peer can do at most, and how fast."""
    y = Axis(0, 1.25, TOP + HEIGHT, TOP)
    late = Axis(1, 10_000, TOP + HEIGHT, TOP, log=True)
    body = grid(len(peers), y, {0: "0", 0.25: "25", 0.5: "50", 0.75: "75", 1: "100"}, "% of capacity")
    for at, (name, one) in enumerate(peers.items()):
        course = one["course"]
        long = len(course["ok"]) // 10
        steady, normal = one["steady"], one["normal"]["p99_ms"]
        said = f"accepted p99 {milliseconds(steady['p99_ms'])}, normally {milliseconds(normal)}"
        parts, x = panel(at, name, said, long, {"5 times capacity": one["phases"]["overload"]})
        wide = PANEL / long
        line = []
        for second in range(long):
            tenths = slice(second * 10, second * 10 + 10)
            good = sum(course["answered"][tenths]) / one["capacity_per_s"]
            parts.append(f'<rect x="{x(second)}" y="{y(good)}" width="{max(wide - 0.8, 0.6):.1f}" height="{y(0) - y(good):.1f}" class="bar" fill-opacity="0.45"/>')
            slow = [v for v in course["p99_ms"][tenths] if v is not None]
            if slow:
                line.append(f"{x(second + 0.5)},{late(max(slow))}")
        parts.append(f'<polyline points="{" ".join(line)}" class="line"/>')
        if normal:
            parts.append(f'<line x1="{x(0)}" x2="{x(long)}" y1="{late(2 * normal)}" y2="{late(2 * normal)}" class="target"/>')
        body += parts
    return page(title, about, len(peers), body)


def livenesses(title: str, about: str, peers: dict[str, dict]) -> str:
    """Probes answered each second, as a share of the idle rate."""
    y = Axis(0, 1.25, TOP + HEIGHT, TOP)
    body = grid(len(peers), y, {0: "0", 0.25: "25", 0.5: "50", 0.75: "75", 1: "100"}, "% of idle")
    for at, (name, one) in enumerate(peers.items()):
        each = one["per_s"]
        idle = len(each) - one["loaded_s"]
        said = f"{100 * one['share']:.0f} %, {one['timed_out']} timed out"
        parts, x = panel(at, name, said, len(each), {"long answers": (idle, len(each))})
        for second, count in enumerate(each):
            share = count / one["idle_per_s"] if one["idle_per_s"] else 0
            parts.append(f'<rect x="{x(second) + 0.5}" y="{y(share)}" width="{PANEL / len(each) - 1:.1f}" height="{y(0) - y(share):.1f}" class="bar" fill-opacity="0.7"/>')
        parts.append(f'<line x1="{x(0)}" x2="{x(len(each))}" y1="{y(0.9)}" y2="{y(0.9)}" class="target"/>')
        body += parts
    return page(title, about, len(peers), body)


def middle(each: list[dict], worth) -> dict:
    """Of several rounds the one in the middle."""
    return sorted(each, key=lambda one: worth(one) or 0.0)[len(each) // 2]


def draw(result: dict, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes what the result has plots for."""
    plots: dict[str, str] = {}
    p99 = lambda one: one["probe"]["loaded"]["p99_ms"]
    spans = {"light": "light", "heavy": "heavy", "both": "both"}
    for key, words in wobble.WORDS.items():
        if peers := {name: middle(each, p99) for name, each in found(result, "wobble", key).items()}:
            plots[f"probe-{key}"] = probes(f"The probe beside {words}",
                                           "200 probes a second; from the median to the highest of each tenth of a second", peers, spans)
    for key, words in readers.WORDS.items():
        if peers := {name: middle(each, p99) for name, each in found(result, "readers", key).items()}:
            seen = {name: {**one, "phases": {"loaded": (1.0, len(one["course"]["ok"]) / 10)}} for name, one in peers.items()}
            plots[f"readers-{key}"] = probes(f"The probe beside {words}",
                                             "200 probes a second; from the median to the highest of each tenth of a second", seen, {"loaded": "readers"})
    for key, words in overload.WORDS.items():
        if peers := {name: middle(each, lambda one: one["steady"]["p99_ms"]) for name, each in found(result, "overload", key).items()}:
            plots[f"overload-{key}"] = overloads(f"Overload of {words}",
                                                 "bars: good answers a second; line: p99 of the accepted, 1 ms to 10 s; dashes: twice the normal", peers)
    if peers := {name: middle(each, lambda one: one["share"]) for name, each in found(result, "articles", "liveness").items()}:
        seen = {name: {**one, "loaded_s": len(one["per_s"]) - one["idle_s"]} for name, one in peers.items()}
        plots["liveness"] = livenesses("The liveness loop beside the 18 MB answer", "answers each second; dashes: nine tenths of the idle rate", seen)
    for name, svg in plots.items():
        (folder / f"{name}.svg").write_text(svg)
    return [folder / f"{name}.svg" for name in plots]
