"""A show's lines as values: what is kept of them, what the gates say, who stands for them (pure)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.catalogue.product import Product
from app.errors import BadInput
from app.shows.script_store import LineApprovalRow, ScriptVersionRow
from app.shows.verdicts import Ground, Verdict, changed, ground_of, judged
from scripts_gen.rundown import Segment

Reason = Literal["written", "edited", "rewritten", "facts_changed", "restored", "copied"]
LINE_LONGEST = 500  # characters; a minute and a half of speech
LINES_MOST = 40  # in a block


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line as it is kept: its kind, its text with money in slots, and who worded it."""

    kind: str
    text: str
    worded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who stands for a line, and since when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as pages show it. `gone` are facts it was approved on and that have changed since."""

    number: int
    kind: str
    text: str
    worded: str
    verdict: Verdict
    approval: Approval | None
    gone: tuple[str, ...]

    @property
    def spoken(self) -> bool:
        """Whether a real show says it."""
        return self.approval is not None and not self.gone and self.verdict.ok

    @property
    def look_again(self) -> bool:
        """Whether it was approved and its facts do not carry it any longer."""
        return self.approval is not None and not self.spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockWords:
    """One product's lines in a show. Version 0 are the product's own approved words, not yet touched here."""

    product: Product
    goal: str
    version: int
    why: Reason | Literal["product", "none"]
    by: str
    at: datetime | None
    lines: tuple[Line, ...]

    @property
    def approved(self) -> bool:
        """Whether there are lines and all of them are spoken in a real show."""
        return bool(self.lines) and all(line.spoken for line in self.lines)

    @property
    def stopped(self) -> tuple[Line, ...]:
        """The lines that cannot be approved as they are."""
        return tuple(line for line in self.lines if not line.verdict.ok)

    @property
    def proofs(self) -> tuple[str, ...]:
        """Words of lines not yet approved that the law wants a proof for."""
        return tuple(line.verdict.proof for line in self.lines if line.verdict.proof and not line.spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One saved version of a block."""

    number: int
    why: str
    by: str
    at: datetime
    lines: tuple[Words, ...]


def spoken_lines(
    version: ScriptVersionRow,
    approvals: Iterable[LineApprovalRow],
    product: Product,
    policies: Sequence[tuple[str, str]],
    lang: str,
    *,
    everything: bool,
) -> tuple[Segment, ...]:
    """What a show says of a version: the lines somebody stands for on facts that hold; in a rehearsal everything."""
    ground = ground_of(product, policies, lang)
    lines = lines_on([words_in(item) for item in version.lines], ground, by_words(approvals), product.id)
    return tuple(
        Segment(kind=line.kind, text=line.text, facts=tuple(key for key, _ in line.verdict.facts))
        for line in lines
        if everything or line.spoken
    )


def clean(text: str) -> str:
    """The words on one line, trimmed. Raises BadInput for none, too many, or what cannot be kept."""
    words = " ".join(text.split())
    if not words or len(words) > LINE_LONGEST or not any(char.isalnum() for char in words):
        raise BadInput("text", f"1 to {LINE_LONGEST} characters of words", text)
    if "\0" in words or any("\ud800" <= char <= "\udfff" for char in words):
        raise BadInput("text", "whole characters", ascii(text))
    return words


def hashed(text: str) -> str:
    """What stands for exactly these words."""
    return hashlib.sha256(text.encode()).hexdigest()


def lines_on(
    words: Sequence[Words], ground: Ground, approvals: dict[tuple[str, str], LineApprovalRow], block: str
) -> tuple[Line, ...]:
    found: list[Line] = []
    for number, line in enumerate(words, start=1):
        row = approvals.get((block, hashed(line.text)))
        found.append(
            Line(
                number=number,
                kind=line.kind,
                text=line.text,
                worded=line.worded,
                verdict=judged(line.text, ground),
                approval=None if row is None else Approval(by=row.by, at=row.at),
                gone=() if row is None else changed(row.facts, ground),
            )
        )
    return tuple(found)


def by_words(rows: Iterable[LineApprovalRow]) -> dict[tuple[str, str], LineApprovalRow]:
    return {(row.block, row.words): row for row in rows}


def kept(line: Line) -> Words:
    return Words(kind=line.kind, text=line.text, worded=line.worded)


def words_in(item: dict[str, Any]) -> Words:
    return Words(kind=item["kind"], text=item["text"], worded=item["worded"])
