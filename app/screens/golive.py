"""Going live with a show: the checklist, starting, the overlay's links; and the one-page guide into streaming tools."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.founding import Founding
from app.access.guard import SignedIn
from app.events import ShowId
from app.i18n import language_of
from app.live.looks import LAYOUTS, Look
from app.live.policy import policies
from app.live.schedule import OF_MARKET, ZONES, local_of
from app.shows.cast import BACKGROUNDS, THEMES
from app.studio import studio_of

router = APIRouter(include_in_schema=False)

PHONELESS = ("127.0.0.1", "localhost", "[::1]")
"""Addresses that mean this machine alone: a phone that scans them finds itself."""


@router.get("/shows/{show}/live")
async def going_live(request: Request, show: str, who: SignedIn) -> Response:
    """What is ready and what is missing, who confirmed it, and the ways to start: now, later, or as a rehearsal."""
    studio = studio_of(request)
    prepared = await studio.golive.prepared(who.shop, ShowId(show))
    plan, start = prepared.plan, prepared.scheduled
    look = Look.of("portrait", plan.theme, plan.background)
    words = studio.templates.words(language_of(request), "words_golive.json")
    market = (await Founding(studio.access).profile(who.shop)).market
    room = next((room for room in studio.rooms.running(who.shop) if room.show == plan.id), None)
    context = {
        "member": who,
        "show": plan,
        "prepared": prepared,
        "items": prepared.checklist.items,
        "states": {item.topic: item.state for item in prepared.checklist.items},
        "ready": prepared.checklist.ready,
        "missing": len(prepared.checklist.missing),
        "duty": prepared.preparation.duty or plan.duty or who.name,
        "policies": tuple(policies().values()),
        "stale": prepared.policy is not None and prepared.policy.stale(studio.golive.now().date()),
        "room": room,
        "start_local": local_of(start.starts_at, start.zone) if start else "",
        "start_missing": start.reason.split() if start and start.state == "refused" else [],
        "zones": ZONES,
        "zone": start.zone if start else OF_MARKET[market],
        "looks": {"layouts": LAYOUTS[1:], "themes": THEMES, "backgrounds": BACKGROUNDS},
        "look": look,
        "phoneless": not studio.settings.public_url and request.url.hostname in PHONELESS,
        "host_base": f"/static/hosts/{plan.host}/",
        "words": words,
    }
    return studio.templates.page(request, "golive.html", context)


@router.get("/guide")
async def guide(request: Request, who: SignedIn) -> Response:
    """How the overlay gets into OBS, 抖音直播伴侣 and 视频号; printable."""
    return studio_of(request).templates.page(request, "guide.html", {"member": who})
