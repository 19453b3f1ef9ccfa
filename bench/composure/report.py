"""Tables of a composure session, in markdown: from the lowest to the highest round, misses marked."""
from . import overload, readers, slow_clients, wobble
from .targets import LIVENESS_SHARE, OVERLOAD, READERS_MB, SLOW_CLIENTS, WOBBLE, meets


def shown(value: float | None) -> str:
    if value is None:
        return "-"
    if value == 0 or float(value).is_integer() and value < 1000:
        return f"{value:.0f}"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values: list, target: tuple | None = None) -> str:
    """From the lowest to the highest; set in bold where one of them misses the target."""
    found = sorted(value for value in values if value is not None)
    if not found:
        return "-"
    low, high = shown(found[0]), shown(found[-1])
    text = low if low == high else f"{low} to {high}"
    missed = target and not all(meets(value, target) for value in found)
    return f"**{text}**" if missed else text


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def found(result: dict, part: str, key: str) -> dict[str, list[dict]]:
    """By peer, in the order they were named."""
    peers = {name: [run[part][key] for run in result["runs"] if run["peer"] == name and key in run.get(part, {})]
             for name in result["peers"]}
    return {name: each for name, each in peers.items() if each}


def report(result: dict) -> str:
    lines = [f"Server on CPU {result['server_cpus']}, load on CPU {result['load_cpus']}"
             + (", quick" if result["quick"] else "") + ". Bold: misses the target.",
             *(["Other processes used " + spread(others(result)) + " processors meanwhile."] if others(result) else []), ""]
    for part in (of_wobble, of_readers, of_overload, of_slow_clients, of_termination, of_articles):
        lines += part(result)
    failed = [f"- {run['peer']} {key}: {why}" for run in result["runs"] for key, why in run.get("failed", {}).items()]
    return "\n".join(lines + (["### Not measured", "", *failed, ""] if failed else []))


def others(result: dict) -> list[float]:
    return [one["others"] for run in result["runs"] for part in run.values() if isinstance(part, dict)
            for one in part.values() if isinstance(one, dict) and "others" in one]


def of_wobble(result: dict) -> list[str]:
    lines = []
    for key, words in wobble.WORDS.items():
        rows = []
        for name, each in found(result, "wobble", key).items():
            figures = [wobble.figures(one) for one in each]
            cells = [spread([f[what] for f in figures], WOBBLE[what]) for what in WOBBLE]
            sent = sum(one["probe"]["loaded"]["sent"] for one in each)
            lost = sum(f["probes lost"] for f in figures)
            cells[2] = f"**{lost} of {sent}**" if lost else f"0 of {sent}"
            rows.append([name, undisturbed(each), *cells, spread([one["light"]["beside_per_s"] for one in each]),
                         spread([one["heavy"]["ok"] for one in each])])
        if rows:
            head = ["peer", "probe p99 alone, ms", "beside, ms", "highest, ms", "lost", "light p99, ms", "of undisturbed", "light a second", "heavy answers"]
            lines += [f"### {key}: {words}", "", *table(head, rows)]
    return lines


def undisturbed(each: list[dict]) -> str:
    """What the machine itself does to the probe while nobody asks for anything else."""
    return spread([one["probe"]["idle"]["p99_ms"] for one in each])


def of_readers(result: dict) -> list[str]:
    lines = []
    for key, words in readers.WORDS.items():
        rows = []
        for name, each in found(result, "readers", key).items():
            loaded = [one["probe"]["loaded"] for one in each]
            rows.append([name, spread([one["idle_mb"] for one in each]),
                         spread([one["peak_mb"] for one in each], (READERS_MB[key], True, "MB")),
                         undisturbed(each), spread([p["p99_ms"] for p in loaded], WOBBLE["probe p99"]),
                         spread([p["max_ms"] for p in loaded], WOBBLE["probe max"]),
                         spread([wobble.lost(p) for p in loaded], WOBBLE["probes lost"]),
                         spread([one["answers"] for one in each]), spread([one["refused"] for one in each])])
        if rows:
            head = ["peer", "before, MB", "peak, MB", "probe p99 alone, ms", "beside, ms", "highest, ms", "lost", "answers", "refused"]
            lines += [f"### {words}", "", *table(head, rows)]
    return lines


