"""How many planted falsehoods the gate and an independent second checker stop; neither may accuse a true line.

`planted.jsonl` was written first; `planted_second.jsonl` after both had been seen to work, with names and things that
no word list holds. Figures and misses by class: docs/measured.md.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts, facts_from_json
from tests.second_checker import SAMPLE, Known, findings, of_sample

HERE = Path(__file__).parent


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in path.read_text("utf-8").splitlines() if row]


SHELF = _rows(SAMPLE / "products.jsonl")
FIRST, SECOND = _rows(HERE / "planted.jsonl"), _rows(HERE / "planted_second.jsonl")
HARD = ("number", "unit")  # what turns into money and returns


@pytest.fixture(scope="module")
def known() -> dict[str, Known]:
    return of_sample(SAMPLE / "products.jsonl")


@pytest.fixture(scope="module")
def facts() -> dict[str, ProductFacts]:
    return {row["sku"]: facts_from_json(row["facts"]) for row in SHELF}


@pytest.mark.parametrize(("rows", "measured"), [(FIRST, 154), (SECOND, 35)], ids=["first", "second"])
def test_the_gate_stops_at_least_as_many_falsehoods_as_were_measured(
    rows: list[dict[str, Any]], measured: int, facts: dict[str, ProductFacts]
) -> None:
    assert sum(not check(row["false"], facts[row["sku"]]).ok for row in rows) >= measured


def test_of_false_numbers_and_units_the_gate_lets_through_fewer_than_one_in_ten(facts: dict[str, ProductFacts]) -> None:
    planted = [row for row in (*FIRST, *SECOND) if row["class"] in HARD]
    passed = [row["id"] for row in planted if check(row["false"], facts[row["sku"]]).ok]
    assert len(passed) < len(planted) / 10, passed


@pytest.mark.parametrize(("rows", "measured"), [(FIRST, 200), (SECOND, 52)], ids=["first", "second"])
def test_the_second_checker_finds_at_least_as_many_falsehoods_as_were_measured(
    rows: list[dict[str, Any]], measured: int, known: dict[str, Known]
) -> None:
    assert sum(bool(findings(row["false"], known[row["sku"]])) for row in rows) >= measured


def test_neither_accuses_a_line_that_is_true(facts: dict[str, ProductFacts], known: dict[str, Known]) -> None:
    for row in (*FIRST, *SECOND):
        assert check(row["true"], facts[row["sku"]]).ok, row["true"]
        assert not findings(row["true"], known[row["sku"]]), row["true"]


def test_the_second_checker_finds_nothing_in_the_approved_words_of_the_sample_shop(known: dict[str, Known]) -> None:
    for row in SHELF:
        for text in row["script"].values():
            assert not findings(text, known[row["sku"]]), text


def test_a_number_is_compared_with_what_it_counts(known: dict[str, Known]) -> None:
    pot = known["kitchen-enamel-pot"]
    assert not findings("锅加盖四点六公斤，也就是4600克。", pot)
    assert [(f.kind, f.piece) for f in findings("锅加盖四点六克。", pot)] == [("quantity", "4.6克")]


def test_a_denied_word_is_no_claim(known: dict[str, Known]) -> None:
    earbuds = known["digital-earbuds"]
    assert not findings("它没有主动降噪。", earbuds)
    assert findings("它有主动降噪。", earbuds)
