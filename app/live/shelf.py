"""Today's truth about the show's products: prices and stock as they are now, and the gate at the mouth.

Approved texts hold a `{price}` slot where the listing's price stood, filled at speaking time. Facts that still name a
former price are set aside, so that neither a script nor the model can find a number in them that is no longer true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from app.catalogue.product import Product, Question, question_from_json
from app.events import FactsChanged, PriceChanged, ProductId, StockChanged
from app.live import wire
from app.metrics import REFUSED_SENTENCES
from scripts_gen.adlaw import judge
from scripts_gen.claims import check
from scripts_gen.facts import ProductFacts, facts_from_json
from scripts_gen.numerals import numbers
from scripts_gen.rundown import filled

LOW_STOCK = 10  # pieces from which the card says that few are left


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether a sentence may be said now: the facts it stands on (`price=59`), or why not."""

    ok: bool
    facts: tuple[str, ...] = ()
    reason: str = ""


def plain_price(price: Decimal) -> str:
    """The price as it is written in a sentence: 59, 59.9, 29.95."""
    text = f"{price:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def today(product: Product) -> ProductFacts:
    """The product's facts with today's prices; facts that speak of a former price are left out."""
    facts = replace(product.facts, price=product.price, list_price=product.list_price, currency=product.currency)
    gone = _former(product)
    if not gone:
        return facts

    def kept(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if not _speaks_of(text, gone))

    return replace(
        facts,
        specs=tuple(spec for spec in facts.specs if not _speaks_of(spec.value, gone)),
        selling_points=kept(facts.selling_points),
        audience=kept(facts.audience),
        promotions=kept(facts.promotions),
        service=kept(facts.service),
        variants=kept(facts.variants),
    )


def _former(product: Product) -> frozenset[Decimal]:
    now = {product.price, product.list_price}
    return frozenset(
        price for price in (product.facts.price, product.facts.list_price) if price is not None and price not in now
    )


def _speaks_of(text: str, prices: frozenset[Decimal]) -> bool:
    return any(number.value in prices and number.measure in ("money", "bare") for number in numbers(text))


class Shelf:
    """The products of one running show, each as it is now."""

    def __init__(self, products: Iterable[Product], policies: Sequence[tuple[str, str]], title: str, lang: str) -> None:
        self.products: dict[ProductId, Product] = {product.id: product for product in products}
        self.policies = tuple(policies)
        self.lang = lang
        self._nothing = ProductFacts(title=title)
        self._today: dict[ProductId, tuple[Product, ProductFacts]] = {}

    def price_changed(self, event: PriceChanged) -> None:
        """Keep the new price."""
        if known := self.products.get(event.product):
            self.products[event.product] = replace(
                known, price=event.price, list_price=event.list_price, currency=event.currency
            )

    def stock_changed(self, event: StockChanged) -> None:
        """Keep the new stock."""
        if known := self.products.get(event.product):
            self.products[event.product] = replace(known, stock=event.stock)

    def facts_changed(self, event: FactsChanged) -> None:
        """Keep what is known now; today's price and stock are told by events of their own."""
        if known := self.products.get(event.product):
            faq = tuple(question_from_json(item) for item in event.faq)
            self.products[event.product] = replace(known, facts=facts_from_json(event.facts), faq=faq)

    def facts(self, product: ProductId | None) -> ProductFacts:
        """Today's facts of the product; of none, nothing but the show's title."""
        known = self.products.get(product) if product else None
        if known is None:
            return self._nothing
        held = self._today.get(known.id)
        if held is None or held[0] is not known:
            held = (known, today(known))
            self._today[known.id] = held
        return held[1]

    def known(self, product: ProductId | None) -> tuple[Question, ...]:
        """The product's approved questions that name no former price."""
        known = self.products.get(product) if product else None
        if known is None:
            return ()
        former, now = _former(known), {known.price, known.list_price}
        kept = []
        for item in known.faq:
            gone = former | {price for price in item.priced if price not in now}
            if not (gone and _speaks_of(item.answer, gone)):
                kept.append(item)
        return tuple(kept)

    def fill(self, template: str, product: ProductId | None) -> str | None:
        """The sentence with today's money in its slots; None when it needs a price that there is not."""
        if "{" not in template:
            return template
        known = self.products.get(product) if product else None
        if known is None:
            return None
        return filled(template, known.price, known.list_price, known.currency, "en" if self.lang == "en" else "zh")

    def may_say(self, text: str, product: ProductId | None, *, approved: Sequence[str] = ()) -> Ruling:
        """The gate: every claim of the sentence needs a fact of today, and the law must allow it.

        `approved` are the room's own fixed sentences and policies beside the product's facts.
        """
        facts = self.facts(product)
        extra = (*(item.answer for item in self.known(product)), *(text for _, text in self.policies), *approved)
        verdict = check(text, facts, extra)
        if not verdict.ok:
            REFUSED_SENTENCES.labels("claims").inc()
            return Ruling(ok=False, reason=verdict.reason)
        judged = judge(text, facts.category)
        if judged.verdict == "ban":
            REFUSED_SENTENCES.labels("adlaw").inc()
            return Ruling(ok=False, reason=f"advertising law: {judged.why}")
        typed = [f"faq.{item.id}" for item in self.known(product) if item.id and text in item.answer]
        used = (self._versioned(key, product, facts) for key in verdict.used)
        return Ruling(ok=True, facts=tuple(dict.fromkeys((*used, *typed))))

    def _versioned(self, key: str, product: ProductId | None, facts: ProductFacts) -> str:
        if key in ("price", "list_price"):
            value = facts.price if key == "price" else facts.list_price
            return f"{key}={plain_price(value)}" if value is not None else key
        if key.startswith("extra."):
            index, questions = int(key.removeprefix("extra.")), self.known(product)
            if index < len(questions):
                return f"faq.{questions[index].id or index}"
            index -= len(questions)
            return f"policies.{self.policies[index][0]}" if index < len(self.policies) else "fixed"
        return key


def card_of(product: Product, number: int, qr: str | None) -> wire.Card:
    """The product card as pages show it. A struck-through price without a basis is not shown (law of prices)."""
    basis = product.list_price_basis if product.list_price is not None else None
    struck = (
        product.list_price
        if basis and product.price is not None and (product.list_price or 0) > product.price
        else None
    )
    band: Literal["unknown", "plenty", "low", "sold_out"] = "unknown"
    if product.stock is not None:
        band = "sold_out" if product.stock <= 0 else "low" if product.stock <= LOW_STOCK else "plenty"
    return wire.Card(
        product=product.id,
        title=product.title,
        picture=product.shown_picture,
        price=None if product.price is None else f"{product.price:f}",
        list_price=None if struck is None else f"{struck:f}",
        list_price_basis=basis if struck is not None else None,
        currency=product.currency,
        offer=next(iter(today(product).promotions), None),
        stock_band=band,
        qr=qr,
        number=number,
    )
