"""The facts of a product in a person's hands: read against the listing, edited, confirmed, refused, disputed.

A confirmed fact changes by a person's hand alone. What extraction or an import finds goes through `offer`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue import marks, store
from app.catalogue.facts import (
    CERTAIN,
    Fact,
    Merged,
    Unlawful,
    facts_of,
    found_in,
    in_listing,
    in_order,
    keys_of,
    merged,
    typed,
    unlawful_in,
    whole_of,
)
from app.catalogue.ledger import reprice
from app.catalogue.money import to_major
from app.catalogue.product import Product
from app.catalogue.store import ProductRow
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import LIST_FIELDS, MONEY_FIELDS, ProductFacts

LIST_MOST = 60  # items of one field


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact as the page shows it: its key, and who confirmed it when (None: nobody yet)."""

    fact: Fact
    key: str
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A confirmed fact beside what was found instead, and where that came from."""

    mine: Fact | None
    found: Fact
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A fact that somebody took away or did not want, and may put back."""

    fact: Fact
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything the facts page shows about a product."""

    product: Product
    listing: str
    facts: tuple[Known, ...]
    disputes: tuple[Dispute, ...]
    unlawful: tuple[Unlawful, ...]
    removed: tuple[Removed, ...] = ()

    @property
    def confirmed(self) -> int:
        """How many facts somebody stands for."""
        return sum(known.at is not None for known in self.facts)

    @property
    def certain(self) -> int:
        """How many facts nobody has confirmed yet though they are certain."""
        return sum(known.at is None and (known.fact.confidence or 0) >= CERTAIN for known in self.facts)


class FactBook:
    """The facts of every shop's products. Raises NotFound for a product or fact that is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sheet(self, shop: ShopId, product: ProductId) -> Sheet:
        """The product's facts with their evidence, confirmations and disputes."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product)
            facts = facts_of(store.to_product(row).facts)
            stands = await _confirmed(db, row, facts)
            disputes = await marks.proposals_of(db, shop, product)
            said = (await marks.marks_of(db, shop, product)).values()
        held = {fact.place: fact for fact in facts}
        known = tuple(
            Known(fact=fact, key=key, by=stands[fact.id][0], at=stands[fact.id][1])
            if fact.id in stands
            else Known(fact=fact, key=key, by=None, at=None)
            for fact, key in zip(facts, keys_of(facts), strict=True)
        )
        return Sheet(
            product=store.to_product(row),
            listing=row.listing,
            facts=known,
            disputes=tuple(
                Dispute(
                    mine=held.get((item.field, item.name)), found=marks.proposed(item), source=item.source, at=item.at
                )
                for item in disputes
            ),
            unlawful=unlawful_in(row.listing, store.to_product(row).facts.category),
            removed=_removed(said, {fact.id for fact in facts}),
        )

    async def edit(
        self, shop: ShopId, product: ProductId, fact: str, text: str, by: str, *, name: str | None = None
    ) -> Product:
        """Give a fact another value, which the person stands for. A price also becomes today's. Raises BadInput."""

        def change(row: ProductRow, facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
            old = _the(facts, fact)
            new = typed(old.field, text, row.currency, name=old.name if name is None else name)
            new = replace(new, spans=found_in(text.strip(), row.listing) if new.field not in MONEY_FIELDS else ())
            if new.value == old.value and new.name == old.name:
                new = old
            elif any(new.id == other.id for other in facts):
                raise BadInput(old.field, "something not in the list yet", text)
            return [new if item.id == fact else item for item in facts], [new]

        return await self._change(shop, product, change, by)

    async def add(self, shop: ShopId, product: ProductId, field: str, text: str, by: str, *, name: str = "") -> Product:
        """A fact that the person knows. Raises BadInput for what is there already, too much, or not as wanted."""
        return await self._put(shop, product, field, text, by, name, None)

    async def take(
        self, shop: ShopId, product: ProductId, field: str, span: tuple[int, int], text: str, by: str, *, name: str = ""
    ) -> Product:
        """Take words of the listing as a fact: `text` as the person saw it, at `span`. Raises BadInput."""
        return await self._put(shop, product, field, text, by, name, span)

    async def remove(self, shop: ShopId, product: ProductId, fact: str, by: str) -> Product:
        """Take a fact away; it does not come back by itself. The title stays. Raises BadInput."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            facts = facts_of(store.to_product(row).facts)
            old = _the(facts, fact)
            if old.field in ("title", "price"):
                raise BadInput(old.field, "another one in its place", "")
            stands = await _confirmed(db, row, facts)
            now = datetime.now(UTC)
            await marks.mark(db, shop, product, [old], "refused", by, now)
            left = [item for item in facts if item.id != fact]
            if old.field == "list_price" and row.price_minor is not None and row.list_price_minor is not None:
                await reprice(db, row, to_major(row.price_minor, row.currency), None, None, by, "list price removed")
            return _written(row, left, stands.keys() & {item.id for item in left}, by, now)

    async def put_back(self, shop: ShopId, product: ProductId, fact: str, by: str) -> Product:
        """A fact that was taken away stands again, and the person stands for it; what took its place is taken away.

        Raises NotFound for one that was not taken away, BadInput where the list has no room.
        """
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            facts = facts_of(store.to_product(row).facts)
            stands = await _confirmed(db, row, facts)
            gone = _removed((await marks.marks_of(db, shop, product)).values(), {item.id for item in facts})
            back = next((item.fact for item in gone if item.fact.id == fact), None)
            if back is None:
                raise NotFound(f"fact: wanted one that was removed, found {fact!r}")
            now = datetime.now(UTC)
            spans = found_in(back.value, row.listing) if back.field not in MONEY_FIELDS else ()
            back = replace(back, spans=spans, confidence=1.0)
            instead = [item for item in facts if item.place == back.place]
            rest = [item for item in facts if item not in instead]
            if sum(item.field == back.field for item in rest) >= LIST_MOST:
                raise BadInput(back.field, f"at most {LIST_MOST} of them", back.value)
            await marks.mark(db, shop, product, instead, "refused", by, now)
            return await _kept(db, row, [*rest, back], [back], stands.keys() & {item.id for item in rest}, by, now)

    async def confirm(self, shop: ShopId, product: ProductId, by: str, *, fact: str | None = None) -> Product:
        """Stand for one fact, or without `fact` for every one that is certain."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            facts = facts_of(store.to_product(row).facts)
            stands = await _confirmed(db, row, facts)
            chosen = (
                [item for item in facts if item.id not in stands and (item.confidence or 0) >= CERTAIN]
                if fact is None
                else [_the(facts, fact)]
            )
            now = datetime.now(UTC)
            await marks.mark(db, shop, product, chosen, "confirmed", by, now)
            return _written(row, facts, stands.keys() | {item.id for item in chosen}, by, now)

    async def settle(self, shop: ShopId, product: ProductId, fact: str, by: str, *, take: bool) -> Product:
        """End a dispute: take what was found, or keep what is there and hear of it no more."""
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            found = next((item for item in await marks.proposals_of(db, shop, product) if item.fact == fact), None)
            if found is None:
                raise NotFound(f"dispute: wanted one of this product, found {fact!r}")
            new = marks.proposed(found)
            facts = list(facts_of(store.to_product(row).facts))
            stands = await _confirmed(db, row, facts)
            now = datetime.now(UTC)
            if not take:
                await marks.mark(db, shop, product, [new], "refused", by, now)
                await db.delete(found)
                return store.to_product(row)
            facts = [*(item for item in facts if item.place != new.place), new]
            return await _kept(db, row, facts, [new], stands.keys(), by, now)

    async def offer(
        self,
        shop: ShopId,
        product: ProductId,
        found: ProductFacts,
        source: marks.Source,
        *,
        listing: str | None = None,
    ) -> Merged:
        """Lay found facts over the known ones; what contradicts a confirmed fact waits for a person.

        With `listing` the product's text is replaced first, and only evidence that still stands in it is kept.
        """
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            return await laid_over(db, row, found, source, listing=listing)

    async def _put(
        self,
        shop: ShopId,
        product: ProductId,
        field: str,
        text: str,
        by: str,
        name: str,
        span: tuple[int, int] | None,
    ) -> Product:
        def change(row: ProductRow, facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
            new = typed(field, text, row.currency, name=name)
            if span is None:
                spans = found_in(new.value, row.listing) if field not in MONEY_FIELDS else ()
            elif 0 <= span[0] < span[1] <= len(row.listing) and row.listing[span[0] : span[1]].strip() == text.strip():
                spans = (span,)
            else:
                spans = found_in(text.strip(), row.listing)
                if not spans:
                    raise BadInput("span", "words of the listing", text)
            new = replace(new, spans=spans)
            same = next((item for item in facts if item.id == new.id), None)
            if same is not None and span is None:
                raise BadInput(field, "something not in the list yet", text)
            single = field not in LIST_FIELDS
            rest = [item for item in facts if item.id != new.id and not (single and item.place == new.place)]
            if sum(item.field == field for item in rest) >= LIST_MOST:
                raise BadInput(field, f"at most {LIST_MOST} of them", text)
            return [*rest, new], [new]

        return await self._change(shop, product, change, by)

    async def _change(
        self,
        shop: ShopId,
        product: ProductId,
        change: Callable[[ProductRow, Sequence[Fact]], tuple[list[Fact], list[Fact]]],
        by: str,
    ) -> Product:
        async with self._database.transaction() as db:
            row = await store.our_product(db, shop, product, change=True)
            facts = facts_of(store.to_product(row).facts)
            stands = await _confirmed(db, row, facts)
            changed, by_hand = change(row, facts)
            return await _kept(db, row, changed, by_hand, stands.keys(), by, datetime.now(UTC))


async def laid_over(
    db: AsyncSession, row: ProductRow, found: ProductFacts, source: marks.Source, *, listing: str | None = None
) -> Merged:
    """`FactBook.offer` within a transaction of the caller's."""
    shop, product, now = ShopId(row.shop), ProductId(row.product), datetime.now(UTC)
    facts = facts_of(store.to_product(row).facts)
    stands = await _confirmed(db, row, facts)
    if listing is not None and listing != row.listing:
        row.listing = listing
        facts = in_listing(facts, listing)
    refused = {key for key, mark in (await marks.marks_of(db, shop, product)).items() if mark.verdict == "refused"}
    outcome = merged(facts, in_listing(facts_of(found), row.listing), confirmed=stands.keys(), refused=refused)
    await marks.propose(db, shop, product, outcome.disputed, source, now)
    if outcome.added and row.confirmed_at is not None:
        # Whoever stood for the whole stood for what was there; from here on each fact has its own mark.
        whole = [fact for fact in facts if fact.id in stands]
        await marks.mark(db, shop, product, whole, "confirmed", row.confirmed_by or "", row.confirmed_at)
        row.confirmed_by = row.confirmed_at = None
    row.facts = store.facts_to_row(whole_of(outcome.facts, row.currency))
    if row.price_minor is None and (price := next((f for f in outcome.facts if f.field == "price"), None)):
        await reprice(db, row, Decimal(price.value), None, None, source, "found in the listing")
    return outcome


async def _kept(
    db: AsyncSession,
    row: ProductRow,
    facts: Sequence[Fact],
    by_hand: Sequence[Fact],
    stands: Collection[str],
    by: str,
    now: datetime,
) -> Product:
    """Write the facts; those by a person's hand are confirmed, end their disputes, and a price becomes today's."""
    shop, product = ShopId(row.shop), ProductId(row.product)
    await marks.mark(db, shop, product, by_hand, "confirmed", by, now)
    for fact in by_hand:
        await marks.forget_proposals(db, shop, product, fact.field, fact.name)
        if fact.field == "price":
            listed = None if row.list_price_minor is None else to_major(row.list_price_minor, row.currency)
            price = Decimal(fact.value)
            if listed is not None and listed <= price:
                listed = None  # no longer above the price; a new one needs a new basis
            await reprice(db, row, price, listed, None, by, "corrected among the facts")
        elif fact.field == "list_price" and row.list_price_minor is not None and row.price_minor is not None:
            price = to_major(row.price_minor, row.currency)
            await reprice(db, row, price, Decimal(fact.value), None, by, "corrected among the facts")
    return _written(row, facts, {*stands, *(fact.id for fact in by_hand)}, by, now)


def _written(row: ProductRow, facts: Sequence[Fact], stands: Collection[str], by: str, now: datetime) -> Product:
    """Put the facts into the row; when somebody stands for each of them, the product is confirmed."""
    row.facts = store.facts_to_row(whole_of(in_order(facts), row.currency))
    if any(fact.id not in stands for fact in facts):
        row.confirmed_by = row.confirmed_at = None
    elif row.confirmed_at is None:
        row.confirmed_by, row.confirmed_at = by[:120], now
    return store.to_product(row)


async def _confirmed(db: AsyncSession, row: ProductRow, facts: Sequence[Fact]) -> dict[str, tuple[str, datetime]]:
    """Who stands for which fact since when: by its own mark, or for the product as a whole."""
    held = await marks.marks_of(db, ShopId(row.shop), ProductId(row.product))
    own = {key: (mark.by, mark.at) for key, mark in held.items() if mark.verdict == "confirmed"}
    if row.confirmed_at is None:
        return {fact.id: own[fact.id] for fact in facts if fact.id in own}
    whole = (row.confirmed_by or "", row.confirmed_at)
    return {fact.id: own.get(fact.id, whole) for fact in facts}


def _removed(said: Iterable[marks.FactMarkRow], there: Collection[str]) -> tuple[Removed, ...]:
    """What is refused and not there, the newest first."""
    gone = sorted(
        (mark for mark in said if mark.verdict == "refused" and mark.fact not in there),
        key=lambda mark: (mark.at, mark.fact),
        reverse=True,
    )
    return tuple(
        Removed(fact=Fact(field=mark.field, name=mark.name, value=mark.value), by=mark.by, at=mark.at) for mark in gone
    )


def _the(facts: Sequence[Fact], fact: str) -> Fact:
    for item in facts:
        if item.id == fact:
            return item
    raise Conflict(f"fact: wanted one that is there, found {fact!r}; somebody changed it meanwhile")
