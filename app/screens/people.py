"""The owner's pages about people: members, invitations, the audit log; and the page behind an invitation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access import audit
from app.access.audit import DEEDS, Note
from app.access.guard import Owner, address_of
from app.access.people import People
from app.access.service import ROLES, Member
from app.exports import csv_response
from app.i18n import language_of
from app.studio import studio_of

router = APIRouter(include_in_schema=False)

EXPORT_MOST = 20_000  # notes in one file
SPANS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30), "": None}


@router.get("/people")
async def people(request: Request, who: Owner) -> Response:
    """Members, their browsers, and invitations that wait."""
    return await people_page(request, who)


async def people_page(request: Request, who: Member, *, link: str = "", status: int = 200) -> Response:
    """The page; with a fresh invitation's link it shows that, this once."""
    studio = studio_of(request)
    everybody = People(studio.access)
    words = studio.templates.words(language_of(request), "words_people.json")
    context = {
        "member": who,
        "people": await everybody.members(who),
        "waiting": await everybody.waiting(who),
        "roles": ROLES,
        "words": words,
        "link": link,
        "picture": segno.make(link, error="m").svg_data_uri(scale=4, border=2) if link else "",
    }
    return studio.templates.page(request, "people.html", context, status=status)


@router.get("/join")
async def join(request: Request) -> Response:
    """The page behind an invitation; its script asks what the code of the fragment offers."""
    return join_page(request)


def join_page(
    request: Request, *, code: str = "", name: str = "", account: str = "", problem: str = "", status: int = 200
) -> Response:
    """The form, with what was filled in and what was wrong with it."""
    templates = studio_of(request).templates
    words = templates.words(language_of(request), "words_people.json")
    context = {"code": code, "name": name, "account": account, "problem": problem, "words": words}
    return templates.page(request, "join.html", context, status=status)


@router.get("/audit")
async def audit_log(request: Request, who: Owner) -> Response:
    """Who did what, newest first, with filters."""
    studio, asked = studio_of(request), request.query_params
    what, person, days = asked.get("what", ""), asked.get("who", ""), asked.get("days", "")
    async with studio.database.transaction() as db:
        notes = await audit.notes_of(
            db, who.shop, what=what, who=person, since=_since(days), before=asked.get("before"), most=audit.PAGE + 1
        )
        everybody = await audit.people_in_notes(db, who.shop)
    context = {
        "member": who,
        "notes": notes[: audit.PAGE],
        "older": notes[audit.PAGE - 1].id if len(notes) > audit.PAGE else "",
        "deeds": DEEDS,
        "everybody": [name for name in everybody if name],
        "what": what,
        "who": person,
        "days": days,
        "words": studio.templates.words(language_of(request), "words_people.json"),
    }
    return studio.templates.page(request, "audit.html", context)


@router.get("/audit/export")
async def export(request: Request, who: Owner) -> Response:
    """The log as CSV (the last 20,000 of what the filters let through); the export itself is noted."""
    studio, asked = studio_of(request), request.query_params
    async with studio.database.transaction() as db:
        notes = await audit.notes_of(
            db,
            who.shop,
            what=asked.get("what"),
            who=asked.get("who"),
            since=_since(asked.get("days", "")),
            most=EXPORT_MOST,
        )
        audit.note(db, who.shop, who.name, "exported", object="audit", address=address_of(request))
    return csv_response(_rows(notes), f"{who.shop_name} audit {datetime.now(UTC):%Y-%m-%d}")


def _since(days: str) -> datetime | None:
    span = SPANS.get(days)
    return None if span is None else datetime.now(UTC) - span


def _rows(notes: list[Note]) -> Iterator[tuple[object, ...]]:
    yield "at", "who", "what", "object", "detail", "address"
    for note in notes:
        detail = "; ".join(f"{name}={value}" for name, value in note.detail.items())
        yield note.at.isoformat(timespec="seconds"), note.who, note.what, note.object, detail, note.address
