"""Orders land exactly once, whole, in the right books."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.service import Access
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, NotFound, Unavailable
from app.events import (
    CardShown,
    LineId,
    LineStarted,
    LiveEvent,
    OrderPlaced,
    ProductId,
    RoomId,
    ShopId,
    ShowId,
    ShowStarted,
)
from app.ledger import Ledger
from app.orders import service
from app.orders.relay import publish
from app.orders.rows import InboxRow, OrderEventRow, OrderRow, OutboxRow
from app.orders.service import Orders
from scripts_gen.facts import ProductFacts
from tests.servers import written_elsewhere

SHOP, OTHER = ShopId("mine"), ShopId("other")


@pytest.fixture
async def orders(database: Database, monkeypatch: pytest.MonkeyPatch) -> Orders:
    monkeypatch.setattr(service, "PATIENCE", 30.0)  # a busy test machine is no database outage
    access, catalogue = Access(database), Catalogue(database)
    for shop in (SHOP, OTHER):
        await access.open_shop(shop, shop, owner="Lin", account=shop)
        facts = ProductFacts(title="茶", price=Decimal(59))
        await catalogue.add(shop, sku="tea", lang="zh", listing="茶 59元", facts=facts, stock=9, by="Lin")
    return Orders(database)


def message(order: str = "1", status: str = "paid", **more: Any) -> bytes:
    body = {"id": order, "product": "tea", "quantity": 1, "amount": "59.00", "currency": "CNY", "status": status}
    return json.dumps({**body, **more}, ensure_ascii=False).encode()


async def counts(database: Database) -> tuple[int, ...]:
    async with database.transaction() as db:
        return tuple(
            [
                await db.scalar(select(func.count()).select_from(row)) or 0
                for row in (InboxRow, OrderEventRow, OrderRow, OutboxRow)
            ]
        )


async def rehearsing(database: Database, shop: ShopId = SHOP, room: str = "r1", *, rehearsal: bool = True) -> Ledger:
    ledger = Ledger(database, shop, "e1")
    await ledger.append(
        RoomId(room),
        ShowStarted(show=ShowId("s"), host="lan", voice="v", lang="zh", duty="Lin", rehearsal=rehearsal),
    )
    return ledger


async def test_an_order_lands_in_inbox_books_and_outbox_at_once(orders: Orders, database: Database) -> None:
    receipt = await orders.receive(SHOP, "webhook", message())
    assert receipt.placed == OrderPlaced(
        order=receipt.placed.order if receipt.placed else "",  # type: ignore[arg-type]
        product=ProductId("tea"),
        quantity=1,
        amount=Decimal("59.00"),
        currency="CNY",
        status="paid",
        source="webhook",
        simulated=False,
    )
    assert await counts(database) == (1, 1, 1, 1)
    assert await orders.gmv(SHOP) == {"CNY": Decimal("59.00")}


async def test_the_same_message_ten_times_at_once_is_one_order(orders: Orders, database: Database) -> None:
    receipts = await asyncio.gather(*(orders.receive(SHOP, "webhook", message()) for _ in range(10)))
    assert [receipt.duplicate for receipt in receipts].count(False) == 1
    assert await counts(database) == (1, 1, 1, 1)
    assert await orders.gmv(SHOP) == {"CNY": Decimal("59.00")}


async def test_the_same_order_id_from_two_shops_is_two_orders(orders: Orders) -> None:
    await orders.receive(SHOP, "webhook", message())
    assert not (await orders.receive(OTHER, "webhook", message(amount="10.00"))).duplicate
    assert await orders.gmv(SHOP) == {"CNY": Decimal("59.00")}
    assert await orders.gmv(OTHER) == {"CNY": Decimal("10.00")}


async def test_test_orders_and_simulated_ones_are_no_sales(orders: Orders) -> None:
    assert (await orders.receive(SHOP, "webhook", message("1", test=True))).placed is None
    placed = (await orders.receive(SHOP, "webhook", message("2", simulated=True))).placed
    assert placed is not None and placed.simulated
    assert await orders.gmv(SHOP) == {}


async def test_an_unpaid_order_is_no_paid_money_and_an_unknown_topic_is_only_kept(
    orders: Orders, database: Database
) -> None:
    await orders.receive(SHOP, "webhook", message("1", "created"))
    assert await orders.gmv(SHOP) == {}
    assert (await orders.receive(SHOP, "webhook", message("1", "shipped"))).placed is None
    assert await counts(database) == (2, 1, 1, 1)


async def test_a_rehearsals_gmv_is_its_simulated_orders(orders: Orders, database: Database) -> None:
    await rehearsing(database)
    await orders.receive(SHOP, "webhook", message("1", simulated=True))
    await orders.receive(SHOP, "webhook", message("2"))
    assert await orders.gmv(SHOP, RoomId("r1")) == {"CNY": Decimal("59.00")}
    assert await orders.gmv(SHOP) == {"CNY": Decimal("59.00")}
    assert await orders.gmv(OTHER, RoomId("r1")) == {}


async def test_an_order_knows_the_line_that_was_on_air(orders: Orders, database: Database) -> None:
    ledger = await rehearsing(database, rehearsal=False)
    await ledger.append(RoomId("r1"), line("l1", ProductId("tea")))
    await orders.receive(SHOP, "webhook", message())
    async with database.transaction() as db:
        row = (await db.scalars(select(OrderRow))).one()
    assert (row.attribution, row.room, row.line) == ("explained", "r1", "l1")


def line(name: str, product: ProductId | None) -> LineStarted:
    return LineStarted(
        line=LineId(name),
        line_kind="rundown",
        text="茶",
        facts=(),
        product=product,
        comment=None,
        block="b",
        model="",
        reviewer="",
        token=1,
    )


async def test_news_reaches_the_room_once(orders: Orders, database: Database) -> None:
    ledger = await rehearsing(database)
    await ledger.append(
        RoomId("r1"),
        CardShown(
            product=ProductId("tea"), sku="tea", title="茶", price=None, list_price=None, currency="CNY", sold_out=False
        ),
    )
    told: list[tuple[ShopId, RoomId | None, LiveEvent]] = []
    await orders.receive(SHOP, "webhook", message("1", simulated=True))
    await orders.receive(SHOP, "webhook", message("2"))  # real: belongs to no rehearsal, so no room hears of it
    assert await publish(orders, lambda shop, room, event: told.append((shop, room, event))) == 2
    assert await publish(orders, lambda shop, room, event: told.append((shop, room, event))) == 0
    assert [(shop, room) for shop, room, _ in told] == [(SHOP, RoomId("r1"))]
    assert isinstance(told[0][2], OrderPlaced) and told[0][2].order == "1"


async def test_the_doorbell_rings_after_the_commit(orders: Orders) -> None:
    assert not orders.doorbell.is_set()
    await orders.receive(SHOP, "webhook", message())
    await asyncio.wait_for(orders.doorbell.wait(), 1)
    assert len(await orders.news()) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"id":"1","id":"2"}',
        message(amount=None),
        message(amount="-1"),
        message(amount="1.234"),
        message(amount=1e400),
        message(amount=True),
        message(currency="XXX"),
        message(currency=None),
        message(quantity=0),
        message(quantity="1"),
        message(order=""),
        message(order="x" * 121),
        message(order="a\x00b"),
        message(updated_at="yesterday"),
        message(updated_at="2026-11-24T10:00:00"),
        message(simulated="yes"),
        b"[" * 100_000,
    ],
)
async def test_a_malformed_message_is_refused_and_leaves_nothing(
    orders: Orders, database: Database, raw: bytes
) -> None:
    with pytest.raises(BadInput):
        await orders.receive(SHOP, "webhook", raw)
    assert await counts(database) == (0, 0, 0, 0)


async def test_yen_and_dinars_keep_their_own_digits(orders: Orders) -> None:
    await orders.receive(SHOP, "webhook", message("1", amount="1500", currency="JPY"))
    await orders.receive(SHOP, "webhook", message("2", amount="1.234", currency="KWD"))
    assert await orders.gmv(SHOP) == {"JPY": Decimal(1500), "KWD": Decimal("1.234")}


async def test_a_database_that_fails_is_unavailable(orders: Orders, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def away() -> AsyncGenerator[AsyncSession, None]:
        raise OperationalError("insert", {}, OSError("gone"))
        yield

    monkeypatch.setattr(orders._database, "transaction", away)
    with pytest.raises(Unavailable):
        await orders.receive(SHOP, "webhook", message())


async def test_a_database_that_hangs_is_unavailable_in_time_and_a_late_commit_is_a_duplicate(
    orders: Orders, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.2)
    async with written_elsewhere(database):
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await orders.receive(SHOP, "webhook", message())
        assert asyncio.get_running_loop().time() - began < 2
    await asyncio.wait_for(orders.doorbell.wait(), 6)  # the write under way lands once the lock is gone
    monkeypatch.setattr(service, "PATIENCE", 30.0)
    assert (await orders.receive(SHOP, "webhook", message())).duplicate
    assert await orders.gmv(SHOP) == {"CNY": Decimal("59.00")}


async def test_a_rotated_secret_stays_good_for_a_while_and_belongs_to_one_shop(orders: Orders) -> None:
    old = await orders.ensure_secret(SHOP, "orders")
    assert await orders.ensure_secret(SHOP, "orders") == old
    new = await orders.rotate_secret(SHOP, "orders")
    assert await orders.valid_secrets(SHOP, "orders") == (new, old)
    assert await orders.secret(SHOP, "orders") == new
    assert await orders.valid_secrets(OTHER, "orders") == ()
    with pytest.raises(NotFound):
        await orders.secret(OTHER, "orders")
    with pytest.raises(NotFound):
        await orders.rotate_secret(OTHER, "orders")


HISTORY = [
    message("1", "created", updated_at="2026-11-24T10:00:00Z"),
    message("1", "paid", updated_at="2026-11-24T10:00:05Z"),
    message("1", "refunded", amount="20.00", updated_at="2026-11-24T12:00:00Z"),
    message("2", "paid", amount="1500", currency="JPY", updated_at="2026-11-24T10:01:00Z"),
    message("2", "cancelled", amount="1500", currency="JPY", updated_at="2026-11-24T10:02:00Z"),
    message("3", "paid", updated_at="2026-11-24T10:03:00Z", simulated=True),
]


async def state(database: Database, shop: ShopId) -> list[dict[str, Any]]:
    async with database.transaction() as db:
        rows = (await db.scalars(select(OrderRow).where(OrderRow.shop == shop).order_by(OrderRow.order))).all()
    names = [column.key for column in OrderRow.__table__.columns if column.key != "shop"]
    return [{name: getattr(row, name) for name in names} for row in rows]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_books_end_the_same_however_messages_come(
    orders: Orders, database: Database, data: st.DataObject
) -> None:
    access = Access(database)
    straight, tangled = (ShopId(f"{name}-{uuid4().hex}") for name in ("straight", "tangled"))
    for shop in (straight, tangled):
        await access.open_shop(shop, shop, owner="Lin", account=shop)
    for raw in HISTORY:
        await orders.receive(straight, "webhook", raw)
    repeats = data.draw(st.lists(st.sampled_from(HISTORY), max_size=10))
    for raw in data.draw(st.permutations(HISTORY + repeats)):
        await orders.receive(tangled, "webhook", raw)
    assert await state(database, tangled) == await state(database, straight)
    assert await orders.gmv(tangled) == await orders.gmv(straight) == {"CNY": Decimal("59.00"), "JPY": Decimal(1500)}
