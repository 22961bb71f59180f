"""The model's process, spoken to through its socket: random weights, real sockets."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed

from model.client import EmbeddedModel, ModelRefused, ModelUnavailable, Usage
from scripts_gen.language import Message as Turn
from scripts_gen.language import Prompt, Sampling, Shape
from tests.model.tiny import save_tiny

PATIENCE = 60  # seconds for a cold interpreter on a busy machine


class Served:
    """A running process and a client to it."""

    def __init__(self, process: asyncio.subprocess.Process, socket: Path) -> None:
        self.process = process
        self.socket = socket
        self.usages: list[Usage] = []
        self.model = EmbeddedModel(socket, on_usage=self.usages.append)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    save_tiny(tmp_path)
    argv = ["-m", "model.serve", "--socket", str(tmp_path / "s"), "--weights", str(tmp_path), "--threads", "1"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *argv, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), PATIENCE) == b"ready\n"
        yield Served(process, tmp_path / "s")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def prompt(words: str = "中国", priority: int = 5) -> Prompt:
    return Prompt(name="test", messages=[Turn(role="user", content=words)], priority=priority)


async def test_a_conversation_with_the_process(served: Served) -> None:
    """One process, one test: starting it costs seconds, each claim below milliseconds."""
    model, usages = served.model, served.usages
    sampling = Sampling(max_tokens=20, temperature=1.0, repetition_penalty=1.0, seed=3)

    first = [piece async for piece in model.stream(prompt(), sampling)]
    again = [piece async for piece in model.stream(prompt(), sampling)]
    assert "".join(first) == "".join(again) != ""
    assert usages[1].cached_tokens == usages[1].prompt_tokens - 1
    assert usages[0].first_token_ms is not None
    assert usages[0].completion_tokens <= 20

    shape = Shape(schema={"type": "object", "properties": {"a": {"type": "string", "span": True}}}, source="不锈钢杯")
    value = json.loads("".join([piece async for piece in model.stream(prompt(), sampling, shape)]))
    assert value["a"] in "不锈钢杯"

    await model.warm(prompt("杯子" * 30))
    assert usages[-1].end == "warm"

    with pytest.raises(ModelRefused, match="known type"):
        [piece async for piece in model.stream(prompt(), sampling, Shape(schema={"type": "odd"}))]
    with pytest.raises(ModelUnavailable, match="too long"):
        [piece async for piece in model.stream(prompt("x" * 3000), sampling)]

    long = Sampling(max_tokens=1500, temperature=1.0, repetition_penalty=1.0)
    async with aclosing(model.stream(prompt(priority=9), long)) as pieces:
        await anext(pieces)
        urgent = [piece async for piece in model.stream(prompt(priority=0), sampling)]
        assert urgent
        assert usages[-1].ms < 5000
    assert [piece async for piece in model.stream(prompt(), sampling)] != []  # the closed one is no longer in the way

    for bad, why in (
        ("{", "JSON"),
        ("[" * 200_000, "JSON"),
        ('{"kind":"dance","messages":[{"role":"user","content":"x"}]}', "dance"),
        ('{"kind":"warm","messages":[]}', "messages"),
        ('{"kind":"generate","messages":[{"role":"user","content":"x"}],"sampling":{"top_p":7}}', "top_p"),
        ('{"kind":"generate","messages":[{"role":"user","content":"\\ud800"}]}', "surrogate"),
    ):
        async with unix_connect(str(served.socket), "ws://model/", proxy=None) as connection:
            await connection.send(bad)
            assert why in json.loads(await connection.recv())["error"]
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008

    dying = model.stream(prompt(), long)
    await anext(dying)
    served.process.send_signal(signal.SIGKILL)
    with pytest.raises(ModelUnavailable):
        [piece async for piece in dying]
    with pytest.raises(OSError, match="model process"):
        await model.warm(prompt())


async def test_the_process_leaves_when_its_parent_does(served: Served) -> None:
    assert served.process.stdin is not None
    served.process.stdin.close()
    assert await asyncio.wait_for(served.process.wait(), 10) == 0
