"""A room of another studio, as a page of this one reaches it."""

import time
from collections.abc import Awaitable, Callable

from app.errors import Unavailable
from app.events import CommentHeard, to_json
from app.live import wire
from app.live.relay.asks import ask, put
from app.live.relay.follower import Follower
from app.live.relay.port import About
from app.live.relay.tail import Keys, Lost, Tail
from app.live.stage import PageKind, Seat


class Elsewhere:
    """A room that is followed. `over` waits until it is off air."""

    def __init__(
        self, tail: Tail, keys: Keys, follower: Follower, about: About, over: Callable[[], Awaitable[None]]
    ) -> None:
        self._tail, self._keys, self._follower, self._over = tail, keys, follower, over
        self.about = about

    async def join(self, epoch: str, seq: int, kind: PageKind) -> Seat:
        """A page's place."""
        return await self._follower.join(epoch, seq, kind)

    def leave(self, seat: Seat) -> None:
        """The page went."""
        self._follower.leave(seat)

    async def heard(self, seat: Seat, heard: wire.Heard) -> None:
        """A page says how far it has played; lost without harm while Redis is away."""
        seat.seen = time.monotonic()
        try:
            await put(self._tail, self._keys, "heard", heard=heard.model_dump())
        except Lost:
            return

    def pinged(self, seat: Seat, ping: wire.Ping) -> wire.Clock:
        """The time of this machine, which is the speaker's as far as both keep it (docs/operations.md)."""
        seat.seen = time.monotonic()
        if ping.offset_ms is not None:
            seat.offset_ms = ping.offset_ms
        return wire.Clock(echo=ping.t, server_ms=round(time.time() * 1000, 1))

    async def press(self, press: wire.Press, by: str) -> None:
        """A button of the desk."""
        await ask(self._tail, self._keys, "press", press=press.model_dump(), by=by)

    async def hear(self, heard: CommentHeard) -> bool:
        """Tell a comment; whether it was known already."""
        return bool((await ask(self._tail, self._keys, "hear", heard=to_json(heard))).get("known"))

    async def end(self, reason: str) -> None:
        """Take the show off air."""
        await ask(self._tail, self._keys, "end", reason=reason)
        await self._over()

    def desk(self) -> str:
        """All that the desk shows. Raises Unavailable before anything was told, and while the way is lost."""
        if self._follower.lost or not self._follower.desk:
            raise Unavailable("the studio on air: wanted its desk, found none; come back")
        return self._follower.desk

    async def changed(self) -> None:
        """Return when something the desk shows has changed."""
        await self._follower.changed()
