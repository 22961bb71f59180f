"""Goods of a file → products on the shelf: many new ones in a few statements, known ones three ways compared.

What the last file said of a product is the base. A word of the studio that differs from it was somebody's choice and
stays: a changed price is told, a confirmed fact is disputed on its page. Only what the file itself says anew is taken.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import marks
from app.catalogue.factbook import laid_over
from app.catalogue.facts import Fact, facts_of, in_order, whole_of
from app.catalogue.imports import store
from app.catalogue.imports.goods import Good
from app.catalogue.imports.problems import Problem
from app.catalogue.imports.store import SaidRow
from app.catalogue.ledger import reprice
from app.catalogue.money import to_major, to_minor
from app.catalogue.product import product_id_of
from app.catalogue.store import PriceRow, ProductRow, facts_to_row, next_position, searched_by, to_product
from app.errors import BadInput
from app.events import LiveEvent, PriceChanged, ProductId, ShopId, StockChanged
from scripts_gen.facts import ProductFacts

Result = Literal["added", "changed", "same", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of one good: its product, problems that came up on the shelf, and what running rooms must hear."""

    good: Good
    result: Result
    product: str | None
    problems: tuple[Problem, ...] = ()
    news: tuple[LiveEvent, ...] = ()
    picture: bool = True


async def put_goods(
    db: AsyncSession,
    shop: ShopId,
    goods: Sequence[Good],
    *,
    basis: str,
    file_prices: bool,
    pictures: Mapping[str, str],
    by: str,
    why: str,
) -> list[Placed]:
    """Lay the goods on the shelf within the caller's transaction. `pictures`: article number → kept picture.

    With `file_prices` the file's price counts even where the studio's was changed since.
    """
    taken = [good for good in goods if good.facts is not None]
    known = await store.products_by_sku(db, shop, [good.sku for good in taken])
    said = await store.said_of(db, shop, [row.product for row in known.values()])
    fresh = [good for good in taken if good.sku not in known]
    ids = await _insert(db, shop, fresh, basis, pictures, by, why)
    placed = []
    for good in goods:
        if good.facts is None:
            placed.append(Placed(good=good, result="refused", product=None))
        elif good.sku in ids:
            placed.append(Placed(good=good, result="added", product=ids[good.sku], picture=good.sku in pictures))
        else:
            row = known[good.sku]
            update = _Update(db, row, said.get(row.product), good, basis, file_prices, pictures.get(good.sku), by, why)
            placed.append(await update.done())
    return placed


async def _insert(
    db: AsyncSession,
    shop: ShopId,
    goods: Sequence[Good],
    basis: str,
    pictures: Mapping[str, str],
    by: str,
    why: str,
) -> dict[str, str]:
    """Insert new products with their first ledger lines; article number → product id."""
    if not goods:
        return {}
    now, place = datetime.now(UTC), await next_position(db, shop)
    ids: dict[str, str] = {good.sku: product_id_of(good.sku) for good in goods}
    for taken in await store.taken_ids(db, shop, list(ids.values())):
        ids = {sku: secrets.token_hex(8) if product == taken else product for sku, product in ids.items()}
    rows: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for good in goods:
        facts = _facts(good)
        price = None if facts.price is None else to_minor(facts.price, facts.currency, "price")
        listed = None if facts.list_price is None else to_minor(facts.list_price, facts.currency, "list_price")
        body = facts_to_row(facts)
        rows.append(
            {
                "shop": shop, "product": ids[good.sku], "position": place, "sku": good.sku, "lang": good.lang,
                "listing": good.listing, "facts": body, "currency": facts.currency,
                "price_minor": price, "list_price_minor": listed, "list_price_basis": basis if listed else None,
                "stock": good.stock, "picture": pictures.get(good.sku), "faq": [], "confirmed_by": None,
                "confirmed_at": None, "created_at": now, **searched_by(body),
            }
        )  # fmt: skip
        place += 1
        if price is not None:
            prices.append(
                {
                    "shop": shop, "product": ids[good.sku], "at": now, "price_minor": price,
                    "list_price_minor": listed, "currency": facts.currency, "by": by[:120], "why": why[:120],
                }
            )  # fmt: skip
        said.append({"shop": shop, "product": ids[good.sku], "digest": digest_of(good), "said": said_by(good)})
    await db.execute(insert(ProductRow), rows)
    if prices:
        await db.execute(insert(PriceRow), prices)
    await db.execute(insert(SaidRow), said)
    return ids


