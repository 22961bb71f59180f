"""News of orders on its way from the outbox to the running rooms: at least once, in order, whoever was killed when."""

import asyncio
from collections.abc import Callable, Collection

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.events import LiveEvent, RoomId, ShopId
from app.orders.service import Orders

EVERY = 1.0  # seconds: how long left-over news may wait without a ring (after a restart, after an outage)

Tell = Callable[[ShopId, RoomId | None, LiveEvent], None]
Mine = Callable[[], Collection[RoomId] | None]

_log = structlog.get_logger()


async def relay(orders: Orders, tell: Tell, mine: Mine = lambda: None) -> None:
    """Tell the rooms whatever is in the outbox, for ever. Cancel the task to stop.

    It is the one reader; where several studios serve, each reads the news of `mine`, the rooms it speaks in.
    """
    while True:
        try:
            while await publish(orders, tell, mine()):
                _log.debug("orders.told")
        except (SQLAlchemyError, OSError) as problem:
            _log.warning("orders.relay_waits", problem=type(problem).__name__)
        try:
            await asyncio.wait_for(orders.doorbell.wait(), EVERY)
        except TimeoutError:
            continue
        orders.doorbell.clear()


async def publish(orders: Orders, tell: Tell, mine: Collection[RoomId] | None = None) -> int:
    """Tell one batch and mark it told; how many there were. News that belongs to no running room is only marked."""
    news = await orders.news(mine)
    for item in news:
        if item.room is not None:
            tell(item.shop, item.room, item.event)
    if news:
        await orders.told(news)
    return len(news)
