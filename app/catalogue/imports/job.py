"""The work of an import: goods to the shelf in chunks, each chunk one transaction that also moves the mark of progress.

After a crash the next start goes on behind the last committed chunk. Two workers on one import do no harm: the mark
moves from where each believes it to be, so that only one of them gets a chunk.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from app.catalogue import pictures
from app.catalogue.fetch import fetched
from app.catalogue.imports import store
from app.catalogue.imports.goods import Good, goods_in
from app.catalogue.imports.mapping import chosen_by
from app.catalogue.imports.problems import KEPT, Problem, shown
from app.catalogue.imports.service import Imports, choices_of
from app.catalogue.imports.shelf import Placed, put_goods
from app.catalogue.imports.store import ImportRow, OutcomeRow
from app.catalogue.imports.values import stem
from app.catalogue.store import product_row
from app.database import Database
from app.errors import ZhuboError
from app.events import LiveEvent, ProductId, ShopId

CHUNK = 400  # products a transaction; about 0.15 s of the database
FETCHES = 4  # pictures fetched at once
AGAIN = 5.0  # seconds until the table of imports is asked again, when the database was away

Tell = Callable[[ShopId, None, LiveEvent], None]
Fetch = Callable[[str], Awaitable[bytes]]
_log = structlog.get_logger()


class ImportJob:
    """Works off running imports, one after another."""

    def __init__(
        self, database: Database, imports: Imports, data_dir: Path, tell: Tell, fetch: Fetch = fetched
    ) -> None:
        self._database, self._imports, self._data_dir = database, imports, data_dir
        self._tell, self._fetch = tell, fetch

    async def run(self) -> None:
        """For as long as the studio runs; cancel the task to end it. Takes up what an earlier run left."""
        while True:
            self._imports.wake.clear()
            try:
                while running := await self._running():
                    await self.work(*running[0])
            except SQLAlchemyError as problem:
                _log.warning("imports_wait", error=str(problem))
                await asyncio.sleep(AGAIN)
                continue
            await self._imports.wake.wait()

    async def work(self, shop: ShopId, id: str) -> None:
        """One import to its end: done, cancelled by somebody, or failed with its reason."""
        try:
            await self._rows(shop, id)
            await self._pictures(shop, id)
        except (ZhuboError, ValueError, KeyError, OSError) as problem:
            _log.error("import_failed", shop=shop, id=id, error=str(problem), exc_info=problem)
            await self._end(shop, id, "failed", str(problem))
            return
        await self._end(shop, id, "done", "")

    async def _running(self) -> Sequence[tuple[ShopId, str]]:
        async with self._database.transaction() as db:
            return await store.running_imports(db)

    async def _rows(self, shop: ShopId, id: str) -> None:
        async with self._database.transaction() as db:
            row = await store.import_row(db, shop, id)
        if row is None or row.state != "running":
            return
        table = await self._imports.table(shop, id)
        columns = chosen_by(table, row.fields)
        goods = await asyncio.to_thread(lambda: list(goods_in(table, columns, choices_of(row.choices))))
        matched = _matched(goods, row.pictures)
        async with self._database.transaction() as db:
            counted = await store.import_row(db, shop, id)
            if counted is not None:
                counted.goods = len(goods)
        done = row.goods_done
        while done < len(goods):
            chunk = goods[done : done + CHUNK]
            began = time.monotonic()
            async with self._database.transaction() as db:
                if not await store.advance(db, shop, id, done=done, to=done + len(chunk)):
                    return
                placed = await put_goods(
                    db, shop, chunk, basis=row.choices["basis"], file_prices=row.choices["prices"] == "file",
                    pictures=matched, by=row.by, why=f"import {row.file_name}",
                )  # fmt: skip
                fetch = bool(row.choices["fetch"])
                await db.execute(
                    insert(OutcomeRow), [_outcome(shop, id, done + n, one, fetch) for n, one in enumerate(placed)]
                )
                now_at = await store.import_row(db, shop, id)
                if now_at is not None:
                    await db.refresh(now_at)
                    now_at.counts = _counted(now_at.counts, placed)
                    now_at.seconds += time.monotonic() - began
            # Only what is committed is told.
            for one in placed:
                for event in one.news:
                    self._tell(shop, None, event)
            done += len(chunk)
        await self._note_unused(shop, id, row, matched)

    async def _note_unused(self, shop: ShopId, id: str, row: ImportRow, matched: Mapping[str, str]) -> None:
        unused = [name for name, path in row.pictures.items() if path not in matched.values()]
        if not unused:
            return
        async with self._database.transaction() as db:
            found = await store.import_row(db, shop, id)
            if found is not None:
                told = [
                    Problem(row=0, field="picture", code="picture_unused", found=shown(name)).to_json()
                    for name in unused
                ]
                found.notes = [*(note for note in found.notes if note["code"] != "picture_unused"), *told]

    async def _pictures(self, shop: ShopId, id: str) -> None:
        """Fetch pictures by address, where the merchant asked for it, for products that have none."""
        async with self._database.transaction() as db:
            row = await store.import_row(db, shop, id)
            if row is None or row.state != "running" or not row.choices["fetch"]:
                return
            row.fetches = await store.count_wanted_pictures(db, shop, id)
        after = -1
        skip = row.fetches_done
        while True:
            async with self._database.transaction() as db:
                row = await store.import_row(db, shop, id)
                batch = await store.wanted_pictures(db, shop, id, after, FETCHES)
            if row is None or row.state != "running" or not batch:
                return
            after = batch[-1].place
            if skip >= len(batch):  # fetched by an earlier run
                skip -= len(batch)
                continue
            skip = 0
            results = await asyncio.gather(*(self._one_picture(item.address) for item in batch))
            async with self._database.transaction() as db:
                for item, result in zip(batch, results, strict=True):
                    await self._take(db, shop, item, result)
                row = await store.import_row(db, shop, id)
                if row is not None:
                    got = sum(not isinstance(result, Problem) for result in results)
                    row.fetches_done += len(batch)
                    row.counts = {**row.counts, "pictures": row.counts.get("pictures", 0) + got}

    async def _one_picture(self, address: str) -> str | Problem:
        try:
            raw = await self._fetch(address)
            return await asyncio.to_thread(pictures.keep, self._data_dir, raw)
        except ZhuboError as problem:
            return Problem(row=0, field="picture", code="picture_away", found=shown(f"{address}: {problem}", 200))

    async def _take(self, db: Any, shop: ShopId, item: OutcomeRow, result: str | Problem) -> None:
        if isinstance(result, Problem):
            outcome = await db.get(OutcomeRow, (item.shop, item.id, item.place))
            outcome.problems = [*outcome.problems, {**result.to_json(), "row": item.row}]
            outcome.troubles += 1
            return
        row = await product_row(db, shop, ProductId(item.product or ""))
        if row is not None and row.picture is None:
            row.picture = result

    async def _end(self, shop: ShopId, id: str, state: str, failure: str) -> None:
        async with self._database.transaction() as db:
            row = await store.import_row(db, shop, id)
            if row is not None and row.state == "running":
                row.state, row.failure, row.ended_at = state, failure[:400], datetime.now(UTC)


def _matched(goods: Sequence[Good], kept: Mapping[str, str]) -> dict[str, str]:
    """Article number → uploaded picture: by the file name in the row, else by the article number as the name."""
    if not kept:
        return {}
    matched = {}
    for good in goods:
        names = [*(stem(name) for name in good.pictures), good.sku.casefold()]
        names += [f"{good.sku.casefold()}{tail}" for tail in ("-1", "_1", "-01", "_01")]
        if good.facts is not None:
            names.append(stem(good.facts.title))
        path = next((kept[name] for name in names if name in kept), None)
        if path is not None:
            matched[good.sku] = path
    return matched


def _outcome(shop: ShopId, id: str, place: int, one: Placed, fetch: bool) -> dict[str, Any]:
    problems = [*one.good.problems, *one.problems]
    address = next((name for name in one.good.pictures if "://" in name), "") if fetch else ""
    wanted = address if one.product is not None and not one.picture and len(address) <= 2000 else ""
    return {
        "shop": shop,
        "id": id,
        "place": place,
        "row": one.good.row,
        "outcome": one.result,
        "sku": one.good.sku[:64],
        "title": (one.good.facts.title if one.good.facts else "")[:200],
        "product": one.product,
        "troubles": len(problems),
        "problems": [problem.to_json() for problem in problems],
        "address": wanted,
    }


def _counted(before: Mapping[str, int], placed: Sequence[Placed]) -> dict[str, int]:
    counts = dict(before)
    for one in placed:
        counts[one.result] = counts.get(one.result, 0) + 1
        if one.result != "refused":
            counts["unread"] = counts.get("unread", 0) + one.good.unread
        problems = [*one.good.problems, *one.problems]
        counts["kept"] = counts.get("kept", 0) + sum(problem.code in KEPT for problem in problems)
        counts["problems"] = counts.get("problems", 0) + sum(problem.code not in KEPT for problem in problems)
    return counts
