"""A shop in whose every text something is written that nobody else may read: one row in every table there is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, Numeric, String, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base, Moment

MARK = "ZWALLZ"  # in every text of the planted shop, and in no id
MADE_ALREADY = frozenset({"shops", "shop"})
OVER = ("revoked", "used", "disabled", "ended", "deleted", "cancelled", "finished", "done")
"""Times that would make a planted thing dead, and so easier to refuse; they stay empty."""


async def plant(db: AsyncSession, shop: str) -> dict[str, dict[str, Any]]:
    """Put one row into every table of the schema for this shop (which exists); the rows by table."""
    planted: dict[str, dict[str, Any]] = {"shops": {"shop": shop}}
    for table in Base.metadata.sorted_tables:
        if table.name not in planted:
            row = _row(table, shop, planted)
            await db.execute(table.insert().values(row))
            planted[table.name] = row
    return planted


async def everything_of(db: AsyncSession, shop: str, *, but: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every row of the shop in every table, as text that can be compared."""
    return {
        table.name: sorted(
            repr(tuple(row)) for row in (await db.execute(select(table).where(table.c.shop == shop))).all()
        )
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }


def _row(table: Table, shop: str, planted: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {"shop": shop}
    for constraint in table.foreign_key_constraints:
        parent = planted.get(constraint.referred_table.name)
        for key in constraint.elements:
            if parent is not None and key.parent.name not in row:
                row[key.parent.name] = parent[key.column.name]
    for column in table.columns:
        if column.name not in row and not (column.autoincrement is True and column.primary_key):
            row[column.name] = _value(table, column)
    return row


def _value(table: Table, column: "Column[Any]") -> Any:
    kind = column.type
    if isinstance(kind, Moment):
        if column.nullable and column.name.startswith(OVER):
            return None
        return datetime.now(UTC) + timedelta(days=3 if column.name.startswith(("ends", "starts", "until")) else 0)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float | Numeric):
        return 1
    if isinstance(kind, LargeBinary):
        return MARK.encode()
    if isinstance(kind, JSON):
        return {"text": MARK}
    if isinstance(kind, String):
        most = kind.length or 200
        if column.primary_key or column.unique:
            return f"b-{table.name}-{column.name}"[:most]
        return {3: "CNY", 2: "zh"}.get(most, MARK[:most])
    raise TypeError(f"{table.name}.{column.name}: wanted a type the walk can plant, found {kind!r}")
