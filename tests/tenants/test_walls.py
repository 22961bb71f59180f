"""The walls between shops: every route, socket, file and export, called by a stranger with another shop's ids.

The routes are read from the app, so a new one is walked the day it is written. What it needs is said in the tables
below: an id of the other shop for every path parameter, a body where one is needed, a reason where no session is.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from app.access.service import SAMPLE, Access
from app.analytics.store import Analytics
from app.catalogue.extraction import Extraction
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.database import Database
from app.events import RoomId, ShopId, ShowId
from app.live.golive import GoingLive
from app.live.rooms import Rooms
from app.main import create_app
from app.orders.service import Orders
from app.orders.vault import vault_in
from app.privacy.pseudonyms import pseudonyms_in
from app.privacy.service import Privacy
from app.sample.seed import seed_sample
from app.settings import Settings
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Writers
from app.studio import Studio
from app.templates import Templates
from avatar.clips import ClipCache
from tests.access.studio import partial_studio
from tests.live.house import ToneVoice
from tests.tenants.planting import MARK, everything_of, plant
from tests.tenants.routes import Way, ways_of

BASE = "http://studio.test"
STRANGER = ShopId("stranger")
PASSWORD = "correct horse battery"
LIVE = frozenset({"live_events", "leases", "rooms", "audit"})
"""Tables that the other shop's own running room writes while we walk; its log is looked at by itself."""

IDS: dict[str, tuple[str, str]] = {
    "product": ("products", "product"),
    "show": ("shows", "show"),
    "room": ("rooms", "room"),
    "shop": ("shops", "shop"),
    "user": ("users", "user"),
    "session": ("sessions", "session"),
    "invitation": ("invitations", "invitation"),
    "id": ("imports", "import"),
    "block": ("script_versions", "block"),
    "paste": ("paste_items", "paste"),
    "fact": ("fact_marks", "fact"),
    "file": ("order_files", "file"),
}
"""Where the other shop's id for a path parameter stands: table and column. Extend this for a new parameter."""

PLAIN: dict[str, str] = {
    "number": "0", "ending": "txt", "table": "transcript", "item": "0", "source": "generic", "tint": "0", "letter": "a",
}  # fmt: skip
"""Path parameters that are no ids of anybody, or only a place within a thing whose id stands before them."""

PUBLIC: dict[str, str] = {
    "/openapi.json": "the description of the API holds nothing of any shop",
    "/enter": "the door: a one-time code is the proof",
    "/login": "the door: account and password are the proof",
    "/logout": "ends whatever session there is",
    "/join": "the door of an invitation: its code is the proof",
    "/join/look": "the door of an invitation: its code is the proof",
    "/lang/{lang}": "sets a cookie of the reader's own",
    "/assets/{version}/{name}": "files of the packages that we ship",
    "/overlay": "an empty page; a token of the fragment fills it",
    "/overlay/token": "a one-time code is the proof",
    "/overlay/ws": "the overlay's token is the proof (tests/live/test_doors.py)",
    "/overlay/clips/{name}": "named by the hash of the sound, which nobody can guess",
    "/overlay/qr/{show}/{name}": "a picture for viewers: only the address of the page it stands beside",
    "/go/{show}/{product}": "the page that viewers buy from",
    "/blank/{tint}/{letter}.svg": "a letter that we draw; it is the same for everybody",
    "/static/pictures/{name}": "pictures of products for viewers, named by their hash",
    "/hooks/comments/{room}": "a signature of the shop's secret is the proof",
    "/hooks/orders/{shop}": "a signature of the shop's secret is the proof",
    "/hooks/orders/{shop}/{source}": "a signature of the shop's secret is the proof",
    "/healthz": "for whoever watches the machine: states of parts, nothing of any shop",
    "/readyz": "for whoever watches the machine: one word",
    "/metrics": "for whoever watches the machine: counts over all shops",
}
"""Ways that ask for no session, and why."""

BODY: dict[str, Any] = {
    "choose": "mine", "text": "hello", "kind": "cut", "role": "owner", "version": "1", "platform": "own",
    "zone": "Asia/Shanghai", "starts": f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT20:00}",
    "duty": "x", "voice": "zf_xiaoxiao", "price": "1", "stock": "1", "title": "x", "lang": "zh",
}  # fmt: skip
"""Fields sent with every POST beside the other shop's ids."""

BODIES: dict[str, dict[str, Any]] = {"/desk/{room}/press": {"button": "cut"}}
"""The whole body, for the routes that take no field they do not know."""

