"""The honesty of the host: cut a sentence into claims and let none pass that no fact supports.

A claim is a number with its measure, a promotion, a service, a proof, an effect, a material, a place or a foreign
word. `check` says which facts carry the sentence (the claim ledger) or what it claims without one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scripts_gen.facts import ProductFacts
from scripts_gen.mentions import check_gifts, check_names, check_terms, denied
from scripts_gen.numerals import Number, flat
from scripts_gen.numerals import numbers as numbers_in
from scripts_gen.terms import BODILY, HUMAN

FREE_COUNT = 3  # 一盒, 两位姐妹: small counts carry no claim of their own
_CLAUSE = re.compile(r"[，。！？；,!?;\n]|\.(?!\d)")
_MONEY_CUE = re.compile(
    r"(?:到手价?|券后|拍下|只要|仅需|仅|直播价|活动价|日常价|原价|售价|价格?是?|立减|省下?|便宜|再?减|抵|优惠|卖|"
    r"加|现价|price is|only|just|save|costs?|was)\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text; facts are read again and again."""
    return tuple(numbers_in(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a sentence may be said: the fact keys it stands on, or what it claims without any."""

    ok: bool
    used: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    reason: str = ""


def sources(facts: ProductFacts, extra: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """Every (key, text) that may carry a claim; approved texts beside the facts are keyed `extra.<n>`."""
    derived: tuple[tuple[str, str], ...] = ()
    if facts.price is not None and facts.list_price is not None and facts.list_price > facts.price:
        derived = (("list_price", f"{facts.list_price - facts.price:f}元"),)
    money = {"price", "list_price"}
    stated = tuple((key, f"{text}元" if key in money else text) for key, text in facts.items() if key != "category")
    names = tuple((f"specs.{spec.name}", f"{spec.name} {spec.value}") for spec in facts.specs)
    return (*stated, *names, *derived, *((f"extra.{index}", text) for index, text in enumerate(extra)))


def fact_numbers(facts: ProductFacts, extra: Sequence[str] = ()) -> frozenset[Decimal]:
    """Every number value that the facts (and approved texts) hold, including the saving between the two prices."""
    return frozenset(number.value for _, text in sources(facts, extra) for number in numbers(text)) | frozenset(
        Decimal(digits) for _, text in sources(facts, extra) for digits in re.findall(r"\d+(?:\.\d+)?", flat(text))
    )


def free_number(number: Number) -> bool:
    """Whether a number is a small count (0–3 of something) and needs no fact."""
    return number.value <= FREE_COUNT and number.value == int(number.value) and number.measure in ("bare", "counter")


def check(text: str, facts: ProductFacts, extra: Sequence[str] = ()) -> Verdict:
    """Whether every claim of the text is supported by the facts or by an approved text in `extra`."""
    stated = sources(facts, extra)
    plain = flat(text)
    lowered = plain.lower()
    for phrase in HUMAN:
        at = lowered.find(phrase.lower())
        if at >= 0 and not denied(lowered, at):
            return Verdict(ok=False, unsupported=(phrase,), reason="claims to be human")
    for phrase in BODILY:
        if phrase in lowered:
            return Verdict(ok=False, unsupported=(phrase,), reason="claims a body or a life")
    used: list[str] = []
    missing: list[str] = []
    for start, clause in _clauses(plain):
        _check_numbers(plain, start, clause, stated, used, missing)
        _check_offers(clause, stated, missing)
        check_terms(clause, stated, used, missing)
        check_gifts(clause, stated, missing)
    check_names(plain, stated, used, missing)
    if missing:
        return Verdict(
            ok=False, unsupported=tuple(dict.fromkeys(missing)), reason="no fact for " + ", ".join(missing[:3])
        )
    for key, value in facts.items():
        if key != "category" and len(value) > 1 and value.lower() in lowered:
            used.append(key)
    return Verdict(ok=True, used=tuple(dict.fromkeys(used)))


def _clauses(plain: str) -> Iterable[tuple[int, str]]:
    start = 0
    for match in _CLAUSE.finditer(plain):
        # A comma inside 1,099 parts nothing.
        if (
            match.group() == ","
            and plain[match.end() : match.end() + 3].isdigit()
            and plain[match.start() - 1 : match.start()].isdigit()
        ):
            continue
        yield start, plain[start : match.start()]
        start = match.end()
    yield start, plain[start:]


def _check_numbers(
    plain: str, start: int, clause: str, stated: Sequence[tuple[str, str]], used: list[str], missing: list[str]
) -> None:
    for number in numbers(clause):
        if free_number(number) and not _MONEY_CUE.search(clause[: number.start]) and not _in_offer(clause, number):
            continue
        money = number.measure == "money" or (
            number.measure == "bare" and bool(_MONEY_CUE.search(clause[: number.start]))
        )
        keys = [key for key, text in stated if _holds(text, number, money, key)]
        if keys:
            used.append(keys[0])
        else:
            missing.append(number.text.strip())


def _in_offer(clause: str, number: Number) -> bool:
    """Whether a small count is part of a deal (买2送1, buy two get one), where it is a promise."""
    before, after = clause[: number.start].rstrip(), clause[number.end :]
    return bool(
        re.search(r"(?:买|拍|满|第|送|赠|buy|get)$", before, re.IGNORECASE)
        and re.search(r"送|赠|减|半价|免|free|off|折", clause, re.IGNORECASE)
        and not re.match(r"次|眼|步|时间", after)
    )


def _holds(text: str, number: Number, money: bool, key: str) -> bool:
    for known in numbers(text):
        if known.value != number.value:
            continue
        if money:
            if known.measure == "money" or (known.measure == "bare" and _may_be_money(text, key, known)):
                return True
        elif number.measure in ("percent", "fold"):
            if known.measure == number.measure:
                return True
        elif number.measure == "unit" and known.measure in ("unit", "counter", "money"):
            if known.unit == number.unit:
                return True
        elif number.measure == "counter" and known.measure == "counter":
            if known.unit == number.unit or "个" in (known.unit, number.unit):
                return True
        elif number.measure == "counter" and known.measure in ("unit", "percent", "fold", "money"):
            continue
        else:
            return True
    if number.measure == "bare" and not money:
        # Parts of codes and times (HK-1713, 14:00) are read as plain digits.
        return number.text.strip() in re.findall(r"\d+(?:\.\d+)?", flat(text))
    return False


def _may_be_money(text: str, key: str, known: Number) -> bool:
    """Whether a bare number of a fact may be an amount: 第二件 9.9, 满300减50; neither 住2大1小 nor a size table."""
    kind = key.split(".")[0]
    if kind in ("promotions", "service", "extra"):
        after = text[known.end : known.end + 1]
        return not after.isalnum() or after in "减起到返抵送换" or text[: known.start].endswith(tuple("加减满省付抵"))
    named_price = bool(re.search(r"价|元|费|[￥¥$£€]|price|fee|cost", key + text, re.IGNORECASE))
    return named_price or (kind == "variants" and bool(re.search(r"\D\d{2,5}(?:\.\d{1,2})?$", text)))


_OFFER_WORD = re.compile(r"送|赠|减|半价|免|折|返|\bfree\b|\boff\b|\bsave\b|\bget\b", re.IGNORECASE)


def _check_offers(clause: str, stated: Sequence[tuple[str, str]], missing: list[str]) -> None:
    """The numbers of a deal belong together: 买2送1 needs one fact that holds 2 and then 1."""
    deal = [number for number in numbers(clause) if _in_offer(clause, number)]
    if len(deal) < 2 or not _OFFER_WORD.search(clause):
        return
    wanted = [number.value for number in deal]
    for _, text in stated:
        rest = iter([known.value for known in numbers(text)])
        if all(value in rest for value in wanted):
            return
    missing.append(clause[deal[0].start : deal[-1].end].strip())
