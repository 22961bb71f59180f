"""Members, roles and invitations: who may come into a shop, and how they leave it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.access import audit
from app.access.invitations import InvitationRow
from app.access.people import People
from app.access.service import SAMPLE, Access, Member
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn
from app.events import ShopId
from app.settings import Settings
from tests.access.studio import Shop, open_shop

OTHER = ShopId("other")
PASSWORD = "correct horse battery"


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        yield shop


@pytest.fixture
def people(shop: Shop) -> People:
    return People(shop.studio.access)


async def owner_of(access: Access, shop: ShopId = SAMPLE) -> Member:
    token = await access.enter(await access.first_link(shop), address="127.0.0.1")
    return await known(access, token)


async def known(access: Access, token: str) -> Member:
    member = await access.member_of(token)
    assert member is not None
    return member


async def joined(people: People, access: Access, account: str, role: str = "operator", shop: ShopId = SAMPLE) -> Member:
    code = await people.invite(await owner_of(access, shop), role)
    token = await people.join(code, account=account, name=account.title(), password=PASSWORD, address="10.0.0.1")
    return await known(access, token)


async def deeds(database: Database, shop: ShopId = SAMPLE) -> list[str]:
    async with database.transaction() as db:
        return [note.what for note in await audit.notes_of(db, shop)]


async def test_an_invitation_lets_one_person_in_with_its_role(shop: Shop, people: People, database: Database) -> None:
    access = shop.studio.access
    code = await people.invite(await owner_of(access), "analyst")
    offer = await people.offer(code, address="10.0.0.1")
    assert (offer.shop_name, offer.role, offer.made_by) == ("sample", "analyst", "Lin")
    token = await people.join(code, account="mei", name="小美", password=PASSWORD, address="10.0.0.1")
    member = await known(access, token)
    assert (member.shop, member.role, member.name) == (SAMPLE, "analyst", "小美")
    with pytest.raises(Forbidden):
        await people.join(code, account="eve", name="Eve", password=PASSWORD, address="10.0.0.1")
    assert {"invited", "joined"} <= set(await deeds(database))


async def test_two_people_with_one_code_at_once_are_one_member(shop: Shop, people: People) -> None:
    access = shop.studio.access
    owner = await owner_of(access)
    code = await people.invite(owner, "operator")

    async def tries(account: str) -> bool:
        try:
            await people.join(code, account=account, name=account, password=PASSWORD, address="10.0.0.1")
        except Forbidden:
            return False
        return True

    assert sorted(await asyncio.gather(tries("ann"), tries("bob"))) == [False, True]
    assert len(await people.members(owner)) == 2


async def test_an_invitation_ends_after_seven_days_and_can_be_taken_back(
    shop: Shop, people: People, database: Database
) -> None:
    owner = await owner_of(shop.studio.access)
    late = await people.invite(owner, "operator")
    async with database.transaction() as db:
        await db.execute(update(InvitationRow).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    with pytest.raises(Forbidden):
        await people.offer(late, address="10.0.0.1")
    back = await people.invite(owner, "operator")
    (waiting,) = await people.waiting(owner)
    with pytest.raises(NotFound):
        await people.revoke_invitation(await owner_of(shop.studio.access, OTHER), waiting.id)
    await people.revoke_invitation(owner, waiting.id)
    with pytest.raises(Forbidden):
        await people.join(back, account="ann", name="Ann", password=PASSWORD, address="10.0.0.1")
    assert await people.waiting(owner) == []


async def test_an_invitation_for_an_account_fits_only_that_account(shop: Shop, people: People) -> None:
    code = await people.invite(await owner_of(shop.studio.access), "operator", "Ann")
    with pytest.raises(BadInput, match="account"):
        await people.join(code, account="bob", name="Bob", password=PASSWORD, address="10.0.0.1")
    await people.join(code, account=" ANN ", name="Ann", password=PASSWORD, address="10.0.0.1")


async def test_a_password_must_be_long_and_not_the_account(shop: Shop, people: People) -> None:
    code = await people.invite(await owner_of(shop.studio.access), "operator")
    for account, password in (("ann", "short"), ("annabelle-lee", "Annabelle-Lee")):
        with pytest.raises(BadInput, match="password"):
            await people.join(code, account=account, name="Ann", password=password, address="10.0.0.1")


async def test_a_known_account_joins_another_shop_with_its_own_password_only(shop: Shop, people: People) -> None:
    access = shop.studio.access
    ann = await joined(people, access, "ann")
    code = await people.invite(await owner_of(access, OTHER), "analyst")
    with pytest.raises(NotSignedIn):
        await people.join(code, account="ann", name="Ann", password="another password", address="10.0.0.1")
    again = await known(
        access, await people.join(code, account="ann", name="Ann", password=PASSWORD, address="10.0.0.1")
    )
    assert (again.user, again.shop, again.role) == (ann.user, OTHER, "analyst")
    assert [card.id for card in again.shops] == [SAMPLE, OTHER]
    twice = await people.invite(await owner_of(access, OTHER), "owner")
    with pytest.raises(Conflict):
        await people.join(twice, account="ann", name="Ann", password=PASSWORD, address="10.0.0.1")


async def test_a_removed_member_is_out_at_once_but_only_of_that_shop(shop: Shop, people: People) -> None:
    access = shop.studio.access
    ann = await joined(people, access, "ann")
    here = await access.login("ann", PASSWORD, address="10.0.0.1")
    code = await people.invite(await owner_of(access, OTHER), "analyst")
    there = await people.join(code, account="ann", name="Ann", password=PASSWORD, address="10.0.0.1")
    with pytest.raises(NotFound):
        await people.remove(await owner_of(access, ShopId("other")), "nobody")
    await people.remove(await owner_of(access), ann.user)
    assert await access.member_of(here) is None
    assert (await known(access, there)).shop == OTHER
    back = await access.login("ann", PASSWORD, address="10.0.0.1")
    assert (await known(access, back)).shop == OTHER


async def test_a_shop_keeps_its_last_owner(shop: Shop, people: People) -> None:
    access = shop.studio.access
    owner = await owner_of(access)
    for change in (people.remove(owner, owner.user), people.change_role(owner, owner.user, "analyst")):
        with pytest.raises(Conflict, match="another owner"):
            await change
    second = await joined(people, access, "ann", "owner")
    await people.change_role(owner, owner.user, "analyst")
    with pytest.raises(Conflict):
        await people.remove(second, second.user)


async def test_two_owners_who_remove_each_other_at_once_leave_one(shop: Shop, people: People) -> None:
    access = shop.studio.access
    first, second = await owner_of(access), await joined(people, access, "ann", "owner")
    done = await asyncio.gather(
        people.remove(first, second.user), people.remove(second, first.user), return_exceptions=True
    )
    assert sum(problem is None for problem in done) == 1
    assert all(problem is None or isinstance(problem, Conflict | NotFound) for problem in done)


async def test_another_role_holds_from_the_next_request_on(shop: Shop, people: People) -> None:
    await shop.sign_in()
    access = shop.studio.access
    ann = await joined(people, access, "ann", "owner")
    shop.client.cookies.set("zhubo", await access.login("ann", PASSWORD, address="10.0.0.1"))
    assert (await shop.client.get("/people")).status_code == 200
    await people.change_role(await owner_of(access), ann.user, "operator")
    refused = await shop.client.post("/people/invitations", json={"role": "owner"})
    assert refused.status_code == 403 and "wanted owner, found operator" in refused.text


async def test_an_owner_signs_a_members_browser_out_and_an_operator_nobodys(shop: Shop, people: People) -> None:
    access = shop.studio.access
    owner, ann = await owner_of(access), await joined(people, access, "ann")
    with pytest.raises(NotFound):
        await people.revoke(ann, owner.session)
    with pytest.raises(NotFound):
        await people.revoke(await owner_of(access, OTHER), ann.session)
    token = await access.login("ann", PASSWORD, address="192.168.7.9")
    mine = next(person for person in await people.members(owner) if person.user == ann.user)
    assert {item.address for item in mine.sessions} == {"10.0.0.x", "192.168.7.x"}
    await people.revoke(owner, (await known(access, token)).session)
    assert await access.member_of(token) is None


async def test_role_and_shop_in_a_body_are_ignored(shop: Shop, people: People) -> None:
    access = shop.studio.access
    code = await people.invite(await owner_of(access), "analyst")
    body = {"code": code, "name": "Eve", "account": "eve", "password": PASSWORD, "role": "owner", "shop": "other"}
    assert (await shop.client.post("/join", json={**body, "again": PASSWORD})).status_code == 303
    eve = await known(access, shop.client.cookies["zhubo"])
    assert (eve.role, eve.shop) == ("analyst", SAMPLE)


@pytest.mark.parametrize("role", ["admin", "viewer", "", "Owner"])
async def test_an_unknown_role_is_refused(shop: Shop, people: People, role: str) -> None:
    owner = await owner_of(shop.studio.access)
    with pytest.raises(BadInput):
        await people.invite(owner, role)
    with pytest.raises(BadInput):
        await people.change_role(owner, owner.user, role)


async def test_the_link_of_an_invitation_is_shown_once_with_its_picture(shop: Shop) -> None:
    await shop.sign_in()
    page = await shop.client.post("/people/invitations", data={"role": "operator"}, headers={"accept": "text/html"})
    assert page.status_code == 200 and "http://shop.test/join#" in page.text and "data:image/svg+xml" in page.text
    code = page.text.split("/join#")[1][:43]
    again = await shop.client.get("/people", headers={"accept": "text/html"})
    assert code not in again.text and again.text.count("/people/invitations/") == 1


async def test_a_form_that_does_not_fit_comes_back_with_words_and_what_was_filled_in(
    shop: Shop, people: People
) -> None:
    code = await people.invite(await owner_of(shop.studio.access), "operator")
    form = {"code": code, "name": "Ann", "account": "sample", "password": PASSWORD, "again": PASSWORD}
    headers = {"accept-language": "en"}
    taken = await shop.client.post("/join", data=form, headers=headers)
    assert taken.status_code == 401 and "exists already" in taken.text and 'value="Ann"' in taken.text
    apart = await shop.client.post("/join", data={**form, "again": "x"}, headers=headers)
    assert apart.status_code == 422 and "not the same" in apart.text
    assert PASSWORD not in taken.text + apart.text


async def test_a_refusal_says_who_may(shop: Shop) -> None:
    await shop.studio.access.add_user(SAMPLE, "ana", "Ana", "analyst", PASSWORD)
    await shop.client.post("/login", data={"account": "ana", "password": PASSWORD})
    page = await shop.client.get("/people", headers={"accept": "text/html", "accept-language": "en"})
    assert page.status_code == 403 and "Only an owner" in page.text
