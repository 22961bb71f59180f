"""Looking along the shelf: search, narrowing and pages, all in the database. Every query names its shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import marks
from app.catalogue.facts import PRICE_CERTAIN
from app.catalogue.product import Product
from app.catalogue.store import ProductRow, folded, to_product
from app.database import Database
from app.errors import BadInput
from app.events import ProductId, ShopId

State = Literal["open", "sold_out", "unpriced", "pictureless"]
STATES: tuple[State, ...] = get_args(State)
PAGE = 48  # products on one page of the shelf
TERMS = 6  # words of a search that count
CATEGORIES = 200  # most that the page offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody looks for; empty parts leave nothing out."""

    find: str = ""
    state: State | Literal[""] = ""
    category: str = ""
    lang: str = ""

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.find or self.state or self.category or self.lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One page of what was found; `page` counts from 1 and is the last one when a later one was asked for.

    `guessed` are products whose price was read from a text, not surely, and nobody has confirmed.
    """

    products: tuple[Product, ...]
    guessed: frozenset[ProductId]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The whole shelf in numbers, and the categories and languages that are on it."""

    products: int
    confirmed: int
    categories: tuple[tuple[str, int], ...]
    langs: tuple[str, ...]


class Browsing:
    """The shelves of every shop, looked along."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, shop: ShopId, look: Look, page: int = 1, most: int = PAGE) -> Shelf:
        """One page of what fits, in shelf order."""
        async with self._database.transaction() as db:
            total = await db.scalar(_fitting(select(func.count()), shop, look)) or 0
            pages = max(1, -(-total // most))
            page = min(max(1, page), pages)
            found = _fitting(select(ProductRow), shop, look).order_by(ProductRow.position, ProductRow.product)
            rows = (await db.scalars(found.offset((page - 1) * most).limit(most))).all()
            settled = await marks.settled_prices(db, shop, [row.product for row in rows])
        products = tuple(map(to_product, rows))
        guessed = frozenset(each.id for each in products if price_guessed(each) and each.id not in settled)
        return Shelf(products=products, guessed=guessed, total=total, page=page, pages=pages)

    async def some(self, shop: ShopId, products: Sequence[ProductId]) -> list[Product]:
        """These products in this order, each once; those that the shop does not have are left out."""
        async with self._database.transaction() as db:
            rows = await _named(db, shop, list(dict.fromkeys(products)))
        return [to_product(rows[name]) for name in dict.fromkeys(products) if name in rows]

    async def stand(self, shop: ShopId) -> Stand:
        """How much there is, how much is confirmed, and what it can be narrowed by."""
        ours = ProductRow.shop == shop
        counted = select(func.count(), func.count(ProductRow.confirmed_at)).where(ours)
        grouped = select(ProductRow.category, func.count().label("n")).where(ours, ProductRow.category != "")
        grouped = grouped.group_by(ProductRow.category).order_by(func.count().desc(), ProductRow.category)
        spoken = select(ProductRow.lang).where(ours).distinct().order_by(ProductRow.lang)
        async with self._database.transaction() as db:
            products, confirmed = (await db.execute(counted)).one()
            categories = (await db.execute(grouped.limit(CATEGORIES))).all()
            langs = (await db.scalars(spoken)).all()
        return Stand(
            products=products,
            confirmed=confirmed,
            categories=tuple((name, count) for name, count in categories),
            langs=tuple(langs),
        )


def price_guessed(product: Product) -> bool:
    """Whether today's price is one that was found in a text and may be another; marks on single facts aside."""
    sure = product.facts.confidence.get("price")
    return sure is not None and sure < PRICE_CERTAIN and not product.confirmed and product.price == product.facts.price


def look_of(find: str = "", state: str = "", category: str = "", lang: str = "") -> Look:
    """What an address asks for. Raises BadInput for a state that is none."""
    for known in STATES:
        if state == known:
            return Look(find=find.strip()[:200], state=known, category=category, lang=lang)
    if state:
        raise BadInput("state", "one of " + ", ".join(STATES), state)
    return Look(find=find.strip()[:200], category=category, lang=lang)


async def _named(db: AsyncSession, shop: ShopId, products: Sequence[ProductId]) -> dict[str, ProductRow]:
    found: dict[str, ProductRow] = {}
    for start in range(0, len(products), 500):  # SQLite takes no more than some thousand values in a statement
        asked = select(ProductRow).where(ProductRow.shop == shop, ProductRow.product.in_(products[start : start + 500]))
        found |= {row.product: row for row in await db.scalars(asked)}
    return found


def _fitting(query: Select[Any], shop: ShopId, look: Look) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = [ProductRow.shop == shop]
    for term in folded(look.find).split()[:TERMS]:
        wanted.append(
            or_(
                ProductRow.words.contains(term, autoescape=True),
                func.lower(ProductRow.sku).contains(term, autoescape=True),
            )
        )
    if look.category:
        wanted.append(ProductRow.category == look.category)
    if look.lang:
        wanted.append(ProductRow.lang == look.lang)
    match look.state:
        case "open":
            wanted.append(ProductRow.confirmed_at.is_(None))
        case "sold_out":
            wanted.append(ProductRow.stock <= 0)
        case "unpriced":
            wanted.append(ProductRow.price_minor.is_(None))
        case "pictureless":
            wanted.append(ProductRow.picture.is_(None))
        case "":
            pass
    return query.select_from(ProductRow).where(and_(*wanted))
