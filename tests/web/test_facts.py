"""The facts page, the form by hand and pasted text, over the real services and in real Chromium."""

import re
import shutil
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import pytest_asyncio

from app.access.service import SAMPLE
from app.catalogue.facts import facts_of
from app.events import FactsChanged, PriceChanged, ProductId
from app.studio import Studio
from scripts_gen.extract import parsed
from tests.web.conftest import Window, refused_by_policy, until
from tests.web.fakes import serving
from tests.web.shop import PretendedRooms, opened, shop_app, studio_over

LISTING = (
    "品名：云朵棉拖🐻\n品牌：暖屋\n原价￥59.90 到手￥39.90\n鞋底：3厘米\n卖点：轻便防滑，根治脚气\n洗一洗还像新的\n"
)
WECHAT = (
    "张三 2026/11/24 20:15:33\n家人们今晚主推两款\n云朵棉拖 到手39.9 原价59.9\n鞋底3厘米 轻便防滑\n\n"
    "小熊睡衣套装 直播价79\n纯棉 加绒\n"
)
SLIPPERS = ProductId("slip-1")


async def slippers(studio: Studio, listing: str = LISTING) -> ProductId:
    return await studio.catalogue.add(
        SAMPLE, sku=SLIPPERS, lang="zh", listing=listing, facts=parsed(listing).facts, stock=3, by="Lin"
    )


async def fact_id(studio: Studio, field: str) -> str:
    facts = facts_of((await studio.catalogue.product(SAMPLE, SLIPPERS)).facts)
    return next(fact.id for fact in facts if fact.field == field)


@pytest.fixture
async def shop(file: Path, tmp_path: Path) -> AsyncGenerator[tuple[Studio, httpx.AsyncClient]]:
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (studio, client):
        await slippers(studio)
        yield studio, client


async def test_a_price_that_is_none_comes_back_with_a_word_and_everything_typed(
    shop: tuple[Studio, httpx.AsyncClient],
) -> None:
    studio, client = shop
    price = await fact_id(studio, "price")
    for path, form in (
        (f"/catalogue/{SLIPPERS}/facts/{price}", {"value": "abc"}),
        (f"/catalogue/{SLIPPERS}/price", {"price": "abc"}),
    ):
        answer = await client.post(path, data=form)
        assert answer.status_code == 422
        assert "59.90；“abc”不是金额" in answer.text and 'value="abc"' in answer.text
    product = await studio.catalogue.product(SAMPLE, SLIPPERS)
    assert (product.price, product.facts.price) == (Decimal("39.90"), Decimal("39.90"))


async def test_a_changed_fact_is_told_to_the_rooms_and_a_wrong_one_is_not(
    shop: tuple[Studio, httpx.AsyncClient],
) -> None:
    studio, client = shop
    assert isinstance(studio.rooms, PretendedRooms)
    await client.post(f"/catalogue/{SLIPPERS}/facts", data={"field": "service", "value": "七天无理由退换"})
    (told,) = studio.rooms.told
    assert isinstance(told, FactsChanged) and told.facts["service"] == ["七天无理由退换"]
    await client.post(f"/catalogue/{SLIPPERS}/facts", data={"field": "service", "value": ""})
    await client.post(f"/catalogue/{SLIPPERS}/facts", data={"field": "selling_points", "value": "全网最低价"})
    await client.post(f"/catalogue/{SLIPPERS}/facts/confirm")
    assert len(studio.rooms.told) == 1
    price = await fact_id(studio, "price")
    await client.post(f"/catalogue/{SLIPPERS}/facts/{price}", data={"value": "35"})
    assert [type(event) for event in studio.rooms.told[1:]] == [FactsChanged, PriceChanged]