class _Update:
    """One known product met again in a file."""

    def __init__(
        self,
        db: AsyncSession,
        row: ProductRow,
        said: SaidRow | None,
        good: Good,
        basis: str,
        file_prices: bool,
        picture: str | None,
        by: str,
        why: str,
    ) -> None:
        self._db, self._row, self._said, self._good = db, row, said, good
        self._basis, self._file_prices, self._picture, self._by, self._why = basis, file_prices, picture, by, why
        self._facts = _facts(good)
        self._problems: list[Problem] = []
        self._news: list[LiveEvent] = []

    async def done(self) -> Placed:
        """Take what the file says anew."""
        row, digest = self._row, digest_of(self._good)
        changed = self._picture is not None and self._picture != row.picture
        if changed:
            row.picture = self._picture
        if self._said is None or self._said.digest != digest or self._file_prices:
            if self._facts.currency != row.currency:
                self._note("currency_kept", "currency", self._facts.currency, kept=row.currency)
            elif await self._take_price():
                changed = True
            changed = self._take_stock() or changed
            changed = await self._take_facts() or changed
            if self._said is None:
                self._db.add(SaidRow(shop=row.shop, product=row.product, digest=digest, said=said_by(self._good)))
            else:
                self._said.digest, self._said.said = digest, said_by(self._good)
        return Placed(
            good=self._good,
            result="changed" if changed else "same",
            product=row.product,
            problems=tuple(self._problems),
            news=tuple(self._news),
            picture=row.picture is not None,
        )

    async def _take_price(self) -> bool:
        row, price = self._row, self._facts.price
        if price is None:
            return False
        listed = self._facts.list_price if self._basis else None
        mine = None if row.price_minor is None else to_major(row.price_minor, row.currency)
        my_list = None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency)
        kept_list = listed if listed is not None else my_list if my_list is not None and my_list > price else None
        if mine == price and kept_list == my_list:
            return False
        base = self._said.said.get("price") if self._said else None
        chosen_here = mine is not None and (base is None or Decimal(base) != mine)
        if mine != price and chosen_here and not self._file_prices:
            if base is None or Decimal(base) != price:
                self._note("price_kept", "price", f"{price:f}", kept=f"{mine:f}")
            self._facts = _without_price(self._facts)
            return False
        try:
            await reprice(self._db, row, price, kept_list, self._basis or None, self._by, self._why)
        except BadInput as problem:
            self._note("list_price_basis", "list_price", str(problem.found))
            await reprice(self._db, row, price, None, None, self._by, self._why)
        self._news.append(
            PriceChanged(
                product=ProductId(row.product),
                price=price,
                list_price=None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency),
                currency=row.currency,
            )
        )
        return True

    def _take_stock(self) -> bool:
        row, stock = self._row, self._good.stock
        if stock is None or stock == row.stock:
            return False
        if self._said is not None and self._said.said.get("stock") == stock:
            return False  # the file says nothing new; the studio has counted since
        row.stock = stock
        self._news.append(StockChanged(product=ProductId(row.product), stock=stock))
        return True

    async def _take_facts(self) -> bool:
        """Facts the last file gave and this one does not are taken back, unless a person stands for them."""
        row, db = self._row, self._db
        shop, product = ShopId(row.shop), ProductId(row.product)
        before = (row.facts, row.listing)
        found = facts_of(self._facts)
        if self._said is not None and row.confirmed_at is None:
            ids, places = {fact.id for fact in found}, {fact.place: fact for fact in found}
            said = set(self._said.said.get("facts", ()))
            stands = {
                key for key, mark in (await marks.marks_of(db, shop, product)).items() if mark.verdict == "confirmed"
            }
            kept: list[Fact] = []
            for fact in facts_of(to_product(row).facts):
                stale = fact.id in said and fact.id not in ids and fact.id not in stands
                if not stale:
                    kept.append(fact)
                elif fact.field in ("title", "brand", "category", "price", "list_price", "specs"):
                    if fact.place in places:
                        kept.append(places[fact.place])
                    elif fact.field in ("title", "price"):
                        kept.append(fact)
            row.facts = facts_to_row(whole_of(in_order(kept), row.currency))
        outcome = await laid_over(db, row, self._facts, "import", listing=self._good.listing)
        for fact in outcome.disputed:
            mine = next((item.value for item in outcome.facts if item.place == fact.place), "")
            self._note("confirmed", fact.name or fact.field, fact.value, kept=mine)
        return (row.facts, row.listing) != before

    def _note(self, code: str, field: str, found: str, **facts: Any) -> None:
        self._problems.append(Problem(row=self._good.row, field=field, code=code, found=found, facts=facts))


def _facts(good: Good) -> ProductFacts:
    if good.facts is None:
        raise ValueError(f"row {good.row}: wanted facts, found none")
    return good.facts


def _without_price(facts: ProductFacts) -> ProductFacts:
    body = {name: getattr(facts, name) for name in ProductFacts.__slots__}
    hidden = ("price", "list_price")
    body |= {"price": None, "list_price": None}
    body["evidence"] = {key: spans for key, spans in facts.evidence.items() if key not in hidden}
    body["confidence"] = {key: sure for key, sure in facts.confidence.items() if key not in hidden}
    return ProductFacts(**body)


def said_by(good: Good) -> dict[str, Any]:
    """What the file says of a product, as the next import compares it."""
    facts = _facts(good)
    return {
        "price": None if facts.price is None else f"{facts.price:f}",
        "stock": good.stock,
        "facts": [fact.id for fact in facts_of(facts)],
    }


def digest_of(good: Good) -> str:
    """The same for the same words, whatever file they stand in."""
    facts = _facts(good)
    body = json.dumps([facts_to_row(facts), good.listing, good.stock], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()
