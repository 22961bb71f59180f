"""Bring your phone in: a one-time link of your own as a QR code to scan."""

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.access.service import Member
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/phone")
async def phone(request: Request, who: SignedIn) -> Response:
    """The page before a link is made."""
    return _page(request, who, "")


@router.post("/phone")
async def pair(request: Request, who: SignedIn) -> Response:
    """Make a link that signs one browser in as this person, once, within ten minutes; shown this once."""
    studio = studio_of(request)
    base = (studio.settings.lan_url or studio.settings.public_url or str(request.base_url)).rstrip("/")
    return _page(request, who, f"{base}/enter#{await studio.access.link_for(who)}")


def _page(request: Request, who: Member, link: str) -> Response:
    settings = studio_of(request).settings
    context = {
        "member": who,
        "link": link,
        "picture": segno.make(link, error="m").svg_data_uri(scale=5, border=2) if link else "",
        "reachable": bool(settings.lan_url or settings.public_url),
    }
    return studio_of(request).templates.page(request, "phone.html", context)
