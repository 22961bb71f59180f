"""The shop's products: facts with their evidence, today's price and stock, and the ledger of all prices."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.catalogue import store
from app.catalogue.browsing import Browsing
from app.catalogue.factbook import FactBook
from app.catalogue.faq import Faq
from app.catalogue.intake import Intake
from app.catalogue.ledger import PriceEntry, entry_of, lowest_before, reprice
from app.catalogue.money import exponent
from app.catalogue.product import Product, Question
from app.catalogue.shelving import pieces, put_on_shelf
from app.database import Database
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts


class Catalogue:
    """The shelves of every shop. Raises NotFound for a product of another one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.facts, self.faq, self.intake = FactBook(database), Faq(database), Intake(database)
        self.browsing = Browsing(database)

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
        async with self._database.transaction() as db:
            row = await put_on_shelf(
                db,
                shop,
                sku=sku,
                lang=lang,
                listing=listing,
                facts=facts,
                stock=stock,
                by=by,
                list_price_basis=list_price_basis,
                picture=picture,
                faq=faq,
            )
        return ProductId(row.product)

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
        currency: str | None = None,
    ) -> Product:
        """Today's price from now on, written to the ledger with its reason. Raises NotFound and BadInput.

        `basis` is that of the struck-through price; None keeps the product's. The lowest deal of the last 7 days is
        read from the ledger and cannot be any other amount.
        """
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            if currency is not None and currency != row.currency:
                exponent(currency)
                row.currency, row.facts = currency, {**row.facts, "currency": currency}
            await reprice(db, row, price, list_price, basis, by, why)
            return store.to_product(row)

    async def set_stock(self, shop: ShopId, product: ProductId, stock: int) -> Product:
        """How many pieces are left. Raises NotFound and BadInput."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            row.stock = pieces(stock)
            return store.to_product(row)

    async def set_picture(self, shop: ShopId, product: ProductId, picture: str) -> Product:
        """Show another picture. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            row.picture = picture
            return store.to_product(row)
