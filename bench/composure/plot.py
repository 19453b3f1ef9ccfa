"""Plots as plain SVG: panels side by side, one a peer, that share their axes, three a row.

Their colours follow the reader's preference for light or dark.
"""
import math
import pathlib
from html import escape

from . import overload, readers, wobble
from .report import found

STYLE = """
.page{fill:#fff}.ink{fill:#1f2328}.quiet{fill:#59636e}.frame{stroke:#d1d9e0;fill:none}.grid{stroke:#d1d9e0;stroke-width:.6}
.span{fill:#818b98;fill-opacity:.13}.area{fill:#0969da;fill-opacity:.22}.line{stroke:#0969da;fill:none;stroke-width:1.4}
.bad{fill:#cf222e}.bar{fill:#1a7f37;fill-opacity:.7}.target{stroke:#9a6700;stroke-dasharray:4 3;fill:none}
text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}.title{font-size:14px;font-weight:600}.small{font-size:11px}
@media (prefers-color-scheme:dark){.page{fill:#0d1117}.ink{fill:#f0f6fc}.quiet{fill:#9198a1}.frame,.grid{stroke:#3d444d}
.area{fill:#4493f8;fill-opacity:.28}.line{stroke:#4493f8}.bad{fill:#f85149}.bar{fill:#3fb950}.target{stroke:#d29922}}
"""
PANEL, GAP, LEFT, COLUMNS = 250, 18, 58, 3
# From the top: the title, what is shown, each panel's name, what is said of it, its spans, its frame.
TITLE, ABOUT, NAME, SAID, SPANS, TOP = 24, 42, 72, 88, 96, 113
HEIGHT, LOWER = 190, 100


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
    return f'<text x="{x:g}" y="{y:g}" class="{classes}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, classes: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{max(width, 0.4):.1f}" height="{max(height, 0):.1f}" class="{classes}"/>'


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{classes}"/>'


def polyline(points: list[tuple[float, float]], classes: str) -> str:
    return f'<polyline points="{" ".join(f"{x:g},{y:g}" for x, y in points)}" class="{classes}"/>'


def left_of(panel: int) -> int:
    return LEFT + panel * (PANEL + GAP)


def page(title: str, about: str, peers: dict[str, dict], row) -> str:
    """`row` draws the panels of a few peers, and says where its frames end."""
    named, body, height = list(peers.items()), [], ABOUT
    for at in range(0, len(named), COLUMNS):
        end, drawn = row(dict(named[at:at + COLUMNS]))
        body += [f'<g transform="translate(0 {height - ABOUT:g})">', *drawn, "</g>"]
        height += round(end + 46) - ABOUT
    words = max(len(title) * 7.8, len(about) * 6.4) + LEFT + GAP
    width = round(max(left_of(min(len(named), COLUMNS)), words))
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(title, quote=True)}">', f"<style>{STYLE}</style>", box(0, 0, width, height, "page"),
            text(LEFT, TITLE, title, "ink title"), text(LEFT, ABOUT, about, "quiet")]
    return "\n".join(head + body + ["</svg>", ""])


def nice(seconds: float) -> list[float]:
    """A few round marks from 0 on."""
    step = next((step for step in (1, 2, 5, 10, 20, 30, 60) if seconds / step <= 6), 120)
    return [step * n for n in range(int(seconds / step) + 1)]


def panel(at: int, name: str, said: str, seconds: float, spans: dict[str, tuple[float, float]], end: float) -> tuple[list[str], Axis]:
    """A frame with its name, what is said of it, its spans and its time axis."""
    left = left_of(at)
    x = Axis(0, seconds, left, left + PANEL)
    body = [text(left, NAME, name, "ink title"), text(left, SAID, said, "quiet small")]
    for words, (start, stop) in spans.items():
        body.append(box(x(start) + 0.5, SPANS, x(stop) - x(start) - 1, end - SPANS, "span"))
        body.append(text((x(start) + x(stop)) / 2, SPANS + 13, words, "quiet small", "middle"))
    body += [text(x(mark), end + 16, f"{mark:g}", "quiet small", "middle") for mark in nice(seconds)]
    body.append(text(left + PANEL / 2, end + 33, "seconds", "quiet small", "middle"))
    return body, x


def rows(panels: int, y: Axis, marks: dict[float, str]) -> list[str]:
    """A row of frames and the marks of its axis."""
    body = [text(LEFT - 6, y(value) + 4, words, "quiet small", "end") for value, words in marks.items()]
    for at in range(panels):
        body += [line(left_of(at), y(value), left_of(at) + PANEL, y(value), "grid") for value in marks]
        body.append(box(left_of(at), y.end, PANEL, y.start - y.end, "frame"))
    return body


def milliseconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def probe_row(peers: dict[str, dict], spans: dict[str, str]) -> tuple[float, list[str]]:
    """The probe's latency over time: between the median and the highest of every tenth of a second."""
    y = Axis(0.05, 1000, TOP + HEIGHT, TOP, log=True)
    body = rows(len(peers), y, {0.1: "0.1 ms", 1: "1 ms", 10: "10 ms", 100: "100 ms", 1000: "1 s"})
    for at, (name, one) in enumerate(peers.items()):
        course, loaded = one["course"], one["probe"]["loaded"]
        said = f"p99 {milliseconds(loaded['p99_ms'])}, highest {milliseconds(loaded['max_ms'])}"
        shown = {words: one["phases"][span] for span, words in spans.items()}
        parts, x = panel(at, name, said, len(course["ok"]) / 10, shown, TOP + HEIGHT)
        seen = [(x(n / 10 + 0.05), y(low), y(high))
                for n, (low, high) in enumerate(zip(course["p50_ms"], course["max_ms"])) if high is not None]
        upper, lower = [(t, high) for t, _, high in seen], [(t, low) for t, low, _ in reversed(seen)]
        parts += [polyline(upper + lower, "area"), polyline(upper, "line")]
        lost = [count + refused for count, refused in zip(course["failed"], course["refused"])]
        parts += [box(x(n / 10), TOP, PANEL / len(lost), 5, "bad") for n, count in enumerate(lost) if count]
        if sum(lost):
            parts.append(text(left_of(at) + 6, TOP + HEIGHT - 8, f"{sum(lost)} probes without answer", "bad small"))
        body += parts
    return TOP + HEIGHT, body


def overload_row(peers: dict[str, dict]) -> tuple[float, list[str]]:
    """Each second: how fast; and what was answered, as a share of what the peer can do at most."""
    late = Axis(5, 10_000, TOP + LOWER, TOP, log=True)
    share = Axis(0, 1.25, TOP + 2 * LOWER + 14, TOP + LOWER + 14)
    end = share.start
    body = rows(len(peers), late, {10: "10 ms", 100: "100 ms", 1000: "1 s", 10_000: "10 s"})
    body += rows(len(peers), share, {0: "0 %", 0.5: "50 %", 1: "100 %"})
    for at, (name, one) in enumerate(peers.items()):
        course, steady, normal = one["course"], one["steady"], one["normal"]["p99_ms"]
        long = len(course["ok"]) // 10
        said = f"accepted p99 {milliseconds(steady['p99_ms'])}, usually {milliseconds(normal)}"
        parts, x = panel(at, name, said, long, {"five times capacity": one["phases"]["overload"]}, end)
        slow = []
        for second in range(long):
            tenths = slice(second * 10, second * 10 + 10)
            good = sum(course["answered"][tenths]) / one["capacity_per_s"]
            parts.append(box(x(second), share(good), PANEL / long - 0.6, end - share(good), "bar"))
            values = [value for value in course["p99_ms"][tenths] if value is not None]
            slow += [(x(second + 0.5), late(max(values)))] if values else []
        parts.append(polyline(slow, "line"))
        if normal:
            parts.append(line(x(0), late(2 * normal), x(long), late(2 * normal), "target"))
        body += parts
    return end, body


def liveness_row(peers: dict[str, dict]) -> tuple[float, list[str]]:
    """Probes answered each second, as a share of the idle rate."""
    y = Axis(0, 1.25, TOP + HEIGHT, TOP)
    body = rows(len(peers), y, {0: "0 %", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"})
    for at, (name, one) in enumerate(peers.items()):
        each = one["per_s"]
        said = f"{100 * one['share']:.0f} % of {one['idle_per_s']:.0f} a second"
        parts, x = panel(at, name, said, len(each), {"long answers": (one["idle_s"], len(each))}, TOP + HEIGHT)
        for second, count in enumerate(each):
            share = count / one["idle_per_s"] if one["idle_per_s"] else 0
            parts.append(box(x(second) + 0.5, y(share), PANEL / len(each) - 1, y(0) - y(share), "bar"))
        parts.append(line(x(0), y(0.9), x(len(each)), y(0.9), "target"))
        body += parts
    return TOP + HEIGHT, body


def middle(each: list[dict], worth) -> dict:
    """Of several rounds the one in the middle."""
    return sorted(each, key=lambda one: worth(one) or 0.0)[len(each) // 2]


def draw(result: dict, folder: pathlib.Path) -> list[pathlib.Path]:
    """Writes what the result has plots for."""
    def middles(part: str, key: str, worth) -> dict[str, dict]:
        return {name: middle(each, worth) for name, each in found(result, part, key).items()}

    plots: dict[str, str] = {}
    p99 = lambda one: one["probe"]["loaded"]["p99_ms"]
    about = "200 probes a second: from the median to the highest of each tenth of a second"

    def of_probe(part: str, key: str, words: str, spans: dict[str, str]) -> None:
        if peers := middles(part, key, p99):
            title = f"The probe beside {words}"
            plots[f"{'probe' if part == 'wobble' else part}-{key}"] = page(title, about, peers, lambda some: probe_row(some, spans))

    for key, words in wobble.WORDS.items():
        of_probe("wobble", key, words, {"light": "light", "heavy": "heavy", "both": "both"})
    for key, words in readers.WORDS.items():
        of_probe("readers", key, words, {"loaded": "readers"})
    for key, words in overload.WORDS.items():
        if peers := middles("overload", key, lambda one: one["steady"]["p99_ms"]):
            above = "Above, the p99 of accepted requests each second; dashes: twice the usual. Below, good answers, of capacity"
            plots[f"overload-{key}"] = page(f"Overload of {words}", above, peers, overload_row)
    if peers := middles("articles", "liveness", lambda one: one["share"]):
        plots["liveness"] = page("The liveness loop beside the 18 MB answer",
                                 "Answers each second; dashes: nine tenths of the idle rate", peers, liveness_row)
    for name, svg in plots.items():
        (folder / f"{name}.svg").write_text(svg)
    return [folder / f"{name}.svg" for name in plots]
