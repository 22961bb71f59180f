"""The embedded model as its users see it: a stream of text from the process behind a Unix socket."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import WebSocketException

from model.marks import Mark


class _Message(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def content(self) -> str: ...


class _Prompt(Protocol):
    @property
    def messages(self) -> Sequence[_Message]: ...
    @property
    def priority(self) -> int: ...


class _Sampling(Protocol):
    @property
    def max_tokens(self) -> int: ...
    @property
    def temperature(self) -> float: ...
    @property
    def top_p(self) -> float: ...
    @property
    def repetition_penalty(self) -> float: ...
    @property
    def seed(self) -> int: ...
    @property
    def stop(self) -> Sequence[str]: ...


class _Shape(Protocol):
    @property
    def schema(self) -> Mapping[str, object]: ...
    @property
    def source(self) -> str | None: ...


class ModelUnavailable(OSError):
    """The process is away, died while answering, or has no room for this request."""


class ModelRefused(ValueError):
    """The request was wrong; the message says what was wanted and what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one request cost. Times in milliseconds since the process took the request, queueing included."""

    end: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    first_token_ms: float | None
    ms: float


class EmbeddedModel:
    """Talks to `model.serve`. Fits the language-model port of whoever asks, by shape."""

    def __init__(self, socket: Path, *, on_usage: Callable[[Usage], None] | None = None) -> None:
        """`on_usage` is called in the asker's task when a request has ended by itself."""
        self._socket = socket
        self._on_usage = on_usage

    async def stream(
        self, prompt: _Prompt, sampling: _Sampling, shape: _Shape | None = None
    ) -> AsyncGenerator[str, None]:
        """Pieces of text as they are made; closing the generator stops the work at the next token.

        Raises ModelUnavailable (an OSError) when the process is away or dies, ModelRefused for a wrong request.
        """
        request = {
            "kind": "generate",
            "messages": _plain(prompt.messages),
            "sampling": {
                "max_tokens": sampling.max_tokens,
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "repetition_penalty": sampling.repetition_penalty,
                "seed": sampling.seed,
                "stop": list(sampling.stop),
            },
            "shape": None if shape is None else {"schema": dict(shape.schema), "source": shape.source},
            "priority": prompt.priority,
        }
        connection = await self._ask(request)
        try:
            while (told := await self._hear(connection)) is not None:
                yield str(told["text"])
        finally:
            await connection.close()

    async def warm(self, prompt: _Prompt) -> None:
        """Read the prompt's messages now and keep them, so that prompts beginning with them start sooner.

        Raises as `stream` does.
        """
        request = {"kind": "warm", "messages": _plain(prompt.messages), "priority": prompt.priority}
        connection = await self._ask(request)
        try:
            while await self._hear(connection) is not None:
                continue
        finally:
            await connection.close()

    async def mark(self, text: str, *, priority: int = 8) -> Sequence[Mark]:
        """Where the facts of `text` stand, as the model points at them. Raises as `stream` does.

        ModelUnavailable also when the text is too long, or the model was never trained to point.
        """
        connection = await self._ask({"kind": "mark", "text": text, "priority": priority})
        found: list[Mark] = []
        try:
            while (told := await self._hear(connection)) is not None:
                found = [Mark(label=name, start=start, end=end, sure=sure) for name, start, end, sure in told["marks"]]
        finally:
            await connection.close()
        return found

    async def _ask(self, request: Mapping[str, object]) -> ClientConnection:
        try:
            # No proxy, no keepalive pings: the peer is a process on this machine that may compute for a while.
            connection = await unix_connect(
                str(self._socket), "ws://model/", compression=None, ping_interval=None, close_timeout=1, proxy=None
            )
        except (OSError, WebSocketException) as away:
            raise ModelUnavailable(f"expected the model process behind {self._socket.name}, but {away}") from away
        try:
            await connection.send(json.dumps(request, ensure_ascii=False))
        except WebSocketException as died:
            raise ModelUnavailable(f"the model process left before hearing the request: {died}") from died
        return connection

    async def _hear(self, connection: ClientConnection) -> dict[str, Any] | None:
        """The next message with text or marks, None at the end."""
        try:
            message: dict[str, Any] = json.loads(await connection.recv())
        except WebSocketException as died:
            raise ModelUnavailable(f"expected the rest of an answer, but the model process left: {died}") from died
        if "error" in message:
            raise ModelRefused(message["error"])
        if "end" not in message:
            return message
        usage = Usage(end=message["end"], **message["usage"])
        if self._on_usage is not None:
            self._on_usage(usage)
        if usage.end == "refused":
            room = "a prompt that is too long" if usage.prompt_tokens else "more requests than it can queue"
            raise ModelUnavailable(f"the model refused {room} ({usage.prompt_tokens} tokens)")
        return None


def _plain(messages: Sequence[_Message]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]
