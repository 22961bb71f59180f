"""New products by hand and by pasted text, as forms; what was filled in wrong comes back with everything typed."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields
from app.access.guard import Operator
from app.catalogue.intake import PASTE_MOST, Filled
from app.catalogue.multipart import read_parts
from app.catalogue.pictures import keep
from app.catalogue.splitting import PIECES_MOST
from app.errors import BadInput, TooLarge
from app.i18n import language_of
from app.screens.errors import wants_page
from app.screens.facts import trouble_of, words_of
from app.screens.paste import hand_page, paste_page, review_page
from app.studio import studio_of

router = APIRouter()

TEXT_BYTES = PASTE_MOST * 9 + 4_096  # a Han character is nine bytes in a form
PIECE_FIELDS = 6
NAMES = ("title", "price", "currency", "sku", "stock", "list_price", "basis", "brand", "category", "listing")


@router.post("/catalogue/new")
async def add_by_hand(request: Request, who: Operator) -> Response:
    """Put one product on the shelf: `title` and `price`, and whatever else is known, with a `picture`."""
    studio = studio_of(request)
    fields: dict[str, str] = {}
    try:
        fields, files = await read_parts(request)
        filled = Filled(**{"title": "", "price": "", **{name: fields[name] for name in NAMES if name in fields}})
        raw = files.get("picture")
        picture = None if raw is None else await asyncio.to_thread(keep, studio.settings.data_dir, raw)
        product = await studio.catalogue.intake.by_hand(who.shop, filled, who.name, picture=picture)
    except (BadInput, TooLarge) as problem:
        if not wants_page(request):
            raise
        told = BadInput("picture", "a smaller one", "") if isinstance(problem, TooLarge) else problem
        trouble = trouble_of(request, "hand", told, fields)
        return await hand_page(request, who, trouble, status=problem.status)
    return RedirectResponse(f"/catalogue/{product.id}", status_code=303)


@router.post("/catalogue/paste")
async def paste_text(request: Request, who: Operator) -> Response:
    """Cut the `text` into its products; they are read at once and looked over before anything is saved."""
    studio = studio_of(request)
    text = ""
    try:
        text = (await read_fields(request, limit=TEXT_BYTES)).get("text") or ""
        paste = await studio.catalogue.intake.paste(who.shop, text)
    except (BadInput, TooLarge) as problem:
        if not wants_page(request):
            raise
        told = BadInput("text", "a shorter one", "")
        trouble = trouble_of(request, "paste", told, {"text": text})
        return paste_page(request, who, trouble, status=problem.status)
    studio.extraction.doorbell.set()
    return RedirectResponse(f"/catalogue/paste/{paste}", status_code=303)


@router.post("/catalogue/paste/{paste}")
async def save_pasted(request: Request, paste: str, who: Operator) -> Response:
    """Put the chosen products on the shelf: for each place `keep-N`, `title-N`, `price-N`, `currency-N`, `stock-N`,
    `sku-N`. All or none."""
    studio = studio_of(request)
    fields = await read_fields(request, limit=TEXT_BYTES, most=PIECES_MOST * PIECE_FIELDS + 2)
    typed = {name: value for name, value in fields.items() if value is not None}
    places = [place for place in range(PIECES_MOST) if f"keep-{place}" in typed]
    chosen = {
        place: Filled(
            title=typed.get(f"title-{place}", ""),
            price=typed.get(f"price-{place}", ""),
            currency=typed.get(f"currency-{place}", "CNY"),
            sku=typed.get(f"sku-{place}", ""),
            stock=typed.get(f"stock-{place}", ""),
        )
        for place in places
    }
    saved = await studio.catalogue.intake.save(who.shop, paste, chosen, who.name)
    if saved.problems:
        labels = studio.templates.words(language_of(request), "words_facts.json")
        troubles = {place: words_of(problem, labels) for place, problem in saved.problems.items()}
        return await review_page(request, who, paste, typed, troubles, at_once=True, status=422)
    where = f"/catalogue/{saved.products[0]}" if len(saved.products) == 1 else "/catalogue"
    return RedirectResponse(where, status_code=303)


@router.post("/catalogue/paste/{paste}/forget")
async def forget_pasted(request: Request, paste: str, who: Operator) -> Response:
    """Throw a pasted text away."""
    await studio_of(request).catalogue.intake.forget(who.shop, paste)
    return RedirectResponse("/catalogue", status_code=303)
