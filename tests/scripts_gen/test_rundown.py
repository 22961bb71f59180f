"""A show is planned from approved words, discloses the AI, and never runs dry."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from scripts_gen.adlaw import judge
from scripts_gen.claims import check
from scripts_gen.rundown import (
    DISCLOSURE_EVERY,
    SEGMENTS,
    Rundown,
    Script,
    Segment,
    Shelf,
    block_segments,
    filled,
    plan,
    script_of,
    slotted,
    supported,
)
from tests.scripts_gen.goods import ALL, JACKET, MASK, MUG

SHELF = (
    Shelf(product="mask", facts=MASK, script=script_of("mask", MASK, "zh", "温和")),
    Shelf(product="jacket", facts=JACKET),
)


def sentences(rundown: Rundown, number: int) -> list[str]:
    text = "".join(segment.text for segment in rundown.blocks[number].segments)
    return [piece for piece in re.split(r"(?<=[。！？])", text) if piece]


def test_the_show_opens_with_the_disclosure_and_ends_with_a_closing() -> None:
    rundown = plan(SHELF, 300, "zh")
    assert [block.kind for block in rundown.blocks][:2] == ["welcome", "product"]
    assert any("AI" in segment.text for segment in rundown.blocks[0].segments)
    assert rundown.blocks[-1].kind == "closing"


def test_the_disclosure_comes_at_least_every_ten_minutes() -> None:
    rundown = plan(SHELF, 3600, "zh")
    told = [0.0]
    for block in rundown.blocks:
        if block.kind in ("disclosure", "closing"):
            assert block.starts - told[-1] <= DISCLOSURE_EVERY
            told.append(block.starts)
    assert len(told) >= 6


@pytest.mark.parametrize("seconds", [60, 600, 7200])
def test_the_show_fills_its_time(seconds: float) -> None:
    rundown = plan(SHELF, seconds, "zh")
    assert seconds - 5 <= rundown.seconds <= seconds + 120
    assert [block.starts for block in rundown.blocks] == sorted(block.starts for block in rundown.blocks)


def test_no_sentence_is_said_twice_within_a_block() -> None:
    rundown = plan(SHELF, 3600, "zh")
    for number, block in enumerate(rundown.blocks):
        said = sentences(rundown, number)
        assert len(said) == len(set(said)), block


def test_the_first_round_is_the_approved_script() -> None:
    approved = Script(product="mask", lang="zh", persona="", segments=(Segment(kind="opening", text="这是审过的话。"),))
    rundown = plan((Shelf(product="mask", facts=MASK, script=approved),), 120, "zh")
    assert rundown.blocks[1].segments == approved.segments


def test_later_rounds_are_not_the_first_one_again() -> None:
    rundown = plan((SHELF[0],), 900, "zh")
    texts = ["".join(segment.text for segment in block.segments) for block in rundown.blocks if block.kind == "product"]
    assert all(one != other for one, other in pairwise(texts))


def test_what_is_sold_out_is_left_out() -> None:
    rundown = plan((SHELF[0], replace(SHELF[1], sold_out=True)), 600, "zh")
    assert {block.product for block in rundown.blocks if block.kind == "product"} == {"mask"}
    with pytest.raises(ValueError, match="not sold out"):
        plan((replace(SHELF[0], sold_out=True),), 600, "zh")


def test_the_same_seed_gives_the_same_show() -> None:
    assert plan(SHELF, 600, "zh", seed=3) == plan(SHELF, 600, "zh", seed=3)


@pytest.mark.parametrize(("facts", "lang"), ALL)
def test_code_made_words_stand_on_the_facts_and_the_law(facts, lang) -> None:
    for turn in range(12):
        script = script_of(f"p{turn}", facts, lang, "", seed=str(turn))
        assert [segment.kind for segment in script.segments] == list(SEGMENTS)
        assert supported(script, facts) == {}
        for segment in script.segments:
            assert judge(segment.text, facts.category).verdict != "ban", segment.text


@pytest.mark.parametrize(("facts", "lang"), ALL)
def test_bare_facts_still_give_a_whole_script(facts, lang) -> None:
    bare = replace(
        facts, price=None, list_price=None, specs=(), selling_points=(), promotions=(), service=(), audience=()
    )
    script = script_of("p", bare, lang, "")
    assert [segment.kind for segment in script.segments] == list(SEGMENTS)
    assert supported(script, bare) == {}


def test_prices_are_slots_filled_when_spoken() -> None:
    offer = next(segment for segment in script_of("mask", MASK, "zh", "").segments if segment.kind == "offer")
    assert "{price}" in offer.text
    assert "59" not in offer.text
    spoken = filled(offer.text, Decimal(49), Decimal(99), "CNY", "zh")
    assert spoken is not None
    assert "49元" in spoken
    assert check(spoken, replace(MASK, price=Decimal(49))).ok


def test_a_slot_without_a_price_is_not_spoken() -> None:
    assert filled("现在{price}。", None, None, "CNY", "zh") is None


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("到手59一盒", "到手{price}一盒"),
        ("现在59元，平常99元", "现在{price}，平常{list_price}"),
        ("59片装", "59片装"),
        ("159元不是它", "159元不是它"),
    ],
)
def test_only_money_becomes_a_slot(text: str, slots: str) -> None:
    assert slotted(text, MASK) == slots


def test_english_money_becomes_a_slot() -> None:
    assert slotted("It was $19, now $14.50 here.", MUG) == "It was {list_price}, now {price} here."


def test_a_product_with_approved_words_says_nothing_else() -> None:
    words = [Segment(kind=kind, text=f"{kind}第{number}句。") for number, kind in enumerate(SEGMENTS)]
    again = [Segment(kind=f"{segment.kind}_b", text=f"换个说法{segment.text}") for segment in words]
    script = Script(product="mask", lang="zh", persona="", segments=(*words, *again))
    item = Shelf(product="mask", facts=MASK, script=script)
    rounds = [[segment.text for segment in block_segments(item, "zh", number)] for number in range(6)]
    assert rounds[0] == [segment.text for segment in words]
    assert rounds[1] == [segment.text for segment in again]
    assert all(set(said) in (set(rounds[0]), set(rounds[1])) for said in rounds)
    assert all(one != other for one, other in pairwise(rounds))
    assert rounds[2] != rounds[0]
