"""Order files: read, held against the books, and booked once; the same order by webhook and by file is one order."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit
from app.catalogue.imports.sandbox import read_table
from app.database import Database
from app.errors import BadInput, NotFound
from app.events import ShopId
from app.orders.fold import Item, OrderEvent
from app.orders.listing import EXPORT_MOST, Order, Wanted, orders_newest_first
from app.orders.parse import Message
from app.orders.rows import OrderFileRow
from app.orders.service import Orders
from app.orders.sheet import SheetOrder, columns_of, order_from_json, orders_in
from app.orders.sources import SOURCES

FILE_SOURCE = "file"  # a platform that sends us nothing but files
FILE_SOURCES = (*SOURCES, FILE_SOURCE)
BOOK_AT_ONCE = 200  # orders in one transaction

Fate = Literal["new", "same", "differing", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """A file that was uploaded."""

    id: str
    source: str
    name: str
    by: str
    at: datetime
    booked_at: datetime | None
    columns: Mapping[str, str]
    orders: tuple[SheetOrder, ...]
    problems: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An order in the file, in the books, or in both. `missing` is in the books and not in the file."""

    fate: Fate
    file: SheetOrder | None
    books: Order | None

    @property
    def order(self) -> str:
        """Its number."""
        return self.file.order if self.file is not None else self.books.order if self.books is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCard:
    """A file in the list."""

    id: str
    source: str
    name: str
    by: str
    at: datetime
    booked_at: datetime | None


class OrderFiles:
    """The order files of every shop, over the books. Raises NotFound for another shop's."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database, self._orders = database, orders

    async def take(self, shop: ShopId, source: str, name: str, raw: bytes, *, currency: str, by: str) -> str:
        """Read a file and keep its orders, not yet booked; the same file again is the same id. Raises BadInput."""
        if source not in FILE_SOURCES:
            raise BadInput("source", ", ".join(FILE_SOURCES), source)
        table = await read_table(raw, name)
        if not table.has_header:
            raise BadInput("columns", "a first row with the columns' names", ", ".join(table.header)[:120])
        columns = columns_of(table.header)
        orders, problems = orders_in(table.rows, columns, shop, source, currency)
        digest = hashlib.sha256(raw).hexdigest()
        async with self._database.transaction() as db:
            known = await db.scalar(
                select(OrderFileRow.file).where(
                    OrderFileRow.shop == shop, OrderFileRow.source == source, OrderFileRow.digest == digest
                )
            )
            if known is not None:
                return str(known)
            file = secrets.token_hex(8)
            db.add(
                OrderFileRow(
                    shop=shop,
                    file=file,
                    source=source,
                    name="".join(letter for letter in name if letter.isprintable())[:200],
                    digest=digest,
                    by=by[:120],
                    at=datetime.now(UTC),
                    booked_at=None,
                    columns={key: table.header[place] for key, place in columns.items()},
                    rows=[order.to_json() for order in orders],
                    problems=[
                        {"row": one.row, "field": one.field, "wanted": one.wanted, "found": one.found}
                        for one in problems
                    ],
                )
            )
        return file

    async def file(self, shop: ShopId, file: str) -> OrderFile:
        """The file. Raises NotFound."""
        async with self._database.transaction() as db:
            return _file(await _row(db, shop, file))

    async def compare(self, shop: ShopId, file: OrderFile) -> list[Compared]:
        """Every order of the file beside the books, and those of the books in the file's time that it lacks."""
        async with self._database.transaction() as db:
            books = await _books_beside(db, shop, file)
        return compared(file.orders, books)

    async def book(self, shop: ShopId, file: str, *, set_differing: bool, by: str, address: str = "") -> int:
        """Book the file's new orders, and set the differing ones as the file has them if wanted; how many there were.

        Doing it again books nothing twice: an order's number is its place in the books.
        """
        found = await self.file(shop, file)
        wanted = {"new", "differing"} if set_differing else {"new"}
        chosen = [one for one in await self.compare(shop, found) if one.fate in wanted and one.file is not None]
        messages = [_message(found, one.file, one.fate) for one in chosen if one.file is not None]
        raw = json.dumps({"file": file, "name": found.name}, ensure_ascii=False).encode()
        for start in range(0, len(messages), BOOK_AT_ONCE):
            await self._orders.book(shop, found.source, raw, messages[start : start + BOOK_AT_ONCE])
        async with self._database.transaction() as db:
            (await _row(db, shop, file)).booked_at = datetime.now(UTC)
            audit.note(
                db, shop, by, "orders_imported", object=found.name, detail={"orders": len(messages)}, address=address
            )
        return len(messages)


