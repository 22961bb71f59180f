"""Comments in: bodies checked, ids stable, the simulated crowd seeded and marked, replays at their own pace."""

import json

import pytest

from app.crowd.parse import comment_id, parse_comment
from app.crowd.replay import Replay, comments_of
from app.crowd.simulated import SimulatedCrowd, crowd
from app.errors import BadInput
from app.events import RoomId, ShopId, kind_of, to_json
from app.live.names import viewer_hash
from tests.live.fakes import comment, fast

SHOP, ROOM = ShopId("shop"), RoomId("room")


def parsed(**body: object):
    return parse_comment(json.dumps(body, ensure_ascii=False).encode(), SHOP, ROOM, "webhook", 12.0, viewer_hash)


def test_a_comment_is_read_and_its_viewer_becomes_a_pseudonym():
    heard = parsed(id="a1", viewer="13800000000", name="小雨", text="多少钱")
    assert (heard.text, heard.crowd_kind, heard.simulated, heard.received_at) == ("多少钱", "comment", False, 12.0)
    assert "13800000000" not in repr(heard)
    assert heard.viewer == parsed(id="a2", viewer="13800000000", name="雨", text="包邮吗").viewer


def test_the_same_event_has_the_same_id_in_its_room_only():
    assert comment_id(ROOM, "webhook", "1") == comment_id(ROOM, "webhook", "1")
    assert comment_id(ROOM, "webhook", "1") != comment_id(RoomId("other"), "webhook", "1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id":""}',
        b'{"id":true,"text":"x"}',
        b'{"id":"1","text":5.5}',
        b'{"id":"1","type":"explode"}',
        b'{"id":"1","simulated":"yes"}',
        b'{"id":NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
        json.dumps({"id": "x" * 200}).encode(),
    ],
)
def test_a_bad_body_is_refused_with_what_was_wanted(raw):
    with pytest.raises(BadInput, match="wanted"):
        parse_comment(raw, SHOP, ROOM, "webhook", 0.0, viewer_hash)


def test_long_comments_are_cut_and_lone_surrogates_replaced():
    heard = parse_comment(
        b'{"id":"1","name":"\\ud800","text":"' + b"x" * 5_000 + b'"}', SHOP, ROOM, "webhook", 0.0, viewer_hash
    )
    assert len(heard.text) == 500
    heard.name.encode()


def test_the_same_seed_gives_the_same_crowd_and_another_seed_another():
    assert crowd(1, 600, 6, ["绿茶"], "zh") == crowd(1, 600, 6, ["绿茶"], "zh")
    assert crowd(1, 600, 6, ["绿茶"], "zh") != crowd(2, 600, 6, ["绿茶"], "zh")


def test_a_crowd_asks_chats_makes_trouble_and_repeats_itself():
    remarks = crowd(1, 3_600, 10, ["绿茶"], "zh")
    assert 450 < len(remarks) < 950
    ids = [remark.id for remark in remarks]
    assert len(set(ids)) < len(ids)
    assert any("忽略" in remark.text for remark in remarks)
    assert all(0 <= remark.at < 3_600 for remark in remarks)


def test_a_silent_crowd_is_possible():
    assert crowd(1, 60, 0, [], "en") == []


def test_the_simulated_crowd_is_marked_and_comes_in_its_own_time():
    async def story():
        remarks = crowd(3, 120, 6, ["tea"], "en")
        heard = [item async for item in SimulatedCrowd(remarks, SHOP, ROOM).comments()]
        assert len(heard) == len(remarks)
        assert all(item.simulated for item in heard)

    fast(story())


def test_a_log_can_be_replayed(tmp_path):
    async def story():
        lines = []
        for seq, at in enumerate((5.0, 6.0, 9.0), start=1):
            event = comment("多少钱", at, number=seq)
            lines.append(
                json.dumps(
                    {
                        **to_json(event),
                        "seq": seq,
                        "at": at,
                        "type": kind_of(event),
                        "epoch": "e",
                        "prev": "",
                        "hash": "",
                    }
                )
            )
        path = tmp_path / "events.jsonl"
        path.write_text("\n".join(lines))
        assert [at for at, _ in comments_of(lines)] == [0.0, 1.0, 4.0]
        heard = [item async for item in Replay(path, speed=2.0).comments()]
        assert [item.simulated for item in heard] == [True] * 3

    fast(story())


def test_a_broken_log_line_is_named():
    with pytest.raises(BadInput, match="line 1"):
        comments_of(["{}"])
