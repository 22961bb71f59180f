"""Text as scorers compare it, and the numbers a text holds. Knows nothing of the gates, so that it may judge them."""

import re
import unicodedata
from itertools import pairwise

_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_WRITTEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SPELLED = re.compile("[零〇一二两三四五六七八九十百千万]+")
_AMOUNT = re.compile(
    r"(?:[￥¥$£€]|HK\$|RM)\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:元|块|美元|港币|(?:dollars?|bucks|yuan|usd)\b)",
    re.IGNORECASE,
)
FREE = 3  # counts up to this carry no claim of their own


def bare(text: object) -> str:
    """Letters and digits only, in lower case; a decimal point, a leading minus and a percent sign stay told apart."""
    plain = unicodedata.normalize("NFKC", str(text)).lower()
    plain = re.sub(r"(?<=\d)\.(?=\d)", "dot", plain)
    plain = re.sub(r"(?<!\d)-(?=\d)", "minus", plain).replace("%", "percent")
    return "".join(char for char in plain if char.isalnum())


def written(text: str) -> frozenset[float]:
    """Numbers in digits."""
    found = _WRITTEN.findall(unicodedata.normalize("NFKC", text))
    return frozenset(round(float(digits.replace(",", "")), 2) for digits in found)


def spelled(text: str) -> frozenset[float]:
    """Numbers in Chinese characters: 三百九十九 → 399, 一万二 → 10002 (places only, as written)."""
    return frozenset(float(_value(run)) for run in _SPELLED.findall(text))


def _value(run: str) -> int:
    whole = part = digit = 0
    for letter in run:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter == "万":
            whole, part, digit = (whole + part + digit) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _PLACES[letter], 0
    return whole + part + digit


def stated_amounts(listing: str) -> frozenset[float]:
    """Amounts a listing states or implies: digits, characters, 9块9, each 折 of each number, each difference."""
    text = unicodedata.normalize("NFKC", listing)
    found = written(text) | spelled(text)
    found |= {
        round(float(whole) + float(tenth) / 10, 2) for whole, tenth in re.findall(r"(\d+)\s*块\s*(\d)(?!\d)", text)
    }
    off = [float(share) for share in re.findall(r"(\d\.?\d?)\s*折", text)]
    reduced = {round(amount * share / 10, 2) for amount in found for share in off}
    if re.search(r"减|券|off|coupon|立省|抵", text, re.IGNORECASE):
        reduced |= {round(more - less, 2) for more in found for less in found if more > less}
    return frozenset(found | reduced)


def amounts(text: str) -> frozenset[float]:
    """Sums of money in digits: 59元, $24.99."""
    return frozenset(round(float(a or b), 2) for a, b in _AMOUNT.findall(unicodedata.normalize("NFKC", text)))


def pairs(text: str) -> list[str]:
    """Pairs of neighbours: of characters where there are hanzi, of words elsewhere."""
    units = list(bare(text)) if re.search("[㐀-鿿]", text) else re.findall(r"[\w.%$£€']+", text.lower())
    return [f"{left} {right}" for left, right in pairwise(units)]


def tells(text: str, value: str) -> bool:
    """Whether the text tells a value: it stands there, or three in four of its pairs of characters do."""
    wanted, whole = bare(value), bare(text)
    if wanted in whole:
        return True
    wanted_pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return len(wanted_pairs) >= 3 and sum(pair in whole for pair in wanted_pairs) >= 0.75 * len(wanted_pairs)
