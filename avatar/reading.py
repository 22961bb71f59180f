"""Reading rules: a pattern of the written text and what is said for it, tried in order at each place."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avatar.line import Link

Match = re.Match[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where `pattern` matches (and the text before it ends with `before`), `read` says it, or declines with None."""

    pattern: re.Pattern[str]
    read: Callable[[Match], str | None]
    before: re.Pattern[str] | None = None


def rule(pattern: str, read: Callable[[Match], str | None], *, before: str | None = None) -> Rule:
    """A `Rule` from pattern texts; `before` is anchored to the end of what precedes."""
    return Rule(pattern=re.compile(pattern), read=read, before=re.compile(f"(?:{before})$") if before else None)


def read_aloud(text: str, rules: Sequence[Rule]) -> list[tuple[str, int, int]]:
    """Stretches `(spoken, start, end)` that cover `text` left to right; what no rule takes stays as it is."""
    said: list[tuple[str, int, int]] = []
    place = plain = 0
    while place < len(text):
        for candidate in rules:
            match = candidate.pattern.match(text, place)
            if match is None or match.end() == place:
                continue
            if candidate.before and not candidate.before.search(text, max(0, place - 16), place):
                continue
            spoken = candidate.read(match)
            if spoken is None:
                continue
            if plain < place:
                said.append((text[plain:place], plain, place))
            said.append((spoken, place, match.end()))
            place = plain = match.end()
            break
        else:
            place += 1
    if plain < len(text):
        said.append((text[plain:], plain, len(text)))
    return said


def joined(stretches: Sequence[tuple[str, int, int]], origin: Sequence[int]) -> tuple[str, tuple[Link, ...]]:
    """Spoken text and links; `origin[i]` is the place in the original of character i (one more entry for the end)."""
    spoken, links = "", []
    for words, start, end in stretches:
        links.append(
            Link(
                spoken_start=len(spoken),
                spoken_end=len(spoken) + len(words),
                written_start=origin[start],
                written_end=origin[end],
            )
        )
        spoken += words
    return spoken, tuple(links)
