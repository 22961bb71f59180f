"""A room's mailbox: two lanes, crew before crowd, nobody ever waits to put something in."""

import asyncio
from collections import deque

from app.events import CommentHeard, OrderPlaced
from app.live.questions import cleaned, reading_of
from app.live.show import Cue
from app.metrics import DROPPED

CROWD_BOUND = 500
CREW_BOUND = 512


class Mailbox:
    """Crew lane: presses, prices, stock, orders, signals. Crowd lane: what viewers do.

    Losers: a full crowd lane forgets its newest low-value event (likes and arrivals before comments, comments before
    purchase questions); a full crew lane forgets its oldest order notice (the books keep the order) or tick.
    """

    def __init__(self) -> None:
        self._crew: deque[Cue] = deque()
        self._crowd: deque[tuple[int, CommentHeard]] = deque()
        self._filled = asyncio.Event()
        self.forgotten = 0

    def put(self, cue: Cue) -> None:
        """Put something in; never waits, never raises."""
        if isinstance(cue, CommentHeard):
            self._put_crowd(cue)
        else:
            self._put_crew(cue)
        self._filled.set()

    def _put_crew(self, cue: Cue) -> None:
        if len(self._crew) >= CREW_BOUND:
            lost = next((item for item in self._crew if isinstance(item, OrderPlaced)), self._crew[0])
            self._crew.remove(lost)
            self._lose("crew lane")
        self._crew.append(cue)

    def _put_crowd(self, heard: CommentHeard) -> None:
        value = _value(heard)
        if len(self._crowd) < CROWD_BOUND:
            self._crowd.append((value, heard))
            return
        lowest, place = value, -1
        for index in range(len(self._crowd) - 1, -1, -1):
            known = self._crowd[index][0]
            if known < lowest:
                lowest, place = known, index
            if lowest == 1:
                break
        if place >= 0:
            del self._crowd[place]
            self._crowd.append((value, heard))
        self._lose("crowd lane")

    def _lose(self, lane: str) -> None:
        self.forgotten += 1
        DROPPED.labels(lane).inc()

    async def take(self) -> Cue:
        """The next thing to look at: everything of the crew lane first."""
        while not self._crew and not self._crowd:
            self._filled.clear()
            await self._filled.wait()
        return self._crew.popleft() if self._crew else self._crowd.popleft()[1]

    def __len__(self) -> int:
        return len(self._crew) + len(self._crowd)


def _value(heard: CommentHeard) -> int:
    """1 a like or an arrival, 2 a gift or a comment, 3 a purchase question."""
    if heard.crowd_kind == "comment":
        return 3 if reading_of(cleaned(heard.text)).purchase else 2
    return 2 if heard.crowd_kind == "gift" else 1
