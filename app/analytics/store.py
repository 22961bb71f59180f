"""The figures of a shop: of one show, or of a period's real sales. The books give the money, the log the talk."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.analytics.funnel import Step, funnel_of
from app.analytics.gmv import Gmv, Sums, average, gmv_of
from app.analytics.runs import RoomRun, events_of_room, run_in, runs_newest_first, said_in
from app.analytics.sales import (
    Scope,
    clicks_by_product,
    orders_by_attribution,
    paid_articles_of,
    paid_orders_of,
    shelf_of,
    sums_by_currency,
    sums_by_product,
)
from app.analytics.talk import Asked, Talk, comments_of, talk_of
from app.analytics.timeline import Minute, PaidOrder, Said, day_edges, minute_edges, over_time
from app.database import Database
from app.errors import NotFound
from app.events import CommentHeard, CommentId, LiveEvent, ProductId, RoomId, ShopId
from app.orders.attribution import AFTER_LIVE_SECONDS

SETTLED_DAYS = (7, 15, 30)  # the choices of how old an order must be for its net money to be settled
RUNS_MOST = 200  # shows of a period
DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSales:
    """A product's part. `product` is None for article numbers that the catalogue does not know.

    `said_seconds` is sound about it that was heard, None when there was none; `efficiency` is paid money by minute of
    it. `clicks` is None for what has no link of ours.
    """

    product: ProductId | None
    title: str | None
    gmv: Gmv
    said_seconds: float | None
    efficiency: Decimal | None
    clicks: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one show, or of a period (`run` is None). `simulated`: its orders are a rehearsal's play money."""

    run: RoomRun | None
    start: float
    end: float
    simulated: bool
    settled_days: int
    gmv: tuple[Gmv, ...]
    attribution: dict[str, int]
    talk: Talk
    funnel: tuple[Step, ...]
    products: tuple[ProductSales, ...]
    minutes: tuple[Minute, ...]
    runs: tuple[RoomRun, ...]
    said: tuple[Said, ...]
    titles: dict[ProductId, str]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Books:
    sums: list[Sums]
    by_product: list[Sums]
    paid: list[PaidOrder]
    parts: list[PaidOrder]
    attribution: dict[str, int]
    clicks: dict[ProductId, int]
    shelf: dict[ProductId, tuple[str, str]]

    def title(self, product: ProductId | None) -> str | None:
        """The product's name; None for what the catalogue does not know."""
        known = None if product is None else self.shelf.get(product)
        return None if known is None else known[0]


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
            return tuple(
                gmv_of(sums) for sums in await sums_by_currency(db, Scope(shop=shop), _settled(SETTLED_DAYS[0]))
            )

    async def report(self, shop: ShopId, room: RoomId, *, settled_days: int = SETTLED_DAYS[0]) -> Report:
        """The room's figures, from its log and the orders attributed to it. Raises NotFound."""
        async with self._database.transaction() as db:
            events = await events_of_room(db, shop, room)
            run = run_in(room, events)
            if run is None:
                raise NotFound(f"room: wanted one of this shop, found {room!r}")
            end = events[-1][0] if run.ended is None else run.ended
            scope = Scope(shop=shop, room=room, simulated=run.rehearsal)
            books = await _books(db, scope, settled_days)
            books = replace(
                books, clicks=await clicks_by_product(db, shop, run.show, run.started, end + AFTER_LIVE_SECONDS)
            )
        edges = minute_edges(run.started, end)
        return _report(books, {room: events}, [run], edges, run=run, start=run.started, end=end, days=settled_days)

    async def period(
        self, shop: ShopId, start: datetime, end: datetime, *, settled_days: int = SETTLED_DAYS[0]
    ) -> Report:
        """The figures of all real orders placed from `start` to before `end`, and the talk of real shows begun then."""
        since, before = start.timestamp(), end.timestamp()
        async with self._database.transaction() as db:
            books = await _books(db, Scope(shop=shop, start=since, end=before), settled_days)
            books = replace(books, clicks=await clicks_by_product(db, shop, None, since, before))
            found = await runs_newest_first(db, shop, RUNS_MOST, since=since, before=before)
            runs = [run for run in found if not run.rehearsal]
            events = {run.room: await events_of_room(db, shop, run.room) for run in runs}
        return _report(books, events, runs, day_edges(start, end), run=None, start=since, end=before, days=settled_days)


