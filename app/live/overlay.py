"""The overlay's routes: code for token, the socket, clips for those who come late, QR pictures and short links."""

import asyncio
import io
import re
from datetime import UTC, datetime

import segno
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.access.body import read_fields
from app.access.guard import address_of, check_origin
from app.catalogue.product import Product
from app.catalogue.store import our_product, to_product
from app.errors import Forbidden, NotFound, TooOften, Unavailable
from app.events import LineId, ProductId, RoomId, ShopId, ShowId
from app.live import wire
from app.live.records import ClickRow, RoomRow, newest_room_of
from app.live.relay.port import Reached
from app.live.rooms import Rooms
from app.live.stage import PageKind, Seat
from app.live.tokens import Pass
from app.orders.links import code_for, line_on_air, links_of
from app.studio import studio_of

router = APIRouter()

HELLO_WITHIN = 5.0  # seconds after the handshake
SEND_WITHIN = 10.0  # seconds for a page to take one frame; one that reads nothing is cut
CHECK_EVERY = 4.0  # seconds between looks at a token, so that a revoked one ends within 5 s
COME_BACK, REFUSED = 1012, 4403
FOREVER = "public, max-age=31536000, immutable"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXCHANGES = RateLimitItemPerMinute(30)
_PAGE: TypeAdapter[wire.Hello | wire.Ping | wire.Heard] = TypeAdapter(wire.PageMessage)
_limiter = MovingWindowRateLimiter(MemoryStorage())


@router.post("/overlay/token")
async def token(request: Request) -> JSONResponse:
    """Exchange a one-time code for the room's read-only token. Raises Forbidden, TooOften (30 a minute an address)."""
    if not await _limiter.hit(_EXCHANGES, "overlay-token", address_of(request)):
        raise TooOften("overlay codes: wanted at most 30 a minute, found more")
    fields = await read_fields(request)
    made, granted = await studio_of(request).rooms.tokens.exchange((fields.get("code") or "")[:200])
    return JSONResponse({"token": made, "room": granted.room, "expires_ms": granted.ends_ms})


@router.websocket("/overlay/ws")
async def overlay(socket: WebSocket) -> None:
    """One page: hello first, then everything the room shows (docs/protocol.md)."""
    try:
        check_origin(socket)
    except Forbidden:
        await socket.close(REFUSED)
        return
    await socket.accept()
    rooms = studio_of(socket).rooms
    try:
        hello = await asyncio.wait_for(_hello(socket), HELLO_WITHIN)
        granted = await rooms.tokens.check(hello.token)
    except (TimeoutError, ValidationError, Forbidden):
        await _close(socket, REFUSED)
        return
    except WebSocketDisconnect:
        return
    try:
        live = await rooms.reach(granted.shop, granted.room)
        seat = await live.join(hello.epoch, hello.seq, page_kind(socket.headers.get("user-agent", "")))
    except (NotFound, Unavailable):
        # Between two runs of a room it is not there for a moment; an ended room's token is revoked.
        await _close(socket, COME_BACK)
        return
    await _serve(socket, rooms, live, seat, hello, granted)


