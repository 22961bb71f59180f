"""The difference of two texts by words (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+(?:['’][A-Za-z]+)?|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch of words that stayed, went or came."""

    state: Literal["same", "gone", "new"]
    text: str


def words_of(text: str) -> list[str]:
    """The text cut into numbers, Latin words, spaces and single other characters; joined they are the text."""
    return _WORD.findall(text)


def difference(before: str, after: str) -> tuple[Change, ...]:
    """The way from one text to the other: what stays, what goes, what comes, in reading order."""
    old, new = words_of(before), words_of(after)
    found: list[Change] = []
    for state, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if state == "equal":
            found.append(Change(state="same", text="".join(old[first:last])))
            continue
        if first < last:
            found.append(Change(state="gone", text="".join(old[first:last])))
        if start < end:
            found.append(Change(state="new", text="".join(new[start:end])))
    return tuple(found)


def line_differences(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> list[tuple[str, tuple[Change, ...]]]:
    """Two scripts as (kind, text) lines, line by line: the kind and the difference of its words."""
    found: list[tuple[str, tuple[Change, ...]]] = []
    matcher = SequenceMatcher(None, [kind for kind, _ in before], [kind for kind, _ in after], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        old, new = list(before[first:last]), list(after[start:end])
        for index in range(max(len(old), len(new))):
            kind = (new[index] if index < len(new) else old[index])[0]
            gone = old[index][1] if index < len(old) else ""
            come = new[index][1] if index < len(new) else ""
            found.append((kind, difference(gone, come)))
    return found
