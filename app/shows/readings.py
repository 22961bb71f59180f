"""How a shop wants its own words read aloud: LAMY → 凌美, 501 → 五零一. They go before every rule of reading."""

import re

from sqlalchemy import ForeignKeyConstraint, String, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.errors import BadInput
from app.events import ShopId

WRITTEN_MOST = 40  # characters
SAID_MOST = 80
READINGS_MOST = 200  # a shop; each is tried at every place of a line
_UNSAYABLE = re.compile(r"[^\w\s'·-]|[\d_]")  # what the rules would have to read again


class ReadingRow(Base):
    """One written form and what is said for it."""

    __tablename__ = "readings"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_readings_shop", ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    written: Mapped[str] = mapped_column(String(WRITTEN_MOST), primary_key=True)
    said: Mapped[str] = mapped_column(String(SAID_MOST))


async def readings_of(db: AsyncSession, shop: ShopId) -> dict[str, str]:
    """Written form → what is said, in the order of the written forms."""
    rows = await db.scalars(select(ReadingRow).where(ReadingRow.shop == shop).order_by(ReadingRow.written))
    return {row.written: row.said for row in rows}


async def read_as(db: AsyncSession, shop: ShopId, written: str, said: str) -> None:
    """From now on `written` is read as `said`, also when it was read otherwise before. Raises BadInput."""
    written, said = written.strip(), " ".join(said.split())
    if not 1 <= len(written) <= WRITTEN_MOST:
        raise BadInput("written", f"1 to {WRITTEN_MOST} characters", written)
    if not 1 <= len(said) <= SAID_MOST:
        raise BadInput("said", f"1 to {SAID_MOST} characters", said)
    if _UNSAYABLE.search(said):
        raise BadInput("said", "characters or letters as they sound, without digits and signs", said)
    row = await db.get(ReadingRow, (shop, written))
    if row is not None:
        row.said = said
        return
    count = await db.scalar(select(func.count()).select_from(ReadingRow).where(ReadingRow.shop == shop))
    if (count or 0) >= READINGS_MOST:
        raise BadInput("written", f"at most {READINGS_MOST} words of your own", written)
    db.add(ReadingRow(shop=shop, written=written, said=said))


async def forget_reading(db: AsyncSession, shop: ShopId, written: str) -> None:
    """Read `written` by the rules again; nothing happens when it was."""
    await db.execute(delete(ReadingRow).where(ReadingRow.shop == shop, ReadingRow.written == written))
