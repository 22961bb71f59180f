"""The first page: the show, the rehearse button, and what is going on."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.founding import Founding
from app.access.guard import Analyst
from app.access.service import SAMPLE
from app.i18n import language_of
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, who: Analyst) -> Response:
    """The show, the rehearse button, and what is going on."""
    if who.opening:
        return RedirectResponse("/welcome", status_code=303)
    if who.role == "analyst":
        return RedirectResponse("/dashboard", status_code=303)
    studio = studio_of(request)
    cards = await studio.shows.shows(who.shop)
    goods = 0 if cards else (await studio.catalogue.browsing.stand(who.shop)).products
    runs = await studio.analytics.runs(who.shop, 1)
    report = await studio.analytics.report(who.shop, runs[0].room) if runs else None
    titles = {card.id: card.title for card in cards}
    labels = studio.templates.words(language_of(request), "words_product.json")
    context = {
        "member": who,
        "may_found": await Founding(studio.access).may_found(who) and who.shop == SAMPLE,
        "host_name": labels.get(f"host_{cards[0].host}", cards[0].host) if cards else "",
        "shop_name": await studio.access.shop_name(who.shop),
        "show": await studio.shows.plan(who.shop, cards[0].id) if cards else None,
        "goods": goods,
        "others": cards[1:],
        "host_base": f"/static/hosts/{cards[0].host}/" if cards else "",
        "running": [
            {"room": room.id, "rehearsal": room.rehearsal, "title": titles.get(room.show, room.show)}
            for room in studio.rooms.running(who.shop)
        ],
        "last": report,
        "scheduled": [
            {"title": titles.get(start.show, start.show), "show": start.show, "start": start}
            for start in await studio.golive.scheduled(who.shop)
        ],
    }
    return studio.templates.page(request, "home.html", context)
