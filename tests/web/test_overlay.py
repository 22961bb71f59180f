"""The overlay in real Chromium: label, voice on the clock, cut, resume, late join, hostile words."""

import time

import pytest
from playwright.async_api import Page, async_playwright

from app.live import wire
from tests.web.conftest import Window, chromium, until, until_true
from tests.web.fakes import CARD, FakeStage, idle_snapshot

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]

LABEL = """(() => {
  const label = document.querySelector(".ai-label"), box = label.getBoundingClientRect();
  const style = getComputedStyle(label), shortest = Math.min(innerWidth, innerHeight);
  const shown = [...label.children].filter((child) => getComputedStyle(child).display !== "none");
  return {
    text: shown.map((child) => child.textContent).join("|"),
    inside: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
    colour: style.color,
    ground: style.backgroundColor,
    size: parseFloat(style.fontSize) / shortest,
  };
})()"""
APART = """(() => {
  const { line, text, clock, position } = window.zhubo;
  return { line, text, at: clock.now - position * 1000 };
})()"""


@pytest.mark.parametrize(("width", "height"), [(540, 960), (960, 540), (390, 844)])
async def test_the_ai_label_is_large_dark_and_there_before_and_after_any_script(
    stage: FakeStage, address: str, window: Window, width: int, height: int
) -> None:
    for scripts in (False, True):
        page = await window(viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="zh-CN")
        await page.goto(f"{address}/overlay?theme=night#code" if scripts else f"{address}/overlay?theme=night")
        if not scripts:
            assert await page.locator(".ai-label").is_visible()
            assert (await page.locator(".ai-label").bounding_box() or {})["height"] >= 0.06 * min(width, height)
            continue
        await until(page, "window.zhubo?.connected")
        label = await page.evaluate(LABEL)
        assert label["text"] == "AI生成 · 数字人主播"
        assert label["inside"]
        assert label["size"] >= 0.0599  # of the shortest side; the law wants 5 %
        assert (label["colour"], label["ground"]) == ("rgb(255, 255, 255)", "rgba(18, 16, 13, 0.78)")
        await until(page, "window.zhubo.epoch === 'e1'")
        stage.away = True  # until the page is gone: a banner of milliseconds is not seen by polling
        await stage.hang_up()
        await until(page, "document.getElementById('trouble').dataset.why === 'reconnecting'")
        assert await page.locator(".ai-label").is_visible()


