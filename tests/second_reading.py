"""Numbers with their units as the second checker reads them: Arabic, Chinese and English ones, ranges and sizes."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

LEXICON: dict[str, Any] = tomllib.loads((Path(__file__).parent / "second_lexicon.toml").read_text("utf-8"))
UNITS = {
    unit: (kind, Decimal(size))
    for kind, sizes in LEXICON["units"].items()
    for size, units in sizes.items()
    for unit in units
}
DIGIT = {d: i for i, d in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?")
# words that only look like numbers
IDIOM = re.compile(
    r"千万别|[前后每]一[天晚步]|千万|万一|十分|一[下点样起些定直边旦切会般手头面步遍看]|一条条|一个个|七八|第[一二三四五六七八九十]+"
    r"|四季|百搭|三口人|两码事|五颜六色|一目了然|半[夜路]|二手|两三|[一二三四五六七八九十]月|星期[一二三四五六]|周[一二三四五六]"
)
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
}  # fmt: skip
_NAMES = sorted([*UNITS, *str(LEXICON["counters"]).split()], key=len, reverse=True)
_UNIT = "|".join(
    re.escape(name) + ("(?![a-z])" if name[-1].isascii() and name[-1].isalpha() else "") for name in _NAMES
)
QUANTITY = re.compile(
    rf"(?P<sign>[¥￥$])?\s*(?P<n>(?<![\d.])\d+(?:\.\d+)?)(?:\s*[-~到至]\s*(?P<n2>\d+(?:\.\d+)?))?[\s-]?(?P<unit>{_UNIT})?"
)
CHAIN = re.compile(rf"(\d+(?:\.\d+)?)(?=(?:\s*(?:[x×*乘]|by)\s*\d+(?:\.\d+)?)+\s*({_UNIT}))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with what it counts: `measures` is (kind, size) of a unit, or None beside a bare counter."""

    value: Decimal
    unit: str
    measures: tuple[str, Decimal] | None


def arabic(text: str) -> str:
    """The text with its Chinese numerals as digits: 两年 → 2年, 三百二十 → 320."""
    kept = IDIOM.sub(lambda m: "·" * len(m[0]), text)
    return HAN_NUMBER.sub(lambda m: _figures(m[0]), kept)


def _figures(written: str) -> str:
    whole, _, part = written.partition("点")
    if len(whole) > 1 and all(char in DIGIT for char in whole):
        value = int("".join(str(DIGIT[char]) for char in whole))
    else:
        value = section = digit = 0
        for char in whole:
            if char in DIGIT:
                digit = DIGIT[char]
            elif char == "万":
                value, section, digit = (section + digit or 1) * 10_000, 0, 0
            else:
                section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
                digit = 0
        value += section + digit
    return f"{value}.{''.join(str(DIGIT[char]) for char in part)}" if part else str(value)


def quantities(text: str) -> Iterator[Quantity]:
    """Every number of the text with its unit; of a range, both ends; of `38×29×31cm`, each side."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", arabic(text).lower())
    plain = re.sub(r"\b(" + "|".join(WORDS) + r")\b", lambda m: str(WORDS[m[1]]), plain)
    for match in CHAIN.finditer(plain):
        yield quantity_of(match[1], match[2])
    for match in QUANTITY.finditer(plain):
        unit = match["unit"] or match["sign"] or ""
        if not unit and plain[: match.start("n")].rstrip()[-1:] in ("减", "省", "返", "补"):
            unit = "元"  # 再减10
        for number in (match["n"], match["n2"]):
            if number:
                yield quantity_of(number, unit)


def quantity_of(number: str, unit: str) -> Quantity:
    """A number and its unit as they are compared."""
    return Quantity(value=Decimal(number), unit=unit, measures=UNITS.get(unit.lower()))
