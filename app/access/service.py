"""Signing in: one-time links, passwords (argon2id), sessions that end and can be revoked.

Cookies and links carry 256 random bits and are kept as SHA-256 only, so a stolen database signs nobody in.
Limits: a link lives 10 minutes; a session ends after 30 days, or 7 days unused; sign-in is tried at most 5 times
a minute for an account and 20 times a minute from an address.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit, store
from app.access.passwords import Passwords, plain_account
from app.access.rates import ACCOUNT_RATE, ADDRESS_RATE, Rates
from app.access.store import AccountRow, LinkRow, ShopRow, UserRow
from app.access.tokens import IDLE_LIFE, hashed, new_code, new_session
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn
from app.events import ShopId

Role = Literal["owner", "operator", "analyst"]
ROLES: tuple[Role, ...] = get_args(Role)

SAMPLE = ShopId("sample")
LINK_LIFE = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written at most this often


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCard:
    """A shop that somebody belongs to."""

    id: ShopId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody signed in, and for which shop. `shops` are all they belong to; `opening`: the wizard is not done."""

    user: str
    shop: ShopId
    name: str
    role: Role
    session: str
    account: str = ""
    shop_name: str = ""
    shops: tuple[ShopCard, ...] = ()
    opening: bool = False


class Access:
    """Who may come in. One of these per studio; the rate limits live in its memory."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self.database = database
        self.passwords = Passwords(hasher)
        self.rates = Rates()

    async def open_shop(self, shop: ShopId, name: str, *, owner: str, account: str) -> None:
        """Make sure the shop and its owner exist; calling it again changes nothing.

        Where the studio has an owner already, the sample shop becomes theirs too instead of getting its own.
        """
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            if await store.shop_row(db, shop) is None:
                db.add(ShopRow(shop=shop, name=name, created_at=now, opened_at=now))
                await db.flush()
            if await store.owner_of(db, shop) is not None:
                return
            host = await store.studio_owner(db) if shop == SAMPLE else None
            if host is None:
                await add_person(db, shop, account, owner, "owner", None, now)
            else:
                db.add(_place(shop, host.user, host.name or owner, "owner", now))

    async def add_user(self, shop: ShopId, account: str, name: str, role: Role, password: str | None = None) -> str:
        """A new person of the shop; the id. Raises NotFound, BadInput, or Conflict for a taken account name."""
        if role not in ROLES:
            raise BadInput("role", "owner, operator or analyst", role)
        secret = None if password is None else await self.passwords.hashed(password, account=account)
        async with self.database.transaction() as db:
            if await store.shop_row(db, shop) is None:
                raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
            if await store.account_named(db, plain_account(account)) is not None:
                raise Conflict(f"account: wanted a free name, found {account!r} taken")
            return (await add_person(db, shop, account, name, role, secret, datetime.now(UTC))).user

    async def shop_name(self, shop: ShopId) -> str:
        """What the shop calls itself. Raises NotFound."""
        async with self.database.transaction() as db:
            row = await store.shop_row(db, shop)
        if row is None:
            raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
        return row.name

    async def link_for(self, member: Member) -> str:
        """A fresh one-time code (10 minutes) that signs one more browser of the same person in."""
        code, ends = new_code(), datetime.now(UTC) + LINK_LIFE
        async with self.database.transaction() as db:
            db.add(LinkRow(code_hash=hashed(code), shop=member.shop, user=member.user, ends_at=ends, used_at=None))
        return code

    async def first_link(self, shop: ShopId | None = None) -> str:
        """A fresh one-time code (10 minutes) for the studio's owner, or for the shop's. Raises NotFound without one."""
        code, now = new_code(), datetime.now(UTC)
        async with self.database.transaction() as db:
            await store.forget_ended(db, now)
            owner = await (store.studio_owner(db) if shop is None else store.owner_of(db, shop))
            if owner is not None and shop is None:
                account = await store.account_row(db, owner.user)
                owner = await store.place_of(db, account) if account else None
            if owner is None:
                raise NotFound(f"shop: wanted one with an owner, found {shop!r}")
            db.add(
                LinkRow(code_hash=hashed(code), shop=owner.shop, user=owner.user, ends_at=now + LINK_LIFE, used_at=None)
            )
        return code

    async def enter(self, code: str, *, address: str, agent: str = "", old: str | None = None) -> str:
        """Trade a one-time code for a session token; the `old` one is revoked.

        Raises Forbidden when the code is unknown, used or too old.
        """
        await self.rates.within(ADDRESS_RATE, "enter", address)
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            owner = await store.use_link(db, hashed(code), now)
            row = None if owner is None else await store.user_row(db, *owner)
            if row is None or row.disabled_at is not None:
                raise Forbidden("link: wanted an unused one of the last 10 minutes, found another")
            await self.end_session(db, old, now)
            audit.note(db, ShopId(row.shop), row.name, "signed_in", detail={"by": "link"}, address=address)
            return new_session(db, row, now, agent=agent, address=address)

    async def login(self, account: str, password: str, *, address: str, agent: str = "", old: str | None = None) -> str:
        """Check a password and give a new session token; the `old` one is revoked (no session outlives a sign-in).

        Raises NotSignedIn with the same words and after the same work whatever was wrong, TooOften above the rates.
        """
        await self.rates.within(ADDRESS_RATE, "login", address)
        await self.rates.within(ACCOUNT_RATE, "account", plain_account(account))
        async with self.database.transaction() as db:
            row = await store.account_named(db, plain_account(account))
            known = None if row is None else row.password
        fits = await self.passwords.fits(known, password)
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            place = await store.place_of(db, row) if row is not None and fits else None
            if row is not None and place is not None:
                await self.end_session(db, old, now)
                audit.note(db, ShopId(place.shop), place.name, "signed_in", detail={"by": "password"}, address=address)
                return new_session(db, place, now, agent=agent, address=address)
            # Written for unknown accounts too (in the studio's first shop): the same work, and guessing is seen.
            shop = row.shop if row is not None else await store.first_shop(db)
            if shop is not None and await store.shop_row(db, ShopId(shop)) is not None:
                whom = row.account if row is not None else ""
                audit.note(db, ShopId(shop), "", "sign_in_failed", object=whom, address=address)
        raise NotSignedIn("sign-in: wanted a known account and its password, found another")

    async def member_of(self, token: str) -> Member | None:
        """Whose cookie this is; None when unknown, ended, idle for too long, revoked, or the person is disabled."""
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            found = await store.signed_in(db, hashed(token))
            if found is None:
                return None
            session, user, shop, account = found
            ended = session.revoked_at is not None or session.ends_at <= now or session.seen_at + IDLE_LIFE <= now
            if ended or user.disabled_at is not None:
                return None
            if session.seen_at + SEEN_EVERY <= now:
                session.seen_at = now
            shops = tuple(ShopCard(id=ShopId(row.shop), name=row.name) for row in await store.shops_of(db, user.user))
            return Member(
                user=user.user,
                shop=ShopId(user.shop),
                name=user.name,
                role=role_of(user),
                session=session.session,
                account=account.account,
                shop_name=shop.name,
                shops=shops,
                opening=shop.opened_at is None,
            )

    async def logout(self, token: str, *, address: str = "") -> None:
        """End the session of this cookie, if there is one."""
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            ended = await self.end_session(db, token, now)
            if ended is not None:
                audit.note(db, ShopId(ended.shop), ended.name, "signed_out", address=address)

    async def set_password(
        self, member: Member, new: str, *, current: str | None = None, account: str | None = None, address: str = ""
    ) -> None:
        """Set the member's password (and first `account` name) and sign their other browsers out, in every shop.

        Whoever has a password must give the `current` one; raises NotSignedIn when it is wrong, BadInput for the new,
        Conflict for a taken account name.
        """
        await self.rates.within(ACCOUNT_RATE, "password", member.user)
        async with self.database.transaction() as db:
            row = await store.account_row(db, member.user)
        if row is None:
            raise NotFound("member: wanted somebody of this studio, found nobody")
        if row.password is not None and not await self.passwords.fits(row.password, current or ""):
            raise NotSignedIn("password: wanted the current one, found another")
        named = row.account if account is None else plain_account(account)
        secret = await self.passwords.hashed(new, account=named)
        now = datetime.now(UTC)
        async with self.database.transaction() as db:
            taken = await store.account_named(db, named)
            if taken is not None and taken.user != member.user:
                raise Conflict(f"account: wanted a free name, found {named!r} taken")
            await store.set_account(db, member.user, named, secret)
            await store.revoke_sessions(db, member.user, now, but=member.session)
            audit.note(db, member.shop, member.name, "password_set", address=address)

    async def end_session(self, db: AsyncSession, token: str | None, now: datetime) -> UserRow | None:
        """End the session of this cookie in the caller's transaction; whose it was."""
        found = None if token is None else await store.signed_in(db, hashed(token))
        if found is None:
            return None
        session, user, _, _ = found
        await store.revoke_sessions(db, user.user, now, only=session.session)
        return user


async def add_person(
    db: AsyncSession, shop: ShopId, account: str, name: str, role: Role, password: str | None, now: datetime
) -> UserRow:
    """A new account and its place in the shop; `password` is a hash."""
    user = secrets.token_hex(8)
    db.add(AccountRow(user=user, shop=shop, account=plain_account(account), password=password, created_at=now))
    await db.flush()
    row = _place(shop, user, name, role, now)
    db.add(row)
    await db.flush()
    return row


def role_of(user: UserRow) -> Role:
    """The row's role; anything unknown may only look."""
    for role in ROLES:
        if user.role == role:
            return role
    return "analyst"


def _place(shop: ShopId, user: str, name: str, role: Role, now: datetime) -> UserRow:
    return UserRow(shop=shop, user=user, name=name, role=role, created_at=now, disabled_at=None)
