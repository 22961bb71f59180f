"""Authored records (one JSON object a line: listing, facts, script, answers) as training rows.

The split is by product and by category: `heldout_categories.json` was frozen before the first training; records of
those categories and one in ten of the others are never trained on.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.marks import BEGINS, GOES_ON, mark_prompt, pieces
from model.tokenizer import Tokenizer
from model.train.rows import Row, Tail

HERE = Path(__file__).parent
AUTHORED = HERE / "authored"
LISTS = ("selling_points", "audience", "promotions", "service", "variants")
LABELS = ("title", "brand", "price", "list_price", "specs", *LISTS)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def records(folder: Path = AUTHORED) -> Iterator[dict[str, Any]]:
    """Every record of a folder, files and lines in order."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def held_out(record: Mapping[str, Any]) -> str | None:
    """`category` for a category never trained on, `product` for one product in ten, None for training."""
    unseen = json.loads((HERE / "heldout_categories.json").read_text("utf-8"))
    if re.split(r"\s*[>/]\s*", record["category"])[0] in unseen:
        return "category"
    return "product" if int(hashlib.sha256(record["id"].encode()).hexdigest(), 16) % 10 == 0 else None


def marking_row(record: Mapping[str, Any], tokenizer: Tokenizer) -> Row:
    """The listing twice; at the last token of each piece of the second copy, what it belongs to."""
    text = record["listing"]
    places = pieces(text, tokenizer)
    ids = [token for piece in places for token in piece.ids]
    marks = np.full((len(ids), len(LABELS)), -1, np.int8)
    ends = np.cumsum([len(piece.ids) for piece in places]) - 1
    marks[ends] = 0
    for label, start, end in gold_spans(record):
        column, begun = LABELS.index(label), False
        for piece, last in zip(places, ends, strict=True):
            if start <= piece.start and piece.end <= end:
                marks[last, column] = GOES_ON if begun else BEGINS
                begun = True
    return Row(id=record["id"], task="mark", prefix=mark_prompt(tokenizer, text), tails=[Tail(ids=ids, marks=marks)])


def gold_spans(record: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """(label, start, end) of every fact that stands in the listing; a repeated value takes the next free place."""
    text, facts = record["listing"], record["facts"]
    wanted: list[tuple[str, str]] = [(name, facts[name]) for name in ("title", "brand") if facts.get(name)]
    wanted += [("specs", spec["value"]) for spec in facts["specs"]]
    wanted += [(name, value) for name in LISTS for value in facts[name]]
    taken: set[tuple[str, int]] = set()
    for label, value in wanted:
        start = text.find(value)
        while start >= 0 and (label, start) in taken:
            start = text.find(value, start + 1)
        if start >= 0 and value:
            taken.add((label, start))
            yield label, start, start + len(value)
    for label in ("price", "list_price"):
        amount = facts.get(label)
        for found in _NUMBER.finditer(text) if amount is not None else ():
            if float(found.group().replace(",", "")) == float(amount):
                yield label, found.start(), found.end()


def split(folder: Path = AUTHORED) -> dict[str, list[dict[str, Any]]]:
    """Records for `train`, held-out `product`s and held-out `category`s."""
    out: dict[str, list[dict[str, Any]]] = {"train": [], "product": [], "category": []}
    for record in records(folder):
        out[held_out(record) or "train"].append(record)
    return out


def fingerprint(rows: Sequence[Row]) -> str:
    """A hash of everything that is learned from, for the run's log."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr((row.id, row.task, list(row.prefix))).encode())
        for tail in row.tails:
            digest.update(repr((list(tail.ids), tail.next)).encode())
            digest.update(b"" if tail.marks is None else tail.marks.tobytes())
    return digest.hexdigest()
