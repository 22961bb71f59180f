"""Comments before any model: cleaned, named, compared."""

import pytest

from app.events import ProductId
from app.live.questions import cleaned, named_product, same_question, speakable

TITLES = {ProductId("tea"): "云雾绿茶礼盒", ProductId("mug"): "白瓷杯"}
TEA, MUG = TITLES


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("多\u200b少\ufeff钱", "多少钱"),
        ("ＨＯＷ　ｍｕｃｈ", "HOW much"),
        ("a\r\nb\u2028c\x00d", "a b c d"),
        ("e" + "\u0301" * 500, "é"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\ud800多少", "多少"),
    ],
)
def test_what_hides_or_heaps_is_taken_out(text, seen):
    assert cleaned(text)[: len(seen) + 2].startswith(seen)


def test_a_flood_in_one_comment_is_cut():
    assert len(cleaned("多" * 100_000)) == 500


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("小雨", "小雨"),
        ("<script>alert(1)</script>", ""),
        ("Ruby", "Ruby"),
        ("13800138000", ""),
        ("加微信领红包很便宜", ""),
        ("", ""),
    ],
)
def test_only_plain_short_names_are_said(name, said):
    assert speakable(name) == said


def test_a_question_belongs_to_the_product_it_names():
    assert named_product("多少钱", TITLES, TEA) == TEA
    assert named_product("那个白瓷杯多少钱", TITLES, TEA) == MUG
    assert named_product("绿茶礼盒多少钱", TITLES, MUG) == TEA
    assert named_product("杯子多少钱", TITLES, TEA) == TEA


def test_the_same_question_in_other_words_is_the_same():
    assert same_question("shipping", "包邮吗", "shipping", "要不要运费")
    assert same_question("spec", "杯子多大呀", "spec", "杯子多大")
    assert not same_question("spec", "杯子多大", "spec", "产地是哪里")
