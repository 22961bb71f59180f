"""An order's message as the generic webhook sends it, read strictly: exact money, bounded text, nothing guessed.

`{"id", "product": sku, "quantity", "amount": "59.90", "currency", "status", "updated_at"?, "show"?, "event"?,
"simulated"?, "test"?}`; `amount` is the order's total, for `refunded` what has been paid back so far.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.catalogue.money import amount_of, to_minor
from app.errors import BadInput
from app.events import OrderStatus
from app.orders.fold import RANK, OrderEvent

TEXT_MOST = 120  # characters of an id, sku or show
QUANTITY_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message's place in the inbox. `event` is None for a topic that is kept but means nothing to us."""

    order: str
    event_id: str
    event: OrderEvent | None


def parse_order(raw: bytes, received_ms: int) -> Message:
    """The message in `raw` (UTF-8 JSON). Raises BadInput naming the field, what was wanted and what was found."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise BadInput("body", "one UTF-8 JSON object without repeated keys", raw[:80]) from problem
    if not isinstance(body, dict):
        raise BadInput("body", "a JSON object", body)
    order, status = _text(body, "id"), _text(body, "status")
    updated = _text(body, "updated_at", needed=False)
    event_id = _text(body, "event", needed=False) or f"{order}:{status}:{updated or ''}"
    known: OrderStatus | None = next((name for name in RANK if name == status), None)
    if known is None:
        return Message(order=order, event_id=event_id, event=None)
    currency = _text(body, "currency")
    return Message(
        order=order,
        event_id=event_id,
        event=OrderEvent(
            event=event_id,
            status=known,
            amount_minor=to_minor(_amount(body), currency),
            currency=currency,
            quantity=_quantity(body),
            sku=_text(body, "product"),
            show=_text(body, "show", needed=False) or None,
            updated_ms=None if not updated else _milliseconds(updated),
            received_ms=received_ms,
            simulated=_flag(body, "simulated"),
            test=_flag(body, "test"),
        ),
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key stands twice")
    return body


def _text(body: dict[str, Any], name: str, *, needed: bool = True) -> str:
    value = body.get(name)
    if value is None and not needed:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name in {"id", "event"}:
        value = str(value)  # many shops number their orders
    fits = isinstance(value, str) and len(value) <= TEXT_MOST and (bool(value) or not needed)
    text = value if isinstance(value, str) else ""
    if not fits or any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise BadInput(name, f"a string of 1 to {TEXT_MOST} printable characters", value)
    return text


def _amount(body: dict[str, Any]) -> Decimal:
    value = body.get("amount")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadInput("amount", 'a decimal string such as "59.90"', value)
    return amount_of(str(value))


def _quantity(body: dict[str, Any]) -> int:
    value = body.get("quantity", 1)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= QUANTITY_MOST:
        raise BadInput("quantity", f"a whole number from 1 to {QUANTITY_MOST}", value)
    return value


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise BadInput(name, "true or false", value)
    return value


def _milliseconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("updated_at", "an ISO 8601 time with its zone", text) from None
    if moment.tzinfo is None:
        raise BadInput("updated_at", "an ISO 8601 time with its zone", text)
    return int(moment.timestamp() * 1000)