async def _serve(socket: WebSocket, rooms: Rooms, live: Reached, seat: Seat, hello: wire.Hello, granted: Pass) -> None:
    tasks = {
        asyncio.create_task(_send(socket, seat), name=f"overlay:{granted.room}:send"),
        asyncio.create_task(_receive(socket, live, seat), name=f"overlay:{granted.room}:receive"),
        asyncio.create_task(_watch(rooms, hello.token), name=f"overlay:{granted.room}:token"),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        code = next((task.result() for task in done if task.exception() is None), REFUSED)
    finally:
        live.leave(seat)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if code == COME_BACK:
        await _say_bye(socket)
    await _close(socket, code)


async def _send(socket: WebSocket, seat: Seat) -> int:
    """Frames to the page until the room is over or the page takes none; the close code."""
    while True:
        frame = await seat.take()
        if frame is None:
            return COME_BACK
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await (socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        except TimeoutError:
            return COME_BACK
        except (WebSocketDisconnect, RuntimeError):
            return 1000  # the page went while we were sending


async def _receive(socket: WebSocket, live: Reached, seat: Seat) -> int:
    """Pings are answered at once, heard positions noted; anything else ends the connection."""
    while True:
        try:
            message = _PAGE.validate_json(await socket.receive_text())
        except WebSocketDisconnect:
            return 1000
        except (ValidationError, KeyError):
            return 1008
        match message:
            case wire.Ping():
                try:
                    await socket.send_text(live.pinged(seat, message).model_dump_json())
                except (WebSocketDisconnect, RuntimeError):
                    return 1000
            case wire.Heard():
                await live.heard(seat, message)
            case wire.Hello():
                return 1008


def page_kind(agent: str) -> PageKind:
    """What kind of page looks, by its user agent: OBS names itself in it, phones say Mobile."""
    return "obs" if "OBS/" in agent else "phone" if "Mobile" in agent else "browser"


async def _watch(rooms: Rooms, token: str) -> int:
    """Return when the token is no longer valid."""
    while True:
        await asyncio.sleep(CHECK_EVERY)
        try:
            await rooms.tokens.check(token)
        except Forbidden:
            return REFUSED
        except OSError:
            continue  # the database is away: who is in may stay


async def _hello(socket: WebSocket) -> wire.Hello:
    return wire.Hello.model_validate_json(await socket.receive_text())


async def _say_bye(socket: WebSocket) -> None:
    try:
        await socket.send_text(wire.Bye().model_dump_json())
    except (WebSocketDisconnect, RuntimeError):
        return  # it went first


async def _close(socket: WebSocket, code: int) -> None:
    try:
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):
        return  # it is closed already


@router.get("/overlay/clips/{name}")
async def clip(request: Request, name: str) -> Response:
    """A clause's sound by its SHA-256, for pages that joined in the middle of it."""
    digest, _, suffix = name.partition(".")
    known = suffix == "ogg" and _SHA256.fullmatch(digest)
    sound = await studio_of(request).rooms.sound(digest) if known else None
    if sound is None:
        raise NotFound(f"clip: wanted one that was aired lately, found {name[:80]!r}")
    return Response(sound, media_type="audio/ogg", headers={"Cache-Control": FOREVER})


@router.get("/overlay/qr/{show}/{name}")
async def qr(request: Request, show: str, name: str) -> Response:
    """The QR picture (SVG) of a product's short link.

    A studio that nobody outside can reach points straight at the shop: the code is in it, and no click is counted.
    """
    product, _, suffix = name.rpartition(".")
    studio = studio_of(request)
    async with studio.database.transaction() as db:
        room = await newest_room_of(db, ShowId(show))
        if room is None or suffix != "svg":
            raise NotFound(f"product: wanted one of a show, found {show[:40]!r}/{name[:40]!r}")
        found = to_product(await our_product(db, ShopId(room.shop), ProductId(product)))
        base, target = studio.settings.public_url or studio.settings.lan_url, ""
        if base is None:
            target = await _bought_at(db, room, found, None)
    base = base or str(request.base_url)
    out = io.BytesIO()
    segno.make(target or f"{base.rstrip('/')}/go/{show}/{product}", error="m").save(
        out, kind="svg", scale=4, border=2, dark="#111"
    )
    return Response(out.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=60"})


@router.get("/go/{show}/{product}")
async def follow(request: Request, show: str, product: str) -> Response:
    """A product's short link: the click is counted, and the viewer led to where the shop sells it.

    A shop that has told no address gets a plain page here: what it is and what it costs today.
    """
    studio = studio_of(request)
    async with studio.database.transaction() as db:
        room = await newest_room_of(db, ShowId(show))
        if room is None:
            raise NotFound(f"show: wanted a known one, found {show[:40]!r}")
        shop = ShopId(room.shop)
        found = to_product(await our_product(db, shop, ProductId(product)))
        line = await line_on_air(db, shop, RoomId(room.room)) if room.ended_at is None else None
        code = await _code(db, room, found, line)
        target = (await links_of(db, shop)).to(found.id, found.sku, code)
        db.add(ClickRow(shop=shop, show=show, product=found.id, at=datetime.now(UTC), code=code))
    if target:
        return RedirectResponse(target, status_code=302, headers={"Cache-Control": "no-store"})
    return studio.templates.page(request, "go.html", {"product": found})


async def _bought_at(db: AsyncSession, room: RoomRow, product: Product, line: LineId | None) -> str:
    links = await links_of(db, ShopId(room.shop))
    return links.to(product.id, product.sku, await _code(db, room, product, line)) if links.lead(product.id) else ""


async def _code(db: AsyncSession, room: RoomRow, product: Product, line: LineId | None) -> str:
    shop, name, show = ShopId(room.shop), RoomId(room.room), ShowId(room.show)
    return await code_for(db, shop, name, show, product.id, line, rehearsal=room.rehearsal)
