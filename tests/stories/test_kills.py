"""kill -9 of the voice, the model and a viewer's socket in the middle of a show: it goes on."""

import asyncio
import json
import os
import signal
import time
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.stories.studio import Studio, stop_studio
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

    await _a_killed_socket_misses_nothing(page, studio)

    await page.fill("#try-text", "多少钱啊")
    await page.click("#try button")
    row = page.locator("#comments > li", has_text="多少钱啊").first
    await row.locator(".comment-answer").wait_for(state="visible", timeout=ANSWER)
    pressed = time.monotonic()
    assert await asyncio.to_thread(stop_studio, studio) == 0, "Ctrl-C must end the studio cleanly"
    assert time.monotonic() - pressed < 10


async def _a_killed_socket_misses_nothing(page: Page, studio: Studio) -> None:
    """A viewer whose connection is torn mid-sentence comes back with its last place and gets the whole gap, once."""
    room = page.url.rsplit("/", 1)[1]
    link = await page.evaluate(f"fetch('/desk/{room}/overlay-link', {{method: 'POST'}}).then((r) => r.json())")
    code = link["url"].split("#")[1]
    token = await page.evaluate(
        """(code) => fetch('/overlay/token', {method: 'POST', headers: {'content-type': 'application/json'},
           body: JSON.stringify({code})}).then((r) => r.json()).then((r) => r.token)""",
        code,
    )
    address = studio.url.replace("http", "ws") + "/overlay/ws"
    first = await connect(address, origin=Origin(studio.url), compression=None)
    await first.send(json.dumps({"type": "hello", "token": token}))
    epoch, seq = "", 0
    while seq == 0 or epoch == "":
        said = await _message(first)
        epoch, seq = said.get("epoch", ""), said.get("seq", 0)
    first.transport.abort()  # no goodbye: as a pulled cable
    await _in_overlay(page, f"z.seq >= {seq + 2}", NEXT_LINE)
    async with connect(address, origin=Origin(studio.url), compression=None) as again:
        await again.send(json.dumps({"type": "hello", "token": token, "epoch": epoch, "seq": seq}))
        assert (await _message(again))["type"] == "recovered"
        assert [(await _message(again))["seq"] for _ in range(2)] == [seq + 1, seq + 2]


async def _message(socket: ClientConnection) -> dict[str, Any]:
    """The next JSON message; clips are passed over."""
    while True:
        received = await socket.recv()
        if isinstance(received, str):
            message: dict[str, Any] = json.loads(received)
            if message["type"] != "clock":
                return message


def _reborn(studio: Studio, module: str, before: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if studio.child(module) != before:
            return True
        time.sleep(0.05)
    return False
