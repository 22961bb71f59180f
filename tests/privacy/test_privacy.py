"""What is kept about people: pseudonyms, days, one viewer's export and erasure, and a log that still verifies."""

import json
import os
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.access.audit import notes_of
from app.access.service import Access, Member
from app.database import Database
from app.errors import BadInput
from app.events import CommentHeard, CommentId, CrewPressed, RoomId, ShopId
from app.ledger import Ledger, broken_at
from app.live.names import viewer_hash
from app.live.records import RoomRow
from app.privacy import service
from app.privacy.pseudonyms import Pseudonyms, pseudonyms_in
from app.privacy.service import Privacy, Retention
from app.privacy.sweep import sweep_clips, sweep_once

SHOP, OTHER, ROOM = ShopId("mine"), ShopId("other"), RoomId("r1")
NOW = datetime.now(UTC)


@pytest.fixture
async def privacy(database: Database, tmp_path: Path) -> AsyncGenerator[Privacy, None]:
    access = Access(database)
    for shop in (SHOP, OTHER):
        await access.open_shop(shop, shop, owner="Lin", account=shop)
    yield Privacy(database, Pseudonyms(bytes(32)), tmp_path / "clips")


def owner(shop: ShopId = SHOP) -> Member:
    fields: dict[str, object] = {
        name: "" for name in Member.__dataclass_fields__ if name not in ("shop", "role", "name")
    }
    return Member(**{**fields, "shop": shop, "role": "owner", "name": "Lin"})  # type: ignore[arg-type]


async def room(database: Database, shop: ShopId = SHOP, name: RoomId = ROOM, *, ended: datetime | None = NOW) -> None:
    async with database.transaction() as db:
        db.add(
            RoomRow(
                shop=shop, room=name, show="s", rehearsal=False, duty="Lin", products=None,
                started_at=NOW - timedelta(hours=1), ended_at=ended,
            )
        )  # fmt: skip


async def heard(database: Database, viewer: str, words: str, shop: ShopId = SHOP, name: RoomId = ROOM) -> None:
    await Ledger(database, shop, "e1").append(
        name,
        CommentHeard(
            comment=CommentId(f"c-{words}"), source="webhook", source_event_id=f"e-{words}", crowd_kind="comment",
            viewer=viewer, name="小明", text=words, simulated=False, received_at=time.time(),
        ),
    )  # fmt: skip


async def lines(database: Database, shop: ShopId = SHOP, name: RoomId = ROOM) -> list[dict[str, object]]:
    return [line async for line in Ledger(database, shop).export(name)]


async def everything(database: Database) -> str:
    async with database.transaction() as db:
        return " ".join(await db.scalars(text("SELECT body FROM live_events")))


async def deeds(database: Database, shop: ShopId = SHOP) -> list[str]:
    async with database.transaction() as db:
        return [note.what for note in await notes_of(db, shop)]


async def test_an_erased_viewer_is_gone_and_the_chain_still_holds(database: Database, privacy: Privacy) -> None:
    await room(database)
    mine, other = privacy.pseudonym(SHOP, "webhook", "u-1"), privacy.pseudonym(SHOP, "webhook", "u-2")
    for viewer, words in ((mine, "我住幸福路"), (other, "多少钱"), (mine, "再说一遍")):
        await heard(database, viewer, words)
    before = await lines(database)
    done = await privacy.erase(owner(), "webhook", "u-1")
    assert (done.lines, done.waits) == (2, False)
    after = await lines(database)
    assert [line["hash"] for line in after[:3]] == [line["hash"] for line in before]
    assert broken_at(after) is None
    assert after[3]["type"] == "personal_erased" and after[3]["lines"] == [1, 3]
    left = await everything(database)
    for gone in (mine, "幸福路", "再说一遍", "e-我住幸福路"):
        assert f'"text":"{gone}' not in left and f'"viewer":"{gone}' not in left and f'_id":"{gone}' not in left
    assert "多少钱" in left
    assert "viewer_erased" in await deeds(database)
    assert (await privacy.erase(owner(), "webhook", "u-1")).lines == 0  # asked again: no harm
    assert len(await lines(database)) == 4


async def test_a_tombstone_that_the_log_does_not_name_breaks_the_chain(database: Database, privacy: Privacy) -> None:
    await room(database)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "多少钱")
    await Ledger(database, SHOP, "e1").append(ROOM, CrewPressed(button="kill", by="Lin"))
    kept = await lines(database)
    assert broken_at([{**kept[0], "text": "", "erased": True}, kept[1]]) == 1
    pressed = {**kept[1], "by": "", "erased": True}  # only a viewer's line can be erased
    assert broken_at([kept[0], pressed]) == 2
    await privacy.erase(owner(), "webhook", "u-1")
    erased = await lines(database)
    assert broken_at(erased) is None
    assert broken_at([erased[0], erased[1], {**erased[2], "lines": []}]) == 1


async def test_an_erased_log_can_still_be_read_as_events(database: Database, privacy: Privacy) -> None:
    await room(database)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "多少钱")
    await privacy.erase(owner(), "webhook", "u-1")
    events = [record.event async for record in Ledger(database, SHOP).read(ROOM)]
    assert isinstance(events[0], CommentHeard) and (events[0].name, events[0].text) == ("", "")


