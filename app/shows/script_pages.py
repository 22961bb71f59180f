"""A show's words by form or JSON: write, edit, rewrite, approve, restore; and the writing followed as it goes on."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from app.access.body import read_fields, wants_json
from app.access.guard import Operator, SignedIn
from app.errors import BadInput, Conflict
from app.events import ShowId
from app.shows.writers import Progress
from app.studio import studio_of

router = APIRouter()

FOLLOWED = 25.0  # seconds of one connection; the page comes back by itself and shows its session again


@router.post("/shows/{show}/script/write")
async def write(request: Request, show: str, who: Operator) -> Response:
    """Write the blocks without words; `block` only that one anew, `again` all anew."""
    fields = await read_fields(request)
    block = fields.get("block") or ""
    progress = await studio_of(request).writers.start(
        who.shop, ShowId(show), who.name, blocks=(block,) if block else (), again=bool(fields.get("again"))
    )
    if wants_json(request):
        return JSONResponse(_told(progress))
    return _back(show, block)


@router.post("/shows/{show}/script/stop")
async def stop(request: Request, show: str, who: Operator) -> Response:
    """End the writing; finished blocks stay."""
    await studio_of(request).shows.plan(who.shop, ShowId(show))
    await studio_of(request).writers.stop(who.shop, ShowId(show))
    return Response(status_code=204) if wants_json(request) else _back(show)


@router.get("/shows/{show}/script/progress")
async def progress(request: Request, show: str, who: SignedIn) -> Response:
    """The writing as server-sent events, each the whole state as JSON; `event: over` when nothing more comes."""
    studio = studio_of(request)
    await studio.shows.plan(who.shop, ShowId(show))

    async def states() -> AsyncGenerator[str, None]:
        try:
            async with (
                asyncio.timeout(FOLLOWED),
                aclosing(studio.writers.follow(who.shop, ShowId(show))) as following,
            ):
                async for state in following:
                    yield f"data: {json.dumps(_told(state), ensure_ascii=False)}\n\n"
        except TimeoutError:
            return  # the page asks again
        yield "event: over\ndata: {}\n\n"

    return StreamingResponse(states(), media_type="text/event-stream", headers={"cache-control": "no-store"})


@router.post("/shows/{show}/blocks/{block}/lines/{number}")
async def edit(request: Request, show: str, block: str, number: int, who: Operator) -> Response:
    """Put `text` into a line. `version` is the one the editor saw."""
    fields = await read_fields(request)
    version = await studio_of(request).shows.scripts.edit(
        who.shop, ShowId(show), block, number, fields.get("text") or "", who.name, based_on=_version(fields)
    )
    return _saved(request, show, block, version)


@router.post("/shows/{show}/blocks/{block}/lines/{number}/mend")
async def mend(request: Request, show: str, block: str, number: int, who: Operator) -> Response:
    """Rewrite a line that does not pass."""
    based_on = _version(await read_fields(request))
    version = await studio_of(request).shows.scripts.mend(
        who.shop, ShowId(show), block, [number], who.name, based_on=based_on
    )
    return _saved(request, show, block, version)


@router.post("/shows/{show}/blocks/{block}/lines/{number}/again")
async def again(request: Request, show: str, block: str, number: int, who: Operator) -> Response:
    """Write a line anew."""
    based_on = _version(await read_fields(request))
    version = await studio_of(request).writers.line(who.shop, ShowId(show), block, number, who.name, based_on=based_on)
    return _saved(request, show, block, version)


@router.post("/shows/{show}/blocks/{block}/lines/{number}/leave-out")
async def leave_out(request: Request, show: str, block: str, number: int, who: Operator) -> Response:
    """Take a line out."""
    based_on = _version(await read_fields(request))
    version = await studio_of(request).shows.scripts.leave_out(
        who.shop, ShowId(show), block, number, who.name, based_on=based_on
    )
    return _saved(request, show, block, version)


@router.post("/shows/{show}/blocks/{block}/mend")
async def mend_block(request: Request, show: str, block: str, who: Operator) -> Response:
    """Rewrite every line of the block that does not pass, or whose facts changed."""
    based_on = _version(await read_fields(request))
    version = await studio_of(request).shows.scripts.mend(
        who.shop, ShowId(show), block, None, who.name, based_on=based_on
    )
    return _saved(request, show, block, version)


@router.post("/shows/{show}/blocks/{block}/approve")
async def approve(request: Request, show: str, block: str, who: Operator) -> Response:
    """Stand for a block's lines; `proof` says that the certificates the law wants are there."""
    fields = await read_fields(request)
    scripts = studio_of(request).shows.scripts
    try:
        await scripts.approve(
            who.shop, ShowId(show), block, who.name, based_on=_version(fields), proof=bool(fields.get("proof"))
        )
    except Conflict:
        if wants_json(request):
            raise
        return RedirectResponse(_place(show, block, f"?refused={quote(block)}"), status_code=303)
    return _saved(request, show, block, _version(fields))


@router.post("/shows/{show}/blocks/{block}/withdraw")
async def withdraw(request: Request, show: str, block: str, who: Operator) -> Response:
    """Nobody stands for the block any longer."""
    await studio_of(request).shows.scripts.withdraw(who.shop, ShowId(show), block, who.name)
    return Response(status_code=204) if wants_json(request) else _back(show, block)


@router.post("/shows/{show}/script/approve-passing")
async def approve_passing(request: Request, show: str, who: Operator) -> Response:
    """Stand for every line of the show that passes and needs no proof."""
    count = await studio_of(request).shows.scripts.approve_passing(who.shop, ShowId(show), who.name)
    if wants_json(request):
        return JSONResponse({"approved": count})
    return RedirectResponse(f"/shows/{quote(show)}/script?approved={count}", status_code=303)


@router.post("/shows/{show}/blocks/{block}/restore")
async def restore(request: Request, show: str, block: str, who: Operator) -> Response:
    """Make an older version (`number`) the newest."""
    number = _whole(await read_fields(request), "number")
    version = await studio_of(request).shows.scripts.restore(who.shop, ShowId(show), block, number, who.name)
    return _saved(request, show, block, version)


def _told(state: Progress) -> dict[str, Any]:
    return {**asdict(state), "done": state.done, "wanted": state.wanted}


def _version(fields: dict[str, str | None]) -> int:
    return _whole(fields, "version")


def _whole(fields: dict[str, str | None], name: str) -> int:
    text = fields.get(name) or ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(name, "a whole number", text)
    return int(text)


def _place(show: str, block: str = "", query: str = "") -> str:
    return f"/shows/{quote(show, safe='')}/script{query}" + (f"#block-{quote(block, safe='')}" if block else "")


def _back(show: str, block: str = "") -> Response:
    return RedirectResponse(_place(show, block), status_code=303)


def _saved(request: Request, show: str, block: str, version: int) -> Response:
    return JSONResponse({"version": version}) if wants_json(request) else _back(show, block)
