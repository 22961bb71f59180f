"""Links that lead to the shop with a code, and orders that bring the code back: exact, whatever the time says."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import update

from app.access.service import Access
from app.analytics.store import Analytics
from app.catalogue.service import Catalogue
from app.database import Database
from app.events import LineId, ProductId, RoomId, ShopId, ShowId
from app.orders.buyers import Buyers, plain_pseudonym
from app.orders.links import Links, code_for, coded, links_of, set_links
from app.orders.rows import OrderEventRow, OrderRow
from app.orders.service import Orders
from scripts_gen.facts import ProductFacts
from tests.analytics.evenings import evening, hours_ago

SHOP, ROOM, SHOW = ShopId("mine"), RoomId("r1"), ShowId("s1")
TEA, MUG = ProductId("tea"), ProductId("mug")


@pytest.fixture
async def orders(database: Database) -> Orders:
    await Access(database).open_shop(SHOP, SHOP, owner="Lin", account="lin")
    for sku in ("tea", "mug"):
        facts = ProductFacts(title=sku, price=Decimal(59))
        await Catalogue(database).add(SHOP, sku=sku, lang="zh", listing=sku, facts=facts, stock=9, by="Lin")
    return Orders(database)


async def made(database: Database, line: str | None, *, rehearsal: bool = False) -> str:
    async with database.transaction() as db:
        return await code_for(
            db, SHOP, ROOM, SHOW, TEA, None if line is None else LineId(line), rehearsal=rehearsal
        )  # fmt: skip


async def bought(orders: Orders, number: str, code: str, *, sku: str = "mug", amount: str = "59.90") -> None:
    body = {
        "id": number, "product": sku, "quantity": 1, "amount": amount, "currency": "CNY", "status": "paid",
        "updated_at": datetime.now(UTC).isoformat(), "code": code, "buyer": "u-1",
    }  # fmt: skip
    await orders.receive(SHOP, "webhook", json.dumps(body).encode())


async def test_a_line_has_one_code_and_another_line_another(orders: Orders, database: Database) -> None:
    first, again, other = await made(database, "l1"), await made(database, "l1"), await made(database, None)
    assert first == again != other
    async with database.transaction() as db:
        known = await coded(db, SHOP, first)
        assert known is not None and (known.room, known.line, known.show) == (ROOM, "l1", SHOW)
        assert await coded(db, ShopId("other"), first) is None


async def test_links_lead_to_the_products_own_address_first(orders: Orders, database: Database) -> None:
    async with database.transaction() as db:
        assert (await links_of(db, SHOP)).to(TEA, "tea", "zb2") == ""
        own = {MUG: "https://m.example/9"}
        await set_links(db, SHOP, Links(address="https://s.example/p/{sku}", parameter="from", own=own))
        found = await links_of(db, SHOP)
    assert found.to(TEA, "tea", "c") == "https://s.example/p/tea?from=c"
    assert found.to(MUG, "mug", "c") == "https://m.example/9?from=c"


async def test_orders_with_a_code_count_in_its_show_to_the_cent(orders: Orders, database: Database) -> None:
    shelf = [(TEA, "tea"), (MUG, "mug")]
    await evening(database, SHOP, str(ROOM), shelf, show=str(SHOW), started=hours_ago(60), minutes=6)
    before = await Analytics(database).report(SHOP, ROOM)
    code, play = await made(database, "r1-2-1"), await made(database, "r1-3-1", rehearsal=True)
    amounts = [Decimal("59.90"), Decimal("0.01"), Decimal("1234.56")]
    for number, amount in enumerate(amounts):
        await bought(orders, f"c{number}", code.upper(), amount=str(amount))
    await bought(orders, "play", play)
    await bought(orders, "unknown", "zb22222222")
    report = await Analytics(database).report(SHOP, ROOM)
    assert report.attribution["code"] == 3
    assert report.gmv[0].paid - before.gmv[0].paid == sum(amounts)
    async with database.transaction() as db:
        row = await db.get_one(OrderRow, (SHOP, "webhook", "c0"))
        assert (row.attribution, row.room, row.line) == ("code", ROOM, "r1-2-1")
        for number in ("play", "unknown"):
            row = await db.get_one(OrderRow, (SHOP, "webhook", number))
            assert (row.attribution, row.room) == ("unattributed", None), "60 hours later time tells nothing"


async def test_buyers_of_an_old_version_are_keyed_once_and_stay_the_same_people(
    orders: Orders, database: Database
) -> None:
    await bought(orders, "1", "")
    old = plain_pseudonym(SHOP, "webhook", "u-1")
    async with database.transaction() as db:
        (await db.get_one(OrderRow, (SHOP, "webhook", "1"))).buyer = old
        await db.execute(update(OrderEventRow).values(buyer=old))
    assert (await orders.key_buyers(), await orders.key_buyers()) == (1, 0)
    await bought(orders, "2", "")
    async with database.transaction() as db:
        buyers = {(await db.get_one(OrderRow, (SHOP, "webhook", number))).buyer for number in "12"}
    assert buyers == {Buyers(b"").of(SHOP, "webhook", "u-1")}
