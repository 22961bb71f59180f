"""What the platforms' own order messages mean: pure readers, one a platform.

Written from the platforms' public descriptions and never run against them from here (docs/webhooks.md says the same).
An unknown topic is a message without an event: it is kept, and means nothing to us.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.catalogue.money import amount_of, to_minor
from app.errors import BadInput
from app.events import OrderStatus
from app.orders.buyers import masked
from app.orders.codes import code_in_address, plain_code
from app.orders.fold import Item, OrderEvent
from app.orders.parse import QUANTITY_MOST, TEXT_MOST, Message, Sent, milliseconds, object_in, text_in, value_in

ITEMS_MOST = 1_000
MESSAGES_MOST = 100  # in one body
MAIN_CURRENCY = "CNY"  # 抖店 and Douyin sell in it alone and do not name it

SHOPIFY_PAID = frozenset({"paid", "partially_refunded", "refunded"})
WOO_STATUS: Mapping[str, OrderStatus] = {
    **dict.fromkeys(("pending", "on-hold", "checkout-draft"), "created"),
    **dict.fromkeys(("processing", "completed"), "paid"),
    **dict.fromkeys(("cancelled", "failed", "trash"), "cancelled"),
    "refunded": "refunded",
}
TIKTOK_STATUS: Mapping[str, OrderStatus] = {
    **dict.fromkeys(("UNPAID",), "created"),
    **dict.fromkeys(("ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION"), "paid"),
    **dict.fromkeys(("IN_TRANSIT", "DELIVERED", "COMPLETED"), "paid"),
    **dict.fromkeys(("CANCELLED", "CANCEL"), "cancelled"),
}
DOUDIAN_TAGS: Mapping[str, OrderStatus] = {"100": "created", "101": "paid", "106": "cancelled", "206": "refunded"}
DOUYIN_STATUS: Mapping[str, OrderStatus] = {
    **dict.fromkeys(("created", "CREATED", "wait_pay"), "created"),
    **dict.fromkeys(("paid", "PAID", "success", "SUCCESS", "pay_success"), "paid"),
    **dict.fromkeys(("cancelled", "CANCELLED", "closed", "timeout"), "cancelled"),
    **dict.fromkeys(("refunded", "REFUNDED", "refund_success"), "refunded"),
}


def read_shopify(sent: Sent) -> tuple[Message, ...]:
    """Shopify's order topics (`orders/*`). Refund topics tell one refund only; `orders/updated` brings the sum."""
    body, topic = object_in(sent.raw), sent.headers.get("x-shopify-topic", "orders/updated")
    order = text_in(body, "id")
    if not topic.startswith("orders/") or "total_price" not in body:
        return (Message(order=order, event_id=f"{topic[:60]}:{order}", event=None),)
    currency, status = text_in(body, "currency"), text_in(body, "financial_status", needed=False)
    updated = text_in(body, "updated_at", needed=False)
    total = _money(body.get("total_price"), currency, "total_price")
    back = sum(
        _money(transaction.get("amount"), currency, "refunds.amount")
        for refund in _objects(body, "refunds")
        for transaction in _objects(refund, "transactions")
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    )
    if body.get("cancelled_at"):
        now: OrderStatus = "cancelled"
    elif back:
        now = "refunded"
    else:
        now = "paid" if status in SHOPIFY_PAID else "created"
    items = tuple(
        Item(
            sku=_sku(line),
            quantity=_pieces(line),
            amount_minor=max(
                0,
                _money(line.get("price"), currency, "line_items.price") * _pieces(line)
                - sum(
                    _money(cut.get("amount"), currency, "discount") for cut in _objects(line, "discount_allocations")
                ),
            ),
        )
        for line in _objects(body, "line_items")
    )
    buyer = body.get("customer")
    return (
        _message(
            sent,
            "shopify",
            order,
            now,
            currency=currency,
            total=total,
            back=back,
            items=items,
            updated_ms=None if not updated else milliseconds(updated),
            test=body.get("test") is True,
            was_paid=status in SHOPIFY_PAID,
            buyer=str(buyer["id"]) if isinstance(buyer, dict) and buyer.get("id") else "",
            buyer_shown=str(buyer.get("first_name") or buyer["id"])
            if isinstance(buyer, dict) and buyer.get("id")
            else "",
            code=code_in_address(body.get("landing_site")) or _noted(body, "note_attributes", "name"),
        ),
    )


