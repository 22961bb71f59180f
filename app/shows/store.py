"""Shows, approved scripts and shop-wide policies as rows. Every query names its shop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Integer, String, Text, UniqueConstraint, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.store import ProductRow
from app.database import Base, Moment
from app.events import ProductId, ShopId, ShowId


class ShowRow(Base):
    """A show: its title, language, digital human and person in charge. `before` is what it was until changed."""

    __tablename__ = "shows"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    lang: Mapped[str] = mapped_column(String(8))
    host: Mapped[str] = mapped_column(String(64))
    voice: Mapped[str] = mapped_column(String(64))
    persona: Mapped[str] = mapped_column(String(400))
    duty: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)
    minutes: Mapped[int] = mapped_column(Integer, server_default="30")
    theme: Mapped[str] = mapped_column(String(16), server_default="jade")
    background: Mapped[str] = mapped_column(String(16), server_default="studio")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ShowProductRow(Base):
    """A product's place in a show."""

    __tablename__ = "show_products"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "show"], ["shows.shop", "shows.show"], ondelete="CASCADE"),
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
        UniqueConstraint("shop", "show", "product"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product: Mapped[str] = mapped_column(String(64))
    goal: Mapped[str] = mapped_column(String(16), server_default="")


class ScriptRow(Base):
    """A version of the words about a product, and who approved it. Versions are only ever added."""

    __tablename__ = "scripts"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    persona: Mapped[str] = mapped_column(String(400))
    segments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    approved_by: Mapped[str] = mapped_column(String(120))
    approved_at: Mapped[datetime] = mapped_column(Moment)


class PolicyRow(Base):
    """A shop-wide fact (shipping time, returns …) as the host may say it."""

    __tablename__ = "policies"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)


async def show_row(db: AsyncSession, shop: ShopId, show: ShowId) -> ShowRow | None:
    """One show of the shop."""
    return await db.get(ShowRow, (shop, show))


async def shows_with_counts(db: AsyncSession, shop: ShopId) -> Sequence[tuple[ShowRow, int, int, int]]:
    """The shop's shows in order, each with its number of products, of sold-out and of unconfirmed ones."""
    of = (ShowProductRow.shop == ProductRow.shop) & (ShowProductRow.product == ProductRow.product)
    counted = (
        select(
            ShowProductRow.show,
            func.count().label("n"),
            func.count().filter(ProductRow.stock <= 0).label("gone"),
            func.count().filter(ProductRow.confirmed_at.is_(None)).label("open"),
        )
        .join(ProductRow, of)
        .where(ShowProductRow.shop == shop)
        .group_by(ShowProductRow.show)
        .subquery()
    )
    found = (
        select(
            ShowRow, func.coalesce(counted.c.n, 0), func.coalesce(counted.c.gone, 0), func.coalesce(counted.c.open, 0)
        )
        .outerjoin(counted, counted.c.show == ShowRow.show)
        .where(ShowRow.shop == shop)
        .order_by(ShowRow.position)
    )
    return [(row, count, gone, unsure) for row, count, gone, unsure in (await db.execute(found)).all()]


async def next_show_position(db: AsyncSession, shop: ShopId) -> int:
    """The first free place in the list of shows."""
    return (await db.scalar(select(func.coalesce(func.max(ShowRow.position), 0)).where(ShowRow.shop == shop)) or 0) + 1


async def places_of_show(db: AsyncSession, shop: ShopId, show: ShowId) -> Sequence[ShowProductRow]:
    """Which product has which place and goal in the show."""
    found = select(ShowProductRow).where(ShowProductRow.shop == shop, ShowProductRow.show == show)
    return (await db.scalars(found.order_by(ShowProductRow.position))).all()


async def forget_places(db: AsyncSession, shop: ShopId, show: ShowId) -> None:
    """Clear the show's products before they are set anew."""
    await db.execute(delete(ShowProductRow).where(ShowProductRow.shop == shop, ShowProductRow.show == show))


async def products_of_show(db: AsyncSession, shop: ShopId, show: ShowId) -> Sequence[ProductRow]:
    """The show's products in the order they are sold."""
    joined = (
        select(ProductRow)
        .join(ShowProductRow, (ShowProductRow.shop == ProductRow.shop) & (ShowProductRow.product == ProductRow.product))
        .where(ProductRow.shop == shop, ShowProductRow.show == show)
        .order_by(ShowProductRow.position)
    )
    return (await db.scalars(joined)).all()


async def newest_scripts(db: AsyncSession, shop: ShopId, lang: str) -> Sequence[ScriptRow]:
    """The newest approved script of every product of the shop in that language."""
    newest = (
        select(ScriptRow.product, func.max(ScriptRow.version).label("version"))
        .where(ScriptRow.shop == shop, ScriptRow.lang == lang)
        .group_by(ScriptRow.product)
        .subquery()
    )
    found = (
        select(ScriptRow)
        .join(newest, (newest.c.product == ScriptRow.product) & (newest.c.version == ScriptRow.version))
        .where(ScriptRow.shop == shop, ScriptRow.lang == lang)
    )
    return (await db.scalars(found)).all()


async def newest_script(db: AsyncSession, shop: ShopId, product: ProductId, lang: str) -> ScriptRow | None:
    """The newest approved script of one product."""
    found = select(ScriptRow).where(ScriptRow.shop == shop, ScriptRow.product == product, ScriptRow.lang == lang)
    return (await db.scalars(found.order_by(ScriptRow.version.desc()).limit(1))).first()


async def policies_in(db: AsyncSession, shop: ShopId, lang: str) -> Sequence[PolicyRow]:
    """The shop's policies in that language, in order."""
    found = select(PolicyRow).where(PolicyRow.shop == shop, PolicyRow.lang == lang)
    return (await db.scalars(found.order_by(PolicyRow.position))).all()


async def forget_policies(db: AsyncSession, shop: ShopId) -> None:
    """Clear the shop's policies before new ones are written."""
    await db.execute(delete(PolicyRow).where(PolicyRow.shop == shop))
