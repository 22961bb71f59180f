"""Step one of an answer: point at the facts that tell. Code decides; the model is asked only when code finds nothing.

Comparisons (sizes, ages) are made here by code and handed on as facts, so that no model reasons about numbers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts
from scripts_gen.frames import brief, fact_line, joined, list_price_line, offers_of, price_line
from scripts_gen.numerals import numbers
from scripts_gen.phrases import NOT_STATED, RELATED, TONES, pick
from scripts_gen.reading import Reading, classify, cleaned
from scripts_gen.retrieval import Known, known_answer, nearest, pairs, ranked, shares
from scripts_gen.sizing import age_fits, body_of, fits, has_table, partial_fits, sizes_named
from scripts_gen.topics import TOPICS, Topic

_SILENT = {
    "stock": {
        "zh": (
            "库存的实时数字我这里看不到，点开链接选得上就是还有。",
            "剩多少我不清楚，也不催您，链接里能选的就能拍。",
        ),
        "en": (
            "I can't see the stock count from here. If the option can be picked at checkout, it's there.",
            "I don't know how many are left, the product link shows what can be ordered.",
        ),
    },
    "compare": {
        "zh": (
            "别家的资料我手上没有，不好比，我只能把这一款讲清楚。",
            "没有对方的参数，我不评价别家，您可以对着这款的资料看。",
        ),
        "en": (
            "I don't have the other product's details, so I won't compare. I can tell you about this one.",
            "I can't judge other shops from here, only read you what this page says.",
        ),
    },
    "size": {
        "zh": ("您把身高体重发给我，我对着尺码表给您看。", "按尺码表挑比较稳，您报一下身高和体重。"),
        "en": (
            "Tell me your measurements and I'll read you the size chart.",
            "Send me your height and weight and I'll check the chart.",
        ),
    },
}


Spoken = tuple[str, tuple[str, ...]]  # a sentence and the fact keys it stands on


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """What answers a comment: sentences made by code in speaking order, each with the fact keys it stands on.

    `sure` is False when code found nothing and the model may be asked to point.
    """

    reading: Reading
    lines: tuple[Spoken, ...]
    answerable: bool
    sure: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Every fact key of the lines, in order, once."""
        return tuple(dict.fromkeys(key for _, keys in self.lines for key in keys))


def point(
    comment: str,
    facts: ProductFacts,
    *,
    lang: str | None = None,
    history: Sequence[tuple[str, str]] = (),
    faq: Sequence[Known] = (),
    policies: Sequence[tuple[str, str]] = (),
    in_stock: bool | None = None,
) -> Pointed:
    """The facts that answer the comment. `history` is (role, text), oldest first; `policies` are (key, text)."""
    reading = classify(comment)
    if lang:
        reading = replace(reading, lang=lang)
    said = {text for role, text in history if role == "host"}
    seed = cleaned(comment)
    if reading.tone in TONES:
        return _toned(reading, facts, seed, said)
    text = cleaned(comment)
    topics = _topics(reading, text, history)
    known = known_answer(text, topics, faq)
    # An approved answer may name a price or an offer that is no longer today's; one that a person typed is a fact.
    own = [known.answer] if known and any(key.startswith("faq.") for key in known.facts) else []
    if known and check(known.answer, facts, [*own, *(policy for _, policy in policies)]).ok:
        return Pointed(reading=reading, lines=((known.answer, known.facts),), answerable=True)
    if sized := _rows_asked(text, reading, facts):
        return Pointed(reading=reading, lines=sized, answerable=True)
    lines: list[Spoken] = []
    answerable = False
    for topic in topics[:2]:
        found, told = _tell(topic, text, facts, reading.lang, seed, policies, in_stock)
        if told and not answerable:
            lines = found
        elif told or not lines:
            lines += [line for line in found if line not in lines]
        answerable |= told
        if answerable and topic.intent == "price":
            break
    if lines:
        return Pointed(reading=reading, lines=tuple(lines[:3]), answerable=answerable, sure=answerable)
    if near := nearest(text, facts, policies):
        key, fact, strong = near
        if strong:
            line = fact_line(key, fact, reading.lang, facts.title)
            return Pointed(reading=reading, lines=((line, (key,)),), answerable=True)
        if not key.startswith("policy."):
            return related(Pointed(reading=reading, lines=(), answerable=False), key, fact, seed)
    if reading.tone == "remark" and not topics and len(pairs(text)) <= 3:
        return _toned(replace(reading, intent="chitchat", tone="heard"), facts, seed, said)
    return Pointed(
        reading=reading, lines=((pick(NOT_STATED[reading.lang], seed, said), ()),), answerable=False, sure=False
    )


