"""The benchmark's arithmetic: medians, ratios, costs, and a rival that cannot be built."""

import shutil
from pathlib import Path

import pytest

from benchmarks.model import _costs, _ratios, printed
from benchmarks.ours import figures
from benchmarks.plan import TINY, Plan, text_of
from benchmarks.rival_env import VERSION, CannotBuild, rival_python


def side(first: float, speed: float, memory: int) -> dict[str, object]:
    plan = TINY.to_json()
    out = figures(plan, lambda _: first, lambda _, new: first * new / 48, lambda batch: speed * batch)
    return {**out, "load_seconds": 1.0, "peak_rss_mb": memory}


def test_ratios_are_ours_over_theirs_for_every_pair() -> None:
    sides = {
        "zhubo donor": side(0.5, 40, 900),
        "llama.cpp donor": side(1.0, 20, 600),
        "llama.cpp export": side(2, 80, 300),
    }
    ratios = _ratios(sides)
    assert ratios["zhubo donor / llama.cpp donor"]["first_token_cold_s 48"] == 0.5
    assert ratios["zhubo donor / llama.cpp donor"]["decode_tokens_per_s 2"] == 2
    assert ratios["zhubo donor / llama.cpp export"]["peak_rss_mb"] == 3


def test_a_million_tokens_at_a_hundred_a_second_take_as_many_hours_as_they_take() -> None:
    costs = _costs({"decode_tokens_per_s": {"1": 100.0}, "first_token_cold_s": {"50": 0.5}}, yuan_per_hour=0.36)
    assert costs == {"written, batch 1": 1.0, "read, 50 tokens": 1.0}


def test_the_table_names_every_side_and_says_when_it_measured_nothing() -> None:
    sides = {"zhubo donor": side(0.5, 40, 900), "llama.cpp donor": side(1.0, 20, 600)}
    table = {"sides": sides, "ours_over_rival": _ratios(sides), "tiny": True, "load_before": 0.1}
    shown = printed(table)
    assert "llama.cpp donor" in shown
    assert "measures nothing" in shown


def test_the_text_is_long_enough_for_the_longest_prompt() -> None:
    assert len(text_of(2 * max(Plan().lengths))) >= 2 * max(Plan().lengths)


def test_medians_ignore_one_slow_run() -> None:
    runs = iter([9.0, 1.0, 1.0])
    plan = {**TINY.to_json(), "repeats": 3, "fresh": [], "batches": []}
    assert figures(plan, lambda _: next(runs), lambda *_: 0.0, lambda _: 0.0)["first_token_cold_s"] == {"48": 1.0}


def test_without_a_compiler_the_line_that_mends_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(CannotBuild, match="apt-get install"):
        rival_python(tmp_path)


def test_an_environment_that_is_there_is_used(tmp_path: Path) -> None:
    python = tmp_path / "bench" / f"llama-cpp-python-{VERSION}" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert rival_python(tmp_path) == python
