"""A show as the live room and the pages see it: who speaks, about what, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.product import Product
from app.events import ProductId, ShopId, ShowId
from scripts_gen.rundown import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """A show in a list: enough to choose it."""

    id: ShowId
    shop: ShopId
    title: str
    lang: str
    host: str
    voice: str
    duty: str
    products: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPlan:
    """A show ready to be run: products in order, their approved scripts, and shop-wide facts as (key, text)."""

    id: ShowId
    shop: ShopId
    title: str
    lang: str
    host: str
    voice: str
    persona: str
    duty: str
    products: tuple[Product, ...]
    scripts: Mapping[ProductId, Script]
    policies: tuple[tuple[str, str], ...]
