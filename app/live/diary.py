"""A room's own pen: the one writer of its log, in order, before anything is heard.

Writes go through one queue and one task. When the log is away, events are kept in a bounded spool file on disk (each
line flushed and synced) and moved into the log, exactly once, when it is back.
"""

import asyncio
import json
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.events import CommentDecided, CommentHeard, EventLog, LiveEvent, Recorded, RoomId, from_json, kind_of, to_json
from app.metrics import DROPPED

log = structlog.get_logger()

PATIENCE = 1.0  # seconds an append may take before the spool takes over
SPOOL_LIMIT = 50 * 1024 * 1024  # bytes
RETRY = 1.0  # seconds between looks at a log that is away
CROWD_QUEUE = 4_096  # events of the crowd; the loser is the newest
QUEUE = 1_024  # other events that nobody waits for; the loser is the newest


Entry = tuple[LiveEvent, "asyncio.Future[None] | None"]


class Diary:
    """`write` returns when the event is safe (log or spool); `post` does not wait.

    `on_state(ok, detail)` is called when the log goes away or comes back.
    """

    def __init__(self, log_: EventLog, room: RoomId, spool: Path, *, on_state: Callable[[bool, str], None]) -> None:
        self._log = log_
        self._room = room
        self._spool = spool
        self._on_state = on_state
        self._show: deque[Entry] = deque()
        self._crowd: deque[Entry] = deque()
        self._filled = asyncio.Event()
        self._away = spool.exists() and spool.stat().st_size > 0
        self._last_seq = 0
        self._late: asyncio.Task[Recorded] | None = None

    def post(self, event: LiveEvent) -> None:
        """Write it soon. Never waits. What is said on air is written before what the crowd says."""
        crowd = isinstance(event, CommentHeard | CommentDecided)
        lane, bound = (self._crowd, CROWD_QUEUE) if crowd else (self._show, QUEUE)
        if len(lane) >= bound:
            DROPPED.labels("diary").inc()
            return
        lane.append((event, None))
        self._filled.set()

    async def write(self, event: LiveEvent) -> None:
        """Write it and return when it is safe. Raises OSError when neither the log nor the spool can keep it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._show.append((event, done))
        self._filled.set()
        await done

    async def run(self) -> None:
        """The writing task; ends only by cancellation, after which `flush` empties the queue."""
        while True:
            while not self._show and not self._crowd:
                self._filled.clear()
                try:
                    await asyncio.wait_for(self._filled.wait(), RETRY if self._away else None)
                except TimeoutError:
                    await self._drain()
            writing = asyncio.create_task(self._one(*(self._show or self._crowd).popleft()))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await writing  # what has begun is written to its end, so that nothing is lost or doubled
                raise

    async def flush(self) -> None:
        """Write all that is queued (at the end of a show)."""
        while self._show or self._crowd:
            await self._one(*(self._show or self._crowd).popleft())
        if self._away:
            await self._drain()

    async def _one(self, event: LiveEvent, done: asyncio.Future[None] | None) -> None:
        try:
            if self._away:
                await self._drain()
            if self._away or not await self._append(event):
                await asyncio.to_thread(self._keep, event)
        except OSError as error:
            if done is not None and not done.done():
                done.set_exception(error)
            else:
                log.error("diary.lost", room=self._room, event=kind_of(event), error=str(error))
        else:
            if done is not None and not done.done():
                done.set_result(None)

    async def _append(self, event: LiveEvent) -> bool:
        try:
            await self._append_in_time(event)
        except (OSError, SQLAlchemyError) as error:
            self._turn(False, f"{type(error).__name__}: {error}"[:200])
            return False
        return True

    async def _append_in_time(self, event: LiveEvent) -> None:
        """Append, or raise OSError after PATIENCE. A database that is stuck cannot be hurried by cancelling:

        the late append is left to end by itself, and `_drain` waits for that before it looks what was written.
        """
        if self._late is not None:
            raise OSError("the log is still busy with an earlier event")
        writing = asyncio.create_task(self._log.append(self._room, event), name=f"{self._room}:append")
        try:
            done, _ = await asyncio.wait({writing}, timeout=PATIENCE)
        except asyncio.CancelledError:
            await asyncio.gather(writing, return_exceptions=True)
            raise
        if not done:
            self._late = writing
            writing.add_done_callback(self._late_is_over)
            raise OSError(f"the log did not answer within {PATIENCE:g} s")
        self._last_seq = writing.result().seq

    def _late_is_over(self, writing: "asyncio.Task[Recorded]") -> None:
        self._late = None
        if not writing.cancelled() and (problem := writing.exception()) is not None:
            log.info("diary.late_append_failed", room=self._room, error=str(problem)[:200])

    def _turn(self, ok: bool, detail: str) -> None:
        if self._away == (not ok):
            return
        self._away = not ok
        self._on_state(ok, detail)

    def _keep(self, event: LiveEvent) -> None:
        line = json.dumps({"kind": kind_of(event), "event": to_json(event)}, ensure_ascii=False) + "\n"
        self._spool.parent.mkdir(parents=True, exist_ok=True)
        if self._spool.exists() and self._spool.stat().st_size + len(line.encode()) > SPOOL_LIMIT:
            raise OSError(f"wanted a spool of at most {SPOOL_LIMIT} bytes, found it full: {self._spool.name}")
        with self._spool.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    async def _drain(self) -> None:
        """Move the spool into the log, skipping what a timed-out append had written after all."""
        lines = await asyncio.to_thread(self._spooled)
        try:
            if self._late is not None:
                raise OSError("the log is still busy with an earlier event")
            written = [item.event for item in await self._recorded_since()]
            for index, event in enumerate(lines):
                if event in written:
                    written.remove(event)
                    continue
                await self._append_in_time(event)
                await asyncio.to_thread(self._rewrite, lines[index + 1 :])
        except (OSError, SQLAlchemyError) as error:
            log.info("diary.still_away", room=self._room, error=str(error)[:200], spooled=len(lines))
            return
        await asyncio.to_thread(self._spool.unlink, True)
        self._turn(True, "")

    async def _recorded_since(self) -> list[Recorded]:
        async with asyncio.timeout(PATIENCE):
            return [item async for item in self._log.read(self._room, after=self._last_seq)]

    def _spooled(self) -> list[LiveEvent]:
        if not self._spool.exists():
            return []
        bodies = [json.loads(line) for line in self._spool.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [from_json(body["kind"], body["event"]) for body in bodies]

    def _rewrite(self, events: list[LiveEvent]) -> None:
        text = "".join(
            json.dumps({"kind": kind_of(event), "event": to_json(event)}, ensure_ascii=False) + "\n" for event in events
        )
        fresh = self._spool.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._spool)
