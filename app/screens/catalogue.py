"""The shelf and each product on it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.events import ProductId
from app.i18n import language_of
from app.screens.listing import fact_rows, marked
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


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