def of_overload(result: dict) -> list[str]:
    lines = []
    for key, words in overload.WORDS.items():
        rows = []
        for name, each in found(result, "overload", key).items():
            figures = [overload.figures(one) for one in each]
            unanswered = [one["steady"]["timed_out"] + one["steady"]["broken"] + one["steady"]["wrong"] for one in each]
            recovered = spread([f["recovery"] for f in figures], OVERLOAD["recovery"])
            if any(f["recovery"] is None for f in figures):
                recovered = "**not seen**"
            rows.append([name, spread([one["capacity_per_s"] for one in each]), spread([one["normal"]["p99_ms"] for one in each]),
                         spread([one["steady"]["p99_ms"] for one in each]),
                         spread([f["accepted p99, times normal"] for f in figures], OVERLOAD["accepted p99, times normal"]),
                         spread([f["refused p99"] for f in figures], OVERLOAD["refused p99"]),
                         spread([f["goodput, share of capacity"] for f in figures], OVERLOAD["goodput, share of capacity"]),
                         spread(unanswered, (0, True, "")), recovered,
                         spread([one["probe"]["overload"]["p99_ms"] for one in each], WOBBLE["probe p99"])])
        if rows:
            head = ["peer", "capacity a second", "normal p99, ms", "accepted p99, ms", "times normal", "refused p99, ms",
                    "goodput of capacity", "no good answer", "recovery, s", "probe p99, ms"]
            lines += [f"### Overload: {words}, asked for five times as often", "", *table(head, rows)]
    return lines


def of_slow_clients(result: dict) -> list[str]:
    rows = []
    for key, words in slow_clients.WORDS.items():
        for name, each in found(result, "slow-clients", key).items():
            figures = [slow_clients.figures(one) for one in each]
            p99 = lambda phase: spread([one["normal"][phase]["p99_ms"] for one in each])
            rows.append([name, words, spread([one["clients"] for one in each]), spread([one["limit_s"] for one in each]),
                         spread([one["longest_s"] for one in each]),
                         spread([f["still open"] for f in figures], SLOW_CLIENTS["still open"]), p99("alone"), p99("beside"),
                         spread([f["normal p99, times alone"] for f in figures], SLOW_CLIENTS["normal p99, times alone"]),
                         spread([f["normal missed"] for f in figures], SLOW_CLIENTS["normal missed"])])
    if not rows:
        return []
    head = ["peer", "each client", "clients", "limit, s", "closed after at most, s", "open 2 s later", "normal p99 alone, ms",
            "beside, ms", "times alone", "normal missed"]
    return ["### Slow clients, and a normal one beside them", "", *table(head, rows)]


def of_termination(result: dict) -> list[str]:
    rows = []
    for clients in ("32", "500"):
        for name, each in found(result, "termination", clients).items():
            took = [one["exit_ms"] for one in each if one["exit_ms"]]
            rows.append([name, clients, str(sum(one["runs"] for one in each)),
                         spread([sum(one["lost"] for one in each)], (0, True, "")), str(sum(one["runs_with_loss"] for one in each)),
                         spread([value for t in took for value in (t["least"], t["most"])]),
                         spread([t["median"] for t in took]), str(sum(one["never_ended"] for one in each))])
    if not rows:
        return []
    head = ["peer", "clients", "ends", "requests lost", "ends with a loss", "time to exit, ms", "median, ms", "never ended"]
    return ["### SIGTERM under keep-alive clients", "", *table(head, rows)]


def of_articles(result: dict) -> list[str]:
    lines, rows = [], []
    for name, each in found(result, "articles", "liveness").items():
        rows.append([name, spread([one["idle_per_s"] for one in each]),
                     spread([100 * one["share"] for one in each], (100 * LIVENESS_SHARE, False, "%")),
                     spread([100 * one["least_share"] for one in each]), spread([one["timed_out"] for one in each]),
                     spread([one["heavy"] for one in each])])
    if rows:
        head = ["peer", "idle a second", "share of it, %", "worst second, %", "timed out", "long answers"]
        lines += ["### The liveness loop of the article beside the long answer", "", *table(head, rows)]
    rows = []
    for key, words in (("sleep", "blocks its thread"), ("pause", "awaits")):
        for name, each in found(result, "articles", key).items():
            missed = sum(one["sent"] - one["ok"] for one in each)
            rows.append([name, words, str(sum(one["sent"] for one in each)), f"**{missed}**" if missed else "0",
                         spread([one["max_ms"] for one in each])])
    if rows:
        head = ["peer", "the handler", "requests", "missed 10 s", "longest, ms"]
        lines += ["### Three requests a second of six seconds each", "", *table(head, rows)]
    return lines
