"""Where a show's links lead, and the codes they carry: made once for each show, product and line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events import LineId, ProductId, RoomId, ShopId, ShowId
from app.ledger import LiveEventRow
from app.orders.attribution import Coded
from app.orders.codes import PARAMETER, address_with, new_code
from app.orders.rows import CodeRow, ProductLinkRow, ShopLinkRow
from app.orders.store import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a shop's goods are bought: `{sku}` in `address` is the article number; `own` addresses go first."""

    address: str = ""
    parameter: str = PARAMETER
    own: Mapping[ProductId, str]

    def lead(self, product: ProductId) -> bool:
        """True when the shop has told where this product is bought."""
        return bool(self.own.get(product) or self.address)

    def to(self, product: ProductId, sku: str, code: str) -> str:
        """Where the product is bought with this code, "" when the shop has told no address for it."""
        address = self.own.get(product) or self.address
        return address_with(address, sku, self.parameter, code) if address else ""


async def links_of(db: AsyncSession, shop: ShopId) -> Links:
    """The shop's links."""
    row = await db.get(ShopLinkRow, shop)
    found = await db.execute(select(ProductLinkRow.product, ProductLinkRow.address).where(ProductLinkRow.shop == shop))
    own = {ProductId(product): address for product, address in found.all()}
    return Links(own=own) if row is None else Links(address=row.address, parameter=row.parameter, own=own)


async def set_links(db: AsyncSession, shop: ShopId, links: Links) -> None:
    """Put these in the place of the shop's links; addresses are checked by whoever asks."""
    values = {"shop": shop, "address": links.address, "parameter": links.parameter}
    if not await insert_once(db, ShopLinkRow, values):
        row = await db.get_one(ShopLinkRow, shop)
        row.address, row.parameter = links.address, links.parameter
    await db.execute(delete(ProductLinkRow).where(ProductLinkRow.shop == shop))
    db.add_all(
        ProductLinkRow(shop=shop, product=product, address=address) for product, address in links.own.items() if address
    )


async def code_for(
    db: AsyncSession,
    shop: ShopId,
    room: RoomId,
    show: ShowId,
    product: ProductId,
    line: LineId | None,
    *,
    rehearsal: bool,
) -> str:
    """The code of this show, product and line, made when there is none yet."""
    mine = (CodeRow.shop == shop, CodeRow.room == room, CodeRow.product == product, CodeRow.line == (line or ""))
    known = await db.scalar(select(CodeRow.code).where(*mine))
    if known is None:
        values = {"shop": shop, "room": room, "show": show, "product": product, "line": line or ""}
        made = {"code": new_code(), "rehearsal": rehearsal, "made_at": datetime.now(UTC)}
        await insert_once(db, CodeRow, {**values, **made})  # of two at once one wins, and both read it
        known = await db.scalar(select(CodeRow.code).where(*mine))
    return str(known)


async def coded(db: AsyncSession, shop: ShopId, code: str) -> Coded | None:
    """What the shop's code stands for."""
    row = await db.get(CodeRow, (shop, code))
    if row is None:
        return None
    return Coded(
        room=RoomId(row.room),
        show=ShowId(row.show),
        line=LineId(row.line) if row.line else None,
        rehearsal=row.rehearsal,
        made=row.made_at.timestamp(),
    )


async def line_on_air(db: AsyncSession, shop: ShopId, room: RoomId) -> LineId | None:
    """The room's newest line, as its log has it; None when it has said nothing."""
    found = (
        select(LiveEventRow.line)
        .where(LiveEventRow.shop == shop, LiveEventRow.room == room, LiveEventRow.type == "line_started")
        .order_by(LiveEventRow.seq.desc())
        .limit(1)
    )
    line = await db.scalar(found)
    return None if line is None else LineId(line)
