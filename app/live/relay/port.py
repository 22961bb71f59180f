"""What the rooms of a studio ask of those that serve beside it, and a room as a page reaches it, wherever it is."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Conflict
from app.events import CommentHeard, LiveEvent, RoomId, ShopId, ShowId
from app.live import wire
from app.live.room import LiveRoom
from app.live.stage import PageKind, Seat


class HeldElsewhere(Conflict):
    """Another studio speaks in this room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAir:
    """A running room in a list."""

    id: RoomId
    show: ShowId
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a desk's page says of its room before anything moves."""

    show: ShowId
    title: str
    rehearsal: bool
    duty: str


class Reached(Protocol):
    """A room on air, in this studio or in another one.

    Each of the calls that ask something raises Unavailable when the room cannot be reached just now.
    """

    @property
    def about(self) -> About:
        """The room's bill."""

    async def join(self, epoch: str, seq: int, kind: PageKind) -> Seat:
        """A page's place: the whole gap after (`epoch`, `seq`) or a snapshot first, then everything."""

    def leave(self, seat: Seat) -> None:
        """The page went."""

    async def heard(self, seat: Seat, heard: wire.Heard) -> None:
        """A page says how far it has played."""

    def pinged(self, seat: Seat, ping: wire.Ping) -> wire.Clock:
        """A page asks for the time."""

    async def press(self, press: wire.Press, by: str) -> None:
        """A button of the desk. Raises BadInput and Conflict as the room does."""

    async def hear(self, heard: CommentHeard) -> bool:
        """Tell a comment; whether it was known already."""

    async def end(self, reason: str) -> None:
        """Take the show off air and wait until its log is complete."""

    def desk(self) -> str:
        """All that the desk shows, as JSON."""

    async def changed(self) -> None:
        """Return when something the desk shows has changed."""


class Relay(Protocol):
    """The studios beside this one. There may be none (`here.Nobody`)."""

    async def lease(self, shop: ShopId, room: RoomId) -> int:
        """The next fencing token of a room that this studio will speak in. Raises HeldElsewhere."""

    async def standing(self, db: AsyncSession, shop: ShopId, show: ShowId, rehearsal: bool) -> RoomId | None:
        """The room where the show is on air already; until the transaction ends nobody else starts it."""

    async def air(self, shop: ShopId, live: LiveRoom) -> None:
        """Keep the other studios informed of a room of ours and hear them, until cancelled."""

    async def reach(self, shop: ShopId, room: RoomId) -> Reached:
        """A room of another studio. Raises NotFound, and Unavailable while it cannot be reached."""

    async def whose(self, room: RoomId) -> ShopId | None:
        """The shop of a room that another studio speaks in."""

    def elsewhere(self, shop: ShopId) -> list[OnAir]:
        """The shop's rooms that other studios speak in."""

    async def sound(self, sha256: str) -> bytes | None:
        """A clip that another studio aired lately."""

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Tell an event to one room, or to all rooms of the shop, that other studios speak in. Never waits."""
