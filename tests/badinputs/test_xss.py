"""Bad inputs 40–46: scripts, templates and odd characters through every text of the desk and the overlay."""

import json
from typing import Any

import pytest
from playwright.async_api import Page

from app.access.service import SAMPLE
from app.live import wire
from app.live.looks import Look
from app.live.questions import cleaned
from tests.live.house import message, open_house
from tests.web.conftest import Window, address, browser, desk_of, refused_by_policy, stage, until, window
from tests.web.fakes import CARD, FakeStage

__all__ = ["address", "browser", "stage", "window"]  # fixtures of the pages' tests

HOSTILE = (
    "<script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "<svg/onload=window.broken=1>",
    "\"><b onmouseover='window.broken=1'>",
    "javascript:window.broken=1",
    "</script><script>window.broken=1</script>",
    "{{7*7}}{% for x in y %}${7*7}#{7*7}",
    "a\u2028b\u2029c",
    "Z" + "\u0300" * 50,
    "\u202egpj.exe",
    "👨‍👩‍👧‍👦" * 12,
)


@pytest.fixture
async def house(database, settings):
    async with open_house(database, settings) as house:
        yield house


def _unharmed(told: list[str], dialogs: list[str]) -> None:
    assert told == []
    assert dialogs == []


async def _opened(window: Window, address: str) -> tuple[Page, list[str], list[str]]:
    page = await window()
    told, dialogs = refused_by_policy(page), list[str]()

    async def dismissed(dialog: Any) -> None:
        dialogs.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", dismissed)
    await page.goto(address)
    return page, told, dialogs


@pytest.mark.story
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_stay_text_on_the_desk(stage: FakeStage, address: str, window: Window, text: str) -> None:
    comment = wire.DeskComment(
        comment="c1", name=text, text=text, simulated=False, received_ms=1, decision="skip", reason=text, intent=text,
        answer=text, product="tea",
    )  # fmt: skip
    line = wire.DeskLine(line="l1", line_kind="crew", text=text, product="tea")
    base = desk_of(stage)
    stop = wire.DeskStop(
        stop="s", product="tea", number=1, title=text, sentences=1, seconds=1, in_seconds=0, blocks=[text]
    )
    stage.desk = base.model_copy(
        update={
            "now": line, "next": [line], "comments": [comment], "order": [stop], "duty": text,
            "products": [item.model_copy(update={"title": text}) for item in base.products],
        }
    )  # fmt: skip
    page, told, dialogs = await _opened(window, f"{address}/desk/r1")
    await until(page, "document.querySelectorAll('.comment').length === 1")
    assert await page.locator(".comment-text").text_content() == text
    assert await page.locator("#now-text").text_content() == text
    assert await page.locator(".pin-title span").first.text_content() == text
    assert await page.locator("#order li span").text_content() == text
    href = str(await page.locator(".comment-ways a").get_attribute("href"))
    assert href.startswith("/catalogue/tea?question=")
    assert await page.evaluate("window.broken === undefined")
    _unharmed(told, dialogs)


@pytest.mark.story
@pytest.mark.asyncio(loop_scope="session")
async def test_hostile_words_stay_text_on_the_overlay(stage: FakeStage, address: str, window: Window) -> None:
    page, told, dialogs = await _opened(window, f"{address}/overlay#code")
    await until(page, "window.zhubo?.connected")
    for text in HOSTILE:
        shown = wire.ShownComment(comment="c1", name=text, text=text)
        await stage.publish(wire.CommentShown(comment=shown))
        await stage.publish(wire.CardChanged(card=CARD.model_copy(update={"title": text, "offer": text})))
        await stage.publish(wire.Notice(notice_kind="correction", text=text))
        await page.wait_for_function("(t) => document.getElementById('notice').textContent === t", arg=text)
        assert await page.locator("#bubble-text").text_content() == text
        assert await page.locator("#bubble-name").text_content() == text
        assert await page.locator("#card-title").text_content() == text
        assert await page.locator("#card-offer").text_content() == text
    assert await page.evaluate("window.broken === undefined")
    _unharmed(told, dialogs)


async def test_hostile_comments_from_outside_reach_the_overlay_as_text_or_not_at_all(house):
    room = await house.rehearse()
    tokens = house.studio.rooms.tokens
    token, _ = await tokens.exchange(await tokens.code(SAMPLE, room))
    path = f"/hooks/comments/{room}"
    for number, text in enumerate((*HOSTILE, "\x00\x01 多少钱", "\ud800 多少钱", "")):
        raw = {"id": str(number), "viewer": f"v{number}", "name": text[:40], "text": text}
        if "\ud800" in text:
            raw = {**raw, "name": "n", "text": "lone surrogate 多少钱"}
        answer = await house.hook(path, raw, house.secrets["comments"])
        assert answer.status_code == 200, text
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        assert (await message(socket, "snapshot"))["state"] == "on_air"


async def test_a_comment_of_ten_thousand_characters_is_refused_cleanly_at_the_desk_and_cut_at_the_door(house):
    room = await house.rehearse()
    long = "多少钱" * 3_334
    answer = await house.client.post(f"/desk/{room}/comment", json={"text": long})
    assert answer.status_code == 422
    assert len(answer.text) < 1_000
    assert (await house.client.post(f"/desk/{room}/press", json={"button": "say", "text": long})).status_code == 422
    for field in ("line", "product", "comment"):
        body = {"button": "skip_line", field: "x" * 10_000}
        assert (await house.client.post(f"/desk/{room}/press", json=body)).status_code == 422, field
    short = {"id": "1", "viewer": "v", "name": "小雨", "text": long[:4_000]}
    assert (await house.hook(f"/hooks/comments/{room}", short, house.secrets["comments"])).status_code == 200


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_names_of_a_show_are_escaped_in_the_page(house, text):
    answer = await house.client.get(f"/overlay?theme={text}&bg={text}&layout={text}")
    assert answer.status_code == 200
    assert 'data-theme="jade" data-bg="none" data-layout="auto"' in answer.text
    assert Look.of(text, text, text) == Look(layout="auto", theme="jade", background="none")


def test_a_heap_of_marks_and_invisible_characters_is_cleaned_before_anything_reads_it():
    assert cleaned("Z" + "\u0300" * 50).count("\u0300") <= 2
    assert cleaned("最\u200b好\u2060的") == "最好的"
    assert cleaned("\u202egpj.exe\x00") == "gpj.exe"
    assert cleaned("\ud800多少钱") == "多少钱"
    assert len(cleaned("长" * 10_000)) == 500
