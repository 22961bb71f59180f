"""A new product on the shelf: checked, priced, and its price the first line of its ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import store
from app.catalogue.ledger import in_minor, price_row
from app.catalogue.product import Question, product_id_of, question_to_json
from app.catalogue.store import ProductRow
from app.errors import BadInput, Conflict
from app.events import ShopId
from scripts_gen.facts import ProductFacts

LISTING_MOST = 20_000  # characters
STOCK_MOST = 10**9


async def put_on_shelf(
    db: AsyncSession,
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
) -> ProductRow:
    """`Catalogue.add` within a transaction of the caller's. Raises BadInput and Conflict."""
    listing, sku = _within("listing", listing, LISTING_MOST), _within("sku", sku.strip(), 64)
    _evidence_in(listing, facts)
    struck = facts.list_price if list_price_basis else None
    price, list_price, basis = in_minor(facts.price, struck, list_price_basis, facts.currency)
    product, now = product_id_of(sku), datetime.now(UTC)
    if await store.product_by_sku(db, shop, sku) is not None:
        raise Conflict(f"sku: wanted a new one, found {sku!r} on the shelf")
    row = ProductRow(
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
        stock=None if stock is None else pieces(stock),
        picture=picture,
        faq=[question_to_json(item) for item in faq],
        confirmed_by=None,
        confirmed_at=None,
        created_at=now,
    )
    db.add(row)
    await db.flush()
    if price is not None:
        db.add(price_row(shop, product, now, price, list_price, facts.currency, by, "on the shelf"))
    return row


def pieces(stock: int) -> int:
    """How many pieces are left. Raises BadInput out of bounds."""
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
