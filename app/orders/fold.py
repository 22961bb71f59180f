"""What an order is, from everything its shop ever said about it: a pure fold that forgets order and repetition.

Events stand by the source's own version (its updated time), never by arrival; without one, by how far the status has
come. So duplicates, shuffles and day-late arrivals end in the same state (property-tested).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.events import OrderStatus

RANK: dict[OrderStatus, int] = {"created": 0, "paid": 1, "cancelled": 2, "refunded": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """One message about an order. Amounts are minor units; times unix milliseconds, `updated_ms` the source's.

    `amount_minor` of a refund is what has been paid back in total so far, of anything else the order's total.
    """

    event: str
    status: OrderStatus
    amount_minor: int
    currency: str
    quantity: int
    sku: str
    show: str | None
    updated_ms: int | None
    received_ms: int
    simulated: bool
    test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """An order as it stands. `refunded_minor` never exceeds `amount_minor`; `paid` stays true after a refund."""

    status: OrderStatus
    amount_minor: int
    refunded_minor: int
    currency: str
    quantity: int
    sku: str
    show: str | None
    paid: bool
    simulated: bool
    test: bool
    placed_ms: int
    updated_ms: int


def fold(events: Iterable[OrderEvent]) -> OrderState:
    """The order's state. Raises ValueError when there is no event at all."""
    ranked = sorted(events, key=_standing)
    if not ranked:
        raise ValueError("events: wanted at least one, found none")
    last = ranked[-1]
    totals = [event for event in ranked if event.status != "refunded"]
    total = totals[-1] if totals else last
    refunds = [event for event in ranked if event.status == "refunded"]
    refunded = min(refunds[-1].amount_minor, total.amount_minor) if refunds else 0
    return OrderState(
        status=last.status,
        amount_minor=total.amount_minor,
        refunded_minor=refunded,
        currency=total.currency,
        quantity=total.quantity,
        sku=total.sku,
        show=next((event.show for event in ranked if event.show is not None), None),
        paid=any(event.status in {"paid", "refunded"} for event in ranked),
        # Once marked, always marked: an unmarked repeat must not carry play money into the books.
        simulated=any(event.simulated for event in ranked),
        test=any(event.test for event in ranked),
        placed_ms=min(_when(event) for event in ranked),
        updated_ms=max(_when(event) for event in ranked),
    )


def _standing(event: OrderEvent) -> tuple[int, int, int, str, str]:
    return event.updated_ms or 0, RANK[event.status], event.amount_minor, event.currency, event.event


def _when(event: OrderEvent) -> int:
    # A source clock in the future must not date an order after it was heard of.
    return event.received_ms if event.updated_ms is None else min(event.updated_ms, event.received_ms)
