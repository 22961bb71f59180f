"""The first-run wizard: an empty studio gets its owner and its shop; a second shop stands beside the sample."""

from collections.abc import AsyncGenerator

import pytest
from argon2 import PasswordHasher
from httpx import Response

from app.access import audit
from app.access.founding import MARKETS, Founding, Profile
from app.access.service import SAMPLE, Access, Member
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, NotFound
from app.events import ShopId
from app.settings import Settings
from tests.access.studio import Shop, open_shop

HERE = "127.0.0.1"
PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TEA = Profile(name="岚的茶铺", lang="zh", currency="CNY", market="CN")
KEY = "0123456789ab"


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        yield shop


async def known(access: Access, token: str) -> Member:
    member = await access.member_of(token)
    assert member is not None
    return member


async def test_an_empty_studio_is_opened_by_the_first_link(database: Database) -> None:
    access = Access(database, QUICK)
    founding = Founding(access)
    await founding.prepare()
    await founding.prepare()
    token = await access.enter(await access.first_link(), address=HERE)
    lin = await known(access, token)
    assert lin.opening and lin.role == "owner" and not await founding.has_password(lin)
    await founding.name_owner(lin, "岚", "lan", PASSWORD)
    token = await founding.found(lin, TEA, KEY, token=token)
    lan = await known(access, token)
    assert (lan.name, lan.account, lan.shop_name, lan.opening) == ("岚", "lan", "岚的茶铺", False)
    assert await founding.profile(lan.shop) == TEA
    assert len(lan.shops) == 1
    again = await access.login("lan", PASSWORD, address=HERE)
    assert (await known(access, again)).shop == lan.shop


async def test_a_wizard_left_halfway_goes_on_with_the_next_link(database: Database) -> None:
    access = Access(database, QUICK)
    founding = Founding(access)
    await founding.prepare()
    lin = await known(access, await access.enter(await access.first_link(), address=HERE))
    await founding.name_owner(lin, "岚", "lan", PASSWORD)
    back = await known(access, await access.enter(await access.first_link(), address=HERE))
    assert back.opening and await founding.has_password(back) and back.name == "岚"


async def test_the_sample_shop_comes_to_the_owner_who_is_there_already(database: Database) -> None:
    access = Access(database, QUICK)
    founding = Founding(access)
    await founding.prepare()
    token = await access.enter(await access.first_link(), address=HERE)
    await founding.found(await known(access, token), TEA, KEY, token=token)
    await access.open_shop(SAMPLE, "Sample", owner="Lin", account="sample")
    lan = await known(access, await access.enter(await access.first_link(), address=HERE))
    assert lan.shop_name == "岚的茶铺" and founding.sample_beside(lan) == SAMPLE


async def test_a_shop_beside_the_sample_is_apart_from_it(shop: Shop, database: Database) -> None:
    access = shop.studio.access
    founding = Founding(access)
    token = await access.enter(await access.first_link(SAMPLE), address=HERE)
    lin = await known(access, token)
    fresh = await founding.found(lin, TEA, KEY, token=token)
    assert await access.member_of(token) is None
    mine = await known(access, fresh)
    assert mine.shop == ShopId(f"s{KEY}") and [card.id for card in mine.shops] == [SAMPLE, mine.shop]
    assert await shop.studio.catalogue.products(mine.shop) == []
    back = await founding.go_to(mine, SAMPLE, token=fresh)
    assert (await known(access, back)).shop == SAMPLE
    async with database.transaction() as db:
        assert [note.object for note in await audit.notes_of(db, mine.shop)] == ["岚的茶铺"]


async def test_the_same_form_sent_twice_opens_one_shop(shop: Shop) -> None:
    access = shop.studio.access
    founding = Founding(access)
    token = await access.enter(await access.first_link(SAMPLE), address=HERE)
    fresh = await founding.found(await known(access, token), TEA, KEY, token=token)
    fresh = await founding.found(await known(access, fresh), TEA, KEY, token=fresh)
    assert len((await known(access, fresh)).shops) == 2


async def test_only_the_studios_owner_opens_shops(shop: Shop) -> None:
    access = shop.studio.access
    founding = Founding(access)
    token = await access.enter(await access.first_link(ShopId("other")), address=HERE)
    with pytest.raises(Forbidden):
        await founding.found(await known(access, token), TEA, KEY, token=token)


