"""Bad inputs 71–80: what senders of orders get wrong or try, each refused or booked without a trace of harm."""

import asyncio
import base64
import gzip
import json
import time
from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from app.access.service import SAMPLE
from app.analytics.store import Analytics
from app.database import Database
from app.events import ShopId
from app.orders import service, webhooks
from app.orders.listing import Order, Wanted, orders_newest_first
from app.orders.rows import InboxRow
from app.orders.signatures import HEADER, sign
from app.orders.sources import SOURCES, Keys, Source
from app.settings import Settings
from scripts_gen.facts import ProductFacts
from tests.access.studio import Shop, open_shop
from tests.orders.test_orders import message

SECRET, APP = "s3cr3t-of-the-platform", "app-1"
PLATFORMS = [key for key in SOURCES if key != "webhook"]


@pytest.fixture
async def shop(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Shop, None]:
    monkeypatch.setattr(service, "PATIENCE", 30.0)  # a busy test machine is no database outage
    monkeypatch.setattr(service, "SECRETS_PATIENCE", 30.0)
    async with open_shop(database, settings) as shop:
        del shop.client.headers["sec-fetch-site"]  # a shop's server is no browser
        for source in SOURCES.values():
            await shop.studio.orders.connect(SAMPLE, source.kind, by="Lin", given=SECRET, app_key=APP)
        for sku in ("tea", "cup"):
            facts = ProductFacts(title=sku, price=Decimal(59))
            await shop.studio.catalogue.add(SAMPLE, sku=sku, lang="zh", listing=sku, facts=facts, stock=9, by="Lin")
        yield shop


