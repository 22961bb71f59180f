"""Scripts are the model's words where they pass the gates, and the grammar of facts where they do not."""

import pytest

from scripts_gen.claims import check
from scripts_gen.rundown import SEGMENTS, filled, supported
from scripts_gen.writer import claims_of, write_script
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
