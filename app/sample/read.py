"""The sample shop as values: what `products.jsonl` and `policies.json` say, with evidence found in the listings.

The catalogue decides what to do with them; this file knows no database.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from app.catalogue.product import Question
from scripts_gen.facts import LIST_FIELDS, MONEY_FIELDS, ProductFacts, Span, facts_from_json

HERE = Path(__file__).parent

Lang = Literal["zh", "en"]
ListPriceBasis = Literal["platform_price", "msrp", "lowest_7_days"]

SEGMENTS = (
    "opening",
    "pain_point",
    "selling_points",
    "proof",
    "offer",
    "objection",
    "call_to_action",
    "transition",
)
"""The eight parts of a product block, in the order they are said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleProduct:
    """One product with its listing, confirmed facts, approved script and picture.

    `facts` carry a span of `listing` for every field but the category, each with confidence 1 (a person wrote them).
    `picture` is a path under `web/static`; `script` has exactly the keys of `SEGMENTS`, in that order.
    """

    sku: str
    lang: Lang
    category: str
    persona: str
    listing: str
    facts: ProductFacts
    stock: int
    list_price_basis: ListPriceBasis | None
    picture: str
    faq: tuple[Question, ...]
    script: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePolicy:
    """A shop-wide fact (`shipping_time`, `returns`, …) as the host may say it, in both languages."""

    key: str
    zh: str
    en: str


def sample_products() -> Iterator[SampleProduct]:
    """Every product of the sample shop, in shelf order.

    Raises KeyError for a missing field and ValueError for facts of another shape or not found in the listing.
    """
    with (HERE / "products.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield _product(json.loads(line, parse_float=Decimal))


def sample_policies() -> tuple[SamplePolicy, ...]:
    """The shop-wide facts: shipping, returns, refunds, invoices, payment."""
    records = json.loads((HERE / "policies.json").read_text(encoding="utf-8"))
    return tuple(SamplePolicy(key=record["key"], zh=record["zh"], en=record["en"]) for record in records)


def _product(record: Mapping[str, Any]) -> SampleProduct:
    listing: str = record["listing"]
    return SampleProduct(
        sku=record["sku"],
        lang=record["lang"],
        category=record["category"],
        persona=record["persona"],
        listing=listing,
        facts=_with_evidence(facts_from_json(record["facts"]), listing),
        stock=record["stock"],
        list_price_basis=record["list_price_basis"],
        picture=record["picture"],
        faq=tuple(
            Question(question=item["question"], answer=item["answer"], facts=tuple(item["facts"]))
            for item in record["faq"]
        ),
        script={segment: record["script"][segment] for segment in SEGMENTS},
    )


def _with_evidence(facts: ProductFacts, listing: str) -> ProductFacts:
    evidence: dict[str, tuple[Span, ...]] = {}
    for name in ("title", "brand"):
        text = getattr(facts, name)
        if text is not None:
            evidence[name] = (_span(text, listing),)
    for name in MONEY_FIELDS:
        money = getattr(facts, name)
        if money is not None:
            evidence[name] = (_money_span(money, listing),)
    for spec in facts.specs:
        evidence[f"specs.{spec.name}"] = (_span(spec.value, listing),)
    for name in LIST_FIELDS:
        evidence[name] = tuple(_span(text, listing) for text in getattr(facts, name))
    return replace(facts, evidence=evidence, confidence=dict.fromkeys(evidence, 1.0))


def _span(text: str, listing: str) -> Span:
    start = listing.find(text)
    if start < 0:
        raise ValueError(f"wanted {text!r} in the listing, found {listing!r}")
    return start, start + len(text)


def _money_span(money: Decimal, listing: str) -> Span:
    """Where the amount stands as a number of its own; one beside a currency sign or a price word comes first."""
    number = rf"{money:f}(?:\.0+)?(?![\d.]*\d)"
    price_word = r"(?:[$￥]|价|标价|售价|到手|直播间|今晚|现|直播|Live price|Price|MSRP|at|voucher)[ :￥$]*"
    for pattern in (rf"(?:{price_word})({number})", rf"(?<![\d.])({number})元", rf"(?<![\d.×])({number})"):
        found = re.search(pattern, listing)
        if found:
            return found.span(1)
    raise ValueError(f"wanted the amount {money} in the listing, found {listing!r}")
