"""Writing a show's script in the background, block by block, told to every page that looks on."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import structlog

from app.errors import Conflict, ZhuboError
from app.events import ProductId, ShopId, ShowId
from app.live.shelf import today
from app.shows.script_lines import BlockWords, Words
from app.shows.service import Shows
from scripts_gen.language import LanguageModel
from scripts_gen.rundown import filled, kinds_for
from scripts_gen.writer import write_segment, write_segments

log = structlog.get_logger()

REMEMBERED = 50  # finished writings whose last state pages may still ask for; the oldest is forgotten
READING_PATIENCE = 240.0  # seconds a block waits for its listing to be read; then it is written from what is known
LOOK = 0.5  # seconds between looks at the reading
BlockState = Literal["waiting", "reading", "writing", "done", "kept"]


class Read(Protocol):
    """How far the reading of listings is."""

    @property
    def done(self) -> bool:
        """Nothing waits any more."""
        ...

    @property
    def mood(self) -> str:
        """`reading`, `paused` while something is on air, or `away`."""
        ...


class Reader(Protocol):
    """Reads listings into facts (app/catalogue/extraction.py)."""

    async def want(self, shop: ShopId, products: Sequence[ProductId]) -> None:
        """Read these next, those already read excepted."""
        ...

    async def progress(self, shop: ShopId, products: Sequence[ProductId]) -> Read:
        """How far they are."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLine:
    """A line that is there: its kind, its words with today's money, and who worded it."""

    kind: str
    text: str
    worded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockProgress:
    """How far one product's words are. `kept`: somebody saved others meanwhile, and theirs stay."""

    block: str
    title: str
    state: BlockState
    wanted: int
    lines: tuple[WrittenLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the writing of a show is. `away`: the model did not answer, so code worded lines in its place."""

    state: Literal["queued", "writing", "done", "stopped", "failed"]
    blocks: tuple[BlockProgress, ...]
    away: bool = False

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.state in ("queued", "writing")

    @property
    def done(self) -> int:
        """Lines that are there."""
        return sum(len(block.lines) for block in self.blocks)

    @property
    def wanted(self) -> int:
        """Lines that there will be."""
        return sum(block.wanted for block in self.blocks)


@dataclass
class _Job:
    progress: Progress
    task: "asyncio.Task[None] | None" = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, progress: Progress) -> None:
        self.progress = progress
        self.news.set()
        self.news = asyncio.Event()

    def block(self, name: str, **changes: object) -> None:
        blocks = tuple(
            replace(each, **changes) if each.block == name else each  # type: ignore[arg-type]  # fields of it
            for each in self.progress.blocks
        )
        self.tell(replace(self.progress, blocks=blocks))


class Writers:
    """Writes one show at a time; others wait. `model` None means code alone, `reader` None that no listing is read."""

    def __init__(self, shows: Shows, model: LanguageModel | None, reader: Reader | None = None) -> None:
        self._shows, self._model, self._reader = shows, model, reader
        self._jobs: dict[tuple[ShopId, ShowId], _Job] = {}
        self._turn = asyncio.Semaphore(1)

    async def start(
        self, shop: ShopId, show: ShowId, by: str, *, blocks: Sequence[str] = (), again: bool = False
    ) -> Progress:
        """Write the blocks that have no words yet, the named ones anew, or with `again` all. Raises NotFound.

        While the show is being written, asking again changes nothing.
        """
        running = self._jobs.get((shop, show))
        if running is not None and running.progress.running:
            return running.progress
        found = await self._shows.scripts.blocks(shop, show)
        wanted = [each for each in found if (each.product.id in blocks if blocks else again or not each.lines)]
        job = _Job(
            Progress(
                state="queued" if wanted else "done",
                blocks=tuple(
                    BlockProgress(
                        block=each.product.id,
                        title=each.product.title,
                        state="waiting",
                        wanted=len(kinds_for(each.goal)),
                    )
                    for each in wanted
                ),
            )
        )
        self._jobs.pop((shop, show), None)
        self._jobs[shop, show] = job
        for old in [key for key, each in self._jobs.items() if not each.progress.running][:-REMEMBERED]:
            del self._jobs[old]
        if wanted:
            job.task = asyncio.create_task(self._write(shop, show, job, wanted, by), name=f"script:{show}")
        return job.progress

    def progress(self, shop: ShopId, show: ShowId) -> Progress | None:
        """How far the show's last writing is; None when it was not written since the studio started."""
        job = self._jobs.get((shop, show))
        return None if job is None else job.progress

    async def follow(self, shop: ShopId, show: ShowId) -> AsyncGenerator[Progress, None]:
        """Each state of the writing from now on, until it ends."""
        while (job := self._jobs.get((shop, show))) is not None:
            news = job.news
            yield job.progress
            if not job.progress.running:
                return
            await news.wait()

    async def stop(self, shop: ShopId, show: ShowId) -> None:
        """End the writing; finished blocks stay."""
        job = self._jobs.get((shop, show))
        if job is not None and job.task is not None and not job.task.done():
            job.task.cancel()
            await asyncio.gather(job.task, return_exceptions=True)

    async def line(self, shop: ShopId, show: ShowId, block: str, number: int, by: str, *, based_on: int) -> int:
        """Write one line anew, in other words; the new version. Raises NotFound, and Conflict when somebody saved."""
        found = await self._shows.scripts.block(shop, show, block)
        old = next((line for line in found.lines if line.number == number), None)
        plan = await self._shows.plan(shop, show)
        written = await write_segment(
            "opening" if old is None else old.kind,
            today(found.product),
            plan.lang,
            plan.persona,
            self._model,
            product=block,
            extra=[text for _, text in plan.policies],
            said=[line.text for line in found.lines if line.number != number],
            turn=found.version + 1,
        )
        words = Words(kind=written.segment.kind, text=written.segment.text, worded=written.worded)
        if old is not None:
            words = replace(words, kind=old.kind)
        return await self._shows.scripts.put(shop, show, block, number, words, by, based_on=based_on)

    async def close(self) -> None:
        """Stop all writing."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, shop: ShopId, show: ShowId, job: _Job, wanted: Sequence[BlockWords], by: str) -> None:
        try:
            async with self._turn:
                job.tell(replace(job.progress, state="writing"))
                for found in wanted:
                    await self._block(shop, show, job, found, by)
            job.tell(replace(job.progress, state="done"))
        except asyncio.CancelledError:
            job.tell(replace(job.progress, state="stopped"))
            raise
        except (ZhuboError, OSError) as problem:
            # The show or its product went while it was written: the page says so, the log says what.
            log.warning("script.failed", show=show, problem=str(problem)[:200])
            job.tell(replace(job.progress, state="failed"))

    async def _read(self, shop: ShopId, job: _Job, product: ProductId) -> None:
        """Have the product's listing read before it is written about; not waited for when the reader cannot go on."""
        if self._reader is None:
            return
        await self._reader.want(shop, [product])
        deadline = asyncio.get_running_loop().time() + READING_PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            progress = await self._reader.progress(shop, [product])
            if progress.done or progress.mood != "reading":
                return
            if next(each for each in job.progress.blocks if each.block == product).state != "reading":
                job.block(product, state="reading")
            await asyncio.sleep(LOOK)

    async def _block(self, shop: ShopId, show: ShowId, job: _Job, found: BlockWords, by: str) -> None:
        await self._read(shop, job, found.product.id)
        plan = await self._shows.plan(shop, show)
        product = next((each for each in plan.products if each.id == found.product.id), found.product)
        facts = today(product)
        job.block(product.id, state="writing")
        lines: list[Words] = []
        shown: list[WrittenLine] = []
        async with aclosing(
            write_segments(
                facts,
                plan.lang,
                plan.persona,
                self._model,
                product=product.id,
                extra=[text for _, text in plan.policies],
                kinds=kinds_for(found.goal),
                turn=found.version,
            )
        ) as segments:
            async for written in segments:
                segment = written.segment
                lines.append(Words(kind=segment.kind, text=segment.text, worded=written.worded))
                text = filled(segment.text, facts.price, facts.list_price, facts.currency, plan.lang) or segment.text
                shown.append(WrittenLine(kind=segment.kind, text=text, worded=written.worded))
                job.progress = replace(job.progress, away=job.progress.away or written.worded == "away")
                job.block(product.id, lines=tuple(shown))
        try:
            await self._shows.scripts.save(shop, show, product.id, lines, "written", by, based_on=found.version)
        except Conflict:
            job.block(product.id, state="kept")
        else:
            job.block(product.id, state="done")
