"""What every test may ask for: a migrated database, and the real model and voice where they are fetched."""

import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from app import supply
from app.database import Database
from app.settings import Settings
from tests.servers import Postgres, postgres_server

ROOT = Path(__file__).parent
ON_BOTH = frozenset({"access", "analytics", "catalogue", "facts", "operations", "orders", "privacy", "shows", "upload"})
"""Folders whose tests of the database run on SQLite and on PostgreSQL."""
ON_BOTH_TOO = frozenset({"live/test_records.py"})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test of a store both kinds of database."""
    if "database_kind" in metafunc.fixturenames:
        place = metafunc.module.__file__ and Path(metafunc.module.__file__).relative_to(ROOT)
        both = place and (place.parts[0] in ON_BOTH or place.as_posix() in ON_BOTH_TOO)
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"] if both else ["sqlite"])


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres, None, None]:
    """A private PostgreSQL; without its binaries the test fails and says what to install."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a studio in an empty data folder, sharing this machine's model and voice files."""
    return Settings(data_dir=tmp_path / "data", port=0)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database brought to the newest version once; tests copy it (migrating takes half a second)."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    Database(f"sqlite+aiosqlite:///{path}").migrate_now()
    return path


@pytest.fixture
async def database_url(
    database_kind: str, tmp_path: Path, migrated_file: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[str, None]:
    """The URL of a migrated and empty database of the test's own; of both kinds in the folders of ON_BOTH."""
    if database_kind == "sqlite":
        yield f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'test.db')}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = await server.create()
    yield url
    await server.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database, None]:
    """The test's own migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def donor_weights() -> Path:
    """The donor in our own format. `./zhubo test` fetches it; without it the test fails and says so."""
    return supply.donor_weights_dir(Settings())


@pytest.fixture(scope="session")
def voice_files() -> Path:
    """The embedded voice's files. `./zhubo test` fetches them; without them the test fails and says so."""
    return supply.voice_files_dir(Settings())
