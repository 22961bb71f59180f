"""The shop's own readings: kept apart by shop, refused when they cannot be said, in force in the next show."""

from collections.abc import AsyncGenerator

import pytest

from app.access.service import SAMPLE
from app.database import Database
from app.errors import BadInput
from app.events import ShopId
from app.live.voicing import clip_maker
from app.screens import readings as readings_screen
from app.settings import Settings
from app.shows import readings_pages
from app.shows.readings import READINGS_MOST, forget_reading, read_as, readings_of
from app.shows.service import Shows
from avatar.line import Line
from avatar.speech import Utterance, Voice
from tests.access.studio import Shop, open_shop
from tests.shows.conftest import SHOW

OTHER = ShopId("other")


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        for router in (readings_pages.router, readings_screen.router):
            shop.app.include_router(router)
        await shop.sign_in()
        yield shop


async def test_a_reading_belongs_to_its_shop_and_can_be_changed_and_forgotten(seeded: Database) -> None:
    async with seeded.transaction() as db:
        await read_as(db, SAMPLE, " LAMY ", "凌美")
        await read_as(db, SAMPLE, "501", "五零一")
    async with seeded.transaction() as db:
        await read_as(db, SAMPLE, "LAMY", "拉米")
        assert await readings_of(db, SAMPLE) == {"501": "五零一", "LAMY": "拉米"}
        assert await readings_of(db, OTHER) == {}
        await forget_reading(db, OTHER, "LAMY")
        await forget_reading(db, SAMPLE, "501")
        assert await readings_of(db, SAMPLE) == {"LAMY": "拉米"}


@pytest.mark.parametrize(
    ("written", "said"),
    [("", "凌美"), ("x" * 41, "凌美"), ("LAMY", " "), ("LAMY", "9块9"), ("LAMY", "<b>"), ("a", "啊" * 81)],
)
async def test_what_cannot_be_said_is_refused(seeded: Database, written: str, said: str) -> None:
    with pytest.raises(BadInput):
        async with seeded.transaction() as db:
            await read_as(db, SAMPLE, written, said)


async def test_a_shop_has_room_for_so_many(seeded: Database) -> None:
    async with seeded.transaction() as db:
        for number in range(READINGS_MOST):
            await read_as(db, SAMPLE, f"word {number}", "word")
        await read_as(db, SAMPLE, "word 1", "other")  # one it has may always change
        with pytest.raises(BadInput):
            await read_as(db, SAMPLE, "one more", "word")


async def test_the_next_show_brings_them(seeded: Database) -> None:
    async with seeded.transaction() as db:
        await read_as(db, SAMPLE, "LAMY", "凌美")
    assert (await Shows(seeded).plan(SAMPLE, SHOW)).readings == {"LAMY": "凌美"}


async def test_the_voice_is_handed_the_reading_and_the_caption_the_writing() -> None:
    class Listening:
        """A voice that keeps the line it was given and then is away."""

        line: Line | None = None

        async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
            self.line = line
            raise OSError("away")
            yield

    voice = Listening()
    with pytest.raises(OSError, match="away"):
        await clip_maker(voice, "zf_xiaoxiao", "zh", None, readings={"LAMY": "凌美"})("LAMY只要¥99", 5)
    assert voice.line is not None
    assert (voice.line.written, voice.line.spoken) == ("LAMY只要¥99", "凌美只要九十九元")


@pytest.mark.parametrize(("lang", "title"), [("zh-CN", "本店的读法"), ("en", "Your own words")])
async def test_the_page_is_whole_in_both_languages(shop: Shop, lang: str, title: str) -> None:
    answer = await shop.client.get("/settings/readings", headers={"accept-language": lang})
    assert answer.status_code == 200 and title in answer.text


async def test_a_word_is_set_tried_and_removed_on_the_page(shop: Shop) -> None:
    answer = await shop.client.post("/settings/readings", data={"written": "LAMY", "said": "凌美"})
    assert answer.status_code == 303
    page = await shop.client.get("/settings/readings", params={"line": "LAMY只要¥99"})
    assert "凌美只要九十九元" in page.text
    assert (await shop.client.post("/settings/readings", data={"written": "LAMY", "said": "9"})).status_code == 422
    assert (await shop.client.post("/settings/readings/forget", data={"written": "LAMY"})).status_code == 303
    page = await shop.client.get("/settings/readings", params={"line": "LAMY只要¥99"})
    assert "LAMY只要九十九元" in page.text
