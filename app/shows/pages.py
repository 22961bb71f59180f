"""Shows by form or JSON: plan a new one, change it, copy it, delete it."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Operator
from app.errors import BadInput, Conflict
from app.events import ProductId, ShowId
from app.shows.plan import Wish
from app.studio import studio_of

router = APIRouter()


@router.post("/shows/new")
async def create(request: Request, who: Operator) -> Response:
    """Plan a show; `products` are ids in order, parted by commas, `goals` id=goal pairs likewise."""
    fields = await read_fields(request)
    studio, wish = studio_of(request), wish_of(fields, who.name)
    show = await studio.shows.create(who.shop, wish, who.name)
    await studio.extraction.want(who.shop, wish.products)  # so that their facts can be confirmed before the words
    return _to(request, show)


@router.post("/shows/{show}/edit")
async def change(request: Request, show: str, who: Operator) -> Response:
    """Plan the show anew."""
    studio, wish = studio_of(request), wish_of(await read_fields(request), who.name)
    await studio.shows.change(who.shop, ShowId(show), wish, who.name)
    await studio.extraction.want(who.shop, wish.products)
    return _to(request, ShowId(show))


@router.post("/shows/{show}/copy")
async def copy(request: Request, show: str, who: Operator) -> Response:
    """The same show once more, with its words; `title` may name it."""
    studio = studio_of(request)
    fields = await read_fields(request)
    title = (fields.get("title") or "").strip() or (await studio.shows.plan(who.shop, ShowId(show))).title
    return _to(request, await studio.shows.copy(who.shop, ShowId(show), title, who.name))


@router.post("/shows/{show}/delete")
async def delete(request: Request, show: str, who: Operator) -> Response:
    """Delete a show that is not running. Its logs and orders stay."""
    studio = studio_of(request)
    if any(room.show == show for room in studio.rooms.running(who.shop)):
        raise Conflict("show: wanted one that is not running, found it on air; end it first")
    await studio.writers.stop(who.shop, ShowId(show))
    await studio.shows.remove(who.shop, ShowId(show), who.name)
    return Response(status_code=204) if wants_json(request) else RedirectResponse("/shows", status_code=303)


def wish_of(fields: Mapping[str, str | None], operator: str) -> Wish:
    """The show a form describes. Raises BadInput."""

    def text(name: str, default: str = "") -> str:
        return " ".join((fields.get(name) or default).split())

    minutes = text("minutes", "30")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 6):
        raise BadInput("minutes", "a whole number of minutes", minutes)
    products = tuple(ProductId(name) for name in text("products").replace(" ", "").split(",") if name)
    goals: dict[ProductId, str] = {}
    for pair in filter(None, text("goals").replace(" ", "").split(",")):
        name, _, goal = pair.rpartition("=")
        if name in products and goal:
            goals[ProductId(name)] = goal
    return Wish(
        title=text("title"),
        lang=text("lang"),
        host=text("host"),
        voice=text("voice"),
        persona=text("persona"),
        duty=text("duty", operator),
        products=products,
        minutes=int(minutes),
        goals=goals,
        theme=text("theme", "jade"),
        background=text("background", "studio"),
    )


def _to(request: Request, show: ShowId) -> Response:
    if wants_json(request):
        return JSONResponse({"show": show})
    return RedirectResponse(f"/shows/{show}", status_code=303)
