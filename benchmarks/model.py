"""Our engine beside llama.cpp: same texts, same machine, one run, the same number of threads, one after the other.

`./zhubo bench model` runs it. Each side has a process of its own, so that peak memory is its own. `--export` names our
pruned dense model as GGUF, measured in llama.cpp as well, so that pruning is not mistaken for anything else.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from app import supply
from app.engines import TRAINED
from app.settings import Settings
from benchmarks.plan import TINY, Plan
from benchmarks.rival_env import CannotBuild, rival_python

ROOT = Path(__file__).parents[1]
OURS = "zhubo"
QUIET = 0.5  # load; two threads that wait for a third process measure that process


def main() -> int:
    """Measure, print and write the table; exit code 1 when the rival cannot be built."""
    parser = argparse.ArgumentParser(description="Our engine beside llama.cpp on this machine.")
    parser.add_argument("--export", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--yuan-per-hour", type=float, default=0.35)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    settings = Settings()
    plan = TINY if wanted.tiny else Plan()
    try:
        rival = rival_python(settings.cache_dir)
    except CannotBuild as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    gguf = next(f.path(settings) for f in supply.supplied_files() if f.target.endswith(".gguf"))
    weights = supply.donor_weights_dir(settings)
    sides: dict[str, dict[str, Any]] = {}
    load = os.getloadavg()[0]
    if load > QUIET:
        print(f"bench: the machine is busy (load {load:.1f}); these figures will compare nothing", file=sys.stderr)
    ours = {"plan": plan.to_json(), "weights": str(weights)}
    sides[f"{OURS} donor"] = _run([sys.executable, "-m", "benchmarks.ours"], {**ours, "delta": None})
    if TRAINED.is_file():
        sides[f"{OURS} moe"] = _run([sys.executable, "-m", "benchmarks.ours"], {**ours, "delta": str(TRAINED)})
    llama = [str(rival), str(ROOT / "benchmarks" / "rival.py")]
    sides["llama.cpp donor"] = _run(llama, {"plan": plan.to_json(), "gguf": str(gguf)})
    if wanted.export:
        sides["llama.cpp export"] = _run(llama, {"plan": plan.to_json(), "gguf": str(wanted.export)})
    for side in sides.values():
        side["yuan_per_million_tokens"] = _costs(side, wanted.yuan_per_hour)
    table = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()},
        "load_before": round(load, 2),
        "tiny": wanted.tiny,
        "yuan_per_hour": wanted.yuan_per_hour,
        "plan": plan.to_json(),
        "sides": sides,
        "ours_over_rival": _ratios(sides),
    }
    whole = json.dumps(table, ensure_ascii=False, indent=1)
    if wanted.out:
        wanted.out.write_text(whole + "\n", encoding="utf-8")
    print(whole if wanted.json else printed(table))
    return 0


def _run(argv: list[str], job: dict[str, Any]) -> dict[str, Any]:
    """One side's figures, from a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as plan:
        json.dump(job, plan)
        plan.flush()
        print("measuring: " + " ".join(argv[1:]), file=sys.stderr, flush=True)
        done = subprocess.run([*argv, plan.name], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    side: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return side


def _costs(side: dict[str, Any], yuan_per_hour: float) -> dict[str, float]:
    """Yuan for a million written tokens at each batch, and for a million read ones at each length."""
    per_second = yuan_per_hour / 3600
    written = {f"written, batch {n}": per_second / speed for n, speed in side["decode_tokens_per_s"].items()}
    read = {f"read, {n} tokens": per_second * seconds / int(n) for n, seconds in side["first_token_cold_s"].items()}
    return {name: round(1e6 * yuan, 3) for name, yuan in {**written, **read}.items()}


def _ratios(sides: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Ours divided by each rival: below 1 is better for seconds and memory, above 1 for tokens per second."""
    out: dict[str, dict[str, float]] = {}
    for mine in (name for name in sides if name.startswith(OURS)):
        for theirs in (name for name in sides if not name.startswith(OURS)):
            a, b = sides[mine], sides[theirs]
            ratios = {
                f"{kind} {key}": round(a[kind][key] / b[kind][key], 3)
                for kind in ("first_token_cold_s", "first_token_cached_s", "decode_tokens_per_s")
                for key in a[kind]
            }
            out[f"{mine} / {theirs}"] = {**ratios, "peak_rss_mb": round(a["peak_rss_mb"] / b["peak_rss_mb"], 3)}
    return out


def printed(table: dict[str, Any]) -> str:
    """The table for people: one line a measure, one column a side."""
    sides: dict[str, dict[str, Any]] = table["sides"]
    lines = [f"{'':<44}" + "".join(f"{name:>18}" for name in sides)]
    first = next(iter(sides.values()))
    for kind, value in first.items():
        keys = value if isinstance(value, dict) else {None: value}
        for key in keys:
            label = kind.replace("_", " ") + (f" {key}" if key is not None else "")
            found = [side[kind][key] if key is not None else side[kind] for side in sides.values()]
            lines.append(f"{label:<44}" + "".join(f"{number:>18g}" for number in found))
    for pair, ratios in table["ours_over_rival"].items():
        lines.append("")
        lines += [f"{pair}: {name.replace('_', ' ')} {ratio:g}×" for name, ratio in ratios.items()]
    if table["tiny"]:
        lines.append("\nA tiny run: it shows that both sides work and measures nothing.")
    lines.append(f"\nLoad of the machine before the run: {table['load_before']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
