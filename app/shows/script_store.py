"""A show's own words as rows: versions that are only ever added, and who stood for which line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Integer, String, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ShopId, ShowId


class ScriptVersionRow(Base):
    """The words of one block of a show as they were saved once: who, when, and why."""

    __tablename__ = "script_versions"
    __table_args__ = (ForeignKeyConstraint(["shop", "show"], ["shows.shop", "shows.show"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    block: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)


class LineApprovalRow(Base):
    """Somebody stands for exactly these words (by their SHA-256) on the facts as they were then."""

    __tablename__ = "line_approvals"
    __table_args__ = (ForeignKeyConstraint(["shop", "show"], ["shows.shop", "shows.show"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    show: Mapped[str] = mapped_column(String(64), primary_key=True)
    block: Mapped[str] = mapped_column(String(64), primary_key=True)
    words: Mapped[str] = mapped_column(String(64), primary_key=True)
    facts: Mapped[list[list[str]]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)


async def newest_versions(db: AsyncSession, shop: ShopId, show: ShowId) -> Sequence[ScriptVersionRow]:
    """The newest words of every block of the show that has any."""
    newest = (
        select(ScriptVersionRow.block, func.max(ScriptVersionRow.version).label("version"))
        .where(ScriptVersionRow.shop == shop, ScriptVersionRow.show == show)
        .group_by(ScriptVersionRow.block)
        .subquery()
    )
    found = (
        select(ScriptVersionRow)
        .join(newest, (newest.c.block == ScriptVersionRow.block) & (newest.c.version == ScriptVersionRow.version))
        .where(ScriptVersionRow.shop == shop, ScriptVersionRow.show == show)
    )
    return (await db.scalars(found)).all()


async def versions_of(db: AsyncSession, shop: ShopId, show: ShowId, block: str) -> Sequence[ScriptVersionRow]:
    """Every version of one block, newest first."""
    found = select(ScriptVersionRow).where(
        ScriptVersionRow.shop == shop, ScriptVersionRow.show == show, ScriptVersionRow.block == block
    )
    return (await db.scalars(found.order_by(ScriptVersionRow.version.desc()))).all()


async def newest_version(db: AsyncSession, shop: ShopId, show: ShowId, block: str) -> ScriptVersionRow | None:
    """The block's newest words."""
    found = select(ScriptVersionRow).where(
        ScriptVersionRow.shop == shop, ScriptVersionRow.show == show, ScriptVersionRow.block == block
    )
    return (await db.scalars(found.order_by(ScriptVersionRow.version.desc()).limit(1))).first()


async def approvals_in(db: AsyncSession, shop: ShopId, show: ShowId) -> Sequence[LineApprovalRow]:
    """Every line of the show that somebody stands for."""
    found = select(LineApprovalRow).where(LineApprovalRow.shop == shop, LineApprovalRow.show == show)
    return (await db.scalars(found)).all()


async def forget_approval(db: AsyncSession, shop: ShopId, show: ShowId, block: str, words: Sequence[str]) -> None:
    """Nobody stands for these lines any longer."""
    await db.execute(
        delete(LineApprovalRow).where(
            LineApprovalRow.shop == shop,
            LineApprovalRow.show == show,
            LineApprovalRow.block == block,
            LineApprovalRow.words.in_(words),
        )
    )


async def copy_words(db: AsyncSession, shop: ShopId, show: ShowId, to: ShowId) -> None:
    """Give another show the newest words of this one, and the names that stand for them."""
    db.add_all(
        ScriptVersionRow(
            shop=shop, show=to, block=row.block, version=1, lines=row.lines, why="copied", by=row.by, at=row.at
        )
        for row in await newest_versions(db, shop, show)
    )
    db.add_all(
        LineApprovalRow(shop=shop, show=to, block=row.block, words=row.words, facts=row.facts, by=row.by, at=row.at)
        for row in await approvals_in(db, shop, show)
    )
    await db.flush()
