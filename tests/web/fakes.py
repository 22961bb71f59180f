"""A stage in miniature that speaks the overlay's and the desk's protocol, for pages in a real browser."""

import asyncio
import hashlib
import io
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy
import soundfile
import uvicorn
from fastapi import FastAPI, HTTPException, Request, WebSocket, WebSocketDisconnect
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app import assets
from app.headers import SecurityHeaders
from app.i18n import language_of
from app.live import wire
from app.templates import WEB, Templates

RATE = 24_000
TOKEN = "t" * 43

CARD = wire.Card(
    product="tea",
    title="云岭高山乌龙茶 清香型 独立小泡袋装",
    picture="/static/img/favicon.svg",
    price="59.00",
    list_price="89.00",
    list_price_basis="platform_price",
    currency="CNY",
    offer="买二送一",
    stock_band="low",
    qr="/static/img/favicon.svg",
    number=3,
)


def clip(seconds: float) -> bytes:
    """A quiet tone as Ogg Opus."""
    times = numpy.arange(int(RATE * seconds)) / RATE
    file = io.BytesIO()
    soundfile.write(file, (0.05 * numpy.sin(2 * numpy.pi * 220 * times)).astype("float32"), RATE, "OPUS", format="OGG")
    return file.getvalue()


@dataclass
class FakeStage:
    """One room: say things to every page that is connected, and see what the pages answer."""

    snapshot: wire.Snapshot
    epoch: str = "e1"
    seq: int = 0
    history: list[wire.Message] = field(default_factory=list)
    clips: dict[str, bytes] = field(default_factory=dict)
    sockets: list[WebSocket] = field(default_factory=list)
    hellos: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    presses: list[dict[str, Any]] = field(default_factory=list)
    desk: wire.Desk | None = None
    desks: list[WebSocket] = field(default_factory=list)
    codes: set[str] = field(default_factory=lambda: {"code"})
    away: bool = False
    clock_ahead_ms: float = 0.0

    def now_ms(self) -> float:
        """The server's clock, which may be ahead of the page's."""
        return time.time() * 1000 + self.clock_ahead_ms

    def speech(self, line: str, clause: int, text: str, *, seconds: float, delay: float) -> wire.Speech:
        """A clause that starts in `delay` seconds; its clip can be fetched."""
        sound = clip(seconds)
        name = hashlib.sha256(sound).hexdigest()
        self.clips[name] = sound
        step = seconds / max(1, len(text))
        return wire.Speech(
            line=line,
            clause=clause,
            line_kind="rundown",
            starts_ms=round(self.now_ms() + delay * 1000),
            seconds=seconds,
            text=text,
            words=[(char, index * step, (index + 1) * step) for index, char in enumerate(text)],
            visemes=[("aa", index * step, (index + 1) * step, 1.0) for index in range(len(text))],
            voice="zf_xiaoxiao",
            clip=f"/overlay/clips/{name}.ogg",
            last=True,
        )

    async def publish(self, message: wire.Message, sound: bytes | None = None) -> None:
        """Number a message, keep it, send it to all pages."""
        self.seq += 1
        numbered = message.model_copy(update={"epoch": self.epoch, "seq": self.seq})
        self.history.append(numbered)
        for socket in list(self.sockets):
            await socket.send_text(numbered.model_dump_json())
            if sound is not None:
                await socket.send_bytes(sound)

    async def say(
        self, line: str, text: str, *, clause: int = 0, seconds: float = 2.0, delay: float = 0.15
    ) -> wire.Speech:
        """A clause with its clip behind it."""
        speech = self.speech(line, clause, text, seconds=seconds, delay=delay)
        await self.publish(wire.SpeechStart(speech=speech), self.clips[speech.clip[-68:-4]])
        return speech

    async def hang_up(self, code: int = 1012) -> None:
        """Close every overlay socket."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            await socket.close(code)

    async def show_desk(self, desk: wire.Desk) -> None:
        """Send the desk to every window."""
        self.desk = desk
        for socket in list(self.desks):
            await socket.send_text(desk.model_dump_json())


def idle_snapshot(**changes: Any) -> wire.Snapshot:
    """A room on air that says nothing yet."""
    values: dict[str, Any] = {
        "room": "r1",
        "shop": "sample",
        "state": "on_air",
        "rehearsal": True,
        "host": "/static/hosts/lan/",
        "lang": "zh",
        "label": "AI生成 · 数字人主播",
        "card": CARD,
        "comment": None,
        "speech": None,
    }
    return wire.Snapshot(**(values | changes))


def stage_app(stage: FakeStage, pages: Callable[[FastAPI, Templates], None] | None = None) -> FastAPI:
    """The overlay and the desk over a fake stage, with the real templates, scripts and headers."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    templates = Templates()

    @app.get("/overlay")
    async def overlay(request: Request, theme: str = "jade", bg: str = "none", layout: str = "auto") -> Response:
        words = {lang: templates.words(lang, "words_overlay.json") for lang in ("zh", "en")}
        context = {"theme": theme, "background": bg, "layout": layout, "words": words}
        return templates.page(request, "overlay.html", context)

    @app.post("/overlay/token")
    async def token(body: dict[str, str]) -> dict[str, Any]:
        if body["code"] not in stage.codes:
            raise HTTPException(403)
        stage.codes.discard(body["code"])
        return {"token": TOKEN, "room": "r1", "expires_ms": round(time.time() * 1000) + 3_600_000}

    @app.get("/overlay/clips/{name}.ogg")
    async def one_clip(name: str) -> Response:
        return Response(stage.clips[name], media_type="audio/ogg")

    @app.websocket("/overlay/ws")
    async def overlay_socket(socket: WebSocket) -> None:
        if stage.away:
            await socket.close()
            return
        await socket.accept()
        hello = await socket.receive_json()
        stage.hellos.append(hello)
        if hello["token"] != TOKEN:
            await socket.close(4403)
            return
        stage.sockets.append(socket)
        if hello["epoch"] == stage.epoch and 0 <= hello["seq"] <= stage.seq:
            await socket.send_text(wire.Recovered(epoch=stage.epoch, seq=hello["seq"]).model_dump_json())
            for message in stage.history[hello["seq"] :]:
                await socket.send_text(message.model_dump_json())
        else:
            whole = stage.snapshot.model_copy(update={"epoch": stage.epoch, "seq": stage.seq})
            await socket.send_text(whole.model_dump_json())
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = await socket.receive_json()
                if message["type"] == "ping":
                    clock = wire.Clock(echo=message["t"], server_ms=stage.now_ms())
                    await socket.send_text(clock.model_dump_json())
                else:
                    stage.heard.append(message)
        if socket in stage.sockets:
            stage.sockets.remove(socket)

    @app.get("/desk/{room}")
    async def desk(request: Request, room: str) -> Response:
        words = templates.words(language_of(request), "words_desk.json")
        return templates.page(
            request,
            "desk.html",
            {"room": room, "show": "spring", "title": "春日好物专场", "rehearsal": True, "words": words},
        )

    @app.websocket("/desk/{room}/ws")
    async def desk_socket(socket: WebSocket, room: str) -> None:
        await socket.accept()
        assert stage.desk is not None
        await socket.send_text(stage.desk.model_dump_json())
        stage.desks.append(socket)
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.receive_text()
        stage.desks.remove(socket)

    @app.post("/desk/{room}/press", status_code=204)
    async def press(request: Request, room: str) -> None:
        stage.presses.append(await request.json())

    @app.post("/desk/{room}/overlay-link")
    async def link(room: str) -> dict[str, str]:
        code = f"code-{len(stage.codes)}-{time.monotonic_ns()}"
        stage.codes.add(code)
        return {"url": f"/overlay#{code}"}

    if pages is not None:
        pages(app, templates)
    app.include_router(assets.router)
    app.mount("/static", StaticFiles(directory=WEB / "static"))
    return app


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[str, None]:
    """The app on a free port of this machine, on this loop; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio", lifespan="off"))
    task = asyncio.create_task(server.serve(), name="fake stage")
    while not server.started:
        assert not task.done(), "the fake stage did not start"
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