def _settled(days: int) -> float:
    return time.time() - days * DAY


async def _books(db: AsyncSession, scope: Scope, settled_days: int) -> _Books:
    return _Books(
        sums=await sums_by_currency(db, scope, _settled(settled_days)),
        by_product=await sums_by_product(db, scope),
        paid=await paid_orders_of(db, scope),
        parts=await paid_articles_of(db, scope),
        attribution=await orders_by_attribution(db, scope),
        clicks={},
        shelf=await shelf_of(db, scope.shop),
    )


def _report(
    books: _Books,
    events: Mapping[RoomId, Sequence[tuple[float, LiveEvent]]],
    runs: Sequence[RoomRun],
    edges: Sequence[float],
    *,
    run: RoomRun | None,
    start: float,
    end: float,
    days: int,
) -> Report:
    said = sorted((line for told in events.values() for line in said_in(told)), key=lambda line: line.at)
    asked = [
        item
        for room, told in events.items()
        for item in (comments_of(event for _, event in told) if run is not None else _named(room, told))
    ]
    gmv = tuple(gmv_of(one) for one in books.sums)
    entered = [
        event.viewer
        for told in events.values()
        for _, event in told
        if isinstance(event, CommentHeard) and event.crowd_kind == "enter"
    ]
    return Report(
        run=run,
        start=start,
        end=end,
        simulated=run is not None and run.rehearsal,
        settled_days=days,
        gmv=gmv,
        attribution=books.attribution,
        talk=talk_of(asked),
        funnel=funnel_of(
            entered=entered,
            clicks=sum(books.clicks.values()) if runs or books.clicks else None,
            ordered=sum(one.orders for one in gmv),
            paid=sum(one.paid_orders for one in gmv),
        ),
        products=_products(books, said),
        minutes=over_time(edges, books.paid, books.parts, (item.at for item in asked), said),
        runs=tuple(runs),
        said=tuple(said),
        titles={product: title for product, (title, _) in books.shelf.items()},
        asked=tuple(asked),
    )


def _products(books: _Books, said: Sequence[Said]) -> tuple[ProductSales, ...]:
    spoken: dict[ProductId, float] = {}
    for line in said:
        if line.product is not None:
            spoken[line.product] = spoken.get(line.product, 0.0) + line.seconds
    sold = {one.product for one in books.by_product}
    # What was explained or clicked and never bought belongs in the table too.
    idle = [
        Sums(
            currency=books.shelf[product][1],
            product=product,
            orders=0,
            paid_orders=0,
            refunded_orders=0,
            quantity=0,
            ordered_minor=0,
            paid_minor=0,
            refunded_minor=0,
            net_minor=0,
        )
        for product in sorted({*spoken, *books.clicks} - sold)
        if product in books.shelf
    ]
    return tuple(
        ProductSales(
            product=one.product,
            title=books.title(one.product),
            gmv=gmv_of(one),
            said_seconds=(seconds := None if one.product is None else spoken.get(one.product) or None),
            efficiency=average(gmv_of(one).paid, seconds / 60) if seconds else None,
            clicks=None if one.product is None or not (books.clicks or spoken) else books.clicks.get(one.product, 0),
        )
        for one in (*books.by_product, *idle)
    )


def _named(room: RoomId, told: Sequence[tuple[float, LiveEvent]]) -> list[Asked]:
    """The room's comments with its name before theirs: two rooms may number their comments alike."""
    return [
        replace(
            item,
            comment=CommentId(f"{room}/{item.comment}"),
            merged_into=None if item.merged_into is None else CommentId(f"{room}/{item.merged_into}"),
        )
        for item in comments_of(event for _, event in told)
    ]
