"""Signing in: one-time links, passwords (argon2id), sessions that end and can be revoked.

Cookies and links carry 256 random bits and are kept as SHA-256 only, so a stolen database signs nobody in.
Limits: a link lives 10 minutes; a session ends after 30 days, or 7 days unused; sign-in is tried at most 5 times
a minute for an account and 20 times a minute from an address.
"""

import asyncio
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import store
from app.access.store import LinkRow, SessionRow, ShopRow, UserRow
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooOften
from app.events import ShopId

Role = Literal["owner", "operator", "viewer"]

SAMPLE = ShopId("sample")
LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=30)
IDLE_LIFE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written at most this often
PASSWORD_LENGTH = (10, 128)  # characters
ACCOUNT_RATE = parse("5 per minute")
ADDRESS_RATE = parse("20 per minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody signed in, and for which shop."""

    user: str
    shop: ShopId
    name: str
    role: Role
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One of a member's browsers; `current` marks the one that asks."""

    id: str
    agent: str
    created_at: datetime
    seen_at: datetime
    current: bool


class Access:
    """Who may come in. One of these per studio; the rate limits live in its memory."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._decoy: str | None = None

    async def open_shop(self, shop: ShopId, name: str, *, owner: str, account: str) -> None:
        """Make sure the shop and its owner exist; calling it again changes nothing."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            if await store.shop_row(db, shop) is None:
                db.add(ShopRow(shop=shop, name=name, created_at=now))
                await db.flush()
            if await store.owner_of(db, shop) is None:
                db.add(_new_user(shop, account, owner, "owner", None, now))

    async def add_user(self, shop: ShopId, account: str, name: str, role: Role, password: str | None = None) -> str:
        """A new person of the shop; the id. Raises NotFound, BadInput, or Conflict for a taken account name."""
        if role not in get_args(Role):
            raise BadInput("role", "owner, operator or viewer", role)
        hashed = None if password is None else await asyncio.to_thread(self._hasher.hash, _password(password))
        async with self._database.transaction() as db:
            if await store.shop_row(db, shop) is None:
                raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
            if await store.user_named(db, _account(account)) is not None:
                raise Conflict(f"account: wanted a free name, found {account!r} taken")
            row = _new_user(shop, account, name, role, hashed, datetime.now(UTC))
            db.add(row)
            return row.user

    async def shop_name(self, shop: ShopId) -> str:
        """What the shop calls itself. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.shop_row(db, shop)
        if row is None:
            raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
        return row.name

    async def first_link(self, shop: ShopId = SAMPLE) -> str:
        """A fresh one-time code (10 minutes) for the shop's owner. Raises NotFound without an owner."""
        code, now = secrets.token_urlsafe(32), datetime.now(UTC)
        async with self._database.transaction() as db:
            await store.forget_ended(db, now)
            owner = await store.owner_of(db, shop)
            if owner is None:
                raise NotFound(f"shop: wanted one with an owner, found {shop!r}")
            db.add(LinkRow(code_hash=_hashed(code), shop=shop, user=owner.user, ends_at=now + LINK_LIFE, used_at=None))
        return code

    async def enter(self, code: str, *, address: str, agent: str = "") -> str:
        """Trade a one-time code for a session token. Raises Forbidden when it is unknown, used or too old."""
        await self._within(ADDRESS_RATE, "enter", address)
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            owner = await store.use_link(db, _hashed(code), now)
            row = None if owner is None else await store.user_row(db, *owner)
            if row is None or row.disabled_at is not None:
                raise Forbidden("link: wanted an unused one of the last 10 minutes, found another")
            return _new_session(db, row, now, agent)

    async def login(self, account: str, password: str, *, address: str, agent: str = "", old: str | None = None) -> str:
        """Check a password and give a new session token; the `old` one is revoked (no session outlives a sign-in).

        Raises NotSignedIn with the same words and after the same work whatever was wrong, TooOften above the rates.
        """
        await self._within(ADDRESS_RATE, "login", address)
        await self._within(ACCOUNT_RATE, "account", _account(account))
        # Checked when the account is unknown, so that both answers take the same time.
        if self._decoy is None:
            self._decoy = await asyncio.to_thread(self._hasher.hash, secrets.token_urlsafe(16))
        async with self._database.transaction() as db:
            row = await store.user_named(db, _account(account))
        known = self._decoy if row is None or row.password is None else row.password
        fits = await asyncio.to_thread(self._fits, known, password)
        if row is None or row.password is None or row.disabled_at is not None or not fits:
            raise NotSignedIn("sign-in: wanted a known account and its password, found another")
        if old is not None:
            await self.logout(old)
        async with self._database.transaction() as db:
            return _new_session(db, row, datetime.now(UTC), agent)

    async def member_of(self, token: str) -> Member | None:
        """Whose cookie this is; None when unknown, ended, idle for too long, revoked, or the person is disabled."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            found = await store.signed_in(db, _hashed(token))
            if found is None:
                return None
            session, user = found
            ended = session.revoked_at is not None or session.ends_at <= now or session.seen_at + IDLE_LIFE <= now
            if ended or user.disabled_at is not None:
                return None
            if session.seen_at + SEEN_EVERY <= now:
                session.seen_at = now
            return _member(session, user)

    async def logout(self, token: str) -> None:
        """End the session of this cookie, if there is one."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            found = await store.signed_in(db, _hashed(token))
            if found is not None:
                session, user = found
                await store.revoke_sessions(db, ShopId(user.shop), user.user, now, only=session.session)

    async def sessions(self, member: Member) -> list[OpenSession]:
        """The member's browsers that are signed in, the last used first."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            rows = await store.open_sessions(db, member.shop, member.user, now)
        return [
            OpenSession(
                id=row.session,
                agent=row.agent,
                created_at=row.created_at,
                seen_at=row.seen_at,
                current=row.session == member.session,
            )
            for row in rows
            if row.seen_at + IDLE_LIFE > now
        ]

    async def revoke(self, member: Member, session: str) -> None:
        """Sign one of the member's own browsers out. Raises NotFound for anybody else's."""
        async with self._database.transaction() as db:
            closed = await store.revoke_sessions(db, member.shop, member.user, datetime.now(UTC), only=session)
        if not closed:
            raise NotFound("session: wanted one of yours that is open, found none")

    async def set_password(self, member: Member, new: str, *, current: str | None = None) -> None:
        """Set the member's password and sign their other browsers out.

        Whoever has a password must give the `current` one; raises NotSignedIn when it is wrong, BadInput for the new.
        """
        await self._within(ACCOUNT_RATE, "password", f"{member.shop}/{member.user}")
        async with self._database.transaction() as db:
            row = await store.user_row(db, member.shop, member.user)
        if row is None:
            raise NotFound("member: wanted somebody of this shop, found nobody")
        if row.password is not None and not await asyncio.to_thread(self._fits, row.password, current or ""):
            raise NotSignedIn("password: wanted the current one, found another")
        hashed = await asyncio.to_thread(self._hasher.hash, _password(new))
        async with self._database.transaction() as db:
            row = await store.user_row(db, member.shop, member.user)
            if row is not None:
                row.password = hashed
                await store.revoke_sessions(db, member.shop, member.user, datetime.now(UTC), but=member.session)

    async def disable(self, shop: ShopId, user: str) -> None:
        """Shut a person of the shop out, everywhere and at once. Raises NotFound for another shop's."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            row = await store.user_row(db, shop, user)
            if row is None:
                raise NotFound("user: wanted somebody of this shop, found nobody")
            row.disabled_at = now
            await store.revoke_sessions(db, shop, user, now)

    def _fits(self, known: str, password: str) -> bool:
        if len(password) > PASSWORD_LENGTH[1]:
            return False
        try:
            return self._hasher.verify(known, unicodedata.normalize("NFKC", password))
        except (VerificationError, InvalidHashError):
            return False

    async def _within(self, rate: object, kind: str, who: str) -> None:
        if not await self._limiter.hit(rate, kind, hashlib.sha256(who.encode()).hexdigest()):  # type: ignore[arg-type]
            raise TooOften(f"sign-in: wanted at most {rate}, found more; wait a minute")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _account(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()[:120]


def _password(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    least, most = PASSWORD_LENGTH
    if not least <= len(text) <= most:
        raise BadInput("password", f"{least} to {most} characters", f"{len(text)} characters")
    return text


def _new_user(shop: ShopId, account: str, name: str, role: Role, password: str | None, now: datetime) -> UserRow:
    return UserRow(
        shop=shop,
        user=secrets.token_hex(8),
        account=_account(account),
        name=name,
        role=role,
        password=password,
        created_at=now,
        disabled_at=None,
    )


def _new_session(db: AsyncSession, user: UserRow, now: datetime, agent: str) -> str:
    token = secrets.token_urlsafe(32)
    db.add(
        SessionRow(
            token_hash=_hashed(token),
            session=secrets.token_hex(8),
            shop=user.shop,
            user=user.user,
            agent="".join(letter for letter in agent if letter.isprintable())[:200],
            created_at=now,
            seen_at=now,
            ends_at=now + SESSION_LIFE,
            revoked_at=None,
        )
    )
    return token


def _member(session: SessionRow, user: UserRow) -> Member:
    role: Role = "owner" if user.role == "owner" else "operator" if user.role == "operator" else "viewer"
    return Member(user=user.user, shop=ShopId(user.shop), name=user.name, role=role, session=session.session)
