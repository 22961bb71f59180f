"""Price and stock by form or JSON: the change is committed first, then told to the running rooms."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Operator
from app.catalogue.money import amount_of
from app.errors import BadInput
from app.events import PriceChanged, ProductId, StockChanged
from app.studio import studio_of

router = APIRouter()


@router.post("/catalogue/{product}/price")
async def set_price(request: Request, product: str, who: Operator) -> Response:
    """Set today's `price`. `list_price` absent keeps the struck-through one while it is higher; empty removes it."""
    fields = await read_fields(request)
    studio = studio_of(request)
    price = amount_of(fields.get("price") or "", "price")
    if "list_price" in fields:
        text = fields["list_price"]
        list_price = amount_of(text, "list_price") if text else None
    else:
        kept = (await studio.catalogue.product(who.shop, ProductId(product))).list_price
        list_price = kept if kept is not None and kept > price else None
    changed = await studio.catalogue.set_price(who.shop, ProductId(product), price, list_price, who.name)
    studio.rooms.tell(
        who.shop,
        None,
        PriceChanged(
            product=changed.id,
            price=price if changed.price is None else changed.price,
            list_price=changed.list_price,
            currency=changed.currency,
        ),
    )
    return _done(request, product)


@router.post("/catalogue/{product}/stock")
async def set_stock(request: Request, product: str, who: Operator) -> Response:
    """Set how many pieces are left (`stock`, a whole number)."""
    text = (await read_fields(request)).get("stock") or ""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise BadInput("stock", "a whole number of pieces", text)
    studio = studio_of(request)
    changed = await studio.catalogue.set_stock(who.shop, ProductId(product), int(text))
    studio.rooms.tell(who.shop, None, StockChanged(product=changed.id, stock=int(text)))
    return _done(request, product)


@router.post("/catalogue/{product}/confirm")
async def confirm(request: Request, product: str, who: Operator) -> Response:
    """Stand for the product's facts."""
    await studio_of(request).catalogue.confirm(who.shop, ProductId(product), who.name)
    return _done(request, product)


def _done(request: Request, product: str) -> Response:
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(f"/catalogue/{product}", status_code=303)
