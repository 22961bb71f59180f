"""A crowd played back from a room's exported log, at its own pace or faster."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace
from pathlib import Path

from app.errors import BadInput
from app.events import CommentHeard, from_json

_CHAIN = ("seq", "epoch", "at", "type", "prev", "hash")


def comments_of(lines: Iterable[str]) -> list[tuple[float, CommentHeard]]:
    """(seconds after the log's first event, comment) of an `events.jsonl`. Raises BadInput for other lines."""
    first: float | None = None
    found: list[tuple[float, CommentHeard]] = []
    for number, line in enumerate(lines, start=1):
        try:
            body = json.loads(line)
            at, kind = float(body["at"]), body["type"]
            first = at if first is None else first
            if kind != "comment_heard":
                continue
            event = from_json(kind, {name: value for name, value in body.items() if name not in _CHAIN})
        except (ValueError, KeyError, TypeError) as problem:
            raise BadInput(f"line {number}", "an event of a room's log", line[:80]) from problem
        if isinstance(event, CommentHeard):
            found.append((at - first, event))
    return found


class Replay:
    """A CommentSource from a log file. Replayed comments are marked as simulated; `speed` 2.0 is twice as fast."""

    def __init__(self, path: Path, *, speed: float = 1.0) -> None:
        self._path = path
        self._speed = speed

    async def comments(self) -> AsyncGenerator[CommentHeard, None]:
        """The log's comments at their times, received now. Raises BadInput and OSError."""
        with self._path.open(encoding="utf-8") as lines:
            remarks = comments_of(lines)
        loop = asyncio.get_running_loop()
        start = loop.time()
        for at, heard in remarks:
            await asyncio.sleep(max(0.0, start + at / self._speed - loop.time()))
            yield replace(heard, source="replay", simulated=True, received_at=time.time())
