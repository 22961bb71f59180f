"""What a studio asks of the one that speaks in a room, and what that one answers; both as JSON through Redis."""

import json
import secrets
from typing import Any

from app.errors import BadInput, Conflict, Forbidden, NotFound, Refused, Unavailable, ZhuboError
from app.live.relay.tail import Keys, Lost, Tail, answer_key

ANSWER_WITHIN = 1.0  # seconds; what was not answered by then is not done later, except what makes the host quiet
ANSWER_LIFE = 10  # seconds an answer waits for its asker
KEPT = 1_000  # asks in the stream; the oldest is lost, and its asker told so
_TREE: dict[str, type[Refused]] = {"Conflict": Conflict, "NotFound": NotFound, "Forbidden": Forbidden}


async def ask(tail: Tail, keys: Keys, kind: str, **body: Any) -> dict[str, Any]:
    """Ask and wait. Raises what the other studio refused it with, and Unavailable when it did not answer in time."""
    name = secrets.token_hex(8)
    try:
        await put(tail, keys, kind, name, **body)
        found = await tail.say("BLPOP", answer_key(name), ANSWER_WITHIN)
    except Lost as away:
        raise Unavailable("the studio on air: wanted a way to it, found Redis away; nothing was done") from away
    if found is None:
        raise Unavailable(f"the studio on air: wanted an answer within {ANSWER_WITHIN:.0f} s, found none; try again")
    answer: dict[str, Any] = json.loads(found[1])
    if "refused" in answer:
        raise _refusal(answer)
    return answer


async def put(tail: Tail, keys: Keys, kind: str, name: str = "", **body: Any) -> None:
    """Say something that needs no answer. Raises one of `Lost`."""
    text = json.dumps({"kind": kind, "name": name, **body}, ensure_ascii=False)
    await tail.together([("XADD", keys.asks, "MAXLEN", "~", KEPT, "*", "ask", text), ("EXPIRE", keys.asks, 600)])


async def reply(tail: Tail, name: str, answer: dict[str, Any]) -> None:
    """Answer an ask. Raises one of `Lost`."""
    key = answer_key(name)
    await tail.together([("LPUSH", key, json.dumps(answer, ensure_ascii=False)), ("EXPIRE", key, ANSWER_LIFE)])


def refused(problem: ZhuboError) -> dict[str, Any]:
    """A refusal as it travels."""
    if isinstance(problem, BadInput):
        return {
            "refused": "BadInput",
            "field": problem.field,
            "wanted": problem.wanted,
            "found": str(problem.found)[:200],
        }
    return {"refused": type(problem).__name__, "words": str(problem)}


def _refusal(answer: dict[str, Any]) -> ZhuboError:
    if answer["refused"] == "BadInput":
        return BadInput(answer["field"], answer["wanted"], answer["found"])
    kind = _TREE.get(answer["refused"])
    return Unavailable(answer["words"]) if kind is None else kind(answer["words"])
