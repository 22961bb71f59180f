"""Whose turn it is at the voice: the most urgent line first, an urgent one interrupts a lesser one."""

import asyncio
import threading
import time
from dataclasses import dataclass, field

from avatar.kokoro import Kokoro
from avatar.line import Line
from avatar.speech import SAMPLE_RATE, Sound, Utterance, Voice

WAITING = 16  # lines; more would be minutes of speech that nobody needs any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last thing that comes of a request: `outcome` said | failed | cancelled, with the time spent speaking."""

    outcome: str
    ms: float = 0.0
    why: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Request:
    """A line on its way through the voice."""

    line: Line
    voice: Voice
    priority: int
    out: asyncio.Queue[Utterance | Ended] = field(default_factory=asyncio.Queue)  # as long as one line's utterances
    cancelled: threading.Event = field(default_factory=threading.Event)
    yielded: threading.Event = field(default_factory=threading.Event)  # gives way to a more urgent line
    stretches: int = 0  # said so far
    clock: float = 0.0  # seconds said so far
    seconds: float = 0.0  # of work


class QueueFull(Exception):
    """WAITING lines already wait, none of them less urgent than the new one."""


class Turns:
    """One voice, many askers. When full, the least urgent waiting line (the newest of these) loses its place."""

    def __init__(self, voice: Kokoro) -> None:
        self._voice = voice
        self._waiting: list[Request] = []
        self._running: Request | None = None
        self._more = asyncio.Event()

    @property
    def running(self) -> Request | None:
        """The request being said now."""
        return self._running

    def ask(self, request: Request) -> None:
        """Queue a request; interrupts a running one of larger priority number. Raises QueueFull."""
        if len(self._waiting) >= WAITING:
            last = max(self._waiting, key=lambda r: r.priority)  # max keeps the first of equals; search from the newest
            last = next(r for r in reversed(self._waiting) if r.priority == last.priority)
            if last.priority <= request.priority:
                raise QueueFull(
                    f"expected room among {WAITING} waiting lines, found none less urgent than {request.priority}"
                )
            self._waiting.remove(last)
            last.out.put_nowait(Ended(outcome="failed", why="pushed out by a more urgent line"))
        self._waiting.append(request)
        if self._running and request.priority < self._running.priority:
            self._running.yielded.set()
        self._more.set()

    def forget(self, request: Request) -> None:
        """The asker is gone: stop it if it runs, drop it if it waits."""
        request.cancelled.set()
        if request in self._waiting:
            self._waiting.remove(request)
            request.out.put_nowait(Ended(outcome="cancelled"))  # whoever hands its utterances on waits for an end

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            while not self._waiting:
                self._more.clear()
                await self._more.wait()
            request = min(self._waiting, key=lambda r: r.priority)  # first come among equals
            self._waiting.remove(request)
            self._running = request
            request.yielded.clear()
            try:
                ended = await asyncio.to_thread(self._say, request, asyncio.get_running_loop())
            finally:
                self._running = None
                request.yielded.set()  # a thread left behind by our own cancellation stops
            if ended is None:
                self._waiting.insert(0, request)  # goes on from its clause, before its equals
            else:
                request.out.put_nowait(ended)

    def _say(self, request: Request, loop: asyncio.AbstractEventLoop) -> Ended | None:
        """In a worker thread: say what is left of the request. None when it gave way."""
        began = time.perf_counter()

        def stop() -> bool:
            return request.cancelled.is_set() or request.yielded.is_set()

        try:
            for utterance in self._voice.speak_now(
                request.line, request.voice, stop, skip=request.stretches, clock=request.clock
            ):
                loop.call_soon_threadsafe(request.out.put_nowait, utterance)
                if isinstance(utterance, Sound):
                    request.stretches += 1
                    request.clock += len(utterance.pcm) / 2 / SAMPLE_RATE
                    if stop():
                        break
        except (OSError, ValueError) as failure:
            return Ended(outcome="failed", why=str(failure))
        finally:
            request.seconds += time.perf_counter() - began
        if request.cancelled.is_set():
            return Ended(outcome="cancelled", ms=request.seconds * 1000)
        return None if request.yielded.is_set() else Ended(outcome="said", ms=round(request.seconds * 1000, 1))
