"""kill -9 of the voice, the model and a viewer's socket in the middle of a show: it goes on."""

import os
import signal
import time

import pytest
from playwright.async_api import Browser

from tests.stories.studio import Studio
from tests.stories.test_first_voice import ANSWER, _entered, _in_overlay

pytestmark = [pytest.mark.story, pytest.mark.real]

NEXT_LINE = 20_000  # ms; ready audio bridges the seconds a killed voice needs to come back


async def test_the_show_survives_the_death_of_voice_model_and_socket(studio: Studio, browser: Browser) -> None:
    page = await _entered(studio, browser)
    await page.click("#rehearse")
    await page.wait_for_url("**/desk/*")
    await _in_overlay(page, "z.sounding", 30_000)
    for module in ("avatar.serve", "model.serve"):
        before = studio.child(module)
        line = await page.evaluate("document.getElementById('preview').contentWindow.zhubo.line")
        os.kill(before, signal.SIGKILL)
        await _in_overlay(page, f"z.sounding && z.line !== {line!r}", NEXT_LINE)
        assert _reborn(studio, module, before), f"{module} did not come back"

    await _in_overlay(page, "z.connected", 5_000)
    seq = await page.evaluate("document.getElementById('preview').contentWindow.zhubo.seq")
    await page.context.set_offline(True)  # the viewer's network is gone, and comes back
    await page.evaluate("document.getElementById('preview').contentWindow.dispatchEvent(new Event('offline'))")
    await page.context.set_offline(False)
    await _in_overlay(page, f"z.connected && z.seq > {seq} && z.sounding", NEXT_LINE)

    await page.fill("#try-text", "多少钱啊")
    await page.click("#try button")
    row = page.locator("#comments > li", has_text="多少钱啊").first
    await row.locator(".comment-answer").wait_for(state="visible", timeout=ANSWER)


def _reborn(studio: Studio, module: str, before: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if studio.child(module) != before:
                return True
        except LookupError:
            time.sleep(0.05)
    return False
