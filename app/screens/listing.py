"""A product's facts beside the listing they come from (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from scripts_gen.facts import ProductFacts, Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the listing and the keys of the facts that stand on it."""

    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact as the table shows it; `label` is the specification's own name or empty."""

    key: str
    family: str
    label: str
    value: str
    confidence: float | None
    in_listing: bool


def marked(listing: str, evidence: Mapping[str, Sequence[Span]]) -> list[Piece]:
    """The whole listing in pieces, each with the facts it supports. Spans may overlap; outside ones are cut off."""
    spans = [
        (max(0, start), min(len(listing), end), key)
        for key, found in evidence.items()
        for start, end in found
        if start < end and start < len(listing) and end > 0
    ]
    borders = sorted({0, len(listing), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    return [
        Piece(text=listing[left:right], keys=tuple(key for start, end, key in spans if start <= left and right <= end))
        for left, right in pairwise(borders)
    ]


def fact_rows(facts: ProductFacts) -> list[FactRow]:
    """Every single fact with its confidence and whether the listing shows it."""
    return [
        FactRow(
            key=key,
            family=key.split(".")[0],
            label=key.partition(".")[2] if key.startswith("specs.") else "",
            value=value,
            confidence=_of(facts.confidence, key),
            in_listing=_of(facts.evidence, key) is not None,
        )
        for key, value in facts.items()
    ]


def _of(values: Mapping[str, T], key: str) -> T | None:
    """The value of a fact, else that of its whole field (`promotions` for `promotions.0`)."""
    return values.get(key) or values.get(key.split(".")[0])
