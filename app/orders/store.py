"""What the books are asked and told, as queries. Every one names its shop."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, delete, func, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.store import ProductRow
from app.database import Base
from app.events import LineId, OrderId, OrderStatus, ProductId, RoomId, ShopId, ShowId
from app.ledger import LiveEventRow
from app.orders.attribution import Attributed, Mention, Run
from app.orders.buyers import KEYED
from app.orders.fold import Item, Line, OrderEvent, OrderState
from app.orders.rows import OrderEventRow, OrderLineRow, OrderRow, OutboxRow, SecretRow

STALE_SECONDS = 600.0  # a run without an end and without a word for so long has ended (the studio was killed)
RUNS_WITHIN = 7 * 86400.0  # seconds: how far back a run may have started and still matter to an order
MENTIONS_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTotal:
    """Paid money of one currency, minor units."""

    currency: str
    minor: int


async def insert_once(db: AsyncSession, row: type[Base], values: dict[str, Any]) -> bool:
    """Insert unless the primary key is taken; True when this call put the row in."""
    postgres = db.get_bind().dialect.name == "postgresql"
    statement = (
        postgresql.insert(row).values(**values).on_conflict_do_nothing()
        if postgres
        else sqlite.insert(row).values(**values).on_conflict_do_nothing()
    )
    result = await db.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1


async def secret_row(db: AsyncSession, shop: ShopId, kind: str) -> SecretRow | None:
    """The secret that the shop's webhooks of this kind are signed with."""
    return await db.get(SecretRow, (shop, kind))


async def secrets_of(db: AsyncSession, shop: ShopId | None) -> Sequence[SecretRow]:
    """The shop's connections; of every shop for None (only to seal them)."""
    found = select(SecretRow) if shop is None else select(SecretRow).where(SecretRow.shop == shop)
    return (await db.scalars(found.order_by(SecretRow.shop, SecretRow.kind))).all()


async def keep_event(db: AsyncSession, shop: ShopId, source: str, order: OrderId, event: OrderEvent) -> None:
    """Add a message's meaning to its order."""
    db.add(
        OrderEventRow(
            shop=shop,
            source=source,
            event=event.event,
            order=order,
            status=event.status,
            amount_minor=event.amount_minor,
            currency=event.currency,
            quantity=event.quantity,
            sku=event.sku,
            show=event.show,
            updated_ms=event.updated_ms,
            received_ms=event.received_ms,
            simulated=event.simulated,
            test=event.test,
            total_minor=event.total_minor,
            was_paid=event.was_paid,
            items=[[item.sku, item.quantity, item.amount_minor] for item in event.items] or None,
            buyer=event.buyer,
            buyer_shown=event.buyer_shown,
            code=event.code or None,
        )
    )
    await db.flush()


async def events_of(db: AsyncSession, shop: ShopId, source: str, order: OrderId) -> list[OrderEvent]:
    """Everything that was said about the order."""
    found = select(OrderEventRow).where(
        OrderEventRow.shop == shop, OrderEventRow.source == source, OrderEventRow.order == order
    )
    return [
        OrderEvent(
            event=row.event,
            status=status_of(row.status),
            amount_minor=row.amount_minor,
            currency=row.currency,
            quantity=row.quantity,
            sku=row.sku,
            show=row.show,
            updated_ms=row.updated_ms,
            received_ms=row.received_ms,
            simulated=row.simulated,
            test=row.test,
            total_minor=row.total_minor,
            was_paid=row.was_paid,
            items=tuple(
                Item(sku=sku, quantity=quantity, amount_minor=minor) for sku, quantity, minor in row.items or ()
            ),
            buyer=row.buyer,
            buyer_shown=row.buyer_shown,
            code=row.code or "",
        )
        for row in await db.scalars(found)
    ]


async def lock_order(db: AsyncSession, shop: ShopId, source: str, order: OrderId) -> None:
    """Wait for whoever else writes this order (PostgreSQL; SQLite has one writer anyway)."""
    found = select(OrderRow.order).where(OrderRow.shop == shop, OrderRow.source == source, OrderRow.order == order)
    await db.execute(found.with_for_update())


def order_values(
    shop: ShopId,
    source: str,
    order: OrderId,
    state: OrderState,
    products: Mapping[str, ProductId],
    where: Attributed,
) -> dict[str, Any]:
    """The order's row."""
    return {
        "shop": shop,
        "source": source,
        "order": order,
        "status": state.status,
        "amount_minor": state.amount_minor,
        "refunded_minor": state.refunded_minor,
        "currency": state.currency,
        "quantity": state.quantity,
        "sku": state.sku,
        "product": products.get(state.sku),
        "paid": state.paid,
        "simulated": state.simulated,
        "test": state.test,
        "placed_ms": state.placed_ms,
        "updated_ms": state.updated_ms,
        "attribution": where.attribution,
        "room": where.room,
        "line": where.line,
        "buyer": state.buyer,
        "buyer_shown": state.buyer_shown,
    }


async def update_order(db: AsyncSession, values: dict[str, Any]) -> None:
    """Write the order's new state over the old one."""
    await db.execute(
        update(OrderRow)
        .where(OrderRow.shop == values["shop"], OrderRow.source == values["source"], OrderRow.order == values["order"])
        .values(**values)
    )


