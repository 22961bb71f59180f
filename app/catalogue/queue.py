"""Listings that wait to be read, as rows: those of products chosen for shows, and those of pasted texts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKeyConstraint, Index, Integer, String, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ProductId, ShopId


class ExtractionRow(Base):
    """A product whose listing the model should read, or has read; `listing` is the hash of what was read."""

    __tablename__ = "extractions"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
        Index(None, "state", "asked_at", "place"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))  # waiting, read, failed
    listing: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float | None] = mapped_column(Float(53))
    problem: Mapped[str] = mapped_column(String(32))


class PasteItemRow(Base):
    """One product's part of a pasted text, with what has been found in it so far."""

    __tablename__ = "paste_items"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "state", "asked_at", "place"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    paste: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    listing: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12))  # waiting, read, failed
    asked_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float | None] = mapped_column(Float(53))
    problem: Mapped[str] = mapped_column(String(32))


async def next_extraction(db: AsyncSession) -> ExtractionRow | None:
    """The product that was asked for first, of any shop: there is one model for all of them."""
    waiting = select(ExtractionRow).where(ExtractionRow.state == "waiting")
    order = waiting.order_by(ExtractionRow.tries, ExtractionRow.asked_at, ExtractionRow.place)
    return (await db.scalars(order.limit(1))).first()


async def next_paste_item(db: AsyncSession) -> PasteItemRow | None:
    """The pasted piece that was asked for first, of any shop: somebody looks at its page."""
    waiting = select(PasteItemRow).where(PasteItemRow.state == "waiting")
    order = waiting.order_by(PasteItemRow.tries, PasteItemRow.asked_at, PasteItemRow.place)
    return (await db.scalars(order.limit(1))).first()


async def extraction_of(db: AsyncSession, shop: ShopId, product: ProductId) -> ExtractionRow | None:
    """What is known about reading one product's listing."""
    return await db.get(ExtractionRow, (shop, product))


async def extractions_of(
    db: AsyncSession, shop: ShopId, products: Collection[ProductId] | None = None
) -> Sequence[ExtractionRow]:
    """The shop's listings that were asked for, or those of some products, in the order they are read."""
    found = select(ExtractionRow).where(ExtractionRow.shop == shop)
    if products is not None:
        found = found.where(ExtractionRow.product.in_(products))
    return (await db.scalars(found.order_by(ExtractionRow.asked_at, ExtractionRow.place))).all()


async def recent_seconds(db: AsyncSession, shop: ShopId, most: int) -> Sequence[float]:
    """How long the shop's newest readings took, of products and of pasted pieces."""
    of_products = select(ExtractionRow.asked_at, ExtractionRow.seconds).where(
        ExtractionRow.shop == shop, ExtractionRow.seconds.is_not(None)
    )
    of_pastes = select(PasteItemRow.asked_at, PasteItemRow.seconds).where(
        PasteItemRow.shop == shop, PasteItemRow.seconds.is_not(None)
    )
    found = [
        *(await db.execute(of_products.order_by(ExtractionRow.asked_at.desc()).limit(most))).all(),
        *(await db.execute(of_pastes.order_by(PasteItemRow.asked_at.desc()).limit(most))).all(),
    ]
    found.sort(key=lambda item: item[0], reverse=True)
    return [seconds for _, seconds in found[:most] if seconds is not None]


async def paste_items_of(db: AsyncSession, shop: ShopId, paste: str) -> Sequence[PasteItemRow]:
    """The pieces of one pasted text in order."""
    found = select(PasteItemRow).where(PasteItemRow.shop == shop, PasteItemRow.paste == paste)
    return (await db.scalars(found.order_by(PasteItemRow.place))).all()


async def forget_paste(db: AsyncSession, shop: ShopId, paste: str) -> None:
    """A pasted text that was saved or thrown away."""
    await db.execute(delete(PasteItemRow).where(PasteItemRow.shop == shop, PasteItemRow.paste == paste))


async def forget_pastes_before(db: AsyncSession, shop: ShopId, moment: datetime) -> None:
    """Pasted texts that nobody came back to."""
    await db.execute(delete(PasteItemRow).where(PasteItemRow.shop == shop, PasteItemRow.asked_at < moment))
