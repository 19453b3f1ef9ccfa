"""Clean and incremental build times, binary sizes."""
import json
import os
import pathlib
import shutil
import subprocess
import time

from server import BUILD, HERE, fill


def compile_times(a, peers, names, locked):
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
