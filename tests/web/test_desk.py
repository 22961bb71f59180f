"""The desk in real Chromium: two windows in step, nothing half-typed lost, keys, hostile words."""

from typing import Any

import pytest
from playwright.async_api import Page

from app.live import wire
from tests.web.conftest import Window, desk_of, refused_by_policy, until, until_true
from tests.web.fakes import FakeStage

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="session")]


async def _desk(window: Window, stage: FakeStage, address: str, **size: Any) -> Page:
    stage.desk = stage.desk or desk_of(stage)
    page = await window(**size)
    await page.goto(f"{address}/desk/r1")
    await until(page, "document.getElementById('desk').dataset.state === 'on_air'")
    return page


async def _pressed(stage: FakeStage, button: str) -> dict[str, Any]:
    async def came() -> bool:
        return any(press["button"] == button for press in stage.presses)

    await until_true(came, f"{button} is pressed")
    return next(press for press in stage.presses if press["button"] == button)


async def test_two_windows_show_the_same(stage: FakeStage, address: str, window: Window) -> None:
    windows = [await _desk(window, stage, address) for _ in range(2)]
    line = wire.DeskLine(
        line="l1", line_kind="answer", text="到手五十九", product="tea", starts_ms=round(stage.now_ms()), seconds=5
    )
    await stage.show_desk(desk_of(stage, now=line, gmv={"CNY": "118.00"}, next=[line]))
    for page in windows:
        await until(page, "document.getElementById('now-text').textContent === '到手五十九'")
        assert await page.locator("#gmv").inner_text() == "¥118"
        assert await page.locator("#now-kind").inner_text() == "回答"
        assert await page.locator("[data-part=database]").get_attribute("data-health") == "down"
        await until(page, "parseFloat(document.getElementById('now-progress').style.width) > 0")


async def test_the_live_picture_is_the_overlay_itself(stage: FakeStage, address: str, window: Window) -> None:
    page = await window()
    stage.desk = desk_of(stage)
    told = refused_by_policy(page)
    await page.goto(f"{address}/desk/r1")

    async def joined() -> bool:
        return len(stage.hellos) == 1

    await until_true(joined, "the preview says hello")
    assert told == []


async def test_keys_cut_and_go_on_but_not_while_typing(stage: FakeStage, address: str, window: Window) -> None:
    page = await _desk(window, stage, address)
    await page.locator("#say-text").fill("你好")
    await page.locator("#say-text").press("Space")
    await page.locator("#say-text").blur()
    await page.keyboard.press("n")
    await _pressed(stage, "next")
    assert [press["button"] for press in stage.presses] == ["next"]
    await page.keyboard.press("Space")
    await _pressed(stage, "cut")
    await page.keyboard.press("Shift+K")
    await _pressed(stage, "kill")


async def test_say_this_is_sent_and_the_field_emptied(stage: FakeStage, address: str, window: Window) -> None:
    page = await _desk(window, stage, address)
    await page.locator("#say-text").fill("今天包邮")
    await page.locator("#say-text").press("Enter")
    assert (await _pressed(stage, "say"))["text"] == "今天包邮"
    await until(page, "document.getElementById('say-text').value === ''")


async def test_a_half_typed_price_outlives_new_pictures(stage: FakeStage, address: str, window: Window) -> None:
    page = await _desk(window, stage, address)
    price = page.locator("[data-product=tea] input[name=price]")
    await price.fill("4")
    await stage.show_desk(desk_of(stage, gmv={"CNY": "1"}))
    await until(page, "document.getElementById('gmv').textContent === '¥1'")
    assert await price.input_value() == "4"
    assert await page.locator("[data-product=cup] input[name=price]").input_value() == "59"


async def test_the_product_on_air_changes_places_with_the_server(
    stage: FakeStage, address: str, window: Window
) -> None:
    page = await _desk(window, stage, address)
    await page.locator("[data-product=cup] .jump-button").click()
    assert (await _pressed(stage, "jump"))["product"] == "cup"
    desk = desk_of(stage)
    products = [item.model_copy(update={"on_air": item.product == "cup"}) for item in desk.products]
    await stage.show_desk(desk_of(stage, products=products))
    await until(page, "document.querySelector('[data-product=cup]').classList.contains('current')")
    assert await page.locator(".pin.current").count() == 1


async def test_comments_show_decision_and_reason_and_stay_text(stage: FakeStage, address: str, window: Window) -> None:
    bad = "<b onclick=alert(1)>'\"><script>window.broken=1</script>"
    comment = wire.DeskComment(
        comment="c1", name=bad, text=bad, simulated=True, received_ms=round(stage.now_ms()), decision="skip",
        reason="link or contact to another place", intent="off_topic", wait_ms=1500,
    )  # fmt: skip
    stage.desk = desk_of(stage, comments=[comment])
    page = await _desk(window, stage, address)
    row = page.locator(".comment")
    assert await row.locator(".comment-text").inner_text() == bad
    assert await row.locator(".comment-why").inner_text() == "已跳过\n无关 · 引流到站外\n等待 1.5 s"
    assert await page.evaluate("window.broken === undefined")
    await row.locator("button[name=answer]").click()
    assert (await _pressed(stage, "answer"))["comment"] == "c1"


async def test_silence_turns_into_resume(stage: FakeStage, address: str, window: Window) -> None:
    page = await _desk(window, stage, address)
    await page.locator("#kill").click()
    await _pressed(stage, "kill")
    await stage.show_desk(desk_of(stage, state="silenced"))
    await until(page, "document.getElementById('kill-form').hidden && !document.getElementById('resume-form').hidden")
    assert await page.locator("#state").inner_text() == "已静音"
    await page.locator("#resume").click()
    await _pressed(stage, "resume")


async def test_the_obs_link_carries_a_fresh_code_in_the_fragment(
    stage: FakeStage, address: str, window: Window
) -> None:
    page = await _desk(window, stage, address)
    await page.locator("#obs-open").click()
    await page.locator("#obs-layout").select_option("landscape")
    url = await page.locator("#obs-url").input_value()
    assert url.startswith(f"{address}/overlay?layout=landscape#code-")
    assert url.partition("#")[2] in stage.codes


@pytest.mark.parametrize("width", [390, 1440])
async def test_nothing_sticks_out_sideways(stage: FakeStage, address: str, window: Window, width: int) -> None:
    page = await _desk(window, stage, address, viewport={"width": width, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_lost_connection_comes_back(stage: FakeStage, address: str, window: Window) -> None:
    page = await _desk(window, stage, address)
    for socket in list(stage.desks):
        await socket.close(1012)
    await until(page, "document.getElementById('desk').dataset.state === 'reconnecting'")
    await until(page, "document.getElementById('desk').dataset.state === 'on_air'")
