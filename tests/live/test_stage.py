"""The stage: numbered messages, gap-free resume or a whole snapshot, slow readers cut."""

import asyncio
import json

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from app.live.stage import Seat, Stage
from app.live.wire import CLIENT_QUEUE, HISTORY_MESSAGES, HISTORY_SECONDS, WIRE_LIMIT, Notice, Snapshot


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def snapshot(epoch: str, seq: int) -> Snapshot:
    return Snapshot(
        epoch=epoch,
        seq=seq,
        room="room",
        shop="shop",
        state="on_air",
        rehearsal=True,
        host="/static/hosts/lan/",
        lang="zh",
        label="AI生成 · 数字人主播",
        card=None,
        comment=None,
        speech=None,
    )


def stage(epoch: str = "e1") -> tuple[Stage, Clock]:
    clock = Clock()
    return Stage(epoch=epoch, snapshot=snapshot, clock=clock), clock


def notice(text: str) -> Notice:
    return Notice(notice_kind="correction", text=text)


async def taken(seat: Seat) -> list[dict[str, object]]:
    """Everything that waits for the page now."""
    out = []
    while seat.waiting:
        frame = await seat.take()
        out.append(json.loads(frame) if isinstance(frame, str) else {"type": "clip"})
    return out


async def test_a_new_page_gets_a_snapshot_and_then_every_message_in_order():
    show, _ = stage()
    show.publish(notice("before"))
    seat = show.join("", 0)
    show.publish(notice("after"))
    first, second = await taken(seat)
    assert (first["type"], first["recovered"], first["seq"]) == ("snapshot", False, 1)
    assert (second["text"], second["seq"]) == ("after", 2)


async def test_a_page_that_comes_back_gets_the_whole_gap():
    show, _ = stage()
    for number in range(5):
        show.publish(notice(str(number)))
    got = await taken(show.join("e1", 2))
    assert [message.get("text") for message in got] == [None, "2", "3", "4"]
    assert got[0]["recovered"] is True


async def test_a_gap_too_old_or_too_long_is_a_snapshot_and_never_a_part():
    show, clock = stage()
    show.publish(notice("old"))
    clock.now = HISTORY_SECONDS + 1
    show.publish(notice("new"))
    assert (await taken(show.join("e1", 0)))[0]["type"] == "snapshot"
    assert (await taken(show.join("e1", 1)))[0]["type"] == "recovered"
    for number in range(HISTORY_MESSAGES + 1):
        show.publish(notice(str(number)))
    assert (await taken(show.join("e1", 1)))[0]["type"] == "snapshot"
    assert len(await taken(show.join("e1", show.seq - HISTORY_MESSAGES))) == HISTORY_MESSAGES + 1


@pytest.mark.parametrize(("epoch", "seq"), [("e0", 1), ("", 1), ("e1", -1), ("e1", 99), ("e1", 2**64)])
async def test_a_foreign_place_is_answered_with_a_snapshot(epoch, seq):
    show, _ = stage()
    show.publish(notice("one"))
    got = await taken(show.join(epoch, seq))
    assert [message["type"] for message in got] == ["snapshot"]


async def test_a_page_that_reads_nothing_is_cut_and_the_others_are_not():
    show, _ = stage()
    slow, quick = show.join("", 0), show.join("", 0)
    for number in range(2 * CLIENT_QUEUE + 1):
        show.publish(notice(str(number)))
        await taken(quick)
    assert slow.gone
    assert await slow.take() is None
    assert not quick.gone
    assert show.pages == 1


async def test_a_page_that_holds_a_mebibyte_of_sound_is_cut():
    show, _ = stage()
    seat = show.join("", 0)
    for _ in range(12):
        show.publish(notice("clip"), bytes(100_000))
    assert seat.gone


async def test_a_clip_follows_its_message_as_one_frame():
    show, _ = stage()
    seat = show.join("", 0)
    show.publish(notice("speech"), b"OggS")
    assert [message["type"] for message in await taken(seat)] == ["snapshot", "notice", "clip"]


async def test_the_end_lets_pages_take_what_they_hold():
    show, _ = stage()
    seat = show.join("", 0)
    show.publish(notice("last"))
    show.close()
    frames = [await seat.take() for _ in range(3)]
    assert json.loads(str(frames[1]))["text"] == "last"
    assert frames[2] is None


def test_a_message_beyond_the_limit_is_refused():
    show, _ = stage()
    with pytest.raises(ValueError, match="at most"):
        show.publish(notice("x" * WIRE_LIMIT))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.just("publish"), st.just("drop"), st.just("back"), st.floats(1, 200)), max_size=80))
def test_snapshot_and_events_fold_to_the_server_state_however_often_a_page_drops(steps):
    """Concatenating (snapshot at k, k+1 … n) never misses or repeats a message."""

    async def story():
        show, clock = stage()
        seat: Seat | None = show.join("", 0)
        seen, last, count = ("e1", 0), 0, 0

        async def drain(seat: Seat) -> tuple[str, int]:
            at = seen
            for message in await taken(seat):
                if message["type"] == "snapshot":
                    at = (str(message["epoch"]), int(message["seq"]))  # type: ignore[call-overload]
                elif message["type"] != "recovered":
                    assert message["seq"] == at[1] + 1
                    at = (str(message["epoch"]), int(message["seq"]))  # type: ignore[call-overload]
            return at

        for step in steps:
            if step == "publish":
                count += 1
                show.publish(notice(str(count)))
                last = show.seq
            elif step == "drop" and seat is not None:
                seen = await drain(seat)
                show.leave(seat)
                seat = None
            elif step == "back" and seat is None:
                seat = show.join(*seen)
            elif isinstance(step, float):
                clock.now += step
        if seat is None:
            seat = show.join(*seen)
        assert (await drain(seat))[1] == last

    asyncio.run(story())
