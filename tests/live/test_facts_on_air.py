"""What the merchant changes about a product while it is on air: facts, and answers to frequent questions."""

from dataclasses import replace
from decimal import Decimal

from app.catalogue.product import Question, question_from_json, question_to_json
from app.catalogue.store import facts_to_row
from app.events import FactsChanged, PriceChanged, from_json, kind_of, to_json
from app.live.shelf import Shelf
from scripts_gen.facts import ProductFacts
from scripts_gen.reply import point
from tests.live.fakes import plan

WASH = Question(question="能机洗吗", answer="可以机洗，水温30度以下。", facts=("faq.a1",), id="a1", by="Lin")


def shelf() -> Shelf:
    show = plan()
    return Shelf(show.products, show.policies, show.title, show.lang)


def change(shelf: Shelf, facts: ProductFacts, *faq: Question) -> FactsChanged:
    product = next(iter(shelf.products))
    return FactsChanged(
        product=product, facts=facts_to_row(facts), faq=tuple(question_to_json(item) for item in faq), by="Lin"
    )


def test_a_fact_that_was_added_may_be_said_and_one_that_was_removed_may_not() -> None:
    room = shelf()
    product, known = next(iter(room.products.items()))
    assert not room.may_say("这一款有480克重。", product).ok
    room.facts_changed(change(room, replace(known.facts, selling_points=("480克重",))))
    assert room.may_say("这一款有480克重。", product).ok
    room.facts_changed(change(room, replace(known.facts, selling_points=())))
    assert not room.may_say("这一款有480克重。", product).ok
    assert room.products[product].price == known.price, "today's price is not the listing's"


def test_an_answer_somebody_typed_is_a_fact_of_its_own() -> None:
    room = shelf()
    product, known = next(iter(room.products.items()))
    assert not room.may_say(WASH.answer, product).ok
    room.facts_changed(change(room, known.facts, WASH))
    pointed = point("这个能机洗吗", room.facts(product), lang="zh", faq=room.known(product))
    assert pointed.answerable and pointed.lines == ((WASH.answer, ("faq.a1",)),)
    ruling = room.may_say(WASH.answer, product)
    assert ruling.ok and "faq.a1" in ruling.facts


def test_an_answer_that_names_a_price_is_not_said_once_that_price_has_gone() -> None:
    room = shelf()
    product, known = next(iter(room.products.items()))
    assert known.price is not None
    priced = Question(
        question="一盒多少",
        answer=f"一盒{known.price:f}元。",
        facts=("faq.b2",),
        id="b2",
        by="Lin",
        priced=(known.price,),
    )
    room.facts_changed(change(room, known.facts, priced))
    assert room.known(product) == (priced,)
    room.price_changed(PriceChanged(product=product, price=Decimal("12.30"), list_price=None, currency="CNY"))
    assert room.known(product) == ()


def test_the_change_survives_the_log() -> None:
    room = shelf()
    event = change(room, next(iter(room.products.values())).facts, WASH)
    again = from_json(kind_of(event), to_json(event))
    assert isinstance(again, FactsChanged) and again == event
    assert question_from_json(again.faq[0]) == WASH
