"""The operator's desk and the overlay."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.events import RoomId
from app.i18n import LANGS, language_of
from app.live.looks import Look
from app.shows.cast import BACKGROUNDS, THEMES
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/desk/{room}")
async def desk(request: Request, room: str, who: SignedIn) -> Response:
    """The operator's desk of a running room."""
    studio = studio_of(request)
    about = (await studio.rooms.reach(who.shop, RoomId(room))).about
    context = {
        "room": room,
        "title": about.title,
        "rehearsal": about.rehearsal,
        "show": about.show,
        "duty": about.duty,
        "themes": THEMES,
        "backgrounds": BACKGROUNDS,
        "words": studio.templates.words(language_of(request), "words_desk.json"),
    }
    return studio.templates.page(request, "desk.html", context)


@router.get("/overlay")
async def overlay(request: Request, theme: str = "jade", bg: str = "none", layout: str = "auto") -> Response:
    """The page for OBS: nothing in it but the AI label until its script has a token. Unknown looks fall back."""
    templates = studio_of(request).templates
    look = Look.of(layout, theme, bg)
    context = {
        "theme": look.theme,
        "background": look.background,
        "layout": look.layout,
        "words": {lang: templates.words(lang, "words_overlay.json") for lang in LANGS},
    }
    return templates.page(request, "overlay.html", context)
