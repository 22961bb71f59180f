"""After an import: the facts of the file's products on one page, to read through and stand for."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Operator
from app.catalogue.imports.service import PLANNED_MOST
from app.events import ProductId
from app.i18n import language_of
from app.screens.reviewing import review
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/catalogue/imports/{id}/facts")
async def facts(request: Request, id: str, who: Operator) -> Response:
    """The products of the file whose facts nobody has confirmed yet, a page of them."""
    studio = studio_of(request)
    upload = await studio.imports.one(who.shop, id)
    waiting, left = await studio.imports.unconfirmed(who.shop, id)
    labels = studio.templates.words(language_of(request), "words_product.json")
    labels |= studio.templates.words(language_of(request), "words_facts.json")
    products = await studio.imports.products(who.shop, id, PLANNED_MOST)
    context = await review(studio, who, waiting, labels, f"/catalogue/imports/{id}/facts/reading")
    context |= {
        "upload": upload,
        "left": left,
        "plan": "/shows/new?products=" + ",".join(quote(product, safe="") for product in products),
    }
    return studio.templates.page(request, "import_facts.html", context)


@router.get("/catalogue/imports/{id}/facts/reading")
async def reading(request: Request, id: str, who: Operator) -> Response:
    """How far the reading of the listings is; when all are read, the page is drawn anew."""
    studio = studio_of(request)
    waiting, _ = await studio.imports.unconfirmed(who.shop, id)
    progress = await studio.extraction.progress(who.shop, [ProductId(product) for product in waiting])
    context = {"reading": progress, "again": f"/catalogue/imports/{id}/facts/reading"}
    answer = studio.templates.page(request, "reading.html", context)
    if progress.done:
        answer.headers["hx-refresh"] = "true"
    return answer
