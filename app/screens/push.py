"""Pushing a room to a platform: the address and key to fill in, and how the stream does."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.events import RoomId
from app.i18n import language_of
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/desk/{room}/push")
async def push(request: Request, room: str, who: SignedIn) -> Response:
    """The push of a running room."""
    studio = studio_of(request)
    billing = studio.rooms.room(who.shop, RoomId(room)).billing
    running = studio.pushes.of(who.shop, RoomId(room))
    context = {
        "member": who,
        "room": room,
        "title": billing.plan.title,
        "rehearsal": billing.rehearsal,
        "host": "" if running is None else running.host,
        "health": None if running is None else running.health,
        "words": studio.templates.words(language_of(request), "words_push.json"),
    }
    return studio.templates.page(request, "push.html", context)