async def write_lines(
    db: AsyncSession, shop: ShopId, source: str, order: OrderId, lines: Sequence[tuple[Line, ProductId | None]]
) -> None:
    """The order's articles, in place of those before."""
    mine = (OrderLineRow.shop == shop, OrderLineRow.source == source, OrderLineRow.order == order)
    await db.execute(delete(OrderLineRow).where(*mine))
    db.add_all(
        OrderLineRow(
            shop=shop,
            source=source,
            order=order,
            position=position,
            sku=line.item.sku,
            product=product,
            quantity=line.item.quantity,
            amount_minor=line.item.amount_minor,
            refunded_minor=line.refunded_minor,
        )
        for position, (line, product) in enumerate(lines)
    )
    await db.flush()


async def products_of(db: AsyncSession, shop: ShopId, skus: set[str]) -> dict[str, ProductId]:
    """The shop's products by article number."""
    found = select(ProductRow.sku, ProductRow.product).where(ProductRow.shop == shop, ProductRow.sku.in_(skus))
    return {sku: ProductId(product) for sku, product in (await db.execute(found)).all()}


async def runs_around(db: AsyncSession, shop: ShopId, placed: float, now: float) -> list[Run]:
    """The shop's times on air that an order placed at `placed` could belong to."""
    found = (
        select(LiveEventRow.room, LiveEventRow.type, LiveEventRow.at, LiveEventRow.body)
        .where(
            LiveEventRow.shop == shop,
            LiveEventRow.type.in_(("show_started", "show_ended")),
            LiveEventRow.at >= placed - RUNS_WITHIN,
        )
        .order_by(LiveEventRow.at)
    )
    started: dict[str, tuple[float, dict[str, Any]]] = {}
    ended: dict[str, float | None] = {}
    for room, kind, at, body in (await db.execute(found)).all():
        if kind == "show_started":
            started.setdefault(room, (at, json.loads(body)))
            ended[room] = None
        else:
            ended[room] = at
    for room in [room for room in started if ended[room] is None]:
        last = await db.scalar(
            select(LiveEventRow.at)
            .where(LiveEventRow.shop == shop, LiveEventRow.room == room)
            .order_by(LiveEventRow.seq.desc())
            .limit(1)
        )
        if last is not None and last < now - STALE_SECONDS:
            ended[room] = last
    return [
        Run(room=RoomId(room), show=ShowId(body["show"]), rehearsal=body["rehearsal"], started=at, ended=ended[room])
        for room, (at, body) in started.items()
    ]


async def mentions_before(db: AsyncSession, shop: ShopId, room: RoomId, placed: float) -> list[Mention]:
    """The room's last lines and cards before `placed`, oldest first."""
    found = (
        select(LiveEventRow.at, LiveEventRow.product, LiveEventRow.line)
        .where(
            LiveEventRow.shop == shop,
            LiveEventRow.room == room,
            LiveEventRow.type.in_(("line_started", "card_shown")),
            LiveEventRow.at <= placed,
        )
        .order_by(LiveEventRow.seq.desc())
        .limit(MENTIONS_MOST)
    )
    rows = (await db.execute(found)).all()
    return [
        Mention(
            at=row.at,
            product=None if row.product is None else ProductId(row.product),
            line=None if row.line is None else LineId(row.line),
        )
        for row in reversed(rows)
    ]


async def is_rehearsal(db: AsyncSession, shop: ShopId, room: RoomId) -> bool:
    """True when the room's log says that nobody outside saw it."""
    body = await db.scalar(
        select(LiveEventRow.body)
        .where(LiveEventRow.shop == shop, LiveEventRow.room == room, LiveEventRow.type == "show_started")
        .order_by(LiveEventRow.seq)
        .limit(1)
    )
    return body is not None and bool(json.loads(body)["rehearsal"])


async def paid_by_currency(db: AsyncSession, shop: ShopId, room: RoomId | None, *, simulated: bool) -> list[PaidTotal]:
    """GMV paid (before refunds), of the room or of everything the shop sold."""
    found = select(OrderRow.currency, func.sum(OrderRow.amount_minor)).where(
        OrderRow.shop == shop, OrderRow.paid.is_(True), OrderRow.test.is_(False), OrderRow.simulated.is_(simulated)
    )
    if room is not None:
        found = found.where(OrderRow.room == room)
    rows = await db.execute(found.group_by(OrderRow.currency).order_by(OrderRow.currency))
    return [PaidTotal(currency=currency, minor=int(minor)) for currency, minor in rows.all()]


async def unpublished(db: AsyncSession, limit: int) -> Sequence[OutboxRow]:
    """The oldest news of any shop not yet told; each row carries its shop."""
    found = select(OutboxRow).where(OutboxRow.published_at.is_(None)).order_by(OutboxRow.id).limit(limit)
    return (await db.scalars(found)).all()


async def buyers_without_key(db: AsyncSession) -> list[tuple[ShopId, str]]:
    """Every shop's buyers whose pseudonym an old version wrote (asked once, at the studio's start)."""
    found = [
        select(row.shop, row.buyer).where(row.buyer.is_not(None), row.buyer.not_like(f"{KEYED}%"))
        for row in (OrderRow, OrderEventRow)
    ]
    return [(ShopId(shop), str(buyer)) for shop, buyer in (await db.execute(union(*found))).all()]


async def rename_buyer(db: AsyncSession, shop: ShopId, old: str, new: str) -> None:
    """Put another pseudonym in the place of one, wherever the shop's orders have it."""
    for row in (OrderRow, OrderEventRow):
        await db.execute(update(row).where(row.shop == shop, row.buyer == old).values(buyer=new))


def status_of(text: str) -> OrderStatus:
    """The stored status as its type. Raises ValueError for a row that this version did not write."""
    match text:
        case "created" | "paid" | "refunded" | "cancelled":
            return text
    raise ValueError(f"order status: wanted a known one, found {text!r}")
