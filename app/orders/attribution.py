"""Which show an order belongs to, and how we know: exactly one class per order (docs/metrics.md).

`code`: the shop handed back the code of one of our links; `explained`: the product was being explained when the order
was placed, or up to 5 minutes before; `session`: placed during the show; `after_live`: up to 24 hours after it;
`unattributed`: none of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.events import LineId, ProductId, RoomId, ShowId

Attribution = Literal["code", "explained", "session", "after_live", "unattributed"]

EXPLAINED_SECONDS = 300.0
AFTER_LIVE_SECONDS = 24 * 3600.0
CODE_SECONDS = 7 * 86400.0  # a link's code speaks for an order placed within a week of its first use
CLOCK_SLACK = 5.0  # seconds by which a shop's clock may lag behind ours at the very start of a show


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A room's time on air (unix seconds); `ended` is None while it runs."""

    room: RoomId
    show: ShowId
    rehearsal: bool
    started: float
    ended: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A line or card of a room and the product it was about."""

    at: float
    product: ProductId | None
    line: LineId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What was on air when a link's code was first used (unix seconds); `line` is None for a printed code."""

    room: RoomId
    show: ShowId
    line: LineId | None
    rehearsal: bool
    made: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """The order's class, its room, and the line that was on air when it was placed."""

    attribution: Attribution
    room: RoomId | None
    line: LineId | None


NOWHERE = Attributed(attribution="unattributed", room=None, line=None)


def run_of(runs: Sequence[Run], placed: float, show: ShowId | None, simulated: bool) -> Run | None:
    """The run that an order placed at `placed` belongs to.

    Play orders belong to rehearsals and real ones to real shows. A named show must match. A run still on air wins
    over one that ended, the latest started over earlier ones.
    """
    fitting = [
        run
        for run in runs
        if run.rehearsal == simulated
        and (show is None or run.show == show)
        and run.started - CLOCK_SLACK <= placed
        and (run.ended is None or placed <= run.ended + AFTER_LIVE_SECONDS)
    ]
    return max(fitting, key=lambda run: (run.ended is None or placed <= run.ended, run.started), default=None)


def by_code(coded: Coded | None, placed: float, show: ShowId | None, simulated: bool) -> Attributed | None:
    """The order's place when its code is one of ours and fits; else None, and time decides.

    Play money never follows a real show's code nor the other way round, and a named show must match.
    """
    if coded is None or coded.rehearsal != simulated or (show is not None and show != coded.show):
        return None
    if not coded.made - CLOCK_SLACK <= placed <= coded.made + CODE_SECONDS:
        return None
    return Attributed(attribution="code", room=coded.room, line=coded.line)


def attribute(run: Run | None, mentions: Sequence[Mention], product: ProductId | None, placed: float) -> Attributed:
    """The order's class within its run. `mentions` are the run's lines and cards, oldest first."""
    if run is None:
        return NOWHERE
    if run.ended is not None and placed > run.ended:
        return Attributed(attribution="after_live", room=run.room, line=None)
    past = [mention for mention in mentions if mention.at <= placed]
    line = next((mention.line for mention in reversed(past) if mention.line is not None), None)
    explained = product is not None and _explained(past, product, placed)
    return Attributed(attribution="explained" if explained else "session", room=run.room, line=line)


def _explained(past: Sequence[Mention], product: ProductId, placed: float) -> bool:
    # A product is explained from its mention until another product's, so the last moment counts, not the first.
    until = placed
    for mention in reversed(past):
        if mention.product == product:
            return until >= placed - EXPLAINED_SECONDS
        if mention.product is not None:
            until = mention.at
    return False
