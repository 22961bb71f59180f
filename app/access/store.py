"""Shops, their people, sessions and one-time links, as rows; every query names its shop or an unguessable hash."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ShopId


class ShopRow(Base):
    """A shop: the tenant that every other row belongs to."""

    __tablename__ = "shops"

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    lang: Mapped[str] = mapped_column(String(8), default="zh")
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    market: Mapped[str] = mapped_column(String(8), default="CN")
    created_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)


class AccountRow(Base):
    """How a person signs in, whatever shops they belong to. Without a password only one-time links let them in.

    `shop` is the one their next sign-in opens; it is checked against their memberships then.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("account"),)

    user: Mapped[str] = mapped_column(String(32), primary_key=True)
    shop: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(256))
    created_at: Mapped[datetime] = mapped_column(Moment)


class UserRow(Base):
    """A person's place in a shop: the same `user` may stand in several."""

    __tablename__ = "users"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        ForeignKeyConstraint(["user"], ["accounts.user"]),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class SessionRow(Base):
    """A signed-in browser; the cookie's token is kept as its SHA-256 only."""

    __tablename__ = "sessions"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "user"], ["users.shop", "users.user"], ondelete="CASCADE"),
        Index(None, "shop", "user"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session: Mapped[str] = mapped_column(String(32), unique=True)
    shop: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(32))
    agent: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class LinkRow(Base):
    """A one-time way in, kept as the SHA-256 of its code."""

    __tablename__ = "links"
    __table_args__ = (ForeignKeyConstraint(["shop", "user"], ["users.shop", "users.user"], ondelete="CASCADE"),)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    shop: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(32))
    ends_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


async def shop_row(db: AsyncSession, shop: ShopId) -> ShopRow | None:
    """The shop, if there is one."""
    return await db.get(ShopRow, shop)


async def user_row(db: AsyncSession, shop: ShopId, user: str) -> UserRow | None:
    """Somebody of this shop."""
    return await db.get(UserRow, (shop, user))


async def owner_of(db: AsyncSession, shop: ShopId) -> UserRow | None:
    """The shop's oldest enabled owner."""
    found = select(UserRow).where(UserRow.shop == shop, UserRow.role == "owner", UserRow.disabled_at.is_(None))
    return (await db.scalars(found.order_by(UserRow.created_at).limit(1))).first()


async def account_named(db: AsyncSession, account: str) -> AccountRow | None:
    """Whoever signs in under this account name; asked before a shop is known."""
    return (await db.scalars(select(AccountRow).where(AccountRow.account == account))).first()


async def account_row(db: AsyncSession, user: str) -> AccountRow | None:
    """How this person signs in."""
    return await db.get(AccountRow, user)


async def set_account(db: AsyncSession, user: str, account: str, password: str) -> None:
    """Give the person's account its name and the hash of its password."""
    changed = update(AccountRow).where(AccountRow.user == user).values(account=account, password=password)
    await db.execute(changed)


async def open_next(db: AsyncSession, user: str, shop: ShopId) -> None:
    """Let the person's next sign-in open this shop."""
    await db.execute(update(AccountRow).where(AccountRow.user == user).values(shop=shop))


async def first_shop(db: AsyncSession) -> ShopId | None:
    """The studio's oldest shop; its owner is the studio's."""
    found = (await db.scalars(select(ShopRow.shop).order_by(ShopRow.created_at, ShopRow.shop).limit(1))).first()
    return None if found is None else ShopId(found)


async def studio_owner(db: AsyncSession) -> UserRow | None:
    """The owner of the oldest shop, in that shop."""
    shop = await first_shop(db)
    return None if shop is None else await owner_of(db, shop)


async def place_of(db: AsyncSession, account: AccountRow) -> UserRow | None:
    """Where the person's next sign-in leads: the shop they were in last, else the one they joined last."""
    found = select(UserRow).where(UserRow.user == account.user, UserRow.disabled_at.is_(None))
    rows = (await db.scalars(found.order_by(UserRow.created_at.desc()))).all()
    return next((row for row in rows if row.shop == account.shop), rows[0] if rows else None)


async def shops_of(db: AsyncSession, user: str) -> Sequence[ShopRow]:
    """Every shop the person may open, the oldest first."""
    joined = select(ShopRow).join(UserRow, UserRow.shop == ShopRow.shop)
    found = joined.where(UserRow.user == user, UserRow.disabled_at.is_(None))
    return (await db.scalars(found.order_by(ShopRow.created_at, ShopRow.shop))).all()


