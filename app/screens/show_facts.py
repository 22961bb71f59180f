"""Before a show: the facts of all its products on one page, to read through and stand for."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Operator
from app.events import ShowId
from app.i18n import language_of
from app.screens.reviewing import review
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/shows/{show}/facts")
async def facts(request: Request, show: str, who: Operator) -> Response:
    """The facts that nobody has confirmed yet, product by product."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show))
    waiting = [product.id for product in plan.products if not product.confirmed]
    labels = studio.templates.words(language_of(request), "words_product.json")
    labels |= studio.templates.words(language_of(request), "words_facts.json")
    context = await review(studio, who, waiting, labels, f"/shows/{show}/facts/reading")
    context |= {"show": plan, "written": any(plan.scripts.get(each.id) for each in plan.products)}
    return studio.templates.page(request, "show_facts.html", context)


@router.get("/shows/{show}/facts/reading")
async def reading(request: Request, show: str, who: Operator) -> Response:
    """How far the reading of the listings is; when all are read, the page is drawn anew."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show))
    progress = await studio.extraction.progress(who.shop, [p.id for p in plan.products if not p.confirmed])
    context = {"reading": progress, "again": f"/shows/{show}/facts/reading"}
    answer = studio.templates.page(request, "reading.html", context)
    if progress.done:
        answer.headers["hx-refresh"] = "true"
    return answer