def related(pointed: Pointed, key: str, fact: str, seed: str) -> Pointed:
    """An honest answer around a fact that lies near the question: what is not written, then the fact."""
    lang = pointed.reading.lang
    end = "。" if lang == "zh" else "."
    line = pick(RELATED[lang], seed).format(fact=brief(fact, 40)) + end
    return replace(pointed, lines=((line, (key,)),), answerable=False, sure=True)


def _topics(reading: Reading, text: str, history: Sequence[tuple[str, str]]) -> list[Topic]:
    names = reading.topics
    if not names:  # 那两盒呢: a short follow-up keeps the subject of the viewer's last question
        last = next((text for role, text in reversed(history) if role == "viewer"), "")
        names = classify(last).topics if last else ()
    by_name = {topic.name: topic for topic in TOPICS}
    found = [by_name[name] for name in names]
    if _RETURNS.search(text) and any(topic.intent == "after_sales" for topic in found):
        # 退货要钱吗, 退的话运费谁出: what a return costs, not what the goods or their delivery do.
        found = [topic for topic in found if topic.intent == "after_sales"]
    return found


_RETURNS = re.compile(r"退[^，。？?]{0,6}(?:要钱|收钱|收费|运费|邮费)|退.{0,6}运费谁|退.{0,8}(?:谁出|谁付|谁承担)")
_SIZED_TOPICS = frozenset({"size", "size_fit", "colour", "usage", "wash"})


def _rows_asked(text: str, reading: Reading, facts: ProductFacts) -> tuple[Spoken, ...]:
    """The rows of the size table that the comment names (L和XL差多少, 那个小的呢), if nothing else is asked."""
    body = body_of(text)
    if body.height is not None or body.weight is not None or not set(reading.topics) <= _SIZED_TOPICS:
        return ()
    return tuple((fact_line(key, value, reading.lang, facts.title), (key,)) for key, value in sizes_named(text, facts))


def _toned(reading: Reading, facts: ProductFacts, seed: str, said: set[str]) -> Pointed:
    lines: list[Spoken] = [(pick(TONES[reading.tone][reading.lang], seed, said), ())]
    if reading.tone in ("bargain", "injection", "buy") and facts.price is not None:
        lines.append((price_line(facts, reading.lang, facts.title), ("price",)))
    if reading.tone == "bargain" and (offers := offers_of(facts)):
        key, offer = offers[0]
        lines.append((fact_line(key, offer, reading.lang, facts.title), (key,)))
    return Pointed(reading=reading, lines=tuple(lines), answerable=reading.tone in ("human", "bargain", "buy"))


def _tell(
    topic: Topic,
    text: str,
    facts: ProductFacts,
    lang: str,
    seed: str,
    policies: Sequence[tuple[str, str]],
    in_stock: bool | None,
) -> tuple[list[Spoken], bool]:
    """Sentences on one topic, and whether they really answer.

    A fact is always told in the same words for a product, so that its clip may be voiced before anyone asks.
    """
    if topic.name == "price":
        return _price(text, facts, lang, seed)
    if topic.name in ("promotion", "gift"):
        return _promotion(topic, text, facts, lang, seed)
    if topic.name == "stock" and in_stock is not None:
        zh = "这一款现在能下单，数量以链接显示为准。" if in_stock else "这一款现在卖完了，链接暂时拍不了。"
        en = (
            "It can be ordered right now; the link shows the exact options."
            if in_stock
            else "It's sold out at the moment, so it can't be ordered."
        )
        return [(zh if lang == "zh" else en, ("stock",))], True
    if topic.name in ("size", "people", "usage", "compat"):
        body = body_of(text)
        if topic.name == "size" and (sized := _sized(text, facts, lang)):
            return sized, True
        if body.months is not None and (aged := _aged(text, facts, lang)):
            return aged, True
        if topic.name == "size" and has_table(facts) and not re.search(r"偏|跑步|run", text):
            return [(pick(_SILENT["size"][lang], seed), ())], False
    if topic.name == "colour" and facts.variants:
        return [
            (
                fact_line("variants", joined(facts.variants, lang), lang, facts.title, 60),
                tuple(f"variants.{n}" for n in range(len(facts.variants[:5]))),
            )
        ], True
    found = ranked(topic, text, facts, policies)
    if not found:
        if topic.name in _SILENT:
            return [(pick(_SILENT[topic.name][lang], seed), ())], False
        return [], False
    key, fact, exact = found[0]
    if not exact:
        return [
            (pick(RELATED[lang], seed).format(fact=brief(fact, 40)) + ("。" if lang == "zh" else "."), (key,))
        ], False
    lines: list[Spoken] = [(fact_line(key, fact, lang, facts.title), (key,))]
    second = len(found) > 1 and found[1][2] and len(fact) < 24 and brief(found[1][1]) not in lines[0][0]
    if second and (not topic.named or topic.named.search(found[1][0].partition(".")[2]) or key.startswith("service")):
        lines.append((fact_line(found[1][0], found[1][1], lang, facts.title), (found[1][0],)))
    return lines, True