async def people_of(db: AsyncSession, shop: ShopId) -> list[tuple[UserRow, AccountRow]]:
    """Everybody of the shop who may come in, and how they sign in."""
    joined = select(UserRow, AccountRow).join(AccountRow, AccountRow.user == UserRow.user)
    found = joined.where(UserRow.shop == shop, UserRow.disabled_at.is_(None)).order_by(UserRow.created_at)
    return [(row[0], row[1]) for row in (await db.execute(found)).all()]


async def hold(db: AsyncSession, shop: ShopId) -> None:
    """Let nobody else change who belongs to the shop until this transaction ends (a write locks on both databases)."""
    await db.execute(update(ShopRow).where(ShopRow.shop == shop).values(name=ShopRow.name))


async def signed_in(db: AsyncSession, token_hash: str) -> tuple[SessionRow, UserRow, ShopRow, AccountRow] | None:
    """The session of a cookie with its user, shop and account, whatever their state."""
    joined = (
        select(SessionRow, UserRow, ShopRow, AccountRow)
        .join(UserRow, (UserRow.shop == SessionRow.shop) & (UserRow.user == SessionRow.user))
        .join(ShopRow, ShopRow.shop == SessionRow.shop)
        .join(AccountRow, AccountRow.user == SessionRow.user)
    )
    row = (await db.execute(joined.where(SessionRow.token_hash == token_hash))).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


async def open_sessions(db: AsyncSession, user: str, now: datetime, idle_since: datetime) -> Sequence[SessionRow]:
    """Sessions of a person, in any of their shops, that still let them in; the last used first."""
    found = select(SessionRow).where(
        SessionRow.user == user,
        SessionRow.revoked_at.is_(None),
        SessionRow.ends_at > now,
        SessionRow.seen_at > idle_since,
    )
    return (await db.scalars(found.order_by(SessionRow.seen_at.desc()))).all()


async def sessions_in(db: AsyncSession, shop: ShopId, now: datetime, idle_since: datetime) -> Sequence[SessionRow]:
    """Everybody's sessions in this shop that still let somebody in; the last used first."""
    found = select(SessionRow).where(
        SessionRow.shop == shop,
        SessionRow.revoked_at.is_(None),
        SessionRow.ends_at > now,
        SessionRow.seen_at > idle_since,
    )
    return (await db.scalars(found.order_by(SessionRow.seen_at.desc()))).all()


async def revoke_sessions(
    db: AsyncSession,
    user: str,
    now: datetime,
    *,
    shop: ShopId | None = None,
    only: str | None = None,
    but: str | None = None,
) -> int:
    """Close the person's sessions (in one `shop`, or `only` that one, or all `but` one); how many were open."""
    closing = update(SessionRow).where(SessionRow.user == user, SessionRow.revoked_at.is_(None))
    if shop is not None:
        closing = closing.where(SessionRow.shop == shop)
    if only is not None:
        closing = closing.where(SessionRow.session == only)
    if but is not None:
        closing = closing.where(SessionRow.session != but)
    closed = await db.execute(closing.values(revoked_at=now).returning(SessionRow.session))
    return len(closed.all())


async def session_in(db: AsyncSession, shop: ShopId, session: str) -> SessionRow | None:
    """An open session of this shop by its public id."""
    found = select(SessionRow).where(
        SessionRow.shop == shop, SessionRow.session == session, SessionRow.revoked_at.is_(None)
    )
    return (await db.scalars(found)).first()


async def use_link(db: AsyncSession, code_hash: str, now: datetime) -> tuple[ShopId, str] | None:
    """Mark the link used and name its owner; None when unknown, used or too old. One winner among many."""
    used = (
        update(LinkRow)
        .where(LinkRow.code_hash == code_hash, LinkRow.used_at.is_(None), LinkRow.ends_at > now)
        .values(used_at=now)
        .returning(LinkRow.shop, LinkRow.user)
    )
    row = (await db.execute(used)).first()
    return None if row is None else (ShopId(row[0]), row[1])


async def forget_ended(db: AsyncSession, now: datetime) -> None:
    """Drop sessions and links that can never let anybody in again."""
    await db.execute(delete(SessionRow).where(SessionRow.ends_at < now))
    await db.execute(delete(LinkRow).where(LinkRow.ends_at < now))