FINDS_NOTHING: dict[str, str] = {
    "/catalogue/paste/{paste}/forget": "forgetting what is not there is done",
    "/catalogue/{product}/faq": "leads back to the product's page, which is not found",
    "/catalogue/{product}/reading": "an empty fragment when nothing of the shop is being read",
    "/shows/{show}/schedule/cancel": "says that no start is set, as for any show without one",
}
"""Ways with a foreign id that need not answer 403 or 404, and why that tells nothing."""


@dataclass(frozen=True)
class Walk:
    """The app, a stranger at its door, and what of the other shop could leak."""

    app: FastAPI
    studio: Studio
    client: httpx.AsyncClient
    ways: list[Way]
    ids: dict[str, str]
    room: RoomId

    async def sign_in(self, account: str) -> None:
        answer = await self.client.post("/login", json={"account": account, "password": PASSWORD})
        assert answer.status_code == 303

    def path(self, way: Way) -> str:
        missing = [name for name in way.params if name not in self.ids and way.path not in PUBLIC]
        assert not missing, f"tell the walk about {{{missing[0]}}} (of {way.path}): tests/tenants/test_walls.py, IDS"
        return way.filled({**dict.fromkeys(way.params, "x"), **self.ids})

    async def call(self, way: Way) -> tuple[int, str]:
        if way.method == "WS":
            return await self._socket(self.path(way)), ""
        if way.method == "GET":
            answer = await self.client.get(self.path(way), params=self.ids)
        else:
            body = BODIES.get(way.path) or {name: self.ids[name] for name in (*IDS, "number")} | BODY
            answer = await self.client.request(way.method, self.path(way), data=body)
        return answer.status_code, answer.text + str(answer.headers)

    async def _socket(self, path: str) -> int:
        """403 when the handshake is refused, 101 when it is let in."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": b"", "scheme": "ws", "server": ("studio.test", 80), "client": ("10.0.0.9", 1),
            "headers": [(b"host", b"studio.test"), (b"origin", BASE.encode()), (b"cookie", cookies.encode())],
            "subprotocols": [], "state": {},
        }  # fmt: skip
        told: asyncio.Queue[str] = asyncio.Queue()
        sent = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}])

        async def receive() -> dict[str, Any]:
            return next(sent)

        async def send(message: Any) -> None:
            told.put_nowait(message["type"])

        await asyncio.wait_for(self.app(scope, receive, send), 30)
        return 101 if told.get_nowait() == "websocket.accept" else 403


@pytest.fixture
async def walk(database: Database, settings: Settings) -> AsyncGenerator[Walk, None]:
    async with opened(database, settings) as walk:
        yield walk


@asynccontextmanager
async def opened(database: Database, settings: Settings) -> AsyncGenerator[Walk, None]:
    """The sample shop, planted and on air, and a stranger's shop beside it; the real app over real services."""
    studio = _studio(database, settings)
    await seed_sample(studio.access, studio.catalogue, studio.shows, studio.orders)
    await studio.access.open_shop(STRANGER, "Stranger", owner="Stranger", account="opened")
    for role in ("owner", "operator", "analyst"):
        await studio.access.add_user(STRANGER, role, role, role, PASSWORD)  # type: ignore[arg-type]
    async with database.transaction() as db:
        planted = await plant(db, SAMPLE)
    room = await studio.rooms.start(SAMPLE, ShowId("sample"), rehearsal=True, duty="Lin", products=1)
    app = create_app(settings)
    app.state.studio, app.state.workers = studio, []
    ids = {name: str(planted[table][column]) for name, (table, column) in IDS.items()} | PLAIN
    headers = {"sec-fetch-site": "same-origin"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers, timeout=30) as client:
        yield Walk(app=app, studio=studio, client=client, ways=ways_of(app), ids=ids, room=room)
    await studio.rooms.close()
    await studio.writers.close()
    await studio.auditions.close()


