"""Who speaks in which room, asked of the database and by its clock: a studio holds a lease as long as it renews it.

PostgreSQL only: a SQLite file has one studio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.events import RoomId, ShopId, ShowId
from app.live.records import LeaseRow, RoomRow

NEWBORN = timedelta(seconds=5)
LEASE = timedelta(seconds=8)  # after a kill a room is silent this long at most, and the time its new run needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A room that should be on air, and which studio speaks in it now; empty for none.

    `free`: anybody may take it up. A room that was made just now is left to the studio that made it.
    """

    shop: ShopId
    room: RoomId
    show: ShowId
    rehearsal: bool
    studio: str
    free: bool


async def claim(db: AsyncSession, shop: ShopId, room: RoomId, studio: str) -> int | None:
    """The next fencing token of the room; None while another studio holds it."""
    fresh = {"shop": shop, "room": room, "token": 0, "taken_at": func.now(), "studio": studio, "until": None}
    await db.execute(insert(LeaseRow).values(fresh).on_conflict_do_nothing())
    return await db.scalar(
        update(LeaseRow)
        .where(
            LeaseRow.shop == shop,
            LeaseRow.room == room,
            or_(LeaseRow.studio == studio, LeaseRow.until.is_(None), LeaseRow.until < func.now()),
        )
        .values(token=LeaseRow.token + 1, studio=studio, taken_at=func.now(), until=func.now() + LEASE)
        .returning(LeaseRow.token)
    )


async def renew(db: AsyncSession, studio: str) -> frozenset[RoomId]:
    """Hold on to every room of this studio; which those are."""
    kept = await db.scalars(
        update(LeaseRow)
        .where(
            LeaseRow.studio == studio,
            select(RoomRow.room)
            .where(RoomRow.shop == LeaseRow.shop, RoomRow.room == LeaseRow.room, RoomRow.ended_at.is_(None))
            .exists(),
        )
        .values(until=func.now() + LEASE)
        .returning(LeaseRow.room)
        .execution_options(synchronize_session=False)
    )
    return frozenset(RoomId(room) for room in kept)


async def let_go(db: AsyncSession, studio: str) -> None:
    """Let others have every room of this studio."""
    await db.execute(
        update(LeaseRow)
        .where(LeaseRow.studio == studio)
        .values(studio="", until=None)
        .execution_options(synchronize_session=False)
    )


async def standing(db: AsyncSession) -> Sequence[Standing]:
    """Every shop's rooms that should be on air, with who speaks in them (a look of the studio itself)."""
    held = func.coalesce(LeaseRow.until > func.now(), False)
    newborn = LeaseRow.token.is_(None) & (RoomRow.started_at > func.now() - NEWBORN)
    rows = await db.execute(
        select(
            RoomRow.shop,
            RoomRow.room,
            RoomRow.show,
            RoomRow.rehearsal,
            LeaseRow.studio,
            held.label("held"),
            newborn.label("newborn"),
        )
        .outerjoin(LeaseRow, (LeaseRow.shop == RoomRow.shop) & (LeaseRow.room == RoomRow.room))
        .where(RoomRow.ended_at.is_(None))
        .order_by(RoomRow.started_at)
    )
    return [
        Standing(
            shop=ShopId(row.shop),
            room=RoomId(row.room),
            show=ShowId(row.show),
            rehearsal=row.rehearsal,
            studio=row.studio if row.held else "",
            free=not (row.held or row.newborn),
        )
        for row in rows
    ]


async def standing_of(db: AsyncSession, shop: ShopId, show: ShowId, rehearsal: bool) -> RoomId | None:
    """The room where this show is on air. Whoever asks next waits until this transaction has ended."""
    key = f"{shop}/{show}/{rehearsal}"
    await db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    room = await db.scalar(
        select(RoomRow.room)
        .where(RoomRow.shop == shop, RoomRow.show == show, RoomRow.rehearsal == rehearsal, RoomRow.ended_at.is_(None))
        .order_by(RoomRow.started_at.desc())
        .limit(1)
    )
    return None if room is None else RoomId(room)
