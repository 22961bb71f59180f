"""Comments before any model sees them: cleaned text, speakable names, and whether two ask the same (pure)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from app.events import ProductId
from scripts_gen.reading import Reading, classify

LONGEST = 500  # code points of a comment that are looked at
NAMED, NAMED_LATIN = 3, 7  # characters of a title that name its product
SAME = 0.5  # bigram overlap above which two comments ask the same; 多少钱一盒 / 一盒多少钱呀 = 0.5
MERGED_BY_INTENT = frozenset({"price", "promotion", "stock", "shipping"})
_BLANK = re.compile(r"\s+")
_NAME = re.compile(r"[^\w一-鿿]|\d|_")


def cleaned(text: str) -> str:
    """NFKC, without zero-width, control, surrogate and combining-heap characters; one line; at most LONGEST."""
    folded = unicodedata.normalize("NFKC", text[: LONGEST * 4])
    kept: list[str] = []
    marks = 0
    for char in folded:
        category = unicodedata.category(char)
        if category in ("Cf", "Cs", "Co", "Cn"):
            continue
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= 2:
            kept.append(" " if category in ("Cc", "Zl", "Zp") else char)
    return _BLANK.sub(" ", "".join(kept)).strip()[:LONGEST]


@lru_cache(2_048)
def reading_of(text: str) -> Reading:
    """What a cleaned comment wants; crowds repeat themselves, so the answer is kept."""
    return classify(text)


def speakable(name: str) -> str:
    """A viewer's name as far as it may be said aloud: letters only, 2–6 of them in Chinese, else nothing."""
    bare = _NAME.sub("", cleaned(name))
    if not bare:
        return ""
    if bare.isascii():
        return bare if 2 <= len(bare) <= 12 else ""
    return bare if 2 <= len(bare) <= 6 else ""


def named_product(text: str, titles: Mapping[ProductId, str], on_air: ProductId | None) -> ProductId | None:
    """The product that a comment names by a piece of its title; the one on air when none is named better."""
    best, length = on_air, _shared(text, titles.get(on_air, "") if on_air else "")
    for product, title in titles.items():
        shared = _shared(text, title)
        if shared > length and shared >= (NAMED_LATIN if title.isascii() else NAMED):
            best, length = product, shared
    return best


def _shared(text: str, title: str) -> int:
    """Length of the longest piece of the title that stands in the text."""
    text, title = text.lower(), title.lower()
    for size in range(min(len(text), len(title)), 1, -1):
        if any(title[at : at + size] in text for at in range(len(title) - size + 1)):
            return size
    return 0


def pairs(text: str) -> frozenset[str]:
    """The character pairs of a comment, letters and digits only, by which likeness is measured."""
    bare = "".join(char for char in text.lower() if char.isalnum())
    return frozenset(bare[index : index + 2] for index in range(len(bare) - 1)) or frozenset({bare})


def alike(one: str, other: str) -> float:
    """The share of character pairs that two comments have in common, 0..1."""
    left, right = pairs(one), pairs(other)
    return len(left & right) / len(left | right)


def same_question(intent: str, text: str, other_intent: str, other_text: str) -> bool:
    """Whether two comments about the same product can be answered together."""
    if intent == other_intent and intent in MERGED_BY_INTENT:
        return True
    return alike(text, other_text) >= SAME
