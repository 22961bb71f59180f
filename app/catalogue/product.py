"""A product of a shop, as the other rooms of the studio see it."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts

PLAIN_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TINTS = 6
PAGES = frozenset({"new", "paste", "reading", "upload", "imports"})
"""Words of addresses under /catalogue that no product may be called by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A frequent question with its approved answer and the fact keys it stands on.

    An answer that a person typed is a fact of its own: `id` names it, `by` is who stands for it, and `priced` are the
    amounts in it that were the product's price when it was typed; it is not said when they are no longer.
    """

    question: str
    answer: str
    facts: tuple[str, ...]
    id: str = ""
    by: str = ""
    priced: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product with its facts; price and stock are today's (the ledger's), not the listing's."""

    id: ProductId
    shop: ShopId
    sku: str
    lang: str
    facts: ProductFacts
    price: Decimal | None
    list_price: Decimal | None
    list_price_basis: str | None
    currency: str
    stock: int | None
    picture: str | None
    confirmed: bool
    faq: tuple[Question, ...]
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def title(self) -> str:
        """The product's name as its facts give it."""
        return self.facts.title

    @property
    def shown_picture(self) -> str:
        """The address of its picture; without one, of a drawing: the first letter of its name on a tint."""
        if self.picture:
            return f"/static/{self.picture}"
        return f"/blank/{tint_of(self.facts.category or self.title)}/{quote(initial_of(self.title))}.svg"

    @property
    def sold_out(self) -> bool:
        """True when the stock is known and nothing is left."""
        return self.stock is not None and self.stock <= 0


def initial_of(title: str) -> str:
    """The letter that stands for a thing without a picture: the first of its name, past what stands in brackets."""
    plain = re.sub(r"^\s*(?:[【\[（(][^】\]）)]*[】\]）)]\s*)+", "", title)
    return next((char.upper()[:1] for char in plain or title if char.isalnum()), "·")


def tint_of(text: str) -> int:
    """Which of the tints a thing without a picture has: one category, one tint."""
    return sum(map(ord, text)) % TINTS


def product_id_of(sku: str) -> ProductId:
    """The id of a new product: its article number where that can stand in an address, else one of ours."""
    plain = PLAIN_SKU.fullmatch(sku) and sku.casefold() not in PAGES
    return ProductId(sku if plain else secrets.token_hex(8))


def sku_for(title: str) -> str:
    """An article number for a product that brings none: by hand, pasted or in a sheet, the same name has the same."""
    fold = re.sub(r"\s+", "", unicodedata.normalize("NFKC", title).casefold())
    return f"t-{hashlib.sha256(fold.encode()).hexdigest()[:12]}"


def question_to_json(item: Question) -> dict[str, Any]:
    """The question as JSON values."""
    return {
        "question": item.question,
        "answer": item.answer,
        "facts": list(item.facts),
        "id": item.id,
        "by": item.by,
        "priced": [f"{amount:f}" for amount in item.priced],
    }


def question_from_json(body: Mapping[str, Any]) -> Question:
    """The question from its JSON values; what older ones lack is empty."""
    return Question(
        question=body["question"],
        answer=body["answer"],
        facts=tuple(body["facts"]),
        id=body.get("id", ""),
        by=body.get("by", ""),
        priced=tuple(Decimal(amount) for amount in body.get("priced", ())),
    )
