"""Standing for the facts of a show's products, all that were on the page at once."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields
from app.access.guard import Operator
from app.events import ShowId
from app.studio import studio_of

router = APIRouter()


@router.post("/shows/{show}/facts/confirm")
async def confirm(request: Request, show: str, who: Operator) -> Response:
    """Confirm the show's products named in `products` (ids by commas): those that were shown, no others."""
    studio = studio_of(request)
    shown = set(((await read_fields(request)).get("products") or "").split(","))
    plan = await studio.shows.plan(who.shop, ShowId(show))
    for product in plan.products:
        if product.id in shown and not product.confirmed:
            await studio.catalogue.confirm(who.shop, product.id, who.name)
    left = any(not product.confirmed and product.id not in shown for product in plan.products)
    # What comes next is the words, as long as there are none that somebody stands for.
    plan = await studio.shows.plan(who.shop, ShowId(show))
    onward = "live" if all(product.id in plan.scripts for product in plan.products) else "script"
    return RedirectResponse(f"/shows/{show}/{'facts' if left else onward}", status_code=303)
