"""Figures of days and of articles, recomputed by another way, equal to the cent."""

import json
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from app.access.service import Access
from app.analytics.funnel import funnel_of
from app.analytics.store import Analytics
from app.analytics.timeline import day_edges
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput
from app.events import ProductId, ShopId
from app.orders.fold import shared
from app.orders.service import Orders
from app.screens.spans import span_in
from scripts_gen.facts import ProductFacts
from tests.analytics.evenings import evening, hours_ago

SHOP = ShopId("mine")
SKUS = ("tea", "mug", "rug")


@pytest.fixture
async def orders(database: Database) -> Orders:
    await Access(database).open_shop(SHOP, "mine", owner="Lin", account="lin")
    for sku in SKUS:
        facts = ProductFacts(title=sku.upper(), price=Decimal(59))
        await Catalogue(database).add(SHOP, sku=sku, lang="zh", listing=sku, facts=facts, stock=9, by="Lin")
    return Orders(database)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_days_articles_buyers_and_settled_money_equal_an_independent_model(
    orders: Orders, database: Database, seed: int
) -> None:
    random, now = Random(seed), time.time()
    paid = net = settled = Decimal(0)
    by_product: dict[str, Decimal] = defaultdict(Decimal)
    net_by_product: dict[str, Decimal] = defaultdict(Decimal)
    buyers: set[str] = set()
    for number in range(25):
        days = random.choice((1, 3, 9, 20, 40))
        lines = [
            (sku, Decimal(random.randint(1, 99_999)).scaleb(-2)) for sku in random.sample(SKUS, random.randint(1, 3))
        ]
        total = sum((amount for _, amount in lines), Decimal(0))
        back = (total * random.choice((0, 0, 1, 3)) / 4).quantize(Decimal("0.01"))
        buyer = f"b{random.randrange(5)}"
        body = {
            "id": number + 1,
            "currency": "CNY",
            "total_price": f"{total}",
            "financial_status": "paid",
            "updated_at": datetime.fromtimestamp(now - days * 86400, UTC).isoformat(),
            "line_items": [{"sku": sku, "quantity": 1, "price": f"{amount}"} for sku, amount in lines],
            "refunds": [{"transactions": [{"kind": "refund", "status": "success", "amount": f"{back}"}]}],
            "customer": {"id": buyer},
        }
        await orders.receive(SHOP, "shopify", json.dumps(body).encode())
        if days > 30:
            continue
        buyers.add(buyer)
        paid, net = paid + total, net + total - back
        settled += total - back if days > 7 else 0
        parts = shared(int(back * 100), [int(amount * 100) for _, amount in lines])
        assert sum(parts) == int(back * 100)
        for (sku, amount), part in zip(lines, parts, strict=True):
            by_product[sku] += amount
            net_by_product[sku] += amount - Decimal(part).scaleb(-2)
    start, end = datetime.fromtimestamp(now, UTC) - timedelta(days=30), datetime.fromtimestamp(now + 60, UTC)
    report = await Analytics(database).period(SHOP, start, end)
    (gmv,) = report.gmv
    assert (gmv.paid, gmv.net, gmv.settled, gmv.provisional, gmv.buyers) == (
        paid,
        net,
        settled,
        net - settled,
        len(buyers),
    )
    assert {one.product: one.gmv.paid for one in report.products} == dict(by_product)
    assert {one.product: one.gmv.net for one in report.products} == dict(net_by_product)
    assert sum((minute.paid.get("CNY", Decimal(0)) for minute in report.minutes), Decimal(0)) == paid
    chart = [sold.paid["CNY"] for minute in report.minutes for product, sold in minute.products.items()]
    assert sum(chart, Decimal(0)) == sum(by_product.values(), Decimal(0))


async def test_a_shows_talk_and_efficiency_are_what_was_heard(orders: Orders, database: Database) -> None:
    shelf = [(ProductId(sku), sku) for sku in SKUS]
    await evening(database, SHOP, "r1", shelf, show="s", started=hours_ago(5), minutes=12)
    await evening(database, SHOP, "r2", shelf, show="s", started=hours_ago(3), minutes=6, rehearsal=True)
    now = datetime.now(UTC)
    report = await Analytics(database).period(SHOP, now - timedelta(days=1), now)
    assert [run.room for run in report.runs] == ["r1"], "rehearsals are no real shows"
    assert sum(kind.questions for kind in report.talk.intents) == report.talk.questions
    assert all(0 <= kind.answered_share <= 1 for kind in report.talk.intents)
    for sold in report.products:
        assert sold.said_seconds == 4 * 3 * 12.5
        assert sold.efficiency is not None
        assert abs(sold.efficiency - sold.gmv.paid * 60 / Decimal("150")) <= Decimal("0.005")
        assert sold.clicks == 4 + 2
    one = await Analytics(database).report(SHOP, report.runs[0].room)
    assert {asked.product for asked in one.asked} <= {"tea", "mug", "rug"}
    assert {gmv.paid for gmv in one.gmv} == {gmv.paid for gmv in report.gmv}


def test_a_step_without_a_source_is_no_data_and_never_zero() -> None:
    steps = {step.name: step for step in funnel_of(entered=[], clicks=None, ordered=4, paid=3)}
    assert [name for name, step in steps.items() if step.count is None] == [
        "exposure",
        "enter",
        "product_exposure",
        "click",
    ]
    assert steps["ordered"].share is None and steps["paid"].share == 0.75
    told = funnel_of(entered=["a", "b", "a"], clicks=1, ordered=4, paid=0)
    assert [(step.count, step.share) for step in told] == [
        (None, None),
        (2, None),
        (None, None),
        (1, 0.5),
        (4, None),
        (0, 0.0),
    ]


def test_days_are_whole_and_hold_every_moment_once() -> None:
    start = datetime(2026, 11, 1).astimezone()
    edges = day_edges(start, start + timedelta(days=30))
    assert len(edges) == 31 and edges == sorted(set(edges))
    assert len(day_edges(start, start + timedelta(days=1))) == 25


@pytest.mark.parametrize(
    "query",
    [
        {"period": "week"},
        {"from": "yesterday"},
        {"from": "2026-11-24", "to": "2026-11-23"},
        {"from": "2020-01-01", "to": "2026-01-01"},
        {"from": "2026-02-30"},
    ],
)
def test_days_that_are_none_are_refused(query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        span_in(query, datetime.now(UTC))


def test_a_day_is_included_whole() -> None:
    span = span_in({"from": "2026-11-24"}, datetime.now(UTC))
    assert span is not None
    assert (span.first_day, span.last_day) == ("2026-11-24", "2026-11-24")
    assert span.end - span.start == timedelta(days=1)
