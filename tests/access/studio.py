"""A studio without voice or model for tests of the shop's routes: real services and errors, rooms that only listen."""

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI, WebSocket
from httpx import ASGITransport, AsyncClient

from app.access import founding_pages, people_pages
from app.access import pages as access_pages
from app.access.guard import check_origin
from app.access.service import SAMPLE, Access
from app.analytics.store import Analytics
from app.catalogue import pages as catalogue_pages
from app.catalogue.extraction import Extraction
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.database import Database
from app.events import LiveEvent, RoomId, ShopId
from app.orders import webhooks
from app.orders.service import Orders
from app.privacy.pseudonyms import Pseudonyms
from app.privacy.service import Privacy
from app.screens import door, home, people, welcome
from app.screens.errors import add_error_pages
from app.settings import Settings
from app.shows.service import Shows
from app.studio import Studio
from app.templates import Templates


class Listening:
    """Rooms that keep what they are told."""

    def __init__(self) -> None:
        self.heard: list[tuple[ShopId, RoomId | None, LiveEvent]] = []

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Keep it."""
        self.heard.append((shop, room, event))


class Shop:
    """A client at the studio's door, with what stands behind it."""

    def __init__(self, app: FastAPI, studio: Studio, rooms: Listening, client: AsyncClient) -> None:
        self.app, self.studio, self.rooms, self.client = app, studio, rooms, client

    async def sign_in(self, shop: ShopId = SAMPLE) -> None:
        """Enter by a one-time link, as a browser does."""
        self.client.cookies.clear()
        answer = await self.client.post("/enter", data={"code": await self.studio.access.first_link(shop)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def partial_studio(**parts: Any) -> Studio:
    """A studio of these parts; those that the test's routes never ask are None."""
    return Studio(**{field.name: parts.get(field.name) for field in dataclasses.fields(Studio)})


@asynccontextmanager
async def open_shop(
    database: Database, settings: Settings, base: str = "http://shop.test"
) -> AsyncGenerator[Shop, None]:
    """The sample shop and another one, and a client that speaks to them as a page of `base` would."""
    rooms, app = Listening(), FastAPI()
    studio = partial_studio(
        settings=settings,
        database=database,
        access=Access(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        catalogue=Catalogue(database),
        imports=Imports(database, settings.data_dir),
        extraction=Extraction(database, None, busy=lambda: False),
        shows=Shows(database),
        orders=Orders(database),
        analytics=Analytics(database),
        privacy=Privacy(database, Pseudonyms(bytes(32)), settings.data_dir),
        rooms=rooms,
        templates=Templates(),
    )
    for shop in (SAMPLE, ShopId("other")):
        await studio.access.open_shop(shop, shop, owner="Lin", account=shop)
    app.state.studio = studio
    add_error_pages(app, studio.templates)
    for module in (access_pages, people_pages, founding_pages, door, home, people, welcome, catalogue_pages, webhooks):
        app.include_router(module.router)

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        check_origin(websocket)
        await websocket.accept()
        await websocket.close()

    headers: dict[str, Any] = {"sec-fetch-site": "same-origin"}
    async with AsyncClient(transport=ASGITransport(app), base_url=base, headers=headers) as client:
        yield Shop(app, studio, rooms, client)
