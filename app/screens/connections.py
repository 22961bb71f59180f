"""The owner's page of connections: addresses, secrets that were made, samples, and what came lately."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Owner
from app.access.service import Member
from app.i18n import language_of
from app.orders.deliveries import Delivery
from app.orders.links import links_of
from app.orders.listing import deliveries_of
from app.orders.signatures import HEADER
from app.orders.sources import GENERIC, SOURCES
from app.studio import studio_of

COMMENTS = "comments"
SHOWN = 8  # deliveries of a connection
OWN_LINKS_MOST = 200  # products that the page offers an address of their own

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One address to which something may be sent."""

    source: str
    address: str
    header: str
    connected: bool
    needs_app_key: bool
    takes_account: bool
    app_key: str
    account: str
    old_until: datetime | None
    deliveries: tuple[Delivery, ...]


@router.get("/settings/connections")
async def connections(request: Request, who: Owner) -> Response:
    """Every connection of the shop."""
    return await connections_page(request, who)


async def connections_page(
    request: Request, who: Member, *, shown: dict[str, Any] | None = None, tried: str = ""
) -> Response:
    """The page; `shown` carries a fresh secret, for this once, and `tried` the source of a test message."""
    studio = studio_of(request)
    known = await studio.orders.connections(who.shop)
    base = (studio.settings.public_url or str(request.base_url)).rstrip("/")
    async with studio.database.transaction() as db:
        links = await links_of(db, who.shop)
        booked = {key: await deliveries_of(db, who.shop, key, SHOWN) for key in SOURCES}
    doors = []
    for key, source in SOURCES.items():
        mine = known.get(source.kind)
        tries = sorted((*booked[key], *studio.orders.deliveries.of(who.shop, key)), key=lambda one: -one.at)
        doors.append(
            Door(
                source=key,
                address=f"{base}/hooks/orders/{who.shop}" + ("" if key == GENERIC else f"/{key}"),
                header=source.header,
                connected=mine is not None,
                needs_app_key=source.needs_app_key,
                takes_account=bool(source.account_header),
                app_key=mine.app_key if mine else "",
                account=mine.account if mine else "",
                old_until=mine.old_until if mine else None,
                deliveries=tuple(tries[:SHOWN]),
            )
        )
    comments = known.get(COMMENTS)
    doors.append(
        Door(
            source=COMMENTS,
            address=f"{base}/hooks/comments/<room>",
            header=HEADER,
            connected=comments is not None,
            needs_app_key=False,
            takes_account=False,
            app_key="",
            account="",
            old_until=comments.old_until if comments else None,
            deliveries=(),
        )
    )
    context = {
        "member": who,
        "doors": sorted(doors, key=lambda door: not door.connected),
        "shown": shown,
        "tried": tried,
        "links": links,
        "linked": "linked" in request.query_params,
        "products": (await studio.catalogue.products(who.shop))[:OWN_LINKS_MOST],
        "path": "/settings/connections",
        "words": studio.templates.words(language_of(request), "words_dashboard.json"),
    }
    return studio.templates.page(request, "connections.html", context)
