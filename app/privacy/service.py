"""What a shop keeps about people: how long, whose, and how it is erased. One of these per studio.

What stays: the words the host said aloud, also a nickname it read out, since the shop must be able to show for three
years what was broadcast; and the audit log, which names members, never viewers.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit
from app.access.service import Member
from app.database import Database
from app.errors import BadInput
from app.events import CommentHeard, PersonalErased, RoomId, ShopId
from app.ledger import Ledger, event_of
from app.live.names import viewer_hash
from app.orders.store import insert_once
from app.privacy import store
from app.privacy.erasing import is_tombstone, tombstone
from app.privacy.pseudonyms import Pseudonyms
from app.privacy.store import ErasureRow, RetentionRow, Trace

SWEEP_EVERY = timedelta(hours=24)
NAMED_AT_ONCE = 2_000  # seqs in one `personal_erased`
VIEWER_LONGEST, SOURCE_LONGEST = 128, 32
STUDIO = "studio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days that each kind is kept."""

    comments_days: int = 180
    buyers_days: int = 365
    logs_days: int = 1095
    clips_days: int = 90


LIMITS = {
    "comments_days": (1, 1095),
    "buyers_days": (1, 3650),
    "logs_days": (365, 3650),
    "clips_days": (1, 3650),
}
"""Fewest and most days; show logs are evidence of what was broadcast and cannot be thrown away within a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing that is known of a viewer."""

    room: RoomId
    at: datetime
    kind: str
    name: str
    text: str
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did: lines without their person now, and whether some wait for a show to end."""

    lines: int
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did in one shop."""

    comments: int
    buyers: int
    rooms: int


