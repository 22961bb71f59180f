"""The mood and the gesture of a sentence."""

from typing import get_args

import pytest

from app.events import LineKind
from app.live.bearing import GESTURES, KIND_GESTURES, KIND_MOODS, MOODS, bearing_of
from app.live.sentence import Sentence
from avatar.rig import tables
from scripts_gen.rundown import SegmentKind


def sentence(kind: LineKind, block: str = "", template: str = "大家好") -> Sentence:
    return Sentence(template=template, kind=kind, product=None, block=block)


def test_every_mood_and_gesture_is_one_that_the_rig_knows() -> None:
    assert {*MOODS.values(), *KIND_MOODS.values(), "calm"} <= set(tables()["moods"])
    assert {*GESTURES.values(), *KIND_GESTURES.values()} <= set(tables()["gestures"])


def test_every_name_is_a_stretch_of_the_script_or_a_kind_of_line() -> None:
    assert {*MOODS, *GESTURES} <= set(get_args(SegmentKind))
    assert {*KIND_MOODS, *KIND_GESTURES} <= set(get_args(LineKind))


@pytest.mark.parametrize(
    ("said", "bearing"),
    [
        (sentence("rundown", "0.0:welcome"), ("bright", "greet")),
        (sentence("rundown", "1.4:offer", "今天只要{price}"), ("warm", "reveal")),
        (sentence("rundown", "1.2:selling_points_b"), ("calm", "show")),
        (sentence("acknowledgement"), ("warm", "listen")),
        (sentence("correction"), ("earnest", "stress")),
        (sentence("disclosure"), ("calm", None)),
    ],
)
def test_a_sentence_is_said_as_what_it_is_for(said: Sentence, bearing: tuple[str, str | None]) -> None:
    assert bearing_of(said, 0) == bearing


def test_a_gesture_is_made_once_a_sentence() -> None:
    assert bearing_of(sentence("thanks"), 1) == ("bright", None)
