"""A show as the live room and the pages see it: who speaks, about what, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalogue.product import Product
from app.events import ProductId, ShopId, ShowId
from scripts_gen.rundown import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """A show in a list: enough to choose it. `minutes` is its planned length; of its products some are sold out, and
    of some nobody has confirmed the facts."""

    id: ShowId
    shop: ShopId
    title: str
    lang: str
    host: str
    voice: str
    duty: str
    products: int
    minutes: int = 30
    sold_out: int = 0
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a show was planned as until it was last changed."""

    minutes: int
    products: tuple[ProductId, ...]
    goals: Mapping[ProductId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a merchant fills in for a show; `goals` names only products with a special one."""

    title: str
    lang: str
    host: str
    voice: str
    persona: str
    duty: str
    products: tuple[ProductId, ...]
    minutes: int = 30
    goals: Mapping[ProductId, str] = field(default_factory=dict)
    theme: str = "jade"
    background: str = "studio"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPlan:
    """A show ready to be run: products in order, their scripts and goals, and shop-wide facts as (key, text)."""

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
    minutes: int = 30
    goals: Mapping[ProductId, str] = field(default_factory=dict)
    theme: str = "jade"
    background: str = "studio"
    before: Before | None = None
    readings: Mapping[str, str] = field(default_factory=dict)  # the shop's own, written → said
