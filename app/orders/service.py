"""Orders in: one transaction keeps message, meaning, state and news, and only then is a sender told that all is well.

Database away: Unavailable within 2 seconds. A write that was slow and lands later is no harm: the sender asks again
and meets its own inbox row.
"""

import asyncio
import json
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.money import to_major
from app.database import Database
from app.errors import BadInput, Unavailable
from app.events import LiveEvent, OrderId, OrderPlaced, ProductId, RoomId, ShopId, ShowId, from_json, kind_of, to_json
from app.metrics import ORDERS
from app.orders import links, store
from app.orders.attribution import NOWHERE, Attributed, attribute, by_code, run_of
from app.orders.buyers import without_people
from app.orders.deliveries import Deliveries
from app.orders.fold import OrderState, fold
from app.orders.keyring import Keyring
from app.orders.outbox import unpublished_of
from app.orders.parse import Message, Sent, value_in
from app.orders.rows import InboxRow, OrderRow, OutboxRow
from app.orders.sources import Keys, Source, source_named
from app.orders.vault import Vault

PATIENCE_EACH = 0.02  # seconds more for each further message of one body
PATIENCE, SECRETS_PATIENCE = 1.4, 0.5  # seconds for the database; together 503 leaves within 2 s (design: R6)
AT_ONCE = 200  # database calls under way; the next one is refused with 503
NEWS_AT_ONCE = 100

