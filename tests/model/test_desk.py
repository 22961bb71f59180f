"""Who is served next, who waits, who loses."""

from collections.abc import Callable, Sequence

import pytest
from torch import Tensor

from model.cache import KeysValues
from model.desk import LIMIT, Desk, Job
from model.engine import Engine, Sampling
from model.lexicon import Lexicon
from model.tokenizer import Tokenizer, Turn
from model.wire import Request, ShapeWanted

Sent = list[dict[str, object]]


@pytest.fixture
def desk(engine: Engine, tokenizer: Tokenizer, lexicon: Lexicon) -> Desk:
    return Desk(engine, tokenizer, lexicon)


def wanted(priority: int = 5, words: str = "中国保温杯", max_tokens: int = 12) -> Request:
    sampling = Sampling(max_tokens=max_tokens, temperature=1.0)
    return Request(kind="generate", messages=[Turn("user", words)], sampling=sampling, priority=priority)


def ask(desk: Desk, sent: Sent, request: Request, after: Callable[[dict[str, object]], None] = lambda _: None) -> Job:
    def send(message: dict[str, object]) -> None:
        sent.append(message)
        after(message)

    return desk.submit(request, send)


def closing(desk: Desk) -> Callable[[dict[str, object]], None]:
    return lambda message: desk.close() if "end" in message or "error" in message else None


def text(sent: Sent) -> str:
    return "".join(str(message["text"]) for message in sent if "text" in message)


def test_an_urgent_request_overtakes_at_the_next_token_and_the_other_resumes(
    desk: Desk, engine: Engine, tokenizer: Tokenizer, lexicon: Lexicon
) -> None:
    slow: Sent = []
    urgent: Sent = []
    order: list[str] = []

    def first_piece(message: dict[str, object]) -> None:
        order.append("slow")
        if len(order) == 1:
            ask(desk, urgent, wanted(priority=0), lambda _: order.append("urgent"))
        closing(desk)(message)

    ask(desk, slow, wanted(priority=9, max_tokens=30), first_piece)
    desk.run()
    assert order[0] == "slow"
    assert order[1 : 1 + len(urgent)] == ["urgent"] * len(urgent)
    assert urgent[-1]["end"] in {"length", "stop"}

    calm: Sent = []
    alone = Desk(engine, tokenizer, lexicon)
    ask(alone, calm, wanted(priority=9, max_tokens=30), closing(alone))
    alone.run()
    assert text(slow) == text(calm)


def test_answers_of_one_priority_share_the_steps_and_others_wait(
    desk: Desk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    step = engine.model.step

    def counted(tokens: Sequence[int], memories: Sequence[KeysValues]) -> Tensor:
        sizes.append(len(tokens))
        return step(tokens, memories)

    monkeypatch.setattr(engine.model, "step", counted)
    jobs: list[Sent] = [[], [], []]
    for sent, priority in zip(jobs, (3, 3, 8), strict=True):
        ask(desk, sent, wanted(priority=priority), closing(desk) if priority == 8 else lambda _: None)
    desk.run()
    assert all(sent[-1]["end"] in {"length", "stop"} for sent in jobs)
    assert max(sizes) == 2
    assert sizes[-1] == 1  # the last, of another priority, wrote alone
    calm: Sent = []
    alone = Desk(engine, desk._tokenizer, desk._lexicon)
    ask(alone, calm, wanted(priority=3), closing(alone))
    alone.run()
    assert text(calm) == text(jobs[0]) == text(jobs[1])


def test_a_cancelled_request_says_nothing_more(desk: Desk) -> None:
    sent: Sent = []
    other: Sent = []
    job: list[Job] = []
    job.append(ask(desk, sent, wanted(max_tokens=50), lambda _: desk.cancel(job[0])))
    ask(desk, other, wanted(priority=7), closing(desk))
    desk.run()
    assert len(sent) == 1
    assert job[0].generation is not None
    assert len(job[0].generation.written) <= 4  # one character of this tokenizer is at most four tokens
    assert "end" in other[-1]


def test_when_full_the_newest_of_the_least_urgent_is_refused(desk: Desk) -> None:
    sent: dict[int, Sent] = {n: [] for n in range(LIMIT + 2)}
    for n in range(LIMIT):
        ask(desk, sent[n], wanted(priority=3))
    ask(desk, sent[LIMIT], wanted(priority=1))
    assert sent[LIMIT - 1][0]["end"] == "refused"
    ask(desk, sent[LIMIT + 1], wanted(priority=8))
    assert sent[LIMIT + 1][0]["end"] == "refused"
    assert desk.refused == 2
    assert not any(sent[n] for n in [*range(LIMIT - 1), LIMIT])


def test_a_stop_word_ends_the_answer_before_it(desk: Desk) -> None:
    sent: Sent = []
    ask(desk, sent, wanted(max_tokens=40), closing(desk))
    desk.run()
    whole = text(sent)
    word = whole[4:6]

    again: Sent = []
    second = Desk(desk._engine, desk._tokenizer, desk._lexicon)
    request = wanted(max_tokens=40)
    stopping = Request(
        kind="generate", messages=request.messages, sampling=request.sampling, stop=[word], priority=request.priority
    )
    ask(second, again, stopping, closing(second))
    second.run()
    assert text(again) == whole[: whole.index(word)]
    assert again[-1]["end"] == "stop"


def test_warming_makes_the_next_prompt_start_from_there(desk: Desk) -> None:
    sent: Sent = []
    messages = [Turn("system", "卖保温杯"), Turn("user", "多少钱")]
    ask(desk, sent, Request(kind="warm", messages=messages[:1], priority=0))
    ask(desk, sent, Request(kind="generate", messages=messages, sampling=Sampling(max_tokens=2)), closing(desk))
    desk.run()
    warm, answer = [message for message in sent if "end" in message]
    assert warm["end"] == "warm"
    assert answer["usage"]["cached_tokens"] == warm["usage"]["prompt_tokens"]  # type: ignore[index]


def test_a_fault_of_ours_ends_only_the_request_that_met_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sent: Sent = []
    other: Sent = []
    # So many forced items cannot fit the context of this model: reading them fails halfway.
    many = {"type": "array", "items": {"type": "null"}, "minItems": 4000, "maxItems": 4000}
    schema = {"type": "object", "properties": {"many": many, "choice": {"type": "boolean"}}}
    request = Request(
        kind="generate", messages=[Turn("user", "x")], shape=ShapeWanted(schema=schema, source=None), priority=1
    )
    ask(desk, sent, request)
    ask(desk, other, wanted(), closing(desk))
    desk.run()
    assert "expected at most" in str(sent[-1]["broken"])
    assert "Traceback" in capsys.readouterr().err
    assert "end" in other[-1]
