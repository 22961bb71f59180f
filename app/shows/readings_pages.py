"""The shop's own readings by form or JSON: set one, forget one."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Owner
from app.shows.readings import forget_reading, read_as
from app.studio import studio_of

router = APIRouter()


@router.post("/settings/readings")
async def read(request: Request, who: Owner) -> Response:
    """Read `written` as `said` from the next show on. Raises BadInput."""
    fields = await read_fields(request)
    async with studio_of(request).database.transaction() as db:
        await read_as(db, who.shop, fields.get("written") or "", fields.get("said") or "")
    return _back(request)


@router.post("/settings/readings/forget")
async def forget(request: Request, who: Owner) -> Response:
    """Read `written` by the rules again."""
    fields = await read_fields(request)
    async with studio_of(request).database.transaction() as db:
        await forget_reading(db, who.shop, fields.get("written") or "")
    return _back(request)


def _back(request: Request) -> Response:
    return (
        Response(status_code=204)
        if wants_json(request)
        else RedirectResponse("/settings/readings?saved=1", status_code=303)
    )
