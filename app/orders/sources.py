"""Where orders come from: each source's signature, its reader, and a test message in its own form.

A test message is one that the source could have sent; the studio books it as a test, which never counts.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Forbidden, NotFound
from app.orders.parse import Message, Sent, object_in, read_order
from app.orders.platforms import (
    read_doudian,
    read_douyin,
    read_shopify,
    read_stripe,
    read_tiktok,
    read_woocommerce,
)
from app.orders.signatures import (
    HEADER,
    sign,
    sign_base64,
    sign_doudian,
    sign_douyin,
    sign_tiktok,
    verify,
    verify_equal,
)

GENERIC = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a connection's messages are checked with: valid secrets (the newest first), app key, the shop's account."""

    secrets: tuple[str, ...]
    app_key: str = ""
    account: str = ""


NO_KEYS = Keys(secrets=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of sender. `account_header` names the header in which it says whose message this is."""

    key: str
    header: str
    read: Callable[[Sent], tuple[Message, ...]]
    signed: Callable[[str, str, bytes, int], str]
    sample: Callable[[str, int], dict[str, Any] | list[dict[str, Any]]]
    timed: bool = False
    needs_app_key: bool = False
    account_header: str = ""

    @property
    def kind(self) -> str:
        """The key of its secret among a shop's."""
        return "orders" if self.key == GENERIC else f"orders:{self.key}"

    def check(self, headers: Mapping[str, Sequence[str]], raw: bytes, keys: Keys, now: float) -> None:
        """Check the signature (`headers`: lower-case name → every value). Raises Forbidden, and never says why."""
        given = headers.get(self.header.casefold(), ())
        if len(given) != 1:
            raise Forbidden(f"{self.header}: wanted one, found {len(given)}")
        if self.timed:
            verify(given[0], raw, keys.secrets, now)
        else:
            verify_equal(given[0], keys.secrets, lambda secret: self.signed(secret, keys.app_key, raw, 0))
        whose = headers.get(self.account_header, ())
        if keys.account and self.account_header and [name.casefold() for name in whose] != [keys.account.casefold()]:
            raise Forbidden(f"{self.account_header}: wanted this shop's own account, found another")

    def test_message(self, keys: Keys, order: str, now: int) -> tuple[dict[str, str], bytes]:
        """Headers and body of a message as the source would send it, signed with the newest secret."""
        raw = json.dumps(self.sample(order, now), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {self.header: self.signed(keys.secrets[0], keys.app_key, raw, now)}
        if self.account_header and keys.account:
            headers[self.account_header] = keys.account
        return headers, raw


def _iso(now: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def _generic(order: str, now: int) -> dict[str, Any]:
    return {
        "id": order,
        "product": "TEST-SKU",
        "quantity": 1,
        "amount": "59.00",
        "currency": "CNY",
        "status": "paid",
        "updated_at": _iso(now),
        "test": True,
    }


def _shopify(order: str, now: int) -> dict[str, Any]:
    line = {"sku": "TEST-SKU", "quantity": 1, "price": "59.00"}
    return {
        "id": order,
        "currency": "CNY",
        "total_price": "59.00",
        "financial_status": "paid",
        "updated_at": _iso(now),
        "test": True,
        "line_items": [line],
    }


def _woocommerce(order: str, now: int) -> dict[str, Any]:
    line = {"sku": "TEST-SKU", "quantity": 1, "total": "59.00", "total_tax": "0.00"}
    return {
        "id": order,
        "status": "processing",
        "currency": "CNY",
        "total": "59.00",
        "date_modified_gmt": _iso(now),
        "date_paid_gmt": _iso(now),
        "line_items": [line],
    }


def _stripe(order: str, now: int) -> dict[str, Any]:
    thing = {"id": order, "amount_received": 5900, "currency": "cny", "metadata": {"sku": "TEST-SKU", "quantity": "1"}}
    return {
        "id": f"evt_{order}",
        "type": "payment_intent.succeeded",
        "created": now,
        "livemode": False,
        "data": {"object": thing},
    }


def _tiktok(order: str, now: int) -> dict[str, Any]:
    data = {"order_id": order, "order_status": "AWAITING_SHIPMENT", "update_time": now}
    return {"type": 1, "tts_notification_id": order, "shop_id": "0", "timestamp": now, "data": data}


def _doudian(order: str, now: int) -> list[dict[str, Any]]:
    data = {"p_id": order, "pay_amount": 5900, "pay_time": now, "out_sku_id": "TEST-SKU"}
    return [{"tag": "101", "msg_id": f"m-{order}", "data": data}]


def _douyin(order: str, now: int) -> dict[str, Any]:
    content = {"order_id": order, "status": "paid", "total_amount": 5900, "out_sku_id": "TEST-SKU", "update_time": now}
    return {"event": "trade_order", "log_id": order, "content": json.dumps(content)}


SOURCES: dict[str, Source] = {
    source.key: source
    for source in (
        Source(
            key=GENERIC,
            header=HEADER,
            read=read_order,
            signed=lambda secret, _app, raw, at: sign(secret, raw, at),
            sample=_generic,
            timed=True,
        ),
        Source(
            key="shopify",
            header="X-Shopify-Hmac-SHA256",
            read=read_shopify,
            signed=lambda secret, _app, raw, _at: sign_base64(secret, raw),
            sample=_shopify,
            account_header="x-shopify-shop-domain",
        ),
        Source(
            key="woocommerce",
            header="X-WC-Webhook-Signature",
            read=read_woocommerce,
            signed=lambda secret, _app, raw, _at: sign_base64(secret, raw),
            sample=_woocommerce,
        ),
        Source(
            key="stripe",
            header="Stripe-Signature",
            read=read_stripe,
            signed=lambda secret, _app, raw, at: sign(secret, raw, at),
            sample=_stripe,
            timed=True,
        ),
        Source(
            key="tiktok",
            header="Authorization",
            read=read_tiktok,
            signed=lambda secret, app, raw, _at: sign_tiktok(secret, app, raw),
            sample=_tiktok,
            needs_app_key=True,
        ),
        Source(
            key="doudian",
            header="event-sign",
            read=read_doudian,
            signed=lambda secret, app, raw, _at: sign_doudian(secret, app, raw),
            sample=_doudian,
            needs_app_key=True,
        ),
        Source(
            key="douyin",
            header="X-Douyin-Signature",
            read=read_douyin,
            signed=lambda secret, _app, raw, _at: sign_douyin(secret, raw),
            sample=_douyin,
        ),
    )
}


def source_named(key: str) -> Source:
    """The source. Raises NotFound for one that this studio does not know."""
    if key not in SOURCES:
        raise NotFound(f"source: wanted one of {', '.join(SOURCES)}, found {key[:40]!r}")
    return SOURCES[key]


def challenge_in(source: Source, raw: bytes) -> object | None:
    """What the Douyin open platform wants to hear back when an address is set up; None in any other message."""
    if source.key != "douyin" or b'"verify_webhook"' not in raw:
        return None
    content = object_in(raw).get("content")
    inner = object_in(content.encode()) if isinstance(content, str) else content
    return inner.get("challenge") if isinstance(inner, dict) else None


def is_ping(source: Source, raw: bytes) -> bool:
    """True for WooCommerce's unsigned greeting when a webhook is saved; it says nothing and changes nothing."""
    name, _, number = raw[:60].partition(b"=")
    return source.key == "woocommerce" and name == b"webhook_id" and number.isdigit() and len(raw) < 60
