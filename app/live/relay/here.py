"""A room of this very studio, reached without any way between; and a studio that is alone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.errors import NotFound
from app.events import CommentHeard, LiveEvent, RoomId, ShopId, ShowId
from app.live import wire
from app.live.records import take_lease
from app.live.relay.port import About, OnAir, Reached
from app.live.room import LiveRoom
from app.live.stage import PageKind, Seat


class Here:
    """A room in this process. `desk` makes its picture, `end` waits for its log."""

    def __init__(self, live: LiveRoom, desk: Callable[[], wire.Desk], end: Callable[[str], Awaitable[None]]) -> None:
        self._live, self._desk, self._end = live, desk, end

    @property
    def about(self) -> About:
        """The room's bill."""
        billing = self._live.billing
        return About(show=billing.plan.id, title=billing.plan.title, rehearsal=billing.rehearsal, duty=billing.duty)

    async def join(self, epoch: str, seq: int, kind: PageKind) -> Seat:
        """A page's place."""
        return self._live.join(epoch, seq, kind)

    def leave(self, seat: Seat) -> None:
        """The page went."""
        self._live.leave(seat)

    async def heard(self, seat: Seat, heard: wire.Heard) -> None:
        """A page says how far it has played."""
        self._live.heard(seat, heard)

    def pinged(self, seat: Seat, ping: wire.Ping) -> wire.Clock:
        """A page asks for the time."""
        return self._live.pinged(seat, ping)

    async def press(self, press: wire.Press, by: str) -> None:
        """A button of the desk."""
        self._live.press(press, by)

    async def hear(self, heard: CommentHeard) -> bool:
        """Tell a comment; whether it was known already."""
        known = self._live.knows(heard)
        if not known:
            self._live.tell(heard)
        return known

    async def end(self, reason: str) -> None:
        """Take the show off air."""
        await self._end(reason)

    def desk(self) -> str:
        """All that the desk shows."""
        return self._desk().model_dump_json()

    async def changed(self) -> None:
        """Return when something the desk shows has changed."""
        await self._live.changed()


class Nobody:
    """No other studio serves: nothing is elsewhere, and a lease is a number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lease(self, shop: ShopId, room: RoomId) -> int:
        """The next fencing token."""
        async with self._database.transaction() as db:
            return await take_lease(db, shop, room, datetime.now(UTC))

    async def standing(self, db: AsyncSession, shop: ShopId, show: ShowId, rehearsal: bool) -> RoomId | None:
        """Nowhere else."""
        return None

    async def air(self, shop: ShopId, live: LiveRoom) -> None:
        """Nobody listens."""

    async def reach(self, shop: ShopId, room: RoomId) -> Reached:
        """Nothing is elsewhere."""
        raise NotFound(f"room: wanted one on air in this shop, found {room!r}")

    async def whose(self, room: RoomId) -> ShopId | None:
        """Nobody's."""
        return None

    def elsewhere(self, shop: ShopId) -> list[OnAir]:
        """None."""
        return []

    async def sound(self, sha256: str) -> bytes | None:
        """None."""
        return None

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Nobody listens."""
