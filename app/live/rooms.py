"""The owner of all live rooms: starts them, finds them, takes them up again when they fall, ends them.

A room's task that fails is started again from its log within seconds, under a new lease token, so that whatever is
left of the old run can write no more.
"""

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from app.database import Database
from app.errors import Conflict, NotFound
from app.events import LiveEvent, Recorded, RoomId, ShopId, ShowId
from app.ledger import Ledger
from app.live import wire
from app.live.aired import Aired
from app.live.composer import WarmModel
from app.live.records import RoomRow, end_room, open_rooms, room_row
from app.live.relay.here import Here, Nobody
from app.live.relay.port import HeldElsewhere, OnAir, Reached, Relay
from app.live.repertoire import Repertoire
from app.live.room import LiveRoom
from app.live.tokens import Tokens
from app.live.trusted import Trusted
from app.live.views import Billing
from app.live.voicing import Caches, UrgentVoice, clip_maker
from app.settings import Settings
from app.shows.service import Shows
from app.voices import clip_cache
from avatar.clips import ClipCache

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0  # seconds before a fallen room is taken up again (goal: speaking within 10 s)
IDLE_PRIORITY = 9  # at the voice: after everything that a show may need
STALE = timedelta(minutes=10)  # a room interrupted longer ago than this is over, not resumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A room that has a task: whose it is, which show, and its present run once that has begun."""

    shop: ShopId
    show: ShowId
    rehearsal: bool
    task: "asyncio.Task[None]"
    began: asyncio.Event


