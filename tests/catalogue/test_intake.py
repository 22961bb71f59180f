"""Products by hand and by pasted text: cut where a new one begins, looked over, saved all or none."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.service import Access
from app.catalogue.extraction import Extraction
from app.catalogue.intake import Filled
from app.catalogue.service import Catalogue
from app.catalogue.splitting import split
from app.database import Database
from app.errors import BadInput, NotFound
from app.events import ShopId

MINE, OTHER = ShopId("mine"), ShopId("other")
WECHAT = """张三 2026/11/24 20:15:33
家人们今晚主推两款
云朵棉拖 到手39.9 原价59.9
鞋底3厘米 轻便防滑 米白/灰
七天无理由

小熊睡衣套装 直播价79
纯棉 加绒 S/M/L
"""


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


@pytest.mark.parametrize(
    ("text", "firsts"),
    [
        (WECHAT, ["云朵棉拖 到手39.9 原价59.9", "小熊睡衣套装 直播价79"]),
        (
            "今晚链接\n1. 云朵棉拖 ￥39.9\n鞋底3厘米\n2. 小熊睡衣 ￥79\n3、羊毛围巾 ￥129",
            ["云朵棉拖 ￥39.9", "小熊睡衣 ￥79", "羊毛围巾 ￥129"],
        ),
        ("1️⃣云朵棉拖 到手￥39.9\n2️⃣小熊睡衣 到手￥79", ["云朵棉拖 到手￥39.9", "小熊睡衣 到手￥79"]),
        ("云朵棉拖 39.9元包邮\n小熊睡衣 ￥79", ["云朵棉拖 39.9元包邮", "小熊睡衣 ￥79"]),
        ("A 暖壶 59元\n-----\nB 茶杯 19元", ["A 暖壶 59元", "B 茶杯 19元"]),
        (
            "Linen apron. Live price $24.90\nWashable\n\nOak board, now £18",
            ["Linen apron. Live price $24.90", "Oak board, now £18"],
        ),
    ],
)
def test_several_products_in_one_text_are_cut_where_a_new_one_begins(text: str, firsts: list[str]) -> None:
    assert [piece.splitlines()[0] for piece in split(text)] == firsts


@pytest.mark.parametrize(
    "text",
    [
        "云朵棉拖 ￥39.9\n1. 轻便\n2. 防滑\n3. 好洗",
        "行车记录仪\n标准版 239\n高配版 399",
        "云朵棉拖\n原价59.9元\n到手39.9元",
        "品名：云朵棉拖\n品牌：暖屋\n\n直播价：39.9元\n\n材质：绒\n颜色：灰/白",
    ],
)
def test_one_product_stays_one(text: str) -> None:
    assert split(text) == [text]


@given(st.text(max_size=400))
def test_whatever_is_pasted_every_piece_has_a_word_of_the_text(text: str) -> None:
    for piece in split(text):
        assert re.search(r"\w", piece)
        assert all(line in text for line in piece.splitlines()[1:])


async def test_a_chat_message_with_two_products_is_read_looked_over_and_saved(
    database: Database, catalogue: Catalogue
) -> None:
    paste = await catalogue.intake.paste(MINE, WECHAT)
    extraction = Extraction(database, None, busy=lambda: False)
    assert (await extraction.progress_of_paste(MINE, paste)).waiting == 2
    while await extraction.read_one():
        pass
    assert (await extraction.progress_of_paste(MINE, paste)).read == 2
    first, second = await catalogue.intake.pasted(MINE, paste)
    assert (first.facts.title, first.facts.price) == ("云朵棉拖", Decimal("39.9"))
    assert "睡衣" in second.facts.title and second.facts.price == Decimal(79)
    saved = await catalogue.intake.save(
        MINE,
        paste,
        {
            0: Filled(title="云朵棉拖", price="39.90", stock="12"),
            1: Filled(title="小熊睡衣套装", price="79", sku="bear"),
        },
        "Lin",
    )
    assert not saved.problems and len(saved.products) == 2
    product = await catalogue.product(MINE, saved.products[0])
    assert (product.price, product.stock, product.list_price) == (Decimal("39.90"), 12, None)
    sheet = await catalogue.facts.sheet(MINE, product.id)
    assert {known.fact.field for known in sheet.facts if known.by == "Lin"} == {"title", "price"}
    assert saved.products[1] == "bear"
    with pytest.raises(NotFound):
        await catalogue.intake.pasted(MINE, paste)


async def test_one_wrong_price_saves_nothing_and_says_where(catalogue: Catalogue) -> None:
    paste = await catalogue.intake.paste(MINE, WECHAT)
    filled = {0: Filled(title="云朵棉拖", price="39.90"), 1: Filled(title="小熊睡衣", price="abc")}
    saved = await catalogue.intake.save(MINE, paste, filled, "Lin")
    assert {place: problem.field for place, problem in saved.problems.items()} == {1: "price"}
    assert await catalogue.products(MINE) == [] and len(await catalogue.intake.pasted(MINE, paste)) == 2


async def test_the_same_product_twice_is_noticed(catalogue: Catalogue) -> None:
    paste = await catalogue.intake.paste(MINE, WECHAT)
    twice = {place: Filled(title="云朵棉拖", price="39.90") for place in (0, 1)}
    assert (await catalogue.intake.save(MINE, paste, twice, "Lin")).problems[1].field == "sku"


async def test_a_product_by_hand_needs_a_title_and_a_price(catalogue: Catalogue) -> None:
    product = await catalogue.intake.by_hand(MINE, Filled(title="手写的茶", price="¥88"), "Lin")
    assert (product.price, product.confirmed, product.stock) == (Decimal("88.00"), True, None)
    told = await catalogue.intake.by_hand(
        MINE,
        Filled(
            title="云朵棉拖",
            price="39.9",
            list_price="59.9",
            basis="msrp",
            stock="3",
            brand="暖屋",
            listing="云朵棉拖\n净重：280克",
        ),
        "Lin",
    )
    assert (told.list_price, told.list_price_basis) == (Decimal("59.90"), "msrp")
    sheet = await catalogue.facts.sheet(MINE, told.id)
    assert [known.fact.value for known in sheet.facts if known.at is None] == ["280克"]
    for wrong, name in (
        (Filled(title="", price="1"), "title"),
        (Filled(title="x", price="abc"), "price"),
        (Filled(title="x", price="9", list_price="5", basis="msrp"), "list_price"),
        (Filled(title="x", price="9", stock="some"), "stock"),
        (Filled(title="x", price="9", currency="XXX"), "currency"),
        (Filled(title="手写的茶", price="9"), "sku"),
    ):
        with pytest.raises(BadInput) as problem:
            await catalogue.intake.by_hand(MINE, wrong, "Lin")
        assert problem.value.field == name


@pytest.mark.parametrize("text", ["", "！！！", "\0\0", "x" * 60_001])
async def test_a_text_without_a_product_is_refused(catalogue: Catalogue, text: str) -> None:
    with pytest.raises(BadInput, match="text"):
        await catalogue.intake.paste(MINE, text)


async def test_hostile_text_is_kept_as_text(catalogue: Catalogue) -> None:
    for text in ("<script>alert(1)</script>" * 400, "啊" * 10_000):
        (piece,) = await catalogue.intake.pasted(MINE, await catalogue.intake.paste(MINE, text))
        assert piece.listing == text and len(piece.facts.title) <= 120


async def test_another_shop_sees_no_pasted_text(catalogue: Catalogue) -> None:
    paste = await catalogue.intake.paste(MINE, WECHAT)
    with pytest.raises(NotFound):
        await catalogue.intake.pasted(OTHER, paste)
    with pytest.raises(NotFound):
        await catalogue.intake.save(OTHER, paste, {0: Filled(title="x", price="1")}, "Wu")
    await catalogue.intake.forget(OTHER, paste)
    assert len(await catalogue.intake.pasted(MINE, paste)) == 2


async def test_a_listing_that_is_all_markup_keeps_the_name_typed_by_hand(catalogue: Catalogue) -> None:
    typed = Filled(title="乌龙茶", price="59", listing="<script>alert(1)</script>")
    made = await catalogue.intake.by_hand(MINE, typed, "Wu")
    assert made.facts.title == "乌龙茶"
