"""Sales as figures: pure functions from the books' rows (minor units) to what a dashboard shows (major units).

Ordered: every order, paid or not. Paid (the headline): orders that were paid, before refunds. Net: paid less refunds
and less paid orders that were cancelled; settled once the order is older than the time in which goods come back.
Averages are rounded half to even to the currency's digits.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from app.catalogue.money import to_major
from app.events import ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What SQL adds up, by currency (and product): counts and minor units. `buyers` are those who are known."""

    currency: str
    product: ProductId | None
    orders: int
    paid_orders: int
    refunded_orders: int
    quantity: int
    ordered_minor: int
    paid_minor: int
    refunded_minor: int
    net_minor: int
    settled_minor: int = 0
    buyers: int = 0
    nameless_orders: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gmv:
    """One currency's sales in major units. What cannot be known is None: averages of nothing, buyers never named.

    `buyers` are those of the paid orders that name one, `nameless_orders` the paid orders that name none. `net` is
    `settled` and `provisional` together. `refund_share` (by orders) and `refund_money_share` are 0..1 of paid ones.
    """

    currency: str
    ordered: Decimal
    paid: Decimal
    net: Decimal
    settled: Decimal
    provisional: Decimal
    orders: int
    paid_orders: int
    quantity: int
    buyers: int | None
    nameless_orders: int
    aov: Decimal | None
    per_buyer: Decimal | None
    refund_share: float | None
    refund_money_share: float | None


def gmv_of(sums: Sums) -> Gmv:
    """The figures of one currency."""
    paid = to_major(sums.paid_minor, sums.currency)
    all_named = sums.buyers > 0 and sums.nameless_orders == 0
    return Gmv(
        currency=sums.currency,
        ordered=to_major(sums.ordered_minor, sums.currency),
        paid=paid,
        net=to_major(sums.net_minor, sums.currency),
        settled=to_major(sums.settled_minor, sums.currency),
        provisional=to_major(sums.net_minor - sums.settled_minor, sums.currency),
        orders=sums.orders,
        paid_orders=sums.paid_orders,
        quantity=sums.quantity,
        buyers=sums.buyers or None,
        nameless_orders=sums.nameless_orders,
        aov=average(paid, sums.paid_orders),
        per_buyer=average(paid, sums.buyers) if all_named else None,
        refund_share=sums.refunded_orders / sums.paid_orders if sums.paid_orders else None,
        refund_money_share=sums.refunded_minor / sums.paid_minor if sums.paid_minor else None,
    )


def average(money: Decimal, count: float) -> Decimal | None:
    """Money by count, with the money's own digits; None of none."""
    return (money / Decimal(str(count))).quantize(money, ROUND_HALF_EVEN) if count else None
