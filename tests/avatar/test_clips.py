"""Clauses and their clips."""

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar.clauses import LONGEST, clauses, syllables
from avatar.clips import Clip, ClipCache, NothingToSay, make_clip, to_opus
from avatar.line import Line
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word
from avatar.spoken import spoken

HOST = Voice(name="zf_xiaoxiao")


class Hum:
    """A SpeechEngine that hums a tone for each character; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def speak(self, line: Line, voice: Voice) -> AsyncGenerator[Utterance, None]:
        self.asked += 1
        for i in range(len(line.spoken)):
            yield Phone(symbol="a", start=i * 0.1, end=(i + 1) * 0.1)
        if not line.spoken:
            return
        yield Word(text=line.written, first=0, last=len(line.written), start=0.0, end=len(line.spoken) * 0.1)
        t = np.arange(int(len(line.spoken) * 0.1 * SAMPLE_RATE)) / SAMPLE_RATE
        yield Sound(pcm=(np.sin(2 * np.pi * 220 * t) * 8000).astype("<i2").tobytes())


SENTENCES = [
    "大家晚上好，欢迎来到直播间！空气炸锅只要￥1,299，满300减50，还送iPhone 15手机壳。",
    "这款空气炸锅容量有5.5升大家可以放心做一家四口的晚饭不用翻面也能炸得很均匀。",
    "有的，库存还有200件，今晚20:00之前下单48小时内发货。",
    "原价一千二百九十九元今天直播间只要八百九十九元真的很划算",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_clauses_are_short_and_lose_nothing(sentence: str) -> None:
    cut = clauses(sentence, "zh")
    assert "".join(cut) == sentence
    assert syllables(cut[0], "zh") <= 12
    assert all(syllables(clause, "zh") <= LONGEST for clause in cut)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_numbers_times_and_prices_are_never_cut(sentence: str) -> None:
    cut = clauses(sentence, "zh")
    for token in re.findall(r"[￥\d.,:]*\d+", sentence):
        assert any(token in clause for clause in cut)


def test_a_comma_ends_the_first_clause() -> None:
    assert clauses("有的，库存还有两百件，今晚下单明天就能发货。", "zh")[0] in ("有的，库存还有两百件，", "有的，")


def test_english_sentences_are_cut_between_words() -> None:
    text = "Welcome to the show, everyone. The XR-500 is only $1,299.00 today, and it ships free within 3-5 days."
    cut = clauses(text, "en")
    assert " ".join(cut) == text
    assert len(cut) >= 3


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="大家好空气炸锅的了一二三，。！？、；：, .:!?￥0123456789AXiPhone ", max_size=60))
def test_any_text_is_cut_without_loss(text: str) -> None:
    cut = clauses(text, "zh")
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(clause == clause.strip() and clause for clause in cut)


async def test_a_clip_carries_sound_mouth_and_words() -> None:
    line = spoken("只要￥99")
    clip = await make_clip(Hum(), line, HOST)
    assert (clip.text, clip.spoken, clip.voice) == ("只要￥99", line.spoken, "zf_xiaoxiao")
    assert clip.seconds == pytest.approx(len(clip.pcm) / 2 / SAMPLE_RATE)
    assert clip.visemes[0][0] == "aa"
    assert clip.words[0].text == "只要￥99"
    assert clip.sha256 == hashlib.sha256(clip.opus).hexdigest()


def test_opus_is_small_and_keeps_length_and_pitch() -> None:
    t = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    opus = to_opus((np.sin(2 * np.pi * 220 * t) * 8000).astype("<i2").tobytes())
    assert opus[:4] == b"OggS"
    assert len(opus) < 30_000
    samples, rate = soundfile.read(io.BytesIO(opus))
    assert abs(len(samples) / rate - 2.0) < 0.03
    spectrum = np.abs(np.fft.rfft(samples[: 2 * rate // 2 * 2]))
    assert abs(np.argmax(spectrum) * rate / (2 * rate // 2 * 2) - 220) < 3


async def test_the_second_time_a_clip_comes_from_the_disk(tmp_path: Path) -> None:
    engine, line = Hum(), spoken("今天包邮")
    first = await make_clip(engine, line, HOST, ClipCache(tmp_path))
    again = await make_clip(engine, line, HOST, ClipCache(tmp_path))
    assert engine.asked == 1
    assert again == first


@pytest.mark.parametrize("other", [Voice(name="zm_yunxi"), Voice(name="zf_xiaoxiao", speed=1.2)])
async def test_another_voice_or_speed_is_another_clip(tmp_path: Path, other: Voice) -> None:
    engine, cache, line = Hum(), ClipCache(tmp_path), spoken("今天包邮")
    await make_clip(engine, line, HOST, cache)
    await make_clip(engine, line, other, cache)
    assert engine.asked == 2


async def test_another_model_is_another_clip(tmp_path: Path) -> None:
    engine, line = Hum(), spoken("今天包邮")
    await make_clip(engine, line, HOST, ClipCache(tmp_path))
    await make_clip(engine, line, HOST, ClipCache(tmp_path, model="other"))
    assert engine.asked == 2


async def test_a_damaged_clip_is_made_anew(tmp_path: Path) -> None:
    engine, cache, line = Hum(), ClipCache(tmp_path), spoken("今天包邮")
    await make_clip(engine, line, HOST, cache)
    path = cache.path(line, HOST)
    path.write_bytes(path.read_bytes()[:200])
    assert isinstance(await make_clip(engine, line, HOST, cache), Clip)
    assert engine.asked == 2


async def test_the_cache_stays_within_its_limit(tmp_path: Path) -> None:
    engine, cache = Hum(), ClipCache(tmp_path, limit=200_000)
    for number in range(12):
        await make_clip(engine, spoken(f"第{number}件包邮"), HOST, cache)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 200_000
    assert cache.get(spoken("第11件包邮"), HOST) is not None
    assert cache.get(spoken("第0件包邮"), HOST) is None


async def test_many_makers_at_once_leave_whole_files(tmp_path: Path) -> None:
    cache, line = ClipCache(tmp_path), spoken("今天包邮")
    made = await asyncio.gather(*(make_clip(Hum(), line, HOST, cache) for _ in range(6)))
    kept = cache.get(line, HOST)
    assert kept in made
    assert [path.suffix for path in tmp_path.iterdir()] == [".clip"]


async def test_a_line_without_sound_is_said_to_have_none() -> None:
    with pytest.raises(NothingToSay):
        await make_clip(Hum(), spoken("😀"), HOST)
