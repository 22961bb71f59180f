"""A spoken script from facts, segment by segment: the model gives wording, the gates give truth.

Each segment's prompt holds only the facts that segment needs. A sentence that claims more is asked for once again and
then replaced by a sentence made by code, so a script is always whole and never false.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts
from scripts_gen.frames import brief, money
from scripts_gen.language import LanguageModel, Message, Prompt, Sampling
from scripts_gen.rundown import OTHER_WORDS, SEGMENTS, Script, Segment, filled, frame_segment, plain_kind, slotted
from scripts_gen.spoken_gate import alike, passes, sentences, washed

WRITE = "write/3"
Worded = Literal["model", "code", "away"]
TRIES = 2
PATIENCE = 20.0  # seconds for one segment
# What the model words; the rest is said by code. Money, promotions and service: a wrong word costs the merchant. Pain
# points and proofs: in a trial the 0.5 B donor wrote nonsense that no list of claims could name.
_TASKS = {
    "opening": {"zh": "开场", "en": "opening"},
    "selling_points": {"zh": "讲特点", "en": "the points"},
    "call_to_action": {"zh": "请大家看商品卡片", "en": "invite to the product card"},
    "transition": {"zh": "收尾看评论", "en": "close and turn to the comments"},
}
_NEEDS = {
    "opening": ("title", "brand"),
    "selling_points": ("title", "selling_points", "specs"),
    "call_to_action": ("title",),
    "transition": ("title",),
}
# What a segment must speak of to be one.
_PURPOSE = {
    "opening": re.compile(r"欢迎|来|看|welcome|look|here|come|today", re.IGNORECASE),
    "selling_points": re.compile(""),
    "call_to_action": re.compile(r"卡片|链接|下单|拍|card|link|order|tap", re.IGNORECASE),
    "transition": re.compile(r"评论|问题|comment|question", re.IGNORECASE),
}
_RULE = {
    "zh": "你是直播间的AI数字人主播，说口语短句，只用资料里的话，不添加别的。",
    "en": "You are the AI host of a live shop. Speak in short spoken sentences, only from the facts, adding nothing.",
}
_TOWEL = {
    "zh": "title: 竹纤维毛巾\nselling_points.0: 吸水快\nspecs.尺寸: 34×76cm",
    "en": "title: bamboo towel\nselling_points.0: dries quickly\nspecs.Size: 34 x 76 cm",
}
_SHOWN = {
    "zh": (
        ("讲特点", "这条竹纤维毛巾，吸水快。尺寸是34×76cm，您看看合不合适。"),
        ("开场", "来，大家看看这条竹纤维毛巾，想了解的朋友坐下慢慢听。"),
        ("请大家看商品卡片", "喜欢的朋友点开商品卡片，选好规格再拍。"),
        ("收尾看评论", "毛巾先讲到这里，我看看评论里大家问了什么。"),
    ),
    "en": (
        ("the points", "This bamboo towel dries quickly. The size is 34 x 76 cm, so see if it suits you."),
        ("opening", "Come and have a look at this bamboo towel, friends, and take your time."),
        ("invite to the product card", "If you like it, tap the product card and choose your option."),
        ("close and turn to the comments", "That's the towel for now. Let me look at your comments."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A stretch of a script that claims something, with the fact key that carries it."""

    text: str
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A segment and who worded it: the model, or code (by design, or because a gate stopped the model).

    `away` is code because the model did not answer.
    """

    segment: Segment
    worded: Worded


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
    async with aclosing(write_segments(facts, lang, persona, model, product=product, extra=extra)) as written:
        segments = [each.segment async for each in written]
    return Script(product=product, lang=lang, persona=persona, segments=tuple(segments))


async def write_segments(
    facts: ProductFacts,
    lang: str,
    persona: str,
    model: LanguageModel | None,
    *,
    product: str = "",
    extra: Sequence[str] = (),
    kinds: Sequence[str] = SEGMENTS,
    turn: int = 0,
) -> AsyncGenerator[Written, None]:
    """The segments of a script one by one as they are ready; another `turn` gives other words."""
    said: list[str] = []
    for kind in kinds:
        written = await write_segment(
            kind, facts, lang, persona, model, product=product, extra=extra, said=said, turn=turn
        )
        said.extend(sentences(written.segment.text))
        yield written


async def write_segment(
    kind: str,
    facts: ProductFacts,
    lang: str,
    persona: str,
    model: LanguageModel | None,
    *,
    product: str = "",
    extra: Sequence[str] = (),
    said: Sequence[str] = (),
    turn: int = 0,
) -> Written:
    """One segment, in the model's words where they pass the gates, else in the grammar of facts.

    Of a segment's two wordings the second is code's, so that a script takes no longer to write.
    """
    framed = frame_segment(plain_kind(kind), facts, lang, f"{product}{kind}{turn or ''}", said=said, persona=persona)
    framed = replace(framed, kind=kind)
    if kind not in _TASKS or kind.endswith(OTHER_WORDS):
        return Written(segment=framed, worded="code")
    if model is None:
        return Written(segment=framed, worded="away")
    try:
        segment = await _segment(kind, facts, lang, persona, model, extra, said, turn)
    except (OSError, TimeoutError, ValueError):
        return Written(segment=framed, worded="away")
    return Written(segment=framed, worded="code") if segment is None else Written(segment=segment, worded="model")


async def _segment(
    kind: str,
    facts: ProductFacts,
    lang: str,
    persona: str,
    model: LanguageModel,
    extra: Sequence[str],
    said: Sequence[str],
    turn: int,
) -> Segment | None:
    """One segment of the model: the sentences that pass, if they say enough; else None. Raises what the model does."""
    for attempt in range(TRIES):
        sampling = Sampling(
            max_tokens=80,
            temperature=0.6,
            top_p=0.9,
            repetition_penalty=1.15,
            seed=attempt + TRIES * turn,
            stop=("\n\n",),
        )
        async with (
            asyncio.timeout(PATIENCE),
            aclosing(model.stream(_prompt(kind, facts, lang, persona), sampling)) as stream,
        ):
            text = "".join([piece async for piece in stream])
        kept: list[str] = []
        used: list[str] = []
        for sentence in sentences(washed(text)):
            passed = passes(sentence, facts, lang=lang, extra=extra, said=[*said, *kept])
            if passed.ok:
                kept.append(passed.text)
                used.extend(passed.facts)
            if sum(map(len, kept)) > (110 if lang == "zh" else 380):
                break
        joined = ("" if lang == "zh" else " ").join(kept)
        covers = kind != "selling_points" or any(key.split(".")[0] in ("selling_points", "specs") for key in used)
        covers = covers and bool(_PURPOSE[kind].search(joined))
        if len(joined) >= (18 if lang == "zh" else 50) and covers:
            return Segment(kind=kind, text=slotted(joined, facts), facts=tuple(dict.fromkeys(used)))
    return None


def _prompt(kind: str, facts: ProductFacts, lang: str, persona: str) -> Prompt:
    """The prompt of one segment: what precedes the facts is the same within a show, so that the model reads it once.

    The persona is the merchant's own text and stands with the other untrusted words, in a user turn.
    """
    chosen = [(key, text) for key, text in facts.items() if key.split(".")[0] in _NEEDS[kind]][:7]

    def turn(sheet: str, task: str) -> str:
        return f"资料：\n{sheet}\n任务：{task}" if lang == "zh" else f"Facts:\n{sheet}\nTask: {task}"

    shown = [
        message
        for task, words in _SHOWN[lang]
        for message in (
            Message(role="user", content=turn(_TOWEL[lang], task)),
            Message(role="assistant", content=words),
        )
    ]
    tone = brief(persona, 60)
    task = _TASKS[kind][lang] + ((f"（语气：{tone}）" if lang == "zh" else f" (tone: {tone})") if tone else "")
    ask = turn("\n".join(f"{key}: {brief(text, 50)}" for key, text in chosen), task)
    return Prompt(
        name=WRITE,
        messages=(Message(role="system", content=_RULE[lang]), *shown, Message(role="user", content=ask)),
        priority=6,
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
