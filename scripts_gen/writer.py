"""A spoken script from facts, segment by segment: the model gives wording, the gates give truth.

Each segment's prompt holds only the facts that segment needs. A sentence that claims more is asked for once again and
then replaced by a sentence made by code, so a script is always whole and never false.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts
from scripts_gen.frames import brief, money
from scripts_gen.language import LanguageModel, Message, Prompt, Sampling
from scripts_gen.rundown import SEGMENTS, Script, Segment, filled, frame_segment, slotted
from scripts_gen.spoken_gate import alike, passes, sentences, washed

WRITE = "write/1"
TRIES = 2
PATIENCE = 20.0  # seconds for one segment
_TASKS = {
    "opening": {"zh": "开场，招呼观众，引出商品", "en": "an opening that greets viewers and names the product"},
    "pain_point": {
        "zh": "说一个观众在生活里会遇到的小烦恼，不提数字和功效",
        "en": "a small everyday annoyance viewers know, no numbers",
    },
    "selling_points": {"zh": "讲这几条特点", "en": "these points, in spoken words"},
    "proof": {"zh": "告诉观众怎么对照商品页核对", "en": "how viewers can check this on the product page"},
    "call_to_action": {
        "zh": "请观众点商品卡片下单，不催促",
        "en": "an invitation to tap the product card, without pressure",
    },
    "transition": {"zh": "收个尾，转到看评论", "en": "a short close that turns to the comments"},
}
# A pain point is the viewer's life in free words; the product may not appear in it, for then it would claim.
_PRODUCT = re.compile(r"这款|这个|这件|它|有了|用了|用上|产品|商品|\bthis\b|\bit\b|\bour\b", re.IGNORECASE)
# Money, promotions and service are said by code alone: there a wrong word costs the merchant.
_CODE_ONLY = frozenset({"offer", "objection"})
_NEEDS = {
    "opening": ("title", "brand"),
    "pain_point": ("title",),
    "selling_points": ("selling_points", "specs"),
    "proof": ("specs",),
    "call_to_action": ("title",),
    "transition": ("title",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A stretch of a script that claims something, with the fact key that carries it."""

    text: str
    fact: str


async def write_script(
    facts: ProductFacts,
    lang: str,
    persona: str,
    model: LanguageModel | None,
    *,
    product: str = "",
    extra: Sequence[str] = (),
) -> Script:
    """A script of eight segments; without a model, or where its words fail the gates, in the grammar of facts."""
    written: list[Segment] = []
    said: list[str] = []
    for kind in SEGMENTS:
        framed = frame_segment(kind, facts, lang, f"{product}{kind}")
        segment = framed
        if model is not None and kind not in _CODE_ONLY:
            segment = await _segment(kind, facts, lang, persona, model, extra, said) or framed
        written.append(segment)
        said.extend(sentences(segment.text))
    return Script(product=product, lang=lang, persona=persona, segments=tuple(written))


async def _segment(
    kind: str,
    facts: ProductFacts,
    lang: str,
    persona: str,
    model: LanguageModel,
    extra: Sequence[str],
    said: Sequence[str],
) -> Segment | None:
    """One segment of the model: the sentences that pass, if they say enough; else None."""
    for attempt in range(TRIES):
        sampling = Sampling(
            max_tokens=110, temperature=0.8, top_p=0.9, repetition_penalty=1.15, seed=attempt, stop=("\n\n",)
        )
        try:
            async with (
                asyncio.timeout(PATIENCE),
                aclosing(model.stream(_prompt(kind, facts, lang, persona), sampling)) as stream,
            ):
                text = "".join([piece async for piece in stream])
        except (OSError, TimeoutError, ValueError):
            return None  # the frame of the facts stands in
        kept: list[str] = []
        used: list[str] = []
        for sentence in sentences(washed(text)):
            passed = passes(
                sentence,
                facts,
                lang=lang,
                extra=extra,
                said=[*said, *kept],
                answer=kind != "proof",
                closed=kind != "pain_point",
            )
            if passed.ok and not (kind == "pain_point" and _PRODUCT.search(passed.text)):
                kept.append(passed.text)
                used.extend(passed.facts)
            if sum(map(len, kept)) > (110 if lang == "zh" else 380):
                break
        joined = ("" if lang == "zh" else " ").join(kept)
        covers = kind != "selling_points" or any(key.split(".")[0] in ("selling_points", "specs") for key in used)
        if len(joined) >= (18 if lang == "zh" else 50) and covers:
            return Segment(kind=kind, text=slotted(joined, facts), facts=tuple(dict.fromkeys(used)))
    return None


def _prompt(kind: str, facts: ProductFacts, lang: str, persona: str) -> Prompt:
    needs = _NEEDS[kind]
    lines = [f"{key}: {brief(text, 50)}" for key, text in facts.items() if key.split(".")[0] in needs][:7]
    manner = f"，口吻：{persona}" if persona and lang == "zh" else f", in the manner of: {persona}" if persona else ""
    if lang == "zh":
        rule = (
            "你是带货直播间的AI数字人主播，说口语短句。只用给出的资料，不编数字、价格、赠品、功效、销量，"
            "不用“最”“第一”等词，不说自己的生活经历。"
        )
        ask = f"资料：\n{chr(10).join(lines)}\n请说一段{_TASKS[kind][lang]}{manner}，2到3句，60字以内，只写要说的话。"
    else:
        rule = (
            "You are the AI host of a live shop and speak in short spoken sentences. Use only the facts given. No "
            "other numbers, prices, gifts or effects, no superlatives, no stories about yourself."
        )
        ask = (
            f"Facts:\n{chr(10).join(lines)}\nSay {_TASKS[kind][lang]}{manner}, 2 or 3 sentences, at most 45 words. "
            "Write only the words to say."
        )
    return Prompt(
        name=WRITE, messages=(Message(role="system", content=rule), Message(role="user", content=ask)), priority=6
    )


def claims_of(script: Script, facts: ProductFacts, extra: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The claim ledger of a script: every sentence that stands on facts, once for each fact."""
    ledger: list[Claim] = []
    for segment in script.segments:
        text = filled(segment.text, facts.price, facts.list_price, facts.currency, script.lang) or ""
        for sentence in sentences(text if text[-1:] in "。！？.!?" else text + "。"):
            verdict = check(sentence, facts, extra)
            ledger.extend(Claim(text=sentence, fact=key) for key in verdict.used)
            for key in segment.facts:
                value = dict(facts.items()).get(key)
                if key in verdict.used or value is None:
                    continue
                shown = (
                    money(getattr(facts, key), facts.currency, script.lang) if key in ("price", "list_price") else value
                )
                if shown in sentence or alike(shown, sentence) > 0.8:
                    ledger.append(Claim(text=sentence, fact=key))
    return tuple(ledger)
