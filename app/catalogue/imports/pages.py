"""Uploads by form or program: send a file, map its columns, start, stop, start again."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.body import read_fields
from app.access.founding import Founding
from app.access.guard import Operator, SignedIn, address_of
from app.catalogue.imports.intake import received
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.service import Upload
from app.errors import TooLarge
from app.screens.errors import wants_page
from app.screens.upload import upload_page
from app.studio import studio_of

router = APIRouter()


@router.post("/catalogue/imports")
async def send(request: Request, who: Operator) -> Response:
    """Take a sheet and pictures (multipart). A refused file is answered on the page itself, in the reader's words."""
    studio = studio_of(request)
    try:
        files = await received(request)
        profile = await Founding(studio.access).profile(who.shop)
        id, known = await studio.imports.upload(
            who.shop, files.raw, files.name, files.pictures, who.name, currency=profile.currency
        )
    except FileRefused as refused:
        if not wants_page(request):
            raise
        status = TooLarge.status if refused.code == "too_large" else refused.status
        return await upload_page(request, who, refused=refused.problem(), status=status)
    if not wants_page(request):
        return JSONResponse({"import": id, "known": known}, status_code=200 if known else 201)
    return RedirectResponse(f"/catalogue/imports/{id}{'?same=1' if known else ''}", status_code=303)


@router.post("/catalogue/imports/{id}/columns")
async def columns(request: Request, id: str, who: Operator) -> Response:
    """Set the columns (`c0`, `c1`, …: a field or empty) and choices; with `go` the import starts."""
    studio = studio_of(request)
    fields = await read_fields(request, most=128)
    count = len((await studio.imports.table(who.shop, id)).header)
    chosen = [fields.get(f"c{place}") or "" for place in range(count)]
    choices: dict[str, Any] = {name: fields[name] or "" for name in ("currency", "basis", "prices") if name in fields}
    choices["fetch"] = fields.get("fetch") == "on"
    await studio.imports.remap(who.shop, id, chosen, choices)
    if "go" in fields and "title" in chosen:
        await studio.imports.start(who.shop, id, who.name, address=address_of(request))
    return RedirectResponse(f"/catalogue/imports/{id}", status_code=303)


@router.post("/catalogue/imports/{id}/cancel")
async def cancel(request: Request, id: str, who: Operator) -> Response:
    """End the import; what is on the shelf already stays."""
    await studio_of(request).imports.one(who.shop, id)
    await studio_of(request).imports.cancel(who.shop, id)
    return RedirectResponse(f"/catalogue/imports/{id}", status_code=303)


@router.post("/catalogue/imports/{id}/again")
async def again(request: Request, id: str, who: Operator) -> Response:
    """Map and run the same table anew."""
    fresh = await studio_of(request).imports.again(who.shop, id, who.name)
    return RedirectResponse(f"/catalogue/imports/{fresh}", status_code=303)


@router.post("/catalogue/imports/{id}/facts")
async def look_through(request: Request, id: str, who: Operator) -> Response:
    """Have the descriptions of the file's next products read, and lead to their facts."""
    studio = studio_of(request)
    waiting, _ = await studio.imports.unconfirmed(who.shop, id)
    await studio.extraction.want(who.shop, waiting)
    return RedirectResponse(f"/catalogue/imports/{id}/facts", status_code=303)


@router.post("/catalogue/imports/{id}/facts/confirm")
async def confirm(request: Request, id: str, who: Operator) -> Response:
    """Confirm those of the file's products named in `products` (ids by commas): what was shown, no others."""
    studio = studio_of(request)
    shown = set(((await read_fields(request)).get("products") or "").split(","))
    waiting, _ = await studio.imports.unconfirmed(who.shop, id)
    for product in waiting:
        if product in shown:
            await studio.catalogue.confirm(who.shop, product, who.name)
    following, _ = await studio.imports.unconfirmed(who.shop, id)
    await studio.extraction.want(who.shop, following)
    return RedirectResponse(f"/catalogue/imports/{id}/facts", status_code=303)


@router.get("/catalogue/imports/{id}/progress")
async def progress(request: Request, id: str, who: SignedIn) -> JSONResponse:
    """How far the import is, for the page that shows it."""
    return JSONResponse(_progress(await studio_of(request).imports.one(who.shop, id)))


def _progress(upload: Upload) -> dict[str, Any]:
    return {
        "state": upload.state,
        "goods": upload.goods,
        "done": upload.goods_done,
        "fetches": upload.fetches,
        "fetched": upload.fetches_done,
        "eta_seconds": upload.eta_seconds,
        "counts": dict(upload.counts),
    }
