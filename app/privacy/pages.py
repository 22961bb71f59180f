"""What an owner does about people's data: set the days, take a viewer's data out, erase a viewer."""

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Owner, address_of
from app.errors import BadInput
from app.privacy.service import LIMITS, Retention
from app.screens.privacy import privacy_page
from app.studio import studio_of

router = APIRouter()


@router.post("/settings/privacy/retention")
async def retention(request: Request, who: Owner) -> Response:
    """Set how many days each kind is kept."""
    fields = await read_fields(request)
    days = {name: _days(name, fields.get(name) or "") for name in LIMITS}
    await studio_of(request).privacy.keep_for(who, Retention(**days), address=address_of(request))
    if wants_json(request):
        return Response(status_code=204)
    return RedirectResponse("/settings/privacy?saved=1", status_code=303)


@router.post("/settings/privacy/export")
async def export(request: Request, who: Owner) -> Response:
    """Everything kept about one viewer (`source`, `viewer`), as JSON to take away."""
    fields = await read_fields(request)
    held = await studio_of(request).privacy.held(
        who, fields.get("source") or "", fields.get("viewer") or "", address=address_of(request)
    )
    lines = [
        {"show_room": item.room, "at": item.at.isoformat(), "kind": item.kind, "name": item.name, "text": item.text}
        for item in held
        if not item.erased
    ]
    return Response(
        json.dumps({"held": lines}, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="viewer.json"', "cache-control": "no-store"},
    )


@router.post("/settings/privacy/erase")
async def erase(request: Request, who: Owner) -> Response:
    """Erase one viewer (`source`, `viewer`, `sure` = yes). The id is not kept, so it does not stand in an address."""
    fields = await read_fields(request)
    if fields.get("sure") != "yes":
        raise BadInput("sure", "the box ticked", fields.get("sure"))
    done = await studio_of(request).privacy.erase(
        who, fields.get("source") or "", fields.get("viewer") or "", address=address_of(request)
    )
    if wants_json(request):
        return Response(
            json.dumps({"lines": done.lines, "waits": done.waits}), media_type="application/json", status_code=200
        )
    return await privacy_page(request, who, erased=done)


def _days(name: str, text: str) -> int:
    least, most = LIMITS[name]
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise BadInput(name, f"a whole number of days from {least} to {most}", text)
    return int(text)
