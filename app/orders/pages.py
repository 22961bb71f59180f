"""The owner's posts about connections: make, rotate, end, and try them. A secret is shown in the answer, once."""

import secrets
import time
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access import audit
from app.access.body import read_fields
from app.access.guard import Owner, address_of
from app.errors import BadInput, Conflict
from app.events import ProductId
from app.orders.codes import checked_address, checked_parameter
from app.orders.links import Links, links_of, set_links
from app.orders.sources import source_named
from app.screens.connections import COMMENTS, OWN_LINKS_MOST, connections_page
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.post("/settings/connections/{source}/connect")
async def connect(request: Request, source: str, who: Owner) -> Response:
    """Set a connection up, or give it another secret; the one before stays good for 24 hours."""
    fields = {name: (value or "").strip() for name, value in (await read_fields(request)).items()}
    kind = kind_of_source(source)
    if source != COMMENTS and source_named(source).needs_app_key and not fields.get("app_key"):
        raise BadInput("app_key", "the app key that the platform gave", "")
    secret = await studio_of(request).orders.connect(
        who.shop,
        kind,
        by=who.name,
        given=fields.get("secret", ""),
        app_key=fields.get("app_key", ""),
        account=fields.get("account", ""),
        address=address_of(request),
    )
    shown: dict[str, Any] = {"source": source, "secret": None if fields.get("secret") else secret}
    return await connections_page(request, who, shown=shown)


@router.post("/settings/connections/{source}/disconnect")
async def disconnect(request: Request, source: str, who: Owner) -> Response:
    """Refuse this sender from now on; its orders stay."""
    await studio_of(request).orders.disconnect(
        who.shop, kind_of_source(source), by=who.name, address=address_of(request)
    )
    return RedirectResponse("/settings/connections", status_code=303)


@router.post("/settings/connections/{source}/test")
async def send_test(request: Request, source: str, who: Owner) -> Response:
    """Send a message as the source would: signed, checked and booked by the same code, marked as a test."""
    sender, orders = source_named(source), studio_of(request).orders
    keys = await orders.keys(who.shop, sender.kind)
    if not keys.secrets:
        raise Conflict("connection: wanted one that is set up, found none")
    now, order = int(time.time()), f"zhubo-test-{secrets.token_hex(6)}"
    headers, raw = sender.test_message(keys, order, now)
    sender.check({name.casefold(): [value] for name, value in headers.items()}, raw, keys, now)
    await orders.receive_all(who.shop, sender, headers, raw, test=True)
    return await connections_page(request, who, tried=source)


@router.post("/settings/links")
async def set_addresses(request: Request, who: Owner) -> Response:
    """Say where the goods are bought (`address`, `parameter`, and `own.<product>` for single ones)."""
    fields, studio = await read_fields(request, most=OWN_LINKS_MOST + 8), studio_of(request)
    shelf = {product.id for product in await studio.catalogue.products(who.shop)}
    own = {
        ProductId(name.removeprefix("own.")): checked_address(value or "")
        for name, value in fields.items()
        if name.startswith("own.") and name.removeprefix("own.") in shelf
    }
    address, parameter = checked_address(fields.get("address") or ""), checked_parameter(fields.get("parameter") or "")
    async with studio.database.transaction() as db:
        kept = {product: to for product, to in (await links_of(db, who.shop)).own.items() if product not in own}
        await set_links(db, who.shop, Links(address=address, parameter=parameter, own={**kept, **own}))
        audit.note(db, who.shop, who.name, "settings_changed", object="links", address=address_of(request))
    return RedirectResponse("/settings/connections?linked=1#links", status_code=303)


def kind_of_source(source: str) -> str:
    """The key of the source's secret. Raises NotFound."""
    return COMMENTS if source == COMMENTS else source_named(source).kind
