"""Start and stop pushing a room to an ingest, and how the push does."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.audit import note
from app.access.body import read_fields, wants_json
from app.access.guard import Operator
from app.events import RoomId
from app.studio import studio_of

router = APIRouter()


@router.post("/desk/{room}/push")
async def start(request: Request, room: str, who: Operator) -> Response:
    """Push the room to `ingest` (rtmp:// or rtmps:// with the stream key). The address is kept in memory only."""
    fields = await read_fields(request)
    studio = studio_of(request)
    lang = studio.rooms.room(who.shop, RoomId(room)).billing.plan.lang
    words = studio.templates.words("en" if lang == "en" else "zh", "words_overlay.json")
    studio.pushes.start(studio.rooms, studio.settings, words, who.shop, RoomId(room), fields.get("ingest") or "")
    push = studio.pushes.of(who.shop, RoomId(room))
    async with studio.database.transaction() as db:
        note(db, who.shop, who.name, "pushed", object=room, detail={"host": push.host if push else ""})
    return _back(request, room)


@router.post("/desk/{room}/push/stop")
async def stop(request: Request, room: str, who: Operator) -> Response:
    """End the room's push; the show itself goes on."""
    studio = studio_of(request)
    studio.rooms.room(who.shop, RoomId(room))
    await studio.pushes.stop(who.shop, RoomId(room))
    async with studio.database.transaction() as db:
        note(db, who.shop, who.name, "pushed", object=room, detail={"stopped": True})
    return _back(request, room)


@router.get("/desk/{room}/push.json")
async def health(request: Request, room: str, who: Operator) -> JSONResponse:
    """How the room's push does (app.film.pipe.Health); `null` when there was none."""
    studio = studio_of(request)
    studio.rooms.room(who.shop, RoomId(room))
    push = studio.pushes.of(who.shop, RoomId(room))
    return JSONResponse(None if push is None else push.health.model_dump())


def _back(request: Request, room: str) -> Response:
    return Response(status_code=204) if wants_json(request) else RedirectResponse(f"/desk/{room}/push", status_code=303)
