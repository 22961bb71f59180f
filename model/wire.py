"""What a client may ask of the model process, read from JSON and checked once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from model.engine import Sampling
from model.tokenizer import Turn

_NUMBERS = {"max_tokens": int, "temperature": float, "top_p": float, "repetition_penalty": float, "seed": int}
LOWEST_PRIORITY = 1000


class BadRequest(ValueError):
    """Says what was wanted and what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeWanted:
    """A JSON schema the answer must follow, and the text its spans are copied from."""

    schema: Mapping[str, object]
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to do: answer `messages`, only read and keep them ("warm"), or point at facts in `text` ("mark")."""

    kind: Literal["generate", "warm", "mark"]
    messages: Sequence[Turn] = ()
    text: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    stop: Sequence[str] = field(default=())
    shape: ShapeWanted | None = None
    priority: int = 5


def read_request(raw: str | bytes) -> Request:
    """Parse a client's first message; raises BadRequest."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise BadRequest(f"expected JSON, but {wrong}") from wrong
    if not isinstance(body, dict):
        raise BadRequest(f"expected an object, found {type(body).__name__}")
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as wrong:
        raise BadRequest("expected whole characters, found half of a surrogate pair") from wrong
    priority = _number(body, "priority", int, 5)
    if not 0 <= priority <= LOWEST_PRIORITY:
        raise BadRequest(f"expected priority within 0..{LOWEST_PRIORITY}, found {priority!r}")
    match body.get("kind"):
        case "mark":
            if not isinstance(text := body.get("text"), str) or not text.strip():
                raise BadRequest(f"expected a text to mark, found {text!r}")
            return Request(kind="mark", text=text, priority=int(priority))
        case "warm":
            return Request(kind="warm", messages=_messages(body.get("messages")), priority=int(priority))
        case "generate":
            sampling, stop = _sampling(body.get("sampling"))
            return Request(
                kind="generate",
                messages=_messages(body.get("messages")),
                sampling=sampling,
                stop=stop,
                shape=_shape(body.get("shape")),
                priority=int(priority),
            )
        case other:
            raise BadRequest(f"expected the kind 'generate', 'warm' or 'mark', found {other!r}")


def _messages(value: object) -> list[Turn]:
    if not isinstance(value, list) or not value:
        raise BadRequest(f"expected a list of messages, found {value!r}")
    messages = []
    for item in value:
        if not isinstance(item, dict) or not all(isinstance(item.get(k), str) for k in ("role", "content")):
            raise BadRequest(f"expected messages with a role and a content, found {item!r}")
        if item["role"] not in ("system", "user", "assistant"):
            raise BadRequest(f"expected a role of system, user or assistant, found {item['role']!r}")
        messages.append(Turn(item["role"], item["content"]))
    return messages


def _number(body: Mapping[str, object], name: str, kind: type, default: float) -> float:
    value = body.get(name, default)
    wanted = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise BadRequest(f"expected {name} to be {'a whole number' if kind is int else 'a number'}, found {value!r}")
    return value


def _sampling(value: object) -> tuple[Sampling, list[str]]:
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise BadRequest(f"expected sampling to be an object, found {value!r}")
    if unknown := sorted(set(value) - {*_NUMBERS, "stop"}):
        raise BadRequest(f"expected sampling fields of {sorted([*_NUMBERS, 'stop'])}, found {unknown}")
    stop = value.get("stop") or []
    if not isinstance(stop, list) or not all(isinstance(word, str) for word in stop):
        raise BadRequest(f"expected stop to be a list of texts, found {stop!r}")
    numbers = {name: _number(value, name, kind, getattr(Sampling(), name)) for name, kind in _NUMBERS.items()}
    try:
        return Sampling(**numbers), stop  # type: ignore[arg-type]  # each was checked against its own kind
    except ValueError as wrong:
        raise BadRequest(str(wrong)) from wrong


def _shape(value: object) -> ShapeWanted | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("schema"), dict):
        raise BadRequest(f"expected a shape with a schema, found {value!r}")
    source = value.get("source")
    if source is not None and not isinstance(source, str):
        raise BadRequest(f"expected the source to be a text, found {source!r}")
    return ShapeWanted(schema=value["schema"], source=source)
