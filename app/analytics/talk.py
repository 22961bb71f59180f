"""What the crowd asked and how it was answered: pure folds over a room's log.

A metric is None, never 0, where nothing was measured. Percentiles are nearest-rank (the smallest value that at least
that share of the values does not exceed), so every figure is one that really happened.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.events import (
    CardShown,
    CommentAnswered,
    CommentDecided,
    CommentHeard,
    CommentId,
    LineStarted,
    LiveEvent,
    ProductId,
)
from scripts_gen.reading import PURCHASE_INTENTS

SMALL_TALK = frozenset({"chitchat", "off_topic", "abuse", "injection"})
"""Intents that are no question about a product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Milliseconds over `n` measured values; None when n is 0."""

    median_ms: int | None
    p95_ms: int | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A comment with what became of it. `decision` is None while it waits; `at` unix seconds.

    `product` is the one that was on air when it was heard.
    """

    comment: CommentId
    at: float
    name: str
    text: str
    simulated: bool
    intent: str | None = None
    decision: str | None = None
    reason: str | None = None
    wait_ms: int | None = None
    merged_into: CommentId | None = None
    answer: str | None = None
    answerable: bool | None = None
    first_sound_ms: int | None = None
    first_word_ms: int | None = None
    product: ProductId | None = None

    @property
    def is_question(self) -> bool:
        """True when the director read it as a question about a product."""
        return self.intent is not None and self.intent not in SMALL_TALK and self.decision != "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """How many questions were of one kind, and the share of them that was answered (0..1)."""

    name: str
    questions: int
    answered: int
    answered_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A room's conversation. `seen` = answered + merged + skipped + handed_over + dropped + waiting.

    `answered_share` is of the questions, 0..1, a merged one counting with the one it was merged into.
    """

    seen: int
    answered: int
    merged: int
    skipped: int
    handed_over: int
    dropped: int
    waiting: int
    questions: int
    questions_answered: int
    answered_share: float | None
    wait: Delays
    first_sound: Delays
    first_word: Delays
    unanswered: tuple[Asked, ...]
    unanswered_purchase: tuple[Asked, ...]
    not_in_facts: tuple[Asked, ...]
    intents: tuple[Intent, ...]


def comments_of(events: Iterable[LiveEvent]) -> list[Asked]:
    """Every typed comment of a log in the order it was heard, with its decision and answer; repeats count once."""
    asked: dict[CommentId, Asked] = {}
    on_air: ProductId | None = None
    for event in events:
        match event:
            case CardShown() | LineStarted() if event.product is not None:
                on_air = event.product
            case CommentHeard(crowd_kind="comment"):
                asked.setdefault(
                    event.comment,
                    Asked(
                        comment=event.comment,
                        at=event.received_at,
                        name=event.name,
                        text=event.text,
                        simulated=event.simulated,
                        product=on_air,
                    ),
                )
            case CommentDecided() if event.comment in asked:
                asked[event.comment] = replace(
                    asked[event.comment],
                    intent=event.intent,
                    decision=event.decision,
                    reason=event.reason,
                    wait_ms=event.wait_ms,
                    merged_into=event.merged_into,
                )
            case CommentAnswered() if event.comment in asked:
                asked[event.comment] = replace(
                    asked[event.comment],
                    answer=event.answer,
                    answerable=event.answerable,
                    first_sound_ms=event.first_sound_ms,
                    first_word_ms=event.first_word_ms,
                )
            case _:
                continue
    return list(asked.values())


def talk_of(comments: Sequence[Asked]) -> Talk:
    """The conversation's figures."""
    answered = {item.comment for item in comments if item.answer is not None}

    def was_answered(item: Asked) -> bool:
        return item.comment in answered or item.merged_into in answered

    def decided(name: str | None) -> int:
        return sum(item.decision == name for item in comments)

    questions = [item for item in comments if item.is_question]
    open_ones = tuple(item for item in questions if not was_answered(item))
    done = len(questions) - len(open_ones)
    kinds: dict[str, list[bool]] = {}
    for item in questions:
        kinds.setdefault(item.intent or "", []).append(was_answered(item))
    return Talk(
        seen=len(comments),
        answered=decided("answer"),
        merged=decided("merge"),
        skipped=decided("skip"),
        handed_over=decided("hand_over"),
        dropped=decided("drop"),
        waiting=decided(None),
        questions=len(questions),
        questions_answered=done,
        answered_share=done / len(questions) if questions else None,
        wait=delays([item.wait_ms for item in comments if item.decision == "answer"]),
        first_sound=delays([item.first_sound_ms for item in comments]),
        first_word=delays([item.first_word_ms for item in comments]),
        unanswered=open_ones,
        unanswered_purchase=tuple(item for item in open_ones if item.intent in PURCHASE_INTENTS),
        not_in_facts=tuple(item for item in comments if item.answerable is False),
        intents=tuple(
            Intent(name=name, questions=len(fates), answered=sum(fates), answered_share=sum(fates) / len(fates))
            for name, fates in sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0]))
        ),
    )


def delays(values: Iterable[int | None]) -> Delays:
    """Median and 95th percentile of the values that were measured."""
    known = sorted(value for value in values if value is not None)
    return Delays(median_ms=nearest_rank(known, 0.5), p95_ms=nearest_rank(known, 0.95), n=len(known))


def nearest_rank(ordered: Sequence[int], share: float) -> int | None:
    """The nearest-rank percentile of sorted values; None of none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
