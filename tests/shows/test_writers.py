"""Writing in the background, and hearing what was written."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from app.access.service import SAMPLE
from app.database import Database
from app.events import ProductId, ShopId, ShowId
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Progress, Writers
from scripts_gen.language import LanguageModel
from tests.scripts_gen.fakes import Away, Says, Stuck
from tests.shows.conftest import wish
from tests.shows.fakes import A_CHARACTER, Hums, Mute


async def fresh(database: Database, shows: Shows) -> ShowId:
    """A show whose products have no words: a persona of the shop's own made them wanted anew."""
    return await shows.create(SAMPLE, await wish(database, 2))


async def written(writers: Writers, show: ShowId) -> list[Progress]:
    async with asyncio.timeout(30), aclosing(writers.follow(SAMPLE, show)) as states:
        return [state async for state in states]


@pytest.fixture
async def writers(shows: Shows) -> AsyncGenerator[Writers]:
    writers = Writers(shows, Says("来看看这一款，喜欢的朋友坐下慢慢听我讲。"))
    yield writers
    await writers.close()


async def test_a_script_comes_line_by_line_and_is_kept(seeded: Database, shows: Shows, writers: Writers) -> None:
    show = await fresh(seeded, shows)
    before = await shows.scripts.blocks(SAMPLE, show)
    assert (await writers.start(SAMPLE, show, "王姐", again=True)).wanted == 32
    states = await written(writers, show)
    assert states[-1].state == "done" and states[-1].done == 32
    assert [state.done for state in states] == sorted(state.done for state in states)
    after = await shows.scripts.blocks(SAMPLE, show)
    assert [(block.why, block.by, len(block.lines)) for block in after] == [("written", "王姐", 16)] * 2
    assert all(line.verdict.ok for block in after for line in block.lines)
    assert [block.version for block in after] == [2 if block.lines else 1 for block in before]


@pytest.mark.parametrize("model", [None, Away()])
async def test_without_a_model_the_words_come_from_the_facts_and_it_says_so(
    seeded: Database, shows: Shows, model: LanguageModel | None
) -> None:
    writers, show = Writers(shows, model), await fresh(seeded, shows)
    await writers.start(SAMPLE, show, "王姐", again=True)
    last = (await written(writers, show))[-1]
    assert last.state == "done" and last.away
    assert {line.worded for block in last.blocks for line in block.lines} == {"code", "away"}


async def test_only_blocks_without_words_are_written_unless_asked(
    seeded: Database, shows: Shows, writers: Writers
) -> None:
    show = await fresh(seeded, shows)
    assert (await writers.start(SAMPLE, show, "王姐")).state == "done"
    name = (await shows.plan(SAMPLE, show)).products[0].id
    assert [block.block for block in (await writers.start(SAMPLE, show, "王姐", blocks=[name])).blocks] == [name]
    await written(writers, show)


async def test_words_somebody_saves_meanwhile_stay(seeded: Database, shows: Shows) -> None:
    stuck, show = Stuck(), await fresh(seeded, shows)
    writers = Writers(shows, stuck)
    name = (await shows.plan(SAMPLE, show)).products[0].id
    await writers.start(SAMPLE, show, "王姐", blocks=[name])
    async with aclosing(writers.follow(SAMPLE, show)) as states:
        async for state in states:
            if state.blocks[0].state == "writing":
                break
    await shows.scripts.edit(SAMPLE, show, name, 1, "我自己写一句，来看看。", "Ben", based_on=0)
    await writers.stop(SAMPLE, show)
    progress = writers.progress(SAMPLE, show)
    assert progress is not None and progress.state == "stopped" and stuck.closed
    assert (await shows.scripts.block(SAMPLE, show, name)).by == "Ben"


@dataclass
class Reads:
    """A reader that is through at the third look."""

    asked: list[ProductId] = field(default_factory=list)
    looks: int = 0
    mood: str = "reading"

    @property
    def done(self) -> bool:
        """Whether it was looked at three times."""
        return self.looks >= 3

    async def want(self, shop: ShopId, products: Sequence[ProductId]) -> None:
        """Remember what was asked for."""
        self.asked += products

    async def progress(self, shop: ShopId, products: Sequence[ProductId]) -> "Reads":
        """One more look."""
        self.looks += 1
        return self


async def test_a_listing_is_read_before_it_is_written_about(seeded: Database, shows: Shows) -> None:
    reader, show = Reads(), await fresh(seeded, shows)
    writers = Writers(shows, None, reader)
    name = (await shows.plan(SAMPLE, show)).products[0].id
    await writers.start(SAMPLE, show, "王姐", blocks=[name])
    states = await written(writers, show)
    assert reader.asked == [name]
    assert [state.blocks[0].state for state in states if state.blocks[0].state == "reading"]
    assert states[-1].state == "done"


async def test_a_paused_reader_is_not_waited_for(seeded: Database, shows: Shows) -> None:
    reader, show = Reads(mood="paused"), await fresh(seeded, shows)
    writers = Writers(shows, None, reader)
    await writers.start(SAMPLE, show, "王姐", again=True)
    assert (await written(writers, show))[-1].state == "done"
    assert reader.looks == 2


async def test_one_line_is_written_anew(seeded: Database, shows: Shows, writers: Writers) -> None:
    show = await fresh(seeded, shows)
    name = (await shows.plan(SAMPLE, show)).products[0].id
    old = (await shows.scripts.block(SAMPLE, show, name)).lines
    await writers.line(SAMPLE, show, name, 2, "王姐", based_on=0)
    new = (await shows.scripts.block(SAMPLE, show, name)).lines
    assert new[1].text != old[1].text and new[1].kind == old[1].kind
    assert [line.text for line in new[:1] + new[2:]] == [line.text for line in old[:1] + old[2:]]


async def test_a_voice_is_measured_by_its_own_sound() -> None:
    auditions = Auditions(Hums(), None)
    pace = await auditions.pace("zf_xiaoxiao", "zh")
    assert pace.measured and pace.characters == pytest.approx(1 / A_CHARACTER, rel=0.1)
    await auditions.close()


async def test_a_voice_that_is_away_is_estimated() -> None:
    auditions = Auditions(Mute(), None)
    pace = await auditions.pace("zf_xiaoxiao", "zh")
    assert not pace.measured and pace.characters is None
    await auditions.close()


async def test_a_line_is_heard_clause_by_clause_in_its_voice() -> None:
    voice = Hums()
    auditions = Auditions(voice, None)
    async with aclosing(auditions.speak("来看看这一款。喜欢的朋友坐下慢慢听！", "zm_yunxi", "zh")) as clips:
        heard = [clip async for clip in clips]
    assert "".join(clip.text for clip in heard) == "来看看这一款。喜欢的朋友坐下慢慢听！"
    assert {name for name, _ in voice.said} == {"zm_yunxi"}