def read_woocommerce(sent: Sent) -> tuple[Message, ...]:
    """WooCommerce's `order.*` topics."""
    body, topic = object_in(sent.raw), sent.headers.get("x-wc-webhook-topic", "order.updated")
    order = text_in(body, "id")
    status = WOO_STATUS.get(text_in(body, "status", needed=False))
    if not topic.startswith("order.") or status is None:
        return (Message(order=order, event_id=f"{topic[:60]}:{order}", event=None),)
    currency, updated = text_in(body, "currency"), text_in(body, "date_modified_gmt", needed=False)
    back = sum(_money(refund.get("total"), currency, "refunds.total") for refund in _objects(body, "refunds"))
    total = _money(body.get("total"), currency, "total")
    billing = body.get("billing") if isinstance(body.get("billing"), dict) else {}
    number = body.get("customer_id")
    buyer = str(number) if number else str(billing.get("email") or "") if isinstance(billing, dict) else ""
    return (
        _message(
            sent,
            "woocommerce",
            order,
            "refunded" if back and status == "paid" else status,
            currency=currency,
            total=total,
            back=back or (total if status == "refunded" else 0),
            items=tuple(
                Item(
                    sku=_sku(line),
                    quantity=_pieces(line),
                    amount_minor=_money(line.get("total"), currency, "line_items.total")
                    + _money(line.get("total_tax") or "0", currency, "line_items.total_tax"),
                )
                for line in _objects(body, "line_items")
            ),
            updated_ms=None if not updated else milliseconds(f"{updated.removesuffix('Z')}+00:00", "date_modified_gmt"),
            was_paid=bool(body.get("date_paid_gmt") or body.get("date_paid")),
            buyer=buyer,
            buyer_shown=str(billing.get("first_name") or buyer) if isinstance(billing, dict) else buyer,
            code=_noted(body, "meta_data", "key"),
        ),
    )


def read_stripe(sent: Sent) -> tuple[Message, ...]:
    """Stripe's events; the order is the payment. `metadata.sku`, `.quantity` and `.show` say what was bought."""
    body = object_in(sent.raw)
    event_id, kind = text_in(body, "id"), text_in(body, "type")
    data = body.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        raise BadInput("data.object", "a JSON object", data)
    paid_back: object = 0
    status: OrderStatus
    match kind:
        case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
            order, total = thing.get("payment_intent") or thing.get("id"), thing.get("amount_total")
            status = "paid" if thing.get("payment_status") in {"paid", "no_payment_required"} else "created"
        case "payment_intent.succeeded":
            order, total, status = thing.get("id"), thing.get("amount_received"), "paid"
        case "payment_intent.created":
            order, total, status = thing.get("id"), thing.get("amount"), "created"
        case "payment_intent.canceled":
            order, total, status = thing.get("id"), thing.get("amount"), "cancelled"
        case "charge.refunded":
            order, total, status = thing.get("payment_intent") or thing.get("id"), thing.get("amount"), "refunded"
            paid_back = thing.get("amount_refunded")
        case _:
            return (Message(order=event_id, event_id=event_id, event=None),)
    currency = text_in(thing, "currency").upper()
    meta = thing.get("metadata") if isinstance(thing.get("metadata"), dict) else {}
    metadata: dict[str, Any] = meta if isinstance(meta, dict) else {}
    minor = _minor(total, currency, "amount")
    pieces = str(metadata.get("quantity") or "1")
    return (
        _message(
            sent,
            "stripe",
            text_in({"id": order}, "id"),
            status,
            event_id=event_id,
            currency=currency,
            total=minor,
            back=_minor(paid_back, currency, "amount_refunded"),
            items=(Item(sku=_sku(metadata), quantity=_pieces({"quantity": pieces}), amount_minor=minor),),
            updated_ms=_seconds(body.get("created"), "created"),
            test=body.get("livemode") is False,
            buyer=str(thing.get("customer") or ""),
            buyer_shown=str(thing.get("customer") or ""),
            show=str(metadata.get("show") or "") or None,
            code=plain_code(metadata.get("code")) or plain_code(thing.get("client_reference_id")),
        ),
    )


