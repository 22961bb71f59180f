"""What the desk shows about a room, folded from its events: comments with decisions, money, health (pure)."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from decimal import Decimal

from app.events import (
    CommentAnswered,
    CommentDecided,
    CommentHeard,
    CommentId,
    LineStarted,
    LiveEvent,
    OrderId,
    OrderPlaced,
)
from app.live import wire

SHOWN = 50  # comments on the desk, newest first; older ones leave it (the log keeps them)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A comment with what became of it."""

    heard: CommentHeard
    decided: CommentDecided | None = None
    answered: CommentAnswered | None = None
    saying: str = ""

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
        )


class Board:
    """Fold of one room's events. `real` orders only, or in a rehearsal its simulated ones too."""

    def __init__(self, *, rehearsal: bool) -> None:
        self._rehearsal = rehearsal
        self._comments: OrderedDict[CommentId, Heard] = OrderedDict()
        self._orders: dict[OrderId, OrderPlaced] = {}
        self.order_events = 0
        self.health: dict[str, str] = {"model": "ok", "voice": "ok", "database": "ok"}

    def take(self, event: LiveEvent) -> None:
        """Fold one event in."""
        match event:
            case CommentHeard() if event.crowd_kind == "comment":
                self._comments[event.comment] = Heard(heard=event)
                while len(self._comments) > SHOWN:
                    self._comments.popitem(last=False)
            case CommentDecided() if known := self._comments.get(event.comment):
                self._comments[event.comment] = replace(known, decided=event)
            case LineStarted(line_kind="answer", comment=comment) if comment and (known := self._comments.get(comment)):
                self._comments[comment] = replace(known, saying=known.saying + event.text)
            case CommentAnswered() if known := self._comments.get(event.comment):
                self._comments[event.comment] = replace(known, answered=event)
            case OrderPlaced() if self._rehearsal or not event.simulated:
                self.order_events += 1
                if event.status != "refunded":  # what was paid stays paid; refunds are the dashboard's net GMV
                    self._orders[event.order] = event

    def comments(self) -> list[wire.DeskComment]:
        """The newest first."""
        return [item.shown() for item in reversed(self._comments.values())]

    def gmv(self) -> dict[str, str]:
        """Paid GMV by currency as decimal strings, over the orders this room was told of."""
        totals: dict[str, Decimal] = {}
        for order in self._orders.values():
            if order.status == "paid":
                totals[order.currency] = totals.get(order.currency, Decimal(0)) + order.amount
        return {currency: f"{total:f}" for currency, total in sorted(totals.items())}
