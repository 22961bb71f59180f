"""Order files: read, mapped, held against the books, and booked once; webhook and file of an order are one order."""

import asyncio
import base64
import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit
from app.catalogue.imports.mapping import signature
from app.catalogue.imports.problems import FileRefused
from app.catalogue.imports.sandbox import read_table
from app.catalogue.money import exponent
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ShopId
from app.orders.fold import Item, OrderEvent
from app.orders.listing import EXPORT_MOST, Order, Wanted, orders_newest_first
from app.orders.parse import Message
from app.orders.rows import OrderColumnsRow, OrderFileRow
from app.orders.service import Orders
from app.orders.sheet import (
    RowProblem,
    SheetColumn,
    SheetOrder,
    checked_fields,
    fields_of,
    missing_in,
    order_from_json,
    orders_in,
    sheet_columns,
)
from app.orders.sources import SOURCES
from app.orders.store import insert_once

FILE_SOURCE = "file"  # a platform that sends us nothing but files
FILE_SOURCES = (*SOURCES, FILE_SOURCE)
BOOK_AT_ONCE = 200  # orders in one transaction
BOOK_MOST = 2_000  # orders booked by one press: some 20 s; a longer file takes several, and each leaves the books whole
DRAFT_KEPT = timedelta(days=7)

Rows = Sequence[tuple[int, Sequence[str]]]
Fate = Literal["new", "same", "differing", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """A file that was uploaded. `columns` are field → column's name; `mapping` is there while it can be changed.

    `missing` are the fields that no column is taken for and without which no order can be read.
    """

    id: str
    source: str
    name: str
    by: str
    at: datetime
    booked_at: datetime | None
    currency: str
    columns: Mapping[str, str]
    mapping: tuple[SheetColumn, ...]
    missing: tuple[str, ...]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    header: tuple[str, ...]
    rows: Rows
    fields: tuple[str, ...]


class OrderFiles:
    """The order files of every shop, over the books. Raises NotFound for another shop's."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database, self._orders = database, orders

    async def take(self, shop: ShopId, source: str, name: str, raw: bytes, *, currency: str, by: str) -> str:
        """Read a file and keep its orders, not yet booked; the same file again is the same id. Raises BadInput."""
        if source not in FILE_SOURCES:
            raise BadInput("source", ", ".join(FILE_SOURCES), source)
        exponent(currency)
        table = await read_table(raw, name)
        if not table.has_header:
            raise FileRefused("header_missing", ", ".join(table.header)[:120])
        digest = hashlib.sha256(raw).hexdigest()
        async with self._database.transaction() as db:
            known = await db.scalar(
                select(OrderFileRow.file).where(
                    OrderFileRow.shop == shop, OrderFileRow.source == source, OrderFileRow.digest == digest
                )
            )
            if known is not None:
                return str(known)
            fields = settled(fields_of(table.header), await _remembered(db, shop, table.header))
        draft, file = _Draft(header=table.header, rows=table.rows, fields=fields), secrets.token_hex(8)
        values = await self._read(shop, file, source, currency, draft)
        async with self._database.transaction() as db:
            await _drop_old_drafts(db, shop)
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
                    **values,
                )
            )
        return file

    async def remap(self, shop: ShopId, file: str, fields: Sequence[str], *, currency: str) -> None:
        """Read the file anew with these columns, and remember them by name for the next file.

        Raises Conflict once it is booked, and BadInput.
        """
        exponent(currency)
        async with self._database.transaction() as db:
            row = await _row(db, shop, file)
            draft = self._draft(row)
        if draft is None:
            raise Conflict("columns: wanted a file that is not booked yet, found one whose columns are fixed")
        draft = _Draft(header=draft.header, rows=draft.rows, fields=checked_fields(fields, len(draft.header)))
        values = await self._read(shop, file, row.source, currency, draft)
        async with self._database.transaction() as db:
            row = await _row(db, shop, file)
            for name, value in values.items():
                setattr(row, name, value)
            for column, field in zip(draft.header, draft.fields, strict=True):
                choice = {"shop": shop, "name": signature([column]), "field": field}
                if not await insert_once(db, OrderColumnsRow, choice):
                    (await db.get_one(OrderColumnsRow, (shop, choice["name"]))).field = field

    async def file(self, shop: ShopId, file: str) -> OrderFile:
        """The file. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await _row(db, shop, file)
            return _file(row, self._draft(row))

    async def compare(self, shop: ShopId, file: OrderFile) -> list[Compared]:
        """Every order of the file beside the books, and those of the books in the file's time that it lacks."""
        async with self._database.transaction() as db:
            books = await _books_beside(db, shop, file)
        return compared(file.orders, books)

    async def book(self, shop: ShopId, file: str, *, set_differing: bool, by: str, address: str = "") -> int:
        """Book the file's next 2,000 new orders, and set differing ones as the file has them if wanted; how many.

        Doing it again books nothing twice: an order's number is its place in the books.
        """
        found = await self.file(shop, file)
        wanted = {"new", "differing"} if set_differing else {"new"}
        chosen = [one for one in await self.compare(shop, found) if one.fate in wanted and one.file is not None]
        messages = [self._message(found, one.file, one.fate) for one in chosen[:BOOK_MOST] if one.file is not None]
        raw = json.dumps({"file": file, "name": found.name}, ensure_ascii=False).encode()
        for start in range(0, len(messages), BOOK_AT_ONCE):
            await self._orders.book(shop, found.source, raw, messages[start : start + BOOK_AT_ONCE])
        async with self._database.transaction() as db:
            row = await _row(db, shop, file)
            row.booked_at, row.draft = datetime.now(UTC), None
            audit.note(
                db, shop, by, "orders_imported", object=found.name, detail={"orders": len(messages)}, address=address
            )
        return len(messages)

    async def _read(self, shop: ShopId, file: str, source: str, currency: str, draft: _Draft) -> dict[str, Any]:
        """The row's columns that follow from how the sheet is read; off the loop, for a show may be talking."""
        orders: list[SheetOrder] = []
        problems: list[RowProblem] = []
        if not missing_in(draft.fields):
            orders, problems = await asyncio.to_thread(
                orders_in, draft.rows, draft.fields, shop, source, currency, self._orders.buyers
            )
        packed = await asyncio.to_thread(_packed, draft)
        return {
            "currency": currency,
            "columns": {field: name for field, name in zip(draft.fields, draft.header, strict=True) if field},
            "rows": [order.to_json() for order in orders],
            "problems": [
                {"row": one.row, "field": one.field, "wanted": one.wanted, "found": one.found} for one in problems
            ],
            "draft": self._orders.seal(packed, f"{shop}/order_file/{file}"),
        }

    def _draft(self, row: OrderFileRow) -> _Draft | None:
        if row.draft is None:
            return None
        packed = self._orders.open(row.draft, f"{row.shop}/order_file/{row.file}")
        body = json.loads(zlib.decompress(base64.b64decode(packed)))
        return _Draft(
            header=tuple(body["header"]),
            rows=[(number, cells) for number, cells in body["rows"]],
            fields=tuple(body["fields"]),
        )

    def _message(self, file: OrderFile, order: SheetOrder, fate: Fate) -> Message:
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
            # A file that a version before 0.3 read holds buyers without the key.
            buyer=None if order.buyer is None else self._orders.buyers.keyed(order.buyer),
            buyer_shown=order.buyer_shown,
            code=order.code,
        )
        return Message(order=order.order, event_id=event_id, event=event)


