"""Child processes with a name and an owner: the language model and the voice live in them.

A worker prints `ready` when it can answer, and leaves when its standard input closes, so that it never outlives us.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Literal

import structlog

log = structlog.get_logger()

State = Literal["starting", "ok", "down"]
FIRST_RETRY = 0.3  # seconds; a killed voice is back before 20 s of ready audio run out
LONGEST_RETRY = 10.0
STEADY = 30.0  # seconds up after which the next failure starts from FIRST_RETRY again
PATIENCE = 5.0  # seconds a worker may take to leave before it is killed


class Worker:
    """One supervised child process: started, watched, started again with growing pauses.

    `on_change(name, state, detail)` is called whenever the state changes.
    """

    def __init__(
        self, name: str, argv: Sequence[str], *, on_change: Callable[[str, State, str], None], niceness: int = 0
    ) -> None:
        self.name = name
        self.state: State = "starting"
        self.pid: int | None = None
        self.restarts = 0
        self._argv = argv
        self._on_change = on_change
        self._niceness = niceness
        self._up = asyncio.Event()

    async def ready(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until the worker can answer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), timeout)
        return self._up.is_set()

    async def run(self) -> None:
        """Keep the process alive until this task is cancelled."""
        pause = FIRST_RETRY
        while True:
            born = time.monotonic()
            detail = await self._live_once()
            self._turn("down", detail)
            pause = FIRST_RETRY if time.monotonic() - born > STEADY else min(pause * 2, LONGEST_RETRY)
            await asyncio.sleep(pause)
            self.restarts += 1
            self._turn("starting", "")

    async def _live_once(self) -> str:
        process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            preexec_fn=self._manners,
        )
        self.pid = process.pid
        try:
            assert process.stdout is not None  # noqa: S101 - asked for a pipe above
            async for line in process.stdout:
                if line.strip() == b"ready":
                    self._turn("ok", "")
            return f"exit code {await process.wait()}"
        finally:
            self.pid = None
            await _end(process)

    def _manners(self) -> None:
        """Run in the child before its program: Ctrl-C is ours to hear, we close its standard input.

        It stays in our session: the kernel weighs niceness only within one (sched_autogroup), and a voice that
        shares cores with a model of another session was measured at a quarter of its speed.
        """
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.nice(self._niceness)

    def _turn(self, state: State, detail: str) -> None:
        if state == self.state and state != "starting":
            return
        self.state = state
        (self._up.set if state == "ok" else self._up.clear)()
        log.info("worker", name=self.name, state=state, detail=detail, pid=self.pid)
        self._on_change(self.name, state, detail)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close the worker's standard input, wait for it to leave, and kill it when it does not."""
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
