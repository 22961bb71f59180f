"""An operator with a phone: in by the code on the screen; cut, answer, pin and silence with a thumb; a picture."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.stories.studio import Studio
from tests.stories.walks import a_page, in_picture, invited, owner_in, secret_of, shot

pytestmark = [pytest.mark.story, pytest.mark.real]

WIDE, TALL = 390, 844
SPOKEN = 120_000  # ms; an answer waits for the one on air, and CI's voice shares its processors
THUMB = 40  # px; a finger needs about as much


async def test_an_operator_runs_the_desk_from_a_phone(studio: Studio, browser: Browser, tmp_path: Path) -> None:
    owner = await owner_in(studio, browser)
    desk = await invited(studio, browser, owner, "operator", "阿珍")
    await owner.context.close()
    phone = await _comes_in_by_the_code(studio, browser, desk)
    await desk.context.close()
    await phone.tap("#rehearse")
    await phone.wait_for_url("**/desk/*")
    await in_picture(phone, "z.sounding")
    await _everything_stands_in_the_width_and_above_the_bar(phone)
    await _cuts(phone)
    await _answers_and_pins(studio, phone)
    await _silences_and_goes_on(phone)
    await _changes_a_picture(studio, phone, tmp_path)


async def _comes_in_by_the_code(studio: Studio, browser: Browser, desk: Page) -> Page:
    await desk.goto(f"{studio.url}/phone")
    await desk.click("form[action='/phone'] button")
    link = (await desk.locator(".phone-link").inner_text()).strip()
    phone = await a_page(browser, width=WIDE, height=TALL, phone=True)
    await phone.goto(link)
    await phone.wait_for_url(f"{studio.url}/")
    again = await a_page(browser, width=WIDE, height=TALL, phone=True)
    await again.goto(link)
    await expect(again.locator("h1")).to_have_text("没有权限")
    await expect(again.locator("main")).to_contain_text("链接只能用一次")
    await again.context.close()
    return phone


async def _everything_stands_in_the_width_and_above_the_bar(phone: Page) -> None:
    assert await phone.evaluate("document.documentElement.scrollWidth") <= WIDE
    await phone.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    bar = await _box(phone.locator(".desk-bar"))
    lowest = await phone.evaluate(
        """() => Math.max(...[...document.querySelectorAll('.desk-live, .desk-show, .desk-crowd')]
          .map((part) => part.getBoundingClientRect().bottom))"""
    )
    assert lowest <= bar["y"] + 1, f"the page ends at {lowest}, under the bar at {bar['y']}"
    for key in ("#cut", "#kill", "#next-product"):
        box = await _box(phone.locator(key))
        assert box["height"] >= THUMB and box["width"] >= THUMB, f"{key} is {box}"
    await shot(phone, "phone-desk", whole=False)


async def _cuts(phone: Page) -> None:
    await in_picture(phone, "z.sounding")
    line = await phone.evaluate("document.getElementById('preview').contentWindow.zhubo.line")
    await phone.tap("#cut")
    await in_picture(phone, f"z.line !== {line!r}")


async def _answers_and_pins(studio: Studio, phone: Page) -> None:
    room = phone.url.rsplit("/", 1)[1]
    body = {"id": "p-1", "viewer": "u-1", "name": "小鱼", "text": "我要投诉你们，叫你们老板来"}
    studio.post_signed(f"/hooks/comments/{room}", body, secret_of(studio, "comments"))
    row = phone.locator("#comments > li", has_text="我要投诉")
    await row.locator("button[name=reply]").tap()
    await row.locator(".reply input").fill("非常抱歉，客服马上联系您。")
    await row.locator(".reply button").tap()
    await expect(row.locator(".comment-answer")).to_contain_text("非常抱歉", timeout=SPOKEN)
    pin = phone.locator("#products > li").nth(1).locator(".pin-button")
    await pin.tap()
    await expect(pin).to_have_attribute("aria-pressed", "true")
    await shot(phone, "phone-pinned", whole=False)


async def _silences_and_goes_on(phone: Page) -> None:
    await in_picture(phone, "z.sounding")
    await phone.tap("#kill")
    await in_picture(phone, "!z.sounding && z.mouth < 0.2")
    await expect(phone.locator("#desk")).to_have_attribute("data-state", "silenced")
    await phone.tap("#resume")
    await expect(phone.locator("#desk")).to_have_attribute("data-state", "on_air")


async def _changes_a_picture(studio: Studio, phone: Page, folder: Path) -> None:
    product = studio.books("select product from products where shop = 'sample' order by product limit 1")[0][0]
    await phone.goto(f"{studio.url}/catalogue/{product}")
    photo = folder / "IMG_0001.png"
    await phone.locator("h1").screenshot(path=photo)
    field = phone.locator("input[type=file]")
    await phone.locator("details", has=field).locator("summary").tap()
    await field.set_input_files(str(photo))
    await phone.locator("form", has=field).locator("button").first.tap()
    await expect(phone.locator("img[src*='/static/pictures/']").first).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth") <= WIDE
    await shot(phone, "phone-picture")


async def _box(part: Locator) -> dict[str, float]:
    box = await part.bounding_box()
    assert box is not None
    return {"y": box["y"], "width": box["width"], "height": box["height"]}
