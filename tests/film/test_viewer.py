"""What a viewer without a page sees and hears."""

import numpy as np

from app.film.viewer import RATE, Viewer
from tests.film.scenes import CARD, START, ends, snapshot, speech, starts, tone


def speaking(at: float = 1.0, seconds: float = 2.0) -> Viewer:
    viewer = Viewer()
    viewer.message(snapshot(), START)
    viewer.message(starts(speech(at, seconds)), START + at - 0.15)
    viewer.clip(tone(seconds))
    return viewer


def loud(viewer: Viewer, at: float, seconds: float = 0.1) -> float:
    return float(np.abs(viewer.sound(START + at, round(seconds * RATE))).max())


def test_a_clause_is_seen_and_heard_in_its_time_and_at_no_other() -> None:
    viewer = speaking()
    assert viewer.scene(START + 0.99).speech is None
    assert loud(viewer, 0.85) < 0.02
    scene = viewer.scene(START + 1.5)
    assert scene.speech is not None
    assert scene.position is not None
    assert abs(scene.position - 0.5) < 1e-6
    assert loud(viewer, 1.5) > 0.3
    assert viewer.scene(START + 3.01).speech is None
    assert loud(viewer, 3.05) < 0.02


def test_sound_asked_for_in_blocks_is_the_sound_asked_for_at_once() -> None:
    whole = speaking().sound(START + 0.9, 4800)
    viewer = speaking()
    parts = [viewer.sound(START + 0.9 + k * 960 / RATE, 960) for k in range(5)]
    assert np.allclose(np.concatenate(parts), whole)


def test_a_cut_closes_the_mouth_at_once_and_silences_within_thirty_milliseconds() -> None:
    viewer = speaking()
    viewer.message(ends("l1", "cut"), START + 1.5)
    assert viewer.scene(START + 1.51).speech is None
    assert loud(viewer, 1.4, 0.09) > 0.3
    assert loud(viewer, 1.531) == 0.0


def test_a_line_said_to_its_end_is_not_shortened() -> None:
    viewer = speaking()
    viewer.message(ends("l1", "said"), START + 2.9)
    assert loud(viewer, 2.88, 0.1) > 0.3


def test_another_run_of_the_room_silences_what_the_old_one_had_begun() -> None:
    viewer = speaking()
    viewer.message(snapshot(epoch="f"), START + 1.5)
    assert viewer.scene(START + 1.6).speech is None
    assert loud(viewer, 1.6) == 0.0


def test_a_clause_told_twice_is_heard_once() -> None:
    viewer = speaking()
    viewer.message(snapshot(speech=speech(1.0, 2.0)), START + 1.2)
    viewer.clip(tone(2.0))
    assert loud(viewer, 1.5) < 0.6


def test_a_take_over_is_silent_and_the_card_stays() -> None:
    viewer = speaking()
    viewer.message('{"type": "notice", "notice_kind": "held", "text": ""}', START + 1.5)
    scene = viewer.scene(START + 1.6)
    assert (scene.state, scene.speech, scene.card) == ("held", None, CARD)
    assert loud(viewer, 1.6) == 0.0


def test_thanks_for_a_gift_pass() -> None:
    viewer = speaking()
    viewer.message('{"type": "gift", "name": "小鱼", "text": "送了花", "simulated": false}', START + 1)
    assert viewer.scene(START + 2).notice == "小鱼 送了花"
    assert viewer.scene(START + 20).notice == ""
