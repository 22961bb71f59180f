"""A rehearsal's own arithmetic: faults, sales, delays, silence, and the separate recomputation agreeing with it."""

import json
from decimal import Decimal

import numpy as np
import pytest
import soundfile

from app.commands.faults import parse_fault
from app.commands.listen import RATE, Ears, Heard, mouth_offset
from app.commands.measures import answers, comments, cuts, longest_silence, paid, spread
from app.commands.rehearse import sales
from app.errors import BadInput
from tests import recompute_rehearsal
from tests.live.fakes import plan


def tone(seconds: float) -> np.ndarray:
    return (np.sin(np.arange(round(seconds * RATE)) * 0.1) * 0.3).astype(np.float32)


def test_a_fault_names_what_when_and_how_long():
    fault = parse_fault("model-down@60+5.5")
    assert (fault.name, fault.at, fault.lasts) == ("model-down", 60.0, 5.5)


@pytest.mark.parametrize("text", ["", "model-down", "fire@1+2", "model-down@-1+2", "edge-404@1+2", "redis-flush@1+1"])
def test_an_unknown_fault_is_refused(text):
    with pytest.raises(BadInput):
        parse_fault(text)


def test_sales_repeat_ids_on_purpose_and_both_reckonings_agree():
    messages = [body for _, body in sales(1, 3_600, 6, plan().products, 0.0)]
    assert len({(body["id"], body["status"]) for body in messages}) < len(messages)
    assert {"created", "paid", "refunded"} == {body["status"] for body in messages}
    sent = [{**body, "acked": number % 7 != 0} for number, body in enumerate(messages)]
    ours = {currency: Decimal(total) for currency, total in paid(sent).items()}
    assert ours == recompute_rehearsal.sent_gmv(sent)
    assert ours["CNY"] > 0


def test_silence_is_counted_from_the_first_sound_to_the_end(tmp_path):
    wav = tmp_path / "client.wav"
    quiet = np.zeros(2 * RATE, np.float32)
    soundfile.write(wav, np.concatenate([quiet, quiet, tone(1), quiet, tone(1), quiet, quiet]), RATE, subtype="PCM_16")
    assert longest_silence(wav) == pytest.approx(4_000, abs=100)
    assert recompute_rehearsal.silence(wav)[0] == pytest.approx(4.0, abs=0.1)


def test_no_sound_at_all_is_said_so(tmp_path):
    wav = tmp_path / "client.wav"
    soundfile.write(wav, np.zeros(RATE, np.float32), RATE, subtype="PCM_16")
    assert longest_silence(wav) is None


def test_delays_run_from_the_choice_to_the_ears():
    events = [
        {"type": "comment_heard", "comment": "a", "received_at": 10.0, "crowd_kind": "comment"},
        {
            "type": "comment_decided",
            "comment": "a",
            "decision": "answer",
            "reason": "purchase question",
            "wait_ms": 500,
        },
        {"type": "comment_heard", "comment": "b", "received_at": 11.0, "crowd_kind": "comment"},
        {"type": "comment_decided", "comment": "b", "decision": "drop", "reason": "too old", "wait_ms": 30_000},
        {"type": "comment_heard", "comment": "c", "received_at": 12.0, "crowd_kind": "comment"},
    ]
    arrivals = [
        {"kind": "clip", "comment": "a", "own_words": False, "first": 10.8},
        {"kind": "clip", "comment": "a", "own_words": True, "first": 12.0},
    ]
    measured = answers(events, arrivals)
    assert measured["first_sound_ms"]["urgent"] == {"p50": 300, "p95": 300, "n": 1}
    assert measured["first_answer_ms"]["p50"] == 1_500
    assert measured["first_answer_ms"]["at_border"]["n"] == 0
    told = comments(events)
    assert told["seen"] == told["answered"] + told["dropped"]["too old"] + told["waiting"] == 3


def test_a_cut_counts_only_when_something_sounded():
    arrivals = [
        {"kind": "clip", "line": "x", "starts": 0.0, "ends": 5.0},
        {"kind": "speech.end", "line": "x", "outcome": "cut", "t": 2.1},
    ]
    assert cuts([{"t": 2.0}, {"t": 9.0}], arrivals) == {"p50": 130, "p95": 130, "n": 1}


def test_nothing_measured_is_none_and_not_zero():
    assert spread([]) == {"p50": None, "p95": None, "n": 0}


def test_the_ears_mix_clips_in_their_time_and_fade_a_cut():
    ears = Ears()
    ears.heard = [
        Heard(line="x", starts=1.0, skip=0.0, pcm=tone(2), ends=3.0, cut_at=1.5),
        Heard(line="y", starts=4.0, skip=0.5, pcm=tone(1), ends=4.5),
    ]
    track = ears.mixed(0.0, 5.0)

    def loud(start: float, end: float) -> bool:
        return bool(np.abs(track[round(start * RATE) : round(end * RATE)]).max() > 300)

    assert len(track) == 5 * RATE
    assert [loud(0, 1), loud(1, 1.5), loud(1.54, 4), loud(4, 4.5), loud(4.51, 5)] == [False, True, False, True, False]


def test_the_mouth_is_compared_with_the_sound():
    pcm = np.concatenate([np.zeros(RATE // 2, np.float32), tone(0.5), np.zeros(RATE // 2, np.float32)])
    assert mouth_offset(pcm, [("aa", 0.5, 1.0, 1.0)]) == 0
    assert mouth_offset(pcm, [("aa", 0.6, 1.1, 1.0)]) == 100
    assert mouth_offset(np.zeros(RATE, np.float32), [("aa", 0.5, 1.0, 1.0)]) is None


def test_the_recomputation_finds_a_broken_chain_and_a_number_nobody_knows():
    events = [{"seq": 1, "epoch": "e", "at": 0.0, "type": "show_ended", "reason": "x", "prev": "", "hash": "0" * 64}]
    assert recompute_rehearsal.chain(events) == 1
    said = [{"type": "line_started", "product": "tea", "text": "只要19元，买2件"}]
    assert recompute_rehearsal.groundless(said, {"tea": {Decimal(59)}}) == [("只要19元，买2件", ["19"])]
    assert json.dumps(said)
