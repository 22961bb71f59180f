"""The speech benchmark's own arithmetic, on mouths and sounds whose offset is known."""

import numpy as np
import pytest

from avatar.speech import SAMPLE_RATE, Phone
from avatar.visemes import Viseme, visemes
from benchmarks.lipsync import energy, likeness, lips, offset_ms, opening
from benchmarks.speech_lines import CLAUSES, sentences

SECONDS = 4.0


def babble(seed: int) -> list[Phone]:
    """Vowels and closures of uneven length."""
    chance = np.random.default_rng(seed)
    phones, clock = [], 0.1
    while clock < SECONDS - 0.5:
        for symbol, mean in (("a", 0.18), ("p", 0.09)):
            end = clock + mean * float(chance.uniform(0.7, 1.3))
            phones.append(Phone(symbol=symbol, start=clock, end=end))
            clock = end
    return phones


def voiced(phones: list[Phone], late: float) -> np.ndarray:
    """A tone wherever a vowel is, `late` seconds after it."""
    samples = np.zeros(round(SECONDS * SAMPLE_RATE), np.float32)
    for phone in phones:
        if phone.symbol == "a":
            samples[round((phone.start + late) * SAMPLE_RATE) : round((phone.end + late) * SAMPLE_RATE)] = 0.3
    return samples


@pytest.mark.parametrize("late_ms", [-80, -30, 0, 50, 120])
def test_a_mouth_that_is_late_or_early_is_found_out(late_ms: int) -> None:
    found = []
    for seed in range(6):
        phones = babble(seed)
        found.append(likeness(opening(visemes(phones), SECONDS), energy(voiced(phones, -late_ms / 1000))))
    assert offset_ms(found) == pytest.approx(late_ms, abs=12)


def test_lips_that_do_not_meet_are_counted_as_open() -> None:
    phones = [
        Phone(symbol="a→", start=0.0, end=0.2),
        Phone(symbol="m", start=0.2, end=0.3),
        Phone(symbol="a", start=0.3, end=0.5),
    ]
    assert lips(phones, visemes(phones))[0] < 0.5
    wide: list[Viseme] = [("aa", 0.0, 0.5, 1.0)]
    assert lips(phones, wide)[0] > 4


def test_a_hundred_sentences_of_each_language_are_all_different() -> None:
    for lang in CLAUSES:
        assert len(set(sentences(lang, 100))) == 100
        assert len(sentences(lang, 20)) == 20
