"""The shelf of the shop: searched, narrowed and paged in the database, so that twenty thousand products stay quick."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.catalogue.browsing import STATES, Look, look_of
from app.i18n import language_of
from app.shows.wishes import SHOW_MOST
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/catalogue")
async def catalogue(
    request: Request,
    who: SignedIn,
    find: str = "",
    state: str = "",
    category: str = "",
    lang: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """A page of the shelf, and how far the reading of its listings is."""
    studio = studio_of(request)
    look = look_of(find, state, category, lang)
    browsing = studio.catalogue.browsing
    shelf, stand = await browsing.page(who.shop, look, page), await browsing.stand(who.shop)
    query = urlencode(_asked(look))
    context = {
        "member": who,
        "look": look,
        "shelf": shelf,
        "stand": stand,
        "states": STATES,
        "query": query,
        "most": SHOW_MOST,
        "pages": _around(shelf.page, shelf.pages),
        "words": studio.templates.words(language_of(request), "words_shelf.json"),
        "reading": await studio.extraction.progress(who.shop),
        "again": "/catalogue/reading",
    }
    return studio.templates.page(request, "catalogue.html", context)


@router.get("/catalogue/reading")
async def reading(request: Request, who: SignedIn) -> Response:
    """How far the reading is, for the shelf's page to draw anew."""
    studio = studio_of(request)
    context = {"reading": await studio.extraction.progress(who.shop), "again": "/catalogue/reading"}
    return studio.templates.page(request, "reading.html", context)


def _asked(look: Look) -> dict[str, str]:
    parts = {"find": look.find, "state": look.state, "category": look.category, "lang": look.lang}
    return {name: value for name, value in parts.items() if value}


def _around(page: int, pages: int) -> list[int]:
    """The pages to offer: the first, the last, and those around this one; 0 stands for a gap."""
    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    found: list[int] = []
    for number in shown:
        if found and number - found[-1] > 1:
            found.append(0)
        found.append(number)
    return found
