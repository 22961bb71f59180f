"""Scripts, scored: what of the facts they tell, what they claim beyond them, how they vary and how long they are.

Claims are counted twice. `claims_unsupported` is the gate's own finding, so after the gate it can only be 0 and says
that the gate ran; `foreign_numbers` is a count of another kind, by code that shares nothing with the gate.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.evaluation.plain import FREE, pairs, tells, written
from scripts_gen.adlaw import judge
from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts
from scripts_gen.rundown import SEGMENTS
from scripts_gen.spoken_gate import sentences, washed

COVERED = ("title", "brand", "price", "specs", "selling_points", "promotions", "service")


@dataclass(slots=True, kw_only=True)
class Sentences:
    """Sentences looked at, and what was found in them."""

    seen: int = 0
    claims_unsupported: int = 0
    foreign_numbers: int = 0
    forbidden: int = 0

    def add(self, sentence: str, facts: ProductFacts) -> None:
        """Look at one sentence."""
        self.seen += 1
        self.claims_unsupported += bool(unsupported(sentence, facts))
        self.foreign_numbers += bool(foreign(sentence, facts))
        self.forbidden += judge(sentence, facts.category).verdict == "ban"

    def table(self) -> dict[str, Any]:
        """Per hundred sentences; None when there was none."""
        names = ("claims_unsupported", "foreign_numbers", "forbidden")
        rates = {name: round(100 * getattr(self, name) / self.seen, 2) if self.seen else None for name in names}
        return {"sentences": self.seen, "per_hundred": rates}


@dataclass(slots=True, kw_only=True)
class ScriptTally:
    """The sums over scripts. `raw`: the model's own sentences before any gate; `said`: those of the finished script."""

    scripts: int = 0
    in_order: int = 0
    told: Counter[str] = field(default_factory=Counter)
    tellable: Counter[str] = field(default_factory=Counter)
    raw: Sentences = field(default_factory=Sentences)
    said: Sentences = field(default_factory=Sentences)
    lengths: list[int] = field(default_factory=list)
    distinct: list[float] = field(default_factory=list)
    own_words: int = 0

    def add(self, segments: Mapping[str, str], raw: Sequence[str], facts: ProductFacts) -> None:
        """Count one finished script and the texts the model wrote for it."""
        whole = " ".join(segments.values())
        self.scripts += 1
        self.in_order += tuple(segments) == SEGMENTS
        for name, value in _tellable(facts):
            self.tellable[name] += 1
            self.told[name] += _told(name, value, whole)
        spoken = [sentence for text in segments.values() for sentence in sentences(_ended(text))]
        for sentence in spoken:
            self.said.add(sentence, facts)
        written_by_model = [sentence for text in raw for sentence in sentences(_ended(washed(text)))]
        for sentence in written_by_model:
            self.raw.add(sentence, facts)
        self.own_words += sum(sentence in set(written_by_model) for sentence in spoken)
        self.lengths += [len(text) for text in segments.values()]
        if two := pairs(whole):
            self.distinct.append(len(set(two)) / len(two))

    def table(self) -> dict[str, Any]:
        """The figures as JSON."""
        coverage = {name: _mean(self.told[name], self.tellable[name]) for name in COVERED}
        return {
            "scripts": self.scripts,
            "whole_and_in_order": _mean(self.in_order, self.scripts),
            "coverage": _mean(sum(self.told.values()), sum(self.tellable.values())),
            "coverage_per_field": coverage,
            "before_the_gate": self.raw.table(),
            "after_the_gate": self.said.table(),
            "sentences_by_the_model": _mean(self.own_words, self.said.seen),
            "distinct_2": _mean(sum(self.distinct), len(self.distinct)),
            "characters_a_segment": _mean(sum(self.lengths), len(self.lengths)),
        }


def unsupported(text: str, facts: ProductFacts) -> str:
    """What the gate finds without a fact once the facts' own words, quoted whole, are taken out; empty when nothing."""
    rest = text
    for value in sorted((value for _, value in facts.items()), key=len, reverse=True):
        if len(value) > 3:
            rest = rest.replace(value, "")
    return "" if check(text, facts).ok else check(rest, facts).reason


def foreign(text: str, facts: ProductFacts) -> frozenset[float]:
    """Numbers above FREE in the text that stand nowhere in the facts, the saving between the prices aside."""
    known = written(" ".join(f"{key} {value}" for key, value in facts.items()))
    if facts.price is not None and facts.list_price is not None:
        known |= {round(float(facts.list_price - facts.price), 2)}
    return frozenset(number for number in written(text) - known if number > FREE or number != int(number))


def _tellable(facts: ProductFacts) -> list[tuple[str, str]]:
    return [(name, value) for key, value in facts.items() if (name := key.split(".")[0]) in COVERED]


def _told(name: str, value: str, text: str) -> bool:
    return round(float(value), 2) in written(text) if name == "price" else tells(text, value)


def _ended(text: str) -> str:
    return text if text[-1:] in ("。", "！", "？", ".", "!", "?") else text + "。"


def _mean(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
