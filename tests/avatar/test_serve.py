"""The voice as a process: asked over its socket, interrupted, left, killed."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from avatar.client import EmbeddedVoice, VoiceUnavailable
from avatar.kokoro import Kokoro
from avatar.line import Line
from avatar.queueing import WAITING, Ended, QueueFull, Request, Turns
from avatar.serve import BadRequest, parsed
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word
from avatar.spoken import spoken

pytestmark = pytest.mark.real
HOST = Voice(name="zf_xiaoxiao")
LONG = spoken("这款空气炸锅容量有五点五升，一家四口的晚饭也够用。")


@pytest.fixture(scope="module")
def own(voice_files: Path) -> Kokoro:
    """A voice inside the test's own process."""
    return Kokoro(voice_files)


class Child:
    """A voice process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, socket: Path) -> None:
        self.process = process
        self.voice = EmbeddedVoice(socket)
        self.socket = socket


@pytest.fixture
async def child(voice_files: Path, tmp_path: Path) -> AsyncGenerator[Child, None]:
    socket = tmp_path / "voice.sock"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "avatar.serve", "--socket", str(socket), "--voice", str(voice_files),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
    yield Child(process, socket)
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_the_process_speaks_is_interrupted_and_ends_with_its_parent(child: Child) -> None:
    order: list[str] = []

    async def say(name: str, line: Line, priority: int) -> float:
        seconds = 0.0
        async with aclosing(child.voice.speak(line, HOST, priority=priority)) as utterances:
            async for utterance in utterances:
                if isinstance(utterance, Sound):
                    seconds += len(utterance.pcm) / 2 / SAMPLE_RATE
                    order.append(name)
        return seconds

    # one line: phones and words before sound
    kinds = [type(u) async for u in child.voice.speak(spoken("只要￥99"), HOST)]
    assert kinds[-1] is Sound
    assert {Phone, Word, Sound} == set(kinds)

    # two lines at once: the urgent one is heard first, the lesser one whole afterwards
    lesser = asyncio.create_task(say("lesser", LONG, 5))
    urgent = asyncio.create_task(say("urgent", spoken("有的"), 0))
    lengths = await asyncio.gather(lesser, urgent)
    assert order == ["urgent", "lesser"]
    assert lengths[0] > lengths[1] > 0.2

    # an asker who leaves stops the work: the next line does not wait for the long one
    generator = child.voice.speak(LONG, HOST)
    leaving = asyncio.ensure_future(anext(generator))
    await asyncio.sleep(0.05)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    await generator.aclose()
    assert await say("after", spoken("好的"), 5) > 0.1

    # a request for a voice that is not there fails by name and hurts nobody
    with pytest.raises(VoiceUnavailable, match="zf_nobody"):
        [u async for u in child.voice.speak(spoken("你好"), Voice(name="zf_nobody"))]

    # the parent goes: the end of input ends the process
    assert child.process.stdin
    child.process.stdin.close()
    assert await asyncio.wait_for(child.process.wait(), 10) == 0
    with pytest.raises(VoiceUnavailable):
        [u async for u in child.voice.speak(spoken("你好"), HOST)]


async def test_a_killed_voice_is_seen_at_once(child: Child) -> None:
    speaking = asyncio.ensure_future(anext(child.voice.speak(LONG, HOST)))
    await asyncio.sleep(0.05)
    os.kill(child.process.pid, 9)
    with pytest.raises(VoiceUnavailable):
        await asyncio.wait_for(speaking, 5)


async def test_missing_files_are_said_and_the_process_ends(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "avatar.serve", "--socket", str(tmp_path / "s"), "--voice", str(tmp_path),
        stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, stderr = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 3
    assert b"kokoro-v1.0-int8.onnx" in stderr


@pytest.mark.parametrize(
    "message", ["", "[]", "{}", '{"line": 1, "voice": {}}', '{"line": {"written": "a"}, "voice": {"name": "x"}}']
)
def test_what_is_no_request_is_refused(message: str) -> None:
    with pytest.raises(BadRequest):
        parsed(message)


def _request(priority: int) -> Request:
    return Request(line=LONG, voice=HOST, priority=priority)


async def test_a_full_queue_refuses_the_less_urgent_and_makes_room_for_the_more_urgent(own: Kokoro) -> None:
    turns = Turns(own)
    waiting = [_request(5) for _ in range(WAITING)]
    for request in waiting:
        turns.ask(request)
    with pytest.raises(QueueFull):
        turns.ask(_request(5))
    turns.ask(_request(1))
    last = waiting[-1].out.get_nowait()
    assert isinstance(last, Ended)
    assert last.outcome == "failed"


async def test_an_urgent_line_interrupts_a_running_one_which_is_finished_afterwards(own: Kokoro) -> None:
    turns = Turns(own)
    running = asyncio.create_task(turns.run())
    lesser, urgent = _request(5), Request(line=spoken("有的"), voice=HOST, priority=0)
    turns.ask(lesser)
    while turns.running is not lesser:
        await asyncio.sleep(0)
    turns.ask(urgent)
    said = [u async for u in _heard(urgent)]
    assert turns.running is not urgent
    assert lesser.out.empty()  # nothing of the interrupted stretch was given away
    whole = [u async for u in _heard(lesser)]
    assert isinstance(said[-1], Ended)
    assert said[-1].outcome == "said"
    assert isinstance(whole[-1], Ended)
    assert whole[-1].outcome == "said"
    assert sum(isinstance(u, Sound) for u in whole) == 1
    running.cancel()


async def test_a_forgotten_line_is_dropped(own: Kokoro) -> None:
    turns = Turns(own)
    running = asyncio.create_task(turns.run())
    left, next_one = _request(5), Request(line=spoken("好的"), voice=HOST, priority=5)
    turns.ask(left)
    turns.ask(next_one)
    while turns.running is not left:
        await asyncio.sleep(0)
    turns.forget(left)
    said = [u async for u in _heard(next_one)]
    assert any(isinstance(u, Sound) for u in said)
    (end,) = [u async for u in _heard(left)]
    assert isinstance(end, Ended)
    assert end.outcome == "cancelled"
    running.cancel()


async def _heard(request: Request) -> AsyncGenerator[Utterance | Ended, None]:
    while True:
        utterance = await asyncio.wait_for(request.out.get(), 30)
        yield utterance
        if isinstance(utterance, Ended):
            return
