"""On one PostgreSQL there is one studio; a stand-by takes over when it is killed, and nobody goes on beside it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.alone import Alone
from app.database import Database
from tests.servers import Postgres

ROOT = Path(__file__).parents[2]
HOLD = """
import asyncio, sys
from app.alone import Alone
from app.database import Database

async def hold():
    await Alone(Database(sys.argv[1])).take()
    print("taken", flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture
async def url(postgres: Postgres) -> AsyncGenerator[str, None]:
    url = await postgres.create()
    yield url
    await postgres.drop(url)


@pytest.fixture
async def here(url: str) -> AsyncGenerator[Database, None]:
    database = Database(url)
    yield database
    await database.close()


async def test_a_stand_by_takes_over_within_ten_seconds_of_a_kill(url: str, here: Database) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        heard = ""
        while heard != "taken\n":
            heard = await asyncio.wait_for(asyncio.to_thread(other.stdout.readline), 60)
            assert heard, "the other studio ended"
        waiting = asyncio.create_task(Alone(here).take())
        done, _ = await asyncio.wait({waiting}, timeout=2.5)
        assert not done  # as long as the other lives
        os.kill(other.pid, signal.SIGKILL)
        killed = time.monotonic()
        await asyncio.wait_for(waiting, 30)
        assert time.monotonic() - killed < 10
    finally:
        other.kill()
        other.wait()


async def test_a_studio_that_closes_hands_over(url: str, here: Database) -> None:
    first, second = Alone(here), Alone(here)
    await first.take()
    waiting = asyncio.create_task(second.take())
    await first.release()
    await asyncio.wait_for(waiting, 30)
    await second.release()


async def cut_the_connection(database: Database) -> None:
    """As when a cable is pulled: the database takes the lock back."""
    async with database.transaction() as db:
        await db.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))


async def test_a_studio_that_was_overtaken_is_told_to_end(url: str, here: Database) -> None:
    elsewhere = Database(url)
    first, second, told = Alone(here), Alone(elsewhere), asyncio.Event()
    await first.take()
    await cut_the_connection(elsewhere)
    await asyncio.wait_for(second.take(), 30)
    await asyncio.wait_for(first.guard(told.set), 30)
    assert told.is_set()
    await second.release()
    await elsewhere.close()


async def test_a_studio_whose_connection_broke_goes_on_when_nobody_else_is_there(url: str, here: Database) -> None:
    elsewhere = Database(url)
    first, told = Alone(here), asyncio.Event()
    await first.take()
    await cut_the_connection(elsewhere)
    guarding = asyncio.create_task(first.guard(told.set))
    async with asyncio.timeout(30):
        while not await held(elsewhere):
            await asyncio.sleep(0.05)
    assert not told.is_set() and not guarding.done()
    guarding.cancel()
    await asyncio.gather(guarding, return_exceptions=True)
    await first.release()
    await elsewhere.close()


async def held(database: Database) -> bool:
    async with database.transaction() as db:
        return bool(await db.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")))


async def test_an_embedded_database_needs_no_waiting(database: Database) -> None:
    if database.url.startswith("sqlite"):
        both = [Alone(database), Alone(database)]
        await asyncio.wait_for(asyncio.gather(*(one.take() for one in both)), 30)
