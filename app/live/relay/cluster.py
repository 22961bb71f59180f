"""Several studios that serve at once: who speaks where, kept in the database; what is said, passed on through Redis."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.errors import NotFound, Unavailable
from app.events import LiveEvent, RoomId, ShopId, ShowId
from app.live.relay import leases
from app.live.relay.elsewhere import Elsewhere
from app.live.relay.follower import Follower
from app.live.relay.leases import Standing
from app.live.relay.mirror import Mirror
from app.live.relay.port import HeldElsewhere, OnAir, Reached
from app.live.relay.tail import Keys, Lost, Tail, clip_key
from app.live.room import LiveRoom

LOOK_EVERY = 1.0  # seconds between two renewals; a lease lasts eight of them
LOOK_WITHIN = 3.0  # seconds for the database to answer one
OVER_WITHIN = 10.0  # seconds until a show that was ended has its log complete

Post = Callable[[ShopId, RoomId | None, LiveEvent, Collection[RoomId]], Awaitable[None]]
_log = structlog.get_logger()


class House(Protocol):
    """The rooms of this studio."""

    def local(self, shop: ShopId, room: RoomId) -> Reached:
        """A room that runs here. Raises NotFound."""

    async def take_up(self, shop: ShopId, room: RoomId) -> None:
        """Speak in a room that nobody speaks in."""

    def drop(self, room: RoomId) -> None:
        """Stop speaking in a room that is another studio's now."""


class Cluster:
    """This studio among others. `post` leaves an event for rooms elsewhere in the database."""

    def __init__(self, database: Database, tail: Tail, post: Post) -> None:
        self._database, self._tail, self._post = database, tail, post
        self.studio = secrets.token_hex(6)
        self._house: House | None = None
        self._held: set[RoomId] = set()
        self._known: dict[RoomId, Standing] = {}
        self._followers: dict[RoomId, tuple[Follower, asyncio.Task[None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._taking: set[RoomId] = set()

    def serve(self, house: House) -> None:
        """These are the rooms it is about; before `run`."""
        self._house = house

    async def run(self) -> None:
        """Renew what is ours, follow what is others', take up what is nobody's; until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Once. The database's absence changes nothing: nobody can overtake anybody meanwhile."""
        held = frozenset(self._held)
        try:
            async with asyncio.timeout(LOOK_WITHIN), self._database.transaction() as db:
                kept = await leases.renew(db, self.studio)
                rooms = await leases.standing(db)
        except (SQLAlchemyError, OSError) as away:
            _log.warning("relay.lease_waits", problem=type(away).__name__)
            return
        self._known = {item.room: item for item in rooms}
        for room in held - kept:
            self._held.discard(room)
            if room in self._known and self._house is not None:
                self._house.drop(room)
        elsewhere = {item.room for item in rooms if item.studio not in ("", self.studio)}
        for room in elsewhere - self._followers.keys():
            self._follow(self._known[room])
        for room in self._followers.keys() - elsewhere:
            self._followers.pop(room)[1].cancel()
        for item in rooms:
            if item.free and item.room not in self._taking:
                self._own(self._take_up(item), f"{item.room}:take_up")

    async def close(self) -> None:
        """Let the others have everything now."""
        tasks = [*self._tasks, *(task for _, task in self._followers.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(LOOK_WITHIN), self._database.transaction() as db:
                await leases.let_go(db, self.studio)
        except (SQLAlchemyError, OSError) as away:
            _log.warning("relay.lease_runs_out", problem=type(away).__name__)
        await self._tail.close()

    async def lease(self, shop: ShopId, room: RoomId) -> int:
        """The next fencing token, if nobody else speaks there."""
        async with self._database.transaction() as db:
            token = await leases.claim(db, shop, room, self.studio)
        if token is None:
            raise HeldElsewhere(f"room {room}: wanted to speak in it, found another studio speaking")
        self._held.add(room)
        return token

    async def standing(self, db: AsyncSession, shop: ShopId, show: ShowId, rehearsal: bool) -> RoomId | None:
        """The room where the show is on air already, in whichever studio."""
        return await leases.standing_of(db, shop, show, rehearsal)

    async def air(self, shop: ShopId, live: LiveRoom) -> None:
        """Tell the others of our room, and do what they ask."""
        house, room = self._house, live.billing.room
        if house is None:
            return
        while True:
            try:
                reached = house.local(shop, room)
                await Mirror(self._tail, Keys(shop, room), live, reached, lambda: house.drop(room)).run()
            except Exception:
                # The show goes on whatever its mirror fell over; pages elsewhere find a gap and fetch a snapshot.
                _log.exception("relay.mirror_fell", room=room)
            await asyncio.sleep(LOOK_EVERY)

    async def reach(self, shop: ShopId, room: RoomId) -> Reached:
        """A room of another studio."""
        found = self._followers.get(room)
        if found is None:
            await self.look()
            found = self._followers.get(room)
        known = self._known.get(room)
        if known is None or known.shop != shop:
            raise NotFound(f"room: wanted one on air in this shop, found {room!r}")
        if found is None:
            raise Unavailable(f"room {room}: wanted a studio that speaks in it, found it between two; come back")
        return Elsewhere(self._tail, Keys(shop, room), found[0], await found[0].about(), lambda: self._over(room))

    async def whose(self, room: RoomId) -> ShopId | None:
        """The shop of a room on air."""
        if room not in self._known:
            await self.look()
        known = self._known.get(room)
        return None if known is None else known.shop

    def elsewhere(self, shop: ShopId) -> list[OnAir]:
        """The shop's rooms that others speak in, or that wait for a speaker."""
        return [
            OnAir(id=item.room, show=item.show, rehearsal=item.rehearsal)
            for item in self._known.values()
            if item.shop == shop and item.studio != self.studio
        ]

    async def sound(self, sha256: str) -> bytes | None:
        """A clip that another studio aired lately."""
        try:
            found = await self._tail.say("GET", clip_key(sha256))
        except Lost:
            return None
        return None if found is None else bytes(found)

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """By way of the database: what changed in the books must not depend on Redis."""
        self._own(self._post(shop, room, event, frozenset(self._held)), f"{shop}:tell")

    def _follow(self, item: Standing) -> None:
        follower = Follower(self._tail, Keys(item.shop, item.room), self.studio)
        self._followers[item.room] = follower, asyncio.create_task(follower.run(), name=f"{item.room}:follow")

    async def _take_up(self, item: Standing) -> None:
        if self._house is None:
            return
        self._taking.add(item.room)
        try:
            await self._house.take_up(item.shop, item.room)
        finally:
            self._taking.discard(item.room)

    async def _over(self, room: RoomId) -> None:
        try:
            async with asyncio.timeout(OVER_WITHIN):
                while room in self._known:
                    await asyncio.sleep(0.2)
                    await self.look()
        except TimeoutError:
            _log.warning("room.ends_slowly", room=room)

    def _own(self, work: Awaitable[None], name: str) -> None:
        async def done() -> None:
            try:
                await work
            except Exception:
                _log.exception("relay.failed", task=name)

        task = asyncio.create_task(done(), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
