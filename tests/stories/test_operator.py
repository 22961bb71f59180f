"""An operator's evening: invited, a real show, the crowd, a price and a sell-out on air, the next date, the report."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.stories.studio import Studio
from tests.stories.walks import SLOW, in_picture, invited, owner_in, secret_of, shot

pytestmark = [pytest.mark.story, pytest.mark.real]


async def test_an_operators_evening(studio: Studio, browser: Browser) -> None:
    owner = await owner_in(studio, browser)
    await _owner_says_where_goods_are_bought(studio, owner)
    page = await invited(studio, browser, owner, "operator", "阿珍")
    await owner.context.close()
    await expect(page.locator("a[href='/people']")).to_have_count(0)
    await _starts_the_real_show(studio, page)
    await _answers_skips_and_pins(studio, page)
    await _a_price_on_air_reaches_the_card(page)
    await _takes_over_and_hands_back(page)
    await _a_viewer_buys_by_the_cards_link(studio, page)
    await _sells_out_and_is_told(page)
    await _sets_the_next_start(studio, page)
    await _ends_and_reads_the_report(studio, page)


async def _owner_says_where_goods_are_bought(studio: Studio, owner: Page) -> None:
    await owner.goto(f"{studio.url}/settings/connections")
    await owner.fill("#links input[name=address]", "https://shop.example/p/{sku}?from=live")
    await owner.click("#links button")
    await expect(owner.locator("#links [role=status]")).to_be_visible()
    await shot(owner, "operator-links")


async def _starts_the_real_show(studio: Studio, page: Page) -> None:
    await page.goto(f"{studio.url}/shows/sample/live")
    await page.select_option("select[name=platform]", value="own")
    await page.fill("#prepare input[name=duty]", "阿珍")
    await page.check("input[name=label]")
    await page.click("#prepare form button")
    rules = page.locator("form[action$='/rules-read'] button.btn-primary")
    if await rules.count():
        await rules.click()
    await shot(page, "operator-checklist")
    await page.click("#start")
    await page.click("#start-yes")
    await page.wait_for_url("**/desk/*")
    await in_picture(page, "z.sounding && z.mouth > 0.3")
    assert studio.books("select count(*) from rooms where not rehearsal and shop = 'sample'") == [(1,)]


async def _answers_skips_and_pins(studio: Studio, page: Page) -> None:
    room, secret = page.url.rsplit("/", 1)[1], secret_of(studio, "comments")
    said = (("e-1", "多少钱一个呀"), ("e-2", "我要投诉你们，叫你们老板来"), ("e-3", "哈哈哈哈"))
    for number, text in said:
        body = {"id": number, "viewer": f"u-{number}", "name": "小鱼", "text": text}
        studio.post_signed(f"/hooks/comments/{room}", body, secret)
    asked = page.locator("#comments > li", has_text="多少钱一个呀")
    await expect(asked.locator(".comment-answer")).not_to_be_empty(timeout=SLOW)
    angry = page.locator("#comments > li", has_text="我要投诉")
    await angry.locator("button[name=reply]").click()
    await angry.locator(".reply input").fill("非常抱歉，客服马上联系您。")
    await angry.locator(".reply button").click()
    await expect(angry.locator(".comment-answer")).to_contain_text("非常抱歉", timeout=SLOW)
    second = page.locator("#products > li").nth(1)
    await second.locator(".jump-button").click()
    await expect(second).to_have_class(_word("current"), timeout=SLOW)
    await second.locator(".pin-button").click()
    await expect(second.locator(".pin-button")).to_have_attribute("aria-pressed", "true")
    await shot(page, "operator-desk", whole=False)


async def _a_price_on_air_reaches_the_card(page: Page) -> None:
    current = page.locator("#products > li.current").first
    await current.locator("input[name=price]").fill("66.6")
    await current.locator("input[name=price]").press("Enter")
    card = page.frame_locator("#preview").locator("#card")
    await expect(card).to_have_attribute("data-price", _starts("66.6"), timeout=SLOW)


async def _takes_over_and_hands_back(page: Page) -> None:
    await in_picture(page, "z.sounding")
    await page.click("#hold")
    await in_picture(page, "!z.sounding && z.mouth < 0.2")
    await expect(page.locator("#desk")).to_have_attribute("data-state", "held")
    await page.click("#resume")
    await expect(page.locator("#desk")).to_have_attribute("data-state", "on_air")
    await in_picture(page, "z.sounding")


async def _a_viewer_buys_by_the_cards_link(studio: Studio, page: Page) -> None:
    product = await page.locator("#products > li.current").first.get_attribute("data-product")
    answer = await page.request.get(f"{studio.url}/go/sample/{product}", max_redirects=0)
    target = urlsplit(answer.headers["location"])
    code = parse_qs(target.query)["zb"][0]
    sku = studio.books("select sku from products where shop = 'sample' and product = ?", product)[0][0]
    assert (answer.status, target.hostname, target.path) == (302, "shop.example", f"/p/{sku}")
    order = {
        "id": "op-1", "product": sku, "quantity": 2, "amount": "133.20", "currency": "CNY", "status": "paid",
        "code": code, "updated_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    for _ in range(2):
        studio.post_signed("/hooks/orders/sample", order, secret_of(studio, "orders"))
    kept = studio.books("select attribution, room, line, amount_minor from orders where shop = 'sample'")
    line = studio.books("select line from codes where shop = 'sample' and code = ?", code)[0][0]
    assert kept == [("code", page.url.rsplit("/", 1)[1], line, 13_320)] and line
    await expect(page.locator("#gmv")).to_contain_text("133.2")


async def _sells_out_and_is_told(page: Page) -> None:
    current = page.locator("#products > li.current").first
    await current.locator(".sold-button").click()
    await expect(page.frame_locator("#preview").locator("#card")).to_have_attribute("data-stock", "sold_out")
    await expect(page.locator("#alerts [data-alert=sold_out]")).to_be_visible()
    await current.locator(".sold-button").click()
    await expect(page.locator("#alerts [data-alert=sold_out]")).to_have_count(0)


async def _sets_the_next_start(studio: Studio, page: Page) -> None:
    other = await page.context.new_page()
    await other.goto(f"{studio.url}/shows/sample/live")
    await other.click("details.later > summary")
    tomorrow = f"{datetime.now() + timedelta(days=1):%Y-%m-%d}T20:00"
    await other.fill("input[name=starts]", tomorrow)
    await other.click("form[action$='/schedule'] button")
    await expect(other.locator("#countdown")).to_contain_text("20:00")
    await shot(other, "operator-next")
    await other.close()


async def _ends_and_reads_the_report(studio: Studio, page: Page) -> None:
    room = page.url.rsplit("/", 1)[1]
    await page.click("#end")
    await page.click("#end-sure button[value=yes]")
    await page.wait_for_url("**/dashboard**")
    await expect(page.locator("[data-figure=gmv_paid]").first).to_contain_text("133.2")
    await expect(page.locator("[data-funnel=click]")).to_have_text("1")
    await expect(page.locator(".attribution")).to_contain_text("专属码")
    await page.goto(f"{studio.url}/reports/{room}")
    await expect(page.locator(".order-beside", has_text="op-1")).to_have_count(1)
    await expect(page.locator(".transcript > li").first).to_be_visible()
    await shot(page, "operator-report")


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\s){name}(\s|$)")


def _starts(text: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(text)}")
