"""A pushed stream, taken by a real RTMP server: FFmpeg's own, which listens through PyAV."""

import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.errors import BadInput
from app.film.output import HEIGHT, WIDTH, aigc_mark
from app.film.pipe import Health, Order, frames, packed
from app.film.pusher import Pusher, Waiting
from app.film.pushes import checked_ingest
from app.templates import WEB
from tests.film.scenes import START, ends, setting, snapshot, speech, starts, tone
from tests.servers import free_port

PATIENCE = 90.0  # seconds; a busy machine draws slowly and connects late


def taken(address: str, most: int) -> dict[str, Any]:
    """What an ingest got of the stream before it hung up after `most` packets."""
    script = Path(__file__).with_name("ingest.py")
    done = subprocess.run(
        [sys.executable, script, address, str(most)], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-1000:]
    got: dict[str, Any] = json.loads(done.stdout)
    return got


def order(to: str) -> Order:
    return Order(
        to=to,
        mark=aigc_mark(producer="sample", produced="room-1"),
        background="studio",
        theme="jade",
        words=dict(setting().words),
        pictures={"/static/img/": str(WEB / "static" / "img")},
        public_url=None,
        show="tea",
    )


def test_a_push_reaches_an_ingest_and_comes_back_to_it_when_the_line_breaks() -> None:
    address = f"rtmp://127.0.0.1:{free_port()}/live/key"
    waiting: Waiting = queue.Queue()
    waiting.put((time.time(), snapshot()))
    told: list[Health] = []
    pusher = threading.Thread(target=Pusher(order(address), waiting, told.append).run, name="pusher")
    pusher.start()
    try:
        calls = [taken(address, most=40), taken(address, most=40)]
    finally:
        waiting.put(None)
        pusher.join(PATIENCE)
    assert not pusher.is_alive()
    for got in calls:
        assert got["size"] == [WIDTH, HEIGHT]
        assert json.loads(got["mark"])["Label"] == "1"
        assert got["packets"]["video"] > 0
        # Sound without a hole: AAC at 48 kHz comes in steps of 21.3 ms, which FLV rounds to whole milliseconds.
        assert got["hole"] < 0.05
    assert told[-1].state == "ended"
    assert told[-1].connections >= 2
    assert any(health.state == "waiting" for health in told)
    assert not any("/live/" in health.problem for health in told)


def test_what_was_said_while_the_line_was_away_is_not_sent_late() -> None:
    told: list[Health] = []
    waiting: Waiting = queue.Queue()
    nobody = f"rtmp://127.0.0.1:{free_port()}/live/key"
    pusher = Pusher(order(nobody), waiting, told.append)
    old = speech(0.0, 1.0)
    for frame in (snapshot(), starts(old), tone(1.0), ends("l1", "said")):
        waiting.put((START, frame))
    waiting.put(None)
    pusher.run()
    assert told[-1].state == "ended"
    assert told[-1].connections == 0


def test_frames_come_out_of_the_pipe_as_they_went_in(tmp_path: Path) -> None:
    sent = [(1.5, "文字"), (2.5, b"\x00OggS"), (3.0, "")]
    pipe = tmp_path / "pipe"
    pipe.write_bytes(b"".join(packed(frame, at) for at, frame in sent))
    with pipe.open("rb") as source:
        assert list(frames(source)) == sent


def test_a_pipe_that_carries_something_else_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    pipe.write_bytes(b"GET / HTTP/1.1\r\n\r\n")
    with pipe.open("rb") as source, pytest.raises(ValueError, match="pipe"):
        list(frames(source))


@pytest.mark.parametrize(
    "address",
    [
        "", "http://host/live/s3cr3t", "file:///etc/s3cr3t", "rtmp://", "rtmp://host", "rtmp://host/",
        "rtmp://ho st/a/s3cr3t", "rtmp://host/a\ns3cr3t", "concat:rtmp://host/s3cr3t",
        "rtmp://host/s3cr3t" + "x" * 1001,
    ],
)  # fmt: skip
def test_an_address_that_is_no_ingest_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked_ingest(address)
    assert "s3cr3t" not in str(refused.value)


def test_an_ingest_with_its_key_is_taken() -> None:
    assert checked_ingest(" rtmps://push.example.com:443/live/abc?key=1&x=2 ").startswith("rtmps://push")
