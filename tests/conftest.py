"""What every test may ask for: a migrated database, and the real model and voice where they are fetched."""

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


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database, None]:
    """A migrated SQLite database in a file of its own."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await database.migrate()
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
