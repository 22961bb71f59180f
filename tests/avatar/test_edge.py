"""The cloud voice against a local service that speaks its protocol, well and badly."""

import asyncio
import http
import io
import json
import re
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path

import edge_tts.communicate
import numpy as np
import pytest
import soundfile
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from avatar.client import VoiceUnavailable
from avatar.edge import AT_ONCE, EdgeVoice
from avatar.phones import FrontEnd
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word
from avatar.spoken import spoken

pytestmark = pytest.mark.real  # the English lexicon of the voice directory
HOST = Voice(name="zf_xiaoxiao")
SYLLABLE = 0.25  # seconds of the fake's every character


class Cloud:
    """The service: hums every character for SYLLABLE seconds; `fault` makes it misbehave."""

    def __init__(self) -> None:
        self.fault = ""
        self.refusals = 0
        self.open = self.most_open = 0
        self.asked: list[str] = []
        self.lock = asyncio.Event()
        self.lock.set()

    def check(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.fault in ("403", "503"):
            self.refusals += 1
            return connection.respond(http.HTTPStatus(int(self.fault)), "no\n")
        return None

    async def answer(self, connection: ServerConnection) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._answer(connection)
        finally:
            self.open -= 1

    async def _answer(self, connection: ServerConnection) -> None:
        config = str(await connection.recv())
        assert '"wordBoundaryEnabled":"true"' in config
        ssml = str(await connection.recv())
        text = re.sub(r"<[^>]+>", "", ssml.split("\r\n\r\n", 1)[1])
        self.asked.append(text)
        await self.lock.wait()
        if self.fault == "hang":
            await connection.wait_closed()
            return
        await connection.send("Path:turn.start\r\n\r\n{}")
        await connection.send("Path:response\r\n\r\n{}")
        words = [text[i : i + 2] for i in range(0, len(text), 2)]
        for i, word in enumerate(words):
            data = {"Offset": int(i * 2 * SYLLABLE * 1e7), "Duration": int(len(word) * SYLLABLE * 1e7),
                    "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"}}  # fmt: skip
            await connection.send(
                "Path:audio.metadata\r\n\r\n" + json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
            )
        mp3 = b"not an mp3 at all" * 99 if self.fault == "garbage" else _hum(len(text) * SYLLABLE)
        if self.fault == "no audio":
            mp3 = b""
        for start in range(0, len(mp3), 1000):
            header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
            await connection.send(len(header).to_bytes(2, "big") + header + mp3[start : start + 1000])
            if self.fault == "cut" and start >= 1000:
                connection.transport.close()
                return
        await connection.send("Path:turn.end\r\n\r\n{}")


def _hum(seconds: float) -> bytes:
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buffer = io.BytesIO()
    hum = (0.3 * np.sin(2 * np.pi * 220 * t)).astype(np.float32)
    soundfile.write(buffer, hum, SAMPLE_RATE, format="MP3", subtype="MPEG_LAYER_III")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def front(voice_files: Path) -> FrontEnd:
    return FrontEnd(voice_files)


@pytest.fixture
async def cloud(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Cloud, None]:
    cloud = Cloud()
    async with serve(cloud.answer, "127.0.0.1", 0, process_request=cloud.check) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        # the library takes no address; its constant is the only door to a service of our own
        monkeypatch.setattr(edge_tts.communicate, "WSS_URL", f"ws://127.0.0.1:{port}/?fake=1")
        yield cloud


async def _said(voice: EdgeVoice, text: str) -> list[Utterance]:
    return [u async for u in voice.speak(spoken(text), HOST)]


async def test_a_line_comes_with_sound_phones_and_words(cloud: Cloud, front: FrontEnd) -> None:
    said = await _said(EdgeVoice(front), "今天只要￥99")
    assert cloud.asked == ["今天只要九十九元"]
    assert isinstance(said[-1], Sound)
    seconds = len(said[-1].pcm) / 2 / SAMPLE_RATE
    assert seconds == pytest.approx(8 * SYLLABLE, abs=0.25)
    assert [u.text for u in said if isinstance(u, Word)] == ["今天", "只要", "￥99"]
    price = next(u for u in said if isinstance(u, Word) and u.text == "￥99")
    assert price.start == pytest.approx(4 * SYLLABLE, abs=0.12)
    phones = [u for u in said if isinstance(u, Phone)]
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(phones))
    assert [p.symbol for p in phones][:2] == ["ʨ", "i→"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("403", "403"),
        ("503", "503"),
        ("cut", "whole sound"),
        ("no audio", "NoAudioReceived"),
        ("garbage", "expected MP3"),
    ],
)
async def test_every_fault_of_the_service_is_one_error(cloud: Cloud, front: FrontEnd, fault: str, told: str) -> None:
    cloud.fault = fault
    with pytest.raises(VoiceUnavailable, match=told):
        await _said(EdgeVoice(front), "今天包邮，大家放心拍")


async def test_a_silent_service_is_left_after_the_deadline(cloud: Cloud, front: FrontEnd) -> None:
    cloud.fault = "hang"
    with pytest.raises(VoiceUnavailable, match="Timeout"):
        await asyncio.wait_for(_said(EdgeVoice(front, step=0.2), "今天包邮"), 5)


async def test_a_refused_connection_is_the_same_error(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(lambda _: asyncio.sleep(0), "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
    monkeypatch.setattr(edge_tts.communicate, "WSS_URL", f"ws://127.0.0.1:{port}/?fake=1")
    with pytest.raises(VoiceUnavailable):
        await _said(EdgeVoice(front), "今天包邮")


async def test_no_more_than_two_connections_are_open_at_once(cloud: Cloud, front: FrontEnd) -> None:
    voice = EdgeVoice(front)
    cloud.lock.clear()
    lines = [asyncio.create_task(_said(voice, f"第{i}件包邮")) for i in range(5)]
    while len(cloud.asked) < AT_ONCE:
        await asyncio.sleep(0)
    cloud.lock.set()
    await asyncio.gather(*lines)
    assert cloud.most_open == AT_ONCE


async def test_a_voice_without_a_twin_in_the_cloud_is_refused(front: FrontEnd) -> None:
    with pytest.raises(VoiceUnavailable, match="nobody"):
        [u async for u in EdgeVoice(front).speak(spoken("你好"), Voice(name="nobody"))]
