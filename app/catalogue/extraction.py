"""Listings read by the model, one after another, when nothing is on air: asked for by shows and pasted texts.

The parsers' part is done at once by whoever asks. The queue stands in SQL, so a restart goes on where it was; a
reading that is interrupted is begun again.
"""

import asyncio
import hashlib
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.catalogue import queue, store
from app.catalogue.factbook import laid_over
from app.catalogue.facts import facts_of, in_listing, merged, whole_of
from app.catalogue.queue import ExtractionRow, PasteItemRow
from app.database import Database
from app.errors import NotFound
from app.events import ProductId, ShopId
from scripts_gen import extract as reading
from scripts_gen.extract import Extraction as Found
from scripts_gen.extract import parsed
from scripts_gen.facts import facts_from_json
from scripts_gen.language import LanguageModel

log = structlog.get_logger()

EVERY = 1.0  # seconds between looks at the queue when nobody rings
LOOK = 0.2  # seconds after which a reading notices that a show went on air
TRIES = 3  # readings without an answer of the model until the merchant is told
MEASURED = 20  # newest readings of which the median is the estimate

Mood = Literal["reading", "paused", "away"]
"""Reading or about to; paused because something is on air; the model does not answer yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A listing that could not be read and why: `away` (the model gave no answer), `empty` (no words in it)."""

    product: ProductId
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reading is: of `wanted` listings some are read, some failed, the others wait.

    `seconds_left` is the number that waits times the measured median; None until one was measured.
    """

    wanted: int
    read: int
    failed: tuple[Failure, ...]
    mood: Mood
    seconds_left: float | None

    @property
    def waiting(self) -> int:
        """Listings that nobody has read yet."""
        return self.wanted - self.read - len(self.failed)

    @property
    def done(self) -> bool:
        """Nothing waits any more."""
        return self.waiting == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    shop: ShopId
    listing: str
    product: ProductId | None = None
    paste: str = ""
    place: int = 0


class Extraction:
    """The queue and its one reader. `model` None: the parsers alone read. `busy` is true while anything is on air."""

    def __init__(
        self,
        database: Database,
        model: LanguageModel | None,
        *,
        busy: Callable[[], bool],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database, self._model = database, model
        self._busy, self._ready = busy, ready
        self.doorbell = asyncio.Event()

    async def want(self, shop: ShopId, products: Sequence[ProductId]) -> None:
        """Read these listings in this order: the parsers now, the model soon. Raises NotFound.

        Whatever somebody has confirmed as a whole, or was read since it last changed, is not read again.
        """
        now = datetime.now(UTC)
        for place, product in enumerate(products):
            async with self._database.transaction() as db:
                row = await store.our_product(db, shop, product)
                known = await queue.extraction_of(db, shop, product)
                if row.confirmed_at is not None or (known is not None and known.listing == hash_of(row.listing)):
                    continue
            found = await asyncio.to_thread(parsers_alone, row.listing)
            async with self._database.transaction() as db:
                row = await store.our_product(db, shop, product, change=True)
                if found is not None:
                    await laid_over(db, row, found.facts, "extraction")
                await db.merge(
                    ExtractionRow(
                        shop=shop,
                        product=product,
                        place=place,
                        state="failed" if found is None else "waiting",
                        listing=hash_of(row.listing),
                        asked_at=now,
                        tries=0,
                        seconds=None,
                        problem="empty" if found is None else "",
                    )
                )
        self.doorbell.set()

    async def retry(self, shop: ShopId, product: ProductId) -> None:
        """Read a listing once more, by a person's wish. Raises NotFound."""
        async with self._database.transaction() as db:
            await store.our_product(db, shop, product)
            known = await queue.extraction_of(db, shop, product)
            if known is None:
                raise NotFound(f"extraction: wanted a product that was asked for, found {product!r}")
            known.state, known.tries, known.problem, known.asked_at = "waiting", 0, "", datetime.now(UTC)
        self.doorbell.set()

    async def progress(self, shop: ShopId, products: Sequence[ProductId] | None = None) -> Progress:
        """How far these products are, or all that the shop has asked for."""
        async with self._database.transaction() as db:
            rows = await queue.extractions_of(db, shop, products)
            taken = await queue.recent_seconds(db, shop, MEASURED)
        return self._progress(rows, taken)

    async def progress_of_paste(self, shop: ShopId, paste: str) -> Progress:
        """How far the pieces of a pasted text are. Raises NotFound."""
        async with self._database.transaction() as db:
            rows = await queue.paste_items_of(db, shop, paste)
            taken = await queue.recent_seconds(db, shop, MEASURED)
        if not rows:
            raise NotFound(f"paste: wanted one of this shop, found {paste!r}")
        return self._progress(rows, taken)

    def _progress(self, rows: "Sequence[ExtractionRow] | Sequence[PasteItemRow]", taken: Sequence[float]) -> Progress:
        failed = tuple(
            Failure(
                product=ProductId(row.product if isinstance(row, ExtractionRow) else str(row.place)),
                problem=row.problem,
            )
            for row in rows
            if row.state == "failed"
        )
        waiting = sum(row.state == "waiting" for row in rows)
        return Progress(
            wanted=len(rows),
            read=sum(row.state == "read" for row in rows),
            failed=failed,
            mood="paused" if self._busy() else "reading" if self._model is None or self._ready() else "away",
            seconds_left=waiting * statistics.median(taken) if taken else None,
        )

    async def run(self) -> None:
        """Read whatever waits, for ever. Cancel the task to stop."""
        while True:
            try:
                while await self.read_one():
                    log.debug("extraction.read")
            except (SQLAlchemyError, OSError) as problem:
                log.warning("extraction.waits", problem=type(problem).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.doorbell.wait(), EVERY)
            self.doorbell.clear()

    async def read_one(self) -> bool:
        """Read the listing whose turn it is; False when there is none, or something on air goes first."""
        if self._busy() or not (self._model is None or self._ready()):
            return False
        job = await self._next()
        if job is None:
            return False
        since = time.monotonic()
        try:
            found = await self._read(job.listing)
        except ValueError:
            await self._give_up(job)  # it was changed into something without a word
            return True
        if found is None:
            return False
        await self._keep(job, found, time.monotonic() - since)
        return True

    async def _next(self) -> _Job | None:
        async with self._database.transaction() as db:
            pasted = await queue.next_paste_item(db)
            if pasted is not None:
                return _Job(shop=ShopId(pasted.shop), listing=pasted.listing, paste=pasted.paste, place=pasted.place)
            row = await queue.next_extraction(db)
            if row is None:
                return None
            shop, product = ShopId(row.shop), ProductId(row.product)
            return _Job(shop=shop, listing=(await store.our_product(db, shop, product)).listing, product=product)

    async def _read(self, listing: str) -> Found | None:
        """What is found; None when a show went on air meanwhile, which needs the model more."""
        task = asyncio.create_task(reading.extract(listing, self._model), name="extraction:listing")
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                if self._busy() and not task.done():
                    return None
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep(self, job: _Job, found: Found, seconds: float) -> None:
        read = found.by_model or self._model is None
        async with self._database.transaction() as db:
            if job.product is not None:
                row = await store.our_product(db, job.shop, job.product, change=True)
                known = await queue.extraction_of(db, job.shop, job.product)
                if row.listing == job.listing:
                    await laid_over(db, row, found.facts, "extraction")
                if known is not None:
                    known.listing = hash_of(job.listing)
                    _noted(known, read, seconds)
                return
            item = await db.get(PasteItemRow, (job.shop, job.paste, job.place))
            if item is not None:
                before = facts_from_json(item.facts)
                both = merged(
                    facts_of(before), in_listing(facts_of(found.facts), item.listing), confirmed=(), refused=()
                )
                item.facts = store.facts_to_row(whole_of(both.facts, before.currency))
                _noted(item, read, seconds)

    async def _give_up(self, job: _Job) -> None:
        async with self._database.transaction() as db:
            row = (
                await db.get(PasteItemRow, (job.shop, job.paste, job.place))
                if job.product is None
                else await queue.extraction_of(db, job.shop, job.product)
            )
            if row is not None:
                row.state, row.problem = "failed", "empty"


def _noted(row: ExtractionRow | PasteItemRow, read: bool, seconds: float) -> None:
    row.tries += 1
    if read:
        row.state, row.seconds, row.problem = "read", seconds, ""
    elif row.tries >= TRIES:
        row.state, row.problem = "failed", "away"


def hash_of(listing: str) -> str:
    """The listing's hash, by which it is known whether it was read as it stands."""
    return hashlib.sha256(listing.encode(errors="surrogatepass")).hexdigest()


def parsers_alone(listing: str) -> Found | None:
    """What the parsers find, at once; None where no word is about goods."""
    try:
        return parsed(listing)
    except ValueError:
        return None
