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
    created_at: Mapped[datetime] = mapped_column(Moment)


class UserRow(Base):
    """Somebody of a shop. Without a password only one-time links let them in."""

    __tablename__ = "users"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        UniqueConstraint("account"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str | None] = mapped_column(String(256))
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


async def user_named(db: AsyncSession, account: str) -> UserRow | None:
    """Whoever signs in under this account name; the one question asked before a shop is known."""
    return (await db.scalars(select(UserRow).where(UserRow.account == account))).first()


async def signed_in(db: AsyncSession, token_hash: str) -> tuple[SessionRow, UserRow] | None:
    """The session of a cookie and its user, whatever their state."""
    joined = select(SessionRow, UserRow).join(
        UserRow, (UserRow.shop == SessionRow.shop) & (UserRow.user == SessionRow.user)
    )
    row = (await db.execute(joined.where(SessionRow.token_hash == token_hash))).first()
    return None if row is None else (row[0], row[1])


async def open_sessions(db: AsyncSession, shop: ShopId, user: str, now: datetime) -> Sequence[SessionRow]:
    """Sessions of a user that still let somebody in, the last used first."""
    found = select(SessionRow).where(
        SessionRow.shop == shop, SessionRow.user == user, SessionRow.revoked_at.is_(None), SessionRow.ends_at > now
    )
    return (await db.scalars(found.order_by(SessionRow.seen_at.desc()))).all()


async def revoke_sessions(
    db: AsyncSession, shop: ShopId, user: str, now: datetime, *, only: str | None = None, but: str | None = None
) -> int:
    """Close the user's sessions (or `only` that one, or all `but` one) and say how many were open."""
    closing = update(SessionRow).where(
        SessionRow.shop == shop, SessionRow.user == user, SessionRow.revoked_at.is_(None)
    )
    if only is not None:
        closing = closing.where(SessionRow.session == only)
    if but is not None:
        closing = closing.where(SessionRow.session != but)
    closed = await db.execute(closing.values(revoked_at=now).returning(SessionRow.session))
    return len(closed.all())


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
