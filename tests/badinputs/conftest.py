"""The sample shop for hostile requests."""

import asyncio
from pathlib import Path

import pytest

from tests.web.shop import seeded


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample shop, seeded once; tests take a copy."""
    file = tmp_path_factory.mktemp("badinputs") / "shop.db"
    asyncio.run(seeded(file))
    return file
