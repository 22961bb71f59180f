"""Answers that a person types are facts of their own; what the host may not say is not kept."""

from decimal import Decimal

import pytest

from app.access.service import Access
from app.catalogue.faq import key_of
from app.catalogue.product import Question
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts

MINE, OTHER = ShopId("mine"), ShopId("other")


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


@pytest.fixture
async def slippers(catalogue: Catalogue) -> ProductId:
    return await catalogue.add(
        MINE,
        sku="slip",
        lang="zh",
        listing="云朵棉拖",
        facts=ProductFacts(title="云朵棉拖", price=Decimal("39.90")),
        stock=1,
        by="Lin",
        faq=[Question(question="厚吗", answer="看页面。", facts=("title",))],
    )


async def test_a_typed_answer_has_an_id_and_an_author_and_knows_the_price_in_it(
    catalogue: Catalogue, slippers: ProductId
) -> None:
    product = await catalogue.faq.add(MINE, slippers, "能机洗吗", "可以机洗，一双39.9元。", "Lin")
    typed = product.faq[1]
    assert typed.facts == (f"faq.{typed.id}",) and typed.by == "Lin" and typed.priced == (Decimal("39.90"),)
    assert (await catalogue.product(MINE, slippers)).faq == product.faq


async def test_answers_are_changed_and_taken_away(catalogue: Catalogue, slippers: ProductId) -> None:
    product = await catalogue.faq.edit(MINE, slippers, "at0", "厚吗", "鞋底厚，看详情。", "Ann")
    assert product.faq[0].answer == "鞋底厚，看详情。" and product.faq[0].by == "Ann"
    key = key_of(product.faq[0], 0)
    assert (await catalogue.faq.remove(MINE, slippers, key)).faq == ()
    with pytest.raises(Conflict):
        await catalogue.faq.remove(MINE, slippers, key)


@pytest.mark.parametrize(
    ("question", "answer", "field"),
    [
        ("", "x", "question"),
        ("厚吗", "x", "question"),
        ("q" * 121, "x", "question"),
        ("洗吗", "", "answer"),
        ("洗吗", "x" * 301, "answer"),
        ("洗吗", "全网最低价，闭眼入", "unlawful"),
        ("你是谁", "我是真人，我自己也在穿", "answer"),
    ],
)
async def test_what_may_not_be_said_is_refused(
    catalogue: Catalogue, slippers: ProductId, question: str, answer: str, field: str
) -> None:
    with pytest.raises(BadInput) as told:
        await catalogue.faq.add(MINE, slippers, question, answer, "Lin")
    assert told.value.field == field
    assert len((await catalogue.product(MINE, slippers)).faq) == 1


async def test_another_shop_reaches_no_answer(catalogue: Catalogue, slippers: ProductId) -> None:
    for question in (
        catalogue.faq.add(OTHER, slippers, "洗吗", "洗", "Wu"),
        catalogue.faq.edit(OTHER, slippers, "at0", "洗吗", "洗", "Wu"),
        catalogue.faq.remove(OTHER, slippers, "at0"),
    ):
        with pytest.raises(NotFound):
            await question
