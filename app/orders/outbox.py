"""The outbox where several studios serve: each tells the news of the rooms that it speaks in, and of nobody's."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.events import LiveEvent, RoomId, ShopId, kind_of, to_json
from app.live.records import RoomRow
from app.orders.rows import OutboxRow


async def unpublished_of(db: AsyncSession, mine: Collection[RoomId], limit: int) -> Sequence[OutboxRow]:
    """The oldest news not yet told, without that of rooms on air which are not `mine`: their speakers tell it."""
    theirs = select(RoomRow.room).where(
        RoomRow.shop == OutboxRow.shop, RoomRow.ended_at.is_(None), RoomRow.room.not_in(list(mine))
    )
    found = (
        select(OutboxRow)
        .where(OutboxRow.published_at.is_(None), or_(OutboxRow.room.is_(None), OutboxRow.room.not_in(theirs)))
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return (await db.scalars(found)).all()


async def rooms_elsewhere(db: AsyncSession, shop: ShopId, mine: Collection[RoomId]) -> Sequence[RoomId]:
    """The shop's rooms on air that are not `mine`."""
    found = select(RoomRow.room).where(
        RoomRow.shop == shop, RoomRow.ended_at.is_(None), RoomRow.room.not_in(list(mine))
    )
    return [RoomId(room) for room in await db.scalars(found)]


def _row(shop: ShopId, room: RoomId, event: LiveEvent) -> OutboxRow:
    return OutboxRow(
        shop=shop,
        room=room,
        kind=kind_of(event),
        body=json.dumps(to_json(event), ensure_ascii=False),
        created_at=datetime.now(UTC),
        published_at=None,
    )


class Outbox:
    """Where events for rooms of other studios are left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, shop: ShopId, room: RoomId | None, event: LiveEvent, mine: Collection[RoomId]) -> None:
        """Leave an event for one room, or all rooms on air of the shop, that are not `mine`."""
        async with self._database.transaction() as db:
            db.add_all(
                _row(shop, other, event) for other in await rooms_elsewhere(db, shop, mine) if room in (None, other)
            )
