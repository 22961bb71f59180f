"""Going live over HTTP: confirmations, starting now, starting later, and the links that overlay pages come by."""

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.audit import note
from app.access.body import read_fields, wants_json
from app.access.guard import Operator
from app.errors import BadInput
from app.events import RoomId, ShowId
from app.live.looks import LAYOUTS, Look
from app.studio import studio_of

router = APIRouter()


@router.post("/shows/{show}/prepare")
async def prepare(request: Request, show: str, who: Operator) -> Response:
    """Choose the `platform`, name the `duty` person, confirm the AI `label` (any value) for a real show."""
    fields = await read_fields(request)
    await studio_of(request).golive.prepare(
        who,
        ShowId(show),
        platform=fields.get("platform") or "",
        duty=fields.get("duty") or "",
        label=bool(fields.get("label")),
    )
    return _back(request, show)


@router.post("/shows/{show}/rules-read")
async def rules_read(request: Request, show: str, who: Operator) -> Response:
    """Say that one has read the platform's current rules and keeps its conditions."""
    await studio_of(request).golive.read_rules(who, ShowId(show))
    return _back(request, show)


@router.post("/shows/{show}/restricted")
async def restricted(request: Request, show: str, who: Operator) -> Response:
    """Allow goods that are off by default (`allow` = yes), or take that back. The owner only."""
    fields = await read_fields(request)
    await studio_of(request).golive.allow_restricted(who, ShowId(show), fields.get("allow") == "yes")
    return _back(request, show)


@router.post("/shows/{show}/start")
async def start(request: Request, show: str, who: Operator) -> Response:
    """Put the show on air for everybody. Refused with Conflict while anything of the checklist is missing."""
    room = await studio_of(request).golive.start(who.shop, ShowId(show), who.name)
    if wants_json(request):
        return JSONResponse({"room": room})
    return RedirectResponse(f"/desk/{room}", status_code=303)


@router.post("/shows/{show}/schedule")
async def schedule(request: Request, show: str, who: Operator) -> Response:
    """Let the show start by itself: `starts` is a wall-clock time such as 2026-11-24T20:00 in `zone`."""
    fields = await read_fields(request)
    await studio_of(request).golive.schedule(who, ShowId(show), fields.get("starts") or "", fields.get("zone") or "")
    return _back(request, show)


@router.post("/shows/{show}/schedule/cancel")
async def cancel(request: Request, show: str, who: Operator) -> Response:
    """Call off a start that is set."""
    await studio_of(request).golive.cancel(who, ShowId(show))
    return _back(request, show)


@router.post("/desk/{room}/overlay-link")
async def overlay_link(request: Request, room: str, who: Operator) -> JSONResponse:
    """A link for OBS or a phone with its QR picture; `layout`, `theme` and `bg` choose its look, else the show does.

    The one-time code stands in the fragment, which browsers keep to themselves.
    """
    fields = await read_fields(request)
    studio = studio_of(request)
    about = (await studio.rooms.reach(who.shop, RoomId(room))).about
    plan = await studio.shows.plan(who.shop, about.show)
    look = Look.of(fields.get("layout") or "", fields.get("theme") or plan.theme, fields.get("bg") or plan.background)
    if fields.get("layout") and fields["layout"] not in LAYOUTS:
        raise BadInput("layout", " | ".join(LAYOUTS), fields["layout"])
    code = await studio.rooms.tokens.code(who.shop, RoomId(room))
    path = f"/overlay{look.query}#{code}"
    base = (studio.settings.public_url or str(request.base_url)).rstrip("/")
    picture = segno.make(base + path, error="m").svg_data_uri(scale=4, border=2, dark="#111")
    return JSONResponse({"url": path, "address": base + path, "qr": picture})


@router.post("/desk/{room}/overlay-revoke")
async def overlay_revoke(request: Request, room: str, who: Operator) -> Response:
    """End every link of the room; pages that are connected by one are cut within five seconds."""
    studio = studio_of(request)
    await studio.rooms.reach(who.shop, RoomId(room))
    await studio.rooms.tokens.revoke(who.shop, RoomId(room))
    async with studio.database.transaction() as db:
        note(db, who.shop, who.name, "overlay_link_made", object=room, detail={"revoked": True})
    return Response(status_code=204) if wants_json(request) else RedirectResponse(f"/desk/{room}", status_code=303)


def _back(request: Request, show: str) -> Response:
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(f"/shows/{show}/live", status_code=303)
