"""What the log is asked for figures: when a shop was on air, what was said and heard. Every query names its shop."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.analytics.timeline import Said
from app.events import (
    LineEnded,
    LineStarted,
    LiveEvent,
    ProductId,
    RoomId,
    ShopId,
    ShowEnded,
    ShowId,
    ShowStarted,
)
from app.ledger import LiveEventRow, event_of
from app.orders.store import STALE_SECONDS

READ_FOR_REPORT = (
    "show_started", "show_ended", "comment_heard", "comment_decided", "comment_answered", "line_started", "line_ended",
    "card_shown",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRun:
    """A room's time on air (unix seconds). `ended` is None while it runs."""

    room: RoomId
    show: ShowId
    host: str
    lang: str
    duty: str
    rehearsal: bool
    started: float
    ended: float | None


async def events_of_room(db: AsyncSession, shop: ShopId, room: RoomId) -> list[tuple[float, LiveEvent]]:
    """What the report reads of a room's log: (time, event) in order."""
    found = select(LiveEventRow.at, LiveEventRow.type, LiveEventRow.body).where(
        LiveEventRow.shop == shop, LiveEventRow.room == room, LiveEventRow.type.in_(READ_FOR_REPORT)
    )
    rows = await db.execute(found.order_by(LiveEventRow.seq))
    return [(row.at, event_of(row.type, row.body)) for row in rows.all()]


async def runs_newest_first(
    db: AsyncSession, shop: ShopId, limit: int, *, since: float | None = None, before: float | None = None
) -> list[RoomRun]:
    """The shop's last rooms, of those begun in that time; one silent for ten minutes ended with its last event."""
    started = (
        select(LiveEventRow.room, func.min(LiveEventRow.at).label("at"))
        .where(LiveEventRow.shop == shop, LiveEventRow.type == "show_started")
        .group_by(LiveEventRow.room)
    )
    if since is not None:
        started = started.having(func.min(LiveEventRow.at) >= since)
    if before is not None:
        started = started.having(func.min(LiveEventRow.at) < before)
    runs = []
    for room, _ in (await db.execute(started.order_by(func.min(LiveEventRow.at).desc()).limit(limit))).all():
        ends = select(LiveEventRow.at, LiveEventRow.type, LiveEventRow.body).where(
            LiveEventRow.shop == shop, LiveEventRow.room == room
        )
        marks = await db.execute(
            ends.where(LiveEventRow.type.in_(("show_started", "show_ended"))).order_by(LiveEventRow.seq)
        )
        events = [(at, event_of(kind, body)) for at, kind, body in marks.all()]
        last = (await db.execute(ends.order_by(LiveEventRow.seq.desc()).limit(1))).first()
        run = run_in(RoomId(room), events, None if last is None else last.at)
        if run is not None:
            runs.append(run)
    return runs


def run_in(room: RoomId, events: Sequence[tuple[float, LiveEvent]], last: float | None = None) -> RoomRun | None:
    """The room's time on air by its events; None when it never began."""
    first = next(((at, event) for at, event in events if isinstance(event, ShowStarted)), None)
    if first is None:
        return None
    started, show = first
    marks = [(at, event) for at, event in events if isinstance(event, ShowStarted | ShowEnded)]
    ended = marks[-1][0] if isinstance(marks[-1][1], ShowEnded) else None
    latest = events[-1][0] if last is None else last
    if ended is None and latest < time.time() - STALE_SECONDS:
        ended = latest
    return RoomRun(
        room=room,
        show=show.show,
        host=show.host,
        lang=show.lang,
        duty=show.duty,
        rehearsal=show.rehearsal,
        started=started,
        ended=ended,
    )


def said_in(events: Sequence[tuple[float, LiveEvent]]) -> list[Said]:
    """Every line that was heard, as far as it was heard."""
    begun: dict[str, tuple[float, ProductId | None]] = {}
    said = []
    for at, event in events:
        match event:
            case LineStarted():
                begun[event.line] = (at, event.product)
            case LineEnded() if event.line in begun and event.text:
                start, product = begun.pop(event.line)
                said.append(
                    Said(
                        at=start,
                        text=event.text,
                        line_kind=event.line_kind,
                        product=product,
                        seconds=event.heard_seconds,
                        line=event.line,
                        facts=event.facts,
                    )
                )
            case _:
                continue
    return said