def settled(named: Sequence[str], remembered: Sequence[str | None]) -> tuple[str, ...]:
    """The field of each column: as the shop chose for its name before, else by our names where still free (pure)."""
    taken = {field for field in remembered if field}
    return tuple(
        known if known is not None else "" if field in taken else field
        for field, known in zip(named, remembered, strict=True)
    )


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


async def files_of(db: AsyncSession, shop: ShopId, most: int = 20) -> list[FileCard]:
    """The shop's order files, newest first."""
    row = OrderFileRow
    found = select(row.file, row.source, row.name, row.by, row.at, row.booked_at).where(row.shop == shop)
    rows = (await db.execute(found.order_by(row.at.desc()).limit(most))).all()
    return [
        FileCard(id=one.file, source=one.source, name=one.name, by=one.by, at=one.at, booked_at=one.booked_at)
        for one in rows
    ]


async def _remembered(db: AsyncSession, shop: ShopId, header: Sequence[str]) -> list[str | None]:
    """What the shop took each of these columns for last; None for one it never mapped, and for a second of a field."""
    keys = [signature([column]) for column in header]
    found = select(OrderColumnsRow.name, OrderColumnsRow.field).where(
        OrderColumnsRow.shop == shop, OrderColumnsRow.name.in_(keys)
    )
    known = {row.name: row.field for row in (await db.execute(found)).all()}
    chosen = [known.get(key) for key in keys]
    return [None if field and field in chosen[:place] else field for place, field in enumerate(chosen)]


async def _drop_old_drafts(db: AsyncSession, shop: ShopId) -> None:
    """What nobody booked within a week loses its sheet, which names people."""
    old = (OrderFileRow.shop == shop, OrderFileRow.at < datetime.now(UTC) - DRAFT_KEPT)
    await db.execute(update(OrderFileRow).where(*old).values(draft=None))


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


def _packed(draft: _Draft) -> str:
    body = {"header": draft.header, "rows": draft.rows, "fields": draft.fields}
    return base64.b64encode(zlib.compress(json.dumps(body, ensure_ascii=False).encode())).decode()


def _file(row: OrderFileRow, draft: _Draft | None) -> OrderFile:
    return OrderFile(
        id=row.file,
        source=row.source,
        name=row.name,
        by=row.by,
        at=row.at,
        booked_at=row.booked_at,
        currency=row.currency,
        columns=row.columns,
        mapping=() if draft is None else sheet_columns(draft.header, draft.rows, draft.fields),
        missing=() if draft is None else missing_in(draft.fields),
        orders=tuple(order_from_json(one) for one in row.rows),
        problems=tuple(row.problems),
    )
