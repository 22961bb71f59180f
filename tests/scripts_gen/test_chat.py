"""A model's words are covered by the facts and a host's small talk, or they are not said."""

import pytest

from scripts_gen.chat import beyond
from tests.scripts_gen.goods import MASK, MUG


@pytest.mark.parametrize(
    "text",
    [
        "喜欢的朋友点开卡片慢慢看。",
        "这款白茶补水面膜，膜布轻薄服帖。",
        "有问题随时打在评论里。",
        "一盒10片，您看清楚再拍。",
    ],
)
def test_facts_and_small_talk_are_covered(text: str) -> None:
    assert beyond(text, MASK) == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [("敷完脸特别嫩。", "嫩"), ("味道很香。", "香"), ("谁用谁夸。", "夸"), ("送女朋友倍有面子。", "面子")],
)
def test_a_property_nobody_stated_is_named(text: str, word: str) -> None:
    assert any(word in piece for piece in beyond(text, MASK))


def test_english_is_covered_word_by_word() -> None:
    assert beyond("Take your time and look at the wide handle.", MUG) == ()
    assert beyond("It feels luxurious and elegant.", MUG) == ("feels", "luxurious", "elegant")


def test_an_approved_text_lends_its_words() -> None:
    assert beyond("顺丰发走。", MASK) != ()
    assert beyond("顺丰发走。", MASK, ["顺丰发走"]) == ()
