"""The shop's products: facts with their evidence, today's price and stock, and the ledger of all prices."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.catalogue import store
from app.catalogue.factbook import FactBook
from app.catalogue.ledger import PriceEntry, entry_of, in_minor, lowest_before, price_row, reprice
from app.catalogue.product import Product, Question, product_id_of, question_to_json
from app.catalogue.store import ProductRow
from app.database import Database
from app.errors import BadInput, Conflict
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts

LISTING_MOST = 20_000  # characters
STOCK_MOST = 10**9


class Catalogue:
    """The shelves of every shop. Raises NotFound for a product of another one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.facts = FactBook(database)

    async def products(self, shop: ShopId) -> list[Product]:
        """The shop's products in shelf order."""
        async with self._database.transaction() as db:
            return [store.to_product(row) for row in await store.products_in_order(db, shop)]

    async def product(self, shop: ShopId, product: ProductId) -> Product:
        """One product. Raises NotFound."""
        async with self._database.transaction() as db:
            return store.to_product(await store.our_product(db, shop, product))

    async def listing(self, shop: ShopId, product: ProductId) -> str:
        """The listing's text that the evidence spans count in. Raises NotFound."""
        async with self._database.transaction() as db:
            return (await store.our_product(db, shop, product)).listing

    async def ledger(self, shop: ShopId, product: ProductId) -> list[PriceEntry]:
        """Every price the product has had, newest first. Raises NotFound."""
        async with self._database.transaction() as db:
            await store.our_product(db, shop, product)
            rows = await store.prices_of(db, shop, product)
        return [entry_of(row) for row in reversed(rows)]

    async def lowest_7_days(self, shop: ShopId, product: ProductId) -> Decimal | None:
        """The lowest price that held within the last 7 days before today's price; None when there was no other."""
        async with self._database.transaction() as db:
            await store.our_product(db, shop, product)
            rows = await store.prices_of(db, shop, product)
        return lowest_before([entry_of(row) for row in rows], datetime.now(UTC))

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

        A list price without a basis stays a fact of the listing: it is neither shown nor said until a basis is chosen.
        Raises BadInput for values out of bounds or evidence outside the listing, Conflict for a known SKU.
        """
        listing, sku = _within("listing", listing, LISTING_MOST), _within("sku", sku.strip(), 64)
        _evidence_in(listing, facts)
        struck = facts.list_price if list_price_basis else None
        price, list_price, basis = in_minor(facts.price, struck, list_price_basis, facts.currency)
        product = product_id_of(sku)
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
                    faq=[question_to_json(item) for item in faq],
                    confirmed_by=None,
                    confirmed_at=None,
                    created_at=now,
                )
            )
            await db.flush()
            if price is not None:
                db.add(price_row(shop, product, now, price, list_price, facts.currency, by, "on the shelf"))
        return product

    async def confirm(self, shop: ShopId, product: ProductId, by: str) -> Product:
        """Somebody has read the facts against the listing and stands for them. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            row.confirmed_by, row.confirmed_at = by, datetime.now(UTC)
            return store.to_product(row)

    async def set_price(
        self,
        shop: ShopId,
        product: ProductId,
        price: Decimal,
        list_price: Decimal | None,
        by: str,
        *,
        basis: str | None = None,
        why: str = "",
    ) -> Product:
        """Today's price from now on, written to the ledger with its reason. Raises NotFound and BadInput.

        `basis` is that of the struck-through price; None keeps the product's. The lowest deal of the last 7 days is
        read from the ledger and cannot be any other amount.
        """
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            await reprice(db, row, price, list_price, basis, by, why)
            return store.to_product(row)

    async def set_stock(self, shop: ShopId, product: ProductId, stock: int) -> Product:
        """How many pieces are left. Raises NotFound and BadInput."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            row.stock = _stock(stock)
            return store.to_product(row)


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
