"""A studio on a real port with real services, SQLite and sockets; only the voice is a quick fake, and no model."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import numpy as np
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from websockets.asyncio.client import ClientConnection, connect

from app import assets
from app.access import pages as access_pages
from app.access.service import SAMPLE, Access
from app.analytics.store import Analytics
from app.catalogue import facts_pages
from app.catalogue import pages as catalogue_pages
from app.catalogue.extraction import Extraction
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.crowd import webhook as comment_webhook
from app.database import Database
from app.events import ProductId, RoomId, ShopId, ShowId
from app.live import desk, overlay
from app.live import pages as live_pages
from app.live.golive import GoingLive
from app.live.relay.cluster import Cluster
from app.live.rooms import Rooms
from app.orders import webhooks as order_webhooks
from app.orders.relay import relay
from app.orders.service import Orders
from app.privacy.pseudonyms import Pseudonyms
from app.privacy.service import Privacy
from app.screens import golive as golive_screen
from app.screens import live as live_screen
from app.screens.errors import add_error_pages
from app.settings import Settings
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Writers
from app.studio import Studio
from app.templates import WEB, Templates
from avatar.line import Line
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word
from scripts_gen.rundown import Script, Segment
from tests.live.fakes import plan

SHOW = ShowId("tea")
OTHER = ShopId("other")


class ToneVoice:
    """Speaks a short tone for every line, at once; can be taken away."""

    def __init__(self) -> None:
        self.away = False

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """One phone, one word, 0.08 s a character."""
        if self.away:
            raise OSError("the voice is away")
        seconds = max(0.3, 0.08 * len(line.spoken))
        count = round(seconds * SAMPLE_RATE)
        yield Phone(symbol="a", start=0.0, end=seconds)
        yield Word(text=line.written, first=0, last=len(line.written), start=0.0, end=seconds)
        tone = np.sin(np.arange(count) * 2 * np.pi * 220 / SAMPLE_RATE) * 8_000
        yield Sound(pcm=tone.astype("<i2").tobytes())


@dataclass
class House:
    """Where it listens, what stands behind it, and a signed-in client."""

    url: str
    studio: Studio
    voice: ToneVoice
    client: httpx.AsyncClient
    secrets: dict[str, str] = field(default_factory=dict)

    async def rehearse(self) -> RoomId:
        """Start the rehearsal; its room."""
        answer = await self.client.post(f"/shows/{SHOW}/rehearse", json={})
        assert answer.status_code == 200, answer.text
        return RoomId(answer.json()["room"])

    async def token(self, room: RoomId) -> str:
        """A fresh overlay token, as a page gets it."""
        link = (await self.client.post(f"/desk/{room}/overlay-link", json={})).json()["url"]
        answer = await self.client.post("/overlay/token", json={"code": link.partition("#")[2]})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def socket(self, path: str, *, origin: str | None = None, cookie: str = "") -> connect:
        """A websocket as a browser opens it."""
        headers = {"Cookie": cookie} if cookie else {}
        address = self.url.replace("http", "ws", 1) + path
        return connect(address, origin=origin or self.url, additional_headers=headers, compression=None)  # type: ignore[arg-type]

    @property
    def cookie(self) -> str:
        """The session cookie's header."""
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    async def hook(self, path: str, body: dict[str, object], secret: str, *, at: int | None = None) -> httpx.Response:
        """A signed webhook without a session."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        stamp = at or int(time.time())
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        async with httpx.AsyncClient(base_url=self.url) as sender:
            return await sender.post(path, content=raw, headers={"X-Zhubo-Signature": f"t={stamp},v1={digest}"})


async def message(socket: ClientConnection, kind: str, within: float = 8.0) -> dict[str, object]:
    """The next message of a type."""
    async with asyncio.timeout(within):
        while True:
            frame = await socket.recv()
            if isinstance(frame, str):
                found: dict[str, object] = json.loads(frame)
                if found["type"] == kind:
                    return found


@asynccontextmanager
async def open_house(
    database: Database, settings: Settings, *, cluster: Cluster | None = None, stocked: bool = False
) -> AsyncGenerator[House, None]:
    """The house with a small tea shop and another shop; everything is closed at the end.

    With a `cluster` it serves beside others; `stocked`: another house has filled the database already.
    """
    access = Access(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    catalogue, shows, orders = Catalogue(database), Shows(database), Orders(database)
    for shop in () if stocked else (SAMPLE, OTHER):
        await access.open_shop(shop, shop, owner="王姐", account=shop)
        for kind in ("orders", "comments"):
            await orders.ensure_secret(shop, kind)
    if not stocked:
        await _stock(catalogue, shows)
    voice = ToneVoice()
    rooms = Rooms(settings, database, shows, voice, None, None, cluster)
    app = FastAPI()
    studio = Studio(
        settings=settings,
        database=database,
        access=access,
        catalogue=catalogue,
        imports=Imports(database, settings.data_dir),
        extraction=Extraction(database, None, busy=rooms.busy),
        shows=shows,
        writers=Writers(shows, None),
        auditions=Auditions(voice, None),
        orders=orders,
        analytics=Analytics(database),
        privacy=Privacy(database, Pseudonyms(bytes(32)), settings.data_dir),
        rooms=rooms,
        golive=GoingLive(database, shows, rooms),
        templates=Templates(),
    )
    app.state.studio = studio
    add_error_pages(app, studio.templates)
    for router in (
        access_pages.router,
        facts_pages.router,
        catalogue_pages.router,
        desk.router,
        live_pages.router,
        overlay.router,
        comment_webhook.router,
        order_webhooks.router,
        live_screen.router,
        golive_screen.router,
        assets.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=WEB / "static"))
    rooms.part("voice", "ok", "")
    mine = rooms.mine if cluster is not None else (lambda: None)
    tasks = [asyncio.create_task(relay(orders, rooms.tell_here, mine), name="relay")]
    if cluster is not None:
        cluster.serve(rooms)
        tasks.append(asyncio.create_task(cluster.run(), name="cluster"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio", lifespan="off"))
    serving = asyncio.create_task(server.serve(), name="house")
    while not server.started:
        assert not serving.done(), "the house did not open"
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=10) as client:
            await client.post("/enter", json={"code": await access.first_link(SAMPLE)})
            secrets = {kind: await orders.secret(SAMPLE, kind) for kind in ("orders", "comments")}
            yield House(url=url, studio=studio, voice=voice, client=client, secrets=secrets)
    finally:
        await rooms.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if cluster is not None:
            await cluster.close()
        server.should_exit = server.force_exit = True
        await serving


async def _stock(catalogue: Catalogue, shows: Shows) -> None:
    names: list[ProductId] = []
    for item in plan().products:
        listing = " ".join(text for _, text in item.facts.items())
        name = await catalogue.add(
            SAMPLE,
            sku=item.sku,
            lang="zh",
            listing=listing,
            facts=item.facts,
            list_price_basis=item.list_price_basis,
            stock=item.stock,
            picture=None,
            faq=item.faq,
            by="test",
        )
        names.append(name)
        text = f"来看{item.title}。它是手工采摘的。现在到手{item.price}元。有想问的打在评论里。"
        script = Script(product=name, lang="zh", persona="", segments=(Segment(kind="opening", text=text),))
        await shows.approve_script(SAMPLE, name, script, "test")
    await shows.add(
        SAMPLE,
        SHOW,
        title="下午茶",
        lang="zh",
        host="lan",
        voice="zf_xiaoxiao",
        persona="",
        duty="王姐",
        products=names,
    )
