"""Who may look at a room: one-time codes that a page turns into a read-only token of that room.

256 random bits each, kept as SHA-256 only. A code stands in a URL fragment and lives for minutes; a token never
stands in any address (OWASP ASVS 5.0, 4.4.3 and 14.2.1).
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.access.tokens import hashed
from app.database import Database
from app.errors import Forbidden, NotFound
from app.events import RoomId, ShopId
from app.live.records import OverlayTokenRow, revoke_tokens, room_row, token_row, use_code

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A page's right: its room, and until when (unix milliseconds)."""

    shop: ShopId
    room: RoomId
    ends_ms: int


class Tokens:
    """Codes and tokens of every shop's rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def code(self, shop: ShopId, room: RoomId) -> str:
        """A new one-time code. Raises NotFound for another shop's room."""
        code, now = secrets.token_urlsafe(32), datetime.now(UTC)
        async with self._database.transaction() as db:
            if await room_row(db, shop, room) is None:
                raise NotFound(f"room: wanted one of this shop, found {room!r}")
            db.add(_row(code, "code", shop, room, now + CODE_LIFE))
        return code

    async def exchange(self, code: str) -> tuple[str, Pass]:
        """A token for a code, which is used up. Raises Forbidden for a code that is unknown, used or over."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        async with self._database.transaction() as db:
            row = await use_code(db, hashed(code), now)
            if row is None:
                raise Forbidden("code: wanted a fresh one-time code, found another")
            ends = now + TOKEN_LIFE
            granted = Pass(shop=ShopId(row.shop), room=RoomId(row.room), ends_ms=round(ends.timestamp() * 1000))
            db.add(_row(token, "token", granted.shop, granted.room, ends))
        return token, granted

    async def check(self, token: str) -> Pass:
        """What the token allows. Raises Forbidden for one that is unknown, revoked or over."""
        async with self._database.transaction() as db:
            row = await token_row(db, hashed(token), datetime.now(UTC))
        if row is None:
            raise Forbidden("token: wanted a valid one, found another")
        return Pass(shop=ShopId(row.shop), room=RoomId(row.room), ends_ms=round(row.ends_at.timestamp() * 1000))

    async def revoke(self, shop: ShopId, room: RoomId) -> None:
        """End every code and token of the room."""
        async with self._database.transaction() as db:
            await revoke_tokens(db, shop, room, datetime.now(UTC))


def _row(secret: str, kind: str, shop: ShopId, room: RoomId, ends_at: datetime) -> OverlayTokenRow:
    return OverlayTokenRow(hash=hashed(secret), kind=kind, shop=shop, room=room, ends_at=ends_at, revoked_at=None)
