"""The embedded model behind an OpenAI-compatible HTTP face: /v1/models and /v1/chat/completions.

Errors have OpenAI's form. Without a key only this machine is served, and only under a name of this machine (a page of
another site that points its own name here is refused). At most LIMIT requests at once; the next is told 429.
"""

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from model.client import ModelRefused, ModelUnavailable, Usage
from model.openai_wire import BadParameter, ChatPrompt, Chosen, Completion, read_completion
from model.wire import BadRequest, ShapeWanted

LIMIT = 16  # requests answered or waiting; the embedded model's own queue is longer and also serves the rooms
LARGEST_BODY = 1 << 20  # bytes
RETRY_AFTER = "5"  # seconds
HOME = ("127.0.0.1", "localhost", "::1")
T = TypeVar("T")


class _Model(Protocol):
    def stream(
        self, prompt: ChatPrompt, sampling: Chosen, shape: ShapeWanted | None = None
    ) -> AsyncGenerator[str, None]: ...


class _Refusal(Exception):
    """An answer in OpenAI's error form."""

    def __init__(self, status: int, kind: str, code: str, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": parameter, "code": code}}


def openai_app(connect: Callable[[Callable[[Usage], None]], _Model], *, name: str, key: str | None) -> Starlette:
    """The face as an ASGI application. `connect(on_usage)` gives a client of the model for one request."""
    face = _Face(connect, name, key)
    app = Starlette(
        routes=[
            Route("/v1/models", face.models, methods=["GET"]),
            Route("/v1/models/{name:path}", face.model, methods=["GET"]),
            Route("/v1/chat/completions", face.complete, methods=["POST"]),
        ]
    )
    app.add_exception_handler(_Refusal, _refused)
    app.add_exception_handler(404, _unknown)
    app.add_exception_handler(405, _unknown)
    return app


async def _refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, _Refusal)  # noqa: S101 - registered for nothing else
    headers = {"Retry-After": RETRY_AFTER} if refusal.status in (429, 503) else {}
    return JSONResponse(refusal.body, refusal.status, headers=headers)


async def _unknown(request: Request, _problem: Exception) -> Response:
    return await _refused(
        request,
        _Refusal(404, "invalid_request_error", "unknown_url", f"no such thing: {request.method} {request.url.path}"),
    )


class _Face:
    """The three routes and what they share."""

    def __init__(self, connect: Callable[[Callable[[Usage], None]], _Model], name: str, key: str | None) -> None:
        self._connect, self._name, self._key = connect, name, key
        self._born = int(time.time())
        self._here = 0

    async def models(self, request: Request) -> Response:
        """GET /v1/models."""
        self._admit(request)
        return JSONResponse({"object": "list", "data": [self._card()]})

    async def model(self, request: Request) -> Response:
        """GET /v1/models/NAME."""
        self._admit(request)
        self._known(request.path_params["name"])
        return JSONResponse(self._card())

    async def complete(self, request: Request) -> Response:
        """POST /v1/chat/completions."""
        self._admit(request)
        wanted = await self._read(request)
        self._known(wanted.model)
        if self._here >= LIMIT:
            raise _Refusal(
                429, "rate_limit_error", "rate_limit_exceeded", f"{LIMIT} requests are here; try again later"
            )
        answer = _Answer(self._connect, wanted, self._name)
        self._here += 1
        try:
            # The first piece before the status line: a refusal must still be able to choose its status.
            first = await _or_gone(request, answer.begin())
            if wanted.stream:
                return StreamingResponse(self._streamed(answer, first), media_type="text/event-stream")
            return JSONResponse(await _or_gone(request, answer.whole(first)))
        except ClientDisconnect:
            return Response(status_code=499)
        finally:
            self._here -= 1
            if not wanted.stream:
                await answer.close()

    async def _streamed(self, answer: "_Answer", first: str | None) -> AsyncGenerator[str, None]:
        self._here += 1
        try:
            async with aclosing(answer.events(first)) as events:
                async for event in events:
                    yield event
        finally:
            self._here -= 1
            await answer.close()

    def _admit(self, request: Request) -> None:
        host = (request.headers.get("host") or "").rsplit(":", 1)[0].strip("[]")
        if self._key is None:
            if host not in HOME:
                raise _Refusal(403, "permission_error", "wrong_host", f"wanted a name of this machine, found {host!r}")
            return
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if not hmac.compare_digest(given, self._key.encode()):
            raise _Refusal(401, "authentication_error", "invalid_api_key", "wanted Authorization: Bearer KEY")

    async def _read(self, request: Request) -> Completion:
        # A form or a plain text could be posted by any page in a browser of this machine without asking.
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refusal(415, "invalid_request_error", "unsupported_media_type", "wanted application/json")
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > LARGEST_BODY:
                raise _Refusal(413, "invalid_request_error", "too_large", f"wanted at most {LARGEST_BODY} bytes")
        try:
            return read_completion(bytes(raw))
        except BadParameter as wrong:
            raise _Refusal(400, "invalid_request_error", "invalid_value", str(wrong), wrong.name) from wrong
        except BadRequest as wrong:
            raise _Refusal(400, "invalid_request_error", "invalid_request", str(wrong)) from wrong

    def _known(self, name: str) -> None:
        if name != self._name:
            raise _Refusal(
                404, "invalid_request_error", "model_not_found", f"wanted {self._name!r}, found {name!r}", "model"
            )

    def _card(self) -> dict[str, Any]:
        return {"id": self._name, "object": "model", "created": self._born, "owned_by": "zhubo"}


