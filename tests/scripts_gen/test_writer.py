"""Scripts are the model's words where they pass the gates, and the grammar of facts where they do not."""

from contextlib import aclosing

import pytest

from scripts_gen.claims import check
from scripts_gen.frames import fact_line
from scripts_gen.rundown import SEGMENTS, filled, kinds_for, supported
from scripts_gen.spoken_gate import sentences
from scripts_gen.writer import claims_of, write_script, write_segments
from tests.scripts_gen.fakes import Away, Says
from tests.scripts_gen.goods import ALL, MASK

LIES = "这款面膜全网销量第一！现在只要9.9元，买一送十。我自己用了三年，祛斑美白特别好。日本进口，孕妇放心用。"
GOOD = "来看看这款白茶补水面膜，膜布轻薄服帖。一盒10片，每片25ml，您看清楚再选。"


@pytest.mark.parametrize(("facts", "lang"), ALL)
@pytest.mark.parametrize("model", [None, Away(), Says(""), Says(LIES), Says("{}"), Says("哈" * 4000)])
async def test_a_script_is_always_whole_and_true(facts, lang, model) -> None:
    script = await write_script(facts, lang, "温和", model)
    assert [segment.kind for segment in script.segments] == list(SEGMENTS)
    assert supported(script, facts) == {}
    assert "第一" not in "".join(segment.text for segment in script.segments)


async def test_words_that_pass_are_kept() -> None:
    script = await write_script(MASK, "zh", "温和", Says(GOOD))
    assert script.segments[0].text == GOOD
    assert {"title", "selling_points.1"} <= set(script.segments[0].facts)


async def test_only_the_true_sentences_of_a_segment_are_kept() -> None:
    script = await write_script(MASK, "zh", "", Says(GOOD + LIES))
    assert script.segments[0].text == GOOD


async def test_money_and_service_are_said_by_code() -> None:
    model = Says(GOOD)
    await write_script(MASK, "zh", "", model)
    asked = " ".join(prompt.messages[-1].content for prompt in model.prompts)
    assert "59" not in asked
    assert "promotions" not in asked


@pytest.mark.parametrize(("facts", "lang"), ALL)
async def test_every_claim_of_the_ledger_points_at_a_fact(facts, lang) -> None:
    script = await write_script(facts, lang, "", None)
    ledger = claims_of(script, facts)
    keys = {key for key, _ in facts.items()}
    assert {"price", "title"} <= {claim.fact for claim in ledger}
    for claim in ledger:
        assert claim.fact in keys
        assert check(claim.text, facts).ok
    spoken = "".join(filled(s.text, facts.price, facts.list_price, facts.currency, lang) or "" for s in script.segments)
    assert all(claim.text.rstrip("。") in spoken for claim in ledger)


@pytest.mark.parametrize(("facts", "lang"), ALL)
@pytest.mark.parametrize("persona", ["爽朗", "沉稳的老师", "温柔", "", "lively", "precise", "gentle"])
async def test_every_stretch_has_a_second_wording_and_no_sentence_comes_twice(facts, lang, persona) -> None:
    said: list[str] = []
    kinds: list[str] = []
    async with aclosing(write_segments(facts, lang, persona, None, product="p", kinds=kinds_for("new"))) as written:
        async for each in written:
            kinds.append(each.segment.kind)
            text = filled(each.segment.text, facts.price, facts.list_price, facts.currency, lang)
            assert text is not None
            assert check(text, facts).ok, text
            said += sentences(text)
    assert {kind.removesuffix("_b") for kind in kinds if kind.endswith("_b")} == {k for k in kinds if k[-2:] != "_b"}
    assert len(said) == len(set(said)), sorted(said)


async def test_another_persona_speaks_in_other_words() -> None:
    async def words(persona: str) -> str:
        scripts = [await write_script(MASK, "zh", persona, None, product=f"p{number}") for number in range(8)]
        return "".join(segment.text for script in scripts for segment in script.segments)

    assert "走着" in await words("爽朗的老板") and "走着" not in await words("沉稳的老师")


def test_a_policy_is_never_cut_to_half_its_meaning() -> None:
    text = "If it arrives broken, send a photo within 7 days and we replace it"
    assert fact_line("service.0", text, "en", "x").endswith("we replace it.")
