"""Orders as the pages and exports list them: filtered, newest first, a page at a time. Every query names its shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.money import to_major
from app.events import OrderId, OrderStatus, ProductId, RoomId, ShopId
from app.orders.deliveries import Delivery
from app.orders.rows import InboxRow, OrderEventRow, OrderLineRow, OrderRow
from app.orders.store import status_of

PAGE = 100  # orders
EXPORT_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders; None is any. Times are unix seconds, `end` not included; tests and play money only if asked."""

    status: OrderStatus | None = None
    product: ProductId | None = None
    attribution: str | None = None
    room: RoomId | None = None
    source: str | None = None
    order: str | None = None
    start: float | None = None
    end: float | None = None
    simulated: bool = False
    test: bool = False

    def conditions(self, shop: ShopId) -> list[ColumnElement[bool]]:
        """The conditions on the shop's orders."""
        found = [OrderRow.shop == shop, OrderRow.simulated.is_(self.simulated), OrderRow.test.is_(self.test)]
        equal = (
            (OrderRow.status, self.status),
            (OrderRow.attribution, self.attribution),
            (OrderRow.room, self.room),
            (OrderRow.source, self.source),
            (OrderRow.order, self.order),
        )
        found += [column == value for column, value in equal if value is not None]
        if self.start is not None:
            found.append(OrderRow.placed_ms >= int(self.start * 1000))
        if self.end is not None:
            found.append(OrderRow.placed_ms < int(self.end * 1000))
        if self.product is not None:
            found.append(exists().where(_OF_ORDER, OrderLineRow.product == self.product))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of an order, major units."""

    sku: str
    product: ProductId | None
    quantity: int
    amount: Decimal
    refunded: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as people read it. Money is major units; `buyer` is masked."""

    source: str
    order: OrderId
    status: OrderStatus
    amount: Decimal
    refunded: Decimal
    currency: str
    quantity: int
    paid: bool
    simulated: bool
    test: bool
    placed: float
    updated: float
    attribution: str
    room: RoomId | None
    line: str | None
    buyer: str | None
    articles: tuple[Article, ...]


_OF_ORDER = and_(
    OrderLineRow.shop == OrderRow.shop,
    OrderLineRow.source == OrderRow.source,
    OrderLineRow.order == OrderRow.order,
)


async def orders_newest_first(
    db: AsyncSession, shop: ShopId, wanted: Wanted, *, skip: int = 0, most: int = PAGE
) -> list[Order]:
    """The shop's orders that are wanted."""
    found = (
        select(OrderRow)
        .where(*wanted.conditions(shop))
        .order_by(OrderRow.placed_ms.desc(), OrderRow.source, OrderRow.order)
    )
    rows = (await db.scalars(found.offset(skip).limit(most))).all()
    articles: dict[tuple[str, str], list[OrderLineRow]] = {}
    for start in range(0, len(rows), PAGE):
        some = rows[start : start + PAGE]
        lines = (
            select(OrderLineRow)
            .where(OrderLineRow.shop == shop, OrderLineRow.order.in_([row.order for row in some]))
            .order_by(OrderLineRow.position)
        )
        for line in await db.scalars(lines):
            articles.setdefault((line.source, line.order), []).append(line)
    return [_order(row, articles.get((row.source, row.order), [])) for row in rows]


async def count_of(db: AsyncSession, shop: ShopId, wanted: Wanted) -> int:
    """How many are wanted."""
    return int(await db.scalar(select(func.count()).select_from(OrderRow).where(*wanted.conditions(shop))) or 0)


def _order(row: OrderRow, lines: Sequence[OrderLineRow]) -> Order:
    return Order(
        source=row.source,
        order=OrderId(row.order),
        status=status_of(row.status),
        amount=to_major(row.amount_minor, row.currency),
        refunded=to_major(row.refunded_minor, row.currency),
        currency=row.currency,
        quantity=row.quantity,
        paid=row.paid,
        simulated=row.simulated,
        test=row.test,
        placed=row.placed_ms / 1000,
        updated=row.updated_ms / 1000,
        attribution=row.attribution,
        room=None if row.room is None else RoomId(row.room),
        line=row.line,
        buyer=row.buyer_shown,
        articles=tuple(
            Article(
                sku=line.sku,
                product=None if line.product is None else ProductId(line.product),
                quantity=line.quantity,
                amount=to_major(line.amount_minor, row.currency),
                refunded=to_major(line.refunded_minor, row.currency),
            )
            for line in lines
        ),
    )


async def deliveries_of(db: AsyncSession, shop: ShopId, source: str, most: int) -> list[Delivery]:
    """What the source sent last and was kept, newest first."""
    meaning = and_(
        OrderEventRow.shop == InboxRow.shop,
        OrderEventRow.source == InboxRow.source,
        OrderEventRow.event == InboxRow.event,
    )
    found = (
        select(InboxRow.received_ms, InboxRow.event, OrderEventRow.order, OrderEventRow.status, OrderEventRow.test)
        .join(OrderEventRow, meaning, isouter=True)
        .where(InboxRow.shop == shop, InboxRow.source == source)
        .order_by(InboxRow.received_ms.desc())
        .limit(most)
    )
    return [
        Delivery(
            at=row.received_ms / 1000,
            outcome="kept" if row.status is None else "test" if row.test else "stored",
            event=row.order or row.event,
            detail=row.status or "",
        )
        for row in (await db.execute(found)).all()
    ]
