"""The audit log: beside its deed or not at all, unchangeable, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from app.access import audit
from app.access.audit import DEEDS, NoteRow
from app.access.service import SAMPLE
from app.database import Database
from app.errors import Conflict
from app.events import ShopId
from app.settings import Settings
from app.templates import Templates
from tests.access.studio import Shop, open_shop

OTHER = ShopId("other")


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        yield shop


async def test_a_note_falls_with_its_deed(shop: Shop, database: Database) -> None:
    with pytest.raises(Conflict):
        async with database.transaction() as db:
            audit.note(db, SAMPLE, "Lin", "price_changed", object="tea", detail={"to": "59.00"})
            raise Conflict("the deed failed")
    async with database.transaction() as db:
        assert await audit.notes_of(db, SAMPLE) == []


async def test_notes_are_filtered_newest_first_and_only_of_their_shop(shop: Shop, database: Database) -> None:
    async with database.transaction() as db:
        audit.note(
            db, SAMPLE, "Lin", "price_changed", object="tea", detail={"from": "59", "to": "49"}, address="1.2.3.4"
        )
        audit.note(db, SAMPLE, "Wu", "stock_changed", object="cup", address="1.2.3.4")
        audit.note(db, OTHER, "Wu", "price_changed", object="secret of the other", address="1.2.3.4")
    async with database.transaction() as db:
        everything = await audit.notes_of(db, SAMPLE)
        prices = await audit.notes_of(db, SAMPLE, what="price_changed")
        (theirs,) = await audit.notes_of(db, OTHER)
        older = await audit.notes_of(db, SAMPLE, before=everything[0].id)
    assert [note.object for note in everything] == ["cup", "tea"]
    assert [note.object for note in prices] == ["tea"] == [note.object for note in older]
    assert prices[0].detail == {"from": "59", "to": "49"}
    assert everything[0].address == everything[1].address != theirs.address
    assert "1.2.3.4" not in str(everything)


@pytest.mark.parametrize("change", [update(NoteRow).values(who="Nobody"), delete(NoteRow)])
async def test_the_database_refuses_to_change_or_delete_a_note(shop: Shop, database: Database, change: object) -> None:
    async with database.transaction() as db:
        audit.note(db, SAMPLE, "Lin", "exported")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as db:
            await db.execute(change)  # type: ignore[call-overload]
    async with database.transaction() as db:
        assert [note.who for note in await audit.notes_of(db, SAMPLE)] == ["Lin"]


async def test_sign_ins_failures_and_outs_are_noted(shop: Shop, database: Database) -> None:
    await shop.sign_in()
    await shop.client.post("/password", data={"new": "correct horse battery"})
    await shop.client.post("/login", data={"account": "sample", "password": "guess"})
    await shop.client.post("/login", data={"account": "nobody-here", "password": "guess"})
    await shop.client.post("/logout")
    async with database.transaction() as db:
        notes = await audit.notes_of(db, SAMPLE)
    assert [note.what for note in notes] == [
        "signed_out", "sign_in_failed", "sign_in_failed", "password_set", "signed_in",
    ]  # fmt: skip
    assert [note.object for note in notes[1:3]] == ["", "sample"]
    assert all(note.address for note in notes)


async def test_control_marks_cannot_forge_a_line_and_long_details_are_shortened(shop: Shop, database: Database) -> None:
    async with database.transaction() as db:
        audit.note(db, SAMPLE, "Lin\r\n2026 admin", "exported", object="a\x00b\u202e", detail={"text": "x" * 9000})
    async with database.transaction() as db:
        (note,) = await audit.notes_of(db, SAMPLE)
    assert note.who == "Lin  2026 admin" and note.object == "a b "
    assert len(str(note.detail)) < 1500


async def test_the_page_and_its_csv_show_the_shop_only_and_formulas_as_text(shop: Shop, database: Database) -> None:
    async with database.transaction() as db:
        audit.note(db, SAMPLE, "Lin", "price_changed", object="=HYPERLINK(1)", detail={"to": "49"})
        audit.note(db, OTHER, "Wu", "price_changed", object="theirs")
    await shop.sign_in()
    page = await shop.client.get("/audit?what=price_changed&days=7", headers={"accept": "text/html"})
    assert page.status_code == 200 and "=HYPERLINK(1)" in page.text and "theirs" not in page.text
    answer = await shop.client.get("/audit/export?what=price_changed")
    assert answer.text.startswith("\ufeff") and "theirs" not in answer.text
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["object"] for row in rows] == ["'=HYPERLINK(1)"] and rows[0]["detail"] == "to=49"
    async with database.transaction() as db:
        assert (await audit.notes_of(db, SAMPLE))[0].what == "exported"


def test_every_deed_has_words_in_both_languages() -> None:
    for lang in ("zh", "en"):
        words = Templates().words(lang, "words_people.json")  # type: ignore[arg-type]
        assert {f"deed_{deed}" for deed in DEEDS} <= words.keys()
