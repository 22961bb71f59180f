"""Comparisons of numbers that no small model should make: a viewer's height, weight or age against the facts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts_gen.facts import ProductFacts
from scripts_gen.numerals import DIGITS, chinese_value, flat

_RANGE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:cm|厘米|斤|kg|公斤|岁)?\s*[-~～—–到至]\s*(\d+(?:\.\d+)?)\s*(cm|厘米|斤|kg|公斤|个月|"
    r"月龄|岁|lbs?|in\b)?"
)
_SIZE_NAME = re.compile(r"^(?:尺码)?\s*((?:[2-6]?X{0,3}[SML])|均码|\d{2,3}(?:\.5)?)\s*(?:码|号|size)?$", re.IGNORECASE)


_TOKEN = re.compile(r"(?<![A-Za-z0-9])([2-6]?X{0,3}[SL]|M)(?![A-Za-z0-9])", re.IGNORECASE)
_SMALL = re.compile(r"小(?:的|号|码|一号)|small(?:er|est)? (?:one|size)?", re.IGNORECASE)
_LARGE = re.compile(
    r"(?<!多)大(?:的|号|码|一号)|larger?(?:st)? (?:one|size)?|big(?:ger|gest)? (?:one|size)", re.IGNORECASE
)
_RANK = ("S", "M", "L")


def sizes_named(comment: str, facts: ProductFacts) -> tuple[tuple[str, str], ...]:
    """The size rows a comment asks for, by letter (L和XL差多少) or as the small or the large one, as (key, text)."""
    rows = [
        (match[1].upper(), f"specs.{spec.name}", spec.value) for spec in facts.specs if (match := _letters(spec.name))
    ]
    if not rows:
        return ()
    wanted = [token.upper() for token in _TOKEN.findall(comment)]
    found = [(key, value) for name, key, value in rows if name in wanted]
    ordered = sorted(rows, key=lambda row: _rank(row[0]))
    if not found and _SMALL.search(comment):
        found = [ordered[0][1:]]
    if not found and _LARGE.search(comment):
        found = [ordered[-1][1:]]
    return tuple(found[:2])


def _letters(name: str) -> re.Match[str] | None:
    match = _SIZE_NAME.match(name)
    return match if match and match[1].upper().endswith(_RANK) else None


def _rank(name: str) -> int:
    """The order of letter sizes: XS before S, M, L, XL, 2XL."""
    times = int(name[0]) if name[0].isdigit() else name.count("X")
    return {"S": -times, "M": 1, "L": 2 + times}[name[-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a viewer says of a body: height in cm, weight in 斤, age in months; None when not said."""

    height: float | None = None
    weight: float | None = None
    months: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where a body stands in the facts: the fact key, its text, and whether it lies inside the range."""

    key: str
    name: str
    text: str
    inside: bool


def body_of(comment: str) -> Body:
    """Height, weight and age as they stand in a comment (170/120斤, 一米六五, 5岁, 8个月, 65kg)."""
    text = flat(comment).lower()
    height = weight = months = None
    if found := re.search(
        r"(?<!\d)(1[3-9]\d|20\d|[6-9]\d(?=\s*(?:cm|厘米)))(?!\d|\s*(?:斤|元|块|g\b|ml|码|kg|公斤|w\b))", text
    ):
        height = float(found.group(1))
    if found := re.search(r"(?:身?高\s*|一|1)米\s*([一二三四五六七八九\d])\s*([一二三四五六七八九零\d])?", text):
        tens, ones = found.group(1), found.group(2)
        digit = [int(char) if char.isdigit() else DIGITS[char] for char in (tens, ones or "0")]
        height = 100.0 + digit[0] * 10 + digit[1]
    if found := re.search(r"(\d{2,3}(?:\.\d)?)\s*斤", text):
        weight = float(found.group(1))
    elif found := re.search(r"([一二三四五六七八九十百]+)\s*斤", text):
        weight = float(chinese_value(found.group(1)))
    elif found := re.search(r"(\d{1,3}(?:\.\d)?)\s*(?:kg|公斤|千克)", text):
        weight = float(found.group(1)) * 2
    elif found := re.search(r"1[3-9]\d(?:cm)?\s*[/，, ]\s*(\d{2,3})(?!\d|cm)", text):
        weight = float(found.group(1)) if float(found.group(1)) >= 75 else float(found.group(1)) * 2
    elif found := re.search(r"体重\s*(\d{2,3})", text):
        weight = float(found.group(1))
    if found := re.search(r"(\d+(?:\.\d)?|[一二两三四五六七八九十]+)\s*(?:周?岁(半)?|years? old|yrs?\b|yo\b)", text):
        months = 12 * _value(found.group(1)) + (6 if found.group(2) else 0)
    elif found := re.search(
        r"(\d+|[一二两三四五六七八九十]+)\s*(?:个月|月龄|months?\b|mo\b)(?!.{0,3}(?:保质|能用|用完|过期))", text
    ):
        months = _value(found.group(1))
    return Body(height=height, weight=weight, months=months)


def _value(word: str) -> float:
    return float(word) if word[0].isdigit() else float(chinese_value(word))


def fits(body: Body, facts: ProductFacts) -> Iterator[Fit]:
    """Sizes of the size table that a body falls into; nothing when there is no table or no body."""
    if body.height is None and body.weight is None:
        return
    for spec in facts.specs:
        name = _SIZE_NAME.match(spec.name.strip())
        if not name:
            continue
        verdicts = list(_verdicts(body, flat(spec.value)))
        if verdicts and all(verdicts):
            yield Fit(key=f"specs.{spec.name}", name=name.group(1).upper(), text=spec.value, inside=True)


def partial_fits(body: Body, facts: ProductFacts) -> Iterator[Fit]:
    """Sizes in which height or weight, but not both, falls."""
    for spec in facts.specs:
        name = _SIZE_NAME.match(spec.name.strip())
        if name and any(_verdicts(body, flat(spec.value))):
            yield Fit(key=f"specs.{spec.name}", name=name.group(1).upper(), text=spec.value, inside=False)


def _verdicts(body: Body, table: str) -> Iterator[bool]:
    for match in _RANGE.finditer(table):
        low, high, unit = float(match.group(1)), float(match.group(2)), match.group(3) or ""
        before = table[max(0, match.start() - 6) : match.start()]
        if re.search(r"胸|腰|臀|衣长|裤长|肩|袖|脚长|内长|筒", before):
            continue
        as_weight = "重" in before or unit in ("斤", "kg", "公斤")
        as_height = "高" in before or (unit in ("cm", "厘米", "") and not as_weight and low >= 50 and high <= 210)
        if as_weight and body.weight is not None:
            scale = 2 if unit in ("kg", "公斤") else 1
            yield low * scale <= body.weight <= high * scale
        elif as_height and body.height is not None:
            yield low <= body.height <= high


def has_table(facts: ProductFacts) -> bool:
    """Whether the facts hold a size table."""
    return any(_SIZE_NAME.match(spec.name.strip()) for spec in facts.specs)


def age_fits(body: Body, facts: ProductFacts) -> Iterator[Fit]:
    """Age statements of the facts (3岁以上, 4-36个月, ages 8+, 12岁以下勿用) and whether they allow the said age."""
    if body.months is None:
        return
    for key, text in facts.items():
        if key.split(".")[0] not in ("audience", "specs", "selling_points"):
            continue
        for low, high in _ages(flat(text).lower()):
            yield Fit(key=key, name="", text=text, inside=low <= body.months <= high)


def _ages(text: str) -> Iterator[tuple[float, float]]:
    endless = 12.0 * 120
    if found := re.search(r"(\d+(?:\.\d)?)\s*(?:岁|周岁)?\s*[-~～—–到至]\s*(\d+)\s*(?:周?岁|years?)", text):
        yield 12 * float(found.group(1)), 12 * float(found.group(2)) + 11.9
    elif found := re.search(r"(\d+)\s*[-~～—–到至]\s*(\d+)\s*(?:个月|月龄|months)", text):
        yield float(found.group(1)), float(found.group(2)) + 0.9
    elif found := re.search(r"(?:未满)?(\d+)\s*(?:个月|月龄)\s*(?:以上|\+|起)", text):
        yield float(found.group(1)), endless
    elif (found := re.search(r"(\d+)\s*周?岁\s*(?:以下|以内|内)[^，。；]{0,8}(?:不|勿|禁|慎|别)", text)) or (
        found := re.search(r"(?:not (?:suitable )?for|keep away from)[^.;]{0,24}under (\d+)", text)
    ):
        yield 12 * float(found.group(1)), endless
    elif found := re.search(r"(\d+)\s*周?岁\s*(?:以下|以内)", text):
        yield 0.0, 12 * float(found.group(1)) + 0.1
    elif found := re.search(
        r"(?:ages?\s*)?(?<!\d)(\d{1,2})\s*(?:周?岁\s*(?:以上|及以上|\+|起)|\+(?![\d+])|\s*(?:years? )?(?:and|"
        r"or) (?:up|over|older))",
        text,
    ):
        yield 12 * float(found.group(1)), endless
