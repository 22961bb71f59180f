"""The ledger of prices: what a product cost from when on, who set it and why; rows are only ever added.

A struck-through price needs a lawful basis and must be above the price (明码标价和禁止价格欺诈规定 16–19; engineering
input, not legal advice).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import store
from app.catalogue.money import to_major, to_minor
from app.catalogue.store import PriceRow, ProductRow
from app.errors import BadInput
from app.events import ProductId, ShopId

Basis = Literal["platform_price", "msrp", "lowest_7_days"]
LOWEST_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """A line of the price ledger: what held from `at` (aware UTC) on, in major units."""

    at: datetime
    price: Decimal
    list_price: Decimal | None
    currency: str
    by: str
    why: str = ""


def lowest_before(entries: Sequence[PriceEntry], now: datetime, *, today: bool = False) -> Decimal | None:
    """The lowest earlier price still in force at some time of the 7 days before `now`; entries oldest first.

    The last entry is today's price and does not count, unless `today`: then a new price is about to follow it.
    """
    since = now - LOWEST_WINDOW
    held = [entry.price for entry, following in pairwise(entries) if following.at > since]
    if today and entries:
        held.append(entries[-1].price)
    return min(held, default=None)


def in_minor(
    price: Decimal | None, list_price: Decimal | None, basis: str | None, currency: str
) -> tuple[int | None, int | None, str | None]:
    """Price, struck-through price and its basis as rows keep them. Raises BadInput for what may not stand together."""
    minor = None if price is None else to_minor(price, currency, "price")
    listed = None if list_price is None else to_minor(list_price, currency, "list_price")
    if listed is None:
        return minor, None, basis
    if minor is None or listed <= minor:
        raise BadInput("list_price", f"more than the price {price}", str(list_price))
    if basis not in get_args(Basis):
        raise BadInput("list_price_basis", "platform_price, msrp or lowest_7_days beside a list price", basis)
    return minor, listed, basis


async def reprice(
    db: AsyncSession,
    row: ProductRow,
    price: Decimal,
    list_price: Decimal | None,
    basis: str | None,
    by: str,
    why: str,
) -> None:
    """Set the row's price and write it down. The lowest deal of 7 days is the ledger's own. Raises BadInput."""
    shop, product, now = ShopId(row.shop), ProductId(row.product), datetime.now(UTC)
    if basis == "lowest_7_days" and list_price is not None:
        lowest = lowest_before([entry_of(entry) for entry in await store.prices_of(db, shop, product)], now, today=True)
        if list_price != lowest:
            raise BadInput("list_price", f"{lowest}, the ledger's lowest of the last 7 days", str(list_price))
    minor, listed, kept = in_minor(price, list_price, basis or row.list_price_basis, row.currency)
    if minor is None:
        raise BadInput("price", "an amount", price)
    row.price_minor, row.list_price_minor, row.list_price_basis = minor, listed, kept
    db.add(price_row(shop, product, now, minor, listed, row.currency, by, why))


def price_row(
    shop: ShopId, product: ProductId, at: datetime, price: int, list_price: int | None, currency: str, by: str, why: str
) -> PriceRow:
    """A line to add to the ledger."""
    return PriceRow(
        shop=shop,
        product=product,
        at=at,
        price_minor=price,
        list_price_minor=list_price,
        currency=currency,
        by=by[:120],
        why=why[:120],
    )


def entry_of(row: PriceRow) -> PriceEntry:
    """The line as the value that pages see."""
    return PriceEntry(
        at=row.at,
        price=to_major(row.price_minor, row.currency),
        list_price=None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency),
        currency=row.currency,
        by=row.by,
        why=row.why,
    )
