"""From the printed link to a digital human that sells, answers and books: on real parts, in a real browser.

Model, voice, sockets and SQLite are the product's own; only the viewers are ours. Screenshots stay in `kept/`.
"""

import hashlib
import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

from app.orders.vault import vault_in
from tests.stories.studio import Studio

pytestmark = [pytest.mark.story, pytest.mark.real]

KEPT = Path(__file__).parents[2] / "kept"
DESK = {"width": 1440, "height": 900}
FIRST_SOUND = 15_000  # ms from the desk opening until the host is heard (the product's promise)
ANSWER = 30_000  # ms; a question waits at most 30 s
CHANGE = 10_000  # ms from a new price to the card on the same machine; measured quiet: 0.09 s
SILENCE = 10_000  # ms from a press to silence on a shared machine; measured quiet: 0.05 s cut, 0.2 s kill switch
WORDS = 20_000  # ms from a new price to its words while this browser's software rendering takes a core from the voice;
# beside no browser the figure is in docs/measured.md


async def test_a_newcomer_rehearses_the_sample_shop(studio: Studio, browser: Browser) -> None:
    page = await _entered(studio, browser)
    await _shot(page, "home")
    await page.click("#rehearse")
    opened = time.monotonic()
    await page.wait_for_url("**/desk/*")
    room = page.url.rsplit("/", 1)[1]
    overlay = page.frame_locator("#preview")
    await _in_overlay(page, "z.sounding && z.mouth > 0.3", FIRST_SOUND)
    print(f"first sound {time.monotonic() - opened:.1f} s after the click")
    await expect(overlay.locator(".ai-label")).to_be_visible()
    await expect(overlay.locator("#rehearsal")).to_be_visible()
    await _shot(page, "desk")

    second = await _second_window(page, room)
    await _comment_is_answered_from_the_facts(page, second)
    await _webhook_comment_is_answered_honestly(studio, page, room)
    await _next_product_changes_the_card(page, overlay)
    await _cut_is_silence(page)
    await _say_this(page)
    await _price_reaches_card_and_words(studio, page, overlay, room)
    await _sold_out_reaches_the_card(studio, page, overlay)
    await _order_counts_once(studio, page, room)
    await _kill_switch_works_in_both_windows(page, second)
    await _overlay_alone(page, room)
    await page.click("#end")
    await page.locator("#end-sure button[value=yes]").click()
    await page.wait_for_url("**/dashboard**")
    await expect(page.locator("[data-figure=gmv_paid]").first).not_to_have_text("—")
    await _shot(page, "dashboard")
    _every_said_number_has_a_fact(studio, room)


async def _entered(studio: Studio, browser: Browser) -> Page:
    context = await browser.new_context(viewport=DESK, locale="zh-CN", device_scale_factor=1)
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page threw {error}"))
    await page.goto(f"{studio.url}/enter#{studio.enter}")
    await page.wait_for_url(f"{studio.url}/")
    return page


async def _in_overlay(page: Page, condition: str, timeout: float) -> None:
    """Wait until `condition` over the preview's `window.zhubo` (as `z`) holds."""
    await page.wait_for_function(
        f"() => {{ const z = document.getElementById('preview').contentWindow.zhubo; return z && ({condition}); }}",
        timeout=timeout,
    )


async def _second_window(page: Page, room: str) -> Page:
    second = await page.context.new_page()
    await second.route("**/overlay?*", lambda route: route.abort())  # one drawn host is enough for two cores
    await second.goto(page.url)
    await expect(second.locator("#now-text")).not_to_be_empty()
    return second


