"""A room taken up again from its log: where the rundown stood, what was said, what was left open (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.events import (
    CommentDecided,
    CommentHeard,
    CrewPressed,
    LineEnded,
    LineId,
    LineStarted,
    PriceChanged,
    ProductId,
    Recorded,
    ShowEnded,
    ShowStarted,
)
from app.live.programme import Programme
from app.live.show import REMEMBERED, Phase, Show

_AFTER: dict[str, Phase] = {"kill": "silenced", "hold": "held", "resume": "on_air"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The show to go on with, lines that never ended, and comments that still wait for a decision."""

    show: Show
    ended: bool
    open_lines: tuple[LineEnded, ...] = ()
    undecided: tuple[CommentHeard, ...] = field(default=())


def take_up(past: Sequence[Recorded], programme: Programme, sold_out: frozenset[ProductId], lang: str) -> Taken:
    """Fold the log of a room into the state to go on from.

    A sentence that was on air when the room fell is said again from its start, and no other is.
    """
    open_lines: dict[LineId, LineStarted] = {}
    undecided: dict[str, CommentHeard] = {}
    counts: dict[str, int] = {}
    priced: dict[ProductId, float] = {}
    gone = set(sold_out)
    seen: list[str] = []
    at_round, at_index = 0, 0
    disclosed_at: float | None = None
    phase: Phase = "on_air" if past else "idle"
    pinned: ProductId | None = None
    ended = False
    rehearsal, started_at = False, None
    prices = dict(programme.prices)
    for record in past:
        match record.event:
            case LineStarted() as line:
                open_lines[line.line] = line
                if line.line_kind == "disclosure":
                    disclosed_at = record.at
                if line.product and any(fact.startswith("price=") for fact in line.facts):
                    priced[line.product] = record.at
                place = line.block.partition(":")[0]
                number, _, index = place.partition(".")
                if number.isdigit() and index.isdigit():
                    at_round, at_index = int(number), int(index)
            case LineEnded() as over:
                started = open_lines.pop(over.line, None)
                finished = started is not None and over.outcome == "said" and started.line_kind == "rundown"
                if finished and started is not None and started.block.startswith(f"{at_round}.{at_index}:"):
                    at_index += 1
            case CommentHeard() as heard:
                seen.append(f"{heard.source}:{heard.source_event_id}")
                if heard.crowd_kind == "comment":
                    undecided[heard.comment] = heard
                    counts["seen"] = counts.get("seen", 0) + 1
            case CommentDecided() as decided:
                undecided.pop(decided.comment, None)
                counts[decided.decision] = counts.get(decided.decision, 0) + 1
                if decided.decision == "drop":
                    counts[f"drop:{decided.reason}"] = counts.get(f"drop:{decided.reason}", 0) + 1
            case CrewPressed(button="kill" | "hold" | "resume") as press:
                phase = _AFTER[press.button]
            case CrewPressed(button="pin", product=product):
                pinned = product
            case CrewPressed(button="unpin" | "jump" | "next"):
                pinned = None
            case PriceChanged():
                prices[record.event.product] = record.event.price
            case ShowStarted():
                rehearsal, started_at = record.event.rehearsal, record.at
            case ShowEnded():
                ended = True
            case _:
                continue
    # The undecided are heard again, by the same rules of age, so they are counted anew.
    counts["seen"] = counts.get("seen", 0) - len(undecided)
    waiting = {f"{heard.source}:{heard.source_event_id}" for heard in undecided.values()}
    plan = programme.round(at_round)
    show = Show(
        lang=lang,
        phase=phase,
        pinned=None if pinned in gone else pinned,
        product=pinned,
        plan=plan,
        position=min(at_index, len(plan)),
        round=at_round + 1,
        seen=tuple(key for key in seen[-REMEMBERED:] if key not in waiting),
        priced=priced,
        sold_out=frozenset(gone),
        titles=programme.titles,
        disclosed=disclosed_at is not None,
        disclosed_at=disclosed_at,
        counts=counts,
        rehearsal=rehearsal,
        started_at=started_at,
        seconds=programme.seconds,
        goodbye=programme.goodbye(),
        prices=prices,
    )
    lines = tuple(
        LineEnded(
            line=line.line,
            line_kind=line.line_kind,
            text="",
            facts=line.facts,
            outcome="cut",
            heard_seconds=0.0,
            reason="the room was interrupted; how much was heard is not known",
        )
        for line in open_lines.values()
    )
    return Taken(show=show, ended=ended, open_lines=lines, undecided=tuple(undecided.values()))
