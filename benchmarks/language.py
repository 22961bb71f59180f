"""What pruning and the window cost: nats a character on texts, one a line, that nothing was made from.

`python -m benchmarks.language DONOR.gguf TEXTS.txt [--most 200] [--out FILE]` reads every text with the donor's whole
vocabulary, with the kept tokens, and with the kept tokens and window attention; and counts tokens of each.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from model.convert import convert
from model.donor import TOKENIZER, WEIGHTS
from model.tokenizer import TEXT_END, Tokenizer
from model.transformer import Transformer

WINDOW = 512


def nats(model: Transformer, tokenizer: Tokenizer, text: str) -> tuple[float, int]:
    """Of a whole text after the mark that ends the one before, and its number of tokens."""
    ids = [tokenizer.specials[TEXT_END], *tokenizer.encode(text)][:2000]
    return model.nats(ids), len(ids) - 1


def measured(donor: Path, texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """A row for each way of reading; `over` is the change against the first."""
    told: dict[str, dict[str, float]] = {}
    characters = sum(map(len, texts))
    with tempfile.TemporaryDirectory() as folder:
        for name, pruned, window in (("donor", False, 0), ("kept tokens", True, 0), ("and window", True, WINDOW)):
            place = Path(folder) / str(pruned)
            if not (place / WEIGHTS).exists():
                place.mkdir()
                convert(donor, place, lambda step, part: None, pruned=pruned)
            model = Transformer.load(place, context=2048)
            model.config = replace(model.config, window=window)
            found = [nats(model, Tokenizer.load(place / TOKENIZER), text) for text in texts]
            total = sum(each for each, _ in found) / characters
            told[name] = {"nats_a_character": round(total, 4), "tokens": sum(count for _, count in found)}
            first = told["donor"]["nats_a_character"]
            told[name]["over"] = round(total / first - 1, 4) if math.isfinite(first) else math.nan
    return told


def main() -> None:
    """Entry point of `python -m benchmarks.language`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("donor", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    texts = [line for line in wanted.texts.read_text("utf-8").splitlines() if line.strip()][: wanted.most]
    told = json.dumps({"texts": len(texts)} | measured(wanted.donor, texts), indent=1)
    if wanted.out:
        wanted.out.write_text(told + "\n", "utf-8")
    print(told)


if __name__ == "__main__":
    main()
