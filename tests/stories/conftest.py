"""A running studio and a real Chromium for the stories."""

import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.stories.studio import Studio, start_studio, stop_studio

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",  # as in OBS; the start button has a story of its own
]

expect.set_options(timeout=30_000)  # a shared machine may be slow; only a wrong page fails


@pytest.fixture
def studio(tmp_path: Path) -> Generator[Studio, None, None]:
    """A studio with the sample shop, on its own data folder."""
    studio = start_studio(tmp_path / "data")
    yield studio
    if studio.process.poll() is None:
        stop_studio(studio)


@pytest.fixture
async def browser() -> AsyncGenerator[Browser, None]:
    """Headless Chromium as Debian ships it."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "the stories need Chromium. Type:  sudo apt install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()
