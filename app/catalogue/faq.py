"""What viewers ask about a product and the answers that a person stands for; each answer typed is a fact of its own."""

import secrets
from collections.abc import Callable
from decimal import Decimal

from app.catalogue import store
from app.catalogue.facts import one_line
from app.catalogue.product import Product, Question, question_to_json
from app.database import Database
from app.errors import BadInput, Conflict
from app.events import ProductId, ShopId
from scripts_gen.adlaw import judge
from scripts_gen.claims import check
from scripts_gen.numerals import numbers

FAQ_MOST = 60  # questions of a product
QUESTION_MOST, ANSWER_MOST = 120, 300  # characters


class Faq:
    """The frequent questions of every shop's products. Raises NotFound for another shop's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, shop: ShopId, product: ProductId, question: str, answer: str, by: str) -> Product:
        """A question with its answer. Raises BadInput for what may not be said, or is asked there already."""

        def change(known: Product) -> tuple[Question, ...]:
            new = typed_answer(known, question, answer, by)
            if any(item.question == new.question for item in known.faq):
                raise BadInput("question", "one that is not answered yet", question)
            if len(known.faq) >= FAQ_MOST:
                raise BadInput("question", f"at most {FAQ_MOST} of them", question)
            return (*known.faq, new)

        return await self._change(shop, product, change)

    async def edit(self, shop: ShopId, product: ProductId, item: str, question: str, answer: str, by: str) -> Product:
        """Another answer. Raises BadInput, Conflict for a question that has gone."""

        def change(known: Product) -> tuple[Question, ...]:
            place = _place(known, item)
            new = typed_answer(known, question, answer, by)
            return (*known.faq[:place], new, *known.faq[place + 1 :])

        return await self._change(shop, product, change)

    async def remove(self, shop: ShopId, product: ProductId, item: str) -> Product:
        """Take a question away. Raises Conflict for one that has gone."""

        def change(known: Product) -> tuple[Question, ...]:
            place = _place(known, item)
            return (*known.faq[:place], *known.faq[place + 1 :])

        return await self._change(shop, product, change)

    async def _change(
        self, shop: ShopId, product: ProductId, change: Callable[[Product], tuple[Question, ...]]
    ) -> Product:
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            row.faq = [question_to_json(item) for item in change(store.to_product(row))]
            return store.to_product(row)


def typed_answer(product: Product, question: str, answer: str, by: str) -> Question:
    """The question as a fact with an id of its own. Raises BadInput for what the host may not say."""
    asked, told = one_line(question), one_line(answer)
    if not 2 <= len(asked) <= QUESTION_MOST:
        raise BadInput("question", f"2 to {QUESTION_MOST} characters", question)
    if not 1 <= len(told) <= ANSWER_MOST:
        raise BadInput("answer", f"1 to {ANSWER_MOST} characters", answer)
    judged = judge(told, product.facts.category)
    if judged.verdict == "ban":
        raise BadInput("unlawful", f"words without {judged.why}", told)
    stands = check(told, product.facts, [told])
    if not stands.ok:
        raise BadInput("answer", f"words that a digital host may say ({stands.reason})", told)
    name = secrets.token_hex(4)
    return Question(
        question=asked, answer=told, facts=(f"faq.{name}",), id=name, by=by[:120], priced=_priced(product, told)
    )


def key_of(item: Question, place: int) -> str:
    """By what a page calls the question: its id, or its place while nobody has typed it anew."""
    return item.id or f"at{place}"


def _place(product: Product, item: str) -> int:
    for place, known in enumerate(product.faq):
        if key_of(known, place) == item:
            return place
    raise Conflict(f"question: wanted one that is there, found {item!r}; somebody changed it meanwhile")


def _priced(product: Product, answer: str) -> tuple[Decimal, ...]:
    told = {number.value for number in numbers(answer)}
    return tuple(price for price in (product.price, product.list_price) if price is not None and price in told)
