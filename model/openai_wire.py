"""What a client may ask of the OpenAI-compatible face, read from JSON and checked once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.engine import Sampling
from model.openai_schema import from_openai
from model.schema import BadShape, check
from model.tokenizer import Turn
from model.wire import BadRequest, ShapeWanted

ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
DEFAULT_TOKENS = 512
# Asked for with any other value than these, the answer would be another one than the client thinks.
_ONLY: Mapping[str, tuple[object, ...]] = {
    "n": (1,),
    "logprobs": (False,),
    "tools": ([],),
    "functions": ([],),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
    "logit_bias": ({},),
    "modalities": (["text"],),
}


class BadParameter(BadRequest):
    """A wrong parameter, by name."""

    def __init__(self, name: str, message: str) -> None:
        """Say which and why."""
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPrompt:
    """The turns, and how urgent they are: behind the rooms on air."""

    messages: tuple[Turn, ...]
    priority: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How tokens are chosen, with the stop words."""

    max_tokens: int
    temperature: float
    top_p: float
    repetition_penalty: float
    seed: int
    stop: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One checked request for a chat completion."""

    model: str
    prompt: ChatPrompt
    sampling: Chosen
    shape: ShapeWanted | None
    stream: bool
    include_usage: bool


def read_completion(raw: bytes) -> Completion:
    """Parse the body of POST /v1/chat/completions. Raises BadRequest."""
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as wrong:
        raise BadRequest(f"wanted a JSON object in UTF-8, but {wrong}") from wrong
    if not isinstance(body, dict):
        raise BadRequest(f"wanted a JSON object, found {type(body).__name__}")
    for name, allowed in _ONLY.items():
        if body.get(name) is not None and body[name] not in allowed:
            raise BadParameter(name, f"{name}: this server only knows {allowed[0]!r}, found {body[name]!r}")
    options = body.get("stream_options") or {}
    return Completion(
        model=_text(body, "model"),
        prompt=ChatPrompt(messages=_messages(body.get("messages"))),
        sampling=_sampling(body),
        shape=_shape(body.get("response_format")),
        stream=_flag(body, "stream"),
        include_usage=_flag(options, "include_usage") if isinstance(options, dict) else False,
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    if not isinstance(body.get(name), str):
        raise BadParameter(name, f"{name}: wanted a text, found {body.get(name)!r}")
    return str(body[name])


def _flag(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadParameter(name, f"{name}: wanted true or false, found {value!r}")
    return bool(value)


def _messages(value: object) -> tuple[Turn, ...]:
    if not isinstance(value, list) or not value:
        raise BadParameter("messages", f"messages: wanted a list with at least one, found {value!r}")
    return tuple(_message(item, f"messages[{place}]") for place, item in enumerate(value))


def _message(item: object, where: str) -> Turn:
    if not isinstance(item, dict) or item.get("role") not in ROLES:
        found = item.get("role") if isinstance(item, dict) else item
        raise BadParameter("messages", f"{where}.role: wanted one of {sorted(ROLES)}, found {found!r}")
    content = item.get("content")
    if isinstance(content, list):
        if not all(isinstance(part, dict) and isinstance(part.get("text"), str) for part in content):
            raise BadParameter("messages", f"{where}.content: wanted parts of the type text")
        content = "".join(part["text"] for part in content)
    if not isinstance(content, str):
        raise BadParameter("messages", f"{where}.content: wanted a text, found {content!r}")
    return Turn(ROLES[item["role"]], content)


def _sampling(body: Mapping[str, Any]) -> Chosen:
    tokens = body.get("max_completion_tokens", body.get("max_tokens"))
    stop = body.get("stop")
    words = [stop] if isinstance(stop, str) else stop if stop is not None else []
    if not isinstance(words, list) or len(words) > 4 or not all(isinstance(word, str) for word in words):
        raise BadParameter("stop", f"stop: wanted up to four texts, found {stop!r}")
    chosen = Chosen(
        max_tokens=int(_number("max_tokens", tokens, DEFAULT_TOKENS, whole=True)),
        temperature=_number("temperature", body.get("temperature"), 1.0),
        top_p=_number("top_p", body.get("top_p"), 1.0),
        repetition_penalty=_number("repetition_penalty", body.get("repetition_penalty"), 1.0),
        seed=int(_number("seed", body.get("seed"), 0, whole=True)),
        stop=tuple(words),
    )
    try:
        Sampling(
            max_tokens=chosen.max_tokens,
            temperature=chosen.temperature,
            top_p=chosen.top_p,
            repetition_penalty=chosen.repetition_penalty,
            seed=chosen.seed,
        )
    except ValueError as wrong:
        raise BadParameter(str(wrong).split()[1], str(wrong)) from wrong
    return chosen


def _number(name: str, value: object, default: float, *, whole: bool = False) -> float:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise BadParameter(name, f"{name}: wanted a {'whole ' if whole else ''}number, found {value!r}")
    return value


def _shape(value: object) -> ShapeWanted | None:
    if value is None or (isinstance(value, dict) and value.get("type") == "text"):
        return None
    wrapper = value.get("json_schema") if isinstance(value, dict) and value.get("type") == "json_schema" else None
    if not isinstance(wrapper, dict) or not isinstance(wrapper.get("schema"), dict):
        raise BadParameter(
            "response_format", f"response_format: wanted the type text, or json_schema with its schema, found {value!r}"
        )
    schema = from_openai(wrapper["schema"])
    try:
        check(schema)
    except BadShape as wrong:
        raise BadParameter("response_format", f"response_format.json_schema.schema: {wrong}") from wrong
    return ShapeWanted(schema=schema, source=None)
