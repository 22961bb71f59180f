"""The sample shop behind the real pages, with rooms that are only pretended."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from app import assets
from app.access import founding_pages, people_pages
from app.access import pages as access_pages
from app.access.service import Access
from app.analytics.store import Analytics
from app.catalogue import facts_pages, intake_pages, picture_pages
from app.catalogue import pages as catalogue_pages
from app.catalogue.extraction import Extraction
from app.catalogue.imports import pages as import_pages
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import NotFound
from app.events import LiveEvent, RoomId, ShopId, ShowId
from app.headers import SecurityHeaders
from app.live.golive import GoingLive
from app.live.relay.port import About
from app.orders import file_pages as order_file_pages
from app.orders import pages as order_pages
from app.orders import webhooks
from app.orders.service import Orders
from app.privacy.pseudonyms import Pseudonyms
from app.privacy.service import Privacy
from app.sample.seed import seed_sample
from app.screens import catalogue as catalogue_screens
from app.screens import (
    connections,
    dashboard,
    door,
    golive,
    home,
    import_facts,
    live,
    people,
    push,
    report,
    script,
    show_facts,
    upload,
    welcome,
)
from app.screens import facts as facts_screen
from app.screens import orders as orders_screen
from app.screens import paste as paste_screen
from app.screens import shows as shows_screens
from app.screens.errors import add_error_pages
from app.settings import Settings
from app.shows import audition_pages, script_pages
from app.shows import facts_pages as show_facts_pages
from app.shows import pages as show_pages
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Writers
from app.studio import Studio
from app.templates import WEB, Templates
from tests.shows.fakes import Hums

BASE = "http://studio.test"


@dataclass
class PretendedRooms:
    """Rooms on air by name only."""

    shows: dict[RoomId, ShowId] = field(default_factory=dict)
    told: list[LiveEvent] = field(default_factory=list)

    def running(self, shop: ShopId) -> list[Any]:
        """What is on air."""
        return [SimpleNamespace(id=room, show=show, rehearsal=True) for room, show in self.shows.items()]

    @property
    def health(self) -> dict[str, str]:
        """Everything works."""
        return {"voice": "ok", "model": "ok"}

    def room(self, shop: ShopId, room: RoomId) -> Any:
        """The room's billing."""
        if room not in self.shows:
            raise NotFound(f"room: wanted one on air, found {room!r}")
        plan = SimpleNamespace(id="sample", title="岚的好物间")
        return SimpleNamespace(billing=SimpleNamespace(plan=plan, rehearsal=True, duty="阿珍"))

    async def reach(self, shop: ShopId, room: RoomId) -> Any:
        """The room as a page reaches it; only its bill."""
        billing = self.room(shop, room).billing
        about = About(show=billing.plan.id, title=billing.plan.title, rehearsal=billing.rehearsal, duty=billing.duty)
        return SimpleNamespace(about=about)

    def tell(self, shop: ShopId, room: RoomId | None, event: LiveEvent) -> None:
        """Remember what was told."""
        self.told.append(event)


async def seeded(file: Path) -> None:
    """A database file with the sample shop in it."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    await database.migrate()
    await seed_sample(Access(database), Catalogue(database), Shows(database), Orders(database))
    await database.close()


@asynccontextmanager
async def studio_over(file: Path) -> AsyncGenerator[Studio]:
    """The services over that database file."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    access, shows, rooms = Access(database), Shows(database), PretendedRooms()
    writers, auditions = Writers(shows, None), Auditions(Hums(), None)
    yield Studio(
        settings=Settings(data_dir=file.parent),
        database=database,
        access=access,
        catalogue=Catalogue(database),
        imports=Imports(database, file.parent),
        extraction=Extraction(database, None, busy=lambda: False),
        shows=shows,
        writers=writers,
        auditions=auditions,
        orders=Orders(database),
        analytics=Analytics(database),
        privacy=Privacy(database, Pseudonyms(bytes(32)), file.parent),
        rooms=rooms,  # type: ignore[arg-type]
        golive=GoingLive(database, shows, rooms),  # type: ignore[arg-type]
        templates=Templates(),
    )
    await writers.close()
    await auditions.close()
    await database.close()


def shop_app(studio: Studio) -> FastAPI:
    """The shop's pages and posts, without live rooms; `/broken` fails."""
    app = FastAPI()
    app.state.studio = studio
    app.add_middleware(SecurityHeaders)
    add_error_pages(app, studio.templates)
    for module in (
        door,
        home,
        upload,
        import_facts,
        show_facts,
        paste_screen,
        catalogue_screens,
        facts_screen,
        shows_screens,
        script,
        dashboard,
        report,
        orders_screen,
        connections,
        order_pages,
        order_file_pages,
        webhooks,
        live,
        push,
        golive,
        access_pages,
        people_pages,
        founding_pages,
        people,
        welcome,
        import_pages,
        intake_pages,
        facts_pages,
        catalogue_pages,
        picture_pages,
        show_pages,
        show_facts_pages,
        script_pages,
        audition_pages,
        assets,
    ):
        app.include_router(module.router)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the secret inside")

    app.mount("/static", StaticFiles(directory=WEB / "static"))
    return app


@asynccontextmanager
async def opened(file: Path) -> AsyncGenerator[tuple[Studio, httpx.AsyncClient]]:
    """The studio over that file, and somebody's browser who is signed in as the owner."""
    async with studio_over(file) as studio:
        transport = httpx.ASGITransport(shop_app(studio), raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport,
            base_url=BASE,
            headers={"accept": "text/html", "sec-fetch-site": "same-origin", "accept-language": "zh-CN"},
        ) as client:
            await client.post("/enter", data={"code": await studio.access.first_link()})
            yield studio, client
