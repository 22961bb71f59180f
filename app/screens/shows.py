"""The list of shows, the form that plans one, and a show's timeline."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Operator, SignedIn
from app.access.service import Member
from app.catalogue.product import Product
from app.events import ProductId, ShowId
from app.i18n import language_of
from app.shows.cast import BACKGROUNDS, HOSTS, THEMES, VOICES
from app.shows.plan import ShowPlan
from app.shows.timeline import changes, rundown_of, stops
from app.studio import Studio, studio_of

router = APIRouter(include_in_schema=False)

SHOWN = 60  # products of the shelf, or blocks of the timeline, on one page


@router.get("/shows")
async def shows(request: Request, who: SignedIn) -> Response:
    """Every show with its state."""
    studio = studio_of(request)
    standing = await studio.shows.scripts.standing(who.shop)
    running = {room.show: room for room in studio.rooms.running(who.shop)}
    aired = {run.show for run in await studio.analytics.runs(who.shop) if not run.rehearsal}
    rows = [
        {
            "card": card,
            "standing": standing.get(card.id),
            "room": running.get(card.id),
            "state": "live"
            if card.id in running and not running[card.id].rehearsal
            else "rehearsing"
            if card.id in running
            else "done"
            if card.id in aired
            else "ready"
            if card.id in standing and standing[card.id].ready
            else "draft",
        }
        for card in await studio.shows.shows(who.shop)
    ]
    return studio.templates.page(request, "shows.html", {"member": who, "rows": rows, "words": words_of(request)})


@router.get("/shows/new")
async def new(request: Request, who: Operator, products: str = "") -> Response:
    """The empty form, with `products` (ids, by commas) picked already."""
    studio = studio_of(request)
    shelf = {product.id: product for product in await studio.catalogue.products(who.shop)} if products else {}
    chosen = [shelf[ProductId(name)] for name in dict.fromkeys(products.split(",")) if name in shelf]
    lang = chosen[0].lang if chosen else language_of(request)
    values = {
        "title": "",
        "minutes": 30,
        "lang": lang,
        "persona": "",
        "duty": who.name,
        "host": studio.settings.host,
        "voice": studio.settings.voice_zh if lang == "zh" else studio.settings.voice_en,
        "theme": THEMES[0],
        "background": "studio",
    }
    return await _form(request, who, None, values, chosen, {})


@router.get("/shows/shelf")
async def shelf(request: Request, who: Operator, lang: str = "zh", find: str = "") -> Response:
    """Products to pick from, as a fragment: those in the language whose name or number has the words."""
    found = _matching(await studio_of(request).catalogue.products(who.shop), lang, find)
    context = {"found": found[:SHOWN], "more": max(0, len(found) - SHOWN)}
    return studio_of(request).templates.page(request, "shows_shelf.html", context)


@router.get("/shows/{show}")
async def show(request: Request, show: str, who: SignedIn) -> Response:
    """One show: its timeline, its words' state, and the ways on."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show), rehearsal=True)
    blocks = await studio.shows.scripts.blocks(who.shop, ShowId(show))
    pace = await studio.auditions.pace(plan.voice, plan.lang)
    rundown = rundown_of(plan, pace.characters)
    known = {product.id: product for product in await studio.catalogue.products(who.shop)}
    timeline = [] if rundown is None else stops(plan, rundown)
    told = max((index for index, stop in enumerate(timeline) if stop.product and stop.turn == 1), default=-1) + 1
    context = {
        "member": who,
        "show": plan,
        "blocks": blocks,
        "by_product": {block.product.id: block for block in blocks},
        "approved": sum(block.approved for block in blocks),
        "timeline": timeline[:told],
        "later": timeline[told:][:SHOWN],
        "more": max(0, len(timeline) - told - SHOWN),
        "strip": _strip(timeline),
        "length": 0.0 if rundown is None else rundown.seconds,
        "pace": pace,
        "changes": None if rundown is None else changes(plan, rundown, known, pace.characters),
        "known": known,
        "room": next((room for room in studio.rooms.running(who.shop) if room.show == show), None),
        "words": words_of(request),
    }
    return studio.templates.page(request, "show.html", context)


@router.get("/shows/{show}/edit")
async def edit(request: Request, show: str, who: Operator) -> Response:
    """The form with the show in it."""
    plan = await studio_of(request).shows.plan(who.shop, ShowId(show))
    values = {
        "title": plan.title,
        "minutes": plan.minutes,
        "lang": plan.lang,
        "persona": plan.persona,
        "duty": plan.duty,
        "host": plan.host,
        "voice": plan.voice,
        "theme": plan.theme,
        "background": plan.background,
    }
    return await _form(request, who, plan, values, plan.products, plan.goals)


@router.get("/shows/{show}/delete")
async def sure(request: Request, show: str, who: Operator) -> Response:
    """Are you sure?"""
    plan = await studio_of(request).shows.plan(who.shop, ShowId(show))
    return studio_of(request).templates.page(request, "show_delete.html", {"member": who, "show": plan})


def words_of(request: Request) -> dict[str, Any]:
    """The words that show pages look up by key."""
    templates = studio_of(request).templates
    lang = language_of(request)
    return templates.words(lang, "words_product.json") | templates.words(lang, "words_shows.json")


async def _form(
    request: Request,
    who: Member,
    plan: ShowPlan | None,
    values: Mapping[str, object],
    chosen: Sequence[Product],
    goals: Mapping[ProductId, str],
) -> Response:
    studio: Studio = studio_of(request)
    found = _matching(await studio.catalogue.products(who.shop), str(values["lang"]), "")
    context = {
        "member": who,
        "show": plan,
        "values": values,
        "chosen": chosen,
        "goals": goals,
        "found": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "hosts": HOSTS,
        "voices": VOICES,
        "themes": THEMES,
        "backgrounds": BACKGROUNDS,
        "words": words_of(request),
    }
    return studio.templates.page(request, "show_form.html", context)


def _matching(products: Iterable[Product], lang: str, find: str) -> list[Product]:
    wanted = find.strip().casefold()
    return [
        product
        for product in products
        if product.lang == lang and wanted in f"{product.title} {product.sku} {product.facts.category or ''}".casefold()
    ]


def _strip(timeline: Sequence[Any]) -> list[dict[str, object]]:
    """The timeline as rectangles on a line of 1,000 units."""
    total = sum(stop.seconds for stop in timeline) or 1.0
    return [
        {
            "x": round(stop.starts / total * 1000, 2),
            "width": round(max(stop.seconds / total * 1000 - 1.2, 0.6), 2),
            "kind": stop.kind,
            "title": stop.product.title if stop.product else "",
        }
        for stop in timeline
    ]
