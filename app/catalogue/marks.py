"""What people have said about single facts, and what was found against it, as rows. Every query names its shop."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Float, ForeignKeyConstraint, String, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.facts import Fact
from app.database import Base, Moment
from app.events import ProductId, ShopId

Verdict = Literal["confirmed", "refused"]
Source = Literal["extraction", "import"]


class FactMarkRow(Base):
    """A person's word on one fact: it is right, or it must not come back. The row outlives the fact."""

    __tablename__ = "fact_marks"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    fact: Mapped[str] = mapped_column(String(32), primary_key=True)
    field: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)


class FactProposalRow(Base):
    """A fact that was found and contradicts a confirmed one; a person picks."""

    __tablename__ = "fact_proposals"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    fact: Mapped[str] = mapped_column(String(32), primary_key=True)
    field: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[Any]] = mapped_column(JSON)
    confidence: Mapped[float | None] = mapped_column(Float(53))
    source: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)


async def marks_of(db: AsyncSession, shop: ShopId, product: ProductId) -> dict[str, FactMarkRow]:
    """Every mark on the product's facts, by fact."""
    found = select(FactMarkRow).where(FactMarkRow.shop == shop, FactMarkRow.product == product)
    return {row.fact: row for row in await db.scalars(found)}


async def mark(
    db: AsyncSession, shop: ShopId, product: ProductId, facts: Sequence[Fact], verdict: Verdict, by: str, at: datetime
) -> None:
    """Keep a person's word on these facts; a newer word replaces an older one."""
    for fact in facts:
        await db.merge(
            FactMarkRow(
                shop=shop,
                product=product,
                fact=fact.id,
                field=fact.field,
                name=fact.name,
                value=fact.value,
                verdict=verdict,
                by=by[:120],
                at=at,
            )
        )


async def settled_prices(db: AsyncSession, shop: ShopId, products: Collection[str]) -> frozenset[str]:
    """Those of these products whose price somebody stands for by itself."""
    found = select(FactMarkRow.product).where(
        FactMarkRow.shop == shop,
        FactMarkRow.product.in_(products),
        FactMarkRow.field == "price",
        FactMarkRow.verdict == "confirmed",
    )
    return frozenset(await db.scalars(found))


async def proposals_of(db: AsyncSession, shop: ShopId, product: ProductId) -> Sequence[FactProposalRow]:
    """What waits for a person's choice, oldest first."""
    found = select(FactProposalRow).where(FactProposalRow.shop == shop, FactProposalRow.product == product)
    return (await db.scalars(found.order_by(FactProposalRow.at, FactProposalRow.fact))).all()


async def propose(
    db: AsyncSession, shop: ShopId, product: ProductId, facts: Sequence[Fact], source: Source, at: datetime
) -> None:
    """Keep what was found against confirmed facts; the same thing found again is one proposal."""
    for fact in facts:
        await db.merge(
            FactProposalRow(
                shop=shop,
                product=product,
                fact=fact.id,
                field=fact.field,
                name=fact.name,
                value=fact.value,
                spans=[list(span) for span in fact.spans],
                confidence=fact.confidence,
                source=source,
                at=at,
            )
        )


async def forget_proposals(db: AsyncSession, shop: ShopId, product: ProductId, field: str, name: str) -> None:
    """The place has a new fact that a person chose: what was proposed for it is settled."""
    await db.execute(
        delete(FactProposalRow).where(
            FactProposalRow.shop == shop,
            FactProposalRow.product == product,
            FactProposalRow.field == field,
            FactProposalRow.name == name,
        )
    )


def proposed(row: FactProposalRow) -> Fact:
    """The row as the fact that it proposes."""
    return Fact(
        field=row.field,
        name=row.name,
        value=row.value,
        spans=tuple((start, end) for start, end in row.spans),
        confidence=row.confidence,
    )
