"""The inbox, order events, orders, outbox and webhook secrets as rows. Every query names its shop."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CursorResult,
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
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import LineId, OrderId, OrderStatus, ProductId, RoomId, ShopId, ShowId
from app.ledger import LiveEventRow
from app.orders.attribution import Attributed, Mention, Run
from app.orders.fold import OrderEvent, OrderState

STALE_SECONDS = 600.0  # a run without an end and without a word for so long has ended (the studio was killed)
RUNS_WITHIN = 7 * 86400.0  # seconds: how far back a run may have started and still matter to an order
MENTIONS_MOST = 200


class SecretRow(Base):
    """What a shop's webhooks are signed with; the previous one stays valid until `previous_until`."""

    __tablename__ = "integrations"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    secret: Mapped[str] = mapped_column(String(128))
    previous: Mapped[str | None] = mapped_column(String(128))
    previous_until: Mapped[datetime | None] = mapped_column(Moment)


class InboxRow(Base):
    """A message exactly as it came, once per event id."""

    __tablename__ = "order_inbox"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    event: Mapped[str] = mapped_column(String(400), primary_key=True)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class OrderEventRow(Base):
    """A message's meaning; the fold over an order's rows is its state."""

    __tablename__ = "order_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["shop", "source", "event"],
            ["order_inbox.shop", "order_inbox.source", "order_inbox.event"],
            ondelete="CASCADE",
        ),
        Index(None, "shop", "source", "order"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    event: Mapped[str] = mapped_column(String(400), primary_key=True)
    order: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(Integer)
    sku: Mapped[str] = mapped_column(String(120))
    show: Mapped[str | None] = mapped_column(String(120))
    updated_ms: Mapped[int | None] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    simulated: Mapped[bool] = mapped_column(Boolean)
    test: Mapped[bool] = mapped_column(Boolean)


class OrderRow(Base):
    """An order as it stands: the fold of its events, and which show it belongs to."""

    __tablename__ = "orders"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "shop", "room"),
        Index(None, "shop", "placed_ms"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    order: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(Integer)
    sku: Mapped[str] = mapped_column(String(120))
    product: Mapped[str | None] = mapped_column(String(64))
    paid: Mapped[bool] = mapped_column(Boolean)
    simulated: Mapped[bool] = mapped_column(Boolean)
    test: Mapped[bool] = mapped_column(Boolean)
    placed_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger)
    attribution: Mapped[str] = mapped_column(String(16))
    room: Mapped[str | None] = mapped_column(String(64))
    line: Mapped[str | None] = mapped_column(String(64))


class OutboxRow(Base):
    """News of an order for the running room, committed with the order itself."""

    __tablename__ = "outbox"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    shop: Mapped[str] = mapped_column(String(64))
    room: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


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
        )
        for row in await db.scalars(found)
    ]


async def lock_order(db: AsyncSession, shop: ShopId, source: str, order: OrderId) -> None:
    """Wait for whoever else writes this order (PostgreSQL; SQLite has one writer anyway)."""
    found = select(OrderRow.order).where(OrderRow.shop == shop, OrderRow.source == source, OrderRow.order == order)
    await db.execute(found.with_for_update())


def order_values(
    shop: ShopId, source: str, order: OrderId, state: OrderState, product: ProductId | None, where: Attributed
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
        "product": product,
        "paid": state.paid,
        "simulated": state.simulated,
        "test": state.test,
        "placed_ms": state.placed_ms,
        "updated_ms": state.updated_ms,
        "attribution": where.attribution,
        "room": where.room,
        "line": where.line,
    }


async def update_order(db: AsyncSession, values: dict[str, Any]) -> None:
    """Write the order's new state over the old one."""
    await db.execute(
        update(OrderRow)
        .where(OrderRow.shop == values["shop"], OrderRow.source == values["source"], OrderRow.order == values["order"])
        .values(**values)
    )


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


def status_of(text: str) -> OrderStatus:
    """The stored status as its type. Raises ValueError for a row that this version did not write."""
    match text:
        case "created" | "paid" | "refunded" | "cancelled":
            return text
    raise ValueError(f"order status: wanted a known one, found {text!r}")
