"""The desk's routes: start and end a show, press buttons, try a comment, fetch an overlay link, see everything live."""

import asyncio
import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.body import read_fields, wants_json
from app.access.guard import Analyst, Operator, check_origin, member, operator, session_token, until_shut_out
from app.access.service import Member
from app.errors import BadInput, Forbidden, NotFound, NotSignedIn, Unavailable
from app.events import CommentHeard, CommentId, RoomId, ShowId
from app.ledger import Ledger, canonical
from app.live import wire
from app.live.names import viewer_hash
from app.studio import studio_of

router = APIRouter()

AT_MOST_EVERY = 0.2  # seconds between two pictures of the desk
AT_LEAST_EVERY = 1.0  # seconds; progress and look-ahead move also when nothing happens
AWAY_MOST = 2.0  # seconds the studio on air may not be reached before the page is told
COMMENT_LONGEST = 500
COME_BACK = 1012  # close code: the studio restarts

DATABASE_WITHIN = 0.4  # seconds; then a session confirmed lately is believed, for silence must come within one


async def presser(request: Request) -> Member:
    """An operator, also while the database is away: then by a session that it confirmed a short while ago."""
    check_origin(request)
    token = session_token(request)
    trusted = studio_of(request).rooms.trusted
    if token is None:
        raise NotSignedIn("session: wanted a valid one, found none; please sign in")
    try:
        async with asyncio.timeout(DATABASE_WITHIN):
            who = await operator(await member(request))
    except (NotSignedIn, Forbidden):
        trusted.forget(token)
        raise
    except (OSError, SQLAlchemyError) as away:  # TimeoutError is an OSError
        known = trusted.member(token)
        if known is None:
            raise Unavailable("the database does not answer and this session was not confirmed lately") from away
        return known
    trusted.remember(token, who)
    return who


Presser = Annotated[Member, Depends(presser)]


@router.post("/shows/{show}/rehearse")
async def rehearse(request: Request, show: str, who: Operator) -> Response:
    """Start the show's rehearsal, or go to the one that runs. Optional field `products`: only the first so many."""
    fields = await read_fields(request)
    text = fields.get("products") or ""
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 200):
        raise BadInput("products", "a whole number from 1 to 200", text)
    rooms = studio_of(request).rooms
    room = await rooms.start(
        who.shop, ShowId(show), rehearsal=True, duty=who.name, products=int(text) if text else None
    )
    if wants_json(request):
        return JSONResponse({"room": room})
    return RedirectResponse(f"/desk/{room}", status_code=303)


@router.post("/desk/{room}/end")
async def end(request: Request, room: str, who: Operator) -> Response:
    """Take the show off air."""
    await studio_of(request).rooms.end(who.shop, RoomId(room), f"ended by {who.name}")
    return Response(status_code=204) if wants_json(request) else RedirectResponse("/dashboard", status_code=303)


@router.post("/desk/{room}/press")
async def press(request: Request, room: str, who: Presser) -> Response:
    """Press a button (wire.Press). Refused with the reason when the words may not be said."""
    fields = {name: value for name, value in (await read_fields(request)).items() if value is not None}
    try:
        wanted = wire.Press.model_validate(fields)
    except ValidationError as problem:
        raise BadInput(
            "press", "one of the desk's buttons with its fields", str(problem.errors()[0]["msg"])
        ) from problem
    await (await studio_of(request).rooms.reach(who.shop, RoomId(room))).press(wanted, who.name)
    return Response(status_code=204) if wants_json(request) else RedirectResponse(f"/desk/{room}", status_code=303)


@router.post("/desk/{room}/comment")
async def comment(request: Request, room: str, who: Operator) -> Response:
    """Try a comment as a viewer would write it; marked as simulated everywhere."""
    fields = await read_fields(request)
    text = (fields.get("text") or "").strip()
    if not text or len(text) > COMMENT_LONGEST:
        raise BadInput("text", f"1 to {COMMENT_LONGEST} characters", text)
    name = (fields.get("name") or "").strip()[:40] or who.name
    event_id = secrets.token_hex(8)
    reached = await studio_of(request).rooms.reach(who.shop, RoomId(room))
    await reached.hear(
        CommentHeard(
            comment=CommentId(event_id),
            source="desk",
            source_event_id=event_id,
            crowd_kind="comment",
            viewer=viewer_hash(who.shop, "desk", who.user),
            name=name,
            text=text,
            simulated=True,
            received_at=time.time(),
        )
    )
    return Response(status_code=204) if wants_json(request) else RedirectResponse(f"/desk/{room}", status_code=303)


@router.get("/desk/{room}/events.jsonl")
async def events(request: Request, room: str, who: Analyst) -> Response:
    """The room's hash-chained log, one event a line (docs/protocol.md)."""
    studio = studio_of(request)
    lines = [line async for line in Ledger(studio.database, who.shop).export(RoomId(room))]
    if not lines:
        raise NotFound(f"room: wanted one of this shop, found {room!r}")
    body = "".join(canonical(line) + "\n" for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="events-{RoomId(room)}.jsonl"'}
    return Response(body, media_type="application/x-ndjson", headers=headers)


@router.websocket("/desk/{room}/ws")
async def desk(socket: WebSocket, room: str) -> None:
    """The whole desk whenever something changed, five times a second at most."""
    try:
        who = await operator(await member(socket))
        rooms = studio_of(socket).rooms
        await rooms.reach(who.shop, RoomId(room))
        if token := session_token(socket):
            rooms.trusted.remember(token, who)
    except (Forbidden, NotSignedIn, NotFound) as refused:
        # Before `accept` the handshake itself is refused, with HTTP 403.
        await socket.close(4404 if isinstance(refused, NotFound) else 4403)
        return
    except Unavailable:
        await socket.accept()
        await socket.close(COME_BACK)  # the studio on air cannot be reached just now
        return
    await socket.accept()
    listening = asyncio.create_task(_until_gone(socket), name=f"desk:{room}:gone")
    shut_out = asyncio.create_task(until_shut_out(socket, who, "owner", "operator"), name=f"desk:{room}:shut_out")
    away = 0.0
    try:
        while not listening.done():
            if shut_out.done():
                await socket.close(4403)
                return
            try:
                live = await rooms.reach(who.shop, RoomId(room))
                picture = live.desk()
            except NotFound:
                if room not in {item.id for item in rooms.running(who.shop)}:
                    await socket.close(COME_BACK if rooms.closing else 4404)
                    return
                await asyncio.sleep(AT_MOST_EVERY)  # it is being taken up again
                continue
            except Unavailable:
                away += AT_MOST_EVERY
                if away > AWAY_MOST:
                    await socket.close(COME_BACK)
                    return
                await asyncio.sleep(AT_MOST_EVERY)
                continue
            away = 0.0
            await socket.send_text(picture)
            changed = asyncio.ensure_future(live.changed())
            waiting = {listening, shut_out, changed}
            await asyncio.wait(waiting, timeout=AT_LEAST_EVERY, return_when=asyncio.FIRST_COMPLETED)
            changed.cancel()
            await asyncio.wait({listening}, timeout=AT_MOST_EVERY)
    except (WebSocketDisconnect, RuntimeError):
        return  # the window closed while we were sending
    finally:
        listening.cancel()
        shut_out.cancel()
        await asyncio.gather(listening, shut_out, return_exceptions=True)


async def _until_gone(socket: WebSocket) -> None:
    """Read and forget until the page closes; the desk speaks by POST."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
