"""What an order is, from everything its shop ever said about it: a pure fold that forgets order and repetition.

Events stand by the source's own version (its updated time), never by arrival; without one, by how far the status has
come. So duplicates, shuffles and day-late arrivals end in the same state (property-tested).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.events import OrderStatus

RANK: dict[OrderStatus, int] = {"created": 0, "paid": 1, "cancelled": 2, "refunded": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article of an order; `amount_minor` is the whole line's money."""

    sku: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An article with its part of what was paid back, never more than it cost."""

    item: Item
    refunded_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """One message about an order. Amounts are minor units; times unix milliseconds, `updated_ms` the source's.

    `amount_minor` of a refund is what has been paid back in total so far, of anything else the order's total;
    `total_minor` is the total that a refund's message told along. An empty `currency` means that the message told a
    status and no money (some platforms send only that). `was_paid` says that a cancelled order had been paid. `items`
    is empty when the message told only one article: then `sku` and `quantity` are it. `buyer` is a pseudonym. `code` is
    the one of our links that the shop handed back.
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
    total_minor: int | None = None
    was_paid: bool = False
    items: tuple[Item, ...] = ()
    buyer: str | None = None
    buyer_shown: str | None = None
    code: str = ""

    @property
    def total(self) -> int | None:
        """The order's total if this message told it."""
        if not self.currency:
            return None
        return self.total_minor if self.status == "refunded" else self.amount_minor


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
    lines: tuple[Line, ...]
    buyer: str | None
    buyer_shown: str | None
    code: str


def fold(events: Iterable[OrderEvent]) -> OrderState | None:
    """The order's state; None while no message has told its money. Raises ValueError when there is no event at all."""
    ranked = sorted(events, key=_standing)
    if not ranked:
        raise ValueError("events: wanted at least one, found none")
    told = [event for event in ranked if event.currency]
    if not told:
        return None
    totals = [event for event in told if event.total is not None]
    # A refund that came alone: until the order itself is told, its total is at least what was paid back.
    total = totals[-1] if totals else told[-1]
    amount = total.amount_minor if total.total is None else total.total
    refunds = [event for event in told if event.status == "refunded"]
    refunded = min(refunds[-1].amount_minor, amount) if refunds else 0
    items = total.items or (Item(sku=total.sku, quantity=total.quantity, amount_minor=amount),)
    return OrderState(
        status=ranked[-1].status,
        amount_minor=amount,
        refunded_minor=refunded,
        currency=total.currency,
        quantity=total.quantity,
        sku=total.sku,
        show=next((event.show for event in ranked if event.show is not None), None),
        paid=any(event.was_paid or event.status in {"paid", "refunded"} for event in ranked),
        # Once marked, always marked: an unmarked repeat must not carry play money into the books.
        simulated=any(event.simulated for event in ranked),
        test=any(event.test for event in ranked),
        placed_ms=min(_when(event) for event in ranked),
        updated_ms=max(_when(event) for event in ranked),
        lines=tuple(
            Line(item=item, refunded_minor=part)
            for item, part in zip(items, shared(refunded, [item.amount_minor for item in items]), strict=True)
        ),
        buyer=next((event.buyer for event in reversed(ranked) if event.buyer), None),
        buyer_shown=next((event.buyer_shown for event in reversed(ranked) if event.buyer_shown), None),
        code=next((event.code for event in ranked if event.code), ""),
    )


def shared(minor: int, weights: Sequence[int]) -> list[int]:
    """`minor` in whole parts by weight: largest remainders first, then the earlier line.

    The parts add up to `minor`, or to all weights when those are less (postage paid back is no article's).
    """
    whole = sum(weights)
    minor = min(minor, whole)
    if whole == 0:
        return [0] * len(weights)
    parts = [minor * weight // whole for weight in weights]
    left = sorted(range(len(weights)), key=lambda index: (-(minor * weights[index] % whole), index))
    for index in left[: minor - sum(parts)]:
        parts[index] += 1
    return parts


def _standing(event: OrderEvent) -> tuple[int, int, int, str, str]:
    return event.updated_ms or 0, RANK[event.status], event.amount_minor, event.currency, event.event


def _when(event: OrderEvent) -> int:
    # A source clock in the future must not date an order after it was heard of.
    return event.received_ms if event.updated_ms is None else min(event.updated_ms, event.received_ms)
