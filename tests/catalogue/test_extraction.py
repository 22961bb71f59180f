"""Listings are read in show order, when nothing is on air, and a restart goes on where it was."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence

import pytest

from app.access.service import Access
from app.catalogue.extraction import TRIES, Extraction
from app.catalogue.service import Catalogue
from app.database import Database
from app.errors import NotFound
from app.events import ProductId, ShopId
from scripts_gen.facts import ProductFacts
from scripts_gen.language import Prompt, Sampling, Shape

MINE, OTHER = ShopId("mine"), ShopId("other")


class Reader:
    """A model that finds one selling point in each listing; `away` answers nothing, `held` answers when let go."""

    def __init__(self) -> None:
        self.away = False
        self.held: asyncio.Event | None = None
        self.began = asyncio.Event()
        self.read: list[str] = []

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """The listing's last line as a selling point."""
        if self.away:
            raise OSError("the model is away")
        self.began.set()
        if self.held is not None:
            await self.held.wait()
        listing = prompt.messages[-1].content
        self.read.append(listing.splitlines()[0])
        yield json.dumps({"title": "", "brand": None, "selling_points": [listing.splitlines()[-1]]})


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    access = Access(database)
    await access.open_shop(MINE, "Mine", owner="Lin", account="mine")
    await access.open_shop(OTHER, "Other", owner="Wu", account="other")
    return Catalogue(database)


async def shelf(catalogue: Catalogue, *names: str) -> list[ProductId]:
    return [
        await catalogue.add(
            MINE,
            sku=f"sku-{number}",
            lang="zh",
            listing=f"{name}\n品牌：暖屋\n净重：280克\n冬天窝在沙发上穿的那一双",
            facts=ProductFacts(title=name),
            stock=1,
            by="Lin",
        )
        for number, name in enumerate(names)
    ]


async def read_all(extraction: Extraction) -> int:
    count = 0
    while await extraction.read_one():
        count += 1
    return count


async def points(catalogue: Catalogue, product: ProductId) -> Sequence[str]:
    return (await catalogue.product(MINE, product)).facts.selling_points


async def test_the_parsers_read_at_once_and_the_model_in_show_order(database: Database, catalogue: Catalogue) -> None:
    first, second, third = await shelf(catalogue, "云朵棉拖", "小熊睡衣", "羊毛围巾")
    model = Reader()
    extraction = Extraction(database, model, busy=lambda: False)
    await extraction.want(MINE, [third, first])
    assert (await catalogue.product(MINE, third)).facts.brand == "暖屋"
    progress = await extraction.progress(MINE, [third, first])
    assert (progress.wanted, progress.read, progress.waiting, progress.seconds_left) == (2, 0, 2, None)
    assert await read_all(extraction) == 2
    assert model.read == ["羊毛围巾", "云朵棉拖"]
    assert await points(catalogue, third) == ("冬天窝在沙发上穿的那一双",)
    assert (await catalogue.product(MINE, second)).facts.brand is None, "nobody asked for it"
    progress = await extraction.progress(MINE, [third, first])
    assert progress.done and progress.read == 2 and progress.seconds_left == 0


async def test_the_estimate_is_what_readings_took_times_what_waits(database: Database, catalogue: Catalogue) -> None:
    products = await shelf(catalogue, "云朵棉拖", "小熊睡衣", "羊毛围巾")
    extraction = Extraction(database, Reader(), busy=lambda: False)
    await extraction.want(MINE, products)
    await extraction.read_one()
    progress = await extraction.progress(MINE)
    assert progress.waiting == 2 and progress.seconds_left is not None and 0 < progress.seconds_left < 60


async def test_what_was_read_or_confirmed_is_not_read_again_until_it_changes(
    database: Database, catalogue: Catalogue
) -> None:
    first, second = await shelf(catalogue, "云朵棉拖", "小熊睡衣")
    await catalogue.confirm(MINE, second, "Ann")
    model = Reader()
    extraction = Extraction(database, model, busy=lambda: False)
    for _ in range(2):
        await extraction.want(MINE, [first, second])
        await read_all(extraction)
    assert model.read == ["云朵棉拖"]
    await catalogue.facts.offer(MINE, first, ProductFacts(title="云朵棉拖"), "import", listing="云朵棉拖\n洗了不掉毛的")
    await extraction.want(MINE, [first])
    await read_all(extraction)
    assert len(model.read) == 2 and "洗了不掉毛的" in await points(catalogue, first)


