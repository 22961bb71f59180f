"""Real Chromium over a stage in miniature."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from app.live import wire
from tests.web.fakes import FakeStage, idle_snapshot, serving, stage_app
from tests.web.shop import seeded

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
PATIENCE = 30.0  # seconds; two shared cores, at times with neighbours

Window = Callable[..., Awaitable[Page]]


def chromium() -> str:
    """Where the system keeps Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "these tests need Chromium. Type:  sudo apt install chromium fonts-noto-cjk"
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Headless Chromium as the system ships it, one for all tests; every page has a context of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample shop, seeded once; tests that add to it take a copy."""
    file = tmp_path_factory.mktemp("web") / "shop.db"
    asyncio.run(seeded(file))
    return file


@pytest.fixture
def stage() -> FakeStage:
    """A room on air that says nothing yet."""
    return FakeStage(snapshot=idle_snapshot())


@pytest_asyncio.fixture(loop_scope="session")
async def address(stage: FakeStage) -> AsyncGenerator[str]:
    """Where the stage's pages are."""
    async with serving(stage_app(stage)) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser) -> AsyncGenerator[Window]:
    """Opens pages in contexts of their own; all are closed after the test."""
    opened: list[BrowserContext] = []

    async def window(**options: Any) -> Page:
        context = await browser.new_context(**{"locale": "zh-CN", **options})
        opened.append(context)
        return await context.new_page()

    yield window
    for context in opened:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def overlay(stage: FakeStage, address: str, window: Window) -> AsyncGenerator[Page]:
    """The overlay page, connected, its clock set."""
    page = await window(viewport={"width": 540, "height": 960})
    told = refused_by_policy(page)
    await page.goto(f"{address}/overlay#code")
    await until(page, "window.zhubo?.connected && window.zhubo.clock.samples >= 5")
    yield page
    assert told == [], "the page broke its own content security policy"


def refused_by_policy(page: Page) -> list[str]:
    """What the page's content security policy refuses from now on."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if "Content Security" in message.text else None)
    return told


async def until(page: Page, expression: str) -> None:
    """Wait until the expression is true on the page."""

    async def holds() -> bool:
        return bool(await page.evaluate(expression))

    await until_true(holds, expression)


async def until_true(holds: Callable[[], Awaitable[bool]], told: str) -> None:
    """Wait until it holds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not await holds():
        assert loop.time() < deadline, f"waited {PATIENCE} s for: {told}"
        await asyncio.sleep(0.02)


def desk_of(stage: FakeStage, **changes: Any) -> wire.Desk:
    """A desk with one product on air and two comments."""
    values: dict[str, Any] = {
        "revision": 1,
        "room": "r1",
        "state": "on_air",
        "rehearsal": True,
        "server_ms": round(stage.now_ms()),
        "now": None,
        "next": [],
        "products": [
            wire.DeskProduct(
                product=name, number=number, sku=name, title=title, picture=None, price="59", currency="CNY", stock=9,
                on_air=number == 1,
            )
            for number, (name, title) in enumerate((("tea", "乌龙茶"), ("cup", "杯子")), 1)
        ],
        "comments": [],
        "counts": {"seen": 2, "answer": 1},
        "gmv": {},
        "health": {"model": "ok", "voice": "ok", "database": "down"},
        "lookahead_seconds": 21.0,
        "viewers": 1,
    }  # fmt: skip
    return wire.Desk(**(values | changes))