def _studio(database: Database, settings: Settings) -> Studio:
    voice, shows = ToneVoice(), Shows(database)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clips = ClipCache(settings.clips_dir)
    rooms = Rooms(settings, database, shows, voice, None, clips)
    extraction = Extraction(database, None, busy=rooms.busy, ready=lambda: False)
    return partial_studio(
        settings=settings,
        database=database,
        access=Access(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        catalogue=Catalogue(database),
        imports=Imports(database, settings.data_dir),
        extraction=extraction,
        shows=shows,
        writers=Writers(shows, None, extraction),
        auditions=Auditions(voice, clips),
        orders=Orders(database, vault_in(settings.data_dir)),
        analytics=Analytics(database),
        privacy=Privacy(database, pseudonyms_in(settings.data_dir), settings.clips_dir),
        rooms=rooms,
        golive=GoingLive(database, shows, rooms),
        templates=Templates(),
    )


async def test_no_way_leads_from_one_shop_into_another(walk: Walk) -> None:
    await walk.sign_in("owner")
    async with walk.studio.database.transaction() as db:
        before = await everything_of(db, SAMPLE, but=LIVE)
    problems = []
    for way in walk.ways:
        if way.path in PUBLIC or way.path == "/password":
            continue
        rooms = (walk.ids["room"], walk.room) if "room" in way.params else ("",)
        for room in rooms:  # a room that is over, and one on air
            ids = dict(walk.ids)
            walk.ids["room"] = str(room or ids["room"])
            status, text = await walk.call(way)
            walk.ids.update(ids)
            foreign = set(way.params) & set(IDS) and way.path not in FINDS_NOTHING
            wanted = {403, 404} if foreign else {200, 303, 400, 403, 404, 409, 413, 422}
            if status not in wanted:
                problems.append(f"{way.method} {way.path}: {status}, wanted one of {sorted(wanted)}: {text[:160]}")
            if MARK in text or "主播样品店" in text or "岚的好物间" in text:
                problems.append(f"{way.method} {way.path}: shows what is the other shop's")
    async with walk.studio.database.transaction() as db:
        after = await everything_of(db, SAMPLE, but=LIVE)
    changed = [f"{table}: a row of the other shop changed" for table in before if before[table] != after[table]]
    assert not problems + changed, "\n".join(problems + changed)
    assert walk.room in {room.id for room in walk.studio.rooms.running(SAMPLE)}
    assert len(walk.ways) > 50


async def test_without_a_session_every_other_way_is_shut(walk: Walk) -> None:
    problems = []
    for way in walk.ways:
        if way.path in PUBLIC:
            continue
        status, text = await walk.call(way)
        if status not in ({403} if way.method == "WS" else {401}):
            problems.append(f"{way.method} {way.path}: {status} without a session: {text[:120]}")
    assert not problems, "\n".join(problems)
    page = await walk.client.get("/catalogue", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")


def test_every_public_way_is_there_and_has_its_reason(settings: Settings) -> None:
    paths = {way.path for way in ways_of(create_app(settings))}
    assert set(PUBLIC) <= paths, f"no such way any more: {sorted(set(PUBLIC) - paths)}"
    assert all(len(reason) > 15 for reason in PUBLIC.values())


ANALYST_MAY: dict[str, str] = {
    "/": "leads to the figures",
    "/sessions": "one's own devices",
    "/sessions/revoke-others": "one's own devices",
    "/sessions/{session}/revoke": "one's own devices",
    "/password": "one's own password",
    "/shops/{shop}/open": "one's own other shops",
}
"""Ways that any member may go whatever the role, and why; figures and exports are found by ANALYST_READS."""

ANALYST_READS = ("/dashboard", "/reports", "/orders", "/export", "/figures", "/desk/{room}/events.jsonl")
"""Where an analyst may GET: figures, reports and exports."""


async def test_an_analyst_reads_figures_and_exports_and_nothing_else(walk: Walk) -> None:
    await walk.sign_in("analyst")
    problems = []
    for way in walk.ways:
        if way.path in PUBLIC or way.path in ANALYST_MAY:
            continue
        if way.method == "GET" and way.path.startswith(ANALYST_READS):
            continue
        status, text = await walk.call(way)
        if status != 403:
            problems.append(f"{way.method} {way.path}: {status} for an analyst: {text[:100]}")
    assert not problems, "\n".join(problems)


OWNERS = ("/people/", "/audit/", "/settings/", "/welcome/")
"""Where only an owner may go: people, the audit log, settings, and opening a shop."""


async def test_an_operator_does_not_reach_people_settings_or_the_audit_log(walk: Walk) -> None:
    await walk.sign_in("operator")
    asked = [way for way in walk.ways if f"{way.path}/".startswith(OWNERS)]
    answers = [(way, (await walk.call(way))[0]) for way in asked]
    assert len(asked) > 10
    assert [f"{way.method} {way.path}: {status}" for way, status in answers if status != 403] == []
