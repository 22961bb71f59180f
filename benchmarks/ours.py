"""Our engine's side of the benchmark: `python -m benchmarks.ours PLAN.json` prints one JSON object."""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as model.serve sets it, before torch is loaded

import torch

from benchmarks.plan import text_of
from model import server
from model.cache import PrefixCache
from model.engine import Engine, Generation, Sampling


def measured(job: dict[str, Any]) -> dict[str, Any]:
    """Every figure of one plan."""
    plan = job["plan"]
    torch.set_num_threads(plan["threads"])
    began = time.perf_counter()
    desk = server.build_desk(Path(job["weights"]), Path(job["delta"]) if job["delta"] else None)
    loaded = time.perf_counter() - began
    tokenizer, loaded_engine = desk._tokenizer, desk._engine
    ids = tokenizer.encode(text_of(2 * max(plan["lengths"]) + 400))

    def fresh_engine() -> Engine:
        """The same weights, nothing remembered, no token that ends an answer early."""
        return Engine(loaded_engine.model, tokenizer, frozenset(), PrefixCache(server.CACHE_BYTES))

    fresh_engine_first = fresh_engine()
    _first(fresh_engine_first.generate(ids[:32], Sampling(max_tokens=2)))  # pages and threads are there now

    def cold(length: int) -> float:
        return _first(fresh_engine().generate(ids[:length], Sampling(max_tokens=2)))

    def cached(length: int, fresh: int) -> float:
        engine = fresh_engine()
        _all(engine.warm(ids[: length - fresh]))
        return _first(engine.generate(ids[:length], Sampling(max_tokens=2)))

    def decode(batch: int) -> float:
        """Tokens per second of all answers together, after their prompts have been read."""
        engine = fresh_engine()
        answers = [
            engine.generate(ids[n : n + min(plan["lengths"])], Sampling(max_tokens=plan["decoded"] + 1))
            for n in range(batch)
        ]
        for answer in answers:
            _first(answer)
        began = time.perf_counter()
        while going := [answer for answer in answers if answer.end is None]:
            engine.advance(going)
        spent = time.perf_counter() - began
        return sum(len(answer.written) - 1 for answer in answers) / spent

    out = figures(plan, cold, cached, decode)
    return {**out, "load_seconds": round(loaded, 2), "peak_rss_mb": peak_mb()}


def figures(
    plan: dict[str, Any],
    cold: Callable[[int], float],
    cached: Callable[[int, int], float],
    decode: Callable[[int], float],
) -> dict[str, Any]:
    """Medians over the plan's repeats; seconds and tokens per second."""

    def median(measure: Callable[[], float]) -> float:
        return round(statistics.median(measure() for _ in range(plan["repeats"])), 4)

    return {
        "first_token_cold_s": {str(n): median(lambda n=n: cold(n)) for n in plan["lengths"]},  # type: ignore[misc]
        "first_token_cached_s": {
            f"{n} of which {new} new": median(lambda n=n, new=new: cached(n, new))  # type: ignore[misc]
            for n in plan["lengths"]
            for new in plan["fresh"]
        },
        "decode_tokens_per_s": {str(n): median(lambda n=n: decode(n)) for n in plan["batches"]},  # type: ignore[misc]
    }


def peak_mb() -> int:
    """The largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _first(generation: Generation) -> float:
    began = time.perf_counter()
    while not generation.written:
        generation.advance()
    return time.perf_counter() - began


def _all(generation: Generation) -> None:
    while generation.end is None:
        generation.advance()


if __name__ == "__main__":
    print(json.dumps(measured(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
