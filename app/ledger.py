"""The truth of a room, kept by the database: append-only, in order, hash-chained (app.events.EventLog).

`hash = sha256(prev + canonical)` in hex, canonical being the exported line without `hash` as JSON with sorted keys, no
spaces, UTF-8; the first `prev` is empty. Anyone can verify an export with these two lines of words.

A person's words may be erased later (app/privacy/erasing.py): the line then says `"erased": true`, keeps `prev` and
`hash`, and counts only when a later `personal_erased` of the chain names its seq.
"""

import hashlib
import json
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, ForeignKeyConstraint, Index, Integer, String, Text, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Database
from app.errors import Conflict
from app.events import LineStarted, LiveEvent, Recorded, RoomId, ShopId, from_json, kind_of, to_json

PAGE = 500  # events read at a time
LOG_FIELDS = frozenset({"seq", "epoch", "at", "type", "prev", "erased"})  # what the log adds to an event's own fields


class LiveEventRow(Base):
    """One event. `body` is the exact text that was hashed; the other columns repeat what queries ask for."""

    __tablename__ = "live_events"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "shop", "type", "at"),
        Index(None, "shop", "room", "type"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    room: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    epoch: Mapped[str] = mapped_column(String(64))
    at: Mapped[float] = mapped_column(Float(53))
    type: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    token: Mapped[int | None] = mapped_column(Integer)
    product: Mapped[str | None] = mapped_column(String(64))
    line: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class _Tail:
    seq: int
    hash: str
    token: int


class Ledger:
    """The logs of one shop's rooms. `epoch` names this run of them (a new one per start of a room).

    One writer per room is the rule; a second one meets Conflict, by the lease token or by the primary key.
    """

    def __init__(self, database: Database, shop: ShopId, epoch: str = "") -> None:
        self._database = database
        self._shop = shop
        self._epoch = epoch
        self._tails: dict[RoomId, _Tail] = {}

    async def append(self, room: RoomId, event: LiveEvent) -> Recorded:
        """Commit the event and say where it stands.

        Raises OSError when it cannot be kept (the database is away), Conflict when another speaker has the room:
        a `line_started` whose lease token is smaller than the room's last, or a place already taken.
        """
        try:
            return await self._append(room, event)
        except IntegrityError as problem:
            raise Conflict(f"room {room}: wanted to be its only writer, found another") from problem
        except SQLAlchemyError as problem:
            raise OSError(f"the log cannot be written: {type(problem).__name__}") from problem

    async def _append(self, room: RoomId, event: LiveEvent) -> Recorded:
        # Taken out while writing: after a failure or a cancellation the truth is asked anew.
        tail = self._tails.pop(room, None)
        async with self._database.transaction() as db:
            if tail is None:
                tail = await _tail(db, self._shop, room)
            token = event.token if isinstance(event, LineStarted) else None
            if token is not None and token < tail.token:
                self._tails[room] = tail
                raise Conflict(f"lease: wanted token {tail.token} or newer, found {token}")
            recorded = await self._write(db, room, event, tail)
        self._tails[room] = _Tail(recorded.seq, recorded.hash, tail.token if token is None else token)
        return recorded

    async def append_in(self, db: AsyncSession, room: RoomId, event: LiveEvent) -> Recorded:
        """Append within the caller's transaction, to a room that is over and has no writer of its own."""
        return await self._write(db, room, event, await _tail(db, self._shop, room))

    async def _write(self, db: AsyncSession, room: RoomId, event: LiveEvent, tail: _Tail) -> Recorded:
        at, seq = time.time(), tail.seq + 1
        line = {
            **to_json(event),
            "seq": seq,
            "epoch": self._epoch,
            "at": at,
            "type": kind_of(event),
            "prev": tail.hash,
        }
        body = canonical(line)
        digest = hashlib.sha256((tail.hash + body).encode()).hexdigest()
        await db.execute(
            insert(LiveEventRow).values(
                shop=self._shop,
                room=room,
                seq=seq,
                epoch=self._epoch,
                at=at,
                type=kind_of(event),
                body=body,
                token=event.token if isinstance(event, LineStarted) else None,
                product=line.get("product"),
                line=line.get("line"),
                comment=line.get("comment"),
                prev=tail.hash,
                hash=digest,
            )
        )
        return Recorded(room=room, seq=seq, epoch=self._epoch, at=at, event=event, prev=tail.hash, hash=digest)

    async def read(self, room: RoomId, *, after: int = 0) -> AsyncGenerator[Recorded, None]:
        """Every recorded event with seq > after, in order; a page at a time, holding no transaction between."""
        while page := await self._page(room, after):
            for row in page:
                yield Recorded(
                    room=room,
                    seq=row.seq,
                    epoch=row.epoch,
                    at=row.at,
                    event=event_of(row.type, row.body),
                    prev=row.prev,
                    hash=row.hash,
                )
            after = page[-1].seq

    async def export(self, room: RoomId) -> AsyncGenerator[dict[str, Any], None]:
        """The lines of `events.jsonl`, from the stored bytes: what was written, not what we think of it now."""
        after = 0
        while page := await self._page(room, after):
            for row in page:
                yield {**json.loads(row.body), "hash": row.hash}
            after = page[-1].seq

    async def _page(self, room: RoomId, after: int) -> list[LiveEventRow]:
        found = (
            select(LiveEventRow)
            .where(LiveEventRow.shop == self._shop, LiveEventRow.room == room, LiveEventRow.seq > after)
            .order_by(LiveEventRow.seq)
            .limit(PAGE)
        )
        try:
            async with self._database.transaction() as db:
                return list(await db.scalars(found))
        except SQLAlchemyError as problem:
            raise OSError(f"the log cannot be read: {type(problem).__name__}") from problem


def event_of(kind: str, body: str) -> LiveEvent:
    """The event in a stored line. Raises KeyError for an unknown type."""
    line = json.loads(body)
    return from_json(kind, {name: value for name, value in line.items() if name not in LOG_FIELDS})


def canonical(line: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces, non-ASCII letters as themselves."""
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def chained(line: Mapping[str, Any]) -> str:
    """The hash of a line (given without its own `hash`)."""
    return hashlib.sha256((line["prev"] + canonical(line)).encode()).hexdigest()


def broken_at(lines: Iterable[Mapping[str, Any]]) -> int | None:
    """The first seq whose place, `prev` or `hash` does not fit an exported log; None when the chain holds.

    An erased line's own hash cannot be recomputed; it fits when a later `personal_erased` that itself fits names it.
    """
    seq, prev = 0, ""
    unnamed: set[int] = set()
    for line in lines:
        bare = {name: value for name, value in line.items() if name != "hash"}
        erased = line.get("erased") is True and line["type"] == "comment_heard"
        if line["seq"] != seq + 1 or line["prev"] != prev or not (erased or line["hash"] == chained(bare)):
            return min({int(line["seq"]), *unnamed})
        seq, prev = line["seq"], line["hash"]
        if erased:
            unnamed.add(seq)
        elif line["type"] == "personal_erased":
            unnamed -= set(line["lines"])
    return min(unnamed, default=None)


async def _tail(db: AsyncSession, shop: ShopId, room: RoomId) -> _Tail:
    mine = (LiveEventRow.shop == shop, LiveEventRow.room == room)
    last = (
        await db.execute(
            select(LiveEventRow.seq, LiveEventRow.hash).where(*mine).order_by(LiveEventRow.seq.desc()).limit(1)
        )
    ).first()
    token = await db.scalar(select(func.max(LiveEventRow.token)).where(*mine))
    return _Tail(0, "", 0) if last is None else _Tail(last.seq, last.hash, token or 0)
