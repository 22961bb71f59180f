"""The shop's products: facts with their evidence, today's price and stock, and the ledger of all prices.

A struck-through price needs a lawful basis and must be above the price (明码标价和禁止价格欺诈规定 16–19; engineering
input, not legal advice).
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from app.catalogue import store
from app.catalogue.money import to_major, to_minor
from app.catalogue.product import Product, Question
from app.catalogue.store import PriceRow, ProductRow
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts

Basis = Literal["platform_price", "msrp", "lowest_7_days"]

LISTING_MOST = 20_000  # characters
STOCK_MOST = 10**9
LOWEST_WINDOW = timedelta(days=7)
PLAIN_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """A line of the price ledger: what held from `at` (aware UTC) on, in major units."""

    at: datetime
    price: Decimal
    list_price: Decimal | None
    currency: str
    by: str


class Catalogue:
    """The shelves of every shop. Raises NotFound for a product of another one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def products(self, shop: ShopId) -> list[Product]:
        """The shop's products in shelf order."""
        async with self._database.transaction() as db:
            return [store.to_product(row) for row in await store.products_in_order(db, shop)]

    async def product(self, shop: ShopId, product: ProductId) -> Product:
        """One product. Raises NotFound."""
        async with self._database.transaction() as db:
            return store.to_product(_found(await store.product_row(db, shop, product), product))

    async def listing(self, shop: ShopId, product: ProductId) -> str:
        """The listing's text that the evidence spans count in. Raises NotFound."""
        async with self._database.transaction() as db:
            return _found(await store.product_row(db, shop, product), product).listing

    async def ledger(self, shop: ShopId, product: ProductId) -> list[PriceEntry]:
        """Every price the product has had, newest first. Raises NotFound."""
        async with self._database.transaction() as db:
            _found(await store.product_row(db, shop, product), product)
            rows = await store.prices_of(db, shop, product)
        return [_entry(row) for row in reversed(rows)]

    async def lowest_7_days(self, shop: ShopId, product: ProductId) -> Decimal | None:
        """The lowest price that held within the last 7 days before today's price; None when there was no other."""
        async with self._database.transaction() as db:
            _found(await store.product_row(db, shop, product), product)
            rows = await store.prices_of(db, shop, product)
        return lowest_before([_entry(row) for row in rows], datetime.now(UTC))

    async def add(
        self,
        shop: ShopId,
        *,
        sku: str,
        lang: str,
        listing: str,
        facts: ProductFacts,
        stock: int | None,
        by: str,
        list_price_basis: str | None = None,
        picture: str | None = None,
        faq: Sequence[Question] = (),
    ) -> ProductId:
        """Put a product on the shelf at the price of its facts; facts start unconfirmed.

        Raises BadInput for values out of bounds or evidence outside the listing, Conflict for a known SKU.
        """
        listing, sku = _within("listing", listing, LISTING_MOST), _within("sku", sku.strip(), 64)
        _evidence_in(listing, facts)
        price, list_price, basis = _price(facts.price, facts.list_price, list_price_basis, facts.currency)
        product = ProductId(sku if PLAIN_SKU.fullmatch(sku) else secrets.token_hex(8))
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            if await store.product_by_sku(db, shop, sku) is not None:
                raise Conflict(f"sku: wanted a new one, found {sku!r} on the shelf")
            db.add(
                ProductRow(
                    shop=shop,
                    product=product,
                    position=await store.next_position(db, shop),
                    sku=sku,
                    lang=lang,
                    listing=listing,
                    facts=store.facts_to_row(facts),
                    currency=facts.currency,
                    price_minor=price,
                    list_price_minor=list_price,
                    list_price_basis=basis,
                    stock=None if stock is None else _stock(stock),
                    picture=picture,
                    faq=[{"question": q.question, "answer": q.answer, "facts": list(q.facts)} for q in faq],
                    confirmed_by=None,
                    confirmed_at=None,
                    created_at=now,
                )
            )
            await db.flush()
            if price is not None:
                db.add(_price_row(shop, product, now, price, list_price, facts.currency, by))
        return product

    async def confirm(self, shop: ShopId, product: ProductId, by: str) -> Product:
        """Somebody has read the facts against the listing and stands for them. Raises NotFound."""
        async with self._database.transaction() as db:
            row = _found(await store.product_row(db, shop, product), product)
            row.confirmed_by, row.confirmed_at = by, datetime.now(UTC)
            return store.to_product(row)

    async def set_price(
        self, shop: ShopId, product: ProductId, price: Decimal, list_price: Decimal | None, by: str
    ) -> Product:
        """Today's price from now on, written to the ledger. Raises NotFound and BadInput."""
        async with self._database.transaction() as db:
            row = _found(await store.product_row(db, shop, product), product)
            minor, listed, basis = _price(price, list_price, row.list_price_basis, row.currency)
            if minor is None:
                raise BadInput("price", "an amount", price)
            row.price_minor, row.list_price_minor, row.list_price_basis = minor, listed, basis
            db.add(_price_row(shop, product, datetime.now(UTC), minor, listed, row.currency, by))
            return store.to_product(row)

    async def set_stock(self, shop: ShopId, product: ProductId, stock: int) -> Product:
        """How many pieces are left. Raises NotFound and BadInput."""
        async with self._database.transaction() as db:
            row = _found(await store.product_row(db, shop, product), product)
            row.stock = _stock(stock)
            return store.to_product(row)


