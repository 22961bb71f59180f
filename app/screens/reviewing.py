"""The facts of several products on one page, to be read through and stood for: what is sure, and what is a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.access.service import Member
from app.catalogue.factbook import Known, Sheet
from app.catalogue.facts import CERTAIN, LIKELY, PRICE_CERTAIN
from app.catalogue.product import Product
from app.events import ProductId
from app.studio import Studio
from scripts_gen.facts import MONEY_FIELDS

Sure = Literal["confirmed", "given", "certain", "likely", "guess"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One fact on the page: `given` was a column or a person's word, a `guess` wants to be looked at."""

    label: str
    value: str
    money: bool
    sure: Sure
    confidence: float | None

    @property
    def doubtful(self) -> bool:
        """Whether it may well be wrong."""
        return self.sure in ("likely", "guess")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One product with its facts, the doubtful ones first."""

    product: Product
    facts: tuple[Shown, ...]

    @property
    def doubtful(self) -> int:
        """How many of its facts were read from a text and may be wrong."""
        return sum(fact.doubtful for fact in self.facts)


async def review(
    studio: Studio, who: Member, products: Sequence[ProductId], labels: Mapping[str, Any], again: str
) -> dict[str, Any]:
    """What the page shows of these products, and how far the reading of their listings is."""
    items = [reviewed(await studio.catalogue.facts.sheet(who.shop, product), labels) for product in products]
    return {
        "member": who,
        "waiting": items,
        "doubtful": sum(item.doubtful for item in items),
        "unpriced": sum(item.product.price is None for item in items),
        "shown": ",".join(products),
        "reading": await studio.extraction.progress(who.shop, products),
        "again": again,
        "labels": labels,
    }


def reviewed(sheet: Sheet, labels: Mapping[str, Any]) -> Reviewed:
    """The product's facts as the page shows them; the price is today's."""
    facts = [_shown(known, sheet.product, labels) for known in sheet.facts if known.fact.field != "title"]
    return Reviewed(
        product=sheet.product,
        facts=tuple(sorted(facts, key=lambda fact: (not fact.doubtful, not fact.money))),
    )


def _shown(known: Known, product: Product, labels: Mapping[str, Any]) -> Shown:
    fact, value = known.fact, known.fact.value
    if fact.field == "price" and product.price is not None:
        value = f"{product.price:f}"
    return Shown(
        label=fact.name or str(labels[fact.field]),
        value=value,
        money=fact.field in MONEY_FIELDS,
        sure="confirmed" if known.at is not None else _sure(fact.field, fact.confidence),
        confidence=fact.confidence,
    )


def _sure(field: str, confidence: float | None) -> Sure:
    if confidence is None:
        return "given"
    if field in MONEY_FIELDS:
        return "certain" if confidence >= PRICE_CERTAIN else "guess"
    return "certain" if confidence >= CERTAIN else "likely" if confidence >= LIKELY else "guess"
