"""A worker is started, comes back after a kill, and leaves with its owner."""

import asyncio
import os
import signal
import sys

from app.workers import Worker

CHILD = "import sys; print('ready', flush=True); sys.stdin.read()"


async def test_a_killed_worker_comes_back_with_another_process() -> None:
    seen: list[str] = []
    worker = Worker("voice", [sys.executable, "-c", CHILD], on_change=lambda _n, state, _d: seen.append(state))
    task = asyncio.create_task(worker.run(), name="voice")
    try:
        assert await worker.ready(10)
        first = worker.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while worker.state == "ok":
            await asyncio.sleep(0.01)
        assert await worker.ready(10)
        assert worker.pid != first
        assert seen == ["ok", "down", "starting", "ok"]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_worker_leaves_with_its_owner() -> None:
    worker = Worker("model", [sys.executable, "-c", CHILD], on_change=lambda *_: None)
    task = asyncio.create_task(worker.run(), name="model")
    assert await worker.ready(10)
    pid = worker.pid
    assert pid is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    raise AssertionError("the child process outlived its owner")
