"""Orders in: one transaction keeps message, meaning, state and news, and only then is a sender told that all is well.

Database away: Unavailable within 2 seconds. A write that was slow and lands later is no harm: the sender asks again
and meets its own inbox row.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalogue.money import to_major
from app.catalogue.store import product_by_sku
from app.database import Database
from app.errors import NotFound, Unavailable
from app.events import LiveEvent, OrderId, OrderPlaced, ProductId, RoomId, ShopId, ShowId, from_json, kind_of, to_json
from app.metrics import ORDERS
from app.orders import store
from app.orders.attribution import NOWHERE, Attributed, attribute, run_of
from app.orders.fold import OrderState, fold
from app.orders.parse import Message, parse_order
from app.orders.store import InboxRow, OrderRow, OutboxRow, SecretRow

PATIENCE, SECRETS_PATIENCE = 1.4, 0.5  # seconds for the database; together 503 leaves within 2 s (design: R6)
AT_ONCE = 200  # database calls under way; the next one is refused with 503
OVERLAP = timedelta(hours=24)  # an old secret's life after a rotation
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


class Orders:
    """The books of every shop. `doorbell` rings when there is news in the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._under_way: set[asyncio.Task[Any]] = set()
        # SQLite lets one writer in; waiting in line here is fair and quick, its own busy handler is neither.
        self._turn = asyncio.Semaphore(1 if database.url.startswith("sqlite") else AT_ONCE)
        self.doorbell = asyncio.Event()

    async def receive(self, shop: ShopId, source: str, raw: bytes) -> Receipt:
        """Book a message whose signature has been checked. Raises BadInput, and Unavailable when it is not kept."""
        message = parse_order(raw, int(time.time() * 1000))
        receipt = await self._in_time(self._book(shop, source, raw, message), "orders:receive", PATIENCE)
        ORDERS.labels("duplicate" if receipt.duplicate else "stored" if receipt.placed else "uncounted").inc()
        return receipt

    async def gmv(self, shop: ShopId, room: RoomId | None = None) -> dict[str, Decimal]:
        """GMV paid by currency, before refunds, in major units: real orders; in a rehearsal its simulated ones."""
        async with self._database.transaction() as db:
            simulated = room is not None and await store.is_rehearsal(db, shop, room)
            totals = await store.paid_by_currency(db, shop, room, simulated=simulated)
        return {total.currency: to_major(total.minor, total.currency) for total in totals}

    async def secret(self, shop: ShopId, kind: str) -> str:
        """What senders of this kind (`orders`, `comments`) sign with now. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.secret_row(db, shop, kind)
        if row is None:
            raise NotFound(f"secret: wanted one for {kind!r} in this shop, found none")
        return row.secret

    async def valid_secrets(self, shop: ShopId, kind: str) -> tuple[str, ...]:
        """The current secret and, for a day after a rotation, the previous one; empty for an unknown shop.

        Raises Unavailable when the database does not answer in time.
        """
        return await self._in_time(self._valid_secrets(shop, kind), "orders:secrets", SECRETS_PATIENCE)

    async def ensure_secret(self, shop: ShopId, kind: str) -> str:
        """The secret, made now when there is none."""
        made = {"secret": secrets.token_urlsafe(32), "previous": None, "previous_until": None}
        async with self._database.transaction() as db:
            await store.insert_once(db, SecretRow, {"shop": shop, "kind": kind, **made})
        return await self.secret(shop, kind)

    async def rotate_secret(self, shop: ShopId, kind: str) -> str:
        """A new secret; the old one stays valid for 24 hours. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.secret_row(db, shop, kind)
            if row is None:
                raise NotFound(f"secret: wanted one for {kind!r} in this shop, found none")
            row.previous, row.previous_until = row.secret, datetime.now(UTC) + OVERLAP
            row.secret = secrets.token_urlsafe(32)
            return row.secret

    async def news(self) -> list[News]:
        """The oldest news that no room has been told yet."""
        async with self._database.transaction() as db:
            rows = await store.unpublished(db, NEWS_AT_ONCE)
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

    async def _book(self, shop: ShopId, source: str, raw: bytes, message: Message) -> Receipt:
        now, order = time.time(), OrderId(message.order)
        async with self._turn, self._database.transaction() as db:
            inbox = {
                "shop": shop,
                "source": source,
                "event": message.event_id,
                "received_ms": int(now * 1000),
                "raw": raw,
            }
            if not await store.insert_once(db, InboxRow, inbox):
                return Receipt(duplicate=True, placed=None)
            if message.event is None:
                return Receipt(duplicate=False, placed=None)
            await store.keep_event(db, shop, source, order, message.event)
            state = fold([message.event])
            product, where = await _placing(db, shop, state, now)
            values = store.order_values(shop, source, order, state, product, where)
            if not await store.insert_once(db, OrderRow, values):
                # Known already: wait for whoever else writes it, then fold everything that was ever said.
                await store.lock_order(db, shop, source, order)
                state = fold(await store.events_of(db, shop, source, order))
                product, where = await _placing(db, shop, state, now)
                await store.update_order(db, store.order_values(shop, source, order, state, product, where))
            if state.test:
                return Receipt(duplicate=False, placed=None)
            placed = _placed(order, source, state, product)
            db.add(
                OutboxRow(
                    shop=shop,
                    room=where.room if where.attribution in {"explained", "session"} else None,
                    kind=kind_of(placed),
                    body=json.dumps(to_json(placed), ensure_ascii=False),
                    created_at=datetime.now(UTC),
                    published_at=None,
                )
            )
        return Receipt(duplicate=False, placed=placed)

    async def _valid_secrets(self, shop: ShopId, kind: str) -> tuple[str, ...]:
        async with self._database.transaction() as db:
            row = await store.secret_row(db, shop, kind)
        if row is None:
            return ()
        old = row.previous is not None and row.previous_until is not None and row.previous_until > datetime.now(UTC)
        return (row.secret, row.previous) if old and row.previous is not None else (row.secret,)

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


async def _placing(
    db: AsyncSession, shop: ShopId, state: OrderState, now: float
) -> tuple[ProductId | None, Attributed]:
    row = await product_by_sku(db, shop, state.sku)
    product = None if row is None else ProductId(row.product)
    if state.test:
        return product, NOWHERE
    placed = state.placed_ms / 1000
    runs = await store.runs_around(db, shop, placed, now)
    run = run_of(runs, placed, None if state.show is None else ShowId(state.show), state.simulated)
    mentions = [] if run is None else await store.mentions_before(db, shop, run.room, placed)
    return product, attribute(run, mentions, product, placed)


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
