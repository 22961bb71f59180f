"""Experts beside the donor: born silent, chosen by the smallest sufficient set, the same in one row and in many."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model import delta as deltas
from model.cache import KeysValues
from model.marks import Piece, pieces, spans
from model.moe import Budget, Routing, smallest_set
from model.tokenizer import Tokenizer
from model.transformer import Transformer, visible
from tests.model.tiny import tiny_config, tiny_delta, tiny_engine, tiny_tensors, tiny_tokenizer

WORDS = "保温杯 99元，不锈钢 the price"


def _read(model: Transformer, ids: list[int]) -> torch.Tensor:
    return model.read(ids, KeysValues(model.config, 0))


def _model(tokenizer: Tokenizer, delta: deltas.Delta | None) -> Transformer:
    config = tiny_config(len(tokenizer.token_bytes))
    return Transformer(config, tiny_tensors(config), context=2048, delta=delta)


def test_newborn_experts_leave_the_donor_as_it_is() -> None:
    tokenizer = tiny_tokenizer()
    ids = tokenizer.encode(WORDS)
    donor, born = (_read(_model(tokenizer, d), ids) for d in (None, tiny_delta(trained=False)))
    assert torch.equal(donor, born)


def test_trained_experts_change_what_is_said() -> None:
    tokenizer = tiny_tokenizer()
    ids = tokenizer.encode(WORDS)
    donor, trained = (_read(_model(tokenizer, d), ids) for d in (None, tiny_delta()))
    assert not torch.allclose(donor, trained, atol=1e-3)


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=17), st.floats(0.01, 1), st.integers(1, 17))
def test_the_set_is_the_smallest_that_suffices(weights: list[float], p: float, most: int) -> None:
    chances = torch.tensor(weights).softmax(-1)[None]
    taken = smallest_set(chances, p, most)[0]
    count = int(taken.sum())
    ordered = chances[0].sort(descending=True).values
    assert 1 <= count <= most
    assert chances[0][taken].min() >= chances[0][~taken].max() if 0 < count < len(weights) else True
    assert float(ordered[: count - 1].sum()) < p + 1e-6, "one fewer would have been enough"
    assert count == most or count == len(weights) or float(ordered[:count].sum()) >= p - 1e-6


def test_p_of_one_takes_all_and_p_of_nought_takes_none() -> None:
    chances = torch.tensor([[0.5, 0.25, 0.15, 0.1]])
    assert smallest_set(chances, 1.0, 4).all()
    assert not smallest_set(chances, 0.0, 4).any()


def test_the_router_is_never_nan_even_for_huge_inputs() -> None:
    tokenizer = tiny_tokenizer()
    trained = tiny_delta()
    trained.tensors["1.experts.router"].mul_(1e6)
    assert torch.isfinite(_read(_model(tokenizer, trained), tokenizer.encode(WORDS))).all()


@pytest.mark.parametrize("p", [0.2, 0.6, 0.95])
def test_row_by_row_is_the_same_as_all_at_once(p: float) -> None:
    tokenizer = tiny_tokenizer()
    model = _model(tokenizer, tiny_delta(p=p))
    ids = tokenizer.encode(WORDS)
    memory = KeysValues(model.config, 0)
    for token in ids:
        last = model.read([token], memory)
    assert torch.allclose(last, _read(model, ids), atol=0.05)


def test_the_donor_is_still_there_under_what_was_learned() -> None:
    tokenizer = tiny_tokenizer()
    ids = tokenizer.encode(WORDS)
    plain, under = _model(tokenizer, None), _model(tokenizer, tiny_delta(window=8)).donor()
    assert torch.equal(_read(plain, ids), _read(under, ids))
    assert torch.equal(_read(plain, ids[:1]), _read(under, ids[:1]))


def test_a_window_layer_sees_the_sinks_and_what_is_near() -> None:
    config = tiny_config(300)
    windowed = tiny_delta(window=8)
    model = Transformer(config, tiny_tensors(config), context=2048, delta=windowed)
    seen = visible(model.config, model.config.sees_all(0), 20, 1)[0]
    assert seen.nonzero()[:, 0].tolist() == [0, 1, 2, 3, *range(13, 21)]
    assert visible(model.config, model.config.sees_all(3), 20, 1).all(), "every fourth layer sees everything"
    ids = [i % 250 for i in range(40)]
    memory = KeysValues(model.config, 0)
    for token in ids:
        last = model.read([token], memory)
    assert torch.allclose(last, _read(model, ids), atol=0.05)


def test_a_delta_comes_back_from_its_file_within_rounding(tmp_path: Path) -> None:
    trained = tiny_delta()
    deltas.save(tmp_path / "d.safetensors", trained)
    back = deltas.load(tmp_path / "d.safetensors")
    assert (back.routing, back.window, back.labels) == (trained.routing, trained.window, trained.labels)
    for name, tensor in trained.tensors.items():
        assert torch.allclose(back.tensors[name], tensor, atol=float(tensor.abs().max()) / 100), name
    (tmp_path / "other.safetensors").write_bytes((tmp_path / "d.safetensors").read_bytes().replace(b"zhubo", b"xhubo"))
    with pytest.raises(ValueError, match="expected a delta of format 1"):
        deltas.load(tmp_path / "other.safetensors")


def test_the_budget_finds_the_p_that_meets_its_target() -> None:
    budget = Budget(target=3.0, p=0.9)
    chances = torch.randn(400, 17, generator=torch.Generator().manual_seed(1)).mul(2).softmax(-1)
    mean = 0.0
    for _ in range(400):
        mean = float(smallest_set(chances, budget.p, 12)[:, :-1].sum(-1).float().mean())
        budget.saw(mean)
    assert abs(mean - 3.0) < 0.25


def test_pieces_cover_the_text_and_spans_begin_and_end_at_them() -> None:
    text = "保温杯 Acme 99元"
    found = pieces(text, tiny_tokenizer())
    assert "".join(text[piece.start : piece.end] for piece in found) == text
    assert [text[piece.start : piece.end] for piece in found][:5] == ["保", "温", "杯", " ", "Acme"]
    chances = np.zeros((len(found), 2, 3), np.float32)
    chances[..., 0] = 0.9
    chances[:3, 0] = [[0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.2, 0.1, 0.7]]
    chances[5, 1] = chances[6, 1] = [0.1, 0.8, 0.1]
    told = [(mark.label, text[mark.start : mark.end]) for mark in spans(chances, found, ("title", "price"))]
    assert told == [("title", "保温杯"), ("price", text[found[5].start : found[5].end]), ("price", "9")]


def test_a_text_is_marked_by_the_engine_in_steps() -> None:
    tokenizer = tiny_tokenizer()
    engine = tiny_engine(tokenizer, delta=tiny_delta())
    text = WORDS * 4
    marking = engine.mark(tokenizer.encode("标注"), pieces(text, tokenizer))
    steps = 0
    while marking.end is None:
        marking.advance()
        steps += 1
    assert marking.end == "stop"
    assert steps > 2
    assert marking.chances.shape == (len(pieces(text, tokenizer)), 2, 3)
    assert np.allclose(marking.chances.sum(-1), 1, atol=1e-5)


def test_the_donor_alone_refuses_to_mark() -> None:
    tokenizer = tiny_tokenizer()
    assert tiny_engine(tokenizer).mark([1], [Piece(0, 1, (5,))]).end == "refused"


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected p within 0\.\.1, found 1\.5"):
        Routing(first=1, p=1.5)
