"""Clips ready to be played: made ahead, made once, kept within bounds.

A clause's clip is asked for by its written text. Making it is the voice's work in another process; here is only the
bookkeeping: what is ready, what is being made, and whom to stop.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from functools import lru_cache
from typing import Any

import structlog

from avatar.clips import Clip, clauses

log = structlog.get_logger()

KEPT_SECONDS = 240.0  # of audio in memory beside the pinned; 48 kB a second of PCM
LAST_URGENT = 3  # priorities up to here are for what is on air; drafts and the look-ahead have larger ones
HOPELESS = 200  # clauses remembered as impossible; the oldest is forgotten
ClipMaker = Callable[[str, int], Coroutine[Any, Any, Clip]]
"""`make(clause, priority)`: smaller priority numbers are served sooner. Raises OSError when the voice is away."""


@lru_cache(4_096)
def parts_of(text: str, lang: str, ample: bool = False) -> tuple[str, ...]:
    """The sentence's clauses; each becomes one clip. `ample` ones are longer, for what is made well ahead."""
    return tuple(part for part in clauses(text, lang, ample=ample) if any(char.isalnum() for char in part))


class Larder:
    """One room's ready clips. The loser of the bound is the clip used longest ago."""

    def __init__(self, make: ClipMaker, *, on_away: Callable[[str], None]) -> None:
        self._make = make
        self._on_away = on_away
        self._ready: OrderedDict[str, Clip] = OrderedDict()
        self._pinned: dict[str, Clip] = {}
        self._making: dict[str, asyncio.Task[Clip]] = {}
        self._priority: dict[str, int] = {}
        self._seconds = 0.0
        self._hopeless: OrderedDict[str, None] = OrderedDict()

    def ready(self, text: str) -> Clip | None:
        """The clip, if it is made already."""
        if text in self._ready:
            self._ready.move_to_end(text)
        return self._pinned.get(text) or self._ready.get(text)

    def hopeless(self, text: str) -> bool:
        """Whether the voice, though at work, could not say this; nobody waits for it again."""
        return text in self._hopeless

    def want(self, text: str, priority: int) -> "asyncio.Task[Clip]":
        """The task that makes this clip; asking twice makes it once."""
        task = self._making.get(text)
        if task is None:
            task = asyncio.create_task(self._fetch(text, priority), name=f"clip:{text[:20]}")
            self._making[text], self._priority[text] = task, priority
            task.add_done_callback(lambda done: self._finished(text, done))
        return task

    async def get(self, text: str, priority: int) -> Clip:
        """The clip, made now if need be. Raises OSError when the voice is away."""
        clip = self.ready(text)
        return clip if clip is not None else await asyncio.shield(self.want(text, priority))

    async def pin(self, texts: Iterable[str], priority: int) -> None:
        """Make and keep for good: the room's fixed lines. What cannot be made is tried again by the next call."""
        for text in texts:
            if text not in self._pinned:
                self._pinned[text] = await self.get(text, priority)
                self._forget(text)

    def stop(self, keep: frozenset[str] = frozenset(), *, everything: bool = False) -> None:
        """The voice's work for what was on air ends; `keep`, drafts and look-ahead go on unless `everything`."""
        for text, task in tuple(self._making.items()):
            if everything or (text not in keep and self._priority[text] <= LAST_URGENT):
                # Whoever wants it next gets a new task, not one that is going.
                del self._making[text], self._priority[text]
                task.cancel()

    async def close(self) -> None:
        """Stop all work and wait until it has stopped."""
        tasks = tuple(self._making.values())
        self.stop(everything=True)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, text: str, priority: int) -> Clip:
        clip = await self._make(text, priority)
        self._ready[text] = clip
        self._seconds += clip.seconds
        while self._seconds > KEPT_SECONDS and len(self._ready) > 1:
            self._forget(next(iter(self._ready)))
        return clip

    def _forget(self, text: str) -> None:
        if clip := self._ready.pop(text, None):
            self._seconds -= clip.seconds

    def _finished(self, text: str, task: "asyncio.Task[Clip]") -> None:
        if self._making.get(text) is task:
            del self._making[text], self._priority[text]
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, OSError):
            self._on_away(str(error) or type(error).__name__)
        elif error is not None:
            log.error("clip.failed", text=text, error=repr(error))
            self._hopeless[text] = None
            while len(self._hopeless) > HOPELESS:
                self._hopeless.popitem(last=False)