async def test_the_labels_contrast_holds_over_a_white_picture() -> None:
    ground = [round(0.78 * part + 0.22 * 255) for part in (18, 16, 13)]

    def luminance(colour: list[int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance(ground) + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


async def test_the_code_is_spent_once_and_the_token_survives_a_reload(stage: FakeStage, overlay: Page) -> None:
    assert stage.codes == set()
    await overlay.reload()
    await until(overlay, "window.zhubo?.connected")
    assert len(stage.hellos) == 2
    assert "token" not in overlay.url


async def test_a_spent_code_says_so_and_keeps_the_label(address: str, window: Window) -> None:
    page = await window()
    await page.goto(f"{address}/overlay#somebody-elses")
    await until(page, "document.getElementById('trouble').dataset.why === 'link_over'")
    assert await page.locator(".ai-label").is_visible()


async def test_a_clause_sounds_at_the_servers_time_with_captions(stage: FakeStage, overlay: Page) -> None:
    await stage.say("l1", "现在到手五十九元", seconds=1.6, delay=0.2)
    await until(overlay, "window.zhubo.sounding && window.zhubo.position > 0.4")
    apart = await overlay.evaluate(APART)
    assert apart["line"] == "l1"
    starts = stage.history[-1].speech.starts_ms  # type: ignore[attr-defined]
    assert abs(apart["at"] - starts) < 120, "milliseconds between the sound and the server's time"
    assert await overlay.locator("#captions").inner_text() == "现在到手五十九元"
    assert await overlay.locator("#captions .said").count() >= 1
    await until(overlay, "window.zhubo.line === null")
    await until(overlay, "document.getElementById('captions').hidden")

    async def heard_whole() -> bool:
        return any(heard["line"] == "l1" and heard["seconds"] >= 1.59 for heard in stage.heard)

    await until_true(heard_whole, "the page reports the whole clause as heard")


async def test_a_server_whose_clock_is_a_minute_ahead_is_followed(
    stage: FakeStage, address: str, window: Window
) -> None:
    stage.clock_ahead_ms = 60_000
    page = await window()
    await page.goto(f"{address}/overlay#code")
    await until(page, "window.zhubo?.clock.samples >= 5")
    assert abs(await page.evaluate("window.zhubo.clock.now") - stage.now_ms()) < 100
    await stage.say("l1", "跟着服务器的钟", seconds=1.5)
    await until(page, "window.zhubo.sounding")


async def test_clauses_in_a_row_follow_without_a_gap(stage: FakeStage, overlay: Page) -> None:
    first = stage.speech("l1", 0, "第一句，", seconds=0.8, delay=0.2)
    second = stage.speech("l1", 1, "第二句。", seconds=0.8, delay=1.0)
    for speech in (first, second):
        await stage.publish(wire.SpeechStart(speech=speech), stage.clips[speech.clip[-68:-4]])
    await until(overlay, "window.zhubo.clause === 1 && window.zhubo.sounding")
    await until(overlay, "window.zhubo.line === null")
    assert {heard["clause"] for heard in stage.heard} == {0, 1}


async def test_a_cut_is_silence_within_a_third_of_a_second(stage: FakeStage, overlay: Page) -> None:
    await stage.say("l1", "这一句话会被切断的", seconds=3.0)
    await until(overlay, "window.zhubo.sounding && window.zhubo.position > 0.3")
    pressed = time.monotonic()
    await stage.publish(wire.SpeechEnd(line="l1", outcome="cut", heard_seconds=0.4))
    await until(overlay, "!window.zhubo.sounding && window.zhubo.mouth === 0")
    assert time.monotonic() - pressed < 0.3
    await until(overlay, "document.getElementById('captions').hidden")

    async def told() -> bool:
        return any(heard["line"] == "l1" and 0 < heard["seconds"] < 3.0 for heard in stage.heard)

    await until_true(told, "the page reports how far it was heard")


async def test_what_comes_late_of_a_cut_line_stays_silent(stage: FakeStage, overlay: Page) -> None:
    await stage.publish(wire.SpeechEnd(line="l1", outcome="cut", heard_seconds=0.0))
    await stage.say("l1", "太迟了", clause=1, seconds=1.0, delay=0.0)
    await stage.say("l2", "新的一句", seconds=1.0)
    await until(overlay, "window.zhubo.line === 'l2'")
    assert all(heard["line"] == "l2" for heard in stage.heard)


async def test_a_lost_connection_is_resumed_without_a_gap(stage: FakeStage, overlay: Page) -> None:
    await stage.publish(wire.CardChanged(card=CARD.model_copy(update={"price": "58"})))
    await until(overlay, "document.getElementById('card').dataset.price === '58'")
    seen = await overlay.evaluate("window.zhubo.seq")
    await stage.hang_up()
    await stage.publish(wire.CardChanged(card=CARD.model_copy(update={"price": "57"})))
    speech = stage.speech("l9", 0, "断线时说的话也要补上声音", seconds=5.0, delay=0.0)
    await stage.publish(wire.SpeechStart(speech=speech))
    await until(overlay, "document.getElementById('card').dataset.price === '57'")
    assert (stage.hellos[-1]["epoch"], stage.hellos[-1]["seq"]) == ("e1", seen)
    await until(overlay, "window.zhubo.sounding && window.zhubo.line === 'l9'")  # its clip by its address
    assert await overlay.evaluate("document.getElementById('trouble').hidden")


async def test_another_epoch_starts_from_a_snapshot(stage: FakeStage, overlay: Page) -> None:
    await stage.publish(wire.CardChanged(card=None))
    await until(overlay, "document.getElementById('card').hidden")
    stage.epoch, stage.seq, stage.history = "e2", 0, []
    await stage.hang_up()
    await until(overlay, "window.zhubo.epoch === 'e2' && !document.getElementById('card').hidden")


async def test_who_joins_late_enters_the_running_clause(stage: FakeStage, address: str, window: Window) -> None:
    speech = stage.speech("l1", 0, "说到一半才进来的人也听得到", seconds=9.0, delay=-1.0)
    stage.snapshot = idle_snapshot(speech=speech)
    page = await window()
    await page.goto(f"{address}/overlay#code")
    await until(page, "window.zhubo?.sounding")
    assert await page.evaluate("window.zhubo.position") >= 1.0


async def test_a_muted_page_never_opens_an_audio_device(stage: FakeStage, address: str, window: Window) -> None:
    page = await window()
    await page.goto(f"{address}/overlay?audio=0#code")
    await until(page, "window.zhubo?.clock.samples >= 5")
    await stage.say("l1", "静音的页面也有字幕", seconds=2.0)
    await until(page, "window.zhubo.line === 'l1' && window.zhubo.position > 0.1")
    assert await page.evaluate("window.zhubo.audio.state") == "off"
    assert stage.heard == []


async def test_a_list_price_stands_only_beside_its_basis(stage: FakeStage, overlay: Page) -> None:
    assert await overlay.locator("#card-was").inner_text() == "平台标价 ¥89"
    await stage.publish(wire.CardChanged(card=CARD.model_copy(update={"list_price_basis": None})))
    await until(overlay, "document.getElementById('card-was').hidden")
    assert "89" not in await overlay.locator("#card").inner_text()


async def test_the_price_rolls_to_the_new_one_and_sold_out_is_said(stage: FakeStage, overlay: Page) -> None:
    changed = time.monotonic()
    update = {"price": "48.50", "stock_band": "sold_out"}
    await stage.publish(wire.CardChanged(card=CARD.model_copy(update=update)))
    await until(overlay, "document.getElementById('card-price').getAttribute('aria-label') === '¥48.50'")
    assert time.monotonic() - changed < 2.0
    assert await overlay.locator("#card-stock").inner_text() == "已售罄"


async def test_hostile_comments_stay_text_and_simulated_ones_are_marked(stage: FakeStage, overlay: Page) -> None:
    bad = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>{{7*7}}\u202e\u2028'
    shown = wire.ShownComment(comment="c1", name=bad, text=bad, simulated=True)
    await stage.publish(wire.CommentShown(comment=shown))
    await until(overlay, "!document.getElementById('bubble').hidden")
    assert await overlay.evaluate("document.getElementById('bubble-text').textContent") == bad
    assert await overlay.evaluate("window.broken === undefined && !document.querySelector('#bubble img')")
    assert await overlay.locator("#bubble-simulated").inner_text() == "模拟"
    await stage.publish(wire.CommentShown(comment=None))
    await until(overlay, "document.getElementById('bubble').hidden")


async def test_a_rehearsal_is_marked_and_an_english_room_is_english(
    stage: FakeStage, address: str, window: Window
) -> None:
    stage.snapshot = idle_snapshot(lang="en", card=CARD.model_copy(update={"currency": "USD"}))
    page = await window(locale="zh-CN")
    await page.goto(f"{address}/overlay#code")
    await until(page, "document.documentElement.lang === 'en'")
    assert await page.locator(".ai-label").inner_text() == "AI-generated host"
    assert await page.locator("#rehearsal").inner_text() == "Rehearsal"
    assert await page.locator("#card-price").get_attribute("aria-label") == "$59"


async def test_a_silenced_room_stops_at_once_and_says_so(stage: FakeStage, overlay: Page) -> None:
    await stage.say("l1", "说着说着就静音了", seconds=3.0)
    await until(overlay, "window.zhubo.sounding")
    await stage.publish(wire.Notice(notice_kind="silenced", text=""))
    await until(overlay, "!window.zhubo.sounding && window.zhubo.state === 'silenced'")
    assert await overlay.locator("#notice").inner_text() == "主播暂停中"


async def test_when_the_show_is_over_the_page_says_so_and_nothing_else(stage: FakeStage, overlay: Page) -> None:
    await stage.publish(wire.Notice(notice_kind="ended", text=""))
    await until(overlay, "window.zhubo.state === 'ended'")
    await stage.hang_up(4403)
    await until(overlay, "!window.zhubo.connected")
    assert await overlay.locator("#notice").inner_text() == "直播已结束"
    assert await overlay.locator("#trouble").is_hidden()
    assert await overlay.locator(".ai-label").is_visible()


TELL = """setInterval(() => {
  const { zhubo } = window, start = document.getElementById("start");
  if (zhubo?.clock.samples >= 5) console.info("zhubo", zhubo.audio.state, zhubo.sounding, zhubo.line, start.hidden);
}, 50)"""


async def test_without_leave_to_sound_one_tap_starts_it(stage: FakeStage, address: str) -> None:
    # Whatever Playwright evaluates counts as a gesture, so this page tells its state by its console alone.
    told: list[str] = []

    async def shows(state: str) -> None:
        async def holds() -> bool:
            return told[-1:] == [state]

        await until_true(holds, state)

    async with async_playwright() as playwright:
        strict = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = await strict.new_page(viewport={"width": 540, "height": 960})
        page.on("console", lambda message: told.append(message.text) if message.text.startswith("zhubo ") else None)
        await page.add_init_script(TELL)
        await page.goto(f"{address}/overlay#code")
        await shows("zhubo suspended false null false")
        await stage.say("l1", "先有字幕，点一下就有声音", seconds=8.0)
        await shows("zhubo suspended false l1 false")
        await page.mouse.click(270, 442)
        await shows("zhubo running true l1 true")
        await strict.close()
