"""The door over HTTP: cookies, other sites, other shops, and the roles inside."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.requests import HTTPConnection

from app.access.guard import check_origin
from app.access.service import SAMPLE
from app.database import Database
from app.errors import Forbidden
from app.events import PriceChanged, ProductId, ShopId, StockChanged
from app.settings import Settings
from scripts_gen.facts import ProductFacts
from tests.access.studio import Shop, open_shop

PASSWORD = "correct horse battery"


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        yield shop


async def tea(shop: Shop, owner: ShopId = SAMPLE) -> ProductId:
    facts = ProductFacts(title="茶", price=Decimal(59), list_price=Decimal(79))
    return await shop.studio.catalogue.add(
        owner, sku="tea", lang="zh", listing="茶 59元 标价79", facts=facts, stock=9, by="Lin", list_price_basis="msrp"
    )


async def test_the_cookie_is_shut_to_scripts_and_other_sites(shop: Shop) -> None:
    answer = await shop.client.post("/enter", json={"code": await shop.studio.access.first_link()})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("zhubo=") and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie


async def test_over_tls_the_cookie_is_bound_to_its_host(database: Database, settings: Settings) -> None:
    async with open_shop(database, settings, "https://shop.test") as shop:
        answer = await shop.client.post("/enter", json={"code": await shop.studio.access.first_link()})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-zhubo=") and "Secure" in cookie and "Domain" not in cookie
        shop.client.cookies.clear()
        forged = await shop.client.post("/sessions/x/revoke", headers={"cookie": cookie.replace("__Host-", "", 1)})
        assert forged.status_code == 401


async def test_a_used_link_is_refused(shop: Shop) -> None:
    code = await shop.studio.access.first_link()
    assert (await shop.client.post("/enter", data={"code": code})).status_code == 303
    assert (await shop.client.post("/enter", data={"code": code})).status_code == 403


async def test_a_wrong_password_goes_back_to_the_page_and_tells_programs_401(shop: Shop) -> None:
    form = await shop.client.post("/login", data={"account": "sample", "password": "x"})
    assert (form.status_code, form.headers["location"]) == (303, "/login?failed=1")
    assert (await shop.client.post("/login", json={"account": "sample", "password": "x"})).status_code == 401


async def test_password_sign_in_and_out_by_form(shop: Shop) -> None:
    await shop.sign_in()
    first = shop.client.cookies["zhubo"]
    assert (await shop.client.post("/password", data={"new": PASSWORD, "again": "other"})).status_code == 422
    assert (await shop.client.post("/password", data={"new": PASSWORD, "again": PASSWORD})).status_code == 303
    assert (await shop.client.post("/login", data={"account": "sample", "password": PASSWORD})).status_code == 303
    assert shop.client.cookies["zhubo"] != first
    assert await shop.studio.access.member_of(first) is None
    last = shop.client.cookies["zhubo"]
    assert (await shop.client.post("/logout")).headers["location"] == "/login"
    assert await shop.studio.access.member_of(last) is None and "zhubo" not in shop.client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://shop.test"},
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "https://shop.test"},
        {"origin": "http://shop.test.evil.test"},
        {"origin": "http://shop.test@evil.test"},
        {"origin": "http://shop.test:81"},
        {},
    ],
)
async def test_another_sites_request_with_our_session_is_refused(shop: Shop, headers: dict[str, str]) -> None:
    product = await tea(shop)
    await shop.sign_in()
    elsewhere = AsyncClient(
        transport=ASGITransport(shop.app), base_url="http://shop.test", cookies=dict(shop.client.cookies)
    )
    async with elsewhere:
        answer = await elsewhere.post(f"/catalogue/{product}/price", json={"price": "1"}, headers=headers)
    assert answer.status_code == 403
    assert (await shop.studio.catalogue.product(SAMPLE, product)).price == Decimal(59)


async def test_an_own_origin_is_enough_for_browsers_without_fetch_metadata(shop: Shop) -> None:
    product = await tea(shop)
    await shop.sign_in()
    older = AsyncClient(
        transport=ASGITransport(shop.app),
        base_url="http://shop.test",
        cookies=dict(shop.client.cookies),
        headers={"origin": "http://shop.test"},
    )
    async with older:
        assert (await older.post(f"/catalogue/{product}/stock", data={"stock": "5"})).status_code == 303


@pytest.mark.parametrize("origin", [None, "null", "http://evil.test", "http://shop.test:8080", "nonsense"])
def test_a_websocket_from_another_origin_is_refused(settings: Settings, shop: Shop, origin: str | None) -> None:
    with pytest.raises(Forbidden):
        check_origin(handshake(shop, origin))


def handshake(shop: Shop, origin: str | None) -> HTTPConnection:
    headers = [(b"host", b"shop.test")] + ([] if origin is None else [(b"origin", origin.encode())])
    scope = {"type": "websocket", "scheme": "ws", "path": "/socket", "query_string": b"", "headers": headers}
    return HTTPConnection({**scope, "app": shop.app, "server": ("shop.test", 80), "client": ("1.2.3.4", 5)})


def test_a_websocket_of_our_own_page_is_welcome(shop: Shop) -> None:
    check_origin(handshake(shop, "http://shop.test"))


async def test_nothing_is_changed_without_a_session(shop: Shop) -> None:
    product = await tea(shop)
    for path in (f"/catalogue/{product}/price", f"/catalogue/{product}/stock", f"/catalogue/{product}/confirm"):
        assert (await shop.client.post(path, json={"price": "1", "stock": "1"})).status_code == 401
    assert shop.rooms.heard == []


async def test_a_price_is_committed_and_told_to_the_rooms(shop: Shop) -> None:
    product = await tea(shop)
    await shop.sign_in()
    answer = await shop.client.post(f"/catalogue/{product}/price", data={"price": "49.90"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/catalogue/{product}#offer")
    told = PriceChanged(product=product, price=Decimal("49.90"), list_price=Decimal("79.00"), currency="CNY")
    assert shop.rooms.heard == [(SAMPLE, None, told)]
    answer = await shop.client.post(f"/catalogue/{product}/price", json={"price": 45.5, "list_price": None})
    assert answer.status_code == 204
    changed = await shop.studio.catalogue.product(SAMPLE, product)
    assert (changed.price, changed.list_price) == (Decimal("45.50"), None)
    entries = await shop.studio.catalogue.ledger(SAMPLE, product)
    assert [entry.price for entry in entries] == [Decimal("45.50"), Decimal("49.90"), Decimal("59.00")]


async def test_a_price_above_the_struck_through_one_removes_that(shop: Shop) -> None:
    product = await tea(shop)
    await shop.sign_in()
    assert (await shop.client.post(f"/catalogue/{product}/price", json={"price": "80"})).status_code == 204
    assert (await shop.studio.catalogue.product(SAMPLE, product)).list_price is None


@pytest.mark.parametrize(
    "body",
    [{}, {"price": ""}, {"price": "-1"}, {"price": "abc"}, {"price": "1.001"}, {"price": ["1"]}, {"price": True}],
)
async def test_a_price_that_is_none_is_refused_and_told_to_nobody(shop: Shop, body: dict[str, object]) -> None:
    product = await tea(shop)
    await shop.sign_in()
    assert (await shop.client.post(f"/catalogue/{product}/price", json=body)).status_code == 422
    assert shop.rooms.heard == []


@pytest.mark.parametrize(
    "raw", [b"{", b'{"price": NaN}', b"[1]", b'{"price":"1"' + b" " * 70_000 + b"}", b"[" * 60_000]
)
async def test_a_broken_or_huge_body_is_refused(shop: Shop, raw: bytes) -> None:
    product = await tea(shop)
    await shop.sign_in()
    headers = {"content-type": "application/json"}
    answer = await shop.client.post(f"/catalogue/{product}/price", content=raw, headers=headers)
    assert answer.status_code in {413, 422}


async def test_sold_out_is_told_to_the_rooms(shop: Shop) -> None:
    product = await tea(shop)
    await shop.sign_in()
    assert (await shop.client.post(f"/catalogue/{product}/stock", files={"stock": (None, "0")})).status_code == 303
    assert shop.rooms.heard == [(SAMPLE, None, StockChanged(product=product, stock=0))]
    for wrong in ("3.7", "-1", "", "9223372036854775808", "٣"):
        assert (await shop.client.post(f"/catalogue/{product}/stock", json={"stock": wrong})).status_code == 422


async def test_every_route_answers_another_shops_id_with_not_found(shop: Shop) -> None:
    product = await tea(shop, SAMPLE)
    await shop.sign_in()
    session = await shop.studio.access.member_of(shop.client.cookies["zhubo"])
    assert session is not None
    await shop.sign_in(ShopId("other"))
    for path in (
        f"/catalogue/{product}/price",
        f"/catalogue/{product}/stock",
        f"/catalogue/{product}/confirm",
        f"/sessions/{session.session}/revoke",
    ):
        answer = await shop.client.post(path, json={"price": "1", "stock": "1", "shop": "sample", "role": "owner"})
        assert answer.status_code == 404, path
    assert shop.rooms.heard == []


async def test_an_analyst_may_look_but_not_touch(shop: Shop) -> None:
    product = await tea(shop)
    await shop.studio.access.add_user(SAMPLE, "vi", "Vi", "analyst", PASSWORD)
    assert (await shop.client.post("/login", data={"account": "vi", "password": PASSWORD})).status_code == 303
    assert (await shop.client.post(f"/catalogue/{product}/price", json={"price": "1"})).status_code == 403


async def test_a_member_signs_another_browser_out(shop: Shop) -> None:
    await shop.sign_in()
    elsewhere = shop.client.cookies["zhubo"]
    other = await shop.studio.access.member_of(elsewhere)
    assert other is not None
    await shop.sign_in()
    assert (await shop.client.post(f"/sessions/{other.session}/revoke")).status_code == 303
    assert await shop.studio.access.member_of(elsewhere) is None
