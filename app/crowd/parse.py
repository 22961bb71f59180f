"""A comment's body as our webhook takes it, checked field by field (docs/webhooks.md)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, get_args

from app.errors import BadInput
from app.events import CommentHeard, CommentId, CrowdKind, RoomId, ShopId

LONGEST = 500  # characters of a comment that are kept; the rest is cut
ID_LONGEST = 128
Pseudonym = Callable[[ShopId, str, str], str]
KINDS = frozenset(get_args(CrowdKind)) - {"leave"}


def parse_comment(
    raw: bytes, shop: ShopId, room: RoomId, source: str, now: float, pseudonym: Pseudonym
) -> CommentHeard:
    """The event of a body `{"id","viewer","name","text","type"?,"simulated"?}`, the viewer by pseudonym only.

    Raises BadInput.
    """
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise BadInput("body", "a JSON object in UTF-8", raw[:80]) from problem
    if not isinstance(body, dict):
        raise BadInput("body", "a JSON object", raw[:80])
    event_id = _text(body, "id", ID_LONGEST)
    if not event_id:
        raise BadInput("id", f"1 to {ID_LONGEST} characters", event_id)
    kind = body.get("type", "comment")
    if kind not in KINDS:
        raise BadInput("type", " | ".join(sorted(KINDS)), kind)
    simulated = body.get("simulated", False)
    if not isinstance(simulated, bool):
        raise BadInput("simulated", "true or false", simulated)
    viewer = _text(body, "viewer", ID_LONGEST, default=event_id)
    return CommentHeard(
        comment=comment_id(room, source, event_id),
        source=source,
        source_event_id=event_id,
        crowd_kind=kind,
        viewer=pseudonym(shop, source, viewer),
        name=_text(body, "name", None, default="")[:40],
        text=_text(body, "text", None, default="")[:LONGEST],
        simulated=simulated,
        received_at=now,
    )


def comment_id(room: RoomId, source: str, event_id: str) -> CommentId:
    """One id for one event of one source in one room, however often it comes."""
    return CommentId(hashlib.sha256(f"{room}\0{source}\0{event_id}".encode()).hexdigest()[:24])


def _text(body: dict[str, Any], name: str, most: int | None, *, default: str | None = None) -> str:
    value = body.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or (most is not None and len(value) > most):
        raise BadInput(name, f"a string of at most {most} characters" if most else "a string", value)
    # A lone surrogate can be neither stored nor sent.
    return value.encode("utf-8", "replace").decode("utf-8")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")
