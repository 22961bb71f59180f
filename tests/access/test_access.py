"""Who may come in, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from app.access.people import People
from app.access.service import SAMPLE, Access, Member
from app.access.store import AccountRow, LinkRow, SessionRow
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooOften
from app.events import ShopId

HERE = "127.0.0.1"
PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the real cost is 64 MiB and three rounds


@pytest.fixture
async def access(database: Database) -> Access:
    access = Access(database, QUICK)
    await access.open_shop(SAMPLE, "Sample", owner="Lin", account="sample")
    await access.open_shop(ShopId("other"), "Other", owner="Wu", account="other")
    return access


async def signed_in(access: Access, shop: ShopId = SAMPLE) -> tuple[str, Member]:
    token = await access.enter(await access.first_link(shop), address=HERE, agent="Firefox")
    member = await access.member_of(token)
    assert member is not None
    return token, member


async def test_a_link_lets_the_owner_in_once(access: Access) -> None:
    code = await access.first_link()
    token = await access.enter(code, address=HERE)
    member = await access.member_of(token)
    assert member is not None
    assert (member.shop, member.role, member.name) == (SAMPLE, "owner", "Lin")
    with pytest.raises(Forbidden):
        await access.enter(code, address=HERE)


async def test_a_link_older_than_ten_minutes_is_refused(access: Access, database: Database) -> None:
    code = await access.first_link()
    async with database.transaction() as db:
        await db.execute(update(LinkRow).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    with pytest.raises(Forbidden):
        await access.enter(code, address=HERE)


async def test_neither_code_nor_token_nor_password_is_kept_readable(access: Access, database: Database) -> None:
    code = await access.first_link()
    token = await access.enter(code, address=HERE)
    member = await access.member_of(token)
    assert member is not None
    await access.set_password(member, PASSWORD)
    async with database.transaction() as db:
        kept = [*(await db.scalars(select(LinkRow.code_hash))), *(await db.scalars(select(SessionRow.token_hash)))]
        hashed = await db.scalar(select(AccountRow.password).where(AccountRow.account == "sample"))
    assert code not in kept and token not in kept
    assert hashed is not None and hashed.startswith("$argon2id$") and PASSWORD not in hashed


async def test_opening_a_shop_twice_changes_nothing(access: Access) -> None:
    await access.open_shop(SAMPLE, "Another name", owner="Somebody", account="somebody")
    assert await access.shop_name(SAMPLE) == "Sample"
    _, member = await signed_in(access)
    assert member.name == "Lin"


async def test_the_owner_sets_a_password_and_signs_in_with_it(access: Access) -> None:
    _, member = await signed_in(access)
    with pytest.raises(NotSignedIn):
        await access.login("sample", "", address=HERE)
    await access.set_password(member, PASSWORD)
    token = await access.login(" Sample ", PASSWORD, address=HERE)
    assert await access.member_of(token) is not None
    with pytest.raises(NotSignedIn):
        await access.set_password(member, "another long one", current="wrong")


async def test_a_short_password_is_refused(access: Access) -> None:
    _, member = await signed_in(access)
    with pytest.raises(BadInput, match="10 to 128"):
        await access.set_password(member, "short")


async def test_an_unknown_account_and_a_wrong_password_are_told_in_the_same_words(access: Access) -> None:
    _, member = await signed_in(access)
    await access.set_password(member, PASSWORD)
    told = []
    for account in ("sample", "nobody"):
        with pytest.raises(NotSignedIn) as refused:
            await access.login(account, "not the password", address=HERE)
        told.append(str(refused.value))
    assert told[0] == told[1]


async def test_signing_in_rotates_the_session(access: Access) -> None:
    token, member = await signed_in(access)
    await access.set_password(member, PASSWORD)
    fresh = await access.login("sample", PASSWORD, address=HERE, old=token)
    assert fresh != token
    assert await access.member_of(token) is None
    assert await access.member_of(fresh) is not None


async def test_a_new_password_signs_other_browsers_out(access: Access) -> None:
    elsewhere, _ = await signed_in(access)
    token, member = await signed_in(access)
    await access.set_password(member, PASSWORD)
    assert await access.member_of(elsewhere) is None
    assert await access.member_of(token) is not None


async def test_a_token_is_dead_after_logout(access: Access) -> None:
    token, _ = await signed_in(access)
    await access.logout(token)
    assert await access.member_of(token) is None


@pytest.mark.parametrize("field", ["ends_at", "seen_at"])
async def test_a_session_ends_after_thirty_days_or_seven_idle_ones(
    access: Access, database: Database, field: str
) -> None:
    token, _ = await signed_in(access)
    past = datetime.now(UTC) - (timedelta(days=7) if field == "seen_at" else timedelta(0))
    async with database.transaction() as db:
        await db.execute(update(SessionRow).values({field: past}))
    assert await access.member_of(token) is None


async def test_a_member_lists_and_revokes_own_browsers_only(access: Access) -> None:
    token, member = await signed_in(access)
    elsewhere, _ = await signed_in(access)
    stranger_token, stranger = await signed_in(access, ShopId("other"))
    listed = await People(access).sessions(member)
    assert len(listed) == 2 and [item.current for item in listed].count(True) == 1
    assert all(item.agent == "Firefox" for item in listed)
    with pytest.raises(NotFound):
        await People(access).revoke(member, stranger.session)
    other = next(item for item in listed if not item.current)
    await People(access).revoke(member, other.id)
    assert await access.member_of(elsewhere) is None
    assert await access.member_of(token) is not None and await access.member_of(stranger_token) is not None


async def test_an_account_name_belongs_to_one_person(access: Access) -> None:
    with pytest.raises(Conflict):
        await access.add_user(SAMPLE, "OTHER", "Twin", "operator", PASSWORD)


async def test_the_sixth_try_of_an_account_in_a_minute_is_too_often(access: Access) -> None:
    for number in range(5):
        with pytest.raises(NotSignedIn):
            await access.login("sample", "wrong", address=f"10.0.0.{number}")
    with pytest.raises(TooOften):
        await access.login("sample", "wrong", address="10.0.0.9")


async def test_the_twenty_first_try_from_an_address_in_a_minute_is_too_often(access: Access) -> None:
    for _ in range(20):
        with pytest.raises(Forbidden):
            await access.enter("guess", address="10.1.1.1")
    with pytest.raises(TooOften):
        await access.enter("guess", address="10.1.1.1")
