"""Generating, resuming, stopping."""

import pytest
import torch

from model.cache import KeysValues
from model.engine import CHUNK, Engine, Generation, Sampling, _third_copy
from model.tokenizer import Tokenizer
from tests.model.tiny import tiny_delta, tiny_engine

PROMPT = list(range(40, 140))


def finish(generation: Generation) -> list[int]:
    while generation.end is None:
        generation.advance()
    return generation.written


def answer(engine: Engine, prompt: list[int], **sampling: float) -> list[int]:
    return finish(engine.generate(prompt, Sampling(**{"max_tokens": 24, **sampling})))  # type: ignore[arg-type]


def test_greedy_answers_are_equal_with_and_without_a_cached_prefix(engine: Engine, tokenizer: Tokenizer) -> None:
    fresh = answer(tiny_engine(tokenizer), PROMPT)
    finish(engine.warm(PROMPT[:70]))
    generation = engine.generate(PROMPT, Sampling(max_tokens=24))
    assert finish(generation) == fresh
    assert generation.cached_tokens == 70
    again = engine.generate(PROMPT, Sampling(max_tokens=24))
    assert finish(again) == fresh
    assert again.cached_tokens == len(PROMPT) - 1


def test_interleaved_answers_do_not_touch_one_another(engine: Engine, tokenizer: Tokenizer) -> None:
    alone = [answer(tiny_engine(tokenizer), PROMPT[:n]) for n in (50, 90)]
    both = [engine.generate(PROMPT[:n], Sampling(max_tokens=24)) for n in (50, 90)]
    while any(each.end is None for each in both):
        for each in both:
            each.advance()
    assert [each.written for each in both] == alone


@pytest.mark.parametrize("expert", [False, True], ids=["dense", "experts"])
def test_answers_that_share_a_pass_over_the_weights_are_those_of_each_alone(tokenizer: Tokenizer, expert: bool) -> None:
    delta = tiny_delta(window=16) if expert else None
    lengths = (50, 90, 33, 70)
    alone = [answer(tiny_engine(tokenizer, delta=delta), PROMPT[:n]) for n in lengths]
    engine = tiny_engine(tokenizer, delta=delta)
    together = [engine.generate(PROMPT[:n], Sampling(max_tokens=24)) for n in lengths]
    for each in together:
        while not each.in_step:
            each.advance()
    while going := [each for each in together if each.end is None]:
        engine.advance(going)
    assert [each.written for each in together] == alone


def test_a_memory_that_stands_twice_reads_its_tokens_one_after_the_other(engine: Engine) -> None:
    apart, twice = KeysValues(engine.model.config, 1), KeysValues(engine.model.config, 1)
    alone = [engine.model.step([token], [apart])[0] for token in PROMPT[:3]]
    assert torch.equal(engine.model.step(PROMPT[:3], [twice] * 3), torch.stack(alone))


def test_reading_token_by_token_is_reading_all_at_once(engine: Engine) -> None:
    """Two ways of computing the same sums: tensors for many rows, numpy for one."""
    memory, together = KeysValues(engine.model.config, 1), KeysValues(engine.model.config, 1)
    for token in PROMPT:
        logits = engine.model.read([token], memory)
    at_once = engine.model.read(PROMPT, together)
    assert torch.allclose(logits, at_once, atol=0.02 * float(at_once.std()))
    length = len(PROMPT)
    assert torch.allclose(memory.snapshot(length), together.snapshot(length), atol=0.02)


def test_a_step_reads_at_most_a_chunk_and_writes_at_most_a_token(engine: Engine) -> None:
    generation = engine.generate(PROMPT, Sampling(max_tokens=5))
    silent = 0
    while not generation.written:
        silent += not generation.advance()
    assert silent == len(PROMPT) // CHUNK
    assert [len(generation.advance()) for _ in range(3)] == [1, 1, 1]


def test_the_same_seed_gives_the_same_answer_and_another_seed_another(engine: Engine) -> None:
    drawn = [answer(engine, PROMPT, temperature=1.5, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_tiny_nucleus_is_greedy(engine: Engine) -> None:
    assert answer(engine, PROMPT, temperature=2.0, top_p=1e-6) == answer(engine, PROMPT)


def test_the_penalty_makes_answers_less_repetitive(engine: Engine) -> None:
    plain, varied = (answer(engine, PROMPT, max_tokens=60, repetition_penalty=p) for p in (1.0, 1.8))
    assert len(set(varied)) > len(set(plain))


def test_a_passage_is_never_written_three_times() -> None:
    passage = list(range(10))
    assert _third_copy([99, *passage, *passage]) == passage[0]
    assert _third_copy([99, *passage, *passage[:-1]]) is None
    assert _third_copy([5] * 16) == 5
    assert _third_copy([5] * 15) is None


def test_a_prompt_without_room_is_refused(engine: Engine) -> None:
    assert engine.generate(PROMPT, Sampling(max_tokens=2000)).end == "refused"
    assert engine.generate([], Sampling()).end == "refused"


@pytest.mark.parametrize(("name", "value"), [("temperature", -1), ("top_p", 0), ("max_tokens", -1)])
def test_sampling_out_of_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Sampling(**{name: value})  # type: ignore[arg-type]
