"""An endpoint that stands in: every way in which it can fail ends in an honest OSError or in the embedded model."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

import pytest

from model.marks import Mark
from model.openai_client import EndpointRefused, EndpointUnavailable, OpenAIModel
from model.openai_schema import from_openai, to_openai
from model.stand_in import SLOW, StandIn
from model.thoughts import Thoughts
from scripts_gen.language import Message, Prompt, Sampling, Shape
from tests.model.endpoint import Endpoint, endpoint

PROMPT = Prompt(name="say/1", messages=(Message(role="user", content="你好"),))
SHAPE = Shape(schema={"type": "object", "properties": {"brand": {"type": "string", "span": True, "nullable": True}}})


@asynccontextmanager
async def talking(
    *, patience: float = 30, key: str | None = None
) -> AsyncGenerator[tuple[Endpoint, OpenAIModel], None]:
    async with endpoint() as there:
        model = OpenAIModel(there.url, key=key, name="some-model", patience=patience)
        try:
            yield there, model
        finally:
            await model.close()


async def whole(model: OpenAIModel | StandIn, shape: Shape | None = None) -> str:
    return "".join([piece async for piece in model.stream(PROMPT, Sampling(max_tokens=9, stop=("\n",)), shape)])


async def test_an_answer_comes_in_pieces_with_what_was_asked() -> None:
    async with talking(key="secret") as (there, model):
        assert await whole(model) == "您好，看看卡片。"
    assert there.keys == ["Bearer secret"]
    body = there.asked[0]
    assert (body["model"], body["max_tokens"], body["stop"], body["stream"]) == ("some-model", 9, ["\n"], True)
    assert body["messages"] == [{"role": "user", "content": "你好"}]


async def test_thinking_is_not_said() -> None:
    async with talking() as (there, model):
        there.says = ["<thi", "nk>观众想要", "一元</thin", "k>现在59元。"]
        assert await whole(model) == "现在59元。"


async def test_a_shaped_answer_is_one_json_object_even_in_a_fence() -> None:
    async with talking() as (there, model):
        there.says = ["```json\n", '{"brand": ', "null}\n```"]
        assert json.loads(await whole(model, SHAPE)) == {"brand": None}
    wanted = there.asked[0]["response_format"]["json_schema"]["schema"]
    assert wanted["properties"] == {"brand": {"type": ["string", "null"]}}
    assert wanted["required"] == ["brand"]


async def test_a_shaped_answer_that_is_none_is_unavailable() -> None:
    async with talking() as (there, model):
        there.says = ["好的，品牌是溪亭。"]
        with pytest.raises(EndpointUnavailable, match="JSON object"):
            await whole(model, SHAPE)


@pytest.mark.parametrize("manner", ["401", "403", "404", "redirect"])
async def test_a_refusal_for_good_is_not_repeated(manner: str) -> None:
    async with talking() as (there, model):
        there.manner = manner
        with pytest.raises(EndpointRefused):
            await whole(model)
        assert len(there.asked) == 1


@pytest.mark.parametrize("manner", ["429", "503", "garbage", "error in the stream"])
async def test_a_failure_before_the_first_word_is_tried_once_more(manner: str) -> None:
    async with talking() as (there, model):
        there.manner = manner
        with pytest.raises(EndpointUnavailable):
            await whole(model)
        assert len(there.asked) == 2


@pytest.mark.parametrize("manner", ["reset", "no end", "endless"])
async def test_a_failure_midway_is_told_and_not_repeated(manner: str) -> None:
    async with talking() as (there, model):
        there.manner = manner
        with pytest.raises(EndpointUnavailable):
            await whole(model)
        assert len(there.asked) == 1


@pytest.mark.parametrize("manner", ["hang", "hang midway"])
async def test_silence_is_a_failure(manner: str) -> None:
    async with talking(patience=0.2) as (there, model):
        there.manner = manner
        with pytest.raises(EndpointUnavailable):
            await whole(model)


async def test_nobody_there() -> None:
    model = OpenAIModel("http://127.0.0.1:9/v1", key=None, name="x", patience=5)
    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"):
        await whole(model)
    await model.close()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a/v1", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="model_url"):
        OpenAIModel(url, key=None, name="x", patience=1)


class Embedded:
    """The model behind: says one thing, remembers."""

    def __init__(self) -> None:
        self.asked = 0
        self.warmed = 0

    async def stream(self, prompt: object, sampling: object, shape: object = None) -> AsyncGenerator[str, None]:
        self.asked += 1
        yield "本机。"

    async def warm(self, prompt: object) -> None:
        self.warmed += 1

    async def mark(self, text: str, *, priority: int = 8) -> list[Mark]:
        return [Mark(label="brand", start=0, end=len(text), sure=1.0)]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def standing_in() -> AsyncGenerator[tuple[Endpoint, Embedded, StandIn, Clock, list[bool]], None]:
    behind, clock, told = Embedded(), Clock(), list[bool]()
    async with talking() as (there, model):
        yield (
            there,
            behind,
            StandIn(model, behind, on_change=lambda is_open, _: told.append(is_open), clock=clock),
            clock,
            told,
        )


async def test_the_embedded_model_answers_for_an_endpoint_that_fails() -> None:
    async with standing_in() as (there, behind, model, _, _):
        assert await whole(model) == "您好，看看卡片。"
        there.manner = "503"
        assert await whole(model) == "本机。"
        assert behind.asked == 1


async def test_nobody_continues_anothers_sentence() -> None:
    async with standing_in() as (there, behind, model, _, _):
        there.manner = "reset"
        with pytest.raises(OSError, match="127"):
            await whole(model)
        assert behind.asked == 0


async def test_after_three_failures_the_endpoint_is_left_alone_for_twenty_seconds() -> None:
    async with standing_in() as (there, _, model, clock, told):
        there.manner = "403"
        for _ in range(3):
            await whole(model)
        assert (len(there.asked), told) == (3, [True])
        there.manner = "well"
        clock.now = 19.9
        assert await whole(model) == "本机。"
        assert len(there.asked) == 3
        clock.now = 20.0
        assert await whole(model) == "您好，看看卡片。"
        assert told == [True, False]
        assert await whole(model) == "您好，看看卡片。"


async def test_a_trial_that_fails_waits_again() -> None:
    async with standing_in() as (there, _, model, clock, _):
        there.manner = "403"
        for _ in range(3):
            await whole(model)
        clock.now = 20.0
        await whole(model)
        clock.now = 39.9
        await whole(model)
        assert len(there.asked) == 4
        clock.now = 40.0
        await whole(model)
        assert len(there.asked) == 5


async def test_failures_far_apart_open_nothing() -> None:
    async with standing_in() as (there, _, model, clock, told):
        there.manner = "403"
        for moment in (0.0, 16.0, 32.0, 48.0):
            clock.now = moment
            await whole(model)
        assert (len(there.asked), told) == (4, [])


async def test_askers_who_cannot_wait_open_the_circuit_and_quick_ones_do_not() -> None:
    async with standing_in() as (there, _, model, clock, told):
        there.manner = "hang"
        for waited in (0.1, 0.1, 0.1, SLOW + 0.1, SLOW + 0.1, SLOW + 0.1):
            asking = asyncio.create_task(whole(model))
            before = len(there.asked)
            while len(there.asked) == before:
                await asyncio.sleep(0.005)
            clock.now += waited
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        assert told == [True]
        assert await whole(model) == "本机。"


async def test_stopping_after_a_sentence_is_no_failure() -> None:
    async with standing_in() as (there, _, model, _, told):
        for _ in range(4):
            async with aclosing(model.stream(PROMPT, Sampling())) as pieces:
                await anext(pieces)
        assert (len(there.asked), told) == (4, [])


async def test_the_embedded_model_is_kept_warm() -> None:
    async with standing_in() as (_, behind, model, _, _):
        await model.warm(PROMPT)
        assert behind.warmed == 1


async def test_pointing_at_facts_stays_with_the_embedded_model() -> None:
    async with standing_in() as (there, _, model, _, _):
        assert [mark.end for mark in await model.mark("溪亭")] == [2]
        assert there.asked == []


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["a<think>b</think>c"], "ac"),
        (list("a<think>b</think>c"), "ac"),
        (["1 < 2 <thin"], "1 < 2 <thin"),
        (["<think>never ends"], ""),
        (["<think>a</think><think>b</think>c"], "c"),
    ],
)
def test_thoughts_are_taken_out_wherever_a_mark_is_split(pieces: list[str], text: str) -> None:
    thoughts = Thoughts()
    assert "".join(map(thoughts.feed, pieces)) + thoughts.finish() == text


def test_schemas_go_both_ways() -> None:
    ours = {
        "type": "object",
        "properties": {
            "brand": {"type": "string", "nullable": True},
            "points": {"type": "array", "maxItems": 3, "items": {"type": "string", "enum": ["a"]}},
        },
    }
    assert from_openai(to_openai(ours)) == ours
