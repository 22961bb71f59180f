"""What the dashboard asks of the database: the books for money, the log for talk. Every query names its shop."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.analytics.gmv import Gmv, Minute, PaidOrder, Said, Sums, by_minute, gmv_of
from app.analytics.talk import Talk, comments_of, talk_of
from app.catalogue.store import ProductRow
from app.database import Database
from app.errors import NotFound
from app.events import (
    LineEnded,
    LineStarted,
    LiveEvent,
    ProductId,
    RoomId,
    ShopId,
    ShowEnded,
    ShowId,
    ShowStarted,
)
from app.ledger import LiveEventRow, event_of
from app.orders.rows import OrderRow
from app.orders.store import STALE_SECONDS

READ_FOR_REPORT = (
    "show_started", "show_ended", "comment_heard", "comment_decided", "comment_answered", "line_started", "line_ended"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRun:
    """A room's time on air (unix seconds). `ended` is None while it runs."""

    room: RoomId
    show: ShowId
    host: str
    lang: str
    duty: str
    rehearsal: bool
    started: float
    ended: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSales:
    """A product's part in a room. `product` is None for SKUs that the catalogue does not know.

    `said_seconds` is sound about it that was heard, None when there was none; paid by minute = efficiency.
    """

    product: ProductId | None
    title: str | None
    gmv: Gmv
    said_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one room. `simulated` says that its orders are a rehearsal's play money."""

    run: RoomRun
    simulated: bool
    gmv: tuple[Gmv, ...]
    attribution: dict[str, int]
    talk: Talk
    products: tuple[ProductSales, ...]
    minutes: tuple[Minute, ...]


class Analytics:
    """Figures of a shop's rooms. Raises NotFound for another shop's room."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def runs(self, shop: ShopId, limit: int = 50) -> list[RoomRun]:
        """The shop's last rooms, newest first."""
        async with self._database.transaction() as db:
            return await runs_newest_first(db, shop, limit)

    async def sales(self, shop: ShopId) -> tuple[Gmv, ...]:
        """Everything the shop really sold, by currency; rehearsals and test orders are not in it."""
        async with self._database.transaction() as db:
            return tuple(gmv_of(sums) for sums in await sums_by_currency(db, shop, None, simulated=False))

    async def report(self, shop: ShopId, room: RoomId) -> Report:
        """The room's figures, from its log and the orders attributed to it. Raises NotFound."""
        async with self._database.transaction() as db:
            events = await events_of_room(db, shop, room)
            run = _run(room, events)
            if run is None:
                raise NotFound(f"room: wanted one of this shop, found {room!r}")
            play = run.rehearsal
            sums = await sums_by_currency(db, shop, room, simulated=play)
            by_product = await sums_by_product(db, shop, room, simulated=play)
            titles = await titles_of(db, shop)
            paid = await paid_orders_of(db, shop, room, simulated=play)
            attribution = await orders_by_attribution(db, shop, room, simulated=play)
        said = _said(events)
        comments = comments_of(event for _, event in events)
        last = events[-1][0] if run.ended is None else run.ended
        return Report(
            run=run,
            simulated=play,
            gmv=tuple(gmv_of(one) for one in sums),
            attribution=attribution,
            talk=talk_of(comments),
            products=tuple(
                ProductSales(
                    product=one.product,
                    title=None if one.product is None else titles.get(one.product),
                    gmv=gmv_of(one),
                    said_seconds=sum(line.seconds for line in said if line.product == one.product) or None,
                )
                for one in by_product
            ),
            minutes=by_minute(run.started, last, paid, (item.at for item in comments), said),
        )


def _counted(shop: ShopId, room: RoomId | None, *, simulated: bool) -> list[ColumnElement[bool]]:
    conditions = [OrderRow.shop == shop, OrderRow.test.is_(False), OrderRow.simulated.is_(simulated)]
    return conditions if room is None else [*conditions, OrderRow.room == room]


def _sums(*by: Any) -> Select[Any]:
    kept = and_(OrderRow.paid, OrderRow.status != "cancelled")
    return select(
        *by,
        func.count().label("orders"),
        func.sum(case((OrderRow.paid, 1), else_=0)).label("paid_orders"),
        func.sum(case((and_(OrderRow.paid, OrderRow.refunded_minor > 0), 1), else_=0)).label("refunded_orders"),
        func.sum(case((OrderRow.paid, OrderRow.quantity), else_=0)).label("quantity"),
        func.sum(OrderRow.amount_minor).label("ordered_minor"),
        func.sum(case((OrderRow.paid, OrderRow.amount_minor), else_=0)).label("paid_minor"),
        func.sum(case((kept, OrderRow.amount_minor - OrderRow.refunded_minor), else_=0)).label("net_minor"),
    )


def _to_sums(row: Any, product: ProductId | None) -> Sums:
    return Sums(
        currency=row.currency,
        product=product,
        orders=int(row.orders),
        paid_orders=int(row.paid_orders),
        refunded_orders=int(row.refunded_orders),
        quantity=int(row.quantity),
        ordered_minor=int(row.ordered_minor),
        paid_minor=int(row.paid_minor),
        net_minor=int(row.net_minor),
    )


