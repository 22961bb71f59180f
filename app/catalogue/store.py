"""Products and their price ledger as rows. Every query names its shop; stores flush, services commit."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.catalogue.money import to_major
from app.catalogue.product import Product, question_from_json
from app.database import Base, Moment
from app.errors import NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts, facts_from_json


class ProductRow(Base):
    """A product: its listing, what is known from it (with evidence), and today's price and stock."""

    __tablename__ = "products"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        UniqueConstraint("shop", "sku"),
        Index(None, "shop", "position"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    sku: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(8))
    listing: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    list_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    list_price_basis: Mapped[str | None] = mapped_column(String(32))
    stock: Mapped[int | None] = mapped_column(BigInteger)
    picture: Mapped[str | None] = mapped_column(String(200))
    faq: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    confirmed_by: Mapped[str | None] = mapped_column(String(120))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    category: Mapped[str] = mapped_column(String(60), server_default="")
    words: Mapped[str] = mapped_column(Text, server_default="")

    @validates("facts")
    def _searched(self, _: str, facts: dict[str, Any]) -> dict[str, Any]:
        """The words that the shelf is searched by follow the facts, whoever changes them."""
        searched = searched_by(facts)
        self.category, self.words = searched["category"], searched["words"]
        return facts


class PriceRow(Base):
    """A price that held from `at` on, who set it and why. Rows are only ever added."""

    __tablename__ = "prices"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
        Index(None, "shop", "product", "at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    shop: Mapped[str] = mapped_column(String(64))
    product: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    list_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    by: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(String(120), server_default="")


async def product_row(db: AsyncSession, shop: ShopId, product: ProductId) -> ProductRow | None:
    """One product of the shop."""
    return await db.get(ProductRow, (shop, product))


async def our_product(db: AsyncSession, shop: ShopId, product: ProductId, *, change: bool = False) -> ProductRow:
    """One product of the shop; with `change`, held until the transaction ends. Raises NotFound."""
    row = await db.get(ProductRow, (shop, product), with_for_update=change)
    if row is None:
        raise NotFound(f"product: wanted one of this shop, found {product!r}")
    return row


async def product_by_sku(db: AsyncSession, shop: ShopId, sku: str) -> ProductRow | None:
    """The shop's product with that article number."""
    return (await db.scalars(select(ProductRow).where(ProductRow.shop == shop, ProductRow.sku == sku))).first()


async def products_in_order(db: AsyncSession, shop: ShopId) -> Sequence[ProductRow]:
    """The shop's products as they stand on the shelf."""
    return (await db.scalars(select(ProductRow).where(ProductRow.shop == shop).order_by(ProductRow.position))).all()


async def next_position(db: AsyncSession, shop: ShopId) -> int:
    """The first free place on the shelf."""
    return (
        await db.scalar(select(func.coalesce(func.max(ProductRow.position), 0)).where(ProductRow.shop == shop)) or 0
    ) + 1


async def prices_of(db: AsyncSession, shop: ShopId, product: ProductId) -> Sequence[PriceRow]:
    """Every price the product ever had, oldest first."""
    found = select(PriceRow).where(PriceRow.shop == shop, PriceRow.product == product)
    return (await db.scalars(found.order_by(PriceRow.at, PriceRow.id))).all()


def searched_by(facts: Mapping[str, Any]) -> dict[str, str]:
    """What a product is found by on the shelf: its category, and its folded name, brand and category."""
    parts = [str(facts.get(name) or "") for name in ("title", "brand", "category")]
    return {"category": parts[2][:60], "words": folded(" ".join(parts))}


def folded(text: str) -> str:
    """Words as they are compared: one width, one case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def facts_to_row(facts: ProductFacts) -> dict[str, Any]:
    """The facts with evidence and confidence as JSON; money as decimal strings, so that no float is stored."""
    body = facts.to_json()
    for name in ("price", "list_price"):
        value: Decimal | None = getattr(facts, name)
        body[name] = None if value is None else f"{value:f}"
    body["evidence"] = {key: [list(span) for span in spans] for key, spans in facts.evidence.items()}
    body["confidence"] = dict(facts.confidence)
    return body


def to_product(row: ProductRow) -> Product:
    """The row as the value that the rest of the studio sees."""
    return Product(
        id=ProductId(row.product),
        shop=ShopId(row.shop),
        sku=row.sku,
        lang=row.lang,
        facts=facts_from_json(row.facts),
        price=None if row.price_minor is None else to_major(row.price_minor, row.currency),
        list_price=None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency),
        list_price_basis=row.list_price_basis,
        currency=row.currency,
        stock=row.stock,
        picture=row.picture,
        confirmed=row.confirmed_at is not None,
        faq=tuple(question_from_json(item) for item in row.faq),
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )
