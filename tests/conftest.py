"""What every test may ask for: a migrated database, and the real model and voice where they are fetched."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from app import supply
from app.database import Database
from app.settings import Settings


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
async def database(tmp_path: Path, migrated_file: Path) -> AsyncGenerator[Database, None]:
    """A migrated SQLite database in a file of its own."""
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'test.db')}")
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