_T = TypeVar("_T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message. `placed` is the order as it now stands; None for what never counts."""

    duplicate: bool
    placed: OrderPlaced | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A committed event that its room has to hear of."""

    id: int
    shop: ShopId
    room: RoomId | None
    event: LiveEvent


class Orders(Keyring):
    """The books of every shop. `doorbell` rings when there is news in the outbox."""

    def __init__(self, database: Database, vault: Vault | None = None) -> None:
        super().__init__(database, vault)
        self._under_way: set[asyncio.Task[Any]] = set()
        # SQLite lets one writer in; waiting in line here is fair and quick, its own busy handler is neither.
        self._turn = asyncio.Semaphore(1 if database.url.startswith("sqlite") else AT_ONCE)
        self.doorbell = asyncio.Event()
        self.deliveries = Deliveries()

    async def receive(self, shop: ShopId, source: str, raw: bytes) -> Receipt:
        """Book one message of the source. Raises BadInput, and Unavailable when it is not kept."""
        return (await self.receive_all(shop, source_named(source), {}, raw))[0]

    async def receive_all(
        self, shop: ShopId, source: Source, headers: Mapping[str, str], raw: bytes, *, test: bool = False
    ) -> tuple[Receipt, ...]:
        """Book every message of a body whose signature has been checked; `test` marks them as the studio's own try.

        Raises BadInput, and Unavailable when they are not kept.
        """
        sent = Sent(shop=shop, buyers=self.buyers, headers=headers, raw=raw, received_ms=int(time.time() * 1000))
        try:
            messages = source.read(sent)
        except BadInput as problem:
            self.deliveries.malformed(shop, source.key, problem)
            raise
        if test:
            messages = tuple(
                replace(message, event=None if message.event is None else replace(message.event, test=True))
                for message in messages
            )
        return await self.book(shop, source.key, _kept(raw), messages)

    async def book(self, shop: ShopId, source: str, raw: bytes, messages: Sequence[Message]) -> tuple[Receipt, ...]:
        """Book messages in one transaction; `raw` is what the inbox keeps of them. Raises Unavailable."""
        patience = PATIENCE + len(messages) * PATIENCE_EACH
        receipts = await self._in_time(self._book(shop, source, raw, messages), "orders:receive", patience)
        for receipt in receipts:
            ORDERS.labels("duplicate" if receipt.duplicate else "stored" if receipt.placed else "uncounted").inc()
        return receipts

    async def gmv(self, shop: ShopId, room: RoomId | None = None) -> dict[str, Decimal]:
        """GMV paid by currency, before refunds, in major units: real orders; in a rehearsal its simulated ones."""
        async with self._database.transaction() as db:
            simulated = room is not None and await store.is_rehearsal(db, shop, room)
            totals = await store.paid_by_currency(db, shop, room, simulated=simulated)
        return {total.currency: to_major(total.minor, total.currency) for total in totals}

    async def keys(self, shop: ShopId, kind: str) -> Keys:
        """What this kind of sender is checked with; no secrets for an unknown shop.

        Raises Unavailable when the database does not answer in time.
        """
        return await self._in_time(self._keys(shop, kind), "orders:secrets", SECRETS_PATIENCE)

    async def valid_secrets(self, shop: ShopId, kind: str) -> tuple[str, ...]:
        """The current secret and, for a day after a rotation, the previous one. Raises Unavailable."""
        return (await self.keys(shop, kind)).secrets

    async def news(self, mine: Collection[RoomId] | None = None) -> list[News]:
        """The oldest news that no room has been told yet; with `mine`, not that of other studios' rooms."""
        async with self._database.transaction() as db:
            rows = (
                await store.unpublished(db, NEWS_AT_ONCE)
                if mine is None
                else await unpublished_of(db, mine, NEWS_AT_ONCE)
            )
        return [
            News(
                id=row.id,
                shop=ShopId(row.shop),
                room=None if row.room is None else RoomId(row.room),
                event=from_json(row.kind, json.loads(row.body)),
            )
            for row in rows
        ]

    async def told(self, news: Sequence[News]) -> None:
        """Mark news as told."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            for item in news:
                row = await db.get(OutboxRow, item.id)
                if row is not None:
                    row.published_at = now

    async def _book(self, shop: ShopId, source: str, raw: bytes, messages: Sequence[Message]) -> tuple[Receipt, ...]:
        async with self._turn, self._database.transaction() as db:
            return tuple([await _book_one(db, shop, source, raw, message) for message in messages])

    async def _in_time(self, work: Coroutine[Any, Any, _T], name: str, patience: float) -> _T:
        if len(self._under_way) >= AT_ONCE:
            work.close()
            ORDERS.labels("unavailable").inc()
            raise Unavailable("the books are busy; send it again")
        task = asyncio.create_task(work, name=name)
        self._under_way.add(task)
        task.add_done_callback(self._settled)
        done, _ = await asyncio.wait({task}, timeout=patience)
        if not done:
            ORDERS.labels("unavailable").inc()
            raise Unavailable("the books did not answer in time; send it again")
        try:
            return task.result()
        except (SQLAlchemyError, OSError) as problem:
            ORDERS.labels("unavailable").inc()
            raise Unavailable("the books are away; send it again") from problem

    def _settled(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            _log.warning("orders.not_kept", task=task.get_name(), problem=type(problem).__name__)
        self.doorbell.set()


async def _book_one(db: AsyncSession, shop: ShopId, source: str, raw: bytes, message: Message) -> Receipt:
    now, order = time.time(), OrderId(message.order)
    inbox = {"shop": shop, "source": source, "event": message.event_id, "received_ms": int(now * 1000), "raw": raw}
    if not await store.insert_once(db, InboxRow, inbox):
        return Receipt(duplicate=True, placed=None)
    if message.event is None:
        return Receipt(duplicate=False, placed=None)
    await store.keep_event(db, shop, source, order, message.event)
    standing = await _standing(db, shop, source, order, now)
    if standing is None:
        return Receipt(duplicate=False, placed=None)  # a status without money: it counts once the money is told
    if not await store.insert_once(db, OrderRow, store.order_values(shop, source, order, *standing)):
        # Known already: wait for whoever else writes it, then fold everything that was ever said.
        await store.lock_order(db, shop, source, order)
        standing = await _standing(db, shop, source, order, now) or standing
        await store.update_order(db, store.order_values(shop, source, order, *standing))
    state, products, _ = standing
    await store.write_lines(db, shop, source, order, [(line, products.get(line.item.sku)) for line in state.lines])
    if state.test:
        return Receipt(duplicate=False, placed=None)
    placed, where = _placed(order, source, state, products.get(state.sku)), standing[2]
    db.add(
        OutboxRow(
            shop=shop,
            room=where.room if where.attribution in {"code", "explained", "session"} else None,
            kind=kind_of(placed),
            body=json.dumps(to_json(placed), ensure_ascii=False),
            created_at=datetime.now(UTC),
            published_at=None,
        )
    )
    return Receipt(duplicate=False, placed=placed)


def _kept(raw: bytes) -> bytes:
    """The body as the inbox keeps it: as it came, unless it names people; those are struck out."""
    body = value_in(raw)
    bare = without_people(body)
    return raw if bare == body else json.dumps(bare, ensure_ascii=False, default=str).encode()


async def _standing(
    db: AsyncSession, shop: ShopId, source: str, order: OrderId, now: float
) -> tuple[OrderState, dict[str, ProductId], Attributed] | None:
    """The order by everything that was said, its products by article number, and the show it belongs to."""
    state = fold(await store.events_of(db, shop, source, order))
    if state is None:
        return None
    products = await store.products_of(db, shop, {state.sku, *(line.item.sku for line in state.lines)})
    return state, products, await _placing(db, shop, state, products.get(state.sku), now)


async def _placing(
    db: AsyncSession, shop: ShopId, state: OrderState, product: ProductId | None, now: float
) -> Attributed:
    if state.test:
        return NOWHERE
    placed = state.placed_ms / 1000
    show = None if state.show is None else ShowId(state.show)
    if state.code and (sure := by_code(await links.coded(db, shop, state.code), placed, show, state.simulated)):
        return sure
    runs = await store.runs_around(db, shop, placed, now)
    run = run_of(runs, placed, show, state.simulated)
    mentions = [] if run is None else await store.mentions_before(db, shop, run.room, placed)
    return attribute(run, mentions, product, placed)


def _placed(order: OrderId, source: str, state: OrderState, product: ProductId | None) -> OrderPlaced:
    return OrderPlaced(
        order=order,
        product=product,
        quantity=state.quantity,
        amount=to_major(state.amount_minor, state.currency),
        currency=state.currency,
        status=state.status,
        source=source,
        simulated=state.simulated,
    )