async def test_an_unlawful_claim_stands_beside_the_facts_with_its_reason(
    shop: tuple[Studio, httpx.AsyncClient],
) -> None:
    _, client = shop
    page = (await client.get(f"/catalogue/{SLIPPERS}")).text
    assert "已剔除：主播不能说" in page and "涉及功效或医疗" in page and "根治" in page
    answer = await client.post(f"/catalogue/{SLIPPERS}/facts", data={"field": "selling_points", "value": "全网最低价"})
    assert answer.status_code == 422 and "广告法不允许" in answer.text and 'value="全网最低价"' in answer.text


async def test_a_question_from_the_figures_is_answered_with_one_form(shop: tuple[Studio, httpx.AsyncClient]) -> None:
    studio, client = shop
    asked = await client.get(f"/catalogue/{SLIPPERS}/faq", params={"question": "能机洗吗?"})
    assert asked.status_code == 303
    page = (await client.get(asked.headers["location"])).text
    assert 'value="能机洗吗?"' in page
    await client.post(f"/catalogue/{SLIPPERS}/faq", data={"question": "能机洗吗?", "answer": "可以，选轻柔档。"})
    (item,) = (await studio.catalogue.product(SAMPLE, SLIPPERS)).faq
    assert (item.answer, item.by) == ("可以，选轻柔档。", "店主")
    assert isinstance(studio.rooms, PretendedRooms)
    assert isinstance(studio.rooms.told[-1], FactsChanged) and studio.rooms.told[-1].faq[0]["id"] == item.id
    human = await client.post(f"/catalogue/{SLIPPERS}/faq", data={"question": "你是谁", "answer": "我是真人"})
    assert human.status_code == 422 and "数字人主播不能这样说" in human.text


async def test_the_two_answers_of_a_dispute_stand_side_by_side(shop: tuple[Studio, httpx.AsyncClient]) -> None:
    studio, client = shop
    await client.post(f"/catalogue/{SLIPPERS}/facts/{await fact_id(studio, 'brand')}", data={"value": "暖屋家居"})
    await studio.extraction.want(SAMPLE, [SLIPPERS])
    page = (await client.get(f"/catalogue/{SLIPPERS}")).text
    assert "两种说法" in page
    (dispute,) = (await studio.catalogue.facts.sheet(SAMPLE, SLIPPERS)).disputes
    await client.post(f"/catalogue/{SLIPPERS}/disputes/{dispute.found.id}", data={"choose": "found"})
    assert (await studio.catalogue.product(SAMPLE, SLIPPERS)).facts.brand == "暖屋"
    assert "两种说法" not in (await client.get(f"/catalogue/{SLIPPERS}")).text


async def test_a_struck_through_price_needs_its_basis(shop: tuple[Studio, httpx.AsyncClient]) -> None:
    _, client = shop
    page = (await client.get(f"/catalogue/{SLIPPERS}")).text
    assert "<s>" not in page and "选好依据后才会展示" in page
    form = {"list_price": "59.90", "basis": "lowest_7_days", "currency": "CNY", "why": "晚间"}
    wrong = await client.post(f"/catalogue/{SLIPPERS}/price", data=form)
    assert wrong.status_code == 422 and "近 7 天最低成交价是 39.90" in wrong.text
    await client.post(f"/catalogue/{SLIPPERS}/price", data=form | {"basis": "msrp"})
    page = (await client.get(f"/catalogue/{SLIPPERS}")).text
    assert "<s>¥59.90</s>" in page and "晚间" in page


async def test_hostile_and_endless_words_are_only_words(shop: tuple[Studio, httpx.AsyncClient]) -> None:
    studio, client = shop
    bad = """<script>alert(1)</script>"><img src=x onerror=alert(1)> {{7*7}} """
    for name, value in (("specs", bad), ("variants", bad), ("selling_points", "啊" * 10_000)):
        await client.post(f"/catalogue/{SLIPPERS}/facts", data={"field": name, "value": value, "name": bad[:40]})
    await client.post(f"/catalogue/{SLIPPERS}/faq", data={"question": bad, "answer": bad})
    await client.post(f"/catalogue/{SLIPPERS}/price", data={"price": bad})
    pasted = await client.post("/catalogue/paste", data={"text": bad + "啊" * 10_000})
    for path in (f"/catalogue/{SLIPPERS}?question={bad}", pasted.headers["location"] + "?now=1"):
        page = (await client.get(path)).text
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "{{7*7}}" in page, "said literally, never evaluated"
    assert all(len(point) <= 200 for point in (await studio.catalogue.product(SAMPLE, SLIPPERS)).facts.selling_points)


async def test_a_product_by_hand_with_a_picture(shop: tuple[Studio, httpx.AsyncClient]) -> None:
    _, client = shop
    _, png = cv2.imencode(".png", np.full((40, 60, 3), 90, np.uint8))
    form = {"title": "手写的茶", "price": "¥88", "currency": "CNY", "stock": "5"}
    files = {"picture": ("../../x.php", png.tobytes())}
    wrong = await client.post("/catalogue/new", data=form | {"price": "abc"}, files=files)
    assert wrong.status_code == 422 and "“abc”不是金额" in wrong.text and 'value="手写的茶"' in wrong.text
    no_picture = await client.post("/catalogue/new", data=form, files={"picture": ("a.png", b"<svg onload=x>")})
    assert no_picture.status_code == 422 and "PNG" in no_picture.text
    answer = await client.post("/catalogue/new", data=form, files=files)
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"])).text
    shown = re.search(r'src="(/static/pictures/[0-9a-f]{32}\.webp)"', page)
    assert shown
    picture = await client.get(shown[1])
    assert picture.headers["content-type"] == "image/webp" and "sandbox" in picture.headers["content-security-policy"]
    for path in ("/static/pictures/..%2f..%2fshop.db", "/static/pictures/x.webp", f"/static/pictures/{'0' * 32}.webp"):
        assert (await client.get(path)).status_code == 404


async def test_a_chat_message_is_looked_over_and_one_wrong_price_loses_nothing(
    shop: tuple[Studio, httpx.AsyncClient],
) -> None:
    studio, client = shop
    review = (await client.post("/catalogue/paste", data={"text": WECHAT})).headers["location"]
    waiting = (await client.get(review)).text
    assert "<progress" in waiting and "正在识别 2 件商品" in waiting
    while await studio.extraction.read_one():
        pass
    page = (await client.get(review)).text
    assert "找到 2 件商品" in page and 'value="39.9"' in page and 'value="79"' in page
    form = {
        "keep-0": "1", "title-0": "云朵棉拖", "price-0": "39.9", "currency-0": "CNY", "stock-0": "12", "sku-0": "cloud",
        "keep-1": "1", "title-1": "小熊睡衣套装", "price-1": "abc", "currency-1": "CNY", "stock-1": "", "sku-1": "bear",
    }  # fmt: skip
    wrong = await client.post(review, data=form)
    assert wrong.status_code == 422 and "“abc”不是金额" in wrong.text and 'value="12"' in wrong.text
    saved = await client.post(review, data=form | {"price-1": "79"})
    assert saved.headers["location"] == "/catalogue"
    assert (await studio.catalogue.product(SAMPLE, ProductId("bear"))).price == Decimal("79.00")
    assert (await client.get(review)).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_of_the_catalogue_is_whole_in_both_languages(
    shop: tuple[Studio, httpx.AsyncClient], lang: str
) -> None:
    studio, client = shop
    await client.get(f"/lang/{lang}")
    await studio.extraction.want(SAMPLE, [SLIPPERS])
    review = (await client.post("/catalogue/paste", data={"text": WECHAT})).headers["location"]
    for path in (
        "/catalogue",
        f"/catalogue/{SLIPPERS}",
        "/catalogue/new",
        "/catalogue/paste",
        review,
        f"{review}?now=1",
    ):
        answer = await client.get(path)
        assert answer.status_code == 200 and "Undefined" not in answer.text, path