def read_tiktok(sent: Sent) -> tuple[Message, ...]:
    """TikTok Shop's order status push (type 1).

    The push tells no money; it is believed when a forwarder adds the order detail's `payment` and `line_items`.
    """
    body = object_in(sent.raw)
    data = body.get("data")
    if not isinstance(data, dict) or str(body.get("type")) != "1":
        return (
            Message(
                order="", event_id=f"{str(body.get('tts_notification_id') or body.get('timestamp'))[:80]}", event=None
            ),
        )
    order, told = text_in(data, "order_id"), text_in(data, "order_status")
    status = TIKTOK_STATUS.get(told)
    if status is None:
        return (Message(order=order, event_id=f"{order}:{told}", event=None),)
    payment = data.get("payment")
    currency = text_in(payment, "currency") if isinstance(payment, dict) else ""
    total = _money(payment.get("total_amount"), currency, "total_amount") if isinstance(payment, dict) else 0
    return (
        _message(
            sent,
            "tiktok",
            order,
            status,
            currency=currency,
            total=total,
            items=tuple(
                Item(
                    sku=str(line.get("seller_sku") or line.get("sku_id") or "")[:TEXT_MOST],
                    quantity=1,
                    amount_minor=_money(line.get("sale_price"), currency, "sale_price"),
                )
                for line in (_objects(data, "line_items") if currency else ())
            ),
            updated_ms=_seconds(data.get("update_time") or body.get("timestamp"), "update_time"),
            buyer=str(data.get("user_id") or ""),
            buyer_shown=str(data.get("user_id") or ""),
        ),
    )


def read_doudian(sent: Sent) -> tuple[Message, ...]:
    """抖店's push: a list of messages, each with a tag and data in fen. Tag 0 is the platform's test."""
    body = value_in(sent.raw)
    told = body if isinstance(body, list) else [body]
    if len(told) > MESSAGES_MOST or not all(isinstance(item, dict) for item in told):
        raise BadInput("body", f"a list of at most {MESSAGES_MOST} messages", body)
    return tuple(_doudian(sent, item) for item in told)


def read_douyin(sent: Sent) -> tuple[Message, ...]:
    """The Douyin open platform's order events: `content` with `order_id`, `status`, amounts in fen."""
    body = object_in(sent.raw)
    content = _inner(body.get("content"))
    if "order_id" not in content:
        return (
            Message(
                order="", event_id=text_in(body, "log_id", needed=False) or str(body.get("event"))[:80], event=None
            ),
        )
    order, told = text_in(content, "order_id"), text_in(content, "status", needed=False)
    status = DOUYIN_STATUS.get(told)
    if status is None:
        return (Message(order=order, event_id=f"{order}:{told}", event=None),)
    amounts = content.get("total_amount") is not None
    back = content.get("refund_amount", 0)
    return (
        _message(
            sent,
            "douyin",
            order,
            status,
            currency=MAIN_CURRENCY if amounts else "",
            total=_minor(content.get("total_amount", 0), MAIN_CURRENCY, "total_amount"),
            back=_minor(back, MAIN_CURRENCY, "refund_amount"),
            items=(
                Item(
                    sku=str(content.get("out_sku_id") or content.get("sku_id") or "")[:TEXT_MOST],
                    quantity=_pieces({"quantity": content.get("num", 1)}),
                    amount_minor=_minor(content.get("total_amount", 0), MAIN_CURRENCY, "total_amount"),
                ),
            )
            if amounts
            else (),
            updated_ms=_seconds(content.get("update_time"), "update_time"),
            buyer=str(content.get("open_id") or ""),
            buyer_shown=str(content.get("open_id") or ""),
        ),
    )


