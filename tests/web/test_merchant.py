"""The merchant's way to a first show: facts before words, guesses that look like guesses, nothing dropped silently."""

import shutil
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from app.access.service import SAMPLE
from app.catalogue.imports.job import ImportJob
from app.events import ProductId, ShowId
from app.screens.shows import minutes_for, title_at
from app.studio import Studio
from tests.shows.conftest import wish
from tests.web.shop import opened

SHEET = (
    "商品名称,货号,直播价,库存,类目,商品详情\n"
    "手作陶瓷马克杯,MUG-350,59.00,120,厨具,一只约 320 克，四种釉色可选，破损包赔，适合送给爱喝茶的朋友，可进微波炉。\n"
    "桌面小风扇,FAN-2,,45,家电,USB 供电，充满可用 8 小时，噪音低于 35 分贝。到手价 49 元，附充电线，重量 210 克。\n"
    "竹纤维毛巾,TW-3,29.90,0,家纺,三条装，可机洗，建议每三个月更换一次，请与深色衣物分洗，颜色有米白和雾蓝。\n"
)
Shop = tuple[Studio, httpx.AsyncClient]


@pytest.fixture
async def shop(file: Path, tmp_path: Path) -> AsyncGenerator[Shop]:
    """The sample shop in a file of this test's own, and its owner's browser."""
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (studio, client):
        yield studio, client


async def imported(studio: Studio, folder: Path) -> str:
    """The sheet on the shelf; the import's id."""
    id, _ = await studio.imports.upload(SAMPLE, SHEET.encode(), "商品.csv", [], "Lin")
    await studio.imports.start(SAMPLE, id, "Lin")
    await ImportJob(studio.database, studio.imports, folder, studio.rooms.tell).work(SAMPLE, id)
    return id


async def test_the_import_leads_to_the_facts_with_the_descriptions_read(shop: Shop, tmp_path: Path) -> None:
    studio, client = shop
    id = await imported(studio, tmp_path)
    report = (await client.get(f"/catalogue/imports/{id}")).text
    assert f'action="/catalogue/imports/{id}/facts"' in report and "逐个确认商品事实" in report
    there = await client.post(f"/catalogue/imports/{id}/facts")
    assert (there.status_code, there.headers["location"]) == (303, f"/catalogue/imports/{id}/facts")
    page = (await client.get(there.headers["location"])).text
    assert page.count('data-product="') == 3 and "320 克" in page, "the parsers have read the description"
    fan = page[page.index('data-product="FAN-2"') : page.index('data-product="TW-3"')]
    price = fan[fan.index("fact-guess") :]
    assert "猜的，请确认" in price and "¥49" in price[: price.index("</div>")], "a price out of a sentence is a guess"
    mug = page[page.index('data-product="MUG-350"') : page.index('data-product="FAN-2"')]
    assert "¥59" in mug and "猜的" not in mug[mug.index("¥59") - 120 : mug.index("¥59")], "a column's price is none"


async def test_only_what_was_shown_is_confirmed(shop: Shop, tmp_path: Path) -> None:
    studio, client = shop
    id = await imported(studio, tmp_path)
    stranger = next(p.id for p in await studio.catalogue.products(SAMPLE) if p.id not in ("MUG-350", "FAN-2", "TW-3"))
    before = (await studio.catalogue.product(SAMPLE, stranger)).confirmed_at
    answer = await client.post(f"/catalogue/imports/{id}/facts/confirm", data={"products": f"MUG-350,{stranger}"})
    assert answer.status_code == 303
    known = {name: await studio.catalogue.product(SAMPLE, ProductId(name)) for name in ("MUG-350", "FAN-2")}
    assert known["MUG-350"].confirmed and not known["FAN-2"].confirmed
    assert (await studio.catalogue.product(SAMPLE, stranger)).confirmed_at == before
    await client.post(f"/catalogue/imports/{id}/facts/confirm", data={"products": "FAN-2,TW-3"})
    page = (await client.get(f"/catalogue/imports/{id}/facts")).text
    assert "/shows/new?products=MUG-350,FAN-2,TW-3" in page, "the way on is a show with these products"


