"""An OpenAI-compatible endpoint of a test, that behaves as badly as it is told."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


def chunk(text: str, reason: str | None = None) -> bytes:
    """One event of a stream."""
    return (
        b"data: " + json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": reason}]}).encode() + b"\n\n"
    )


class Endpoint:
    """`manner` says how the next calls go; `asked` are the bodies that came, `keys` their authorisations."""

    def __init__(self) -> None:
        self.url = ""
        self.manner = "well"
        self.says = ["您好，", "看看卡片。"]
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.let_go = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        match self.manner:
            case "401" | "403" | "404" | "429" | "503":
                return web.json_response({"error": {"message": "no"}}, status=int(self.manner))
            case "redirect":
                raise web.HTTPFound("http://127.0.0.1:1/")
            case "hang":
                await self.let_go.wait()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if self.manner == "garbage":
            await response.write(b"data: {not json\n\n")
            return response
        if self.manner == "error in the stream":
            await response.write(b'data: {"error": {"message": "overloaded"}}\n\n')
            return response
        if self.manner == "endless":
            while True:
                await response.write(chunk("啊" * 4000))
        for text in self.says:
            await response.write(chunk(text))
            if self.manner == "reset":
                assert request.transport is not None
                request.transport.abort()
                return response
            if self.manner == "hang midway":
                await self.let_go.wait()
        if self.manner == "no end":
            return response
        await response.write(b": a comment\n\n" + chunk("", "stop") + b'data: {"choices": [], "usage": {}}\n\n')
        await response.write(b"data: [DONE]\n\n")
        return response


@asynccontextmanager
async def endpoint() -> AsyncGenerator[Endpoint, None]:
    """An endpoint on a free port of this machine."""
    one = Endpoint()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", one.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield one
    finally:
        one.let_go.set()
        await runner.cleanup()
