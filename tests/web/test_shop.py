"""The shop's pages in real Chromium over the real services: the door, the price, the evidence, the figures."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from app.access.service import SAMPLE
from app.studio import Studio
from tests.web.conftest import Window, refused_by_policy, until
from tests.web.fakes import serving
from tests.web.shop import shop_app, studio_over

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def studio(file: Path, tmp_path: Path) -> AsyncGenerator[Studio]:
    """The sample shop in a file of this test's own."""
    async with studio_over(Path(shutil.copy(file, tmp_path / "shop.db"))) as studio:
        yield studio


@pytest_asyncio.fixture(loop_scope="session")
async def page(studio: Studio, window: Window) -> AsyncGenerator[Page]:
    """A browser that came in by the one-time link and stands at home."""
    async with serving(shop_app(studio)) as address:
        page = await window()
        told = refused_by_policy(page)
        await page.goto(f"{address}/enter#{await studio.access.first_link()}")
        await page.wait_for_url(f"{address}/")
        yield page
        assert told == [], "the page broke its own content security policy"


async def test_the_link_opens_the_shop_and_leaves_no_code_behind(page: Page) -> None:
    assert await page.locator("#rehearse").is_visible()
    await until(page, "document.querySelector('canvas.portrait').classList.contains('portrait-ready')")
    await page.go_back()
    assert "#" not in page.url


async def test_a_price_changes_in_place_and_in_the_books(page: Page, studio: Studio) -> None:
    product = (await studio.catalogue.products(SAMPLE))[0]
    await page.goto(page.url + f"catalogue/{product.id}")
    await page.evaluate("window.same = true")
    await page.locator("input[name=price]").fill("10.50")
    await page.locator(".offer-forms form[action$=price] button").click()
    await until(page, "document.querySelector('.offer-price b').textContent === '¥10.50'")
    assert await page.evaluate("window.same"), "the page was not loaded anew"
    assert str((await studio.catalogue.product(SAMPLE, product.id)).price) == "10.50"


async def test_pointing_at_a_fact_lights_its_words_in_the_listing(page: Page, studio: Studio) -> None:
    product = (await studio.catalogue.products(SAMPLE))[0]
    await page.goto(page.url + f"catalogue/{product.id}")
    await page.locator("[data-fact=title]").hover()
    assert "".join(await page.locator("mark.lit").all_inner_texts()) == product.title


async def test_the_language_is_chosen_by_a_link_and_kept(page: Page) -> None:
    await page.locator(".language a[lang=en]").click()
    await until(page, "document.documentElement.lang === 'en'")
    assert await page.locator("#rehearse").inner_text() == "Rehearse"
    await page.locator(".tabs a[href='/catalogue']").click()
    assert await page.locator("h1").inner_text() == "Products"


async def test_a_product_is_found_while_typing(page: Page, studio: Studio) -> None:
    product = (await studio.catalogue.products(SAMPLE))[2]
    await page.goto(page.url + "catalogue")
    await page.locator("#filter").fill(product.sku.upper())
    await until(page, "document.querySelectorAll('#shelf > li:not([hidden])').length === 1")
    await page.locator("#filter").fill("no such thing")
    await until(page, "document.getElementById('nothing') !== null")


@pytest.mark.parametrize("path", ["", "catalogue", "dashboard", "sessions"])
async def test_nothing_sticks_out_sideways_on_a_phone(page: Page, path: str) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    for lang in ("zh", "en"):
        await page.goto(page.url.split("/lang")[0].rstrip("/").removesuffix(f"/{path}") + f"/lang/{lang}?next=/{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