class Rooms:
    """All rooms of this process, and by way of `relay` those of other studios.

    `voice` and `model` are the children's clients; `model` None means code alone.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        shows: Shows,
        voice: UrgentVoice,
        model: WarmModel | None,
        clips: ClipCache | None,
        relay: Relay | None = None,
    ) -> None:
        self._relay: Relay = relay or Nobody(database)
        self._settings, self._database, self._shows = settings, database, shows
        self._voice, self._model = voice, model
        self._caches = (
            None if clips is None else Caches(words=clips, phrases=clip_cache(settings, settings.cache_dir / "phrases"))
        )
        self._running: dict[RoomId, Running] = {}
        self._live: dict[RoomId, LiveRoom] = {}
        self._health: dict[str, str] = {}
        self._phrases: asyncio.Task[None] | None = None
        self.closing = False  # the studio goes; pages are told to come back
        self.aired = Aired()
        self.tokens = Tokens(database)
        self.trusted = Trusted()

    async def start(
        self, shop: ShopId, show: ShowId, rehearsal: bool, duty: str, *, products: int | None = None
    ) -> RoomId:
        """Put a show on air, or find the room where it is already. Raises NotFound, Conflict without a duty person."""
        for room, running in self._running.items():
            if (running.shop, running.show, running.rehearsal) == (shop, show, rehearsal) and not running.task.done():
                return room
        if not duty.strip():
            raise Conflict("duty: wanted the name of the person in charge, found none")
        plan = await self._shows.plan(shop, show)
        if not plan.products:
            raise Conflict("show: wanted at least one product, found none")
        room = RoomId(secrets.token_hex(8))
        row = RoomRow(
            shop=shop,
            room=room,
            show=show,
            rehearsal=rehearsal,
            duty=duty[:120],
            products=products,
            started_at=datetime.now(UTC),
            ended_at=None,
        )
        async with self._database.transaction() as db:
            standing = await self._relay.standing(db, shop, show, rehearsal)
            if standing is not None:
                return standing
            db.add(row)
        await self._launch(row)
        return room

    async def recover(self) -> list[RoomId]:
        """Take up the rooms that were on air when the studio went down; those interrupted long ago are over."""
        async with self._database.transaction() as db:
            rows = list(await open_rooms(db))
        return [RoomId(row.room) for row in rows if await self._recover(row)]

    async def take_up(self, shop: ShopId, room: RoomId) -> None:
        """Speak in a room that nobody speaks in, if it is still to be on air."""
        async with self._database.transaction() as db:
            row = await room_row(db, shop, room)
        if row is not None and row.ended_at is None and room not in self._running and not self.closing:
            await self._recover(row)

    def drop(self, room: RoomId) -> None:
        """Stop speaking in a room that is another studio's now; its pages come back and find it there."""
        if (running := self._running.get(room)) is not None:
            running.task.cancel()

    async def _recover(self, row: RoomRow) -> bool:
        shop, room = ShopId(row.shop), RoomId(row.room)
        past = await _read(Ledger(self._database, shop), room)
        last = past[-1].at if past else row.started_at.timestamp()
        if time.time() - last > STALE.total_seconds():
            async with self._database.transaction() as db:
                await end_room(db, shop, room, datetime.now(UTC))
            return False
        await self._launch(row)
        return True

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Tell one room, or every running room of the shop, also at other studios. Those off air hear nothing."""
        self.tell_here(shop, room, event)
        self._relay.tell(shop, room, event)

    def tell_here(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Tell the rooms of this studio alone."""
        for key, live in self._live.items():
            if self._running[key].shop == shop and room in (None, key):
                live.tell(event)

    def part(self, name: str, state: str, detail: str) -> None:
        """The launcher's word on a child process: `starting`, `ok` or `down`. A starting part is not down yet."""
        self._health[name] = state
        if state == "starting":
            for live in self._live.values():
                live.starting(name)
            return
        if (name, state) == ("voice", "ok") and self._caches is not None and self._phrases is None:
            self._phrases = asyncio.create_task(self._prepare_phrases(), name="rooms:phrases")
        for live in self._live.values():
            live.part(name, state == "ok", detail)

    @property
    def health(self) -> dict[str, str]:
        """The child processes as the launcher last told: ok | starting | down."""
        return dict(self._health)

    def room(self, shop: ShopId, room: RoomId) -> LiveRoom:
        """The room's present run. Raises NotFound for another shop's, an unknown or an ended one."""
        live = self._live.get(room)
        if live is None or self._running[room].shop != shop:
            raise NotFound(f"room: wanted one on air in this shop, found {room!r}")
        return live

    def local(self, shop: ShopId, room: RoomId) -> Reached:
        """A room of this studio as pages reach it. Raises NotFound."""
        live = self.room(shop, room)
        return Here(live, lambda: self.desk(shop, room), lambda reason: self._end(live, reason))

    async def reach(self, shop: ShopId, room: RoomId) -> Reached:
        """A room on air, here or at another studio. Raises NotFound, and Unavailable while it is between two."""
        if room in self._running:
            return self.local(shop, room)
        return await self._relay.reach(shop, room)

    async def sound(self, sha256: str) -> bytes | None:
        """A clip that was aired lately, here or at another studio."""
        return self.aired.sound(sha256) or await self._relay.sound(sha256)

    async def shop_of(self, room: RoomId) -> ShopId | None:
        """Whose running room this is; for webhooks, which prove their right by a signature."""
        running = self._running.get(room)
        return running.shop if running else await self._relay.whose(room)

    def mine(self) -> frozenset[RoomId]:
        """The rooms that this studio speaks in."""
        return frozenset(self._live)

    def running(self, shop: ShopId) -> list[OnAir]:
        """The shop's rooms on air; those of other studios as of the last second."""
        here = [
            OnAir(id=key, show=item.show, rehearsal=item.rehearsal)
            for key, item in self._running.items()
            if item.shop == shop
        ]
        return here + [room for room in self._relay.elsewhere(shop) if room.id not in self._running]

    def busy(self) -> bool:
        """Whether anything is on air in this studio, rehearsals included; work that can wait does."""
        return bool(self._running)

    def desk(self, shop: ShopId, room: RoomId) -> wire.Desk:
        """The room's desk as it is now."""
        desk = self.room(shop, room).desk()
        return desk.model_copy(update={"health": {**desk.health, **self._starting(desk.health)}})

    async def end(self, shop: ShopId, room: RoomId, reason: str) -> None:
        """Take a room off air and wait until its log is complete."""
        await (await self.reach(shop, room)).end(reason)

    async def _end(self, live: LiveRoom, reason: str) -> None:
        live.end(reason)
        if (running := self._running.get(live.billing.room)) is not None:
            await asyncio.wait({running.task}, timeout=10.0)

    async def close(self) -> None:
        """Stop every room; those on air are taken up again by the next start (`recover`)."""
        self.closing = True
        tasks = [running.task for running in self._running.values()]
        if self._phrases is not None:
            tasks.append(self._phrases)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _prepare_phrases(self) -> None:
        """Voice the fixed phrases into the clip cache while the studio is idle, so that a first show starts warm."""
        for lang, voice in (("zh", self._settings.voice_zh), ("en", self._settings.voice_en)):
            make = clip_maker(self._voice, voice, lang, self._caches)
            for text in Repertoire(lang).openers():
                try:
                    await make(text, IDLE_PRIORITY)
                except OSError as away:
                    log.info("phrases.later", lang=lang, problem=str(away)[:200])
                    return  # each room makes what is missing

    def _starting(self, health: dict[str, str]) -> dict[str, str]:
        return {name: "starting" for name, state in self._health.items() if state == "starting" and name in health}

    async def _launch(self, row: RoomRow) -> None:
        shop, room = ShopId(row.shop), RoomId(row.room)
        began = asyncio.Event()
        task = asyncio.create_task(self._keep_on_air(row, began), name=f"room:{room}")
        self._running[room] = Running(shop=shop, show=ShowId(row.show), rehearsal=row.rehearsal, task=task, began=began)
        beginning = asyncio.create_task(began.wait(), name=f"room:{room}:began")
        try:
            await asyncio.wait({beginning, task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            beginning.cancel()
        if task.done():
            task.result()

    async def _keep_on_air(self, row: RoomRow, began: asyncio.Event) -> None:
        shop, room = ShopId(row.shop), RoomId(row.room)
        pause = FIRST_PAUSE
        try:
            while True:
                since = time.monotonic()
                try:
                    await self._once(row, began)
                    break
                except HeldElsewhere as found:
                    log.warning("room.is_elsewhere", room=room, why=str(found))
                    return
                except Exception:
                    # Whatever a room fell over, the show goes on: its owner takes it up from the log.
                    log.exception("room.fell", room=room)
                    if not began.is_set():
                        raise
                finally:
                    self._live.pop(room, None)
                pause = FIRST_PAUSE if time.monotonic() - since > 30 else min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(pause)
            async with self._database.transaction() as db:
                await end_room(db, shop, room, datetime.now(UTC))
        finally:
            self._running.pop(room, None)

    async def _once(self, row: RoomRow, began: asyncio.Event) -> None:
        shop, room = ShopId(row.shop), RoomId(row.room)
        epoch = secrets.token_hex(6)
        async with self._database.transaction() as db:
            if await room_row(db, shop, room) is None:
                raise NotFound(f"room: wanted one of this shop, found {room!r}")
        token = await self._relay.lease(shop, room)
        plan = await self._shows.plan(shop, ShowId(row.show), rehearsal=row.rehearsal)
        ledger = Ledger(self._database, shop, epoch)

        def spoke() -> None:
            if running := self._live.get(room):
                running.part("voice", True, "")

        live = LiveRoom(
            Billing(
                room=room,
                plan=plan,
                epoch=epoch,
                token=token,
                rehearsal=row.rehearsal,
                duty=row.duty,
                products=row.products,
            ),
            log_=ledger,
            past=await _read(ledger, room),
            make=clip_maker(self._voice, plan.voice, plan.lang, self._caches, spoke=spoke, readings=plan.readings),
            model=self._model,
            spool=self._settings.data_dir / "spool" / f"{room}.jsonl",
            keep_clip=self.aired.keep,
        )
        for name, state in self._health.items():
            live.starting(name) if state == "starting" else live.part(name, state == "ok", "")
        self._live[room] = live
        began.set()
        airing = asyncio.create_task(self._relay.air(shop, live), name=f"room:{room}:air")
        try:
            await live.run()
        finally:
            airing.cancel()
            await asyncio.gather(airing, return_exceptions=True)


async def _read(ledger: Ledger, room: RoomId) -> list[Recorded]:
    async with contextlib.aclosing(ledger.read(room)) as records:
        return [record async for record in records]
