"""A show's script: read, heard, edited, approved; its versions; and the script to take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.access.guard import SignedIn
from app.errors import NotFound
from app.events import ShowId
from app.exports import file_name
from app.i18n import language_of
from app.live.shelf import today
from app.screens.shows import words_of
from app.shows.export import markdown, subtitles
from app.shows.script_lines import BlockWords
from app.studio import studio_of
from scripts_gen.facts import MONEY_FIELDS

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A fact that stands beside the words about its product."""

    key: str
    label: str
    value: str
    money: bool
    used: bool


@router.get("/shows/{show}/script")
async def script(
    request: Request, show: str, who: SignedIn, refused: str = "", approved: int | None = None
) -> Response:
    """Every block with its lines; `refused` names the block that could not be approved a moment ago."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show), rehearsal=True)
    blocks = await studio.shows.scripts.blocks(who.shop, ShowId(show))
    lines = [line for block in blocks for line in block.lines]
    words = words_of(request)
    context = {
        "member": who,
        "show": plan,
        "blocks": blocks,
        "facts": {block.product.id: facts_beside(block, words) for block in blocks},
        "lines": len(lines),
        "spoken": sum(line.spoken for line in lines),
        "stopped": sum(not line.verdict.ok for line in lines),
        "unconfirmed": sum(not product.confirmed for product in plan.products),
        "approved": bool(blocks) and all(block.approved for block in blocks),
        "unwritten": sum(not block.lines for block in blocks),
        "progress": studio.writers.progress(who.shop, ShowId(show)),
        "refused": refused,
        "just_approved": approved,
        "words": words,
    }
    return studio.templates.page(request, "script.html", context)


def facts_beside(block: BlockWords, words: Mapping[str, Any]) -> list[Beside]:
    """Every fact of the block's product under the key that claims name it by; those that no line stands on last."""
    product = block.product
    said = {key for line in block.lines for key, _ in line.verdict.facts}
    found = [
        Beside(
            key=key,
            label=key.partition(".")[2] if key.startswith("specs.") else str(words.get(key.split(".")[0], key)),
            value=value,
            money=key in MONEY_FIELDS,
            used=key in said,
        )
        for key, value in today(product).items()
        if key != "title"
    ]
    return sorted(found, key=lambda fact: not fact.used)


@router.get("/shows/{show}/blocks/{block}/versions")
async def versions(
    request: Request, show: str, block: str, who: SignedIn, before: int | None = None, after: int | None = None
) -> Response:
    """A block's versions, and the difference of two of them (the newest two at first)."""
    studio = studio_of(request)
    scripts = studio.shows.scripts
    found = await scripts.block(who.shop, ShowId(show), block)
    made = await scripts.versions(who.shop, ShowId(show), block)
    newest = made[0].number if made else 0
    new = newest if after is None else after
    old = (max((each.number for each in made if each.number < new), default=new)) if before is None else before
    context = {
        "member": who,
        "show": await studio.shows.plan(who.shop, ShowId(show)),
        "block": found,
        "versions": made,
        "before": old,
        "after": new,
        "difference": await scripts.compare(who.shop, ShowId(show), block, old, new) if made else [],
        "words": words_of(request),
    }
    return studio.templates.page(request, "script_versions.html", context)


@router.get("/shows/{show}/script/print")
async def printed(request: Request, show: str, who: SignedIn) -> Response:
    """The script for paper."""
    studio = studio_of(request)
    context = {
        "show": await studio.shows.plan(who.shop, ShowId(show)),
        "blocks": await studio.shows.scripts.blocks(who.shop, ShowId(show)),
        "words": words_of(request),
    }
    return studio.templates.page(request, "script_print.html", context)


@router.get("/shows/{show}/script.{ending}")
async def taken_away(request: Request, show: str, ending: str, who: SignedIn) -> Response:
    """The script as Markdown (`md`) or as subtitles timed by the voice's pace (`srt`)."""
    studio = studio_of(request)
    plan = await studio.shows.plan(who.shop, ShowId(show))
    blocks = await studio.shows.scripts.blocks(who.shop, ShowId(show))
    if ending == "md":
        text = markdown(plan.title, blocks, words_of(request))
    elif ending == "srt":
        pace = await studio.auditions.pace(plan.voice, plan.lang)
        text = subtitles(blocks, plan.lang, pace.characters, label=words_of(request)["subtitle_label"])
    else:
        raise NotFound(f"script: wanted md or srt, found {ending[:20]!r}")
    name = file_name(f"{plan.title}-{language_of(request)}", ending)
    return Response(
        text,
        media_type="text/markdown; charset=utf-8" if ending == "md" else "application/x-subrip; charset=utf-8",
        headers={"content-disposition": f"attachment; filename=\"script.{ending}\"; filename*=UTF-8''{quote(name)}"},
    )