def lowest_before(entries: Sequence[PriceEntry], now: datetime) -> Decimal | None:
    """The lowest earlier price still in force at some time of the 7 days before `now`; entries oldest first.

    The last entry is today's price and does not count.
    """
    since = now - LOWEST_WINDOW
    held = [entry.price for entry, following in pairwise(entries) if following.at > since]
    return min(held, default=None)


def _found(row: ProductRow | None, product: ProductId) -> ProductRow:
    if row is None:
        raise NotFound(f"product: wanted one of this shop, found {product!r}")
    return row


def _price(
    price: Decimal | None, list_price: Decimal | None, basis: str | None, currency: str
) -> tuple[int | None, int | None, str | None]:
    minor = None if price is None else to_minor(price, currency, "price")
    listed = None if list_price is None else to_minor(list_price, currency, "list_price")
    if listed is None:
        return minor, None, basis
    if minor is None or listed <= minor:
        raise BadInput("list_price", f"more than the price {price}", str(list_price))
    if basis not in get_args(Basis):
        raise BadInput("list_price_basis", "platform_price, msrp or lowest_7_days beside a list price", basis)
    return minor, listed, basis


def _price_row(
    shop: ShopId, product: ProductId, at: datetime, price: int, list_price: int | None, currency: str, by: str
) -> PriceRow:
    return PriceRow(
        shop=shop,
        product=product,
        at=at,
        price_minor=price,
        list_price_minor=list_price,
        currency=currency,
        by=by[:120],
    )


def _entry(row: PriceRow) -> PriceEntry:
    return PriceEntry(
        at=row.at,
        price=to_major(row.price_minor, row.currency),
        list_price=None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency),
        currency=row.currency,
        by=row.by,
    )


def _stock(stock: int) -> int:
    if not 0 <= stock <= STOCK_MOST:
        raise BadInput("stock", f"0 to {STOCK_MOST} pieces", stock)
    return stock


def _within(field: str, text: str, most: int) -> str:
    if not text or len(text) > most or "\0" in text:
        raise BadInput(field, f"1 to {most} characters without NUL", text)
    return text


def _evidence_in(listing: str, facts: ProductFacts) -> None:
    for key, spans in facts.evidence.items():
        for start, end in spans:
            if not 0 <= start < end <= len(listing):
                raise BadInput(f"evidence.{key}", f"spans inside 0–{len(listing)}", (start, end))
