"""Products with evidence, prices with a ledger, and no way into another shop's shelves."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.service import Access
from app.catalogue.ledger import PriceEntry, lowest_before
from app.catalogue.money import EXPONENTS, amount_of, to_major, to_minor
from app.catalogue.product import Question
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts, Spec

MINE, OTHER = ShopId("mine"), ShopId("other")
LISTING = "云朵棉拖 原价￥59.90 到手￥39.90 鞋底3厘米"
FACTS = ProductFacts(
    title="云朵棉拖",
    price=Decimal("39.90"),
    list_price=Decimal("59.90"),
    specs=(Spec(name="鞋底", value="3厘米"),),
    evidence={"title": ((0, 4),), "price": ((17, 22),)},
    confidence={"title": 1.0, "price": 0.9},
)


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


async def slippers(catalogue: Catalogue, shop: ShopId = MINE, sku: str = "slip-1") -> ProductId:
    return await catalogue.add(
        shop,
        sku=sku,
        lang="zh",
        listing=LISTING,
        facts=FACTS,
        stock=3,
        by="Lin",
        list_price_basis="platform_price",
        faq=[Question(question="厚吗", answer="鞋底3厘米。", facts=("specs.鞋底",))],
    )


async def test_a_product_comes_back_with_facts_evidence_and_exact_money(catalogue: Catalogue) -> None:
    product = await catalogue.product(MINE, await slippers(catalogue))
    assert product.facts == FACTS
    assert (product.price, product.list_price, product.currency) == (Decimal("39.90"), Decimal("59.90"), "CNY")
    assert (product.stock, product.confirmed, product.sold_out) == (3, False, False)
    assert product.faq[0].facts == ("specs.鞋底",)
    assert await catalogue.listing(MINE, product.id) == LISTING
    start, end = product.facts.evidence["price"][0]
    assert LISTING[start:end] == "39.90"


async def test_every_price_is_written_to_the_ledger(catalogue: Catalogue) -> None:
    product = await slippers(catalogue)
    changed = await catalogue.set_price(MINE, product, Decimal("35"), None, "Ann")
    assert (changed.price, changed.list_price) == (Decimal("35.00"), None)
    entries = await catalogue.ledger(MINE, product)
    assert [(entry.price, entry.list_price, entry.by) for entry in entries] == [
        (Decimal("35.00"), None, "Ann"),
        (Decimal("39.90"), Decimal("59.90"), "Lin"),
    ]
    assert await catalogue.lowest_7_days(MINE, product) == Decimal("39.90")


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "39.905", "99999999999999999999"])
async def test_a_price_out_of_bounds_is_refused_and_nothing_changes(catalogue: Catalogue, price: str) -> None:
    product = await slippers(catalogue)
    with pytest.raises(BadInput):
        await catalogue.set_price(MINE, product, Decimal(price), None, "Ann")
    assert (await catalogue.product(MINE, product)).price == Decimal("39.90")
    assert len(await catalogue.ledger(MINE, product)) == 1


async def test_a_struck_through_price_must_be_higher_and_have_a_basis(catalogue: Catalogue) -> None:
    product = await slippers(catalogue)
    with pytest.raises(BadInput, match="list_price"):
        await catalogue.set_price(MINE, product, Decimal("39.90"), Decimal("39.90"), "Ann")
    with pytest.raises(BadInput, match="list_price_basis"):
        await catalogue.set_price(MINE, product, Decimal(20), Decimal(30), "Ann", basis="because")


async def test_a_list_price_without_a_basis_stays_a_fact_and_is_not_in_force(catalogue: Catalogue) -> None:
    added = await catalogue.add(MINE, sku="x", lang="zh", listing=LISTING, facts=FACTS, stock=1, by="Lin")
    product = await catalogue.product(MINE, added)
    assert product.facts.list_price == Decimal("59.90") and product.list_price is None
    struck = await catalogue.set_price(MINE, added, Decimal("39.90"), Decimal("59.90"), "Lin", basis="msrp")
    assert (struck.list_price, struck.list_price_basis) == (Decimal("59.90"), "msrp")


async def test_the_lowest_deal_of_seven_days_is_what_the_ledger_says(catalogue: Catalogue) -> None:
    product = await slippers(catalogue)
    with pytest.raises(BadInput, match=r"39\.90"):
        await catalogue.set_price(MINE, product, Decimal("29.90"), Decimal("49.90"), "Ann", basis="lowest_7_days")
    struck = await catalogue.set_price(
        MINE, product, Decimal("29.90"), Decimal("39.90"), "Ann", basis="lowest_7_days", why="evening deal"
    )
    assert (struck.list_price, struck.list_price_basis) == (Decimal("39.90"), "lowest_7_days")
    assert [(entry.by, entry.why) for entry in await catalogue.ledger(MINE, product)] == [
        ("Ann", "evening deal"),
        ("Lin", "on the shelf"),
    ]


@pytest.mark.parametrize("sku", ["new", "Paste", "upload", "a/b", "商品一"])
async def test_no_product_takes_the_address_of_a_page(catalogue: Catalogue, sku: str) -> None:
    product = await slippers(catalogue, sku=sku)
    assert product != sku and (await catalogue.product(MINE, product)).sku == sku


async def test_stock_is_a_whole_number_of_pieces(catalogue: Catalogue) -> None:
    product = await slippers(catalogue)
    assert (await catalogue.set_stock(MINE, product, 0)).sold_out
    with pytest.raises(BadInput):
        await catalogue.set_stock(MINE, product, -1)


async def test_a_sku_stands_once_on_a_shelf_but_may_on_anothers(catalogue: Catalogue) -> None:
    await slippers(catalogue)
    await slippers(catalogue, OTHER)
    with pytest.raises(Conflict):
        await slippers(catalogue)


async def test_evidence_outside_the_listing_is_refused(catalogue: Catalogue) -> None:
    facts = ProductFacts(title="x", evidence={"title": ((0, 999),)})
    with pytest.raises(BadInput, match="evidence"):
        await catalogue.add(MINE, sku="x", lang="zh", listing="x", facts=facts, stock=None, by="Lin")


async def test_confirming_stands_for_the_facts(catalogue: Catalogue) -> None:
    assert (await catalogue.confirm(MINE, await slippers(catalogue), "Lin")).confirmed


async def test_another_shops_product_is_not_found_by_any_question(catalogue: Catalogue) -> None:
    product = await slippers(catalogue, MINE)
    assert await catalogue.products(OTHER) == []
    for question in (
        catalogue.product(OTHER, product),
        catalogue.listing(OTHER, product),
        catalogue.ledger(OTHER, product),
        catalogue.lowest_7_days(OTHER, product),
        catalogue.confirm(OTHER, product, "Wu"),
        catalogue.set_price(OTHER, product, Decimal(1), None, "Wu"),
        catalogue.set_stock(OTHER, product, 0),
    ):
        with pytest.raises(NotFound):
            await question
    untouched = await catalogue.product(MINE, product)
    assert (untouched.price, untouched.stock, untouched.confirmed) == (Decimal("39.90"), 3, False)


def entry(days_ago: float, price: str) -> PriceEntry:
    at = datetime(2026, 11, 24, tzinfo=UTC) - timedelta(days=days_ago)
    return PriceEntry(at=at, price=Decimal(price), list_price=None, currency="CNY", by="Lin")


def test_the_seven_day_lowest_counts_a_price_that_was_still_in_force_then() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert lowest_before([entry(30, "50"), entry(6, "80"), entry(0, "40")], now) == Decimal(50)
    assert lowest_before([entry(30, "50"), entry(8, "80"), entry(0, "40")], now) == Decimal(80)
    assert lowest_before([entry(0, "40")], now) is None


@given(minor=st.integers(0, 10**15), currency=st.sampled_from(sorted(EXPONENTS)))
def test_minor_units_survive_the_way_to_major_and_back(minor: int, currency: str) -> None:
    assert to_minor(to_major(minor, currency), currency) == minor


def test_yen_have_no_cents_and_dinars_have_a_thousand_fils() -> None:
    assert to_minor(Decimal(1500), "JPY") == 1500
    assert to_minor(Decimal("1.234"), "KWD") == 1234
    with pytest.raises(BadInput):
        to_minor(Decimal("1500.5"), "JPY")
    with pytest.raises(BadInput):
        to_minor(Decimal(1), "XXX")


@pytest.mark.parametrize("text", ["", " ", "1e999999", "nan", "Infinity", "１２", "1,299", "¥12", "1" * 30, "0x10"])
def test_what_is_no_plain_number_is_no_amount(text: str) -> None:
    with pytest.raises(BadInput):
        to_minor(amount_of(text), "CNY")
