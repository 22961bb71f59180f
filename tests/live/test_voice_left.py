"""The voice's process seen from the room: a line given up while it waits must not keep its asker's end open."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import cast

from avatar.client import EmbeddedVoice
from avatar.kokoro import Kokoro
from avatar.line import Line
from avatar.serve import serve
from avatar.speech import Sound, Utterance, Voice


class SlowVoice:
    """Says everything in one sound after a while, or stops when asked to."""

    voices = ("v",)

    def __init__(self) -> None:
        self.release = False

    def speak_now(self, line: Line, voice: Voice, stop: Callable[[], bool], **_more: object) -> Iterator[Utterance]:
        """One sound when released."""
        while not self.release and not stop():
            time.sleep(0.005)
        yield Sound(pcm=b"\0\0")


async def test_a_line_given_up_while_waiting_leaves_nothing_behind(tmp_path: Path):
    slow, stop = SlowVoice(), asyncio.Event()
    address = tmp_path / "voice"
    serving = asyncio.create_task(serve(address, cast(Kokoro, slow), stop))
    while not address.exists():
        await asyncio.sleep(0.01)
    line = Line(written="好", spoken="好", lang="zh", links=())

    async def ask() -> None:
        async with aclosing(EmbeddedVoice(address).speak(line, Voice(name="v"))) as utterances:
            async for _ in utterances:
                return

    first, second = asyncio.create_task(ask()), asyncio.create_task(ask())
    await asyncio.sleep(0.05)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    slow.release = True
    await first
    stop.set()
    await asyncio.wait_for(serving, 5)