async def _comment_is_answered_from_the_facts(page: Page, second: Page) -> None:
    await page.fill("#try-text", "这个多少钱呀")
    await page.click("#try button")
    row = page.locator("#comments > li", has_text="这个多少钱呀").first
    await expect(row).to_be_visible(timeout=10_000)
    answer = row.locator(".comment-answer")
    await expect(answer).not_to_be_empty(timeout=ANSWER)
    said = await answer.inner_text()
    price = await page.locator("#products > li.current input[name=price]").input_value()
    assert price and _plain(price) in said.replace(",", ""), f"{said!r} does not tell today's price {price}"
    await expect(second.locator("#comments > li", has_text="这个多少钱呀").first).to_contain_text(said[:8])
    await _shot(page, "answered")


async def _webhook_comment_is_answered_honestly(studio: Studio, page: Page, room: str) -> None:
    secret = _secret(studio, "comments")
    asked = "这个能不能寄到冰岛啊"
    body = {"id": "w-1", "viewer": "u-9", "name": "小鱼", "text": asked, "type": "comment"}
    studio.post_signed(f"/hooks/comments/{room}", body, secret)
    studio.post_signed(f"/hooks/comments/{room}", body, secret)
    row = page.locator("#comments > li", has_text=asked)
    await expect(row.locator(".comment-answer").first).not_to_be_empty(timeout=ANSWER)
    assert await row.count() == 1, "the comment was posted twice and must stand once"
    said = await row.locator(".comment-answer").first.inner_text()
    assert "冰岛" not in said or any(word in said for word in ("没", "不", "客服")), (
        f"{said!r} promises what no fact tells"
    )


async def _next_product_changes_the_card(page: Page, overlay: FrameLocator) -> None:
    title = overlay.locator("#card-title")
    before = await title.inner_text()
    await page.click("#next-product")
    await expect(title).not_to_have_text(before, timeout=10_000)
    await expect(overlay.locator("#card-price")).to_contain_text("¥")
    await expect(overlay.locator("#card-qr")).to_be_visible()


async def _cut_is_silence(page: Page) -> None:
    await _in_overlay(page, "z.sounding", 15_000)
    line = await page.evaluate("document.getElementById('preview').contentWindow.zhubo.line")
    pressed = time.monotonic()
    await page.click("#cut")
    await _in_overlay(page, f"z.line !== {line!r}", SILENCE)
    print(f"cut reached the picture after {(time.monotonic() - pressed) * 1000:.0f} ms (browser polling included)")
    await _in_overlay(page, "z.sounding", 15_000)


async def _say_this(page: Page) -> None:
    await page.fill("#say-text", "欢迎刚进来的朋友，有问题打在公屏上。")
    await page.click("#say button")
    await _in_overlay(page, "z.text.includes('欢迎刚进来')", 20_000)
    await page.fill("#say-text", "今天只要1块钱。")
    await page.click("#say button")
    await expect(page.locator("#toast")).to_be_visible(timeout=10_000)


async def _price_reaches_card_and_words(studio: Studio, page: Page, overlay: FrameLocator, room: str) -> None:
    product = await page.locator("#products > li.current").get_attribute("data-product")
    changed = time.monotonic()
    status = await _post(page, f"/catalogue/{product}/price", {"price": "77.7"})
    assert status == 204
    await expect(overlay.locator("#card")).to_have_attribute("data-price", re.compile(r"^77\.70?$"), timeout=CHANGE)
    print(f"new price on the card after {(time.monotonic() - changed) * 1000:.0f} ms")
    await _in_overlay(page, "z.text.includes('77.7')", WORDS)
    print(f"new price in the words after {(time.monotonic() - changed) * 1000:.0f} ms")


async def _sold_out_reaches_the_card(studio: Studio, page: Page, overlay: FrameLocator) -> None:
    product = await page.locator("#products > li.current").get_attribute("data-product")
    assert await _post(page, f"/catalogue/{product}/stock", {"stock": 0}) == 204
    await expect(overlay.locator("#card")).to_have_attribute("data-stock", "sold_out", timeout=CHANGE)
    await _in_overlay(page, "/售罄|卖完|没货|抢完|没有了|没库存|拍不到/.test(z.text)", WORDS)
    assert await _post(page, f"/catalogue/{product}/stock", {"stock": 30}) == 204


