"""Uploads of every shop: a file read and kept as a table, its columns mapped and tried out, then put to work."""

import asyncio
import hashlib
import json
import re
import secrets
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from app.access.audit import Detail, note
from app.catalogue import pictures
from app.catalogue.imports import store
from app.catalogue.imports.fields import FIELDS
from app.catalogue.imports.gather import gathered
from app.catalogue.imports.goods import BASES, Choices, Good, goods_in
from app.catalogue.imports.limits import UPLOADS_AN_HOUR
from app.catalogue.imports.mapping import Columns, chosen_by, names_msrp, propose, signature
from app.catalogue.imports.problems import FileRefused, Problem, problem_from_json, shown
from app.catalogue.imports.sandbox import read_table, table_from_json
from app.catalogue.imports.store import ImportRow, MappingRow, OutcomeRow, TableRow
from app.catalogue.imports.table import Table
from app.catalogue.imports.values import stem
from app.catalogue.money import EXPONENTS
from app.database import Database
from app.errors import BadInput, Conflict, NotFound, TooLarge, TooOften
from app.events import ProductId, ShopId

State = Literal["uploaded", "mapped", "running", "done", "failed", "cancelled"]
OPEN: frozenset[str] = frozenset({"uploaded", "mapped"})
TRIED = 2000  # products that a preview checks; the import itself checks all
SHOWN = 8  # products of a preview that are shown
PLANNED_MOST = 30  # products that the link to a new show carries
LOOKED_AT = 30  # products whose facts are on one page to be confirmed
RATE = parse(f"{UPLOADS_AN_HOUR} per hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An import as pages see it."""

    id: str
    state: State
    file_name: str
    kind: str
    profile: str | None
    choices: Mapping[str, Any]
    notes: tuple[Problem, ...]
    pictures: Mapping[str, str]
    counts: Mapping[str, int]
    goods: int
    goods_done: int
    fetches: int
    fetches_done: int
    failure: str
    by: str
    created_at: datetime
    ended_at: datetime | None
    seconds: float

    @property
    def eta_seconds(self) -> float | None:
        """What is left at the speed measured so far; None before there is one."""
        if not self.goods_done or not self.seconds:
            return None
        return (self.goods - self.goods_done) * self.seconds / self.goods_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A dry run: the columns, the first products as they would be, and what is wrong with which rows."""

    columns: Columns
    rows: int
    goods: int
    checked_all: bool
    first: tuple[Good, ...]
    refused: int
    problems: tuple[Problem, ...]
    unnumbered: bool


class Imports:
    """The uploads of every shop. Raises NotFound for one of another shop."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database, self._data_dir = database, data_dir
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self.wake = asyncio.Event()

    async def upload(
        self, shop: ShopId, raw: bytes, name: str, images: Sequence[tuple[str, bytes]], by: str, currency: str = "CNY"
    ) -> tuple[str, bool]:
        """Read a file, with pictures beside it; the import's id, and whether this very file was imported before.

        Raises FileRefused (nothing is kept then), TooOften above 60 an hour.
        """
        if not await self._limiter.hit(RATE, "upload", shop):
            raise TooOften(f"uploads: wanted at most {UPLOADS_AN_HOUR} an hour, found more")
        digest = hashlib.sha256(raw).hexdigest()
        if not images:
            async with self._database.transaction() as db:
                before = await store.done_before(db, shop, digest)
            if before is not None:
                return before.id, True
        table = await read_table(raw, name)
        kept, bad = await self._keep_pictures(images)
        return await self._add(shop, table, digest, name, kept, bad, by, currency), False

    async def again(self, shop: ShopId, id: str, by: str) -> str:
        """The table of a finished import once more, to be mapped and run anew."""
        async with self._database.transaction() as db:
            row = await self._row(db, shop, id)
            if row.state not in ("done", "cancelled", "failed"):
                raise Conflict(f"import: wanted one that has ended, found {row.state}")
        table = await self.table(shop, id)
        return await self._add(shop, table, row.file_hash, row.file_name, row.pictures, [], by, row.choices["currency"])

    async def _add(
        self,
        shop: ShopId,
        table: Table,
        digest: str,
        name: str,
        kept: Mapping[str, str],
        bad: Sequence[Problem],
        by: str,
        currency: str,
    ) -> str:
        sign, now, id = signature(table.header), datetime.now(UTC), secrets.token_hex(8)
        async with self._database.transaction() as db:
            known = await store.remembered(db, shop, sign)
            columns = propose(table, known.fields if known else None)
            choices = dict(known.choices) if known else first_choices(table, columns, currency)
            db.add(
                ImportRow(
                    shop=shop, id=id, state="uploaded", file_name=display_name(name), file_hash=digest, kind=table.kind,
                    profile=columns.profile, signature=sign, fields=[column.field for column in columns.columns],
                    choices=choices, notes=[problem.to_json() for problem in (*table.problems, *bad)],
                    pictures=dict(kept), counts={}, goods=0, goods_done=0, fetches=0, fetches_done=0, failure="",
                    by=by[:120], created_at=now, started_at=None, ended_at=None, seconds=0.0,
                )
            )  # fmt: skip
            await db.flush()
            body = await asyncio.to_thread(packed, table)
            db.add(TableRow(shop=shop, id=id, body=body))
        return id

    async def one(self, shop: ShopId, id: str) -> Upload:
        """One import. Raises NotFound."""
        async with self._database.transaction() as db:
            return _upload(await self._row(db, shop, id))

    async def recent(self, shop: ShopId, most: int = 20) -> list[Upload]:
        """The shop's last imports, the newest first."""
        async with self._database.transaction() as db:
            return [_upload(row) for row in await store.imports_newest_first(db, shop, most)]

    async def table(self, shop: ShopId, id: str) -> Table:
        """The table that was in the file. Raises NotFound."""
        async with self._database.transaction() as db:
            body = await store.packed_table(db, shop, id)
        if body is None:
            raise NotFound(f"import: wanted one of this shop, found {id!r}")
        return await asyncio.to_thread(unpacked, body)

    async def trial(self, shop: ShopId, id: str) -> Trial:
        """A dry run over the first products, as the columns are mapped now."""
        async with self._database.transaction() as db:
            row = await self._row(db, shop, id)
            known = await store.remembered(db, shop, row.signature)
        table = await self.table(shop, id)
        columns = propose(table, known.fields if known else None)
        if [column.field for column in columns.columns] != row.fields:
            columns = chosen_by(table, row.fields)
        return await asyncio.to_thread(tried, table, columns, choices_of(row.choices))

    async def remap(self, shop: ShopId, id: str, fields: Sequence[str], choices: Mapping[str, Any]) -> None:
        """Set what each column is, and the sheet's choices; remembered for the next file with this header.

        Raises BadInput for a field that is not one, or fields that only one column can be.
        """
        async with self._database.transaction() as db:
            row = await self._row(db, shop, id)
            if row.state not in OPEN:
                raise Conflict(f"import: wanted one not yet started, found {row.state}")
            row.fields, row.choices = _fields(fields, len(row.fields)), _checked(choices, row.choices)
            row.state = "mapped"
            now = datetime.now(UTC)
            await db.merge(
                MappingRow(shop=shop, signature=row.signature, fields=row.fields, choices=row.choices, at=now)
            )

    async def start(self, shop: ShopId, id: str, by: str, *, address: str = "") -> None:
        """Put the import to work; the job does the rest. Raises FileRefused when no column holds the names."""
        async with self._database.transaction() as db:
            row = await self._row(db, shop, id)
            if row.state not in OPEN:
                raise Conflict(f"import: wanted one not yet started, found {row.state}")
            if "title" not in row.fields:
                raise FileRefused("no_title", "none", field="columns")
            row.state, row.started_at = "running", datetime.now(UTC)
            detail: Detail = {"import": row.id}
            note(db, shop, by, "imported", object=row.file_name, detail=detail, address=address)
        self.wake.set()

    async def cancel(self, shop: ShopId, id: str) -> None:
        """End it: what is on the shelf already stays, the rest is left."""
        async with self._database.transaction() as db:
            row = await self._row(db, shop, id)
            if row.state in ("done", "failed", "cancelled"):
                return
            if row.state in OPEN:
                for path in row.pictures.values():
                    await asyncio.to_thread((self._data_dir / path).unlink, True)
                row.pictures = {}
            row.state, row.ended_at = "cancelled", datetime.now(UTC)

    async def outcomes(
        self, shop: ShopId, id: str, *, troubled: bool = False, most: int | None = None
    ) -> Sequence[OutcomeRow]:
        """What became of each product. Raises NotFound."""
        async with self._database.transaction() as db:
            await self._row(db, shop, id)
            return await store.outcomes(db, shop, id, troubled=troubled, most=most)

    async def products(self, shop: ShopId, id: str, most: int = 200) -> list[str]:
        """The products the import put or found on the shelf, in file order."""
        async with self._database.transaction() as db:
            await self._row(db, shop, id)
            return await store.products_of_import(db, shop, id, most)

    async def unconfirmed(self, shop: ShopId, id: str, most: int = LOOKED_AT) -> tuple[list[ProductId], int]:
        """The first of the import's products whose facts nobody has confirmed as a whole, and how many there are."""
        async with self._database.transaction() as db:
            await self._row(db, shop, id)
            return await store.unconfirmed_of_import(db, shop, id, most)

    async def _keep_pictures(self, images: Sequence[tuple[str, bytes]]) -> tuple[dict[str, str], list[Problem]]:
        kept: dict[str, str] = {}
        bad: list[Problem] = []
        for name, raw in images:
            try:
                kept[stem(name)] = await asyncio.to_thread(pictures.keep, self._data_dir, raw)
            except (BadInput, TooLarge) as problem:
                found = f"{display_name(name)}: {getattr(problem, 'found', '> 10 MB')}"
                bad.append(Problem(row=0, field="picture", code="picture", found=shown(found)))
        return kept, bad

    async def _row(self, db: Any, shop: ShopId, id: str) -> ImportRow:
        row = await store.import_row(db, shop, id)
        if row is None:
            raise NotFound(f"import: wanted one of this shop, found {id!r}")
        return row


def tried(table: Table, columns: Columns, choices: Choices) -> Trial:
    """A dry run of a table (pure)."""
    goods = list(islice(goods_in(table, columns, choices), TRIED))
    # The rest is only counted: reading the cells of twenty thousand rows twice would double the wait.
    total = len(goods) if len(goods) < TRIED else sum(1 for _ in gathered(table, columns))
    return Trial(
        columns=columns,
        rows=len(table.rows),
        goods=total,
        checked_all=total <= TRIED,
        first=tuple(goods[:SHOWN]),
        refused=sum(good.facts is None for good in goods),
        problems=tuple(problem for good in goods for problem in good.problems),
        unnumbered=bool(goods) and not any(good.own_sku for good in goods),
    )


def display_name(name: str) -> str:
    """A file's name as it may be shown: no path, no control or direction marks, at most 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    return kept if 0 < len(kept) <= 120 else (kept[:80] + "…" + kept[-30:] if kept else "file")


def choices_of(body: Mapping[str, Any]) -> Choices:
    """The sheet's choices as the goods are read with."""
    return Choices(currency=body["currency"], basis=body["basis"], today=datetime.now(UTC).date())


def packed(table: Table) -> bytes:
    """The table as the database keeps it."""
    return zlib.compress(json.dumps(table.to_json(), ensure_ascii=False).encode(), 6)


def unpacked(body: bytes) -> Table:
    """The table that `packed` wrote."""
    return table_from_json(json.loads(zlib.decompress(body)))


def first_choices(table: Table, columns: Columns, currency: str) -> dict[str, Any]:
    """What is chosen for a sheet before anybody chose: the shop's currency, and a basis only where a header says it."""
    chinese = any(re.search("[㐀-鿿]", cell) for _, row in table.rows[:20] for cell in row)
    if columns.profile in ("shopify", "woocommerce", "bigcommerce", "magento") and not chinese and currency == "CNY":
        currency = "USD"  # those exports name no currency; the merchant sees and can change it
    return {
        "currency": currency,
        "basis": "msrp" if names_msrp(columns) else "",
        "prices": "studio",
        "fetch": False,
    }


def _fields(fields: Sequence[str], count: int) -> list[str]:
    if len(fields) != count:
        raise BadInput("columns", f"{count} of them", len(fields))
    for field in fields:
        if field and field not in FIELDS:
            raise BadInput("columns", "one of the fields on the page", field)
    return list(fields)


def _checked(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(given.get("currency", before["currency"]))
    if currency not in EXPONENTS:
        raise BadInput("currency", "a known ISO 4217 code", currency)
    basis = str(given.get("basis", before["basis"]))
    if basis not in ("", *BASES):
        raise BadInput("basis", "msrp, platform_price, lowest_7_days or none", basis)
    prices = str(given.get("prices", before["prices"]))
    if prices not in ("studio", "file"):
        raise BadInput("prices", "studio or file", prices)
    return {"currency": currency, "basis": basis, "prices": prices, "fetch": bool(given.get("fetch", before["fetch"]))}


def _upload(row: ImportRow) -> Upload:
    state: State = row.state  # type: ignore[assignment]  # written by this file and the job alone
    return Upload(
        id=row.id,
        state=state,
        file_name=row.file_name,
        kind=row.kind,
        profile=row.profile,
        choices=row.choices,
        notes=tuple(map(problem_from_json, row.notes)),
        pictures=row.pictures,
        counts=row.counts,
        goods=row.goods,
        goods_done=row.goods_done,
        fetches=row.fetches,
        fetches_done=row.fetches_done,
        failure=row.failure,
        by=row.by,
        created_at=row.created_at,
        ended_at=row.ended_at,
        seconds=row.seconds,
    )
