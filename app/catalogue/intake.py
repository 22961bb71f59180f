"""Products that come without a file: typed by hand, or pasted as text and looked over before they are saved."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import marks, queue, store
from app.catalogue.extraction import parsers_alone
from app.catalogue.facts import (
    Fact,
    facts_of,
    found_in,
    in_order,
    merged,
    money_typed,
    one_line,
    typed,
    whole_of,
)
from app.catalogue.money import exponent
from app.catalogue.product import Product, sku_for
from app.catalogue.queue import PasteItemRow
from app.catalogue.shelving import LISTING_MOST, put_on_shelf
from app.catalogue.splitting import split
from app.database import Database
from app.errors import BadInput, NotFound
from app.events import ProductId, ShopId
from scripts_gen.extract import LONGEST_TITLE
from scripts_gen.facts import MONEY_FIELDS, ProductFacts, facts_from_json

PASTE_MOST = 60_000  # characters of one pasted text
KEPT = timedelta(days=7)  # a pasted text that nobody saved is forgotten after this
_HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """One product of a pasted text with what was found in it so far; `problem` says why no model has read it."""

    place: int
    listing: str
    facts: ProductFacts
    state: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a person filled in about a new product, as text; only title and price are needed."""

    title: str
    price: str
    currency: str = "CNY"
    sku: str = ""
    stock: str = ""
    list_price: str = ""
    basis: str = ""
    brand: str = ""
    category: str = ""
    listing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The products that were put on the shelf, or what was wrong by place; then nothing was saved."""

    products: tuple[ProductId, ...] = ()
    problems: Mapping[int, BadInput] = field(default_factory=dict)


class Intake:
    """New products of every shop, by hand and by pasted text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_hand(self, shop: ShopId, filled: Filled, by: str, *, picture: str | None = None) -> Product:
        """Put one product on the shelf; what was typed is confirmed, what its description tells is not yet.

        Raises BadInput for what was filled in wrong; a known article number is one, of `sku`.
        """
        listing = filled.listing.replace("\r\n", "\n").strip()
        if len(listing) > LISTING_MOST:
            raise BadInput("listing", f"at most {LISTING_MOST} characters", f"{len(listing)} characters")
        found = ProductFacts(title=filled.title or "-")
        if re.search(r"\w", listing):
            # Off the loop: a long listing takes a second, and a show may be talking.
            found = await asyncio.to_thread(_at_first_sight, listing)
        async with self._database.transaction() as db:
            return store.to_product(await _shelved(db, shop, filled, listing, found, by, picture))

    async def paste(self, shop: ShopId, text: str) -> str:
        """Cut a text into its products and read them by the parsers; its name. Raises BadInput.

        The extraction's queue reads the pieces from here on; ring its bell.
        """
        if len(text) > PASTE_MOST:
            raise BadInput("text", f"at most {PASTE_MOST} characters", f"{len(text)} characters")
        pieces = await asyncio.to_thread(split, text.replace("\0", " "))
        if not pieces:
            raise BadInput("text", "a product described in words", text)
        for piece in pieces:
            if len(piece) > LISTING_MOST:
                raise BadInput("text", f"at most {LISTING_MOST} characters a product", f"{len(piece)} characters")
        found = await asyncio.to_thread(lambda: [_at_first_sight(piece) for piece in pieces])
        paste, now = secrets.token_hex(12), datetime.now(UTC)
        async with self._database.transaction() as db:
            await queue.forget_pastes_before(db, shop, now - KEPT)
            db.add_all(
                PasteItemRow(
                    shop=shop,
                    paste=paste,
                    place=place,
                    listing=piece,
                    lang=lang_of(piece),
                    facts=store.facts_to_row(facts),
                    state="waiting",
                    asked_at=now,
                    tries=0,
                    seconds=None,
                    problem="",
                )
                for place, (piece, facts) in enumerate(zip(pieces, found, strict=True))
            )
        return paste

    async def pasted(self, shop: ShopId, paste: str) -> list[Pasted]:
        """The pieces of a pasted text. Raises NotFound."""
        async with self._database.transaction() as db:
            rows = await queue.paste_items_of(db, shop, paste)
        if not rows:
            raise NotFound(f"paste: wanted one of this shop, found {paste!r}")
        return [
            Pasted(
                place=row.place,
                listing=row.listing,
                facts=facts_from_json(row.facts),
                state=row.state,
                problem=row.problem,
            )
            for row in rows
        ]

    async def save(self, shop: ShopId, paste: str, chosen: Mapping[int, Filled], by: str) -> Saved:
        """Put the chosen pieces on the shelf as they were filled in, all or none. Raises NotFound."""
        problems: dict[int, BadInput] = {}
        products: list[ProductId] = []
        try:
            async with self._database.transaction() as db:
                rows = {row.place: row for row in await queue.paste_items_of(db, shop, paste)}
                if not rows:
                    raise NotFound(f"paste: wanted one of this shop, found {paste!r}")
                for place, filled in chosen.items():
                    row = rows.get(place)
                    if row is None:
                        raise NotFound(f"piece: wanted one of this text, found {place}")
                    try:
                        shelved = await _shelved(db, shop, filled, row.listing, facts_from_json(row.facts), by, None)
                    except BadInput as problem:
                        problems[place] = problem
                        continue
                    products.append(ProductId(shelved.product))
                if problems:
                    raise _NotAll
                await queue.forget_paste(db, shop, paste)
        except _NotAll:
            return Saved(problems=problems)
        return Saved(products=tuple(products))

    async def forget(self, shop: ShopId, paste: str) -> None:
        """Throw a pasted text away."""
        async with self._database.transaction() as db:
            await queue.forget_paste(db, shop, paste)


