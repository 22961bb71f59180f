"""Price, stock, picture and the whole of the facts by form or JSON: committed first, then told to the rooms."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Operator
from app.access.service import Member
from app.catalogue.facts import money_typed
from app.catalogue.facts_pages import answered
from app.catalogue.multipart import read_parts
from app.catalogue.pictures import keep
from app.catalogue.product import Product
from app.errors import BadInput
from app.events import ProductId, StockChanged
from app.studio import Studio, studio_of

router = APIRouter()


@router.post("/catalogue/{product}/price")
async def set_price(request: Request, product: str, who: Operator) -> Response:
    """Set today's `price` (absent: as it is), and `why`. `list_price` absent keeps the struck-through one while it is
    higher, empty removes it; `basis` says what it is (msrp, platform_price, lowest_7_days); `currency` may change."""
    typed = await read_fields(request)
    work = _priced(studio_of(request), who, ProductId(product), typed)
    return await answered(request, who, product, work, "price", typed, "offer")


async def _priced(studio: Studio, who: Member, product: ProductId, typed: dict[str, str | None]) -> Product:
    known = await studio.catalogue.product(who.shop, product)
    if not typed.keys() & {"price", "list_price", "basis", "currency"}:
        raise BadInput("price", "an amount", "")
    currency = typed.get("currency") or known.currency
    if "price" not in typed and known.price is not None:
        price = known.price
    else:
        price = money_typed("price", typed.get("price") or "", currency)
    basis = typed.get("basis") or None
    if "list_price" in typed:
        text = typed["list_price"]
        list_price = money_typed("list_price", text, currency) if text else None
    else:
        list_price = known.list_price if known.list_price is not None and known.list_price > price else None
        basis = None
    return await studio.catalogue.set_price(
        who.shop, product, price, list_price, who.name, basis=basis, why=typed.get("why") or "", currency=currency
    )


@router.post("/catalogue/{product}/stock")
async def set_stock(request: Request, product: str, who: Operator) -> Response:
    """Set how many pieces are left (`stock`, a whole number)."""
    typed = await read_fields(request)
    work = _stocked(studio_of(request), who, ProductId(product), typed.get("stock") or "")
    return await answered(request, who, product, work, "stock", typed, "offer")


async def _stocked(studio: Studio, who: Member, product: ProductId, text: str) -> Product:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise BadInput("stock", "a whole number of pieces", text)
    changed = await studio.catalogue.set_stock(who.shop, product, int(text))
    studio.rooms.tell(who.shop, None, StockChanged(product=changed.id, stock=int(text)))
    return changed


@router.post("/catalogue/{product}/picture")
async def set_picture(request: Request, product: str, who: Operator) -> Response:
    """Give the product a new `picture` (PNG, JPEG or WebP, at most 10 MB)."""
    _, files = await read_parts(request)
    work = _pictured(studio_of(request), who, ProductId(product), files.get("picture", b""))
    return await answered(request, who, product, work, "picture", {}, "")


async def _pictured(studio: Studio, who: Member, product: ProductId, raw: bytes) -> Product:
    kept = await asyncio.to_thread(keep, studio.settings.data_dir, raw)
    return await studio.catalogue.set_picture(who.shop, product, kept)


@router.post("/catalogue/{product}/confirm")
async def confirm(request: Request, product: str, who: Operator) -> Response:
    """Stand for the product's facts."""
    await studio_of(request).catalogue.confirm(who.shop, ProductId(product), who.name)
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse(f"/catalogue/{product}", status_code=303)
