"""The diary: in order, before sound, through a log that comes and goes."""

import asyncio
import sqlite3
import time
from pathlib import Path

from app.events import CrewPressed
from app.ledger import Ledger, broken_at
from app.live.diary import PATIENCE, Diary
from tests.live.fakes import ROOM, SHOP, FakeLog, comment, fast


def press(number: int) -> CrewPressed:
    return CrewPressed(button="say", by="x", text=str(number))


def texts(log: FakeLog) -> list[str]:
    return [event.text for event in log.events(CrewPressed)]


def test_what_was_spooled_stands_in_the_log_once_and_in_order(tmp_path: Path):
    async def story():
        log, states = FakeLog(), []
        diary = Diary(log, ROOM, tmp_path / "spool", on_state=lambda ok, _: states.append(ok))
        task = asyncio.create_task(diary.run())
        await diary.write(press(1))
        log.away = True
        for number in (2, 3, 4):
            await diary.write(press(number))
        assert texts(log) == ["1"]
        assert len((tmp_path / "spool").read_text().splitlines()) == 3
        log.away = False
        await asyncio.sleep(3)
        await diary.write(press(5))
        assert texts(log) == ["1", "2", "3", "4", "5"]
        assert states == [False, True]
        assert not (tmp_path / "spool").exists()
        task.cancel()

    fast(story())


def test_an_append_that_timed_out_and_landed_after_all_is_not_written_again(tmp_path: Path):
    class Slow(FakeLog):
        slow = False

        async def append(self, room, event):
            recorded = await super().append(room, event)
            if self.slow:
                await asyncio.sleep(5)
            return recorded

    async def story():
        log = Slow()
        diary = Diary(log, ROOM, tmp_path / "spool", on_state=lambda ok, why: None)
        task = asyncio.create_task(diary.run())
        log.slow = True
        await diary.write(press(1))
        log.slow = False
        await diary.write(press(2))
        await asyncio.sleep(8)
        await diary.write(press(3))
        assert texts(log) == ["1", "2", "3"]
        task.cancel()

    fast(story())


def test_the_crowd_waits_for_what_is_said_on_air(tmp_path: Path):
    async def story():
        log = FakeLog()
        diary = Diary(log, ROOM, tmp_path / "spool", on_state=lambda ok, why: None)
        for number in range(50):
            diary.post(comment("多少钱", 0.0, number=number))
        task = asyncio.create_task(diary.run())
        await diary.write(press(1))
        assert len(log.records) <= 2
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await diary.flush()
        assert len(log.records) == 51

    fast(story())


async def test_the_real_ledger_keeps_a_whole_chain(database, tmp_path: Path):
    from app.access.service import Access

    await Access(database).open_shop(SHOP, "茶铺", owner="王姐", account="wang")
    ledger = Ledger(database, SHOP, "e1")
    diary = Diary(ledger, ROOM, tmp_path / "spool", on_state=lambda ok, why: None)
    task = asyncio.create_task(diary.run())
    began = time.perf_counter()
    for number in range(50):
        await diary.write(press(number))
    assert time.perf_counter() - began < 10
    task.cancel()
    lines = [line async for line in ledger.export(ROOM)]
    assert len(lines) == 50
    assert broken_at(lines) is None


async def test_a_locked_database_holds_up_a_write_for_no_more_than_the_patience(database, tmp_path: Path):
    from app.access.service import Access

    await Access(database).open_shop(SHOP, "茶铺", owner="王姐", account="wang")
    ledger = Ledger(database, SHOP, "e1")
    diary = Diary(ledger, ROOM, tmp_path / "spool", on_state=lambda ok, why: None)
    task = asyncio.create_task(diary.run())
    await diary.write(press(0))
    with sqlite3.connect(tmp_path / "test.db", timeout=10) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        for number in (1, 2, 3):
            began = time.perf_counter()
            await diary.write(press(number))
            assert time.perf_counter() - began < PATIENCE + 0.5
        holder.rollback()
    async with asyncio.timeout(10):
        while (tmp_path / "spool").exists():
            await asyncio.sleep(0.05)
    await diary.write(press(4))
    task.cancel()
    lines = [line async for line in ledger.export(ROOM)]
    assert [line["text"] for line in lines] == ["0", "1", "2", "3", "4"]
    assert broken_at(lines) is None
