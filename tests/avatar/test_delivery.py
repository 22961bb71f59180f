"""Greetings are lively, prices slow, what the law wants said is calm; all stays at the level that was promised."""

import numpy as np
import pytest

from avatar.delivery import CALM, LIVELY, PLAIN, SLOW, delivered
from avatar.loudness import TARGET, finished, loudness
from avatar.speech import SAMPLE_RATE


@pytest.mark.parametrize(
    ("clause", "lang", "manner"),
    [
        ("大家晚上好，", "zh", LIVELY),
        ("欢迎来到直播间！", "zh", LIVELY),
        ("今天直播间只要￥89.9，", "zh", SLOW),
        ("满300减50！", "zh", SLOW),
        ("一百九十九元包邮。", "zh", SLOW),
        ("现在八折。", "zh", SLOW),
        ("我是AI数字人主播，", "zh", CALM),
        ("欢迎，我是AI主播！", "zh", CALM),
        ("容量有5.5升，", "zh", PLAIN),
        ("内胆拆下来就能冲洗。", "zh", PLAIN),
        ("Hello and welcome to the show.", "en", LIVELY),
        ("It is $29.95 today,", "en", SLOW),
        ("I'm an AI host,", "en", CALM),
        ("The hill is high and quiet.", "en", PLAIN),
    ],
)
def test_a_clause_is_delivered_by_what_it_says(clause: str, lang: str, manner: tuple[float, float]) -> None:
    voice = delivered("zf_xiaoxiao", clause, lang)
    assert (voice.name, voice.speed, voice.level) == ("zf_xiaoxiao", *manner)


@pytest.mark.parametrize("manner", [LIVELY, SLOW, CALM, PLAIN])
def test_every_manner_stays_within_the_level_that_platforms_ask_for(manner: tuple[float, float]) -> None:
    noise = (np.random.default_rng(3).standard_normal(2 * SAMPLE_RATE) * 0.1).astype(np.float32)
    assert abs(loudness(finished(noise, SAMPLE_RATE, TARGET + manner[1]), SAMPLE_RATE) - TARGET) < 1


@pytest.mark.parametrize("length", [0, 1, 7, 5_000])
def test_a_finished_clip_begins_and_ends_in_silence(length: int) -> None:
    loud = np.full(length, 0.5, np.float32)
    done = finished(loud, SAMPLE_RATE)
    assert len(done) == length
    if length > 500:
        assert max(abs(done[0]), abs(done[-1])) < 0.001
        assert np.abs(np.diff(np.concatenate((done, done)))).max() < 0.05, "no step where two clips meet"
