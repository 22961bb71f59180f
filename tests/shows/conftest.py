"""The sample shop with its two shows, in a file of each test's own."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from app.access.service import SAMPLE, Access
from app.catalogue.service import Catalogue
from app.database import Database
from app.events import ShowId
from app.orders.service import Orders
from app.sample.seed import seed_sample
from app.shows.plan import Wish
from app.shows.service import Shows

SHOW = ShowId("sample")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seeded_file(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """Seeded once for the tests of a module."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("seeded") / "seeded.db")
    database = Database(f"sqlite+aiosqlite:///{path}")
    await seed_sample(Access(database), Catalogue(database), Shows(database), Orders(database))
    await database.close()
    return Path(path)


@pytest.fixture
async def seeded(seeded_file: Path, tmp_path: Path) -> AsyncGenerator[Database, None]:
    """The seeded database, this test's own copy."""
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(seeded_file, tmp_path / 'seeded.db')}")
    yield database
    await database.close()


@pytest.fixture
async def shows(seeded: Database) -> Shows:
    """The shows of the seeded database."""
    return Shows(seeded)


@pytest.fixture
async def block(shows: Shows) -> str:
    """The first product of the sample show."""
    return (await shows.plan(SAMPLE, SHOW)).products[0].id


async def wish(database: Database, count: int = 3, **changes: object) -> Wish:
    """A Chinese show of the shop's first products."""
    names = [item.id for item in await Catalogue(database).products(SAMPLE) if item.lang == "zh"]
    values: dict[str, object] = {
        "title": "周五晚场",
        "lang": "zh",
        "host": "lan",
        "voice": "zf_xiaoxiao",
        "persona": "",
        "duty": "王姐",
        "products": tuple(names[:count]),
    }
    return Wish(**(values | changes))  # type: ignore[arg-type]