async def test_a_confirmed_fact_survives_the_reading(database: Database, catalogue: Catalogue) -> None:
    (product,) = await shelf(catalogue, "云朵棉拖")
    await catalogue.facts.add(MINE, product, "brand", "暖屋家居", "Ann")
    extraction = Extraction(database, Reader(), busy=lambda: False)
    await extraction.want(MINE, [product])
    await read_all(extraction)
    sheet = await catalogue.facts.sheet(MINE, product)
    assert sheet.product.facts.brand == "暖屋家居"
    assert [dispute.found.value for dispute in sheet.disputes] == ["暖屋"]


async def test_nothing_is_read_while_something_is_on_air_and_a_reading_gives_way(
    database: Database, catalogue: Catalogue
) -> None:
    (product,) = await shelf(catalogue, "云朵棉拖")
    model, on_air = Reader(), [True]
    extraction = Extraction(database, model, busy=lambda: bool(on_air))
    await extraction.want(MINE, [product])
    assert not await extraction.read_one() and (await extraction.progress(MINE)).mood == "paused"
    on_air.clear()
    model.held = asyncio.Event()
    reading = asyncio.create_task(extraction.read_one())
    await asyncio.wait_for(model.began.wait(), 30)
    on_air.append(True)
    assert not await asyncio.wait_for(reading, 30)
    assert (await extraction.progress(MINE)).waiting == 1
    on_air.clear()
    model.held = None
    assert await read_all(extraction) == 1 and (await extraction.progress(MINE)).done


async def test_a_restart_goes_on_with_what_was_waiting(database: Database, catalogue: Catalogue) -> None:
    products = await shelf(catalogue, "云朵棉拖", "小熊睡衣")
    before = Extraction(database, Reader(), busy=lambda: False)
    await before.want(MINE, products)
    await before.read_one()
    model = Reader()
    after = Extraction(Database(database.url), model, busy=lambda: False)
    await read_all(after)
    assert model.read == ["小熊睡衣"] and (await after.progress(MINE)).done


async def test_a_model_that_gives_no_answer_is_told_and_can_be_asked_again(
    database: Database, catalogue: Catalogue
) -> None:
    (product,) = await shelf(catalogue, "云朵棉拖")
    model = Reader()
    model.away = True
    extraction = Extraction(database, model, busy=lambda: False)
    await extraction.want(MINE, [product])
    assert await read_all(extraction) == TRIES
    (failure,) = (await extraction.progress(MINE)).failed
    assert (failure.product, failure.problem) == (product, "away")
    assert (await catalogue.product(MINE, product)).facts.brand == "暖屋", "the parsers' part stands"
    model.away = False
    await extraction.retry(MINE, product)
    await read_all(extraction)
    assert (await extraction.progress(MINE)).read == 1


async def test_a_model_that_is_still_starting_is_waited_for(database: Database, catalogue: Catalogue) -> None:
    extraction = Extraction(database, Reader(), busy=lambda: False, ready=lambda: False)
    await extraction.want(MINE, await shelf(catalogue, "云朵棉拖"))
    assert not await extraction.read_one()
    assert (await extraction.progress(MINE)).mood == "away"


async def test_a_listing_without_a_word_is_said_to_be_empty(database: Database, catalogue: Catalogue) -> None:
    product = await catalogue.add(
        MINE, sku="x", lang="zh", listing="！！！", facts=ProductFacts(title="x"), stock=None, by="Lin"
    )
    extraction = Extraction(database, Reader(), busy=lambda: False)
    await extraction.want(MINE, [product])
    assert [failure.problem for failure in (await extraction.progress(MINE)).failed] == ["empty"]


async def test_the_reader_runs_until_it_is_stopped(database: Database, catalogue: Catalogue) -> None:
    (product,) = await shelf(catalogue, "云朵棉拖")
    extraction = Extraction(database, Reader(), busy=lambda: False)
    task = asyncio.create_task(extraction.run())
    await extraction.want(MINE, [product])
    async with asyncio.timeout(30):
        while not (await extraction.progress(MINE)).done:
            await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_another_shop_can_ask_for_nothing(database: Database, catalogue: Catalogue) -> None:
    (product,) = await shelf(catalogue, "云朵棉拖")
    extraction = Extraction(database, Reader(), busy=lambda: False)
    await extraction.want(MINE, [product])
    for question in (
        extraction.want(OTHER, [product]),
        extraction.retry(OTHER, product),
        extraction.progress_of_paste(OTHER, "x"),
    ):
        with pytest.raises(NotFound):
            await question
    assert (await extraction.progress(OTHER, [product])).wanted == 0
