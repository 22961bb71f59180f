"""The owner's page about people's data: what is masked, what is kept how long, and one viewer's export or erasure."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Owner
from app.access.service import Member
from app.privacy.service import LIMITS, Erased
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/settings/privacy")
async def privacy(request: Request, who: Owner) -> Response:
    """The page."""
    return await privacy_page(request, who, saved="saved" in request.query_params)


async def privacy_page(request: Request, who: Member, *, saved: bool = False, erased: Erased | None = None) -> Response:
    """The page, with what was just done."""
    studio = studio_of(request)
    context = {
        "member": who,
        "keep": await studio.privacy.retention(who.shop),
        "limits": LIMITS,
        "sources": await studio.privacy.sources(who.shop) or ["webhook"],
        "erasures": await studio.privacy.erasures(who.shop),
        "saved": saved,
        "erased": erased,
    }
    return studio.templates.page(request, "privacy.html", context)