class _Answer:
    """One completion in the making."""

    def __init__(self, connect: Callable[[Callable[[Usage], None]], _Model], wanted: Completion, name: str) -> None:
        self._usage: Usage | None = None
        self._wanted = wanted
        self._pieces = connect(self._heard).stream(wanted.prompt, wanted.sampling, wanted.shape)
        self._head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": name}

    def _heard(self, usage: Usage) -> None:
        self._usage = usage

    async def close(self) -> None:
        """Stop the work, if it goes on."""
        await self._pieces.aclose()

    async def begin(self) -> str | None:
        """The first piece, None for an empty answer. Raises _Refusal."""
        try:
            return await anext(self._pieces, None)
        except ModelRefused as wrong:
            raise _Refusal(400, "invalid_request_error", "invalid_value", str(wrong)) from wrong
        except ModelUnavailable as away:
            usage = self._usage
            if usage is not None and usage.end == "refused" and usage.prompt_tokens:
                new = self._wanted.sampling.max_tokens
                told = f"the prompt has {usage.prompt_tokens} tokens, too many beside {new} new ones"
                raise _Refusal(400, "invalid_request_error", "context_length_exceeded", told, "messages") from away
            if usage is not None and usage.end == "refused":
                raise _Refusal(429, "rate_limit_error", "rate_limit_exceeded", "the model's queue is full") from away
            raise _Refusal(503, "server_error", "model_unavailable", "the model is away; try again") from away

    async def whole(self, first: str | None) -> dict[str, Any]:
        """The completion as one object. Raises _Refusal when the model dies."""
        text = first or ""
        try:
            async for piece in self._pieces:
                text += piece
        except OSError as died:
            raise _Refusal(503, "server_error", "model_unavailable", "the model left while answering") from died
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._reason()}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._costs()}

    async def events(self, first: str | None) -> AsyncGenerator[str, None]:
        """The completion as server-sent events."""
        yield self._event({"role": "assistant", "content": first or ""}, None)
        try:
            async for piece in self._pieces:
                yield self._event({"content": piece}, None)
        except OSError:
            error = {"message": "the model left while answering", "type": "server_error", "param": None}
            yield f"data: {json.dumps({'error': {**error, 'code': 'model_unavailable'}})}\n\n"
            return
        yield self._event({}, self._reason())
        if self._wanted.include_usage:
            last = {**self._head, "object": "chat.completion.chunk", "choices": [], "usage": self._costs()}
            yield f"data: {json.dumps(last)}\n\n"
        yield "data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], reason: str | None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": [choice]}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

    def _reason(self) -> str:
        return "length" if self._usage is not None and self._usage.end == "length" else "stop"

    def _costs(self) -> dict[str, Any] | None:
        if self._usage is None:
            return None
        prompt, written = self._usage.prompt_tokens, self._usage.completion_tokens
        return {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
            "prompt_tokens_details": {"cached_tokens": self._usage.cached_tokens},
        }


async def _or_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is stopped when the client leaves. Raises ClientDisconnect."""
    doing = asyncio.create_task(work, name="openai:work")
    leaving = asyncio.create_task(_left(request), name="openai:client-gone")
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise ClientDisconnect
        return doing.result()
    finally:
        for task in (doing, leaving):
            task.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue
