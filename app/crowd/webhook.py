"""Comments by webhook: signature over the raw bytes, then straight into the room's mailbox (docs/webhooks.md)."""

import time

from fastapi import APIRouter
from starlette.requests import Request

from app.access.body import read_body
from app.crowd.parse import parse_comment
from app.errors import Forbidden, NotFound, Unavailable
from app.events import RoomId
from app.orders.signatures import HEADER, verify
from app.studio import studio_of

BODY_MOST = 16 * 1024  # bytes
SOURCE = "webhook"

router = APIRouter()


@router.post("/hooks/comments/{room}")
async def comment(request: Request, room: str) -> dict[str, bool]:
    """Hear a comment. Forbidden for a bad signature or an unknown room, which look the same from outside.

    Answered at once; the crowd lane is lossy by contract, and a repeated id is heard once.
    """
    raw = await read_body(request, BODY_MOST)
    studio = studio_of(request)
    shop = await studio.rooms.shop_of(RoomId(room))
    headers = request.headers.getlist(HEADER)
    if shop is None or len(headers) != 1:
        raise Forbidden(f"{HEADER}: wanted a valid signature, found another")
    verify(headers[0], raw, await studio.orders.valid_secrets(shop, "comments"), time.time())
    heard = parse_comment(raw, shop, RoomId(room), SOURCE, time.time(), studio.privacy.pseudonym)
    try:
        return {"duplicate": await (await studio.rooms.reach(shop, RoomId(room))).hear(heard)}
    except (NotFound, Unavailable):
        return {"duplicate": False}  # between two runs of the room, or two studios: lost, as any comment may be
