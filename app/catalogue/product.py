"""A product of a shop, as the other rooms of the studio see it."""

from dataclasses import dataclass
from decimal import Decimal

from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A frequent question with its approved answer and the fact keys it stands on."""

    question: str
    answer: str
    facts: tuple[str, ...]


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

    @property
    def title(self) -> str:
        """The product's name as its facts give it."""
        return self.facts.title

    @property
    def sold_out(self) -> bool:
        """True when the stock is known and nothing is left."""
        return self.stock is not None and self.stock <= 0
