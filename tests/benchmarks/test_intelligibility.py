"""How a recogniser's words are counted against what was said."""

import pytest

from benchmarks.intelligibility import distance, units


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [("abc", "abc", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "axc", 1), ("abc", "ac", 1), ("abc", "abbc", 1)],
)
def test_every_lost_added_or_wrong_unit_counts_once(said: str, heard: str, errors: int) -> None:
    assert distance(list(said), list(heard)) == errors


def test_figures_and_words_for_them_are_the_same() -> None:
    assert units("只要89.9元！", "zh") == units("只要八十九点九元", "zh")
    assert units("It is $29.95.", "en") == units("it is $29.95", "en")


def test_marks_and_case_do_not_count() -> None:
    assert units("Type-C，好。", "zh") == units("type c 好", "zh")
