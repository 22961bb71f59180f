"""An order's message as the generic webhook sends it, read strictly: exact money, bounded text, nothing guessed.

`{"id", "product": sku, "quantity", "amount": "59.90", "currency", "status", "updated_at"?, "show"?, "event"?,
"simulated"?, "test"?, "buyer"?, "code"?}`; `amount` is the order's total, for `refunded` what has been paid
back so far; `code` the one that one of our links carried.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.catalogue.money import amount_of, to_minor
from app.errors import BadInput
from app.events import OrderStatus, ShopId
from app.orders.buyers import Buyers, masked
from app.orders.codes import plain_code
from app.orders.fold import RANK, OrderEvent

TEXT_MOST = 120  # characters of an id, sku or show
QUANTITY_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came in, its signature already checked. Header names are lower case; `buyers` stands for the named."""

    shop: ShopId
    buyers: Buyers
    headers: Mapping[str, str]
    raw: bytes
    received_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message's place in the inbox. `event` is None for a topic that is kept but means nothing to us."""

    order: str
    event_id: str
    event: OrderEvent | None


def read_order(sent: Sent) -> tuple[Message, ...]:
    """The message (UTF-8 JSON). Raises BadInput naming the field, what was wanted and what was found."""
    body = object_in(sent.raw)
    order, status = text_in(body, "id"), text_in(body, "status")
    updated = text_in(body, "updated_at", needed=False)
    event_id = text_in(body, "event", needed=False) or f"{order}:{status}:{updated or ''}"
    known: OrderStatus | None = next((name for name in RANK if name == status), None)
    if known is None:
        return (Message(order=order, event_id=event_id, event=None),)
    currency = text_in(body, "currency")
    buyer = text_in(body, "buyer", needed=False)
    event = OrderEvent(
        event=event_id,
        status=known,
        amount_minor=to_minor(_amount(body), currency),
        currency=currency,
        quantity=quantity_in(body),
        sku=text_in(body, "product"),
        show=text_in(body, "show", needed=False) or None,
        updated_ms=None if not updated else milliseconds(updated),
        received_ms=sent.received_ms,
        simulated=_flag(body, "simulated"),
        test=_flag(body, "test"),
        buyer=sent.buyers.of(sent.shop, "webhook", buyer) if buyer else None,
        buyer_shown=masked(buyer) if buyer else None,
        code=plain_code(body.get("code")),
    )
    return (Message(order=order, event_id=event_id, event=event),)


def value_in(raw: bytes) -> Any:
    """The JSON value in `raw`; decimal numbers keep their digits. Raises BadInput."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise BadInput("body", "one UTF-8 JSON object without repeated keys", raw[:80]) from problem


def object_in(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`. Raises BadInput."""
    body = value_in(raw)
    if not isinstance(body, dict):
        raise BadInput("body", "a JSON object", body)
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key stands twice")
    return body


def text_in(body: dict[str, Any], name: str, *, needed: bool = True) -> str:
    """A printable field; whole numbers are read as text. Empty when it may be missing and is. Raises BadInput."""
    value = body.get(name)
    if value is None and not needed:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name not in {"status", "currency", "product"}:
        value = str(value) if abs(value) < 10**30 else ""  # many shops number their orders
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


def quantity_in(body: dict[str, Any]) -> int:
    """The pieces. Raises BadInput."""
    value = body.get("quantity", 1)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= QUANTITY_MOST:
        raise BadInput("quantity", f"a whole number from 1 to {QUANTITY_MOST}", value)
    return value


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise BadInput(name, "true or false", value)
    return value


def milliseconds(text: str, field: str = "updated_at") -> int:
    """Unix milliseconds of an ISO 8601 time. Raises BadInput without a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(field, "an ISO 8601 time with its zone", text) from None
    if moment.tzinfo is None:
        raise BadInput(field, "an ISO 8601 time with its zone", text)
    return int(moment.timestamp() * 1000)