@pytest_asyncio.fixture(loop_scope="session")
async def real(file: Path, tmp_path: Path) -> AsyncGenerator[tuple[Studio, str]]:
    """The shop's pages on a real port, with the slippers on the shelf."""
    async with studio_over(Path(shutil.copy(file, tmp_path / "shop.db"))) as studio:
        await slippers(studio)
        async with serving(shop_app(studio)) as address:
            yield studio, address


@pytest.mark.asyncio(loop_scope="session")
async def test_in_the_browser_facts_are_confirmed_edited_and_taken_from_the_listing(
    real: tuple[Studio, str], window: Window
) -> None:
    studio, address = real
    page = await window(viewport={"width": 1440, "height": 1000})
    told = refused_by_policy(page)
    await page.goto(f"{address}/enter#{await studio.access.first_link()}")
    await page.wait_for_url(f"{address}/")
    await page.goto(f"{address}/catalogue/{SLIPPERS}")
    brand = page.locator('[data-fact="brand"]')
    await brand.hover()
    await until(page, "document.querySelector('mark.lit')?.textContent === '暖屋'")
    await page.locator("mark", has_text="3厘米").hover()
    await until(page, "document.querySelector('[data-fact=\"specs.鞋底\"]').classList.contains('lit')")

    await brand.get_by_role("button", name="确认").click()
    await until(page, "document.querySelector('[data-fact=\"brand\"] .by') !== null")

    await page.locator('[data-fact="price"] summary').click()
    field = page.locator('[data-fact="price"] input[name="value"]')
    await field.fill("abc")
    await page.locator('[data-fact="price"]').get_by_role("button", name="保存").click()
    await until(page, "document.querySelector('.trouble')?.textContent.includes('abc')")
    assert await page.locator('[data-fact="price"] input[name="value"]').input_value() == "abc"
    await page.locator('[data-fact="price"] input[name="value"]').fill("35.5")
    await page.locator('[data-fact="price"]').get_by_role("button", name="保存").click()
    await until(page, "!document.querySelector('.trouble')")
    assert (await studio.catalogue.product(SAMPLE, SLIPPERS)).price == Decimal("35.50")

    words = "洗一洗还像新的"
    await page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.getElementById("listing"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        words,
    )
    await until(page, "!document.getElementById('take').hidden")
    await page.get_by_role("button", name="取作这条信息").click()
    await until(page, f"[...document.querySelectorAll('mark')].some(mark => mark.textContent === '{words}')")
    product = await studio.catalogue.product(SAMPLE, SLIPPERS)
    assert words in product.facts.selling_points
    place = product.facts.selling_points.index(words)
    ((start, end),) = product.facts.evidence[f"selling_points.{place}"]
    assert LISTING[start:end] == words, "counted in code points, also after an emoji"
    assert told == []


@pytest.mark.asyncio(loop_scope="session")
async def test_in_the_browser_pasted_text_is_read_before_ones_eyes_and_saved(
    real: tuple[Studio, str], window: Window
) -> None:
    studio, address = real
    page = await window(viewport={"width": 390, "height": 844}, has_touch=True)
    await page.goto(f"{address}/enter#{await studio.access.first_link()}")
    await page.wait_for_url(f"{address}/")
    await page.goto(f"{address}/catalogue/paste")
    await page.locator("textarea").fill(WECHAT)
    await page.get_by_role("button", name="开始识别").click()
    await page.wait_for_url(re.compile("/catalogue/paste/"))
    await until(page, "document.querySelector('#review progress') !== null")
    while await studio.extraction.read_one():
        pass
    await until(page, "document.querySelectorAll('.piece').length === 2")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.get_by_role("button", name="上架").click()
    await page.wait_for_url(f"{address}/catalogue")
    assert {"云朵棉拖"} <= {product.title for product in await studio.catalogue.products(SAMPLE)}
    await page.goto(f"{address}/catalogue/{SLIPPERS}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