async def sums_by_currency(db: AsyncSession, shop: ShopId, room: RoomId | None, *, simulated: bool) -> list[Sums]:
    """Ordered, paid and net money and the number of orders, by currency."""
    found = _sums(OrderRow.currency).where(*_counted(shop, room, simulated=simulated))
    rows = await db.execute(found.group_by(OrderRow.currency).order_by(OrderRow.currency))
    return [_to_sums(row, None) for row in rows.all()]


async def sums_by_product(db: AsyncSession, shop: ShopId, room: RoomId, *, simulated: bool) -> list[Sums]:
    """The same by product and currency, the best sold first."""
    found = _sums(OrderRow.product, OrderRow.currency).where(*_counted(shop, room, simulated=simulated))
    rows = (await db.execute(found.group_by(OrderRow.product, OrderRow.currency))).all()
    sums = [_to_sums(row, None if row.product is None else ProductId(row.product)) for row in rows]
    return sorted(sums, key=lambda one: (-one.paid_minor, one.product or "", one.currency))


async def paid_orders_of(db: AsyncSession, shop: ShopId, room: RoomId, *, simulated: bool) -> list[PaidOrder]:
    """Every paid order of the room with the time it was placed."""
    found = select(OrderRow.placed_ms, OrderRow.currency, OrderRow.amount_minor)
    rows = await db.execute(found.where(*_counted(shop, room, simulated=simulated), OrderRow.paid.is_(True)))
    return [PaidOrder(at=row.placed_ms / 1000, currency=row.currency, minor=row.amount_minor) for row in rows.all()]


async def orders_by_attribution(db: AsyncSession, shop: ShopId, room: RoomId, *, simulated: bool) -> dict[str, int]:
    """How many of the room's orders are explained, session, after_live."""
    found = select(OrderRow.attribution, func.count()).where(*_counted(shop, room, simulated=simulated))
    rows = await db.execute(found.group_by(OrderRow.attribution).order_by(OrderRow.attribution))
    return {attribution: int(count) for attribution, count in rows.all()}


async def titles_of(db: AsyncSession, shop: ShopId) -> dict[ProductId, str]:
    """The names of the shop's products."""
    rows = await db.execute(select(ProductRow.product, ProductRow.facts).where(ProductRow.shop == shop))
    return {ProductId(product): facts["title"] for product, facts in rows.all()}


async def events_of_room(db: AsyncSession, shop: ShopId, room: RoomId) -> list[tuple[float, LiveEvent]]:
    """What the report reads of a room's log: (time, event) in order."""
    found = select(LiveEventRow.at, LiveEventRow.type, LiveEventRow.body).where(
        LiveEventRow.shop == shop, LiveEventRow.room == room, LiveEventRow.type.in_(READ_FOR_REPORT)
    )
    rows = await db.execute(found.order_by(LiveEventRow.seq))
    return [(row.at, event_of(row.type, row.body)) for row in rows.all()]


async def runs_newest_first(db: AsyncSession, shop: ShopId, limit: int) -> list[RoomRun]:
    """The shop's last rooms; one without a word for ten minutes counts as ended with its last event."""
    started = (
        select(LiveEventRow.room, func.min(LiveEventRow.seq).label("seq"))
        .where(LiveEventRow.shop == shop, LiveEventRow.type == "show_started")
        .group_by(LiveEventRow.room)
        .order_by(func.min(LiveEventRow.at).desc())
        .limit(limit)
    )
    runs = []
    for room, _ in (await db.execute(started)).all():
        ends = select(LiveEventRow.at, LiveEventRow.type, LiveEventRow.body).where(
            LiveEventRow.shop == shop, LiveEventRow.room == room
        )
        marks = await db.execute(
            ends.where(LiveEventRow.type.in_(("show_started", "show_ended"))).order_by(LiveEventRow.seq)
        )
        events = [(at, event_of(kind, body)) for at, kind, body in marks.all()]
        last = (await db.execute(ends.order_by(LiveEventRow.seq.desc()).limit(1))).first()
        run = _run(RoomId(room), events, None if last is None else last.at)
        if run is not None:
            runs.append(run)
    return runs


def _run(room: RoomId, events: Sequence[tuple[float, LiveEvent]], last: float | None = None) -> RoomRun | None:
    first = next(((at, event) for at, event in events if isinstance(event, ShowStarted)), None)
    if first is None:
        return None
    started, show = first
    marks = [(at, event) for at, event in events if isinstance(event, ShowStarted | ShowEnded)]
    ended = marks[-1][0] if isinstance(marks[-1][1], ShowEnded) else None
    latest = events[-1][0] if last is None else last
    if ended is None and latest < time.time() - STALE_SECONDS:
        ended = latest
    return RoomRun(
        room=room,
        show=show.show,
        host=show.host,
        lang=show.lang,
        duty=show.duty,
        rehearsal=show.rehearsal,
        started=started,
        ended=ended,
    )


def _said(events: Sequence[tuple[float, LiveEvent]]) -> list[Said]:
    begun: dict[str, tuple[float, ProductId | None]] = {}
    said = []
    for at, event in events:
        match event:
            case LineStarted():
                begun[event.line] = (at, event.product)
            case LineEnded() if event.line in begun and event.text:
                start, product = begun.pop(event.line)
                said.append(
                    Said(
                        at=start,
                        text=event.text,
                        line_kind=event.line_kind,
                        product=product,
                        seconds=event.heard_seconds,
                    )
                )
            case _:
                continue
    return said
