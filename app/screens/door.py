"""The pages at the door: link, sign-in, language, the member's own browsers."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.founding import Founding
from app.access.guard import Analyst, is_https
from app.access.people import People
from app.errors import NotFound
from app.i18n import COOKIE, LANGS, language_of
from app.studio import studio_of

LANG_LIFE = 365 * 24 * 3600  # seconds


router = APIRouter(include_in_schema=False)


@router.get("/enter")
async def enter(request: Request) -> Response:
    """The page behind the one-time link; its script posts the code of the fragment."""
    return studio_of(request).templates.page(request, "enter.html", {})


@router.get("/login")
async def login(request: Request) -> Response:
    """Sign in by account and password."""
    return studio_of(request).templates.page(request, "login.html", {"failed": "failed" in request.query_params})


@router.get("/lang/{lang}")
async def choose_language(request: Request, lang: str) -> Response:
    """Remember the language and go back to a page of this studio."""
    if lang not in LANGS:
        raise NotFound(f"language: wanted one of {', '.join(LANGS)}, found {lang!r}")
    response = RedirectResponse(own_path(request.query_params.get("next", "/")), status_code=303)
    response.set_cookie(
        COOKIE, lang, max_age=LANG_LIFE, path="/", secure=is_https(request), httponly=True, samesite="lax"
    )
    return response


def own_path(wanted: str) -> str:
    """The path when it leads nowhere else than this studio, else home."""
    parts = urlsplit(wanted)
    plain = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable() and "\\" not in wanted
    return wanted if plain and not parts.scheme and not parts.netloc else "/"


@router.get("/sessions")
async def sessions(request: Request, who: Analyst) -> Response:
    """The member's browsers, and the password."""
    studio = studio_of(request)
    role = studio.templates.words(language_of(request), "words_product.json")[f"role_{who.role}"]
    context = {
        "member": who,
        "role": role,
        "sessions": await People(studio.access).sessions(who),
        "shop_names": {card.id: card.name for card in who.shops},
        "has_password": await Founding(studio.access).has_password(who),
        "failed": "failed" in request.query_params,
        "changed": "changed" in request.query_params,
    }
    return studio.templates.page(request, "sessions.html", context)
