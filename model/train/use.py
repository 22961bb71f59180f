"""How many experts each task and difficulty uses: `python -m model.train.use DELTA --donor FOLDER --out FOLDER`.

Reads rows that nothing was learned from. A record's difficulty is what the dense donor loses on its listing, in nats a
character; thirds of it are told apart, and the rank correlation of difficulty with experts a token, with its interval
(bootstrap over records), whatever its sign. Writes `use.json` and the plot `use.svg`.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from model import delta
from model.donor import TOKENIZER
from model.tokenizer import TEXT_END, Tokenizer
from model.train import records
from model.train.stage import Stage, rows_of
from model.train.trunk import Trunk, below
from model.transformer import Transformer

_BARS = ("easy", "middle", "hard")
_COLOURS = ("#9db8e8", "#4f7fd1", "#1c3f82")


def difficulty(donor: Transformer, tokenizer: Tokenizer, text: str) -> float:
    """Nats a character of a text."""
    return donor.nats([tokenizer.specials[TEXT_END], *tokenizer.encode(text)]) / len(text)


def rank_correlation(left: Sequence[float], right: Sequence[float]) -> float:
    """Spearman's."""

    def ranks(values: Sequence[float]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.float64).argsort().argsort().double()

    both = torch.stack([ranks(left), ranks(right)])
    return float(torch.corrcoef(both)[0, 1])


def interval(left: Sequence[float], right: Sequence[float], times: int = 2000) -> tuple[float, float]:
    """Where 95 % of the correlations of records drawn anew lie."""
    draw = random.Random(1)  # a bootstrap, nothing secret
    found = []
    for _ in range(times):
        places = [draw.randrange(len(left)) for _ in left]
        found.append(rank_correlation([left[i] for i in places], [right[i] for i in places]))
    found.sort()
    return found[round(0.025 * times)], found[round(0.975 * times) - 1]


@torch.inference_mode()
def measured(learned: delta.Delta, donor: Path, tasks: Sequence[str]) -> dict[str, Any]:
    """Experts a token of each task, by layer and by third of difficulty, on every held-out record."""
    tokenizer = Tokenizer.load(donor / TOKENIZER)
    trunk = Trunk(donor, learned.routing, labels=len(learned.labels), seed=0, window=learned.window)
    trunk.take(learned.tensors)
    lower = Transformer.load(donor, context=4096, layers=learned.routing.first, window=learned.window)
    dense = Transformer.load(donor, context=4096)
    stage = Stage(name="use", tasks=dict.fromkeys(tasks, 1.0), epochs=1)
    kept = records.split()
    listings = {each["id"]: each["listing"] for part in ("product", "category") for each in kept[part]}
    hard = {name: difficulty(dense, tokenizer, text) for name, text in listings.items()}
    told: dict[str, Any] = {"p": learned.routing.p, "records": len(listings), "tasks": {}}
    for task in tasks:
        used: dict[str, torch.Tensor] = {}
        for row in (each for part in ("product", "category") for each in rows_of(stage, tokenizer, part)):
            if row.task == task:
                hidden = [part.float() for part in below(row, lower)]
                used[row.id] = trunk.through(hidden, learned.routing.p)[1].counts.float()
        order = sorted(used, key=hard.__getitem__)
        thirds = [order[len(order) * n // 3 : len(order) * (n + 1) // 3] for n in range(3)]
        means = [float(used[name].mean()) for name in order]
        hardness = [hard[name] for name in order]
        low, high = interval(hardness, means)
        told["tasks"][task] = {
            "experts": round(float(torch.cat(list(used.values()), 1).mean()), 3),
            "by_layer": [round(float(x), 3) for x in torch.cat(list(used.values()), 1).mean(1)],
            "by_difficulty": {
                name: round(float(torch.cat([used[i] for i in third], 1).mean()), 3)
                for name, third in zip(_BARS, thirds, strict=True)
            },
            "rank_correlation": round(rank_correlation(hardness, means), 3),
            "interval": [round(low, 3), round(high, 3)],
        }
    return told


def plot(told: dict[str, Any]) -> str:
    """Bars of each task's thirds and its layers, as SVG."""
    out, top, wide = [], 40, 22
    for task, each in told["tasks"].items():
        bars = [*zip(_COLOURS, each["by_difficulty"].values(), _BARS, strict=True)]
        bars += [("#c9ccd3", value, str(n)) for n, value in enumerate(each["by_layer"], 24 - len(each["by_layer"]))]
        scale = 100 / max(value for _, value, _ in bars)
        out.append(f'<text x="16" y="{top - 14}" font-weight="600">{task}: {each["experts"]} experts a token</text>')
        for place, (colour, value, name) in enumerate(bars):
            x, high = 16 + place * (wide + 14) + (20 if place > 2 else 0), value * scale
            out.append(f'<rect x="{x}" y="{top + 100 - high:.1f}" width="{wide}" height="{high:.1f}" fill="{colour}"/>')
            out.append(f'<text x="{x + wide / 2}" y="{top + 114}" text-anchor="middle">{name}</text>')
            out.append(f'<text x="{x + wide / 2}" y="{top + 96 - high:.1f}" text-anchor="middle">{value:.1f}</text>')
        top += 170
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="620" height="{top - 20}" font-family="sans-serif"'
    return f'{head} font-size="10"><rect width="100%" height="100%" fill="#fff"/>{"".join(out)}</svg>\n'


def main() -> None:
    """Entry point of `python -m model.train.use`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("delta", type=Path)
    parser.add_argument("--donor", type=Path, required=True, help="folder made by model.donor.prepare")
    parser.add_argument("--out", type=Path, required=True)
    wanted = parser.parse_args()
    learned = delta.load(wanted.delta)
    told = measured(learned, wanted.donor, learned.tasks)
    wanted.out.mkdir(parents=True, exist_ok=True)
    (wanted.out / "use.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    (wanted.out / "use.svg").write_text(plot(told), "utf-8")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