def compared(orders: Sequence[SheetOrder], books: Sequence[Order]) -> list[Compared]:
    """The file's orders beside the books (pure); differing ones first, then new, missing, the same."""
    known: dict[str, Order] = {order.order: order for order in books}
    seen = {order.order for order in orders}
    found = [
        Compared(fate=_fate(order, known.get(order.order)), file=order, books=known.get(order.order))
        for order in orders
    ]
    found += [Compared(fate="missing", file=None, books=order) for order in books if order.order not in seen]
    place: dict[Fate, int] = {"differing": 0, "new": 1, "missing": 2, "same": 3}
    return sorted(found, key=lambda one: place[one.fate])


def _fate(order: SheetOrder, known: Order | None) -> Fate:
    if known is None:
        return "new"
    minor = order.amount_minor, order.back_minor
    books = tuple(int(amount.scaleb(-_exponent_of(amount))) for amount in (known.amount, known.refunded))
    same = minor == books and order.currency == known.currency and order.status == known.status
    return "same" if same else "differing"


def _exponent_of(amount: Any) -> int:
    return int(amount.as_tuple().exponent)


def _message(file: OrderFile, order: SheetOrder, fate: Fate) -> Message:
    # What a person takes over from the file stands as of the upload; a new order as of its own time.
    at = int(file.at.timestamp() * 1000)
    event_id = f"file:{file.id}:{fate}:{order.order}"
    refunded = order.status == "refunded"
    first = max(order.items, key=lambda item: item[2], default=("", 1, 0))
    event = OrderEvent(
        event=event_id,
        status=order.status,
        amount_minor=order.back_minor if refunded else order.amount_minor,
        currency=order.currency,
        quantity=max(1, sum(quantity for _, quantity, _ in order.items)),
        sku=first[0],
        show=None,
        updated_ms=at if fate == "differing" else order.at_ms,
        received_ms=at,
        simulated=False,
        test=False,
        total_minor=order.amount_minor if refunded else None,
        items=tuple(Item(sku=sku, quantity=quantity, amount_minor=minor) for sku, quantity, minor in order.items),
        buyer=order.buyer,
        buyer_shown=order.buyer_shown,
    )
    return Message(order=order.order, event_id=event_id, event=event)


async def files_of(db: AsyncSession, shop: ShopId, most: int = 20) -> list[FileCard]:
    """The shop's order files, newest first."""
    row = OrderFileRow
    found = select(row.file, row.source, row.name, row.by, row.at, row.booked_at).where(row.shop == shop)
    rows = (await db.execute(found.order_by(row.at.desc()).limit(most))).all()
    return [
        FileCard(id=one.file, source=one.source, name=one.name, by=one.by, at=one.at, booked_at=one.booked_at)
        for one in rows
    ]


async def _books_beside(db: AsyncSession, shop: ShopId, file: OrderFile) -> list[Order]:
    """The real orders of the file's platform that the file names, or that were placed in its time."""
    everything = await orders_newest_first(db, shop, Wanted(source=file.source), most=EXPORT_MOST)
    named = {order.order for order in file.orders}
    times = [order.at_ms for order in file.orders if order.at_ms is not None]
    first, last = (min(times) / 1000, max(times) / 1000) if times else (1.0, 0.0)
    return [order for order in everything if order.order in named or first <= order.placed <= last]


async def _row(db: AsyncSession, shop: ShopId, file: str) -> OrderFileRow:
    row = await db.get(OrderFileRow, (shop, file))
    if row is None:
        raise NotFound(f"file: wanted one of this shop's order files, found {file[:40]!r}")
    return row


def _file(row: OrderFileRow) -> OrderFile:
    return OrderFile(
        id=row.file,
        source=row.source,
        name=row.name,
        by=row.by,
        at=row.at,
        booked_at=row.booked_at,
        columns=row.columns,
        orders=tuple(order_from_json(one) for one in row.rows),
        problems=tuple(row.problems),
    )
