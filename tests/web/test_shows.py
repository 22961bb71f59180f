"""A show planned, written, heard, approved and compared in real Chromium, on the real services."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from app.access.service import SAMPLE
from app.events import ShowId
from app.studio import Studio
from tests.shows.conftest import wish
from tests.web.conftest import Window, refused_by_policy, until
from tests.web.fakes import serving
from tests.web.shop import opened, shop_app, studio_over

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def studio(file: Path, tmp_path: Path) -> AsyncGenerator[Studio]:
    """The sample shop in a file of this test's own."""
    async with studio_over(Path(shutil.copy(file, tmp_path / "shop.db"))) as studio:
        yield studio


@pytest_asyncio.fixture(loop_scope="session")
async def page(studio: Studio, window: Window) -> AsyncGenerator[Page]:
    """A phone that came in by the one-time link."""
    async with serving(shop_app(studio)) as address:
        page = await window(viewport={"width": 390, "height": 844})
        told, broken = refused_by_policy(page), []
        page.on("pageerror", lambda error: broken.append(str(error)))
        await page.goto(f"{address}/enter#{await studio.access.first_link()}")
        await page.wait_for_url(f"{address}/")
        yield page
        assert (told, broken) == ([], [])


async def show_in(page: Page, studio: Studio, path: str = "") -> tuple[ShowId, str]:
    """A show of two products, its page opened; its id and address."""
    show = await studio.shows.create(SAMPLE, await wish(studio.database, 2))
    address = page.url.rstrip("/") + f"/shows/{show}"
    await page.goto(address + path)
    return show, address


async def test_five_products_are_picked_ordered_and_planned(page: Page, studio: Studio) -> None:
    await page.goto(page.url + "shows/new")
    await page.locator("[name=title]").fill("周五晚场")
    await page.locator("#show-save").press("Enter")
    await until(page, "!document.getElementById('show-refused').hidden")
    names = []
    for _ in range(5):
        button = page.locator("#shelf [data-add]:enabled").first
        names.append(await button.locator("xpath=ancestor::li").get_attribute("data-product"))
        await button.press("Enter")
    await page.locator("#picked [data-move='-1']").nth(4).press("Enter")
    await page.locator("#picked [data-goal]").nth(0).select_option("push")
    await page.locator("#picked [data-drop]").nth(1).press("Enter")
    await page.locator("#show-save").press("Enter")
    await page.wait_for_url("**/shows/*")
    plan = await studio.shows.plan(SAMPLE, ShowId(page.url.rpartition("/")[2]))
    assert [product.id for product in plan.products] == [names[0], names[2], names[4], names[3]]
    assert plan.goals == {names[0]: "push"}
    assert await page.locator(".timeline .stop-product").count() >= 5
    assert await page.locator(".stop-welcome").count() == 1


async def test_the_shelf_is_searched_and_speaks_the_shows_language(page: Page) -> None:
    await page.goto(page.url + "shows/new")
    await page.locator("#shelf-find").fill("茶")
    await until(page, "[...document.querySelectorAll('#shelf b')].every((name) => name.textContent.includes('茶'))")
    await page.locator("#shelf-find").fill("没有这个东西")
    await until(page, "document.querySelectorAll('#shelf [data-product]').length === 0")
    await page.locator("#shelf-find").fill("")
    await page.locator("[name=lang]").select_option("en")
    await until(page, "document.querySelector('#shelf b')?.textContent.match(/^[A-Z]/) !== null")
    assert await page.locator("[name=voice]:checked").get_attribute("value") == "af_heart"


async def test_the_voice_introduces_itself_and_the_host_moves_its_mouth(page: Page) -> None:
    await page.goto(page.url + "shows/new")
    await until(page, "document.getElementById('cast-host').classList.contains('portrait-ready')")
    await page.locator("[name=host][value=chen]").check()
    await page.locator("[data-voice=zm_yunyang]").click()
    await until(page, "document.getElementById('cast-caption').textContent.length > 0")
    assert await page.locator("[name=voice]:checked").get_attribute("value") == "zm_yunyang"
    await page.locator("[data-voice=zm_yunyang]").click()
    await until(page, "!document.querySelector('.sounding') && !document.getElementById('cast-caption').textContent")


async def test_another_host_comes_with_the_voice_that_fits(page: Page) -> None:
    await page.goto(page.url + "shows/new")
    await until(page, "document.getElementById('cast-host').classList.contains('portrait-ready')")
    await page.locator("[name=host][value=chen]").check()
    await until(page, "document.querySelector('[name=voice]:checked').value === 'zm_yunyang'")
    await page.locator("[name=lang]").select_option("en")
    await page.locator("[name=host][value=lan]").check()
    await until(page, "document.querySelector('[name=voice]:checked').value === 'af_heart'")


