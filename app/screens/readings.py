"""The shop's own readings: which words the host reads otherwise than by the rules, and a line to try them on."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import Owner
from app.shows.readings import READINGS_MOST, SAID_MOST, WRITTEN_MOST, readings_of
from app.studio import studio_of
from avatar.spoken import spoken

TRIED_MOST = 300  # characters of the line to try

router = APIRouter(include_in_schema=False)


@router.get("/settings/readings")
async def readings(request: Request, who: Owner) -> Response:
    """The page; `line` is read aloud, in writing, with the words as they are now."""
    studio = studio_of(request)
    async with studio.database.transaction() as db:
        own = await readings_of(db, who.shop)
    line = request.query_params.get("line", "")[:TRIED_MOST]
    context = {
        "member": who,
        "readings": list(own.items()),
        "saved": "saved" in request.query_params,
        "line": line,
        "heard": spoken(line, dictionary=own).spoken if line.strip() else "",
        "most": {"written": WRITTEN_MOST, "said": SAID_MOST, "line": TRIED_MOST, "readings": READINGS_MOST},
    }
    return studio.templates.page(request, "readings.html", context)