async def test_a_new_show_asks_for_the_facts_before_its_words_and_tells_what_is_sold_out(
    shop: Shop, tmp_path: Path
) -> None:
    studio, client = shop
    await imported(studio, tmp_path)
    form = {
        "title": "晚场", "minutes": "30", "lang": "zh", "host": "lan", "voice": "zf_xiaoxiao", "persona": "",
        "duty": "王姐", "products": "MUG-350,FAN-2,TW-3", "goals": "", "theme": "jade", "background": "studio",
    }  # fmt: skip
    made = await client.post("/shows/new", data=form)
    show = made.headers["location"]
    assert (await studio.extraction.progress(SAMPLE, [ProductId("MUG-350")])).wanted == 1, "its listing is being read"
    for path in (show, f"{show}/script"):
        page = (await client.get(path)).text
        assert 'id="facts-open"' in page and "有 3 件商品的事实还没确认" in page, path
    page = (await client.get(show)).text
    gone = page[page.index('id="sold-out"') :]
    assert "1 件商品已售罄" in gone and "竹纤维毛巾" in gone
    listed = (await client.get("/shows")).text
    assert "3 件待确认" in listed and "1 件售罄" in listed
    live = (await client.get(f"{show}/live")).text
    stock = live[live.index('data-topic="stock"') :]
    assert stock.index('data-state="warn"') < 60 and "竹纤维毛巾" in stock[:400]
    onward = await client.post(f"{show}/facts/confirm", data={"products": "MUG-350,FAN-2,TW-3"})
    assert onward.headers["location"] == f"{show}/script", "the words come after the facts"


async def test_everything_that_fits_is_picked_for_a_show_in_one_language(shop: Shop, tmp_path: Path) -> None:
    studio, client = shop
    await imported(studio, tmp_path)
    page = (await client.get("/shows/new", params={"all": "1", "find": "竹纤维"})).text
    picked = page[page.index('id="picked"') : page.index('id="picked-none"')]
    assert picked.count('data-product="') == 1 and "TW-3" in picked
    assert 'name="title" maxlength="120" required value=""' not in page, "a title stands there already"
    everything = (await client.get("/shows/new", params={"all": "1"})).text
    picked = everything[everything.index('id="picked"') : everything.index('id="picked-none"')]
    chinese = [product for product in await studio.catalogue.products(SAMPLE) if product.lang == "zh"]
    assert picked.count('data-product="') == len(chinese)


async def test_a_removed_fact_is_put_back_from_its_products_page(shop: Shop) -> None:
    studio, client = shop
    product = (await studio.catalogue.products(SAMPLE))[0].id
    fact = (await studio.catalogue.facts.sheet(SAMPLE, product)).facts[-1].fact
    await client.post(f"/catalogue/{product}/facts/{fact.id}/remove")
    page = (await client.get(f"/catalogue/{product}")).text
    assert 'id="removed"' in page and f"/facts/{fact.id}/restore" in page
    back = await client.post(f"/catalogue/{product}/facts/{fact.id}/restore")
    assert back.status_code == 303
    assert fact.id in {known.fact.id for known in (await studio.catalogue.facts.sheet(SAMPLE, product)).facts}
    assert 'id="removed"' not in (await client.get(f"/catalogue/{product}")).text


async def test_a_drawn_letter_stands_where_there_is_no_picture(shop: Shop, tmp_path: Path) -> None:
    studio, client = shop
    await imported(studio, tmp_path)
    shelf = (await client.get("/catalogue", params={"find": "MUG-350"})).text
    assert 'src="/blank/' in shelf
    address = (await studio.catalogue.product(SAMPLE, ProductId("MUG-350"))).shown_picture
    client.cookies.clear()
    drawn = await client.get(address)
    assert drawn.headers["content-type"].startswith("image/svg+xml") and ">手</text>" in drawn.text
    for bad in ("/blank/99/a.svg", "/blank/0/ab.svg", "/blank/0/%3C.svg"):
        assert (await client.get(bad)).status_code == 404, bad


async def test_the_script_stands_beside_its_facts_and_claims_name_theirs(shop: Shop) -> None:
    studio, client = shop
    show = await studio.shows.create(SAMPLE, await wish(studio.database, 1))
    block = (await studio.shows.scripts.blocks(SAMPLE, ShowId(show)))[0]
    page = (await client.get(f"/shows/{show}/script")).text
    used = {key for line in block.lines for key, _ in line.verdict.facts} - {"title"}
    assert used
    beside = page[page.index('class="block-facts"') : page.index("</dl>")]
    assert all(f'data-fact="{key}"' in beside for key in used if not key.startswith(("extra", "stock"))), used
    assert 'class="claim" tabindex="0" data-facts="' in page


def test_a_show_has_a_title_and_a_length_to_start_from() -> None:
    assert title_at(datetime(2026, 11, 24, 15, 0), "zh") == "11月24日 晚场"
    assert title_at(datetime(2026, 11, 24, 10, 0), "en") == "24 November, afternoon show"
    assert [minutes_for(count) for count in (0, 5, 6, 20, 200)] == [30, 30, 40, 120, 240]
