"""The shelf of the shop."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.studio import studio_of

router = APIRouter(include_in_schema=False)


@router.get("/catalogue")
async def catalogue(request: Request, who: SignedIn) -> Response:
    """The shelf, and how far the reading of its listings is."""
    studio = studio_of(request)
    products = await studio.catalogue.products(who.shop)
    context = {
        "member": who,
        "products": products,
        "confirmed": sum(product.confirmed for product in products),
        "reading": await studio.extraction.progress(who.shop),
        "again": "/catalogue/reading",
    }
    return studio.templates.page(request, "catalogue.html", context)


@router.get("/catalogue/reading")
async def reading(request: Request, who: SignedIn) -> Response:
    """How far the reading is, for the shelf's page to draw anew."""
    studio = studio_of(request)
    context = {"reading": await studio.extraction.progress(who.shop), "again": "/catalogue/reading"}
    return studio.templates.page(request, "reading.html", context)