def _price(text: str, facts: ProductFacts, lang: str, seed: str) -> tuple[list[Spoken], bool]:
    lines: list[Spoken] = []
    asked = pairs(text)
    for key, fact in facts.items():  # a price of one variant or unit that the question names
        if key.startswith(("variants.", "specs.")) and _has_money(fact) and shares(asked, text, fact):
            return [(fact_line(key, fact, lang, facts.title), (key,))], True
    counts = {number.value for number in numbers(text) if number.measure in ("counter", "bare") and number.value >= 2}
    offers = offers_of(facts)
    offers.sort(key=lambda item: not counts & {number.value for number in numbers(item[1])})
    if counts and offers and counts & {number.value for number in numbers(offers[0][1])}:
        key, offer = offers.pop(0)
        lines.append((fact_line(key, offer, lang, facts.title), (key,)))
    if facts.price is None:
        if lines:
            return lines, True
        return [], False
    lines.insert(0, (price_line(facts, lang, facts.title), ("price",)))
    if usual := list_price_line(facts, lang, facts.title):
        lines.append((usual, ("list_price",)))
    if offers and len(lines) < 3:
        key, offer = offers[0]
        lines.append((fact_line(key, offer, lang, facts.title), (key,)))
    return lines, True


def _promotion(topic: Topic, text: str, facts: ProductFacts, lang: str, seed: str) -> tuple[list[Spoken], bool]:
    offers = offers_of(facts)
    if topic.name == "gift":
        offers = [item for item in offers if topic.told and topic.told.search(item[1])]
    asked = pairs(text)
    counts = {number.value for number in numbers(text)}
    offers.sort(
        key=lambda item: (
            -len(counts & {number.value for number in numbers(item[1])}),
            -len(asked & pairs(item[1])),
        )
    )
    lines: list[Spoken] = [(fact_line(key, offer, lang, facts.title), (key,)) for key, offer in offers[:2]]
    if not lines and topic.name == "promotion" and facts.price is not None:
        zh, en = "页面没有写另外的活动。", "The page doesn't state any other offer."
        return [(price_line(facts, lang, facts.title), ("price",)), (zh if lang == "zh" else en, ())], True
    return lines, bool(lines)


def _has_money(text: str) -> bool:
    return any(number.measure == "money" for number in numbers(text)) or bool(
        re.search(r"[\s：:](?:\d{2,4}(?:\.\d)?)$", text)
    )


def _sized(text: str, facts: ProductFacts, lang: str) -> list[Spoken]:
    body = body_of(text)
    sure = list(fits(body, facts))
    if sure:
        fit = sure[0]
        if lang == "zh":
            also = f"，{sure[1].name}码的范围也包含" if len(sure) > 1 else ""
            return [(f"按您报的数对尺码表，落在{fit.name}码，表上写的是{brief(fit.text)}{also}。", (fit.key,))]
        return [(f"By the size chart that's {fit.name}: {brief(fit.text)}.", (fit.key,))]
    near = list(partial_fits(body, facts))
    if len(near) >= 1 and (body.height is None) != (body.weight is None):
        near = near[:1]
    if near:
        names = ("码和" if lang == "zh" else " and ").join(fit.name for fit in near[:2])
        keys = tuple(fit.key for fit in near[:2])
        if lang == "zh":
            return [(f"身高体重不在同一档，对得上的有{names}码，喜欢宽松就往大的选。", keys)]
        return [(f"Your measurements fall between {names}; go up if you like it loose.", keys)]
    if has_table(facts) and (body.height is not None or body.weight is not None):
        return [
            (
                "您报的数不在尺码表的范围里，别急着拍，先问问客服。"
                if lang == "zh"
                else "That's outside the size chart, so please check with the shop first.",
                (),
            )
        ]
    return []


def _aged(text: str, facts: ProductFacts, lang: str) -> list[Spoken]:
    stated = list(age_fits(body_of(text), facts))
    if not stated:
        return []
    bad = next((fit for fit in stated if not fit.inside), None)
    fit = bad or stated[0]
    said = brief(fit.text)
    if lang == "zh":
        line = f"年龄上不符合，页面写的是{said}，先别拍。" if bad else f"年龄在范围里，页面写的是{said}。"
    else:
        line = (
            f"That's outside the stated age: {said}. I'd hold off."
            if bad
            else f"The age is within what's stated: {said}."
        )
    return [(line, (fit.key,))]
