"""Which stretches of a sentence stand on which facts: what a page underlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from scripts_gen.claims import check, numbers, sources
from scripts_gen.facts import ProductFacts
from scripts_gen.spoken_gate import sentences

SHARED = 3  # characters in a row that a sentence and a fact must share to be shown as one claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """A stretch of a text, and the fact keys that carry it; none for words that claim nothing."""

    text: str
    facts: tuple[str, ...]


def underlined(text: str, facts: ProductFacts, extra: Sequence[str] = ()) -> tuple[Support, ...]:
    """The whole text in stretches, each with the facts it stands on. Sentences that the gate stops carry none."""
    spans: list[tuple[int, int, str]] = []
    start = 0
    for sentence in _pieces(text):
        at = text.index(sentence, start)
        start = at + len(sentence)
        verdict = check(sentence, facts, extra)
        if verdict.ok:
            spans.extend(
                (at + left, at + right, key) for left, right, key in _claims(sentence, facts, extra, verdict.used)
            )
    borders = sorted({0, len(text), *(left for left, _, _ in spans), *(right for _, right, _ in spans)})
    return tuple(
        Support(
            text=text[left:right],
            facts=tuple(dict.fromkeys(key for first, last, key in spans if first <= left and right <= last)),
        )
        for left, right in pairwise(borders)
    )


def _pieces(text: str) -> list[str]:
    whole = list(sentences(text))
    rest = text
    for sentence in whole:
        rest = rest[rest.index(sentence) + len(sentence) :]
    return [*whole, rest.strip()] if rest.strip() else whole


def _claims(
    sentence: str, facts: ProductFacts, extra: Sequence[str], used: Sequence[str]
) -> list[tuple[int, int, str]]:
    """(first, last, key) of each fact's words in the sentence: its value, its number, or the longest shared words."""
    lowered = sentence.lower()
    found: list[tuple[int, int, str]] = []
    for key in used:
        for value in (text for name, text in sources(facts, extra) if name == key):
            at = lowered.find(value.lower()) if value else -1
            if at >= 0:
                found.append((at, at + len(value), key))
                break
            if counted := [
                (number.start, number.end, key)
                for number in numbers(sentence)
                if any(known.value == number.value for known in numbers(value))
            ]:
                found.extend(counted)
                break
            match = SequenceMatcher(None, lowered, value.lower(), autojunk=False).find_longest_match()
            if match.size >= SHARED:
                found.append((match.a, match.a + match.size, key))
                break
    return found
