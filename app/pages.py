"""What people see: the shop's pages, the desk and the overlay. Words are the templates', figures the services'."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.guard import is_https, member
from app.access.service import Member
from app.errors import NotFound
from app.events import ProductId, RoomId
from app.i18n import COOKIE, LANGS, language_of
from app.pages_dashboard import dashboard_view
from app.pages_listing import fact_rows, marked
from app.studio import studio_of

THEMES = ("jade", "cinnabar", "ink", "plum", "night")
BACKGROUNDS = ("none", "studio", "mist", "night", "green")
LAYOUTS = ("auto", "portrait", "landscape")
LANG_LIFE = 365 * 24 * 3600  # seconds

router = APIRouter(include_in_schema=False)
SignedIn = Annotated[Member, Depends(member)]


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
async def sessions(request: Request, who: SignedIn) -> Response:
    """The member's browsers, and the password."""
    studio = studio_of(request)
    role = studio.templates.words(language_of(request), "words_product.json")[f"role_{who.role}"]
    rows = await studio.access.sessions(who)
    return studio.templates.page(request, "sessions.html", {"member": who, "role": role, "sessions": rows})


@router.get("/")
async def home(request: Request, who: SignedIn) -> Response:
    """The show, the rehearse button, and what is going on."""
    studio = studio_of(request)
    cards = await studio.shows.shows(who.shop)
    runs = await studio.analytics.runs(who.shop, 1)
    report = await studio.analytics.report(who.shop, runs[0].room) if runs else None
    titles = {card.id: card.title for card in cards}
    labels = studio.templates.words(language_of(request), "words_product.json")
    context = {
        "member": who,
        "host_name": labels.get(f"host_{cards[0].host}", cards[0].host) if cards else "",
        "shop_name": await studio.access.shop_name(who.shop),
        "show": await studio.shows.plan(who.shop, cards[0].id) if cards else None,
        "others": cards[1:],
        "host_base": f"/static/hosts/{cards[0].host}/" if cards else "",
        "running": [
            {"room": room.id, "rehearsal": room.rehearsal, "title": titles.get(room.show, room.show)}
            for room in studio.rooms.running(who.shop)
        ],
        "last": report,
    }
    return studio.templates.page(request, "home.html", context)


@router.get("/catalogue")
async def catalogue(request: Request, who: SignedIn) -> Response:
    """The shelf."""
    products = await studio_of(request).catalogue.products(who.shop)
    confirmed = sum(product.confirmed for product in products)
    context = {"member": who, "products": products, "confirmed": confirmed}
    return studio_of(request).templates.page(request, "catalogue.html", context)


@router.get("/catalogue/{product}")
async def product(request: Request, product: str, who: SignedIn) -> Response:
    """One product: its facts beside the listing, price and stock, ledger, script."""
    studio = studio_of(request)
    shelf, name = studio.catalogue, ProductId(product)
    found = await shelf.product(who.shop, name)
    script = await studio.shows.script(who.shop, name, found.lang)
    context = {
        "member": who,
        "product": found,
        "facts": fact_rows(found.facts),
        "listing": marked(await shelf.listing(who.shop, name), found.facts.evidence),
        "ledger": await shelf.ledger(who.shop, name),
        "lowest": await shelf.lowest_7_days(who.shop, name),
        "segments": () if script is None else script.segments,
        "labels": studio.templates.words(language_of(request), "words_product.json"),
    }
    return studio.templates.page(request, "product.html", context)


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


@router.get("/desk/{room}")
async def desk(request: Request, room: str, who: SignedIn) -> Response:
    """The operator's desk of a running room."""
    studio = studio_of(request)
    live = studio.rooms.room(who.shop, RoomId(room))
    context = {
        "room": room,
        "title": live.billing.plan.title,
        "rehearsal": live.billing.rehearsal,
        "words": studio.templates.words(language_of(request), "words_desk.json"),
    }
    return studio.templates.page(request, "desk.html", context)


@router.get("/overlay")
async def overlay(request: Request, theme: str = "jade", bg: str = "none", layout: str = "auto") -> Response:
    """The page for OBS: nothing in it but the AI label until its script has a token. Unknown looks fall back."""
    templates = studio_of(request).templates
    context = {
        "theme": theme if theme in THEMES else THEMES[0],
        "background": bg if bg in BACKGROUNDS else BACKGROUNDS[0],
        "layout": layout if layout in LAYOUTS else LAYOUTS[0],
        "words": {lang: templates.words(lang, "words_overlay.json") for lang in LANGS},
    }
    return templates.page(request, "overlay.html", context)
