"""The stage: one room's messages to all its overlay pages, numbered, kept a while, resumed without gaps.

Contract (docs/protocol.md): every message has the room's `epoch` and a `seq` that grows by one. A page that comes back
gets the whole gap when it is at most 1,000 messages and 300 seconds old, and a full snapshot otherwise, never a part.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.live.wire import (
    CLIENT_QUEUE,
    HISTORY_MESSAGES,
    HISTORY_SECONDS,
    WIRE_LIMIT,
    CardChanged,
    CommentShown,
    Gift,
    Notice,
    Recovered,
    Snapshot,
    SpeechEnd,
    SpeechStart,
)
from app.metrics import DROPPED

CLIENT_BYTES = 1024 * 1024  # bytes a silent reader may hold before it is cut
FAR_LIFE = 6.0  # seconds after the last word of another studio about its pages
Numbered = SpeechStart | SpeechEnd | CardChanged | CommentShown | Gift | Notice
Frame = str | bytes
PageKind = Literal["obs", "phone", "browser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message in the history: its number, its moment (seconds), its JSON."""

    seq: int
    at: float
    text: str


class Seat:
    """One page's place: frames wait here until its socket takes them. Cut when it holds too much.

    `since` and `seen` are the moments it came and was last heard of (seconds), `offset_ms` its clock against ours.
    """

    def __init__(self, *, number: int = 0, kind: PageKind = "browser", since: float = 0.0) -> None:
        self.number, self.kind, self.since, self.seen = number, kind, since, since
        self.offset_ms: float | None = None
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self.gone = False

    def push(self, *frames: Frame) -> None:
        """Add frames together; past 256 messages or 1 MiB the reader is cut and its frames forgotten."""
        if self.gone:
            return
        self._frames.extend(frames)
        self._bytes += sum(len(frame) for frame in frames)
        if len(self._frames) > 2 * CLIENT_QUEUE or self._bytes > CLIENT_BYTES:
            DROPPED.labels("overlay reader").inc()
            self.leave()
        self._filled.set()

    def seed(self, frames: list[str]) -> None:
        """The first frames of a page: a snapshot or the gap. They are owed, so they are not counted against it."""
        self._frames.extend(frames)
        self._filled.set()

    def finish(self) -> None:
        """Nothing follows: the page takes what it still holds, then None."""
        self.gone = True
        self._filled.set()

    def leave(self) -> None:
        """No more frames; `take` returns None."""
        self.gone = True
        self._frames.clear()
        self._bytes = 0
        self._filled.set()

    async def ready(self) -> None:
        """Return when a frame waits or none will come any more."""
        while not self._frames and not self.gone:
            self._filled.clear()
            await self._filled.wait()

    async def take(self) -> Frame | None:
        """The next frame, or None when the page was cut or the room is over and everything was taken."""
        await self.ready()
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self._bytes = max(0, self._bytes - len(frame))
        return frame

    @property
    def waiting(self) -> int:
        """Frames not taken yet."""
        return len(self._frames)


class Audience:
    """Everybody who gets the numbered messages of one run of a room, and those messages, kept a while."""

    def __init__(self, *, epoch: str, clock: Callable[[], float]) -> None:
        self.epoch = epoch
        self.seq = 0
        self._clock = clock
        self._history: deque[Kept] = deque(maxlen=HISTORY_MESSAGES)
        self._seats: dict[Seat, None] = {}  # in the order they came
        self._taps: dict[Seat, None] = {}
        self._far: dict[str, tuple[float, tuple[Seat, ...]]] = {}
        self._came = 0

    def pass_on(self, seq: int, text: str, clip: bytes | None = None, *, age: float = 0.0) -> None:
        """Keep and send a message that has its number already, `age` seconds ago; here or by another studio's stage."""
        now = self._clock()
        self.seq = seq
        self._history.append(Kept(seq=seq, at=now - age, text=text))
        while self._history and now - self._history[0].at > HISTORY_SECONDS:
            self._history.popleft()
        frames: tuple[Frame, ...] = (text,) if clip is None else (text, clip)
        for seats in (self._seats, self._taps):
            for seat in tuple(seats):
                seat.push(*frames)
                if seat.gone:
                    seats.pop(seat, None)

    def seat(self, kind: PageKind, first: list[str]) -> Seat:
        """A place whose first frames are these; everything from now on follows."""
        self._came += 1
        seat = Seat(number=self._came, kind=kind, since=self._clock())
        seat.seed(first)
        self._seats[seat] = None
        return seat

    def tap(self) -> Seat:
        """A place that gets everything from now on and is no page: the way to other studios."""
        seat = Seat()
        self._taps[seat] = None
        return seat

    def gap(self, epoch: str, seq: int) -> list[Kept] | None:
        """All messages after `seq`, or None when even one of them is no longer (or was never) here."""
        if epoch != self.epoch or seq < 0 or seq > self.seq:
            return None
        oldest = self._clock() - HISTORY_SECONDS
        gap = [kept for kept in self._history if kept.seq > seq and kept.at >= oldest]
        return gap if len(gap) == self.seq - seq else None

    def leave(self, seat: Seat) -> None:
        """The page went."""
        seat.leave()
        self._seats.pop(seat, None)
        self._taps.pop(seat, None)

    def close(self) -> None:
        """Nothing more comes: readers finish what they hold, then get None."""
        for seat in (*self._seats, *self._taps):
            seat.finish()
        self._seats.clear()
        self._taps.clear()

    def far(self, studio: str, seats: Sequence[Seat]) -> None:
        """The pages that another studio serves now; forgotten when it says no more for FAR_LIFE."""
        self._far[studio] = (self._clock(), tuple(seats))

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Every page that is here, the newest last, behind those at other studios."""
        oldest = self._clock() - FAR_LIFE
        elsewhere = (seat for told, seats in self._far.values() if told >= oldest for seat in seats)
        return (*elsewhere, *self._seats)

    @property
    def pages(self) -> int:
        """How many pages look at the room."""
        return len(self.seats)


class Stage(Audience):
    """Fan-out of one run of a room. `snapshot(epoch, seq)` makes a full picture; `clock` gives seconds."""

    def __init__(self, *, epoch: str, snapshot: Callable[[str, int], Snapshot], clock: Callable[[], float]) -> None:
        super().__init__(epoch=epoch, clock=clock)
        self._snapshot = snapshot

    def picture(self) -> Snapshot:
        """Everything as it is now, after the last message."""
        return self._snapshot(self.epoch, self.seq)

    def publish(self, message: Numbered, clip: bytes | None = None) -> None:
        """Number the message, keep it, send it to everyone; a clip follows its `speech.start` as one binary frame."""
        self.seq += 1
        text = message.model_copy(update={"epoch": self.epoch, "seq": self.seq}).model_dump_json()
        if len(text.encode()) > WIRE_LIMIT:
            raise ValueError(f"wanted a message of at most {WIRE_LIMIT} bytes, found {len(text.encode())}: {text[:80]}")
        self.pass_on(self.seq, text, clip)

    def join(self, epoch: str, seq: int, kind: PageKind = "browser") -> Seat:
        """A place for a page that last saw (`epoch`, `seq`). Its first frames are the whole gap or a snapshot."""
        gap = self.gap(epoch, seq)
        if gap is None:
            return self.seat(kind, [self.picture().model_dump_json()])
        return self.seat(kind, [Recovered(epoch=self.epoch, seq=seq).model_dump_json(), *(kept.text for kept in gap)])
