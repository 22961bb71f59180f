"""Money, questions and delays."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.events import RoomId
from app.i18n import language_of
from app.screens.minutes import dashboard_view
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/dashboard")
async def dashboard(request: Request, who: SignedIn, room: str | None = None) -> Response:
    """Money, questions and delays of one show, and all real sales."""
    studio = studio_of(request)
    analytics = studio.analytics
    runs = await analytics.runs(who.shop)
    chosen = RoomId(room) if room else runs[0].room if runs else None
    report = None if chosen is None else await analytics.report(who.shop, chosen)
    titles = {card.id: card.title for card in await studio.shows.shows(who.shop)}
    lang = language_of(request)
    words = studio.templates.words(lang, "words_desk.json") | studio.templates.words(lang, "words_dashboard.json")
    context = {
        "member": who,
        "runs": runs,
        "report": report,
        "titles": titles,
        "sales": await analytics.sales(who.shop),
        "minutes": None if report is None else dashboard_view(report),
        "words": words,
    }
    return studio.templates.page(request, "dashboard.html", context)
