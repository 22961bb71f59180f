"""One stage of training: `python -m model.train STAGE.toml --donor FOLDER --out FOLDER [--from DELTA]`.

Runs on two cores beside other work, survives being killed (a checkpoint every ten minutes, and at the end of each
epoch; started again it goes on from there bit for bit), and writes down what it did: `log.jsonl` (one line a step),
`run.json` (stage, data hash, seed) and `delta.safetensors` (what was learned, see `model.delta`).
"""

import argparse
import json
import math
import random
import time
import tomllib
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from model import delta
from model.donor import TOKENIZER, sha256_of
from model.moe import Budget, Routing
from model.tokenizer import Tokenizer
from model.train import answers, records
from model.train.rows import Row
from model.train.trunk import Trunk, Use, below
from model.transformer import Transformer

CHECKPOINT_EVERY = 600.0  # seconds
ENTROPY, BALANCE = 1e-4, 1e-2  # weights of the router's losses (arXiv 2403.07652, as a start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one stage learns, from which rows, how fast."""

    name: str
    tasks: dict[str, float]  # task → weight of its loss
    epochs: int
    seed: int = 1
    rate: float = 8e-4  # of experts and router
    norm_rate: float = 1e-4
    marks_rate: float = 2e-3
    rows_a_step: int = 4
    rows_most: int | None = None  # end after so many rows, the rate fallen by then
    warm_steps: int = 10
    experts: float = 3.0  # mean experts a token that the budget aims at
    window: int = 512
    routing: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Stage":
        """Read a stage file."""
        return cls(**tomllib.loads(path.read_text("utf-8")))


