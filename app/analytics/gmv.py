"""Sales as figures: pure functions from the books' rows (minor units) to what a dashboard shows (major units).

Ordered: every order, paid or not. Paid (the headline): orders that were paid, before refunds. Net: paid less refunds
and less paid orders that were cancelled. AOV: paid money by paid order, rounded half to even to the currency's digits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from app.catalogue.money import to_major
from app.events import ProductId

MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What SQL adds up, by currency (and product): counts and minor units."""

    currency: str
    product: ProductId | None
    orders: int
    paid_orders: int
    refunded_orders: int
    quantity: int
    ordered_minor: int
    paid_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gmv:
    """One currency's sales in major units. `aov` and `refund_share` (0..1 of paid orders) are None without any."""

    currency: str
    ordered: Decimal
    paid: Decimal
    net: Decimal
    orders: int
    paid_orders: int
    quantity: int
    aov: Decimal | None
    refund_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """A paid order's moment (unix seconds) and money, for the minutes."""

    at: float
    currency: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line that was heard: when it began, its words, its kind and product, and seconds of sound."""

    at: float
    text: str
    line_kind: str
    product: ProductId | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One minute on air, `at` its beginning (unix seconds): money paid in it and what was being said."""

    at: float
    paid: dict[str, Decimal]
    orders: int
    comments: int
    said: tuple[str, ...]


def gmv_of(sums: Sums) -> Gmv:
    """The figures of one currency."""
    paid = to_major(sums.paid_minor, sums.currency)
    return Gmv(
        currency=sums.currency,
        ordered=to_major(sums.ordered_minor, sums.currency),
        paid=paid,
        net=to_major(sums.net_minor, sums.currency),
        orders=sums.orders,
        paid_orders=sums.paid_orders,
        quantity=sums.quantity,
        aov=(paid / sums.paid_orders).quantize(paid, ROUND_HALF_EVEN) if sums.paid_orders else None,
        refund_share=sums.refunded_orders / sums.paid_orders if sums.paid_orders else None,
    )


def by_minute(
    started: float, ended: float, paid: Iterable[PaidOrder], comments: Iterable[float], said: Sequence[Said]
) -> tuple[Minute, ...]:
    """Every minute from `started` to `ended`; orders and comments outside are left out.

    A line stands in the minute in which it began.
    """
    count = max(1, int((ended - started) // MINUTE) + 1)
    money: list[dict[str, int]] = [{} for _ in range(count)]
    orders, heard = [0] * count, [0] * count
    words: list[list[str]] = [[] for _ in range(count)]

    def place(at: float) -> int | None:
        index = int((at - started) // MINUTE)
        return index if 0 <= index < count else None

    for order in paid:
        if (minute := place(order.at)) is not None:
            money[minute][order.currency] = money[minute].get(order.currency, 0) + order.minor
            orders[minute] += 1
    for at in comments:
        if (minute := place(at)) is not None:
            heard[minute] += 1
    for line in said:
        if (minute := place(line.at)) is not None:
            words[minute].append(line.text)
    return tuple(
        Minute(
            at=started + index * MINUTE,
            paid={currency: to_major(minor, currency) for currency, minor in money[index].items()},
            orders=orders[index],
            comments=heard[index],
            said=tuple(words[index]),
        )
        for index in range(count)
    )
