"""What is kept how long, who is to be erased, and where a person's traces are. Every query names its shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CursorResult,
    ForeignKeyConstraint,
    Integer,
    Result,
    String,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.access.store import ShopRow
from app.database import Base, Moment
from app.events import RoomId, ShopId
from app.ledger import LiveEventRow
from app.live.records import RoomRow
from app.orders.rows import InboxRow, OrderEventRow, OrderRow

COMMENT = "comment_heard"
ERASED_MARK = '"erased":true'  # as canonical JSON writes it
CHUNK = 500


class RetentionRow(Base):
    """How many days a shop keeps what; a shop without a row has the defaults. `swept_at` is the last sweep."""

    __tablename__ = "retention"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    comments_days: Mapped[int] = mapped_column(Integer)
    buyers_days: Mapped[int] = mapped_column(Integer)
    logs_days: Mapped[int] = mapped_column(Integer)
    clips_days: Mapped[int] = mapped_column(Integer)
    swept_at: Mapped[datetime | None] = mapped_column(Moment)


class ErasureRow(Base):
    """A wish to erase a viewer, by pseudonym only. Open (`done_at` empty) while a room with their words is on air."""

    __tablename__ = "erasures"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    viewer: Mapped[str] = mapped_column(String(16), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A comment line of a log: where it stands, and whether its room is over."""

    room: RoomId
    seq: int
    at: float
    body: str
    over: bool


async def shops(db: AsyncSession) -> Sequence[ShopId]:
    """Every shop, for the daily sweep."""
    return [ShopId(shop) for shop in await db.scalars(select(ShopRow.shop).order_by(ShopRow.shop))]


async def retention_row(db: AsyncSession, shop: ShopId) -> RetentionRow | None:
    """What the shop has set."""
    return await db.get(RetentionRow, shop)


async def claim_sweep(db: AsyncSession, shop: ShopId, now: datetime, before: datetime) -> bool:
    """Mark the shop as swept now, unless it was since `before`; one winner among several processes."""
    due = or_(RetentionRow.swept_at.is_(None), RetentionRow.swept_at < before)
    won = await db.execute(
        update(RetentionRow)
        .where(RetentionRow.shop == shop, due)
        .values(swept_at=now)
        .returning(RetentionRow.shop)
        .execution_options(synchronize_session=False)
    )
    return won.first() is not None


async def sources_heard(db: AsyncSession, shop: ShopId) -> list[str]:
    """Where comments came from, taken from the newest few hundred."""
    found = select(LiveEventRow.body).where(LiveEventRow.shop == shop, LiveEventRow.type == COMMENT)
    bodies = await db.scalars(found.order_by(LiveEventRow.at.desc()).limit(CHUNK))
    return sorted({body.partition('"source":"')[2].partition('"')[0] for body in bodies})


async def traces_of(db: AsyncSession, shop: ShopId, viewers: Sequence[str]) -> list[Trace]:
    """Comment lines with one of these pseudonyms, in order."""
    said = or_(*(LiveEventRow.body.contains(f'"viewer":"{viewer}"', autoescape=True) for viewer in viewers))
    return await _traces(db, shop, said)


async def traces_before(db: AsyncSession, shop: ShopId, before: float) -> list[Trace]:
    """Comment lines older than that which still hold words, of rooms that are over."""
    old = and_(
        LiveEventRow.at < before,
        LiveEventRow.body.not_like(f"%{ERASED_MARK}%"),
        RoomRow.ended_at.is_not(None),
    )
    return await _traces(db, shop, old)


async def _traces(db: AsyncSession, shop: ShopId, where: Any) -> list[Trace]:
    found = (
        select(LiveEventRow.room, LiveEventRow.seq, LiveEventRow.at, LiveEventRow.body, RoomRow.ended_at)
        .join(RoomRow, and_(RoomRow.shop == LiveEventRow.shop, RoomRow.room == LiveEventRow.room))
        .where(LiveEventRow.shop == shop, LiveEventRow.type == COMMENT, where)
        .order_by(LiveEventRow.room, LiveEventRow.seq)
    )
    return [
        Trace(room=RoomId(row.room), seq=row.seq, at=row.at, body=row.body, over=row.ended_at is not None)
        for row in await db.execute(found)
    ]


async def overwrite(db: AsyncSession, shop: ShopId, trace: Trace, body: str) -> None:
    """Put a line's tombstone in its place; `prev` and `hash` stay as they were."""
    place = (LiveEventRow.shop == shop, LiveEventRow.room == trace.room, LiveEventRow.seq == trace.seq)
    await db.execute(update(LiveEventRow).where(*place).values(body=body).execution_options(synchronize_session=False))


async def forget_old_buyers(db: AsyncSession, shop: ShopId, before_ms: int) -> int:
    """Take buyers' pseudonyms and masked names off old orders, and the raw messages they came in; how many orders."""
    old = (OrderRow.shop == shop, OrderRow.placed_ms < before_ms)
    named = or_(OrderRow.buyer.is_not(None), OrderRow.buyer_shown.is_not(None))
    gone = await db.execute(
        update(OrderRow)
        .where(*old, named)
        .values(buyer=None, buyer_shown=None)
        .execution_options(synchronize_session=False)
    )
    await db.execute(
        update(OrderEventRow)
        .where(OrderEventRow.shop == shop, OrderEventRow.received_ms < before_ms)
        .values(buyer=None, buyer_shown=None)
        .execution_options(synchronize_session=False)
    )
    await db.execute(
        update(InboxRow)
        .where(InboxRow.shop == shop, InboxRow.received_ms < before_ms, func.length(InboxRow.raw) > 0)
        .values(raw=b"")
        .execution_options(synchronize_session=False)
    )
    return _count(gone)


async def forget_old_rooms(db: AsyncSession, shop: ShopId, before: datetime) -> int:
    """Delete rooms that ended before that, with their whole logs; how many."""
    old = select(RoomRow.room).where(RoomRow.shop == shop, RoomRow.ended_at < before)
    rooms = list(await db.scalars(old))
    for room in rooms:
        await db.execute(delete(LiveEventRow).where(LiveEventRow.shop == shop, LiveEventRow.room == room))
        await db.execute(delete(RoomRow).where(RoomRow.shop == shop, RoomRow.room == room))
    return len(rooms)


async def open_erasures(db: AsyncSession) -> Sequence[ErasureRow]:
    """Every shop's wishes that wait for a show to end."""
    return (await db.scalars(select(ErasureRow).where(ErasureRow.done_at.is_(None)))).all()


async def erasures_of(db: AsyncSession, shop: ShopId) -> Sequence[ErasureRow]:
    """The shop's wishes, newest first."""
    found = select(ErasureRow).where(ErasureRow.shop == shop).order_by(ErasureRow.asked_at.desc()).limit(50)
    return (await db.scalars(found)).all()


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