async def test_a_viewer_of_a_show_on_air_is_erased_when_it_has_ended(database: Database, privacy: Privacy) -> None:
    await room(database, ended=None)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "我住幸福路")
    done = await privacy.erase(owner(), "webhook", "u-1")
    assert (done.lines, done.waits) == (0, True)
    assert await privacy.finish_erasures() == 0
    assert any(one.done_at is None for one in await privacy.erasures(SHOP))
    assert "我住幸福路" in await everything(database)
    async with database.transaction() as db:
        row = await db.get_one(RoomRow, (SHOP, ROOM))
        row.ended_at = NOW
    await sweep_once(privacy, NOW)
    assert '"text":"我住幸福路"' not in await everything(database)
    assert broken_at(await lines(database)) is None
    assert all(one.done_at is not None for one in await privacy.erasures(SHOP))


async def test_what_is_kept_of_one_viewer_can_be_taken_out_and_of_no_other(
    database: Database, privacy: Privacy
) -> None:
    for shop in (SHOP, OTHER):
        await room(database, shop)
        await heard(database, privacy.pseudonym(shop, "webhook", "u-1"), f"{shop} asks", shop)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-2"), "somebody else")
    held = await privacy.held(owner(), "webhook", "u-1")
    assert [(one.name, one.text, one.erased) for one in held] == [("小明", "mine asks", False)]
    assert "viewer_exported" in await deeds(database)
    await privacy.erase(owner(OTHER), "webhook", "u-1")
    assert [one.text for one in await privacy.held(owner(), "webhook", "u-1")] == ["mine asks"]


async def test_lines_of_the_first_version_are_found_under_their_old_pseudonym(
    database: Database, privacy: Privacy
) -> None:
    await room(database)
    await heard(database, viewer_hash(SHOP, "webhook", "u-1"), "from long ago")
    assert (await privacy.erase(owner(), "webhook", "u-1")).lines == 1
    assert broken_at(await lines(database)) is None


async def test_old_words_go_by_themselves_and_new_ones_stay(database: Database, privacy: Privacy) -> None:
    await room(database)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "old words")
    await privacy.keep_for(owner(), Retention(comments_days=30))
    assert (await privacy.sweep(SHOP, NOW)).comments == 0  # type: ignore[union-attr]
    later = NOW + timedelta(days=31)
    assert (await privacy.sweep(SHOP, later)).comments == 1  # type: ignore[union-attr]
    assert await privacy.sweep(SHOP, later + timedelta(hours=1)) is None  # once a day
    assert '"text":"old words"' not in await everything(database)
    assert broken_at(await lines(database)) is None
    assert {"settings_changed", "retention_swept"} <= set(await deeds(database))


async def test_a_log_older_than_the_duty_is_deleted_whole(database: Database, privacy: Privacy) -> None:
    await room(database)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "words")
    swept = await privacy.sweep(SHOP, NOW + timedelta(days=1096))
    assert swept is not None and swept.rooms == 1
    assert await lines(database) == []


@pytest.mark.parametrize("days", [{"comments_days": 0}, {"logs_days": 364}, {"clips_days": 99999}])
async def test_days_outside_the_limits_are_refused(privacy: Privacy, days: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        await privacy.keep_for(owner(), Retention(**days))
    assert await privacy.retention(SHOP) == Retention()


@pytest.mark.parametrize(("source", "viewer"), [("", "u"), ("webhook", " "), ("webhook", "x" * 129)])
async def test_a_viewer_without_an_id_is_refused(privacy: Privacy, source: str, viewer: str) -> None:
    with pytest.raises(BadInput):
        await privacy.erase(owner(), source, viewer)


async def test_wildcards_in_an_id_erase_nobody_else(database: Database, privacy: Privacy) -> None:
    await room(database)
    await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), "words")
    assert (await privacy.erase(owner(), "webhook", "%")).lines == 0


def test_a_pseudonym_needs_the_key_and_is_the_same_after_a_restart(tmp_path: Path) -> None:
    here, there = pseudonyms_in(tmp_path / "a"), pseudonyms_in(tmp_path / "b")
    assert here.of(SHOP, "webhook", "u-1") == pseudonyms_in(tmp_path / "a").of(SHOP, "webhook", "u-1")
    known = {here.of(SHOP, "webhook", "u-1"), here.of(SHOP, "webhook", "u-2"), here.of(OTHER, "webhook", "u-1")}
    assert len(known) == 3
    assert there.of(SHOP, "webhook", "u-1") not in known
    assert viewer_hash(SHOP, "webhook", "u-1") not in known


async def test_clips_that_nobody_heard_for_long_are_deleted(privacy: Privacy, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    for name, age in (("old", 100), ("new", 1)):
        path = tmp_path / "clips" / f"{name}.clip"
        path.write_bytes(b"x")
        os.utime(path, (time.time() - age * 86400,) * 2)
    assert await sweep_clips(privacy, NOW) == 1
    assert [path.name for path in (tmp_path / "clips").iterdir()] == ["new.clip"]


async def test_many_lines_are_named_in_several_events(
    database: Database, privacy: Privacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "NAMED_AT_ONCE", 2)
    await room(database)
    for number in range(5):
        await heard(database, privacy.pseudonym(SHOP, "webhook", "u-1"), f"words {number}")
    assert (await privacy.erase(owner(), "webhook", "u-1")).lines == 5
    kept = await lines(database)
    assert broken_at(json.loads(json.dumps(kept))) is None
    assert [line["lines"] for line in kept[5:]] == [[1, 2], [3, 4], [5]]