async def _order_counts_once(studio: Studio, page: Page, room: str) -> None:
    secret = _secret(studio, "orders")
    sku = studio.books("select sku from products where shop = 'sample' and lang = 'zh' limit 1")[0][0]
    order = {
        "id": "o-story-1", "product": sku, "quantity": 2, "amount": "118.00", "currency": "CNY",
        "status": "paid", "show": "sample", "simulated": True, "updated_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    for _ in range(3):
        studio.post_signed("/hooks/orders/sample", order, secret)
    stored = studio.books("select count(*) from orders where shop = 'sample'")[0][0]
    assert stored == 1, f"one order was sent three times, the books hold {stored}"
    await expect(page.locator("#gmv")).to_contain_text("118", timeout=10_000)


async def _kill_switch_works_in_both_windows(page: Page, second: Page) -> None:
    await _in_overlay(page, "z.sounding", 15_000)
    pressed = time.monotonic()
    await second.click("#kill")
    await _in_overlay(page, "!z.sounding && z.mouth < 0.2", SILENCE)
    print(f"kill switch: silent after {(time.monotonic() - pressed) * 1000:.0f} ms")
    await expect(page.locator("#desk")).to_have_attribute("data-state", "silenced", timeout=10_000)
    await expect(second.locator("#desk")).to_have_attribute("data-state", "silenced", timeout=10_000)
    await page.click("#resume")
    await expect(second.locator("#desk")).to_have_attribute("data-state", "on_air", timeout=10_000)
    await _in_overlay(page, "z.sounding", 15_000)


async def _overlay_alone(page: Page, room: str) -> None:
    """The page that OBS shows, at its own size, transparent, with a link of its own."""
    link = await page.evaluate(f"fetch('/desk/{room}/overlay-link', {{method: 'POST'}}).then((r) => r.json())")
    viewer = await page.context.new_page()
    await viewer.set_viewport_size({"width": 540, "height": 960})
    await viewer.goto(
        page.url.split("/desk/")[0] + link["url"].replace("/overlay", "/overlay?layout=portrait&bg=studio")
    )
    await viewer.wait_for_function("() => window.zhubo?.sounding && window.zhubo.mouth > 0.5", timeout=20_000)
    label = await viewer.locator(".ai-label").bounding_box()
    assert label is not None and label["height"] >= 0.05 * 540, f"the AI label is {label} on a 540 × 960 picture"
    await viewer.screenshot(path=KEPT / "overlay.png")
    assert await viewer.evaluate("window.zhubo.failures.length") == 0
    await viewer.close()


def _every_said_number_has_a_fact(studio: Studio, room: str) -> None:
    """The chain verifies and no line was said without the log having it first."""
    rows = studio.books("select body, prev, hash from live_events where room = ? order by seq", room)
    previous = ""
    for body, prev, digest in rows:
        line = json.loads(body)
        canonical = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert prev == previous
        assert digest == hashlib.sha256((prev + canonical).encode()).hexdigest()
        previous = digest
    kinds = [json.loads(body)["type"] for body, _, _ in rows]
    assert kinds.count("line_started") >= 5
    assert kinds.count("clause_started") >= kinds.count("line_started")


async def _post(page: Page, path: str, body: dict[str, Any]) -> int:
    status: int = await page.evaluate(
        """([path, body]) => fetch(path, {method: 'POST', headers: {'content-type': 'application/json'},
           body: JSON.stringify(body)}).then((r) => r.status)""",
        [path, body],
    )
    return status


async def _shot(page: Page, name: str) -> None:
    KEPT.mkdir(exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png")


def _plain(amount: str) -> str:
    return amount.rstrip("0").rstrip(".") if "." in amount else amount


def _secret(studio: Studio, kind: str) -> str:
    sealed = studio.books("select secret from integrations where kind = ? and shop = 'sample'", kind)[0][0]
    return vault_in(studio.data).open(sealed, f"sample/{kind}")
