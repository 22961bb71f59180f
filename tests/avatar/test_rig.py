"""The rig: where the mouth, lids and head are at a moment."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from avatar.rig import Act, Bearing, Pose, Viseme, bearing_at, blink_at, mouth_at, pose_at, tables
from avatar.visemes import NAMES

AMA: list[Viseme] = [("aa", 0.0, 0.2, 1.0), ("PP", 0.2, 0.27, 1.0), ("aa", 0.27, 0.5, 1.0)]

tracks = st.lists(
    st.tuples(st.sampled_from(NAMES), st.floats(0, 5), st.floats(0.02, 0.4), st.floats(0.1, 1.0)), max_size=12
).map(lambda rows: [(name, start, start + length, weight) for name, start, length, weight in rows])


def held(name: str) -> Pose:
    return pose_at([(name, 0.0, 0.4, 1.0)], 0.2, 1)


def test_the_tables_name_every_viseme_of_the_voice() -> None:
    assert set(tables()["visemes"]) == set(NAMES)


def test_aa_is_wider_open_than_e_and_e_than_a_closure() -> None:
    assert held("aa").open > held("E").open > held("PP").open == 0.0


def test_ou_is_rounder_than_rest_and_i_is_wider() -> None:
    assert held("U").width < -0.8 < 0.8 < held("I").width


def test_lips_meet_in_a_short_m_between_two_open_vowels() -> None:
    middle = pose_at(AMA, 0.235, 1)
    assert middle.pp > 0.95
    assert middle.open < 0.2
    assert pose_at(AMA, 0.1, 1).open > 4.0
    assert pose_at(AMA, 0.4, 1).open > 4.0


def test_the_lower_lip_meets_the_teeth_in_f() -> None:
    assert held("FF").ff > 0.95
    assert held("FF").pp == 0.0


def test_the_mouth_rests_before_and_after_its_track() -> None:
    for t in (-1.0, -0.061, 0.561, 3.0):
        assert mouth_at(AMA, t) == (0.0, 0.0, 0.0, 0.0)


def test_without_a_track_the_mouth_is_closed() -> None:
    assert mouth_at([], 1.0) == (0.0, 0.0, 0.0, 0.0)


def test_the_mouth_never_jumps() -> None:
    steps = [mouth_at(AMA, k / 500)[0] for k in range(-50, 300)]
    assert max(abs(b - a) for a, b in pairwise(steps)) < 0.35  # of 5, in 2 ms: a closure within 50 ms


@given(tracks, st.floats(-0.5, 6.0), st.integers(0, 2**31))
def test_every_pose_is_within_what_was_baked(track: list[Viseme], t: float, seed: int) -> None:
    pose = pose_at(track, t, seed)
    assert 0.0 <= pose.open <= 5.0
    assert -1.0 <= pose.width <= 1.0
    assert 0.0 <= pose.pp <= 1.0
    assert 0.0 <= pose.ff <= 1.0
    assert 0.0 <= pose.blink <= 4.0
    assert -1.0 <= pose.gaze <= 1.0


def test_the_same_arguments_give_the_same_pose_and_another_seed_another() -> None:
    assert pose_at(AMA, 12.3, 7) == pose_at(AMA, 12.3, 7)
    assert pose_at(AMA, 12.3, 7) != pose_at(AMA, 12.3, 8)


def test_idle_motion_follows_its_own_clock() -> None:
    assert pose_at(AMA, 0.1, 7, idle=50.0).blink == pose_at([], 50.0, 7).blink
    assert pose_at(AMA, 0.1, 7, idle=50.0).open == pose_at(AMA, 0.1, 7).open


def test_blinks_are_whole_and_come_every_two_and_a_half_to_four_seconds() -> None:
    rate = 200
    lids = [blink_at(k / rate, 3) for k in range(rate * 120)]
    begun = [k / rate for k in range(1, len(lids)) if lids[k] > 0 and lids[k - 1] == 0]
    gaps = [b - a for a, b in pairwise(begun)]
    assert 2.4 < min(gaps) < max(gaps) < 4.4
    assert max(lids) > 3.9
    assert 0.2 < sum(value > 0 for value in lids) / rate / len(begun) < 0.28


ACTS = st.builds(
    Act,
    seconds=st.floats(0.2, 8),
    mood=st.sampled_from([*tables()["moods"], "unheard of"]),
    gesture=st.sampled_from([*tables()["gestures"], "unheard of", None]),
)


@given(ACTS, st.floats(-1, 10))
def test_a_gesture_begins_and_ends_at_rest_and_never_jumps(act: Act, t: float) -> None:
    here, next_ = bearing_at(act, t), bearing_at(act, t + 0.001)
    assert abs(here.nod - next_.nod) < 0.5
    assert abs(here.tilt - next_.tilt) < 0.003
    assert abs(here.turn - next_.turn) < 0.01
    assert abs(here.smile - next_.smile) < 0.03
    assert bearing_at(act, 0.0) == bearing_at(act, act.seconds) == Bearing()


def test_a_greeting_nods_and_a_word_about_the_product_looks_at_its_card() -> None:
    greeting = [bearing_at(Act(seconds=3.0, gesture="greet"), k / 50).nod for k in range(150)]
    assert max(greeting) > 3
    pointing = Act(seconds=3.0, gesture="show")
    assert bearing_at(pointing, 1.1).gaze == 1.0
    assert bearing_at(pointing, 1.1).turn > 0.1
    assert pose_at([], 1.1, 7, act=pointing).gaze == 1.0


def test_a_smile_does_not_open_lips_that_are_closed_for_an_m() -> None:
    bright = Act(seconds=0.5, mood="bright")
    smiling = pose_at(AMA, 0.235, 1, act=bright)
    assert smiling.pp > 0.95
    assert abs(smiling.width) < 0.05
    assert pose_at(AMA, 0.1, 1, act=bright).width > pose_at(AMA, 0.1, 1).width


def test_on_silence_the_lips_do_not_quiver() -> None:
    quiet = [pose_at([], k / 25, 7, act=Act(seconds=4.0, mood="calm", gesture="stress")) for k in range(100)]
    assert {(pose.open, pose.width, pose.pp, pose.ff) for pose in quiet} == {(0.0, 0.0, 0.0, 0.0)}
