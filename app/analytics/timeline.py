"""Sales and talk over time: which minute, hour or day holds which money, and what was being said then (pure)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from app.catalogue.money import to_major
from app.events import ProductId

MINUTE, HOUR = 60.0, 3600.0
MINUTES_MOST = 24 * 60  # one whole day on air by the minute; what is longer is shown by the hour
HOURS_MOST = 49  # a period up to two days is shown by the hour, a longer one by the day


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """A paid order's moment (unix seconds) and money. `product` is set for one article's part of an order."""

    at: float
    currency: str
    minor: int
    product: ProductId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line that was heard: when it began, its words, its kind and product, and seconds of sound."""

    at: float
    text: str
    line_kind: str
    product: ProductId | None
    seconds: float
    line: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """Money paid, by currency, and in how many orders."""

    paid: dict[str, Decimal]
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One stretch of time from `at` to `until` (unix seconds): money paid in it and what was being said."""

    at: float
    until: float
    paid: dict[str, Decimal]
    orders: int
    products: dict[ProductId, Sold]
    comments: int
    said: tuple[Said, ...]


@dataclass(slots=True)
class _Tally:
    money: dict[str, int] = field(default_factory=dict)
    orders: int = 0

    def add(self, order: PaidOrder) -> None:
        self.money[order.currency] = self.money.get(order.currency, 0) + order.minor
        self.orders += 1

    @property
    def paid(self) -> dict[str, Decimal]:
        return {currency: to_major(minor, currency) for currency, minor in self.money.items()}


def minute_edges(started: float, ended: float) -> list[float]:
    """The beginnings of every minute (of every hour for more than a day) of a show, and one edge after its end."""
    step = MINUTE if ended - started <= MINUTES_MOST * MINUTE else HOUR
    return [started + index * step for index in range(max(1, int((ended - started) // step) + 1) + 1)]


def day_edges(start: datetime, end: datetime) -> list[float]:
    """The beginnings of every hour, or of every day of the local calendar, and one edge after them.

    `start` and `end` are aware; days follow the zone of `start`, so a day with a clock change has 23 or 25 hours.
    """
    if (end - start).total_seconds() <= HOURS_MOST * HOUR:
        count = max(1, -(-int((end - start).total_seconds()) // int(HOUR)))
        return [start.timestamp() + index * HOUR for index in range(count + 1)]
    edges, day = [], start.replace(tzinfo=None)
    while day.astimezone() < end:
        edges.append(day.astimezone().timestamp())
        day += timedelta(days=1)
    return [*edges, end.timestamp()]


def over_time(
    edges: Sequence[float],
    paid: Iterable[PaidOrder],
    parts: Iterable[PaidOrder],
    comments: Iterable[float],
    said: Sequence[Said],
) -> tuple[Minute, ...]:
    """What falls between each two edges; what falls outside all of them is left out.

    `paid` are whole orders, `parts` the articles in them. A line stands where it began.
    """
    count = len(edges) - 1
    whole = [_Tally() for _ in range(count)]
    products: list[dict[ProductId, _Tally]] = [{} for _ in range(count)]
    heard = [0] * count
    words: list[list[Said]] = [[] for _ in range(count)]

    def place(at: float) -> int | None:
        index = bisect_right(edges, at) - 1
        return index if 0 <= index < count else None

    for order in paid:
        if (spot := place(order.at)) is not None:
            whole[spot].add(order)
    for part in parts:
        if part.product is not None and (spot := place(part.at)) is not None:
            products[spot].setdefault(part.product, _Tally()).add(part)
    for at in comments:
        if (spot := place(at)) is not None:
            heard[spot] += 1
    for line in said:
        if (spot := place(line.at)) is not None:
            words[spot].append(line)
    return tuple(
        Minute(
            at=edges[index],
            until=edges[index + 1],
            paid=whole[index].paid,
            orders=whole[index].orders,
            products={
                product: Sold(paid=tally.paid, orders=tally.orders) for product, tally in products[index].items()
            },
            comments=heard[index],
            said=tuple(words[index]),
        )
        for index in range(count)
    )
