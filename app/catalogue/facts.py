"""Single facts of a product: named, typed, compared and merged (pure).

`ProductFacts` is the whole; here it is taken apart into facts that a person can confirm, edit or refuse one by one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.catalogue.money import amount_of, to_minor
from app.errors import BadInput
from scripts_gen.adlaw import judge
from scripts_gen.extract import MOST
from scripts_gen.facts import LIST_FIELDS, MONEY_FIELDS, TEXT_FIELDS, ProductFacts, Span, Spec
from scripts_gen.listing import Listing

SINGLE = (*TEXT_FIELDS, *MONEY_FIELDS)
FIELDS = (*SINGLE, "specs", *LIST_FIELDS)
LONGEST = {"title": 120, "brand": 40, "category": 60, "specs": 300}
LONGEST_ITEM, LONGEST_NAME = 200, 40  # characters
CERTAIN, LIKELY = 0.85, 0.6  # confidences from which a fact is called certain, or likely
PRICE_CERTAIN = 0.95  # a price out of a sentence is never that sure: a column or a person gave it
GIVEN = 0.9  # what a value without a measured confidence counts for: somebody or a table's column gave it
SOLD_BY = ("selling_points", "audience", "promotions", "service")
"""Fields that are said to praise: what the advertising law bans is not even kept there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact with where it stands in the listing and how sure it is, 0..1; None when nobody measured."""

    field: str
    value: str
    name: str = ""
    spans: tuple[Span, ...] = ()
    confidence: float | None = None

    @property
    def id(self) -> str:
        """The fact's own name: the same words in the same field are the same fact."""
        return hashlib.sha256("\0".join((self.field, self.name, self.value)).encode()).hexdigest()[:32]

    @property
    def place(self) -> tuple[str, str]:
        """What only one fact can be: the brand, the weight. Items of a list each have a place of their own."""
        return (self.field, self.value if self.field in LIST_FIELDS else self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlawful:
    """Words of the listing that may not be said: why, and a lawful version if there is one."""

    text: str
    why: str
    rewrite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The facts after others came in: `added` are new or changed, `disputed` contradict what a person confirmed."""

    facts: tuple[Fact, ...]
    added: tuple[Fact, ...] = ()
    disputed: tuple[Fact, ...] = ()


def facts_of(whole: ProductFacts) -> tuple[Fact, ...]:
    """Every single fact in the order of the schema, with its own evidence or its place in its field's."""
    found: list[Fact] = []
    for name in SINGLE:
        value = getattr(whole, name)
        if value is not None:
            text = f"{value:f}" if isinstance(value, Decimal) else value
            found.append(_fact(whole, name, text, key=name))
    found += [
        _fact(whole, "specs", spec.value, key=f"specs.{spec.name}", name=spec.name, index=index)
        for index, spec in enumerate(whole.specs)
    ]
    for name in LIST_FIELDS:
        found += [
            _fact(whole, name, text, key=f"{name}.{index}", index=index)
            for index, text in enumerate(getattr(whole, name))
        ]
    return tuple(found)


def _fact(whole: ProductFacts, field: str, value: str, *, key: str, name: str = "", index: int = 0) -> Fact:
    spans = tuple(whole.evidence.get(key, ()))
    family = whole.evidence.get(field, ())
    if not spans and key != field and len(family) > index:
        spans = (family[index],)
    sure = whole.confidence.get(key, whole.confidence.get(field))
    return Fact(field=field, name=name, value=value, spans=spans, confidence=sure)


def whole_of(facts: Sequence[Fact], currency: str) -> ProductFacts:
    """The facts put together again, evidence and confidence under each fact's own key. Raises BadInput untitled."""
    values: dict[str, Any] = {}
    evidence: dict[str, tuple[Span, ...]] = {}
    confidence: dict[str, float] = {}
    lists: dict[str, list[str]] = {name: [] for name in LIST_FIELDS}
    specs: list[Spec] = []
    for fact in facts:
        key = fact.field
        if fact.field == "specs":
            key = f"specs.{fact.name}"
            specs.append(Spec(name=fact.name, value=fact.value))
        elif fact.field in LIST_FIELDS:
            key = f"{fact.field}.{len(lists[fact.field])}"
            lists[fact.field].append(fact.value)
        else:
            values[key] = Decimal(fact.value) if key in MONEY_FIELDS else fact.value
        if fact.spans:
            evidence[key] = (*evidence.get(key, ()), *fact.spans)
        if fact.confidence is not None:
            confidence[key] = fact.confidence
    if not values.get("title"):
        raise BadInput("title", "a name for the product", "")
    values |= {name: tuple(texts) for name, texts in lists.items()}
    return ProductFacts(**values, specs=tuple(specs), currency=currency, evidence=evidence, confidence=confidence)


def keys_of(facts: Sequence[Fact]) -> list[str]:
    """The key by which scripts and the claim ledger call each fact: `title`, `specs.材质`, `variants.0`."""
    keys: list[str] = []
    counts = dict.fromkeys(LIST_FIELDS, 0)
    for fact in facts:
        if fact.field == "specs":
            keys.append(f"specs.{fact.name}")
        elif fact.field in counts:
            keys.append(f"{fact.field}.{counts[fact.field]}")
            counts[fact.field] += 1
        else:
            keys.append(fact.field)
    return keys


def in_order(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts in the order of the schema, each field's own order kept."""
    return tuple(sorted(facts, key=lambda fact: FIELDS.index(fact.field)))


def merged(
    mine: Sequence[Fact], found: Sequence[Fact], *, confirmed: Collection[str], refused: Collection[str]
) -> Merged:
    """What was found, laid over what is known: a confirmed fact is never changed, a refused one does not come back.

    An unconfirmed fact gives way to a surer one. `confirmed` and `refused` are fact ids.
    """
    facts, added, disputed = list(mine), list[Fact](), list[Fact]()
    for new in found:
        if new.id in refused or not new.value.strip():
            continue
        same = next((at for at, old in enumerate(facts) if old.id == new.id), None)
        if same is not None:
            facts[same] = _better_known(facts[same], new)
        elif new.field in LIST_FIELDS:
            if _has_room(facts, new):
                facts.append(new)
                added.append(new)
        else:
            at = next((at for at, old in enumerate(facts) if old.place == new.place), None)
            if at is None:
                if new.field != "specs" or _has_room(facts, new):
                    facts.append(new)
                    added.append(new)
            elif facts[at].id in confirmed:
                disputed.append(new)
            elif _sure(new) > _sure(facts[at]):
                facts[at] = new
                added.append(new)
    return Merged(facts=in_order(facts), added=tuple(added), disputed=tuple(disputed))


def _sure(fact: Fact) -> float:
    return GIVEN if fact.confidence is None else fact.confidence


def _better_known(old: Fact, new: Fact) -> Fact:
    sure = max((value for value in (old.confidence, new.confidence) if value is not None), default=None)
    return replace(old, spans=old.spans or new.spans, confidence=sure)


def _has_room(facts: Sequence[Fact], new: Fact) -> bool:
    """Whether a list may take the item: not full, and nothing in it says the same in other words around it."""
    there = [fact for fact in facts if fact.field == new.field]
    return len(there) < MOST[new.field] and not any(
        new.value in fact.value or fact.value in new.value for fact in there if new.field != "specs"
    )


def in_listing(facts: Sequence[Fact], listing: str) -> tuple[Fact, ...]:
    """The facts with only those spans under which the listing really has their words."""
    return tuple(
        replace(fact, spans=tuple(span for span in fact.spans if _stands(fact, listing[span[0] : span[1]])))
        for fact in facts
    )


def _stands(fact: Fact, text: str) -> bool:
    if fact.field not in MONEY_FIELDS:
        return fact.value in text or text in fact.value if text else False
    digits = re.search(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text).replace(",", ""))
    return digits is not None and Decimal(digits.group()) == Decimal(fact.value)


def found_in(value: str, listing: str) -> tuple[Span, ...]:
    """Where the listing has these words, if it has."""
    at = listing.find(value) if value else -1
    return ((at, at + len(value)),) if at >= 0 else ()


def typed(field: str, text: str, currency: str, *, name: str = "") -> Fact:
    """The fact that a person typed: sure, without a place in the listing. Raises BadInput saying what was wanted.

    Money may carry a sign, grouping commas and full-width digits; `unlawful` is the field of what the law bans.
    """
    if field not in FIELDS:
        raise BadInput("field", "one of " + ", ".join(FIELDS), field)
    if field in MONEY_FIELDS:
        return Fact(field=field, value=f"{money_typed(field, text, currency):f}", confidence=1.0)
    value = one_line(text)
    most = LONGEST.get(field, LONGEST_ITEM)
    if not 1 <= len(value) <= most:
        raise BadInput(field, f"1 to {most} characters", text)
    name = one_line(name)
    if field == "specs" and not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput("name", f"1 to {LONGEST_NAME} characters that name it", name)
    if field in SOLD_BY and (judged := judge(value)).verdict == "ban":
        raise BadInput("unlawful", f"words without {judged.why}", value)
    return Fact(field=field, name=name if field == "specs" else "", value=value, confidence=1.0)


def money_typed(field: str, text: str, currency: str) -> Decimal:
    """The amount in what a person typed: ¥1,299.00, １２．５０, 59元. Raises BadInput."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^(?:[A-Z]{3}|RM|[A-Z]{0,2}[¥$£€₱฿₫₩])\s*|\s*(?:元|块|[A-Z]{3})$", "", plain)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        amount = amount_of(plain, field)
    except BadInput:
        raise BadInput(field, "an amount such as 59.90", text) from None
    to_minor(amount, currency, field)
    return amount


def one_line(text: str) -> str:
    """What a person typed, on one line, without control characters."""
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())


def unlawful_in(listing: str, category: str | None = None) -> tuple[Unlawful, ...]:
    """Every piece of the listing that the law bans for goods of the category, with the reason, each once."""
    found: dict[str, Unlawful] = {}
    for part in Listing(listing).parts():
        judged = judge(part.text, category)
        if judged.verdict == "ban":
            found.setdefault(part.text, Unlawful(text=part.text, why=judged.why, rewrite=judged.rewrite))
    return tuple(found.values())
