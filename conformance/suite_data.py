"""Turn two recorded runs of the suite's own apps into transcripts.

    suite_data.py A B OUT

A and B are run names: A.results.jsonl and A.rec.jsonl lie beside each other. Only what
tests that passed in both runs sent is kept, or that only missed the exception which a
client in the server's process would see, and one session of several that sent the same.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from build_data import merge, rows, sessions

# Apps whose tests set back what they hold: each test is a life of its own.
SET_BACK = {"tests.test_dependency_cache"}


def lives(app: str, start: dict, records: list[dict]) -> list[dict]:
    """The records with a start before them, and before each test of an app that is set back."""
    lines: list[dict] = []
    for record in records:
        if not lines or app in SET_BACK and record["test"] != lines[-1].get("test", record["test"]):
            lines.append(start)
        lines.append(record)
    return lines


def passed(run: str) -> set[str]:
    def kept(row: dict) -> bool:
        return row.get("outcome") == "passed" or "DID NOT RAISE" in (row.get("error") or "")

    return {row["test"] for row in rows(f"{run}.results.jsonl") if kept(row)}


def main() -> None:
    first, second, out = sys.argv[1], sys.argv[2], Path(sys.argv[3]) / "transcripts"
    wanted = passed(first) & passed(second)
    unresolved: list = []
    written: dict[str, list[str]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    twins = defaultdict(list)
    for b in sessions(rows(f"{second}.rec.jsonl")):
        twins[b.start["app"], b.start["test"]].append(b)
    for a in sessions(rows(f"{first}.rec.jsonl")):
        same = twins[a.start["app"], a.start["test"]]
        b = same.pop(0) if same else None
        for side in (a, b) if b else ():
            side.records = [r for r in side.records if r["test"] in wanted]
        if not b or [r["kind"] for r in a.records] != [r["kind"] for r in b.records]:
            unresolved.append((a.start["app"], a.start["test"]))
            continue
        app = a.start["app"].replace(":", "-")
        sent = json.dumps([{k: v for k, v in r.items() if k not in ("server", "test")} for r in a.records])
        if not a.records or (app, sent) in seen:
            continue
        seen.add((app, sent))
        start = {"kind": "start", **({"root_path": a.start["root_path"]} if a.start["root_path"] else {})}
        lines = lives(app, start, list(merge(a, b, unresolved)))
        written[app] += [json.dumps(line, ensure_ascii=False) for line in lines]
    for app, lines in written.items():
        (out / f"{app}.jsonl").write_text("\n".join(lines) + "\n")
    print(f"{len(written)} transcripts, {sum(len(v) for v in written.values())} lines")
    for item in unresolved:
        print("not replayable:", *item)


if __name__ == "__main__":
    main()
