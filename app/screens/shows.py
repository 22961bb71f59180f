"""The list of shows, the form that plans one, and a show's timeline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.founding import Founding
from app.access.guard import Operator, SignedIn
from app.access.service import Member
from app.catalogue.browsing import look_of
from app.catalogue.product import Product
from app.events import ProductId, ShowId
from app.i18n import language_of
from app.live.schedule import OF_MARKET
from app.shows.cast import BACKGROUNDS, HOSTS, THEMES, VOICES
from app.shows.plan import ShowPlan
from app.shows.timeline import changes, rundown_of, stops
from app.shows.wishes import SHOW_MOST
from app.studio import Studio, studio_of

router = APIRouter(include_in_schema=False)

PARTS: tuple[tuple[int, Mapping[str, str]], ...] = (
    (9, {"zh": "早场", "en": "morning show"}),
    (14, {"zh": "午场", "en": "afternoon show"}),
    (24, {"zh": "晚场", "en": "evening show"}),
)
"""Until which hour somebody plans for which part of the day; a show is called in its own language."""
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
async def new(
    request: Request,
    who: Operator,
    products: str = "",
    find: str = "",
    state: str = "",
    category: str = "",
    lang: str = "",
    all: str = "",  # the word in the address
) -> Response:
    """A form that is filled in as far as it can be, with `products` (ids, by commas) picked already.

    With `all`, everything on the shelf that fits `find`, `state`, `category` and `lang`, up to what a show takes.
    """
    studio = studio_of(request)
    browsing, profile = studio.catalogue.browsing, await Founding(studio.access).profile(who.shop)
    if all:
        fitting = await browsing.page(who.shop, look_of(find, state, category, lang), most=SHOW_MOST)
        found = list(fitting.products)
    else:
        found = await browsing.some(who.shop, [ProductId(name) for name in products.split(",")[:SHOW_MOST]])
    lang = found[0].lang if found else profile.lang
    chosen = [product for product in found if product.lang == lang]
    values = {
        "title": title_at(datetime.now(ZoneInfo(OF_MARKET[profile.market])), lang),
        "minutes": minutes_for(len(chosen)),
        "lang": lang,
        "persona": "",
        "duty": who.name,
        "host": studio.settings.host,
        "voice": studio.settings.voice_zh if lang == "zh" else studio.settings.voice_en,
        "theme": THEMES[0],
        "background": "studio",
    }
    return await _form(request, who, None, values, chosen, {}, left=len(found) - len(chosen))


@router.get("/shows/shelf")
async def shelf(
    request: Request, who: Operator, lang: str = "zh", find: str = "", category: str = "", all: str = ""
) -> Response:
    """Products to pick from, as a fragment: those in the language that fit; with `all` as many as a show takes."""
    look = look_of(find, category=category, lang=lang)
    page = await studio_of(request).catalogue.browsing.page(who.shop, look, most=SHOW_MOST if all else SHOWN)
    context = {"found": page.products, "more": page.total - len(page.products), "total": page.total, "most": SHOW_MOST}
    return studio_of(request).templates.page(request, "shows_shelf.html", context)


@router.get("/shows/{show}")
async def show(request: Request, show: str, who: SignedIn) -> Response:
    """One show: its timeline, its words' state, and the ways on."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show), rehearsal=True)
    blocks = await studio.shows.scripts.blocks(who.shop, ShowId(show))
    pace = await studio.auditions.pace(plan.voice, plan.lang)
    rundown = rundown_of(plan, pace.characters)
    before = () if plan.before is None else plan.before.products
    known = {product.id: product for product in await studio.catalogue.browsing.some(who.shop, before)}
    known |= {product.id: product for product in plan.products}
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
        "sold_out": [product for product in plan.products if product.sold_out],
        "unconfirmed": sum(not product.confirmed for product in plan.products),
        "unpriced": [product for product in plan.products if product.price is None],
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
    *,
    left: int = 0,
) -> Response:
    studio: Studio = studio_of(request)
    browsing, lang = studio.catalogue.browsing, str(values["lang"])
    page, stand = await browsing.page(who.shop, look_of(lang=lang), most=SHOWN), await browsing.stand(who.shop)
    context = {
        "member": who,
        "show": plan,
        "values": values,
        "chosen": chosen,
        "goals": goals,
        "found": page.products,
        "more": page.total - len(page.products),
        "total": page.total,
        "most": SHOW_MOST,
        "left": left,
        "categories": stand.categories,
        "hosts": HOSTS,
        "voices": VOICES,
        "themes": THEMES,
        "backgrounds": BACKGROUNDS,
        "words": words_of(request),
    }
    return studio.templates.page(request, "show_form.html", context)


def title_at(now: datetime, lang: str) -> str:
    """A title to start from: the day, and which part of it a show that is planned now will fall into."""
    part = next(names for until, names in PARTS if now.hour < until)
    return f"{now.month}月{now.day}日 {part['zh']}" if lang == "zh" else f"{now.day} {now:%B}, {part['en']}"


def minutes_for(products: int) -> int:
    """A length to start from: about six minutes a product, in steps of ten, half an hour at least."""
    return 30 if products <= 5 else min(240, -(-products * 6 // 10) * 10)


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
