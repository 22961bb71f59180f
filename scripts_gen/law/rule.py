"""A rule of advertising law: the words it looks for, compiled once, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HANZI = re.compile("[一-鿿]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`why` names the reason in a few words; `ranking` bends to a named source, `effect` to a registration.

    The words are kept in up to three patterns: those that begin with a Chinese character (a plain literal lets the
    engine skip ahead, which folding of case forbids), other Chinese ones, and Latin ones, tried on Latin text alone.
    """

    why: str
    chinese: tuple[re.Pattern[str], ...]
    latin: re.Pattern[str] | None
    ranking: bool = False
    effect: bool = False

    def found(self, plain: str) -> Iterator[re.Match[str]]:
        """Every place where the words stand."""
        if not plain.isascii():
            for pattern in self.chinese:
                yield from pattern.finditer(plain)
        if self.latin is not None and _LATIN.search(plain):
            yield from self.latin.finditer(plain)


def rule(why: str, *alternatives: str, ranking: bool = False, effect: bool = False) -> Rule:
    """A rule over any of the alternatives, in any case of letters. Raises ValueError for an empty alternative."""
    parts = _split("|".join(alternatives))
    if any(re.match(part, "") for part in parts):
        raise ValueError(f"{why}: wanted words, found an empty alternative")
    latin = [part for part in parts if not _HANZI.search(part) and _LATIN.search(re.sub(r"\\.", "", part))]
    literal = [part for part in parts if _HANZI.match(part) and not _LATIN.search(part)]
    others = [part for part in parts if part not in latin and part not in literal]
    chinese = [re.compile("|".join(literal))] if literal else []
    if others:
        chinese.append(re.compile("|".join(others), re.IGNORECASE))
    return Rule(
        why=why,
        chinese=tuple(chinese),
        latin=re.compile("|".join(latin), re.IGNORECASE) if latin else None,
        ranking=ranking,
        effect=effect,
    )


def _split(pattern: str) -> list[str]:
    """The alternatives of a pattern's top level."""
    parts, depth, start, at, in_class = [], 0, 0, 0, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*parts, pattern[start:]]
