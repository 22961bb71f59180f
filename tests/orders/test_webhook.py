"""Orders by webhook: signed, whole, once — or refused without a trace."""

import asyncio
import time
from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest
from httpx import Response

from app.access.service import SAMPLE
from app.database import Database
from app.events import ShopId
from app.orders import service
from app.orders.signatures import HEADER, sign
from app.settings import Settings
from tests.access.studio import Shop, open_shop
from tests.orders.test_orders import message
from tests.servers import written_elsewhere


@pytest.fixture
async def shop(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Shop, None]:
    monkeypatch.setattr(service, "PATIENCE", 30.0)  # a busy test machine is no database outage
    monkeypatch.setattr(service, "SECRETS_PATIENCE", 30.0)
    async with open_shop(database, settings) as shop:
        del shop.client.headers["sec-fetch-site"]  # a shop's server is no browser
        for owner in (SAMPLE, ShopId("other")):
            await shop.studio.orders.ensure_secret(owner, "orders")
        yield shop


async def post(
    shop: Shop, raw: bytes, *, to: str = "sample", secret: str | None = None, at: int | None = None
) -> Response:
    key = await shop.studio.orders.secret(SAMPLE, "orders") if secret is None else secret
    header = sign(key, raw, int(time.time()) if at is None else at)
    return await shop.client.post(f"/hooks/orders/{to}", content=raw, headers={HEADER: header})


async def test_a_signed_order_is_booked_and_its_repeat_is_a_duplicate(shop: Shop) -> None:
    first, second = await post(shop, message()), await post(shop, message())
    assert (first.status_code, first.json()) == (200, {"duplicate": False})
    assert (second.status_code, second.json()) == (200, {"duplicate": True})
    assert await shop.studio.orders.gmv(SAMPLE) == {"CNY": Decimal("59.00")}


async def test_a_wrong_old_missing_or_foreign_signature_is_refused(shop: Shop) -> None:
    raw, now = message(), int(time.time())
    foreign = await shop.studio.orders.secret(ShopId("other"), "orders")
    refused = [
        await post(shop, raw, secret="wrong"),
        await post(shop, raw, secret=foreign),
        await post(shop, raw, to="other"),
        await post(shop, raw, to="nobody"),
        await post(shop, raw, at=now - 302),
        await post(shop, raw, at=now + 302),
        await shop.client.post("/hooks/orders/sample", content=raw),
    ]
    assert [answer.status_code for answer in refused] == [403] * 7
    assert len({answer.text for answer in refused[:6]}) == 1
    assert await shop.studio.orders.gmv(SAMPLE) == {}


async def test_two_signature_headers_are_refused(shop: Shop) -> None:
    raw = message()
    header = sign(await shop.studio.orders.secret(SAMPLE, "orders"), raw, int(time.time()))
    answer = await shop.client.post("/hooks/orders/sample", content=raw, headers=[(HEADER, header), (HEADER, header)])
    assert answer.status_code == 403


async def test_a_body_above_the_limit_is_refused_before_it_is_read(shop: Shop) -> None:
    assert (await post(shop, b" " * (256 * 1024 + 1))).status_code == 413


async def test_a_signed_but_malformed_order_is_told_what_was_wanted(shop: Shop) -> None:
    answer = await post(shop, message(amount="12.345"))
    assert answer.status_code == 422 and "amount" in answer.text


async def test_both_secrets_are_good_during_a_rotation(shop: Shop) -> None:
    old = await shop.studio.orders.secret(SAMPLE, "orders")
    await shop.studio.orders.rotate_secret(SAMPLE, "orders")
    assert (await post(shop, message("1"), secret=old)).status_code == 200
    assert (await post(shop, message("2"))).status_code == 200


async def test_the_database_away_is_503_and_nothing_is_lost_by_asking_again(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.3)
    async with written_elsewhere(database):
        assert (await post(shop, message())).status_code == 503
    monkeypatch.setattr(service, "PATIENCE", 30.0)
    assert (await post(shop, message())).status_code == 200
    assert await shop.studio.orders.gmv(SAMPLE) == {"CNY": Decimal("59.00")}


async def test_the_same_order_ten_times_at_once_is_booked_once(shop: Shop) -> None:
    answers = await asyncio.gather(*(post(shop, message()) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert [answer.json()["duplicate"] for answer in answers].count(False) == 1
