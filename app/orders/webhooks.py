"""Orders by webhook: raw bytes, signature, one commit, 2xx — in that order (protocol: docs/webhooks.md)."""

import time
from typing import Any

from fastapi import APIRouter
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from app.access.body import read_body
from app.errors import Forbidden, TooOften
from app.events import ShopId
from app.metrics import ORDERS
from app.orders.sources import GENERIC, challenge_in, is_ping, source_named
from app.studio import studio_of

BODY_MOST = 256 * 1024  # bytes
SHOP_RATE = RateLimitItemPerSecond(1_000)  # genuine messages a second; whoever cannot sign does not use it up

router = APIRouter()
_limiter = FixedWindowRateLimiter(MemoryStorage())


@router.post("/hooks/orders/{shop}")
async def order(request: Request, shop: str) -> dict[str, bool]:
    """Book an order message. Forbidden for a bad signature or an unknown shop, which look the same from outside."""
    return {"duplicate": all(receipt.duplicate for receipt in await _received(request, ShopId(shop), GENERIC))}


@router.post("/hooks/orders/{shop}/{source}")
async def order_of(request: Request, shop: str, source: str) -> dict[str, Any]:
    """The same in a platform's own form: shopify, woocommerce, stripe, tiktok, doudian, douyin or webhook."""
    receipts = await _received(request, ShopId(shop), source)
    if isinstance(receipts, dict):
        return receipts
    return {"code": 0, "msg": "success", "duplicate": all(receipt.duplicate for receipt in receipts)}


async def _received(request: Request, shop: ShopId, name: str) -> Any:
    raw = await read_body(request, BODY_MOST)
    source, orders = source_named(name), studio_of(request).orders
    headers: dict[str, list[str]] = {}
    for header, value in request.headers.items():
        headers.setdefault(header, []).append(value)
    if is_ping(source, raw):
        return {"code": 0, "msg": "success"}
    try:
        source.check(headers, raw, await orders.keys(shop, source.kind), time.time())
    except Forbidden as refused:
        ORDERS.labels("refused").inc()
        orders.deliveries.refused(shop, source.key, refused)
        raise
    if not await _limiter.hit(SHOP_RATE, shop):
        raise TooOften("orders: wanted at most 1,000 messages a second from a shop, found more; send it again")
    challenge = challenge_in(source, raw)
    if challenge is not None:
        return {"challenge": challenge}
    return await orders.receive_all(shop, source, {key: values[0] for key, values in headers.items()}, raw)
