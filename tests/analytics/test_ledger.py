"""The log of a room: in order, chained, durable, and shut to an older speaker."""

import asyncio
import hashlib
import json
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from sqlalchemy import func, update

from app.access.service import Access
from app.database import Database
from app.errors import Conflict
from app.events import (
    CommentHeard,
    CommentId,
    LineId,
    LineStarted,
    LiveEvent,
    PriceChanged,
    ProductId,
    RoomId,
    ShopId,
    ShowEnded,
    ShowId,
    ShowStarted,
)
from app.ledger import Ledger, LiveEventRow, broken_at

SHOP, OTHER, ROOM = ShopId("mine"), ShopId("other"), RoomId("r1")

STARTED = ShowStarted(show=ShowId("s"), host="lan", voice="v", lang="zh", duty="林", rehearsal=True)
LINE = LineStarted(
    line=LineId("l1"),
    line_kind="rundown",
    text="现在到手59元，\n“一盒”😀",
    facts=("price", "specs.净含量"),
    product=ProductId("tea"),
    comment=None,
    block="b1",
    model="donor",
    reviewer="claims",
    token=7,
)
PRICE = PriceChanged(product=ProductId("tea"), price=Decimal("59.90"), list_price=None, currency="CNY")


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    for shop in (SHOP, OTHER):
        await Access(database).open_shop(shop, shop, owner="Lin", account=shop)
    return Ledger(database, SHOP, "e1")


async def exported(ledger: Ledger, room: RoomId = ROOM) -> list[dict[str, Any]]:
    return [line async for line in ledger.export(room)]


async def test_events_come_back_as_they_were_written_and_in_order(ledger: Ledger) -> None:
    written = [await ledger.append(ROOM, event) for event in (STARTED, LINE, PRICE)]
    assert [recorded.seq for recorded in written] == [1, 2, 3]
    assert [recorded async for recorded in ledger.read(ROOM)] == written
    assert [recorded.event async for recorded in ledger.read(ROOM, after=2)] == [PRICE]


async def test_anyone_can_verify_an_export_with_the_documented_words_alone(ledger: Ledger) -> None:
    for event in (STARTED, LINE, PRICE, ShowEnded(reason="crew")):
        await ledger.append(ROOM, event)
    prev = ""
    for line in await exported(ledger):
        line = json.loads(json.dumps(line))  # as a reader of events.jsonl has it
        digest = line.pop("hash")
        words = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert line["prev"] == prev
        assert digest == hashlib.sha256((prev + words).encode("utf-8")).hexdigest()
        prev = digest


async def test_a_changed_lost_or_moved_line_breaks_the_chain(ledger: Ledger) -> None:
    for event in (STARTED, LINE, PRICE, ShowEnded(reason="crew")):
        await ledger.append(ROOM, event)
    lines = await exported(ledger)
    assert broken_at(lines) is None
    assert broken_at([lines[0], {**lines[1], "text": "只要1元"}, *lines[2:]]) == 2
    assert broken_at([lines[0], *lines[2:]]) == 3
    assert broken_at([lines[1], lines[0], *lines[2:]]) == 2


async def test_a_row_changed_in_the_database_is_seen(ledger: Ledger, database: Database) -> None:
    for event in (STARTED, LINE, PRICE):
        await ledger.append(ROOM, event)
    async with database.transaction() as db:
        cheaper = func.replace(LiveEventRow.body, "59.90", "39.90")
        await db.execute(update(LiveEventRow).where(LiveEventRow.seq == 3).values(body=cheaper))
    assert broken_at(await exported(ledger)) == 3


async def test_a_new_run_goes_on_where_the_last_one_stopped(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, STARTED)
    again = Ledger(database, SHOP, "e2")
    recorded = await again.append(ROOM, LINE)
    assert (recorded.seq, recorded.epoch) == (2, "e2")
    assert broken_at(await exported(again)) is None


async def test_an_older_speaker_cannot_say_a_line(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, LINE)
    with pytest.raises(Conflict, match="lease"):
        await ledger.append(ROOM, replace(LINE, token=6))
    with pytest.raises(Conflict, match="lease"):
        await Ledger(database, SHOP, "e2").append(ROOM, replace(LINE, token=6))
    assert (await ledger.append(ROOM, replace(LINE, token=8))).seq == 2


async def test_a_second_writer_meets_a_conflict_and_the_chain_holds(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, STARTED)
    second = Ledger(database, SHOP, "e2")
    await second.append(ROOM, LINE)
    with pytest.raises(Conflict, match="only writer"):
        await ledger.append(ROOM, PRICE)
    assert (await ledger.append(ROOM, PRICE)).seq == 3
    assert broken_at(await exported(ledger)) is None


async def test_rooms_and_shops_have_their_own_logs(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, STARTED)
    assert (await ledger.append(RoomId("r2"), STARTED)).seq == 1
    other = Ledger(database, OTHER, "e1")
    assert [line async for line in other.read(ROOM)] == [] and await exported(other) == []
    assert (await other.append(ROOM, PRICE)).seq == 1
    assert [line["type"] for line in await exported(ledger)] == ["show_started"]


async def test_many_rooms_write_at_the_same_time(ledger: Ledger) -> None:
    rooms = [RoomId(f"r{number}") for number in range(4)]

    async def show(room: RoomId) -> None:
        for _ in range(5):
            await ledger.append(room, PRICE)

    await asyncio.gather(*(show(room) for room in rooms))
    for room in rooms:
        assert broken_at(await exported(ledger, room)) is None
        assert len(await exported(ledger, room)) == 5


async def test_a_log_that_cannot_be_written_is_an_oserror_and_recovers(ledger: Ledger, database: Database) -> None:
    await ledger.append(ROOM, STARTED)
    async with database.transaction() as db:
        await db.execute(update(LiveEventRow).values(epoch="e1"))
        connection = await db.connection()
        await connection.exec_driver_sql("ALTER TABLE live_events RENAME TO hidden")
    with pytest.raises(OSError, match="log"):
        await ledger.append(ROOM, LINE)
    async with database.transaction() as db:
        connection = await db.connection()
        await connection.exec_driver_sql("ALTER TABLE hidden RENAME TO live_events")
    assert (await ledger.append(ROOM, LINE)).seq == 2


def test_no_event_field_hides_a_field_of_the_log() -> None:
    taken = {"seq", "epoch", "at", "type", "prev", "hash"}
    for event in get_args(LiveEvent):
        assert not taken & {field.name for field in fields(event)}


async def test_a_viewers_strange_text_survives(ledger: Ledger) -> None:
    text = "\u2028‮gpj.exe \t\"'\\ 👨‍👩‍👧 ﷽ " + "̈" * 50
    heard = CommentHeard(
        comment=CommentId("c"),
        source="webhook",
        source_event_id="1",
        crowd_kind="comment",
        viewer="v",
        name=text,
        text=text,
        simulated=False,
        received_at=1.5,
    )
    await ledger.append(ROOM, heard)
    assert [recorded.event async for recorded in ledger.read(ROOM)] == [heard]
    assert broken_at(await exported(ledger)) is None
