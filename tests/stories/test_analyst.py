"""An analyst's morning: only what one may see, days and shows, a chart that answers, questions, files, exports."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.stories.studio import Studio
from tests.stories.walks import SLOW, in_picture, invited, owner_in, secret_of, shot

pytestmark = [pytest.mark.story, pytest.mark.real]

STARTING = 120_000  # ms; the voice starts while the owner prepares, and the page then opens the button by itself


async def test_an_analysts_morning(studio: Studio, browser: Browser, tmp_path: Path) -> None:
    owner = await owner_in(studio, browser)
    room = await _last_nights_show(studio, owner)
    await _the_platforms_file_is_mapped_and_booked(studio, owner, tmp_path)
    page = await invited(studio, browser, owner, "analyst", "小美")
    await owner.context.close()
    await _sees_only_what_an_analyst_may(studio, page)
    await _the_days(studio, page)
    await _the_chart_answers(studio, page, room)
    await _questions_and_what_was_said(page)
    await _exports_equal_the_page(studio, page)


async def _last_nights_show(studio: Studio, owner: Page) -> str:
    """A real show of a few lines with a question, put on air by the owner."""
    await owner.goto(f"{studio.url}/shows/sample/live")
    await owner.select_option("select[name=platform]", value="own")
    await owner.check("input[name=label]")
    await owner.click("#prepare form button")
    rules = owner.locator("form[action$='/rules-read'] button.btn-primary")
    if await rules.count():
        await rules.click()
    await owner.click("#start", timeout=STARTING)
    await owner.click("#start-yes")
    await owner.wait_for_url("**/desk/*")
    room = owner.url.rsplit("/", 1)[1]
    await in_picture(owner, "z.sounding")
    body = {"id": "e-1", "viewer": "u-1", "name": "小鱼", "text": "这个多少钱"}
    studio.post_signed(f"/hooks/comments/{room}", body, secret_of(studio, "comments"))
    asked = owner.locator("#comments > li", has_text="这个多少钱")
    await expect(asked.locator(".comment-answer")).not_to_be_empty(timeout=SLOW)
    for number, amount in (("n-1", "59.00"), ("n-2", "88.80")):
        _order(studio, number, "paid", amount)
    _order(studio, "n-2", "refunded", "18.80")
    await owner.click("#end")
    await owner.click("#end-sure button[value=yes]")
    await owner.wait_for_url("**/dashboard**")
    return room


def _order(studio: Studio, number: str, status: str, amount: str) -> None:
    sku = studio.books("select sku from products where shop = 'sample' order by product limit 1")[0][0]
    body = {
        "id": number, "product": sku, "quantity": 1, "amount": amount, "currency": "CNY", "status": status,
        "updated_at": datetime.now(UTC).isoformat(), "buyer": "b-1",
    }  # fmt: skip
    studio.post_signed("/hooks/orders/sample", body, secret_of(studio, "orders"))


async def _the_platforms_file_is_mapped_and_booked(studio: Studio, owner: Page, folder: Path) -> None:
    now = f"{datetime.now() - timedelta(days=2):%Y-%m-%d %H:%M:%S}"  # before the show: no part of its report
    head = "流水,货,件,钱,情况,成交于,顾客电话\n"
    first = f"A-1,X,1,100.00,已付款,{now},13812345678\nA-2,X,1,abc,已付款,{now},13900001111\n"
    sheet = folder / "自家表.csv"
    sheet.write_bytes((head + first).encode("gb18030"))
    await owner.goto(f"{studio.url}/orders")
    await owner.select_option("#files select[name=source]", "file")
    await owner.set_input_files("#files input[type=file]", str(sheet))
    await owner.click("#files button")
    await expect(owner.locator("#missing")).to_be_visible()
    await expect(owner.locator("#book")).to_have_count(0)
    assert "13812345678" not in await owner.content(), "a phone number stands on the page"
    await shot(owner, "analyst-mapping")
    for place, field in enumerate(("order", "sku", "quantity", "amount", "status", "paid", "")):
        await owner.select_option(f"#mapping select[name=c{place}]", field)
    await owner.click("#look")
    await expect(owner.locator("[data-tally=new]")).to_have_text("1")
    await expect(owner.locator("[data-tally=left_out]")).to_have_text("1")
    await expect(owner.locator("td", has_text="金额，例如 59.90")).to_have_count(1)
    await owner.click("#book")
    await expect(owner.locator("[data-tally=same]")).to_have_text("1")
    sheet.write_bytes((head + f"A-3,X,1,7.00,已付款,{now},\n").encode("gb18030"))
    await owner.goto(f"{studio.url}/orders")
    await owner.select_option("#files select[name=source]", "file")
    await owner.set_input_files("#files input[type=file]", str(sheet))
    await owner.click("#files button")
    await expect(owner.locator("[data-tally=new]")).to_have_text("1")
    await expect(owner.locator("#missing")).to_have_count(0)
    await shot(owner, "analyst-remembered")


async def _sees_only_what_an_analyst_may(studio: Studio, page: Page) -> None:
    for path in ("/people", "/settings/connections", "/audit", "/catalogue/upload"):
        answer = await page.goto(f"{studio.url}{path}")
        assert answer is not None and answer.status == 403, path
    await page.goto(f"{studio.url}/orders")
    await expect(page.locator("#files form")).to_have_count(0)
    await expect(page.locator("a[href='/people'], a[href='/settings/connections']")).to_have_count(0)


async def _the_days(studio: Studio, page: Page) -> None:
    for period, paid, net in (("today", "147.8", "129"), ("7", "247.8", "229"), ("30", "247.8", "229")):
        await page.goto(f"{studio.url}/dashboard?period={period}")
        await expect(page.locator("[data-figure=gmv_paid]").first).to_contain_text(paid)
        await expect(page.locator("[data-figure=net]").first).to_contain_text(net)
    await expect(page.locator(".funnel-none")).to_have_count(3)
    await shot(page, "analyst-days")


async def _the_chart_answers(studio: Studio, page: Page, room: str) -> None:
    await page.goto(f"{studio.url}/dashboard?room={room}")
    await page.wait_for_function("window.figures?.data().minutes.length > 0")
    place = await page.evaluate(
        """() => { const { chart, data } = window.figures, index = data().minutes.findIndex((m) => m.orders);
          chart.getDom().scrollIntoView({ behavior: 'instant', block: 'center' });
          const box = chart.getDom().getBoundingClientRect();
          const [x, y] = chart.convertToPixel({ gridIndex: 0 }, [index, 0]);
          return { x: box.left + x, y: box.top + y - 20 }; }"""
    )
    await page.mouse.click(place["x"], place["y"])
    await expect(page.locator("#minute-at")).to_contain_text("订单")
    await expect(page.locator("#minute-said li").first).not_to_be_empty()
    everything = await _drawn(page)
    await page.select_option("#chart-product", index=1)
    assert await _drawn(page) <= everything
    await shot(page, "analyst-chart")


async def _drawn(page: Page) -> float:
    return float(
        await page.evaluate("window.figures.chart.getOption().series[0].data.reduce((sum, one) => sum + one, 0)")
    )


async def _questions_and_what_was_said(page: Page) -> None:
    await expect(page.locator("#questions table tbody tr").first).to_contain_text("价格")
    await expect(page.locator("[data-figure=answered]")).to_have_text("100%")


async def _exports_equal_the_page(studio: Studio, page: Page) -> None:
    page_net = Decimal((await page.locator("[data-figure=net]").first.inner_text()).replace("¥", "").replace(",", ""))
    await page.click("a[href^='/reports/']")
    await shot(page, "analyst-report")
    links = [await one.get_attribute("href") for one in await page.locator(".downloads a[href$='.csv']").all()]
    tables = {str(link).rsplit("/", 1)[1]: await _csv(page, f"{studio.url}{link}") for link in links}
    assert set(tables) == {"orders.csv", "minutes.csv", "questions.csv", "products.csv", "transcript.csv"}
    orders = tables["orders.csv"]
    net = sum(Decimal(row["amount"]) - Decimal(row["refunded"]) for row in orders if row["paid"] == "1")
    assert net == page_net
    paid = sum(Decimal(row["paid_CNY"]) for row in tables["minutes.csv"])
    assert paid == sum(Decimal(row["amount"]) for row in orders if row["paid"] == "1")
    assert len(tables["questions.csv"]) == 1 and tables["questions.csv"][0]["answer"]
    assert len(tables["transcript.csv"]) == await page.locator(".transcript > li").count()


async def _csv(page: Page, address: str) -> list[dict[str, str]]:
    answer = await page.request.get(address)
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO((await answer.text()).lstrip("\ufeff"))))
