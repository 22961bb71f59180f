"""The figures in real Chromium over a shop of several shows: days and shows, the chart, orders, report, connections."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from playwright.async_api import Page

from app.access.service import SAMPLE
from app.events import ProductId
from app.orders.service import Orders
from app.studio import Studio
from tests.analytics.evenings import bought, evening, hours_ago
from tests.web.conftest import Window, refused_by_policy, until
from tests.web.fakes import serving
from tests.web.shop import shop_app, studio_over

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="session")
def evenings(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop with two real shows, one of them running, and a rehearsal."""
    path = Path(shutil.copy(file, tmp_path_factory.mktemp("evenings") / "shop.db"))

    async def fill() -> None:
        async with studio_over(path) as studio:
            shelf = [(ProductId(one.id), one.sku) for one in (await studio.catalogue.products(SAMPLE))[:4]]
            database = studio.database
            await evening(database, SAMPLE, "tuesday", shelf, started=hours_ago(50), minutes=30, seed=1)
            await evening(database, SAMPLE, "practice", shelf, started=hours_ago(2), minutes=8, rehearsal=True, seed=2)
            started = time.time() - 12 * 60
            await evening(database, SAMPLE, "tonight", shelf, started=started, minutes=12, running=True, seed=3)

    asyncio.run(fill())
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def studio(evenings: Path, tmp_path: Path) -> AsyncGenerator[Studio]:
    """That shop in a file of this test's own."""
    async with studio_over(Path(shutil.copy(evenings, tmp_path / "shop.db"))) as studio:
        yield studio


@pytest_asyncio.fixture(loop_scope="session")
async def page(studio: Studio, window: Window) -> AsyncGenerator[Page]:
    """The owner's browser at home."""
    async with serving(shop_app(studio)) as address:
        page = await window(viewport={"width": 1440, "height": 900}, base_url=address)
        told = refused_by_policy(page)
        await page.goto(f"/enter#{await studio.access.first_link()}")
        await page.wait_for_url(f"{address}/")
        yield page
        assert told == [], "the page broke its own content security policy"


async def paid_on(page: Page) -> str:
    return await page.locator("[data-figure=gmv_paid]").first.inner_text()


async def test_the_days_hold_real_money_only_and_the_rehearsal_is_marked(page: Page, studio: Studio) -> None:
    await page.goto("/dashboard?period=7")
    real = {gmv.currency: gmv.paid for gmv in await studio.analytics.sales(SAMPLE)}
    assert (await paid_on(page)).replace(",", "").removeprefix("¥") == f"{real['CNY']:f}".removesuffix(".00")
    assert await page.locator(".callout-simulated").count() == 0
    await page.goto("/dashboard?room=practice")
    assert "模拟" in await page.locator(".callout-simulated").inner_text()
    await page.goto("/dashboard?period=today")
    assert await page.locator("[data-funnel=paid]").count() == 1
    assert await page.locator(".funnel-none").count() == 3, "exposure, entering and product exposure: no data"


async def test_the_slider_tells_what_was_said_and_the_product_filter_changes_the_money(page: Page) -> None:
    await page.goto("/dashboard?room=tuesday")
    await until(page, "window.figures?.data().minutes.length >= 30")
    await page.locator("#minute-choice").focus()
    await page.keyboard.press("ArrowRight")
    await until(page, "document.querySelector('#minute-said').textContent.includes('卖点')")
    totals = "window.figures.chart.getOption().series[0].data.reduce((sum, one) => sum + one, 0)"
    everything = float(await page.evaluate(totals))
    choice = page.locator("#chart-product")
    product = await choice.locator("option").nth(1).get_attribute("value")
    await choice.select_option(product)
    one = float(await page.evaluate(totals))
    assert 0 < one < everything


async def test_a_running_shows_figures_follow_an_order_without_a_reload(page: Page, studio: Studio) -> None:
    await page.goto("/dashboard?room=tonight")
    before = await paid_on(page)
    await page.evaluate("window.same = true")
    sku = (await studio.catalogue.products(SAMPLE))[0].sku
    raw = bought("late", sku, "paid", time.time(), Random(1), False, amount="1000.00")
    await Orders(studio.database).receive(SAMPLE, "webhook", raw)
    await until(page, f"document.querySelector('[data-figure=gmv_paid]').textContent !== {json.dumps(before)}")
    assert await page.evaluate("window.same"), "the page was not loaded anew"


async def test_an_order_file_is_compared_booked_once_and_compared_again(page: Page, tmp_path: Path) -> None:
    sheet = tmp_path / "抖店订单.csv"
    sheet.write_text(
        "订单编号,商家编码,商品数量,实付金额,订单状态,支付完成时间,买家昵称\n"
        "'5001,tea,1,59.00,已付款,2026-11-24 10:00:00,小鱼\n"
        "'5002,tea,2,118.00,已退款,2026-11-24 10:05:00,张三\n"
        "'5003,cup,1,一百,已付款,2026-11-24 10:06:00,李四\n",
        encoding="gb18030",
    )
    await page.goto("/orders")
    await page.locator("#files input[type=file]").set_input_files(sheet)
    await page.locator("#files button").click()
    await until(page, "location.pathname.startsWith('/orders/files/')")
    tally = {name: await page.locator(f"[data-tally={name}]").inner_text() for name in ("new", "same", "left_out")}
    assert tally == {"new": "2", "same": "0", "left_out": "1"}
    await page.locator("#book").click()
    await until(page, "document.querySelector('[data-tally=same]')?.textContent === '2'")
    assert await page.locator("#book").count() == 0


async def test_a_secret_is_shown_once_and_a_test_event_goes_the_whole_way(page: Page, studio: Studio) -> None:
    before = await studio.analytics.sales(SAMPLE)
    await page.goto("/settings/connections")
    await page.locator("#webhook details", has_text="新密钥").locator("summary").click()
    await page.locator("#webhook form[action='/settings/connections/webhook/connect'] button").click()
    secret = await page.locator("#secret").inner_text()
    assert secret == await studio.orders.secret(SAMPLE, "orders")
    await page.locator("#webhook form[action='/settings/connections/webhook/test'] button").click()
    await until(page, "document.querySelector('#tried') !== null")
    assert secret not in await page.content()
    assert await page.locator("#webhook .chip", has_text="测试，不计数").count() == 1
    assert await studio.analytics.sales(SAMPLE) == before


PAGES = ("dashboard?period=7", "dashboard?room=tuesday", "orders", "reports/tuesday", "settings/connections")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_nothing_sticks_out_sideways_on_a_phone(page: Page, path: str, lang: str) -> None:
    await page.goto(f"/lang/{lang}")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"/{path}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["dashboard", "dashboard?period=30", "orders", "settings/connections"])
async def test_an_empty_shop_says_so_and_shows_no_zero_for_what_it_does_not_know(
    file: Path, tmp_path: Path, window: Window, path: str
) -> None:
    async with (
        studio_over(Path(shutil.copy(file, tmp_path / "empty.db"))) as studio,
        serving(shop_app(studio)) as address,
    ):
        page = await window(base_url=address)
        await page.goto(f"/enter#{await studio.access.first_link()}")
        await page.wait_for_url(f"{address}/")
        answer = await page.goto(f"/{path}")
        assert answer is not None and answer.status == 200
        text = await page.locator("main").inner_text()
        assert "None" not in text and "NaN" not in text
