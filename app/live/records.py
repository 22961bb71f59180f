"""Rows of the live room: which rooms there are, who may speak in them, which pages may look, what was clicked.

Every query names its shop, or a hash of something unguessable.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, String, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import RoomId, ShopId, ShowId


class RoomRow(Base):
    """A room: one performance of a show. `ended_at` empty means it should be on air."""

    __tablename__ = "rooms"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"), Index(None, "shop", "show"))

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    room: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64))
    rehearsal: Mapped[bool] = mapped_column(Boolean)
    duty: Mapped[str] = mapped_column(String(120))
    products: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class LeaseRow(Base):
    """The right to speak in a room: whoever holds the largest token.

    Where several studios serve (app/live/relay), `studio` holds it and nobody else may take it before `until`.
    """

    __tablename__ = "leases"
    __table_args__ = (ForeignKeyConstraint(["shop", "room"], ["rooms.shop", "rooms.room"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    room: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[int] = mapped_column(Integer)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    studio: Mapped[str] = mapped_column(String(64), default="", server_default="")
    until: Mapped[datetime | None] = mapped_column(Moment)


class OverlayTokenRow(Base):
    """A page's right to look at one room. `kind` is `code` (once, minutes) or `token` (hours); hashed at rest."""

    __tablename__ = "overlay_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "room"], ["rooms.shop", "rooms.room"], ondelete="CASCADE"),
        Index(None, "shop", "room"),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    shop: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class ClickRow(Base):
    """Somebody followed a product's short link."""

    __tablename__ = "clicks"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "shop", "show", "product"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    shop: Mapped[str] = mapped_column(String(64))
    show: Mapped[str] = mapped_column(String(64))
    product: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    code: Mapped[str | None] = mapped_column(String(16))


async def room_row(db: AsyncSession, shop: ShopId, room: RoomId) -> RoomRow | None:
    """The room, if it is this shop's."""
    return await db.get(RoomRow, (shop, room))


async def open_rooms(db: AsyncSession) -> Sequence[RoomRow]:
    """Every shop's rooms that should be on air (asked once, at the studio's start)."""
    return (await db.scalars(select(RoomRow).where(RoomRow.ended_at.is_(None)).order_by(RoomRow.started_at))).all()


async def end_room(db: AsyncSession, shop: ShopId, room: RoomId, at: datetime) -> None:
    """Write down that the room is over, and revoke every page's right to look."""
    await db.execute(
        update(RoomRow)
        .where(RoomRow.shop == shop, RoomRow.room == room, RoomRow.ended_at.is_(None))
        .values(ended_at=at)
    )
    await revoke_tokens(db, shop, room, at)


async def take_lease(db: AsyncSession, shop: ShopId, room: RoomId, at: datetime) -> int:
    """The next fencing token of the room; larger than any before it."""
    row = await db.get(LeaseRow, (shop, room), with_for_update=True)
    if row is None:
        row = LeaseRow(shop=shop, room=room, token=0, taken_at=at)
        db.add(row)
    row.token += 1
    row.taken_at = at
    return row.token


async def use_code(db: AsyncSession, digest: str, at: datetime) -> OverlayTokenRow | None:
    """The room of a one-time code, which is used up by this; None when there is none or it is over."""
    row = await db.get(OverlayTokenRow, digest)
    if row is None or row.kind != "code" or row.revoked_at is not None or row.ends_at <= at:
        return None
    # Whoever deletes the row has used it: of two at the same moment one finds nothing to delete.
    gone = await db.scalars(
        delete(OverlayTokenRow).where(OverlayTokenRow.hash == digest).returning(OverlayTokenRow.hash)
    )
    return row if gone.all() else None


async def token_row(db: AsyncSession, digest: str, at: datetime) -> OverlayTokenRow | None:
    """The valid token with this hash."""
    row = await db.get(OverlayTokenRow, digest)
    if row is None or row.kind != "token" or row.revoked_at is not None or row.ends_at <= at:
        return None
    return row


async def revoke_tokens(db: AsyncSession, shop: ShopId, room: RoomId, at: datetime) -> None:
    """End every code and token of the room."""
    mine = (OverlayTokenRow.shop == shop, OverlayTokenRow.room == room, OverlayTokenRow.revoked_at.is_(None))
    await db.execute(update(OverlayTokenRow).where(*mine).values(revoked_at=at))


async def newest_room_of(db: AsyncSession, show: ShowId) -> RoomRow | None:
    """The newest room that ran this show; short links carry no shop (they are public by nature)."""
    return await db.scalar(select(RoomRow).where(RoomRow.show == show).order_by(RoomRow.started_at.desc()).limit(1))
