"""The house's first voices over twenty short lines each: level, joints, mouth. `zhubo bench speech` does it for all."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.shows.cast import VOICES
from avatar.kokoro import Kokoro
from avatar.loudness import TARGET, loudness
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice
from avatar.spoken import spoken
from avatar.visemes import visemes
from benchmarks.lipsync import MET, energy, likeness, lips, offset_ms, opening

pytestmark = pytest.mark.real
LINES = {
    "zh": ("宝宝们好。", "慢慢看。", "不买也没关系。", "摸一摸面料。", "爸妈都能用。", "包邮。", "明天发货。",
           "保修一年。",
           "别忙着走。", "贝壳白和墨绿。", "麻布的。", "八十九块九。", "半价。", "没有毛边。", "妈妈喜欢。", "白天拍。",
           "不褪色。", "配说明书。", "帮您看看。", "明白了。"),
    "en": ("Hello, my friends.", "Take your time.", "Maybe for mum.", "Both sizes fit.", "Feel the fabric.",
           "It ships free.", "Black or blue.", "Press the button.", "Made for home.", "No problem.", "Bring it back.",
           "My pleasure.", "Pack it up.", "More to come.", "Big enough.", "Warm and soft.", "By tomorrow.",
           "Pick a colour.", "Best in blue.", "Bye for now."),
}  # fmt: skip
Said = Mapping[str, list[list[Utterance]]]


@pytest.fixture(scope="module")
def said(voice_files: Path) -> Said:
    voice = Kokoro(voice_files)
    return {
        lang: [list(voice.speak_now(spoken(line, lang), Voice(name=VOICES[lang][0]), lambda: False)) for line in lines]
        for lang, lines in LINES.items()
    }


def samples(utterances: list[Utterance]) -> np.ndarray:
    pcm = b"".join(part.pcm for part in utterances if isinstance(part, Sound))
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


@pytest.mark.parametrize("lang", LINES)
def test_every_line_is_as_loud_as_platforms_ask(said: Said, lang: str) -> None:
    levels = [loudness(samples(line), SAMPLE_RATE) for line in said[lang]]
    assert max(abs(level - TARGET) for level in levels) <= 1


@pytest.mark.parametrize("lang", LINES)
def test_no_line_clicks_against_the_next(said: Said, lang: str) -> None:
    for before, after in pairwise(said[lang]):
        assert abs(float(samples(before)[-1]) - float(samples(after)[0])) < 0.002


def test_the_mouth_is_in_step_and_the_lips_meet(said: Said) -> None:
    found, openings = [], []
    for line in (line for lines in said.values() for line in lines):
        phones = [part for part in line if isinstance(part, Phone)]
        track, sound = visemes(phones), samples(line)
        found.append(likeness(opening(track, len(sound) / SAMPLE_RATE), energy(sound)))
        openings += lips(phones, track)
    assert abs(offset_ms(found)) <= 40
    assert len(openings) >= 40
    assert sum(size < MET for size in openings) / len(openings) >= 0.95
