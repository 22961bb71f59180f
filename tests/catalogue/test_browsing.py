"""Looking along the shelf: searched, narrowed and paged in the database, alike on both."""

from decimal import Decimal

import pytest

from app.access.service import Access
from app.catalogue.browsing import Browsing, look_of, price_guessed
from app.catalogue.product import initial_of, tint_of
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, NotFound
from app.events import ProductId, ShopId
from scripts_gen.extract import parsed
from scripts_gen.facts import ProductFacts, Spec

MINE, OTHER = ShopId("mine"), ShopId("other")


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


async def put(catalogue: Catalogue, title: str, sku: str, shop: ShopId = MINE, **more: object) -> ProductId:
    given: dict[str, object] = {"category": None, "brand": None, "price": Decimal(10), "stock": 5, "lang": "zh"} | more
    facts = ProductFacts(title=title, category=given["category"], brand=given["brand"], price=given["price"])  # type: ignore[arg-type]
    return await catalogue.add(
        shop, sku=sku, lang=str(given["lang"]), listing=title, facts=facts, stock=given["stock"], by="Lin"  # type: ignore[arg-type]
    )  # fmt: skip


async def titles(browsing: Browsing, shop: ShopId = MINE, page: int = 1, most: int = 48, **look: str) -> list[str]:
    return [product.title for product in (await browsing.page(shop, look_of(**look), page, most)).products]


async def test_products_are_found_by_name_number_brand_and_category_in_any_width_and_case(catalogue: Catalogue) -> None:
    await put(catalogue, "手作陶瓷马克杯", "MUG-350", category="厨具", brand="Hill & Kiln")
    await put(catalogue, "竹纤维毛巾", "TW-3", category="家纺")
    await put(catalogue, "别家的马克杯", "MUG-1", shop=OTHER)
    browsing = catalogue.browsing
    for words in ("马克", "mug-3", "ＨＩＬＬ", "厨具 陶瓷", "hill 手作"):
        assert await titles(browsing, find=words) == ["手作陶瓷马克杯"], words
    assert await titles(browsing, find="陶瓷 毛巾") == []
    assert await titles(browsing, find="%") == await titles(browsing, find="_") == []


async def test_a_changed_name_is_found_by_its_new_words_alone(catalogue: Catalogue) -> None:
    tea = await put(catalogue, "乌龙茶", "T1")
    title = (await catalogue.facts.sheet(MINE, tea)).facts[0].fact
    await catalogue.facts.edit(MINE, tea, title.id, "茉莉花茶", "Lin")
    assert await titles(catalogue.browsing, find="茉莉") == ["茉莉花茶"]
    assert await titles(catalogue.browsing, find="乌龙") == []


async def test_the_shelf_is_narrowed_to_what_needs_a_hand(catalogue: Catalogue) -> None:
    sure = await put(catalogue, "甲", "A")
    await put(catalogue, "乙", "B", stock=0)
    await put(catalogue, "丙", "C", price=None, stock=None)
    await put(catalogue, "Ding", "D", lang="en", category="Tea")
    await catalogue.confirm(MINE, sure, "Lin")
    await catalogue.set_picture(MINE, sure, "pictures/x.webp")
    browsing = catalogue.browsing
    assert await titles(browsing, state="open") == ["乙", "丙", "Ding"]
    assert await titles(browsing, state="sold_out") == ["乙"]
    assert await titles(browsing, state="unpriced") == ["丙"]
    assert await titles(browsing, state="pictureless") == ["乙", "丙", "Ding"]
    assert await titles(browsing, lang="en") == await titles(browsing, category="Tea") == ["Ding"]
    with pytest.raises(BadInput):
        look_of(state="lost")
    stand = await browsing.stand(MINE)
    assert (stand.products, stand.confirmed, stand.categories, stand.langs) == (4, 1, (("Tea", 1),), ("en", "zh"))


async def test_pages_follow_one_another_without_a_gap_and_end_where_the_shelf_ends(catalogue: Catalogue) -> None:
    names = [f"商品{number}" for number in range(7)]
    for number, name in enumerate(names):
        await put(catalogue, name, f"N{number}")
    browsing = catalogue.browsing
    assert [await titles(browsing, page=page, most=3) for page in (1, 2, 3)] == [names[:3], names[3:6], names[6:]]
    last = await browsing.page(MINE, look_of(), 99, 3)
    assert (last.page, last.pages, last.total) == (3, 3, 7)
    assert (await browsing.page(OTHER, look_of(), 1, 3)).products == ()


async def test_some_products_come_in_the_order_asked_for_without_strangers(catalogue: Catalogue) -> None:
    first, second = await put(catalogue, "甲", "A"), await put(catalogue, "乙", "B")
    theirs = await put(catalogue, "丙", "C", shop=OTHER)
    found = await catalogue.browsing.some(MINE, [second, theirs, first, second, ProductId("none")])
    assert [product.title for product in found] == ["乙", "甲"]


async def test_a_price_out_of_a_sentence_is_a_guess_until_somebody_stands_for_it(catalogue: Catalogue) -> None:
    listing = "桌面小风扇\n到手价 49 元，充满可用 8 小时。"
    fan = await catalogue.add(
        MINE, sku="FAN", lang="zh", listing=listing, facts=parsed(listing).facts, stock=1, by="Lin"
    )
    assert price_guessed(await catalogue.product(MINE, fan))
    assert (await catalogue.browsing.page(MINE, look_of())).guessed == {fan}
    price = next(known.fact for known in (await catalogue.facts.sheet(MINE, fan)).facts if known.fact.field == "price")
    await catalogue.facts.confirm(MINE, fan, "Lin", fact=price.id)
    assert (await catalogue.browsing.page(MINE, look_of())).guessed == frozenset()


async def test_what_was_taken_away_is_listed_and_comes_back_confirmed(catalogue: Catalogue) -> None:
    facts = ProductFacts(title="毛巾", price=Decimal(9), specs=(Spec(name="材质", value="棉"),))
    towel = await catalogue.add(MINE, sku="TW", lang="zh", listing="毛巾\n材质：棉", facts=facts, stock=1, by="Lin")
    book = catalogue.facts
    cotton = next(known.fact for known in (await book.sheet(MINE, towel)).facts if known.fact.value == "棉")
    await book.remove(MINE, towel, cotton.id, "Lin")
    gone = (await book.sheet(MINE, towel)).removed
    assert [(item.fact.name, item.fact.value, item.by) for item in gone] == [(cotton.name, "棉", "Lin")]
    await book.add(MINE, towel, "specs", "竹纤维", "Lin", name=cotton.name)
    await book.put_back(MINE, towel, cotton.id, "Wu")
    sheet = await book.sheet(MINE, towel)
    back = next(known for known in sheet.facts if known.fact.id == cotton.id)
    assert (back.by, back.fact.spans) == ("Wu", ((6, 7),))
    assert [item.fact.value for item in sheet.removed] == ["竹纤维"], "what took its place can be put back in turn"
    with pytest.raises(NotFound):
        await book.put_back(MINE, towel, cotton.id, "Lin")
    with pytest.raises(NotFound):
        await book.put_back(OTHER, towel, sheet.removed[0].fact.id, "Wu")


def test_a_product_without_a_picture_has_the_first_letter_of_its_name() -> None:
    assert [initial_of(title) for title in ("【新款】竹纤维毛巾", "(hot) mug", "★茶", "【】", "…")] == list("竹M茶··")
    assert tint_of("厨具") == tint_of("厨具")
