"""Orders by webhook: raw bytes, signature, one commit, 2xx — in that order (protocol: docs/webhooks.md)."""

import time

from fastapi import APIRouter
from starlette.requests import Request

from app.access.body import read_body
from app.errors import Forbidden
from app.events import ShopId
from app.metrics import ORDERS
from app.orders.signatures import HEADER, verify
from app.studio import studio_of

BODY_MOST = 256 * 1024  # bytes
SOURCE = "webhook"

router = APIRouter()


@router.post("/hooks/orders/{shop}")
async def order(request: Request, shop: str) -> dict[str, bool]:
    """Book an order message. Forbidden for a bad signature or an unknown shop, which look the same from outside."""
    raw = await read_body(request, BODY_MOST)
    orders = studio_of(request).orders
    headers = request.headers.getlist(HEADER)
    try:
        if len(headers) != 1:
            raise Forbidden(f"{HEADER}: wanted one, found {len(headers)}")
        verify(headers[0], raw, await orders.valid_secrets(ShopId(shop), "orders"), time.time())
    except Forbidden:
        ORDERS.labels("refused").inc()
        raise
    receipt = await orders.receive(ShopId(shop), SOURCE, raw)
    return {"duplicate": receipt.duplicate}