class Training:
    """A stage under way."""

    def __init__(self, stage: Stage, rows: Sequence[Row], donor: Path, out: Path, begin: Path | None) -> None:
        """Prepare, or go on from the checkpoint that `out` holds."""
        out.mkdir(parents=True, exist_ok=True)
        self.stage, self.rows, self._out = stage, list(rows), out
        self._donor = sha256_of(donor)
        first = stage.routing.get("first", 12)
        self.routing = Routing(first=first, **{k: v for k, v in stage.routing.items() if k != "first"})
        self.trunk = Trunk(donor, self.routing, labels=len(records.LABELS), seed=stage.seed, window=stage.window)
        self.budget = Budget(target=stage.experts)
        if begin is not None:
            before = delta.load(begin)
            self.trunk.take(before.tensors)
            self.budget.p = before.routing.p
        self._lower = Transformer.load(donor, context=4096, layers=first, window=stage.window)
        self._kept = out.parent / f"below-{first}-{stage.window}"
        self._kept.mkdir(exist_ok=True)
        self._optimiser = torch.optim.AdamW(self._groups(), betas=(0.9, 0.98), weight_decay=0.01)
        count = len(self.rows) * stage.epochs
        self._total = max(1, math.ceil(min(count, stage.rows_most or count) / stage.rows_a_step))
        self._step = self._done = 0
        self._saved = time.monotonic()
        if (out / "checkpoint.pt").exists():
            self._resume()

    def _groups(self) -> list[dict[str, Any]]:
        rates = {"marks": self.stage.marks_rate, "norm": self.stage.norm_rate, "experts": self.stage.rate}

        def kind(name: str) -> str:
            return "marks" if name == "marks" else "experts" if ".experts." in name else "norm"

        return [
            {"params": [t for n, t in self.trunk.learned.items() if kind(n) == group], "lr": rate, "base": rate}
            for group, rate in rates.items()
        ]

    def run(self) -> Generator[dict[str, Any]]:
        """Train to the end of the stage, one report a step."""
        order = [
            row
            for epoch in range(self.stage.epochs)
            for row in random.Random(f"{self.stage.seed}/{epoch}").sample(self.rows, len(self.rows))
        ][: self.stage.rows_most]
        while self._done < len(order):
            began = time.monotonic()
            batch = order[self._done : self._done + self.stage.rows_a_step]
            told = self._learn(batch)
            self._done += len(batch)
            self._step += 1
            tokens = sum(row.tokens for row in batch)
            yield told | {
                "step": self._step,
                "of": self._total,
                "tokens_s": round(tokens / (time.monotonic() - began), 1),
            }
            if time.monotonic() - self._saved > CHECKPOINT_EVERY or self._done >= len(order):
                self.save()

    def _learn(self, batch: Sequence[Row]) -> dict[str, Any]:
        scale = min(1.0, (self._step + 1) / self.stage.warm_steps)
        scale *= 0.1 + 0.9 * (0.5 + 0.5 * math.cos(math.pi * min(1.0, self._step / self._total)))
        for group in self._optimiser.param_groups:
            group["lr"] = group["base"] * scale
        told: dict[str, list[float]] = {}
        means = []
        for row in batch:
            loss, use = self.loss(row)
            whole = self.stage.tasks[row.task] * loss + ENTROPY * use.entropy + BALANCE * use.balance
            (whole / len(batch)).backward()  # type: ignore[no-untyped-call]
            told.setdefault(row.task, []).append(float(loss.detach()))
            means.append(use.mean)
        torch.nn.utils.clip_grad_norm_(list(self.trunk.learned.values()), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        mean = sum(means) / len(means)
        self.budget.saw(mean)
        losses = {task: round(sum(values) / len(values), 4) for task, values in told.items()}
        return {"loss": losses, "experts": round(mean, 3), "p": round(self.budget.p, 4)}

    def loss(self, row: Row) -> tuple[Tensor, Use]:
        """Mean loss of a row over everything learned from it, in nats."""
        outs, use = self.trunk.through([part.float() for part in self._below(row)], self.budget.p)
        total, count = torch.zeros(()), 0
        for tail, out in zip(row.tails, outs, strict=True):
            if tail.marks is not None:
                wanted = torch.from_numpy(tail.marks).long()
                places = (wanted[:, 0] >= 0).nonzero()[:, 0]
                scores = self.trunk.marks(out[places])  # (P, L, 3)
                total = total + functional.cross_entropy(
                    scores.flatten(0, 1), wanted[places].flatten(), reduction="sum"
                )
                count += len(places)
            if tail.next is not None:
                following = torch.tensor(tail.next)
                places = (following >= 0).nonzero()[:, 0]
                logits = self.trunk.words(out[places])
                total = total + functional.cross_entropy(logits, following[places], reduction="sum")
                count += len(places)
        return total / max(1, count), use

    def _below(self, row: Row) -> list[Tensor]:
        file = self._kept / f"{row.task}-{row.id}.pt"
        if file.exists():
            kept: list[Tensor] = torch.load(file, weights_only=True)
            if [len(part) for part in kept] == [len(row.prefix), *(len(tail.ids) for tail in row.tails)]:
                return kept
        kept = below(row, self._lower)
        torch.save(kept, file)
        return kept

    def save(self) -> None:
        """Write checkpoint and delta; each appears whole or not at all."""
        state = {
            "learned": {name: tensor.detach() for name, tensor in self.trunk.learned.items()},
            "optimiser": self._optimiser.state_dict(),
            "place": [self._step, self._done],
            "budget": [self.budget.p, self.budget._sum],
        }
        torch.save(state, self._out / "checkpoint.new")
        (self._out / "checkpoint.new").replace(self._out / "checkpoint.pt")
        routing = Routing(**(asdict(self.routing) | {"p": round(self.budget.p, 4)}))
        learned = {name: tensor.detach() for name, tensor in self.trunk.learned.items()}
        tasks = tuple(sorted(self.stage.tasks))
        made = delta.Delta(routing, self.stage.window, records.LABELS, learned, self._donor, tasks)
        delta.save(self._out / "delta.safetensors", made)
        self._saved = time.monotonic()

    def _resume(self) -> None:
        state = torch.load(self._out / "checkpoint.pt", weights_only=True)
        self.trunk.take(state["learned"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._step, self._done = state["place"]
        self.budget.p, self.budget._sum = state["budget"]


def rows_of(stage: Stage, tokenizer: Tokenizer, part: str = "train") -> list[Row]:
    """The rows of a stage from one part of the split."""
    makers = {"mark": records.marking_row, "answer": answers.answer_row, "script": answers.script_row}
    found = records.split()[part]
    return [row for task in stage.tasks for record in found if (row := makers[task](record, tokenizer)) is not None]


def main() -> None:
    """Entry point of `python -m model.train`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", type=Path)
    parser.add_argument("--donor", type=Path, required=True, help="folder made by model.donor.prepare")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="begin", type=Path, help="a delta to go on from")
    parser.add_argument("--threads", type=int, default=1)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    stage = Stage.load(wanted.stage)
    tokenizer = Tokenizer.load(wanted.donor / TOKENIZER)
    rows = rows_of(stage, tokenizer)
    training = Training(stage, rows, wanted.donor, wanted.out, wanted.begin)
    about = {"stage": asdict(stage), "rows": len(rows), "tokens": sum(r.tokens for r in rows)}
    about |= {"data": records.fingerprint(rows), "from": wanted.begin and wanted.begin.name}
    (wanted.out / "run.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(about), flush=True)
    with (wanted.out / "log.jsonl").open("a", encoding="utf-8") as log:
        for told in training.run():
            print(json.dumps(told), file=log, flush=True)
            print(json.dumps(told), flush=True)