def _doudian(sent: Sent, item: dict[str, Any]) -> Message:
    tag = text_in(item, "tag")
    data = _inner(item.get("data"))
    event_id = text_in(item, "msg_id", needed=False)
    status = DOUDIAN_TAGS.get(tag)
    if status is None or "p_id" not in data:
        return Message(order="", event_id=event_id or f"tag:{tag}", event=None)
    amount = data.get("pay_amount") if data.get("pay_amount") is not None else data.get("order_amount")
    back = data.get("refund_amount")
    told = amount is not None or (status == "refunded" and back is not None)
    total = None if amount is None else _minor(amount, MAIN_CURRENCY, "pay_amount")
    when = next((data[key] for key in ("update_time", "pay_time", "create_time", "cancel_time") if data.get(key)), None)
    return _message(
        sent,
        "doudian",
        text_in(data, "p_id"),
        status,
        event_id=event_id or None,
        currency=MAIN_CURRENCY if told else "",
        total=total,
        back=_minor(back or 0, MAIN_CURRENCY, "refund_amount"),
        items=(
            Item(
                sku=str(data.get("out_sku_id") or data.get("code") or "")[:TEXT_MOST],
                quantity=_pieces({"quantity": data.get("item_num", 1)}),
                amount_minor=total,
            ),
        )
        if total is not None
        else (),
        updated_ms=_seconds(when, "pay_time"),
        buyer=str(data.get("doudian_open_id") or ""),
        buyer_shown=str(data.get("doudian_open_id") or ""),
    )


def _message(
    sent: Sent,
    source: str,
    order: str,
    status: OrderStatus,
    *,
    currency: str,
    total: int | None,
    back: int = 0,
    items: Sequence[Item],
    updated_ms: int | None,
    buyer: str,
    buyer_shown: str,
    event_id: str | None = None,
    test: bool = False,
    was_paid: bool = False,
    show: str | None = None,
    code: str = "",
) -> Message:
    event_id = event_id or f"{order}:{status}:{updated_ms or ''}:{back}"
    first = max(items, key=lambda item: item.amount_minor, default=None)
    return Message(
        order=order,
        event_id=event_id,
        event=OrderEvent(
            event=event_id,
            status=status,
            amount_minor=back if status == "refunded" else total or 0,
            currency=currency,
            quantity=max(1, sum(item.quantity for item in items)),
            sku="" if first is None else first.sku,
            show=show,
            updated_ms=updated_ms,
            received_ms=sent.received_ms,
            simulated=False,
            test=test,
            total_minor=total if status == "refunded" else None,
            was_paid=was_paid,
            items=tuple(items),
            buyer=sent.buyers.of(sent.shop, source, buyer) if buyer else None,
            buyer_shown=masked(buyer_shown) if buyer_shown else None,
            code=code,
        ),
    )


def _objects(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = body.get(name) or []
    if not isinstance(value, list) or len(value) > ITEMS_MOST or not all(isinstance(item, dict) for item in value):
        raise BadInput(name, f"a list of at most {ITEMS_MOST} objects", value)
    return value


def _noted(body: dict[str, Any], name: str, key: str) -> str:
    """The code among an order's own notes: `[{key: …, "value": code or address}, …]`."""
    noted = [item.get("value") for item in _objects(body, name) if isinstance(item.get(key), str)]
    return next((code for value in noted if (code := plain_code(value) or code_in_address(value))), "")


def _inner(value: object) -> dict[str, Any]:
    """Some platforms put JSON into a string of JSON."""
    found = value_in(value.encode()) if isinstance(value, str) and value.lstrip().startswith("{") else value
    return found if isinstance(found, dict) else {}


def _money(value: object, currency: str, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadInput(field, 'a decimal string such as "59.90"', value)
    amount = amount_of(str(value), field)
    # Platforms write more digits than the currency has ("1500.00" yen) and refunds as negative numbers.
    return to_minor(abs(amount).normalize() if field.startswith("refund") else amount.normalize(), currency, field)


def _minor(value: object, currency: str, field: str) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadInput(field, "a whole number of the currency's smallest unit", value)
    to_minor(Decimal(0), currency)  # an unknown currency is refused
    return int(text)


def _pieces(line: Mapping[str, Any]) -> int:
    value = str(line.get("quantity", line.get("current_quantity", 1)))
    if not value.isascii() or not value.isdigit() or not 0 <= int(value[:9]) <= QUANTITY_MOST or len(value) > 9:
        raise BadInput("quantity", f"a whole number up to {QUANTITY_MOST}", line.get("quantity"))
    return int(value)


def _sku(line: Mapping[str, Any]) -> str:
    return str(line.get("sku") or line.get("variant_id") or line.get("product_id") or "")[:TEXT_MOST]


def _seconds(value: object, field: str) -> int | None:
    if value is None or value == "":
        return None
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) <= 13:
        return int(text) * (1 if len(text) == 13 else 1000)
    try:
        return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)
    except ValueError:
        raise BadInput(field, "a unix time", value) from None