async def deliver(shop: Shop, source: str, body: Any, *, headers: dict[str, str] | None = None) -> Response:
    """Send a body of the platform as it signs it."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    sender = SOURCES[source]
    signed = {sender.header: sender.signed(SECRET, APP, raw, int(time.time()))}
    return await shop.client.post(f"/hooks/orders/sample/{source}", content=raw, headers={**signed, **(headers or {})})


async def booked(shop: Shop, wanted: Wanted | None = None, of: ShopId = SAMPLE) -> list[Order]:
    async with shop.studio.database.transaction() as db:
        return await orders_newest_first(db, of, wanted or Wanted())


def shopify(status: str = "paid", **more: Any) -> dict[str, Any]:
    lines = [
        {"sku": "tea", "quantity": 2, "price": "59.00", "discount_allocations": [{"amount": "18.00"}]},
        {"sku": "cup", "quantity": 1, "price": "20.00"},
    ]
    body = {"id": 7001, "currency": "CNY", "total_price": "130.00", "financial_status": status, "line_items": lines}
    return {**body, "updated_at": "2026-11-24T12:00:00+00:00", "test": False, **more}


@pytest.mark.parametrize("key", PLATFORMS)
async def test_71_each_platform_is_booked_by_its_own_signature_and_refused_by_any_other(shop: Shop, key: str) -> None:
    source = SOURCES[key]
    now = int(time.time())
    headers, raw = source.test_message(Keys(secrets=(SECRET,), app_key=APP), "o-1", now)
    right = headers[source.header]
    wrong = [
        right.upper() if key not in ("shopify", "woocommerce") else right.swapcase(),
        right[:-1],
        "",
        base64.urlsafe_b64encode(right.encode()).decode(),
        source.signed("another secret", APP, raw, now),
        source.signed(SECRET, APP, raw + b" ", now),
    ]
    address = f"/hooks/orders/sample/{key}"
    for header in wrong:
        refused = await shop.client.post(address, content=raw, headers={source.header: header})
        assert refused.status_code == 403, header
    twice = await shop.client.post(address, content=raw, headers=[(source.header, right), (source.header, right)])
    anew = json.dumps(json.loads(raw), indent=1).encode()
    rewritten = await shop.client.post(address, content=anew, headers=headers)
    assert (twice.status_code, rewritten.status_code) == (403, 403)
    assert await booked(shop) == await booked(shop, Wanted(test=True)) == []
    taken = await shop.client.post(address, content=raw, headers=headers)
    assert (taken.status_code, taken.json()["code"], taken.json()["duplicate"]) == (200, 0, False)
    assert len(shop.studio.orders.deliveries.of(SAMPLE, key)) == len(wrong) + 2


@pytest.mark.parametrize("late", [-301, 301])
async def test_72_a_genuine_signature_of_another_time_is_refused(shop: Shop, late: int) -> None:
    raw = message()
    for address, header in (("/hooks/orders/sample", HEADER), ("/hooks/orders/sample/stripe", "Stripe-Signature")):
        signed = sign(SECRET, raw, int(time.time()) + late + (2 if late > 0 else 0))
        assert (await shop.client.post(address, content=raw, headers={header: signed})).status_code == 403


async def test_73_the_same_message_ten_times_at_once_is_one_order(shop: Shop) -> None:
    answers = await asyncio.gather(*(deliver(shop, "shopify", shopify()) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert [answer.json()["duplicate"] for answer in answers].count(False) == 1
    assert len(await booked(shop)) == 1


async def test_74_updates_before_creation_cancels_before_it_and_refunds_by_parts_end_the_same(shop: Shop) -> None:
    def refunds(*amounts: str) -> list[dict[str, Any]]:
        return [{"transactions": [{"kind": "refund", "status": "success", "amount": one}]} for one in amounts]

    history = [
        shopify("pending", updated_at="2026-11-24T12:00:00Z"),
        shopify("paid", updated_at="2026-11-24T12:01:00Z"),
        shopify("partially_refunded", updated_at="2026-11-24T12:02:00Z", refunds=refunds("10.00")),
        shopify("partially_refunded", updated_at="2026-11-24T12:03:00Z", refunds=refunds("10.00", "10.00")),
        shopify("refunded", updated_at="2026-11-24T12:04:00Z", refunds=refunds("10.00", "10.00", "500.00")),
    ]
    for body in (*reversed(history), *history):
        assert (await deliver(shop, "shopify", body)).status_code == 200
    (order,) = await booked(shop)
    assert (order.amount, order.refunded, order.status, order.paid) == (Decimal(130), Decimal(130), "refunded", True)
    cancelled = {**shopify("refunded"), "id": 7002, "cancelled_at": "2026-11-24T12:09:00Z"}
    await deliver(shop, "shopify", {**cancelled, "updated_at": "2026-11-24T12:09:00Z"})
    await deliver(shop, "shopify", {**shopify("pending"), "id": 7002, "updated_at": "2026-11-24T12:00:00Z"})
    (gmv,) = await Analytics(shop.studio.database).sales(SAMPLE)
    assert (gmv.paid, gmv.net, gmv.paid_orders) == (Decimal(260), Decimal(0), 2)


async def test_74_three_partial_refunds_are_shared_among_the_articles_to_the_cent(shop: Shop) -> None:
    back = [{"transactions": [{"kind": "refund", "status": "success", "amount": "0.01"}]}] * 3
    await deliver(shop, "shopify", shopify("partially_refunded", refunds=back))
    (order,) = await booked(shop)
    assert [(article.sku, article.amount) for article in order.articles] == [
        ("tea", Decimal("100.00")),
        ("cup", Decimal("20.00")),
    ]
    assert sum(article.refunded for article in order.articles) == order.refunded == Decimal("0.03")


async def test_75_bodies_that_are_too_large_packed_or_in_another_encoding_are_told_what_was_wanted(shop: Shop) -> None:
    assert (await deliver(shop, "shopify", b" " * (5 * 1024 * 1024))).status_code == 413
    raw = json.dumps(shopify()).encode()
    for body in (
        gzip.compress(raw),
        '{"id":1,"名":"茶"}'.encode("gbk"),
        b'{"id":"1\x00"}',
        b'{"id":"1","id":"2"}',
        b"{" * 50_000,
        b"",
    ):
        answer = await deliver(shop, "shopify", body)
        assert answer.status_code == 422, body[:20]
        assert "wanted" in answer.json()["detail"]
    assert await booked(shop) == []
    assert {one.outcome for one in shop.studio.orders.deliveries.of(SAMPLE, "shopify")} == {"malformed"}


async def test_76_an_order_for_another_shop_is_refused(shop: Shop) -> None:
    orders = shop.studio.orders
    await orders.connect(SAMPLE, "orders:shopify", by="Lin", given=SECRET, account="mine.myshopify.com")
    foreign = await deliver(shop, "shopify", shopify(), headers={"X-Shopify-Shop-Domain": "theirs.myshopify.com"})
    silent = await deliver(shop, "shopify", shopify())
    ours = await deliver(shop, "shopify", shopify(), headers={"X-Shopify-Shop-Domain": "Mine.myshopify.com"})
    assert [answer.status_code for answer in (foreign, silent, ours)] == [403, 403, 200]
    raw = json.dumps(shopify()).encode()
    signed = {SOURCES["shopify"].header: SOURCES["shopify"].signed(SECRET, "", raw, 0)}
    for other in ("other", "nobody"):
        assert (
            await shop.client.post(f"/hooks/orders/{other}/shopify", content=raw, headers=signed)
        ).status_code == 403
    assert (await shop.client.post("/hooks/orders/sample/amazon", content=raw, headers=signed)).status_code == 404
    assert await booked(shop, of=ShopId("other")) == []


@pytest.mark.parametrize(
    ("currency", "total", "shown"), [("JPY", "1500", "1500"), ("JPY", "1500.00", "1500"), ("KWD", "1.234", "1.234")]
)
async def test_77_every_currency_keeps_its_own_digits(shop: Shop, currency: str, total: str, shown: str) -> None:
    line = {"sku": "tea", "quantity": 1, "price": total}
    body = shopify(currency=currency, total_price=total, line_items=[line])
    assert (await deliver(shop, "shopify", body)).status_code == 200
    (order,) = await booked(shop)
    assert (order.currency, str(order.amount)) == (currency, shown)


@pytest.mark.parametrize(
    "bad",
    [
        {"currency": "XXX"},
        {"currency": "cny"},
        {"total_price": "12.345"},
        {"total_price": "-1.00"},
        {"total_price": "NaN"},
        {"total_price": True},
        {"line_items": [{"sku": "tea", "quantity": 1, "price": "-59.00"}]},
        {"line_items": [{"sku": "tea", "quantity": -1, "price": "59.00"}]},
        {"line_items": [{}] * 1001},
        {"line_items": "tea"},
    ],
)
async def test_77_amounts_that_are_none_are_refused(shop: Shop, bad: dict[str, Any]) -> None:
    assert (await deliver(shop, "shopify", shopify(**bad))).status_code == 422
    assert await booked(shop) == []


async def test_77_postage_and_tax_belong_to_the_order_and_to_no_article(shop: Shop) -> None:
    await deliver(shop, "shopify", shopify(total_price="141.50"))
    (order,) = await booked(shop)
    assert order.amount == Decimal("141.50")
    assert sum(article.amount for article in order.articles) == Decimal(120)


async def test_78_a_thousand_articles_with_unknown_numbers_are_one_order(shop: Shop) -> None:
    lines = [{"sku": f"sku-{number}", "quantity": 1, "price": "0.10"} for number in range(999)]
    lines.append({"sku": "tea", "quantity": 1, "price": "0.10"})
    assert (await deliver(shop, "shopify", shopify(total_price="100.00", line_items=lines))).status_code == 200
    (order,) = await booked(shop)
    assert (len(order.articles), order.quantity, order.amount) == (1000, 1000, Decimal(100))
    assert [article.sku for article in order.articles if article.product is not None] == ["tea"]


async def test_79_tests_and_pings_count_in_no_figure(shop: Shop) -> None:
    await deliver(shop, "shopify", shopify(test=True))
    ping = await shop.client.post("/hooks/orders/sample/woocommerce", content=b"webhook_id=12")
    assert ping.status_code == 200
    await deliver(shop, "doudian", [{"tag": "0", "msg_id": "0", "data": "2026-11-24 12:00:00"}])
    challenge = await deliver(shop, "douyin", {"event": "verify_webhook", "content": {"challenge": 12345}})
    assert challenge.json() == {"challenge": 12345}
    evil = await shop.client.post("/hooks/orders/sample/woocommerce", content=b'webhook_id=12&{"id":1}')
    assert evil.status_code == 403
    assert await Analytics(shop.studio.database).sales(SAMPLE) == ()
    assert len(await booked(shop, Wanted(test=True))) == 1


async def test_80_old_and_new_secret_are_both_good_after_a_rotation_and_none_after_the_end(shop: Shop) -> None:
    orders, raw = shop.studio.orders, json.dumps(shopify()).encode()
    source: Source = SOURCES["shopify"]
    new = await orders.connect(SAMPLE, source.kind, by="Lin", given="the-new-secret")
    codes = []
    for secret in (SECRET, new):
        headers = {source.header: source.signed(secret, "", raw, 0)}
        codes.append((await shop.client.post("/hooks/orders/sample/shopify", content=raw, headers=headers)).status_code)
    await orders.disconnect(SAMPLE, source.kind, by="Lin")
    codes.append((await shop.client.post("/hooks/orders/sample/shopify", content=raw, headers=headers)).status_code)
    assert codes == [200, 200, 403]


async def test_a_status_without_money_counts_when_the_money_is_told(shop: Shop) -> None:
    data = {"order_id": "tt-1", "order_status": "AWAITING_SHIPMENT", "update_time": 1_780_000_000}
    body = {"type": 1, "timestamp": 1_780_000_000, "data": data}
    assert (await deliver(shop, "tiktok", body)).status_code == 200
    assert await booked(shop) == []
    payment = {"currency": "USD", "total_amount": "12.50"}
    told = {**data, "order_status": "UNPAID", "update_time": 1_779_999_000, "payment": payment}
    told["line_items"] = [{"seller_sku": "tea", "sale_price": "12.50"}]
    await deliver(shop, "tiktok", {**body, "data": told})
    (order,) = await booked(shop)
    assert (order.status, order.amount, order.paid) == ("paid", Decimal("12.50"), True)


async def test_a_buyers_name_and_phone_never_reach_the_database(shop: Shop) -> None:
    person = {"id": 5, "first_name": "王小明", "phone": "13812345678", "email": "wang@example.com"}
    address = {"address1": "幸福路1号", "phone": "13812345678"}
    await deliver(shop, "shopify", shopify(customer=person, shipping_address=address, email="wang@example.com"))
    (order,) = await booked(shop)
    assert order.buyer == "王**"
    async with shop.studio.database.transaction() as db:
        kept = [bytes(raw) for raw in await db.scalars(select(InboxRow.raw).where(InboxRow.shop == SAMPLE))]
    assert kept and not any(secret in kept[0].decode() for secret in ("王小明", "13812345678", "wang@", "幸福路"))


async def test_a_shop_may_send_its_rate_and_not_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SHOP_RATE", webhooks.RateLimitItemPerSecond(3, 3600))
    codes = [(await deliver(shop, "doudian", [{"tag": "0"}])).status_code for _ in range(5)]
    assert codes[:3] == [200] * 3 and codes[3:] == [429] * 2