async def test_a_script_appears_line_by_line_and_says_that_the_model_is_away(page: Page, studio: Studio) -> None:
    show, _ = await show_in(page, studio, "/script")
    await page.locator("form[data-write] button", has_text="全部重写").click()
    await page.locator(".line-head small", has_text="模型未回应").first.wait_for()
    blocks = await studio.shows.scripts.blocks(SAMPLE, show)
    assert [(block.why, len(block.lines)) for block in blocks] == [("written", 16)] * 2
    assert await page.locator(".line").count() == 32


async def test_an_unsupported_price_is_refused_rewritten_approved_and_compared(page: Page, studio: Studio) -> None:
    show, address = await show_in(page, studio, "/script")
    first = page.locator(".block").first
    await first.locator(".line-edit summary").first.click()
    await first.locator("textarea").first.fill("来看看这一款，今天只要3.7元！慢慢看，有想问的打在评论里。")
    await first.locator(".line-edit form button").first.click()
    await page.locator(".line-stopped .line-problems", has_text="3.7").wait_for()
    for tick in await first.locator("[name=proof]").all():
        await tick.check()
    await first.locator("[data-approve]").click()
    await page.locator("#refused", has_text="3.7").wait_for()
    await page.locator(".line-stopped form[action$=mend] button").click()
    await page.locator(".line-stopped").wait_for(state="detached")
    for tick in await first.locator("[name=proof]").all():
        await tick.check()
    await first.locator("[data-approve]").click()
    await first.locator(".confirmed").wait_for()
    block = (await studio.shows.scripts.blocks(SAMPLE, show))[0]
    assert block.approved and "3.7" not in block.lines[0].text
    await page.goto(f"{address}/blocks/{block.product.id}/versions")
    assert any("3.7" in text for text in await page.locator(".difference del").all_inner_texts())
    await page.locator(".rows form button").last.click()
    await page.wait_for_url("**/script*")
    assert (await studio.shows.scripts.block(SAMPLE, show, block.product.id)).why == "restored"


async def test_a_claim_shows_the_fact_it_stands_on_and_a_line_is_heard(page: Page, studio: Studio) -> None:
    await show_in(page, studio, "/script")
    claim = page.locator(".claim").first
    await claim.focus()
    assert await claim.locator(".claim-facts").is_visible()
    await page.locator("[data-listen]").first.click()
    await until(
        page, "document.querySelector('[data-listen].sounding') && !document.getElementById('script-host').hidden"
    )
    await page.locator("[data-listen]").first.click()
    await until(page, "document.getElementById('script-host').hidden")


async def test_script_tags_in_a_line_stay_words(page: Page, studio: Studio) -> None:
    show, address = await show_in(page, studio)
    block = (await studio.shows.plan(SAMPLE, show)).products[0].id
    text = "<img src=x onerror=alert(1)> {{7*7}} 来看看。"
    await studio.shows.scripts.edit(SAMPLE, show, block, 1, text, "<b>王姐</b>", based_on=0)
    for path in ("/script", f"/blocks/{block}/versions", "/script/print"):
        await page.goto(address + path)
        assert "onerror=alert(1)> {{7*7}}" in await page.locator("body").inner_text()
        assert await page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_of_a_show_opens_and_fits_a_phone(page: Page, studio: Studio, lang: str) -> None:
    home = page.url.rstrip("/")
    await page.goto(f"{home}/lang/{lang}")
    for path in (
        "/shows",
        "/shows/new",
        "/shows/sample",
        "/shows/sample/edit",
        "/shows/sample/script",
        "/shows/sample/delete",
        "/shows/sample/script/print",
    ):
        answer = await page.goto(home + path)
        assert answer is not None and answer.status == 200, path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_a_show_is_copied_and_deleted(page: Page, studio: Studio) -> None:
    show, address = await show_in(page, studio)
    await page.locator("form[action$=copy] button").click()
    await page.wait_for_url(lambda url: url != address)
    assert len(await studio.shows.shows(SAMPLE)) == 4
    await page.goto(f"{address}/delete")
    await page.locator("form[action$=delete] button").click()
    await page.wait_for_url("**/shows")
    assert show not in {card.id for card in await studio.shows.shows(SAMPLE)}


async def test_a_script_is_taken_away_as_text(file: Path, tmp_path: Path) -> None:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (_, client):
        notes = await client.get("/shows/sample/script.md")
        titles = await client.get("/shows/sample/script.srt")
        missing = await client.get("/shows/sample/script.exe")
    assert notes.status_code == titles.status_code == 200
    assert notes.text.startswith("# 岚的好物间")
    assert titles.text.startswith("1\n00:00:00,000 --> 00:00:03,000\n主播由AI生成。")
    assert "attachment" in notes.headers["content-disposition"]
    assert missing.status_code == 404