async def test_the_key_of_a_form_never_leads_into_somebody_elses_shop(shop: Shop) -> None:
    access = shop.studio.access
    founding = Founding(access)
    token = await access.enter(await access.first_link(SAMPLE), address=HERE)
    lin = await known(access, token)
    await access.open_shop(ShopId(f"s{KEY}"), "Wu's", owner="Wu", account="wu")
    with pytest.raises(NotFound):
        await founding.found(lin, TEA, KEY, token=token)
    assert await access.shop_name(ShopId(f"s{KEY}")) == "Wu's"
    with pytest.raises(BadInput):
        await founding.found(lin, TEA, "../other", token=token)


async def test_nobody_goes_to_a_shop_that_is_not_theirs(shop: Shop) -> None:
    access = shop.studio.access
    token = await access.enter(await access.first_link(SAMPLE), address=HERE)
    with pytest.raises(NotFound):
        await Founding(access).go_to(await known(access, token), ShopId("other"), token=token)
    assert await access.member_of(token) is not None


async def test_an_owners_account_name_must_be_free(shop: Shop) -> None:
    access = shop.studio.access
    lin = await known(access, await access.enter(await access.first_link(SAMPLE), address=HERE))
    with pytest.raises(Conflict):
        await Founding(access).name_owner(lin, "Lin", "other", PASSWORD)
    assert not await Founding(access).has_password(lin)


async def step(studio: Shop, path: str, /, **fields: str) -> Response:
    return await studio.client.post(path, data=fields, headers={"accept": "text/html", "accept-language": "en"})


async def test_the_three_steps_as_a_browser_takes_them(shop: Shop) -> None:
    await shop.sign_in()
    page = await shop.client.get("/welcome", headers={"accept": "text/html", "accept-language": "en"})
    assert page.status_code == 200 and 'name="account" value=""' in page.text
    early = await shop.client.get("/welcome/shop")
    assert early.headers["location"] == "/welcome"
    short = await step(shop, "/welcome/account", name="Lin", account="lin", password="short", again="short")
    assert short.status_code == 422 and "at least 10" in short.text and 'value="lin"' in short.text
    good = await step(shop, "/welcome/account", name="Lin", account="lin", password=PASSWORD, again=PASSWORD)
    assert good.headers["location"] == "/welcome/shop"
    assert (await shop.client.get("/welcome")).headers["location"] == "/welcome/shop"
    form = await shop.client.get("/welcome/shop", headers={"accept": "text/html", "accept-language": "en"})
    key = form.text.split('name="key" value="')[1][:12]
    wrong = await step(shop, "/welcome/shop", key=key, shop=" ", lang="en", currency="USD", market="US")
    assert wrong.status_code == 422 and "needs a name" in wrong.text
    done = await step(shop, "/welcome/shop", key=key, shop="Lin's tea", lang="en", currency="USD", market="US")
    assert done.headers["location"] == "/welcome/products"
    last = await shop.client.get("/welcome/products", headers={"accept": "text/html", "accept-language": "en"})
    assert "Lin&#39;s tea is open" in last.text and "/catalogue/upload" in last.text
    assert 'action="/shops/sample/open"' in last.text
    back = await shop.client.post("/shops/sample/open")
    assert back.status_code == 303 and (await shop.client.post("/shops/other/open")).status_code == 404


async def test_a_second_owner_account_cannot_be_set_over_the_first(shop: Shop) -> None:
    await shop.sign_in()
    await step(shop, "/welcome/account", name="Lin", account="lin", password=PASSWORD, again=PASSWORD)
    again = await step(shop, "/welcome/account", name="Eve", account="eve", password="x" * 12, again="x" * 12)
    assert again.headers["location"] == "/welcome/shop"
    assert await shop.studio.access.login("lin", PASSWORD, address=HERE)


@pytest.mark.parametrize("field", ["lang", "currency", "market"])
async def test_language_currency_and_market_are_of_the_lists(shop: Shop, field: str) -> None:
    access = shop.studio.access
    token = await access.enter(await access.first_link(SAMPLE), address=HERE)
    wrong = {"name": "Tea", "lang": "zh", "currency": "CNY", "market": "CN"} | {field: "XX"}
    with pytest.raises(BadInput, match=field):
        await Founding(access).found(await known(access, token), Profile(**wrong), KEY, token=token)
    assert "XX" not in MARKETS
