"""Tables of result files, in markdown."""
import statistics

from workloads import WORKLOADS


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
        st = [r["startup_ms"] for r in v]
        lines.append(f"| {n} | {num(med(st))} ({num(min(st))}-{num(max(st))}) | {num(med([r['idle_rss_mib'] for r in v]))} | {num(med([r['idle_pss_mib'] for r in v]))} | {v[0]['processes']} |")
    return "\n".join(lines) + "\n"
