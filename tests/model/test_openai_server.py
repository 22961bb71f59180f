"""The OpenAI-compatible face: its forms, its errors, its limits. The model behind is a fake of the same shape."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
import pytest
import uvicorn

from app.commands.serve_model import serve_model_command
from app.errors import BadInput
from app.settings import Settings
from model.client import ModelRefused, ModelUnavailable, Usage
from model.openai_client import OpenAIModel
from model.openai_server import LIMIT, openai_app
from scripts_gen.language import Message, Prompt, Sampling, Shape

ASK = {"model": "zhubo", "messages": [{"role": "user", "content": "你好"}]}


class Fake:
    """Says `says`; `problem` is raised before the first piece, `later` after it; `wait` holds the answer back."""

    def __init__(self) -> None:
        self.says = ["您好", "，看卡片。"]
        self.usage: Usage | None = Usage(
            end="stop", prompt_tokens=12, cached_tokens=8, completion_tokens=5, first_token_ms=1.0, ms=2.0
        )
        self.problem: Exception | None = None
        self.later: Exception | None = None
        self.wait: asyncio.Event | None = None
        self.asked: list[tuple[Any, Any, Any]] = []
        self.closed = 0

    def connect(self, on_usage: Callable[[Usage], None]) -> "Fake.Once":
        return Fake.Once(self, on_usage)

    class Once:
        def __init__(self, fake: "Fake", on_usage: Callable[[Usage], None]) -> None:
            self.fake, self.on_usage = fake, on_usage

        async def stream(self, prompt: Any, sampling: Any, shape: Any = None) -> AsyncGenerator[str, None]:
            fake = self.fake
            fake.asked.append((prompt, sampling, shape))
            try:
                if fake.wait is not None:
                    await fake.wait.wait()
                if fake.problem is not None:
                    if fake.usage is not None:
                        self.on_usage(fake.usage)
                    raise fake.problem
                for piece in fake.says:
                    yield piece
                    if fake.later is not None:
                        raise fake.later
                if fake.usage is not None:
                    self.on_usage(fake.usage)
            finally:
                fake.closed += 1


@pytest.fixture
def fake() -> Fake:
    return Fake()


def client(fake: Fake, *, key: str | None = None, host: str = "127.0.0.1") -> httpx.AsyncClient:
    app = openai_app(fake.connect, name="zhubo", key=key)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}:8100")


async def asked(fake: Fake, **more: Any) -> httpx.Response:
    async with client(fake) as http:
        return await http.post("/v1/chat/completions", json={**ASK, **more})


async def test_an_answer_has_openais_form_and_its_costs(fake: Fake) -> None:
    body = (await asked(fake, temperature=0, max_tokens=40, stop="\n", seed=3)).json()
    assert body["object"] == "chat.completion"
    assert body["choices"][0]["message"] == {"role": "assistant", "content": "您好，看卡片。", "refusal": None}
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["usage"] == {
        "prompt_tokens": 12,
        "completion_tokens": 5,
        "total_tokens": 17,
        "prompt_tokens_details": {"cached_tokens": 8},
    }
    prompt, sampling, shape = fake.asked[0]
    assert [(m.role, m.content) for m in prompt.messages] == [("user", "你好")]
    assert (sampling.temperature, sampling.max_tokens, sampling.stop, sampling.seed) == (0, 40, ("\n",), 3)
    assert shape is None


async def test_a_stream_is_events_and_ends_with_done(fake: Fake) -> None:
    response = await asked(fake, stream=True, stream_options={"include_usage": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, last = [line.removeprefix("data: ") for line in response.text.strip().split("\n\n")]
    assert last == "[DONE]"
    chunks = [json.loads(event) for event in events]
    assert "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"]) == "您好，看卡片。"
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["usage"]["prompt_tokens_details"]["cached_tokens"] == 8
    assert len({c["id"] for c in chunks}) == 1


async def test_a_cut_answer_says_length(fake: Fake) -> None:
    assert fake.usage is not None
    fake.usage = Usage(end="length", prompt_tokens=1, cached_tokens=0, completion_tokens=1, first_token_ms=1.0, ms=1.0)
    assert (await asked(fake)).json()["choices"][0]["finish_reason"] == "length"


async def test_a_schema_reaches_the_constrained_writer(fake: Fake) -> None:
    schema = {"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "required": ["a"]}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, "strict": True}}
    assert (await asked(fake, response_format=form)).status_code == 200
    assert fake.asked[0][2].schema["properties"] == {"a": {"type": "string", "nullable": True}}


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages"),
        ({"temperature": -1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": True}, "max_tokens"),
        ({"stop": ["a"] * 5}, "stop"),
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "odd"}}}}, "response_format"),
    ],
)
async def test_a_wrong_parameter_is_named(fake: Fake, wrong: dict[str, Any], parameter: str) -> None:
    response = await asked(fake, **wrong)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == parameter
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert fake.asked == []


@pytest.mark.parametrize("raw", [b"{", b"[]", b"[" * 100_000, b'{"model": "zhubo", "messages": "\\ud800"}'])
async def test_a_body_that_is_none_is_a_400(fake: Fake, raw: bytes) -> None:
    async with client(fake) as http:
        response = await http.post("/v1/chat/completions", content=raw, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert "error" in response.json()


async def test_other_refusals_have_their_status(fake: Fake) -> None:
    async with client(fake) as http:
        assert (await http.get("/v1/models")).json()["data"][0]["id"] == "zhubo"
        assert (await http.get("/v1/models/zhubo")).json()["id"] == "zhubo"
        assert (await http.get("/v1/models/gpt")).json()["error"]["code"] == "model_not_found"
        assert (await http.get("/v1/embeddings")).json()["error"]["code"] == "unknown_url"
        assert (await http.get("/v1/chat/completions")).status_code == 404
        assert (await http.post("/v1/chat/completions", data={"a": "b"})).status_code == 415
        big = {"content": b"x" * (1 << 20 | 1), "headers": {"content-type": "application/json"}}
        assert (await http.post("/v1/chat/completions", **big)).status_code == 413  # type: ignore[arg-type]
    assert (await asked(fake, model="gpt")).status_code == 404


@pytest.mark.parametrize(
    ("problem", "prompt_tokens", "status", "code"),
    [
        (ModelRefused("no"), 0, 400, "invalid_value"),
        (ModelUnavailable("long"), 9000, 400, "context_length_exceeded"),
        (ModelUnavailable("full"), 0, 429, "rate_limit_exceeded"),
    ],
)
async def test_the_models_refusals_become_statuses(
    fake: Fake, problem: Exception, prompt_tokens: int, status: int, code: str
) -> None:
    fake.problem = problem
    fake.usage = Usage(
        end="refused", prompt_tokens=prompt_tokens, cached_tokens=0, completion_tokens=0, first_token_ms=None, ms=0.1
    )
    for stream in (False, True):
        response = await asked(fake, stream=stream)
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_a_model_that_is_away_or_dies_is_a_503_or_an_error_event(fake: Fake) -> None:
    fake.problem, fake.usage = ModelUnavailable("gone"), None
    assert (await asked(fake)).status_code == 503
    fake.problem, fake.later = None, ModelUnavailable("died")
    assert (await asked(fake)).status_code == 503
    text = (await asked(fake, stream=True)).text
    assert '"model_unavailable"' in text
    assert "[DONE]" not in text


async def test_a_key_is_asked_for_and_compared(fake: Fake) -> None:
    async with client(fake, key="s3cret", host="studio.example") as http:
        assert (await http.get("/v1/models")).status_code == 401
        assert (await http.get("/v1/models", headers={"Authorization": "Bearer s3cre"})).status_code == 401
        assert (await http.get("/v1/models", headers={"Authorization": "Bearer s3cret"})).status_code == 200


async def test_without_a_key_only_names_of_this_machine_are_served(fake: Fake) -> None:
    async with client(fake, host="rebound.example") as http:
        assert (await http.get("/v1/models")).status_code == 403
    async with client(fake, host="localhost") as http:
        assert (await http.get("/v1/models")).status_code == 200


def test_other_addresses_need_a_key(settings: Settings) -> None:
    with pytest.raises(BadInput, match="model_api_key"):
        serve_model_command(settings, bind="0.0.0.0", port=0)  # noqa: S104


async def test_one_too_many_is_told_to_come_back(fake: Fake) -> None:
    fake.wait = asyncio.Event()
    async with client(fake) as http:
        here = [asyncio.create_task(http.post("/v1/chat/completions", json=ASK)) for _ in range(LIMIT)]
        while len(fake.asked) < LIMIT:
            await asyncio.sleep(0.005)
        late = await http.post("/v1/chat/completions", json=ASK)
        assert (late.status_code, late.headers["retry-after"]) == (429, "5")
        fake.wait.set()
        assert {(await task).status_code for task in here} == {200}
        assert (await http.post("/v1/chat/completions", json=ASK)).status_code == 200


async def test_over_real_sockets_our_own_client_is_served_and_leaving_stops_the_work(fake: Fake) -> None:
    server = uvicorn.Server(
        uvicorn.Config(openai_app(fake.connect, name="zhubo", key=None), port=0, log_config=None, lifespan="off")
    )
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.005)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
        model = OpenAIModel(url, key=None, name="zhubo", patience=30)
        prompt = Prompt(name="x", messages=(Message(role="user", content="你好"),))
        assert "".join([piece async for piece in model.stream(prompt, Sampling())]) == "您好，看卡片。"
        fake.says = ['{"a": "b"}']
        shape = Shape(schema={"type": "object", "properties": {"a": {"type": "string"}}})
        assert [piece async for piece in model.stream(prompt, Sampling(), shape)] == ['{"a": "b"}']
        await model.close()

        fake.wait, before = asyncio.Event(), fake.closed
        async with httpx.AsyncClient(base_url=url) as http:
            leaving = asyncio.create_task(http.post("/chat/completions", json=ASK))
            while len(fake.asked) < 3:
                await asyncio.sleep(0.005)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
        while fake.closed == before:
            await asyncio.sleep(0.005)
    finally:
        server.should_exit = True
        await running
