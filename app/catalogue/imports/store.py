"""Uploaded files, remembered mappings, what became of each row, and what a file last said of a product, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.store import ProductRow
from app.database import Base, Moment
from app.events import ProductId, ShopId


class ImportRow(Base):
    """One uploaded file and how far it has got."""

    __tablename__ = "imports"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "shop", "file_hash"),
        Index(None, "state"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column("import", String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(120))
    file_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    profile: Mapped[str | None] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(64))
    fields: Mapped[list[str]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    pictures: Mapped[dict[str, str]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    goods: Mapped[int] = mapped_column(Integer)
    goods_done: Mapped[int] = mapped_column(Integer)
    fetches: Mapped[int] = mapped_column(Integer)
    fetches_done: Mapped[int] = mapped_column(Integer)
    failure: Mapped[str] = mapped_column(String(400))
    by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds: Mapped[float] = mapped_column(Float(53))


class TableRow(Base):
    """The table that was in the file, packed; the file itself is not kept."""

    __tablename__ = "import_tables"
    __table_args__ = (ForeignKeyConstraint(["shop", "import"], ["imports.shop", "imports.import"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column("import", String(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class OutcomeRow(Base):
    """What became of one product of the file: added, changed, same or refused, and why."""

    __tablename__ = "import_rows"
    __table_args__ = (ForeignKeyConstraint(["shop", "import"], ["imports.shop", "imports.import"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column("import", String(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    row: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(8))
    sku: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    product: Mapped[str | None] = mapped_column(String(64))
    troubles: Mapped[int] = mapped_column(Integer)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(Text)


class MappingRow(Base):
    """How the shop mapped a header the last time."""

    __tablename__ = "import_mappings"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    fields: Mapped[list[str]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)


class SaidRow(Base):
    """What the last file said of a product: the base that tells a new word of a file from a change in the studio."""

    __tablename__ = "import_goods"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)


async def import_row(db: AsyncSession, shop: ShopId, id: str) -> ImportRow | None:
    """One import of the shop."""
    return await db.get(ImportRow, (shop, id))


async def imports_newest_first(db: AsyncSession, shop: ShopId, most: int) -> Sequence[ImportRow]:
    """The shop's last imports."""
    found = select(ImportRow).where(ImportRow.shop == shop).order_by(ImportRow.created_at.desc(), ImportRow.id)
    return (await db.scalars(found.limit(most))).all()


async def done_before(db: AsyncSession, shop: ShopId, file_hash: str) -> ImportRow | None:
    """The last finished import of the very same file."""
    found = select(ImportRow).where(ImportRow.shop == shop, ImportRow.file_hash == file_hash, ImportRow.state == "done")
    return (await db.scalars(found.order_by(ImportRow.created_at.desc()).limit(1))).first()


async def running_imports(db: AsyncSession) -> Sequence[tuple[ShopId, str]]:
    """Every import that is to be worked on, of all shops, the oldest first."""
    found = select(ImportRow.shop, ImportRow.id).where(ImportRow.state == "running").order_by(ImportRow.started_at)
    return [(ShopId(shop), id) for shop, id in await db.execute(found)]


async def packed_table(db: AsyncSession, shop: ShopId, id: str) -> bytes | None:
    """The table of an import."""
    return await db.scalar(select(TableRow.body).where(TableRow.shop == shop, TableRow.id == id))


async def advance(db: AsyncSession, shop: ShopId, id: str, *, done: int, to: int) -> bool:
    """Claim the products from `done` up to `to`; false when somebody else did, or the import was ended."""
    moved = await db.execute(
        update(ImportRow)
        .where(ImportRow.shop == shop, ImportRow.id == id, ImportRow.state == "running", ImportRow.goods_done == done)
        .values(goods_done=to)
        .returning(ImportRow.id)
    )
    return moved.first() is not None


async def remembered(db: AsyncSession, shop: ShopId, signature: str) -> MappingRow | None:
    """How the shop mapped this header the last time."""
    return await db.get(MappingRow, (shop, signature))


async def products_by_sku(db: AsyncSession, shop: ShopId, skus: Collection[str]) -> dict[str, ProductRow]:
    """Those of the shop's products that have one of these article numbers."""
    found = select(ProductRow).where(ProductRow.shop == shop, ProductRow.sku.in_(skus))
    return {row.sku: row for row in await db.scalars(found)}


async def said_of(db: AsyncSession, shop: ShopId, products: Collection[str]) -> dict[str, SaidRow]:
    """What files last said of these products."""
    found = select(SaidRow).where(SaidRow.shop == shop, SaidRow.product.in_(products))
    return {row.product: row for row in await db.scalars(found)}


async def taken_ids(db: AsyncSession, shop: ShopId, products: Collection[str]) -> set[str]:
    """Those of these ids that a product of the shop already has."""
    found = select(ProductRow.product).where(ProductRow.shop == shop, ProductRow.product.in_(products))
    return set(await db.scalars(found))


async def outcomes(
    db: AsyncSession, shop: ShopId, id: str, *, troubled: bool = False, most: int | None = None
) -> Sequence[OutcomeRow]:
    """What became of the rows, in file order; only those with something to say when `troubled`."""
    found = select(OutcomeRow).where(OutcomeRow.shop == shop, OutcomeRow.id == id)
    if troubled:
        found = found.where(OutcomeRow.troubles > 0)
    found = found.order_by(OutcomeRow.place)
    return (await db.scalars(found if most is None else found.limit(most))).all()


async def products_of_import(db: AsyncSession, shop: ShopId, id: str, most: int) -> list[str]:
    """The products an import added or changed, in file order."""
    found = select(OutcomeRow.product).where(
        OutcomeRow.shop == shop, OutcomeRow.id == id, OutcomeRow.product.is_not(None), OutcomeRow.outcome != "refused"
    )
    return [product for product in await db.scalars(found.order_by(OutcomeRow.place).limit(most)) if product]


async def unconfirmed_of_import(db: AsyncSession, shop: ShopId, id: str, most: int) -> tuple[list[ProductId], int]:
    """The first products of an import that nobody has confirmed, in file order, and the number of all such."""
    ours = (OutcomeRow.shop == shop) & (OutcomeRow.id == id) & (OutcomeRow.outcome != "refused")
    of = (ProductRow.shop == OutcomeRow.shop) & (ProductRow.product == OutcomeRow.product)
    found = select(ProductRow.product).join(OutcomeRow, of).where(ours, ProductRow.confirmed_at.is_(None))
    first = await db.scalars(found.order_by(OutcomeRow.place).limit(most))
    count = await db.scalar(select(func.count()).select_from(found.distinct().subquery())) or 0
    return [ProductId(product) for product in dict.fromkeys(first)], count


async def wanted_pictures(db: AsyncSession, shop: ShopId, id: str, after: int, most: int) -> Sequence[OutcomeRow]:
    """The next products of an import whose picture is to be fetched."""
    found = select(OutcomeRow).where(
        OutcomeRow.shop == shop, OutcomeRow.id == id, OutcomeRow.address != "", OutcomeRow.place > after
    )
    return (await db.scalars(found.order_by(OutcomeRow.place).limit(most))).all()


async def count_wanted_pictures(db: AsyncSession, shop: ShopId, id: str) -> int:
    """How many pictures of an import are to be fetched."""
    found = select(func.count()).where(OutcomeRow.shop == shop, OutcomeRow.id == id, OutcomeRow.address != "")
    return await db.scalar(found) or 0
