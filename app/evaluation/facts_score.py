"""Extraction, scored as micro-F1 over (field, normalised value), with the share of values that nobody stated.

A predicted value counts when it equals an authored one of its field, or one holds the other and is at least three
fifths as long. Each authored value is matched once. `docs/model.md` tells how far this agrees with a second scorer.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.evaluation.plain import bare, stated_amounts

TEXTS = ("title", "brand")
MONEY = ("price", "list_price")
LISTS = ("selling_points", "audience", "promotions", "service", "variants")
FIELDS = (*TEXTS, *MONEY, "specs", *LISTS)
HOLDS = 0.6  # the least share of the longer value that the shorter one may be

Item = tuple[str, str | float | None]


@dataclass(slots=True, kw_only=True)
class Tally:
    """Hits, false alarms and misses by field, and the values that do not stand in their listing."""

    hit: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    invented: int = 0

    def add(self, gold: Mapping[str, Any], found: Mapping[str, Any], listing: str) -> None:
        """Count one record."""
        left, whole, stated = items(gold), bare(listing), stated_amounts(listing)
        for name, value in items(found):
            match = next((other for other in left if other[0] == name and _same(value, other[1])), None)
            if match is None:
                self.false[name] += 1
            else:
                self.hit[name] += 1
                left.remove(match)
            if isinstance(value, str):
                self.invented += value not in whole
            else:
                self.invented += value not in stated
        self.missed.update(name for name, _ in left)

    def f1(self, names: Sequence[str] = FIELDS) -> float | None:
        """Micro-F1 over the named fields; None when neither side has a value."""
        hit = sum(self.hit[name] for name in names)
        wrong = sum(self.false[name] + self.missed[name] for name in names)
        return None if hit + wrong == 0 else round(2 * hit / (2 * hit + wrong), 4)

    def table(self) -> dict[str, Any]:
        """The figures as JSON."""
        hit, false, missed = (sum(count.values()) for count in (self.hit, self.false, self.missed))
        return {
            "micro_f1": self.f1(),
            "precision": _share(hit, hit + false),
            "recall": _share(hit, hit + missed),
            "values": hit + false,
            "invented": self.invented,
            "invented_share": _share(self.invented, hit + false),
            "per_field": {name: self.f1((name,)) for name in FIELDS},
        }


def items(facts: Mapping[str, Any]) -> list[Item]:
    """Every single value of a facts object, normalised for comparing."""
    found: list[Item] = [(name, bare(facts[name])) for name in TEXTS if facts.get(name)]
    found += [(name, _amount(facts[name])) for name in MONEY if facts.get(name) not in (None, "")]
    for spec in facts.get("specs") or ():
        value = spec.get("value") if isinstance(spec, Mapping) else spec
        if value not in (None, ""):
            found.append(("specs", bare(value)))
    for name in LISTS:
        given = facts.get(name) or ()
        found += [(name, bare(value)) for value in (given if isinstance(given, list | tuple) else (given,)) if value]
    return found


def _same(value: str | float | None, other: str | float | None) -> bool:
    if not isinstance(value, str) or not isinstance(other, str):
        return value == other
    short, long = sorted((value, other), key=len)
    return short == long or (bool(short) and short in long and len(short) >= HOLDS * len(long))


def _amount(value: object) -> float | None:
    try:
        return round(float(str(value)), 2)
    except ValueError:
        digits = re.search(r"\d[\d,]*\.?\d*", str(value))
        return round(float(digits.group().replace(",", "")), 2) if digits else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