class _NotAll(Exception):
    """Rolls the transaction back: something was filled in wrong."""


async def _shelved(
    db: AsyncSession, shop: ShopId, filled: Filled, listing: str, found: ProductFacts, by: str, picture: str | None
) -> store.ProductRow:
    exponent(filled.currency)
    by_hand = _typed(filled, listing or filled.title)
    places = {fact.place for fact in by_hand}
    rest = [fact for fact in facts_of(found) if fact.place not in places and fact.field not in MONEY_FIELDS]
    if not filled.list_price:
        rest += [fact for fact in facts_of(found) if fact.field == "list_price"]
    facts = in_order(merged(by_hand, rest, confirmed=(), refused=()).facts)
    title = next(fact.value for fact in by_hand if fact.field == "title")
    sku = one_line(filled.sku) or sku_for(title)
    taken = await store.product_by_sku(db, shop, sku)
    if taken is not None:
        raise BadInput("sku", "an article number that is not on the shelf yet", sku)
    row = await put_on_shelf(
        db,
        shop,
        sku=sku,
        lang=lang_of(listing or title),
        listing=listing or title,
        facts=whole_of(facts, filled.currency),
        stock=stock_typed(filled.stock),
        by=by,
        list_price_basis=filled.basis or None if filled.list_price else None,
        picture=picture,
    )
    now = datetime.now(UTC)
    await marks.mark(db, shop, ProductId(row.product), by_hand, "confirmed", by, now)
    if len(facts) == len(by_hand):
        row.confirmed_by, row.confirmed_at = by[:120], now
    return row


def _typed(filled: Filled, listing: str) -> list[Fact]:
    facts = [typed("title", filled.title, filled.currency)]
    for name in ("brand", "category"):
        if one_line(value := getattr(filled, name)):
            facts.append(typed(name, value, filled.currency))
    facts = [replace(fact, spans=found_in(fact.value, listing)) for fact in facts]
    facts.append(typed("price", filled.price, filled.currency))
    if filled.list_price:
        listed = money_typed("list_price", filled.list_price, filled.currency)
        if listed <= Decimal(facts[-1].value):
            raise BadInput("list_price", "more than the price", filled.list_price)
        facts.append(Fact(field="list_price", value=f"{listed:f}", confidence=1.0))
    return facts


def stock_typed(text: str) -> int | None:
    """The pieces that were filled in, None for nothing. Raises BadInput."""
    plain = one_line(text)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 10):
        raise BadInput("stock", "a whole number of pieces", text)
    return int(plain)


def lang_of(text: str) -> str:
    """The language of a listing: Chinese when it has any Han character."""
    return "zh" if _HAN.search(text) else "en"


def currencies(first: Sequence[str] = ("CNY",)) -> tuple[str, ...]:
    """The currencies to choose from, the usual ones first."""
    usual = ("CNY", "USD", "EUR", "GBP", "HKD", "TWD", "SGD", "MYR", "THB", "JPY", "KRW", "PHP", "IDR", "VND")
    return tuple(dict.fromkeys((*first, *usual)))


def _at_first_sight(piece: str) -> ProductFacts:
    """The parsers' facts; where nothing is about goods, its first words are the name and a person says the rest."""
    found = parsers_alone(piece)
    return ProductFacts(title=piece.strip().splitlines()[0][:LONGEST_TITLE]) if found is None else found.facts
