"""The cloud voice against a local service that speaks its protocol, well and badly."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path

import edge_tts.communicate
import pytest
from websockets.asyncio.server import serve

from app.commands.cloud import SYLLABLE, StandInCloud, stand_in_cloud
from app.shows.cast import VOICES
from avatar.client import VoiceBusy, VoiceUnavailable
from avatar.edge import AT_ONCE, BURST, SAME_PERSONA, TURN_WITHIN, EdgeVoice, Pace, serve_at
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word
from avatar.spoken import spoken

pytestmark = pytest.mark.real  # the English lexicon of the voice directory
HOST = Voice(name="zf_xiaoxiao")


@pytest.fixture
async def cloud(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[StandInCloud, None]:
    monkeypatch.setattr(edge_tts.communicate, "WSS_URL", edge_tts.communicate.WSS_URL)  # put back at the end
    async with stand_in_cloud() as (cloud, address):
        serve_at(address)
        yield cloud


async def _said(voice: EdgeVoice, text: str) -> list[Utterance]:
    return [u async for u in voice.speak(spoken(text), HOST)]


async def test_a_line_comes_with_sound_phones_and_words(cloud: StandInCloud, voice_files: Path) -> None:
    said = await _said(EdgeVoice(voice_files), "今天只要￥99")
    assert list(cloud.asked) == ["今天只要九十九元"]
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
async def test_every_fault_of_the_service_is_one_error(
    cloud: StandInCloud, voice_files: Path, fault: str, told: str
) -> None:
    cloud.fault = fault
    with pytest.raises(VoiceUnavailable, match=told):
        await _said(EdgeVoice(voice_files), "今天包邮，大家放心拍")


async def test_a_silent_service_is_left_after_the_deadline(cloud: StandInCloud, voice_files: Path) -> None:
    cloud.fault = "hang"
    with pytest.raises(VoiceUnavailable, match="Timeout"):
        await asyncio.wait_for(_said(EdgeVoice(voice_files, step=0.2), "今天包邮"), 5)


async def test_a_refused_connection_is_the_same_error(voice_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(lambda _: asyncio.sleep(0), "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
    monkeypatch.setattr(edge_tts.communicate, "WSS_URL", f"ws://127.0.0.1:{port}/?fake=1")
    with pytest.raises(VoiceUnavailable):
        await _said(EdgeVoice(voice_files), "今天包邮")


async def test_no_more_than_two_connections_are_open_at_once(cloud: StandInCloud, voice_files: Path) -> None:
    voice = EdgeVoice(voice_files, turn=30)
    cloud.gate.clear()
    lines = [asyncio.create_task(_said(voice, f"第{i}件包邮")) for i in range(5)]
    while len(cloud.asked) < AT_ONCE:
        await asyncio.sleep(0)
    cloud.gate.set()
    await asyncio.gather(*lines)
    assert cloud.most_open == AT_ONCE


async def test_who_waits_too_long_for_a_turn_is_sent_to_the_next_voice(cloud: StandInCloud, voice_files: Path) -> None:
    voice = EdgeVoice(voice_files)
    cloud.gate.clear()
    holding = [asyncio.create_task(_said(voice, f"第{i}件包邮")) for i in range(AT_ONCE)]
    while cloud.open < AT_ONCE:
        await asyncio.sleep(0.005)
    with pytest.raises(VoiceBusy):
        await asyncio.wait_for(_said(voice, "今天包邮"), 30)
    cloud.gate.set()
    await asyncio.gather(*holding)


async def test_leaving_in_the_middle_ends_the_connection(cloud: StandInCloud, voice_files: Path) -> None:
    cloud.gate.clear()
    speaking = asyncio.create_task(_said(EdgeVoice(voice_files), "今天包邮"))
    while not cloud.open:
        await asyncio.sleep(0.005)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    cloud.fault = "hang"  # whoever is still connected stays so
    cloud.gate.set()
    async with asyncio.timeout(30):
        while cloud.open:
            await asyncio.sleep(0.005)


async def test_a_long_line_is_asked_in_pieces_that_the_service_takes(cloud: StandInCloud, voice_files: Path) -> None:
    said = await _said(
        EdgeVoice(voice_files), "今天直播间里的这款空气炸锅容量有五点五升大家可以放心做一家四口的晚饭" * 6
    )
    assert max(len(text.encode()) for text in cloud.asked) < 4096
    assert len(cloud.asked) > 1
    assert len([u for u in said if isinstance(u, Sound)]) == len(cloud.asked)


async def test_a_line_without_words_asks_for_nothing(cloud: StandInCloud, voice_files: Path) -> None:
    assert await _said(EdgeVoice(voice_files), "😀！") == []
    assert list(cloud.asked) == []


def test_requests_are_paced_after_a_burst() -> None:
    now = 0.0
    pace = Pace(clock=lambda: now)
    assert [pace.wait() for _ in range(BURST)] == [0.0] * BURST
    assert pace.wait() == pytest.approx(1.0)
    assert pace.wait() > TURN_WITHIN, "refused, and nothing taken"
    now = 2.5
    assert pace.wait() == pytest.approx(0.0)


async def test_a_voice_without_a_twin_in_the_cloud_is_refused(voice_files: Path) -> None:
    with pytest.raises(VoiceUnavailable, match="nobody"):
        [u async for u in EdgeVoice(voice_files).speak(spoken("你好"), Voice(name="nobody"))]


def test_every_voice_of_the_house_has_a_twin_in_the_cloud() -> None:
    assert set(SAME_PERSONA) == {voice for voices in VOICES.values() for voice in voices}
