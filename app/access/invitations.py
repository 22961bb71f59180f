"""Invitations as rows, and the questions asked of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ShopId


class InvitationRow(Base):
    """A way into a shop for one person, kept as the SHA-256 of its code."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        UniqueConstraint("code_hash"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    invitation: Mapped[str] = mapped_column(String(32), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(120))
    made_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


async def invitation_of(db: AsyncSession, code_hash: str, now: datetime) -> InvitationRow | None:
    """The invitation of a code while it may be used."""
    found = select(InvitationRow).where(
        InvitationRow.code_hash == code_hash,
        InvitationRow.used_at.is_(None),
        InvitationRow.revoked_at.is_(None),
        InvitationRow.ends_at > now,
    )
    return (await db.scalars(found)).first()


async def open_invitations(db: AsyncSession, shop: ShopId, now: datetime) -> Sequence[InvitationRow]:
    """The shop's invitations that wait for somebody, the newest first."""
    found = select(InvitationRow).where(
        InvitationRow.shop == shop,
        InvitationRow.used_at.is_(None),
        InvitationRow.revoked_at.is_(None),
        InvitationRow.ends_at > now,
    )
    return (await db.scalars(found.order_by(InvitationRow.created_at.desc()))).all()


async def use_invitation(db: AsyncSession, invitation: InvitationRow, now: datetime) -> bool:
    """Mark it used; False when somebody was faster. One winner among many."""
    used = (
        update(InvitationRow)
        .where(
            InvitationRow.shop == invitation.shop,
            InvitationRow.invitation == invitation.invitation,
            InvitationRow.used_at.is_(None),
            InvitationRow.revoked_at.is_(None),
        )
        .values(used_at=now)
        .returning(InvitationRow.invitation)
    )
    return (await db.execute(used)).first() is not None


async def revoke_invitation(db: AsyncSession, shop: ShopId, invitation: str, now: datetime) -> InvitationRow | None:
    """Take a waiting invitation back; None when there is none."""
    revoked = (
        update(InvitationRow)
        .where(
            InvitationRow.shop == shop,
            InvitationRow.invitation == invitation,
            InvitationRow.used_at.is_(None),
            InvitationRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(InvitationRow)
    )
    return (await db.scalars(revoked)).first()
