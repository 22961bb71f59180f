"""Facts in a person's hands: what is confirmed stays, what is refused does not come back, what is typed is checked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.service import Access
from app.catalogue.factbook import Sheet
from app.catalogue.facts import Fact, facts_of, merged, typed, unlawful_in, whole_of
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId
from scripts_gen.extract import parsed
from scripts_gen.facts import LIST_FIELDS, ProductFacts, Spec

MINE, OTHER = ShopId("mine"), ShopId("other")
LISTING = "品名：云朵棉拖\n品牌：暖屋\n原价￥59.90 到手￥39.90\n鞋底：3厘米\n卖点：轻便防滑，根治脚气\n颜色：米白/灰\n"


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


@pytest.fixture
async def slippers(catalogue: Catalogue) -> ProductId:
    return await catalogue.add(
        MINE, sku="slip-1", lang="zh", listing=LISTING, facts=parsed(LISTING).facts, stock=3, by="Lin"
    )


def fact(sheet: Sheet, field: str, value: str | None = None) -> Fact:
    return next(known.fact for known in sheet.facts if known.fact.field == field and value in (None, known.fact.value))


def values(sheet: Sheet, field: str) -> list[str]:
    return [known.fact.value for known in sheet.facts if known.fact.field == field]


async def test_every_fact_stands_in_the_listing_under_its_own_span(catalogue: Catalogue, slippers: ProductId) -> None:
    sheet = await catalogue.facts.sheet(MINE, slippers)
    assert values(sheet, "title") == ["云朵棉拖"] and values(sheet, "brand") == ["暖屋"]
    for known in sheet.facts:
        for start, end in known.fact.spans:
            assert LISTING[start:end] == known.fact.value
        assert known.fact.spans or known.fact.field == "category"
        assert known.at is None


async def test_unlawful_claims_of_the_listing_are_no_facts_and_are_told_with_the_reason(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    sheet = await catalogue.facts.sheet(MINE, slippers)
    assert any("根治脚气" in item.text and "medical" in item.why for item in sheet.unlawful)
    assert not any("根治" in known.fact.value for known in sheet.facts)


async def test_confirming_one_fact_says_who_and_when_and_confirming_all_certain_leaves_the_doubtful(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    book = catalogue.facts
    spec = fact(await book.sheet(MINE, slippers), "specs")
    assert not (await book.confirm(MINE, slippers, "Ann", fact=spec.id)).confirmed
    sheet = await book.sheet(MINE, slippers)
    known = next(item for item in sheet.facts if item.fact.id == spec.id)
    assert known.by == "Ann" and known.at is not None and sheet.confirmed == 1
    await book.confirm(MINE, slippers, "Bo")
    after = await book.sheet(MINE, slippers)
    assert after.certain == 0 and 1 < after.confirmed < len(after.facts)
    for item in after.facts:
        assert item.by == ("Ann" if item.fact.id == spec.id else "Bo" if (item.fact.confidence or 0) >= 0.85 else None)


async def test_a_product_is_confirmed_once_somebody_stands_for_each_fact(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    for known in (await catalogue.facts.sheet(MINE, slippers)).facts:
        product = await catalogue.facts.confirm(MINE, slippers, "Ann", fact=known.fact.id)
    assert product.confirmed and product.confirmed_by == "Ann"


async def test_an_edited_fact_is_sure_confirmed_and_finds_its_words_in_the_listing(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    book = catalogue.facts
    await book.edit(MINE, slippers, fact(await book.sheet(MINE, slippers), "title").id, "棉拖", "Ann")
    sheet = await book.sheet(MINE, slippers)
    title = fact(sheet, "title")
    assert (title.value, title.confidence) == ("棉拖", 1.0)
    assert [LISTING[start:end] for start, end in title.spans] == ["棉拖"]
    assert next(item for item in sheet.facts if item.fact.field == "title").by == "Ann"


@pytest.mark.parametrize("text", ["abc", "", "-1", "39.905", "1e99", "NaN", "12.3.4", "999999999999999999999"])
async def test_a_price_that_is_none_is_refused_and_nothing_is_lost(
    catalogue: Catalogue, slippers: ProductId, text: str
) -> None:
    before = await catalogue.facts.sheet(MINE, slippers)
    with pytest.raises(BadInput) as told:
        await catalogue.facts.edit(MINE, slippers, fact(before, "price").id, text, "Ann")
    assert told.value.field == "price" and told.value.found is not None
    assert await catalogue.facts.sheet(MINE, slippers) == before
    assert len(await catalogue.ledger(MINE, slippers)) == 1


@pytest.mark.parametrize(
    ("text", "amount"),
    [("¥1,299.00", "1299.00"), ("１２．５０", "12.50"), ("59元", "59"), ("59.9 块", "59.9"), ("CNY 59", "59")],
)
def test_money_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert Decimal(typed("price", text, "CNY").value) == Decimal(amount)


async def test_a_corrected_price_is_todays_and_stands_in_the_ledger_with_its_reason(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    book = catalogue.facts
    product = await book.edit(MINE, slippers, fact(await book.sheet(MINE, slippers), "price").id, "￥35", "Ann")
    assert product.price == Decimal("35.00") and product.facts.price == Decimal(35)
    newest = (await catalogue.ledger(MINE, slippers))[0]
    assert (newest.price, newest.by, newest.why) == (Decimal("35.00"), "Ann", "corrected among the facts")


async def test_list_items_are_added_and_removed_and_do_not_come_back(catalogue: Catalogue, slippers: ProductId) -> None:
    book = catalogue.facts
    await book.add(MINE, slippers, "service", "七天无理由退换", "Ann")
    with pytest.raises(BadInput, match="service"):
        await book.add(MINE, slippers, "service", "七天无理由退换", "Ann")
    await book.add(MINE, slippers, "specs", "280克", "Ann", name="重量")
    colour = fact(await book.sheet(MINE, slippers), "variants")
    await book.remove(MINE, slippers, colour.id, "Ann")
    await book.offer(MINE, slippers, parsed(LISTING).facts, "extraction")
    sheet = await book.sheet(MINE, slippers)
    assert values(sheet, "service") == ["七天无理由退换"]
    assert colour.value not in values(sheet, "variants")
    assert fact(sheet, "specs", "280克").name == "重量"


async def test_the_title_and_the_price_are_changed_but_never_taken_away(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    sheet = await catalogue.facts.sheet(MINE, slippers)
    for field in ("title", "price"):
        with pytest.raises(BadInput):
            await catalogue.facts.remove(MINE, slippers, fact(sheet, field).id, "Ann")


@pytest.mark.parametrize("text", ["全网最低价", "根治脚气"])
async def test_what_the_law_bans_is_not_taken_as_a_selling_point(
    catalogue: Catalogue, slippers: ProductId, text: str
) -> None:
    with pytest.raises(BadInput) as told:
        await catalogue.facts.add(MINE, slippers, "selling_points", text, "Ann")
    assert told.value.field == "unlawful"


async def test_words_selected_in_the_listing_become_a_fact_with_their_span(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    at = LISTING.index("轻便防滑")
    await catalogue.facts.take(MINE, slippers, "selling_points", (at, at + 4), "轻便防滑", "Ann")
    taken = fact(await catalogue.facts.sheet(MINE, slippers), "selling_points", "轻便防滑")
    assert taken.spans == ((at, at + 4),)
    with pytest.raises(BadInput, match="span"):
        await catalogue.facts.take(MINE, slippers, "brand", (0, 3), "别家", "Ann")


async def test_a_confirmed_fact_is_not_overwritten_and_the_two_stand_side_by_side(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    book = catalogue.facts
    await book.edit(MINE, slippers, fact(await book.sheet(MINE, slippers), "brand").id, "暖屋家居", "Ann")
    for _ in range(2):
        await book.offer(MINE, slippers, parsed(LISTING).facts, "extraction")
    sheet = await book.sheet(MINE, slippers)
    assert values(sheet, "brand") == ["暖屋家居"]
    (dispute,) = sheet.disputes
    assert dispute.mine and (dispute.mine.value, dispute.found.value) == ("暖屋家居", "暖屋")
    await book.settle(MINE, slippers, dispute.found.id, "Ann", take=False)
    await book.offer(MINE, slippers, parsed(LISTING).facts, "extraction")
    assert (await book.sheet(MINE, slippers)).disputes == ()


async def test_the_merchant_may_take_what_was_found(catalogue: Catalogue, slippers: ProductId) -> None:
    book = catalogue.facts
    await book.edit(MINE, slippers, fact(await book.sheet(MINE, slippers), "price").id, "35", "Ann")
    await book.offer(MINE, slippers, parsed(LISTING).facts, "import")
    (dispute,) = (await book.sheet(MINE, slippers)).disputes
    product = await book.settle(MINE, slippers, dispute.found.id, "Ann", take=True)
    assert product.price == Decimal("39.90")
    assert (await book.sheet(MINE, slippers)).disputes == ()


async def test_what_a_person_stood_for_as_a_whole_stays_confirmed_when_more_is_found(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    book = catalogue.facts
    await catalogue.confirm(MINE, slippers, "Ann")
    before = await book.sheet(MINE, slippers)
    longer = LISTING + "净重：280克\n"
    outcome = await book.offer(MINE, slippers, parsed(longer).facts, "import", listing=longer)
    assert [new.value for new in outcome.added] == ["280克"]
    sheet = await book.sheet(MINE, slippers)
    assert not sheet.product.confirmed and sheet.confirmed == len(before.facts)
    assert [item.fact.value for item in sheet.facts if item.at is None] == ["280克"]


async def test_evidence_that_no_longer_stands_in_a_new_listing_is_dropped(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    await catalogue.confirm(MINE, slippers, "Ann")
    await catalogue.facts.offer(MINE, slippers, ProductFacts(title="云朵棉拖"), "import", listing="新文案 云朵棉拖")
    sheet = await catalogue.facts.sheet(MINE, slippers)
    assert all(known.fact.spans == () for known in sheet.facts if known.fact.field != "title")
    assert values(sheet, "brand") == ["暖屋"]


async def test_a_fact_somebody_changed_meanwhile_is_not_overwritten(catalogue: Catalogue, slippers: ProductId) -> None:
    book = catalogue.facts
    title = fact(await book.sheet(MINE, slippers), "title")
    await book.edit(MINE, slippers, title.id, "棉拖", "Ann")
    with pytest.raises(Conflict):
        await book.edit(MINE, slippers, title.id, "拖鞋", "Bo")


async def test_another_shop_reaches_no_fact(catalogue: Catalogue, slippers: ProductId) -> None:
    book = catalogue.facts
    title = fact(await book.sheet(MINE, slippers), "title").id
    for question in (
        book.sheet(OTHER, slippers),
        book.edit(OTHER, slippers, title, "x", "Wu"),
        book.add(OTHER, slippers, "service", "x", "Wu"),
        book.take(OTHER, slippers, "brand", (0, 2), "品名", "Wu"),
        book.remove(OTHER, slippers, title, "Wu"),
        book.confirm(OTHER, slippers, "Wu"),
        book.settle(OTHER, slippers, title, "Wu", take=True),
        book.offer(OTHER, slippers, ProductFacts(title="x"), "import"),
    ):
        with pytest.raises(NotFound):
            await question


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(
    title=words,
    specs=st.lists(st.tuples(words, words), max_size=4, unique_by=lambda item: item[0]),
    lists=st.lists(st.lists(words, max_size=3, unique=True), min_size=len(LIST_FIELDS), max_size=len(LIST_FIELDS)),
    price=st.none() | st.decimals(0, 10**6, places=2),
)
def test_facts_taken_apart_and_put_together_are_the_same(
    title: str, specs: list[tuple[str, str]], lists: list[list[str]], price: Decimal | None
) -> None:
    values = {name: tuple(texts) for name, texts in zip(LIST_FIELDS, lists, strict=True)}
    whole = ProductFacts(
        title=title, price=price, specs=tuple(Spec(name=name, value=value) for name, value in specs), **values
    )
    assert whole_of(facts_of(whole), whole.currency) == whole


def test_merging_the_same_thing_twice_changes_nothing_more() -> None:
    found = facts_of(parsed(LISTING).facts)
    once = merged((Fact(field="title", value="云朵棉拖"),), found, confirmed=(), refused=())
    twice = merged(once.facts, found, confirmed=(), refused=())
    assert twice.facts == once.facts and twice.added == twice.disputed == ()


def test_a_surer_fact_takes_an_unconfirmed_ones_place_and_a_doubtful_one_does_not() -> None:
    mine = (Fact(field="title", value="茶"), Fact(field="brand", value="甲", confidence=0.5))
    sure, doubt = (Fact(field="brand", value="乙", confidence=confidence) for confidence in (0.9, 0.4))
    assert merged(mine, [sure], confirmed=(), refused=()).facts[1] == sure
    assert merged(mine, [doubt], confirmed=(), refused=()).facts == mine


def test_hostile_listings_are_only_text() -> None:
    for text in ("<script>alert(1)</script>" * 300, "全网最低价，" * 2000, "\u202e" * 500, "a\n" * 5000):
        unlawful_in(text[:10_000])
    assert [item.text for item in unlawful_in("轻便，全网最低价，全网最低价，好洗")] == ["全网最低价"]
