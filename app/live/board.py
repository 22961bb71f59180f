"""What the desk shows about a room, folded from its events: comments with decisions, money, stock (pure)."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from app.events import (
    CommentAnswered,
    CommentDecided,
    CommentHeard,
    CommentId,
    LineStarted,
    LiveEvent,
    OrderId,
    OrderPlaced,
    ProductId,
    Replanned,
    StockChanged,
)
from app.live import wire

MOVES = 6  # changes of the running order on the desk, newest first
SHOWN = 50  # comments on the desk, newest first; older ones leave it (the log keeps them)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A comment with what became of it."""

    heard: CommentHeard
    decided: CommentDecided | None = None
    answered: CommentAnswered | None = None
    saying: str = ""
    product: ProductId | None = None

    def shown(self) -> wire.DeskComment:
        """The comment as the desk page renders it."""
        return wire.DeskComment(
            comment=self.heard.comment,
            name=self.heard.name[:40],
            text=self.heard.text[:300],
            simulated=self.heard.simulated,
            received_ms=round(self.heard.received_at * 1000),
            decision=self.decided.decision if self.decided else "waiting",
            reason=self.decided.reason if self.decided else "",
            intent=self.decided.intent if self.decided else "",
            wait_ms=self.decided.wait_ms if self.decided else None,
            answer=self.answered.answer if self.answered else self.saying or None,
            first_sound_ms=self.answered.first_sound_ms if self.answered else None,
            first_word_ms=self.answered.first_word_ms if self.answered else None,
            product=self.product,
        )


class Board:
    """Fold of one room's events. `real` orders only, or in a rehearsal its simulated ones too.

    `stock` is what each product began with, so that the desk can undo a sold-out.
    """

    def __init__(self, *, rehearsal: bool, stock: Mapping[ProductId, int | None] | None = None) -> None:
        self._rehearsal = rehearsal
        self._comments: OrderedDict[CommentId, Heard] = OrderedDict()
        self._orders: dict[OrderId, OrderPlaced] = {}
        self._stock: dict[ProductId, int | None] = dict(stock or {})
        self.stock_before: dict[ProductId, int] = {}
        self.order_events = 0
        self._moves: list[Replanned] = []

    def take(self, event: LiveEvent, product: ProductId | None = None) -> None:
        """Fold one event in; `product` is what a comment is about."""
        match event:
            case CommentHeard() if event.crowd_kind == "comment":
                self._comments[event.comment] = Heard(heard=event, product=product)
                while len(self._comments) > SHOWN:
                    self._comments.popitem(last=False)
            case CommentDecided() if known := self._comments.get(event.comment):
                self._comments[event.comment] = replace(known, decided=event)
            case LineStarted(line_kind="answer", comment=comment) if comment and (known := self._comments.get(comment)):
                self._comments[comment] = replace(known, saying=known.saying + event.text)
            case CommentAnswered() if known := self._comments.get(event.comment):
                self._comments[event.comment] = replace(known, answered=event)
            case StockChanged():
                if event.stock == 0 and (before := self._stock.get(event.product)):
                    self.stock_before[event.product] = before
                elif event.stock > 0:
                    self.stock_before.pop(event.product, None)
                self._stock[event.product] = event.stock
            case Replanned():
                self._moves = [event, *self._moves][:MOVES]
            case OrderPlaced() if self._rehearsal or not event.simulated:
                self.order_events += 1
                if event.status != "refunded":  # what was paid stays paid; refunds are the dashboard's net GMV
                    self._orders[event.order] = event

    def comments(self) -> list[wire.DeskComment]:
        """The newest first."""
        return [item.shown() for item in reversed(self._comments.values())]

    def moves(self) -> list[wire.DeskMove]:
        """How the running order changed by itself, the newest first."""
        return [
            wire.DeskMove(product=move.product, why=move.why, number=move.number, at_ms=round(move.when * 1000))
            for move in self._moves
        ]

    def delays(self) -> wire.DeskDelays:
        """How soon the answers on the desk came."""
        answers = [item.answered for item in self._comments.values() if item.answered is not None]
        if not answers:
            return wire.DeskDelays()
        return wire.DeskDelays(
            answers=len(answers),
            first_sound_ms=round(median(answer.first_sound_ms for answer in answers)),
            first_word_ms=round(median(answer.first_word_ms for answer in answers)),
        )

    def gmv(self) -> dict[str, str]:
        """Paid GMV by currency as decimal strings, over the orders this room was told of."""
        totals: dict[str, Decimal] = {}
        for order in self._orders.values():
            if order.status == "paid":
                totals[order.currency] = totals.get(order.currency, Decimal(0)) + order.amount
        return {currency: f"{total:f}" for currency, total in sorted(totals.items())}