class Privacy:
    """The privacy settings and deeds of every shop."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms, clips: Path) -> None:
        self._database, self._pseudonyms, self._clips = database, pseudonyms, clips

    def pseudonym(self, shop: ShopId, source: str, viewer: str) -> str:
        """What stands for this viewer in everything that is kept."""
        return self._pseudonyms.of(shop, source, viewer)

    async def retention(self, shop: ShopId) -> Retention:
        """How long the shop keeps what."""
        async with self._database.transaction() as db:
            return _retention(await store.retention_row(db, shop))

    async def keep_for(self, who: Member, wanted: Retention, *, address: str = "") -> None:
        """Set the days; noted in the audit log. Raises BadInput outside LIMITS."""
        days = {name: getattr(wanted, name) for name in LIMITS}
        for name, (least, most) in LIMITS.items():
            if not least <= days[name] <= most:
                raise BadInput(name, f"a whole number of days from {least} to {most}", days[name])
        async with self._database.transaction() as db:
            if not await insert_once(db, RetentionRow, {"shop": who.shop, **days, "swept_at": None}):
                row = await db.get_one(RetentionRow, who.shop)
                for name, value in days.items():
                    setattr(row, name, value)
            audit.note(db, who.shop, who.name, "settings_changed", object="retention", detail=days, address=address)

    async def sources(self, shop: ShopId) -> list[str]:
        """Where this shop's comments come from."""
        async with self._database.transaction() as db:
            return await store.sources_heard(db, shop)

    async def erasures(self, shop: ShopId) -> Sequence[ErasureRow]:
        """The erasures that were asked for, newest first."""
        async with self._database.transaction() as db:
            return await store.erasures_of(db, shop)

    async def held(self, who: Member, source: str, viewer: str, *, address: str = "") -> list[Held]:
        """All that is kept about one viewer; noted in the audit log by pseudonym. Raises BadInput."""
        keys = self._keys(who.shop, source, viewer)
        async with self._database.transaction() as db:
            traces = await store.traces_of(db, who.shop, keys)
            audit.note(
                db,
                who.shop,
                who.name,
                "viewer_exported",
                object=keys[0],
                detail={"source": source, "lines": len(traces)},
                address=address,
            )
        return [_held(trace) for trace in traces]

    async def erase(self, who: Member, source: str, viewer: str, *, address: str = "") -> Erased:
        """Erase one viewer's name, words and pseudonym from every show that is over; the rest when it is over.

        Asking again is no harm. Raises BadInput.
        """
        keys, now = self._keys(who.shop, source, viewer), datetime.now(UTC)
        async with self._database.transaction() as db:
            traces = await store.traces_of(db, who.shop, keys)
            over = [trace for trace in traces if trace.over]
            waits = len(over) < len(traces)
            await self._bury(db, who.shop, over, "viewer")
            for key in keys:
                mine = [trace for trace in traces if f'"viewer":"{key}"' in trace.body]
                if key != keys[0] and not mine:
                    continue  # nothing was ever written under the old pseudonym
                done = now if all(trace.over for trace in mine) else None
                asked = {"asked_by": who.name, "asked_at": now, "done_at": done}
                if not await insert_once(db, ErasureRow, {"shop": who.shop, "viewer": key, **asked}):
                    row = await db.get_one(ErasureRow, (who.shop, key))
                    row.asked_by, row.asked_at, row.done_at = who.name, now, done
            audit.note(
                db,
                who.shop,
                who.name,
                "viewer_erased",
                object=keys[0],
                detail={"source": source, "lines": len(over), "waits": waits},
                address=address,
            )
        return Erased(lines=len(over), waits=waits)

    async def finish_erasures(self) -> int:
        """Erase what waited for a show that has ended since; how many lines."""
        lines = 0
        async with self._database.transaction() as db:
            for row in await store.open_erasures(db):
                shop = ShopId(row.shop)
                traces = await store.traces_of(db, shop, [row.viewer])
                over = [trace for trace in traces if trace.over]
                await self._bury(db, shop, over, "viewer")
                if len(over) == len(traces):
                    row.done_at = datetime.now(UTC)
                lines += len(over)
        return lines

    async def sweep(self, shop: ShopId, now: datetime) -> Swept | None:
        """Delete what is older than the shop keeps; None when this was done within the day."""
        async with self._database.transaction() as db:
            await insert_once(db, RetentionRow, {"shop": shop, **_defaults(), "swept_at": None})
            if not await store.claim_sweep(db, shop, now, now - SWEEP_EVERY):
                return None
            keep = _retention(await store.retention_row(db, shop))
            buyers = await store.forget_old_buyers(db, shop, _ms(now - timedelta(days=keep.buyers_days)))
            rooms = await store.forget_old_rooms(db, shop, now - timedelta(days=keep.logs_days))
            before = (now - timedelta(days=keep.comments_days)).timestamp()
            old = await store.traces_before(db, shop, before)
            await self._bury(db, shop, old, "retention")
            swept = Swept(comments=len(old), buyers=buyers, rooms=rooms)
            if swept != Swept(comments=0, buyers=0, rooms=0):
                audit.note(
                    db,
                    shop,
                    STUDIO,
                    "retention_swept",
                    detail={"comments": swept.comments, "buyers": buyers, "shows": rooms},
                )
        return swept

    async def shops(self) -> Sequence[ShopId]:
        """Every shop."""
        async with self._database.transaction() as db:
            return await store.shops(db)

    async def clip_days(self) -> int:
        """The clips are shared by all shops of this studio: the shortest of their settings."""
        return min([(await self.retention(shop)).clips_days for shop in await self.shops()], default=90)

    def sweep_clips(self, before: float) -> int:
        """Delete clips that were last played before that moment; how many. Blocking."""
        gone = 0
        for path in self._clips.glob("*.clip"):
            try:
                if path.stat().st_mtime < before:
                    path.unlink()
                    gone += 1
            except FileNotFoundError:  # the cache dropped it meanwhile
                continue
        return gone

    async def _bury(
        self, db: AsyncSession, shop: ShopId, traces: Sequence[Trace], why: Literal["viewer", "retention"]
    ) -> None:
        places: defaultdict[RoomId, list[int]] = defaultdict(list)
        for trace in traces:
            if not is_tombstone(trace.body):
                await store.overwrite(db, shop, trace, tombstone(trace.body))
                places[trace.room].append(trace.seq)
        ledger = Ledger(self._database, shop, STUDIO)
        for room, seqs in places.items():
            for first in range(0, len(seqs), NAMED_AT_ONCE):
                named = PersonalErased(lines=tuple(seqs[first : first + NAMED_AT_ONCE]), why=why)
                await ledger.append_in(db, room, named)

    def _keys(self, shop: ShopId, source: str, viewer: str) -> list[str]:
        """The pseudonym, and the one that the first version of this studio would have written."""
        viewer, source = viewer.strip(), source.strip()
        if not viewer or len(viewer) > VIEWER_LONGEST:
            raise BadInput("viewer", f"the viewer's id on the platform, 1 to {VIEWER_LONGEST} characters", viewer)
        if not source or len(source) > SOURCE_LONGEST:
            raise BadInput("source", "where the comments come from", source)
        return [self.pseudonym(shop, source, viewer), viewer_hash(shop, source, viewer)]


def _retention(row: RetentionRow | None) -> Retention:
    return Retention() if row is None else Retention(**{name: getattr(row, name) for name in LIMITS})


def _defaults() -> dict[str, int]:
    return {name: getattr(Retention(), name) for name in LIMITS}


def _held(trace: Trace) -> Held:
    event = event_of("comment_heard", trace.body)
    if not isinstance(event, CommentHeard):
        raise TypeError(f"trace: wanted a comment, found {type(event).__name__}")
    return Held(
        room=trace.room,
        at=datetime.fromtimestamp(trace.at, UTC),
        kind=event.crowd_kind,
        name=event.name,
        text=event.text,
        erased=is_tombstone(trace.body),
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
