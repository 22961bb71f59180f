"""What the books are asked for figures: sums of orders and of their articles. Every query names its shop."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.analytics.gmv import Sums
from app.analytics.timeline import PaidOrder
from app.catalogue.store import ProductRow
from app.events import ProductId, RoomId, ShopId, ShowId
from app.live.records import ClickRow
from app.orders.rows import OrderLineRow, OrderRow

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose orders: of one room, or of all real ones, placed from `start` to before `end` (unix seconds)."""

    shop: ShopId
    simulated: bool = False
    room: RoomId | None = None
    start: float | None = None
    end: float | None = None

    def orders(self) -> list[ColumnElement[bool]]:
        """The conditions on orders; tests never count."""
        found = [
            OrderRow.shop == self.shop,
            OrderRow.test.is_(False),
            OrderRow.simulated.is_(self.simulated),
        ]
        if self.room is not None:
            found.append(OrderRow.room == self.room)
        if self.start is not None:
            found.append(OrderRow.placed_ms >= int(self.start * 1000))
        if self.end is not None:
            found.append(OrderRow.placed_ms < int(self.end * 1000))
        return found


_KEPT = and_(OrderRow.paid, OrderRow.status != "cancelled")
_KEY = OrderRow.source + "/" + OrderRow.order


async def sums_by_currency(db: AsyncSession, scope: Scope, settled_before: float) -> list[Sums]:
    """Ordered, paid and net money, buyers and orders, by currency. Orders placed earlier than that are settled."""
    net = OrderRow.amount_minor - OrderRow.refunded_minor
    old = and_(_KEPT, OrderRow.placed_ms < int(settled_before * 1000))
    found = select(
        OrderRow.currency,
        func.count().label("orders"),
        _sum(OrderRow.paid, 1).label("paid_orders"),
        _sum(and_(OrderRow.paid, OrderRow.refunded_minor > 0), 1).label("refunded_orders"),
        _sum(OrderRow.paid, OrderRow.quantity).label("quantity"),
        func.sum(OrderRow.amount_minor).label("ordered_minor"),
        _sum(OrderRow.paid, OrderRow.amount_minor).label("paid_minor"),
        _sum(OrderRow.paid, OrderRow.refunded_minor).label("refunded_minor"),
        _sum(_KEPT, net).label("net_minor"),
        _sum(old, net).label("settled_minor"),
        func.count(func.distinct(case((OrderRow.paid, OrderRow.buyer)))).label("buyers"),
        _sum(and_(OrderRow.paid, OrderRow.buyer.is_(None)), 1).label("nameless_orders"),
    ).where(*scope.orders())
    rows = await db.execute(found.group_by(OrderRow.currency).order_by(OrderRow.currency))
    return [_to_sums(row, None) for row in rows.all()]


async def sums_by_product(db: AsyncSession, scope: Scope) -> list[Sums]:
    """The articles' money by product and currency, the best sold first; an order counts once for each product in it."""
    part = OrderLineRow.amount_minor
    found = (
        _of_lines(
            OrderLineRow.product,
            OrderRow.currency,
            func.count(func.distinct(_KEY)).label("orders"),
            func.count(func.distinct(case((OrderRow.paid, _KEY)))).label("paid_orders"),
            func.count(func.distinct(case((and_(OrderRow.paid, OrderLineRow.refunded_minor > 0), _KEY)))).label(
                "refunded_orders"
            ),
            _sum(OrderRow.paid, OrderLineRow.quantity).label("quantity"),
            func.sum(part).label("ordered_minor"),
            _sum(OrderRow.paid, part).label("paid_minor"),
            _sum(OrderRow.paid, OrderLineRow.refunded_minor).label("refunded_minor"),
            _sum(_KEPT, part - OrderLineRow.refunded_minor).label("net_minor"),
        )
        .where(*scope.orders())
        .group_by(OrderLineRow.product, OrderRow.currency)
    )
    rows = (await db.execute(found)).all()
    sums = [_to_sums(row, None if row.product is None else ProductId(row.product)) for row in rows]
    return sorted(sums, key=lambda one: (-one.paid_minor, one.product or "", one.currency))


async def paid_orders_of(db: AsyncSession, scope: Scope) -> list[PaidOrder]:
    """Every paid order with the time it was placed."""
    found = select(OrderRow.placed_ms, OrderRow.currency, OrderRow.amount_minor)
    rows = await db.execute(found.where(*scope.orders(), OrderRow.paid.is_(True)))
    return [PaidOrder(at=row.placed_ms / 1000, currency=row.currency, minor=row.amount_minor) for row in rows.all()]


async def paid_articles_of(db: AsyncSession, scope: Scope) -> list[PaidOrder]:
    """Each product's money in each paid order."""
    found = (
        _of_lines(
            OrderRow.placed_ms,
            OrderRow.currency,
            OrderLineRow.product,
            func.sum(OrderLineRow.amount_minor).label("minor"),
        )
        .where(*scope.orders(), OrderRow.paid.is_(True), OrderLineRow.product.is_not(None))
        .group_by(OrderRow.source, OrderRow.order, OrderRow.placed_ms, OrderRow.currency, OrderLineRow.product)
    )
    return [
        PaidOrder(at=row.placed_ms / 1000, currency=row.currency, minor=int(row.minor), product=ProductId(row.product))
        for row in (await db.execute(found)).all()
    ]


async def orders_by_attribution(db: AsyncSession, scope: Scope) -> dict[str, int]:
    """How many of the orders are explained, session, after_live, unattributed."""
    found = select(OrderRow.attribution, func.count()).where(*scope.orders())
    rows = await db.execute(found.group_by(OrderRow.attribution).order_by(OrderRow.attribution))
    return {attribution: int(count) for attribution, count in rows.all()}


async def clicks_by_product(
    db: AsyncSession, shop: ShopId, show: ShowId | None, start: float, end: float
) -> dict[ProductId, int]:
    """How often the shop's own short links were followed, of one show or of all."""
    found = select(ClickRow.product, func.count()).where(
        ClickRow.shop == shop,
        ClickRow.at >= datetime.fromtimestamp(start, UTC),
        ClickRow.at < datetime.fromtimestamp(end, UTC),
    )
    if show is not None:
        found = found.where(ClickRow.show == show)
    rows = await db.execute(found.group_by(ClickRow.product))
    return {ProductId(product): int(count) for product, count in rows.all()}


async def shelf_of(db: AsyncSession, shop: ShopId) -> dict[ProductId, tuple[str, str]]:
    """The name and currency of the shop's products."""
    found = select(ProductRow.product, ProductRow.facts, ProductRow.currency).where(ProductRow.shop == shop)
    return {
        ProductId(product): (facts["title"], currency) for product, facts, currency in (await db.execute(found)).all()
    }


def _of_lines(*columns: Any) -> Select[Any]:
    same = and_(
        OrderLineRow.shop == OrderRow.shop,
        OrderLineRow.source == OrderRow.source,
        OrderLineRow.order == OrderRow.order,
    )
    return select(*columns).select_from(OrderLineRow).join(OrderRow, same)


def _sum(condition: Any, value: Any) -> Any:
    return func.sum(case((condition, value), else_=0))


def _to_sums(row: Any, product: ProductId | None) -> Sums:
    values = {name: int(value) for name, value in row._mapping.items() if name not in ("currency", "product")}
    return Sums(currency=row.currency, product=product, **values)
