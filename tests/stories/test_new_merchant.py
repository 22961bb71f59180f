"""A new merchant with a sheet: from the wizard over upload, show, script and approval to the first real show."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.stories.studio import Studio, start_studio, stop_studio

pytestmark = [pytest.mark.story, pytest.mark.real]

KEPT = Path(__file__).parents[2] / "kept"
SLOW = 120_000  # ms; reading listings and writing words on a machine that CI shares
SHEET = """商品名称,商家编码,一口价,划线价,库存,商品描述
云朵慢回弹记忆枕,P-01,89,129,40,材质：记忆棉；尺寸：60×40×12厘米；枕套可拆洗。七天无理由退换，48小时内发货。
桐木折叠小茶几,T-02,159,,12,材质：桐木；尺寸：60×40×30厘米；承重：20公斤。免安装，包邮。
山野乌龙茶 100克,C-03,58,,200,产地：福建安溪；净含量：100克；保质期：18个月。适合：喜欢清香口味的人。
纯棉四件套 1.5米床,B-04,239,299,25,材质：100%棉；适用床宽：1.5米；含被套、床单和两只枕套。七天无理由退换。
不锈钢保温杯 500毫升,H-05,69,,80,容量：500毫升；材质：不锈钢；颜色：白、黑、绿。保温6小时。
"""


async def test_a_new_merchant_sells_five_products_from_a_sheet(tmp_path: Path, browser: Browser) -> None:
    studio = start_studio(tmp_path / "data", "--no-demo")
    try:
        await _walk(studio, browser, tmp_path)
    finally:
        stop_studio(studio)


async def _walk(studio: Studio, browser: Browser, folder: Path) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page threw {error}"))
    await page.goto(f"{studio.url}/enter#{studio.enter}")
    await _opens_a_shop(page)
    await _uploads_the_sheet(page, folder)
    await _plans_a_show(page)
    await _approves_the_script(page)
    await _goes_live(page, studio)
    await context.close()


async def _opens_a_shop(page: Page) -> None:
    await page.wait_for_url("**/welcome")
    await _shot(page, "merchant-account")
    await page.fill("input[name=name]", "林小满")
    await page.fill("input[name=account]", "xiaoman")
    await page.fill("input[name=password]", "one-long-secret")
    await page.fill("input[name=again]", "one-long-secret")
    await page.click("form[action='/welcome/account'] button")
    await page.fill("input[name=shop]", "小满家居")
    await page.click("form[action='/welcome/shop'] button")
    await page.wait_for_url("**/welcome/products")
    await _shot(page, "merchant-welcome")


async def _uploads_the_sheet(page: Page, folder: Path) -> None:
    sheet = folder / "今晚.csv"
    sheet.write_bytes(SHEET.encode("gb18030"))
    await page.click("a[href='/catalogue/upload']")
    await page.set_input_files("#files", str(sheet))
    await page.click("#send")
    await page.wait_for_url("**/catalogue/imports/*")
    await _shot(page, "merchant-columns")
    await page.click("button[name=go]")
    await expect(page.locator("#added")).to_have_text("5", timeout=SLOW)
    await _shot(page, "merchant-imported")
    await page.click("#plan")


async def _plans_a_show(page: Page) -> None:
    await page.wait_for_url("**/shows/new**")
    await expect(page.locator("#picked .pick")).to_have_count(5)
    await page.fill("input[name=title]", "今晚五件好物")
    await page.fill("input[name=minutes]", "15")
    await page.fill("input[name=duty]", "林小满")
    await _shot(page, "merchant-plan")
    await page.click("#show-save")
    await page.wait_for_url(re.compile(r"/shows/(?!new)[^/]+$"), timeout=SLOW)
    await _shot(page, "merchant-show")


async def _approves_the_script(page: Page) -> None:
    await page.click("a[href$='/script']")
    if await page.locator("#write").count():
        await page.click("#write")
    await expect(page.locator("#approve-passing")).to_be_visible(timeout=SLOW)
    await expect(page.locator("#writing")).to_be_hidden(timeout=SLOW)
    await _shot(page, "merchant-script")
    await page.click("#approve-passing")
    await expect(page.locator("[role=status].callout")).to_be_visible(timeout=SLOW)
    await _shot(page, "merchant-approved")


async def _goes_live(page: Page, studio: Studio) -> None:
    show = page.url.split("/shows/")[1].split("/")[0]
    await page.goto(f"{studio.url}/shows/{show}/live")
    await _shot(page, "merchant-checklist")
    await page.select_option("select[name=platform]", index=1)
    await page.check("input[name=label]")
    await page.click("#prepare form button")
    await _shot(page, "merchant-prepared")
    rules = page.locator("form[action$='/rules-read'] button")
    if await rules.count():
        await rules.click()
    await page.click("[data-topic=facts] a.btn")
    await page.wait_for_url("**/facts")
    await _shot(page, "merchant-facts")
    await page.click("#confirm-all")
    await page.wait_for_url("**/live")
    await page.click("#start", timeout=SLOW)
    await page.click("#start-yes")
    await page.wait_for_url("**/desk/*", timeout=SLOW)
    overlay = "document.getElementById('preview').contentWindow.zhubo"
    await page.wait_for_function(f"() => {overlay}?.sounding && {overlay}.mouth > 0.3", timeout=SLOW)
    await _shot(page, "merchant-on-air")
    assert studio.books("select count(*) from rooms where not rehearsal") == [(1,)]


async def _shot(page: Page, name: str) -> None:
    KEPT.mkdir(exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=True)
