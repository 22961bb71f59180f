"""Training on a tiny donor: it starts as the donor, learns, survives a kill to the bit, never sees what is held out."""

import json
from pathlib import Path

import pytest
import torch

from model import delta as deltas
from model.cache import KeysValues
from model.donor import ORIGIN, TOKENIZER
from model.tokenizer import Tokenizer
from model.train import records
from model.train.answers import answer_row, script_row
from model.train.rows import Row
from model.train.stage import Stage, Training
from model.transformer import Transformer
from tests.model.tiny import save_tiny

RECORD = {
    "id": "t1",
    "lang": "zh",
    "category": "家居>杯",
    "listing": "保温杯 99元，不锈钢，原价129元。包邮",
    "facts": {
        "title": "保温杯", "brand": None, "category": "家居>杯", "price": 99, "list_price": 129, "currency": "CNY",
        "specs": [{"name": "材质", "value": "不锈钢"}], "selling_points": [], "audience": [], "promotions": [],
        "service": ["包邮"], "variants": [],
    },
    "script": {"opening": "大家好，99元的保温杯。"},
    "qa": [
        {"history": [], "comment": "多少钱", "answer": "99元。"},
        {"history": [{"role": "viewer", "text": "在吗"}], "comment": "材质", "answer": "不锈钢。"},
    ],
}  # fmt: skip


@pytest.fixture
def donor(tmp_path: Path) -> Path:
    """A folder of tiny weights."""
    folder = tmp_path / "donor"
    folder.mkdir()
    save_tiny(folder)
    (folder / ORIGIN).write_text(json.dumps({"sha256": "ab" * 32}), "utf-8")
    return folder


def _rows(donor: Path) -> list[Row]:
    tokenizer = Tokenizer.load(donor / TOKENIZER)
    rows = [records.marking_row(RECORD, tokenizer), answer_row(RECORD, tokenizer), script_row(RECORD, tokenizer)]
    return [row for row in rows if row is not None]


def _stage(epochs: int) -> Stage:
    tasks = {"mark": 1.0, "answer": 1.0, "script": 1.0}
    routing = {"first": 1, "experts": 4, "hidden": 8, "most": 4}
    return Stage(
        name="tiny", tasks=tasks, epochs=epochs, rows_a_step=3, routing=routing, window=0, rate=0.03, marks_rate=0.03
    )


def test_before_the_first_step_it_says_what_the_donor_says(donor: Path, tmp_path: Path) -> None:
    row = _rows(donor)[1]
    training = Training(_stage(1), [row], donor, tmp_path / "runs" / "a", None)
    outs, _ = training.trunk.through([part.float() for part in training._below(row)], p=0.5)
    tail = row.tails[0]
    model = Transformer.load(donor, context=2048)
    said = model.read([*row.prefix, *tail.ids], KeysValues(model.config, 0))
    assert torch.allclose(training.trunk.words(outs[0][-1:])[0], said, atol=0.15)


def test_every_loss_falls(donor: Path, tmp_path: Path) -> None:
    rows = _rows(donor)
    told = list(Training(_stage(25), rows, donor, tmp_path / "runs" / "a", None).run())
    for task in ("mark", "answer", "script"):
        assert told[-1]["loss"][task] < 0.8 * told[0]["loss"][task], task


def test_after_a_kill_it_goes_on_as_if_nothing_had_happened(donor: Path, tmp_path: Path) -> None:
    rows = _rows(donor)
    whole = Training(_stage(4), rows, donor, tmp_path / "runs" / "a", None)
    list(whole.run())
    first = Training(_stage(4), rows, donor, tmp_path / "runs" / "b", None)
    steps = first.run()
    next(steps), next(steps)
    first.save()
    steps.close()
    second = Training(_stage(4), rows, donor, tmp_path / "runs" / "b", None)
    assert [told["step"] for told in second.run()] == [3, 4]
    for name, tensor in whole.trunk.learned.items():
        assert torch.equal(tensor, second.trunk.learned[name]), name


def test_what_was_learned_is_what_the_engine_loads(donor: Path, tmp_path: Path) -> None:
    out = tmp_path / "runs" / "a"
    row = _rows(donor)[0]
    training = Training(_stage(6), [row], donor, out, None)
    list(training.run())
    learned = deltas.load(out / "delta.safetensors")
    assert learned.donor == "ab" * 32
    assert learned.tasks == ("answer", "mark", "script")
    model = Transformer.load(donor, context=2048, delta=learned)
    memory = KeysValues(model.config, 0)
    model.through(row.prefix, memory)
    served = model.marks(row.tails[0].ids, memory)
    outs, _ = training.trunk.through([part.float() for part in training._below(row)], learned.routing.p)
    trained = training.trunk.marks(outs[0]).softmax(-1).detach()
    assert (served - trained).abs().mean() < 0.03


def test_gold_spans_are_what_the_facts_say() -> None:
    text = str(RECORD["listing"])
    told = [(label, text[start:end]) for label, start, end in records.gold_spans(RECORD)]
    assert told == [
        ("title", "保温杯"),
        ("specs", "不锈钢"),
        ("service", "包邮"),
        ("price", "99"),
        ("list_price", "129"),
    ]


def test_nothing_held_out_is_trained_on() -> None:
    parts = records.split()
    ids = {name: {record["id"] for record in found} for name, found in parts.items()}
    assert ids["train"] and ids["product"] and ids["category"]
    assert not ids["train"] & (ids["product"] | ids["category"])
    unseen = {record["category"].split(">")[0] for record in parts["category"]}
    assert not unseen & {record["category"].split(">")[0] for record in parts["train"]}
