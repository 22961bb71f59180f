"""The door under attack (BADINPUTS 61 to 70): fixation, reuse, guessing, timing, forged fields, lost roles."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from app.access.people import People
from app.access.service import SAMPLE, Access
from app.database import Database
from app.errors import NotSignedIn
from app.events import ShopId
from app.screens.door import own_path
from app.settings import Settings
from tests.access.studio import Shop, open_shop

PASSWORD = "correct horse battery"
HERE = "127.0.0.1"


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        yield shop


async def test_61_another_browsers_session_does_not_stand_in_for_ones_own_origin(shop: Shop) -> None:
    await shop.sign_in()
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "null"}):
        answer = await shop.client.post("/people/invitations", json={"role": "owner"}, headers=headers)
        assert answer.status_code == 403
    got = await shop.client.get("/people/invitations", params={"role": "owner"})
    assert got.status_code in (404, 405)


@pytest.mark.parametrize("way", ["link", "password"])
async def test_62_a_session_planted_before_sign_in_is_never_signed_in(shop: Shop, way: str) -> None:
    await shop.studio.access.add_user(SAMPLE, "ann", "Ann", "operator", PASSWORD)
    shop.client.cookies.set("zhubo", "planted-by-somebody")
    if way == "link":
        await shop.client.post("/enter", data={"code": await shop.studio.access.first_link()})
    else:
        await shop.client.post("/login", data={"account": "ann", "password": PASSWORD})
    assert await shop.studio.access.member_of("planted-by-somebody") is None


async def test_62_signing_in_ends_the_session_that_was_there(shop: Shop) -> None:
    access = shop.studio.access
    await shop.sign_in()
    before = shop.client.cookies["zhubo"]
    await shop.client.post("/enter", data={"code": await access.first_link()})
    assert await access.member_of(before) is None
    assert await access.member_of(shop.client.cookies["zhubo"]) is not None


async def test_62_a_cookie_kept_after_sign_out_or_a_new_password_opens_nothing(shop: Shop) -> None:
    await shop.sign_in()
    kept = shop.client.cookies["zhubo"]
    await shop.client.post("/logout")
    shop.client.cookies.set("zhubo", kept)
    assert (await shop.client.get("/sessions")).status_code == 401
    await shop.sign_in()
    kept = shop.client.cookies["zhubo"]
    await shop.sign_in()
    await shop.client.post("/password", data={"new": PASSWORD, "again": PASSWORD})
    assert (await shop.client.get("/sessions")).status_code == 200
    shop.client.cookies.set("zhubo", kept)
    assert (await shop.client.get("/sessions")).status_code == 401


async def test_63_guessing_is_slowed_by_account_and_by_address_and_locks_nobody_out_for_good(shop: Shop) -> None:
    answers = [
        (await shop.client.post("/login", json={"account": "sample", "password": str(number)})).status_code
        for number in range(7)
    ]
    assert answers == [401] * 5 + [429] * 2
    others = [
        (await shop.client.post("/login", json={"account": f"guess-{number}", "password": "x"})).status_code
        for number in range(14)
    ]
    assert others == [401] * 13 + [429]
    await shop.sign_in()  # the link is another way in


class Counting(PasswordHasher):
    """Counts the work."""

    checked = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        """Count it, and do it."""
        self.checked += 1
        return super().verify(hash, password)  # type: ignore[arg-type]


async def test_64_an_unknown_account_costs_the_same_work_as_a_wrong_password(database: Database) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    access = Access(database, hasher)
    await access.open_shop(SAMPLE, "Sample", owner="Lin", account="sample")
    await access.add_user(SAMPLE, "ann", "Ann", "operator", PASSWORD)
    await access.add_user(SAMPLE, "gone", "Gone", "operator", PASSWORD)
    owner = await access.member_of(await access.enter(await access.first_link(), address=HERE))
    assert owner is not None
    gone = next(person for person in await People(access).members(owner) if person.account == "gone")
    await People(access).remove(owner, gone.user)
    with pytest.raises(NotSignedIn):
        await access.login("warm", "x", address=HERE)  # the first try also makes the decoy
    work: dict[str, tuple[int, list[str]]] = {}
    asked: list[str] = []

    def statement(_c: object, _cursor: object, text: str, *_more: object) -> None:
        asked.append(text.split()[0])

    event.listen(database.engine.sync_engine, "before_cursor_execute", statement)
    for account in ("ann", "nobody", "sample"):  # a wrong password, no such account, no password set
        hasher.checked = 0
        asked.clear()
        with pytest.raises(NotSignedIn):
            await access.login(account, "not the password", address=HERE)
        work[account] = hasher.checked, [word for word in asked if word == "INSERT"]
    assert work["ann"] == work["nobody"] == work["sample"] == (1, ["INSERT"])


async def test_66_role_and_shop_in_a_form_change_nothing(shop: Shop) -> None:
    access = shop.studio.access
    await access.add_user(SAMPLE, "ann", "Ann", "operator", PASSWORD)
    form = {"account": "ann", "password": PASSWORD, "role": "owner", "shop": "other", "is_admin": "1", "tenant_id": "x"}
    await shop.client.post("/login", data=form)
    await shop.client.post("/password", data={"current": PASSWORD, "new": "x" * 12, "role": "owner", "shop": "other"})
    ann = await access.member_of(shop.client.cookies["zhubo"])
    assert ann is not None and (ann.role, ann.shop) == ("operator", SAMPLE)


async def test_67_a_role_taken_away_is_gone_with_the_next_request(shop: Shop) -> None:
    access = shop.studio.access
    user = await access.add_user(SAMPLE, "ann", "Ann", "operator", PASSWORD)
    await shop.client.post("/login", data={"account": "ann", "password": PASSWORD})
    assert (await shop.client.post("/catalogue/x/price", json={"price": "9"})).status_code == 404
    owner = await access.member_of(await access.enter(await access.first_link(SAMPLE), address=HERE))
    assert owner is not None
    await People(access).change_role(owner, user, "analyst")
    assert (await shop.client.post("/catalogue/x/price", json={"price": "9"})).status_code == 403
    await People(access).remove(owner, user)
    assert (await shop.client.post("/catalogue/x/price", json={"price": "9"})).status_code == 401


async def test_69_no_page_of_a_shop_may_be_kept_by_a_cache(shop: Shop) -> None:
    await shop.sign_in()
    for path in ("/sessions", "/people", "/audit", "/audit/export"):
        answer: httpx.Response = await shop.client.get(path, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path


async def test_70_an_export_needs_a_session_of_its_shop_every_time(shop: Shop) -> None:
    await shop.sign_in()
    mine = await shop.client.get("/audit/export")
    await shop.sign_in(ShopId("other"))
    theirs = await shop.client.get("/audit/export")
    assert mine.text.count("signed_in") == 1 == theirs.text.count("signed_in")
    assert mine.text.splitlines()[1] != theirs.text.splitlines()[1]
    shop.client.cookies.clear()
    assert (await shop.client.get("/audit/export")).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil",
        "https://evil",
        "/\\evil",
        "\\\\evil",
        "/\t/evil",
        "javascript:alert(1)",
        "",
        "evil",
        "///evil",
        "/a\r\nb",
    ],
)
def test_50_no_address_of_another_site_is_gone_to(wanted: str) -> None:
    assert own_path(wanted) == "/"
