"""A room of another studio, followed from its hot tail: the same messages under the same numbers, to pages here.

A number that is missing (Redis was flushed, restarted, or away) sends every page of ours to fetch a whole snapshot, and
so does a new run of the room.
"""

import asyncio
import json
import time
from typing import Any

import structlog

from app.errors import Unavailable
from app.live import wire
from app.live.relay.asks import put
from app.live.relay.port import About
from app.live.relay.tail import Entry, Keys, Lost, Tail, age_seconds, clip_key
from app.live.stage import Audience, PageKind, Seat

REPORT_EVERY = 2.0  # seconds between two words to the speaker about the pages here
JOIN_WITHIN = 2.5  # seconds until the speaker has told its state
PAUSE = 0.5  # seconds between tries while Redis is away

_log = structlog.get_logger()


class Follower:
    """One room elsewhere. `studio` is this studio's name."""

    def __init__(self, tail: Tail, keys: Keys, studio: str) -> None:
        self._tail, self._keys, self._studio = tail, keys, studio
        self._after: dict[str, bytes] = {}
        self._token = 0
        self._audience: Audience | None = None
        self._changed = asyncio.Event()
        self.lost = False
        self.desk = ""

    async def run(self) -> None:
        """Until cancelled; then every page here is told to come back."""
        reporting = asyncio.create_task(self._report(), name=f"{self._keys.room}:report")
        try:
            while True:
                try:
                    await self._load()
                    while True:
                        await self._read()
                except Lost as away:
                    if not self.lost:
                        _log.warning("relay.away", room=self._keys.room, problem=type(away).__name__)
                    self._lose()
                    await asyncio.sleep(PAUSE)
        finally:
            reporting.cancel()
            self._lose()
            await asyncio.gather(reporting, return_exceptions=True)

    async def join(self, epoch: str, seq: int, kind: PageKind) -> Seat:
        """A page's place: the gap, or a snapshot and what came after it. Raises Unavailable."""
        deadline = time.monotonic() + JOIN_WITHIN
        while not self.lost:
            if self._audience is not None and (gap := self._audience.gap(epoch, seq)) is not None:
                head = wire.Recovered(epoch=epoch, seq=seq).model_dump_json()
                return self._audience.seat(kind, [head, *(kept.text for kept in gap)])
            state = await self.state()
            late = time.monotonic() > deadline
            if state is not None and (self._audience is None or late) and state["token"] >= self._token:
                self._begin(state["token"], state["epoch"], state["seq"])
            if state is not None and self._audience is not None:
                gap = self._audience.gap(state["epoch"], state["seq"])
                if gap is not None:
                    return self._audience.seat(kind, [state["snapshot"], *(kept.text for kept in gap)])
            if late:
                break
            await asyncio.sleep(0.05)
        raise Unavailable("the studio on air: wanted its messages, found none; come back")

    def leave(self, seat: Seat) -> None:
        """The page went."""
        seat.leave()
        if self._audience is not None:
            self._audience.leave(seat)

    async def state(self) -> dict[str, Any] | None:
        """What the speaker last told. Raises Unavailable."""
        try:
            found = await self._tail.say("GET", self._keys.state)
        except Lost as away:
            raise Unavailable("the studio on air: wanted its messages, found Redis away; come back") from away
        return None if found is None else json.loads(found)

    async def about(self) -> About:
        """The room's bill. Raises Unavailable."""
        deadline = time.monotonic() + JOIN_WITHIN
        while (state := await self.state()) is None:
            if time.monotonic() > deadline:
                raise Unavailable("the studio on air: wanted its word about the room, found none; come back")
            await asyncio.sleep(0.05)
        return About(**state["about"])

    async def changed(self) -> None:
        """Return when another picture of the desk has come, or the way was lost."""
        await self._changed.wait()

    async def _load(self) -> None:
        now = await self._tail.clock_ms()
        self._after = {self._keys.air: b"0-0", self._keys.desk: b"0-0"}
        for entry in await self._tail.say("XRANGE", self._keys.air, "-", "+"):
            await self._take(entry, age_seconds(entry[0], now), old=True)
        self.lost = False

    async def _read(self) -> None:
        found = await self._tail.news(self._after)
        for entry in found.get(self._keys.air, []):
            await self._take(entry, 0.0)
        for id_, fields in found.get(self._keys.desk, []):
            self._after[self._keys.desk] = id_
            if int(fields[b"token"]) >= self._token:
                self.desk = fields[b"desk"].decode()
                self._touch()

    async def _take(self, entry: Entry, age: float, *, old: bool = False) -> None:
        self._after[self._keys.air], fields = entry
        token, text = int(fields[b"token"]), fields[b"m"].decode()
        message = json.loads(text)
        seq = int(message["seq"])
        if token < self._token:
            return  # the last words of a studio that was overtaken
        audience = self._audience
        if audience is None or token > self._token or seq > audience.seq + 1:
            audience = self._begin(token, message["epoch"], seq - 1)
        elif seq <= audience.seq:
            return
        clip = fields.get(b"clip")
        # Pages that follow have the sound sent with its message; history is never replayed with sound.
        sound = None if clip is None or old else await self._tail.say("GET", clip_key(clip.decode()))
        if clip is not None and sound is None and not old:
            self._begin(token, message["epoch"], seq)  # a message without its sound is a gap too
            return
        audience.pass_on(seq, text, sound, age=age)

    def _begin(self, token: int, epoch: str, seq: int) -> Audience:
        self._dismiss()
        self._token = token
        self._audience = Audience(epoch=epoch, clock=time.monotonic)
        self._audience.seq = seq
        return self._audience

    def _dismiss(self) -> None:
        if self._audience is not None:
            self._audience.close()
            self._audience = None

    def _lose(self) -> None:
        self.lost = True
        self._dismiss()
        self._touch()

    def _touch(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY)
            if self._audience is None or self.lost:
                continue
            ago = time.time() - time.monotonic()
            pages = [
                wire.DeskPage(
                    page=seat.number,
                    kind=seat.kind,
                    since_ms=round((seat.since + ago) * 1000),
                    seen_ms=round((seat.seen + ago) * 1000),
                    offset_ms=seat.offset_ms,
                ).model_dump()
                for seat in self._audience.seats
            ]
            try:
                await put(self._tail, self._keys, "pages", studio=self._studio, pages=pages)
            except Lost:
                continue  # the reader beside this says so
