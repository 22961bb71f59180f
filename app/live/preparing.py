"""What was confirmed before a show goes live, and starts set for later, as rows. Every query names its shop.

The two questions without a shop are asked by the studio itself, which keeps every shop's clock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKeyConstraint, Index, String, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ShopId, ShowId

StartState = Literal["waiting", "starting", "started", "refused", "missed", "cancelled"]


class PreparationRow(Base):
    """The choices and confirmations behind a real show: who answers for the label, the rules, the restricted goods."""

    __tablename__ = "preparations"
    __table_args__ = (ForeignKeyConstraint(["shop", "show"], ["shows.shop", "shows.show"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform: Mapped[str] = mapped_column(String(32), default="")
    duty: Mapped[str] = mapped_column(String(120), default="")
    label_by: Mapped[str] = mapped_column(String(120), default="")
    label_at: Mapped[datetime | None] = mapped_column(Moment)
    rules_by: Mapped[str] = mapped_column(String(120), default="")
    rules_at: Mapped[datetime | None] = mapped_column(Moment)
    restricted_by: Mapped[str] = mapped_column(String(120), default="")
    restricted_at: Mapped[datetime | None] = mapped_column(Moment)


class ScheduledRow(Base):
    """A show's start that was set for later, and what became of it. `zone` is where its wall clock hangs."""

    __tablename__ = "scheduled_starts"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "show"], ["shows.shop", "shows.show"], ondelete="CASCADE"),
        Index(None, "state", "starts_at"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    zone: Mapped[str] = mapped_column(String(64))
    set_by: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(400))


async def preparation_row(db: AsyncSession, shop: ShopId, show: ShowId) -> PreparationRow | None:
    """What was confirmed for the show."""
    return await db.get(PreparationRow, (shop, show))


async def scheduled_row(db: AsyncSession, shop: ShopId, show: ShowId) -> ScheduledRow | None:
    """The show's start, set, done or failed."""
    return await db.get(ScheduledRow, (shop, show))


async def scheduled_in(db: AsyncSession, shop: ShopId) -> Sequence[ScheduledRow]:
    """The shop's starts that are still to come, the next one first."""
    found = select(ScheduledRow).where(ScheduledRow.shop == shop, ScheduledRow.state == "waiting")
    return (await db.scalars(found.order_by(ScheduledRow.starts_at))).all()


async def due_starts(db: AsyncSession, now: datetime) -> Sequence[tuple[ShopId, ShowId]]:
    """Every shop's starts whose time has come."""
    found = select(ScheduledRow.shop, ScheduledRow.show).where(
        ScheduledRow.state == "waiting", ScheduledRow.starts_at <= now
    )
    return [(ShopId(shop), ShowId(show)) for shop, show in (await db.execute(found)).all()]


async def give_up_starts(db: AsyncSession, before: datetime) -> None:
    """Every shop's starts that were due before that time and did not happen: the studio was off, or fell over them."""
    missed = ScheduledRow.state.in_(("waiting", "starting")), ScheduledRow.starts_at < before
    await db.execute(update(ScheduledRow).where(*missed).values(state="missed", reason="off"))


async def claim_start(db: AsyncSession, shop: ShopId, show: ShowId, now: datetime) -> bool:
    """Take a due start for oneself; False when another process, or a person's cancelling, was first."""
    claimed = await db.scalars(
        update(ScheduledRow)
        .where(
            ScheduledRow.shop == shop,
            ScheduledRow.show == show,
            ScheduledRow.state == "waiting",
            ScheduledRow.starts_at <= now,
        )
        .values(state="starting")
        .returning(ScheduledRow.show)
    )
    return bool(claimed.all())


async def settle_start(db: AsyncSession, shop: ShopId, show: ShowId, state: StartState, reason: str) -> None:
    """Write down what became of a claimed start."""
    await db.execute(
        update(ScheduledRow)
        .where(ScheduledRow.shop == shop, ScheduledRow.show == show, ScheduledRow.state == "starting")
        .values(state=state, reason=reason[:400])
    )
