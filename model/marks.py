"""Pointing at spans: the model reads a text twice and says of every piece of the second copy what it belongs to.

A label's spans are told by three scores a piece: outside, begins, goes on. Labels are judged apart from one another, so
spans of different labels may overlap. A value that is pointed at cannot be invented, and its offsets are known. The
second copy is spelled out in small pieces (a word, a hanzi, a digit, a mark), because a merged token may straddle
the border of a value: of 6,217 authored values a third is beyond merged tokens, three beyond pieces.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.lexicon import Encoder
from model.tokenizer import Tokenizer, Turn

_INSTRUCTION = "标注商品信息"
_PIECE = re.compile(r"[A-Za-z]+|\s+|.", re.DOTALL)
OUTSIDE, BEGINS, GOES_ON = range(3)
ONE = frozenset({"title", "brand"})  # labels with one value
_LEAST = 1e-4  # of a chance: one piece decides no run alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`text[start:end]` belongs to `label`; `sure` is the mean probability over its pieces, 0..1."""

    label: str
    start: int
    end: int
    sure: float


@dataclass(frozen=True, slots=True)
class Piece:
    """`text[start:end]` and the ids that spell it."""

    start: int
    end: int
    ids: Sequence[int]


def pieces(text: str, encoder: Encoder) -> list[Piece]:
    """The whole text in order, each piece encoded by itself."""
    return [Piece(m.start(), m.end(), tuple(encoder.encode(m.group()))) for m in _PIECE.finditer(text)]


def mark_prompt(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids before the second copy of `text`."""
    return tokenizer.chat([Turn("system", _INSTRUCTION), Turn("user", text)], reply=True)


def spans(chances: NDArray[np.float32], places: Sequence[Piece], labels: Sequence[str]) -> list[Mark]:
    """Chances (P, L, 3) of each piece, as of its last token, to marks ordered by label and place.

    A span begins where beginning or going on is likelier than outside and goes on while going on is likeliest. Of a
    label that has one value (`ONE`) the run is taken whose odds of being inside are highest together.
    """
    found: list[Mark] = []
    for index, label in enumerate(labels):
        inside = 1 - chances[:, index, OUTSIDE]
        runs = _best_run(inside) if label in ONE else _runs(chances[:, index].argmax(-1))
        found += [
            Mark(label=label, start=places[a].start, end=places[b - 1].end, sure=float(inside[a:b].mean()))
            for a, b in runs
        ]
    return found


def _runs(choice: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Where spans begin and end among the kinds chosen for each piece."""
    runs: list[tuple[int, int]] = []
    begin: int | None = None
    for place, kind in enumerate([*choice, OUTSIDE]):
        if begin is not None and kind != GOES_ON:
            runs.append((begin, place))
            begin = None
        if begin is None and kind != OUTSIDE:
            begin = place
    return runs


def _best_run(inside: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The run of pieces whose log odds of being inside sum highest; none when every sum is below even."""
    odds = np.log(np.clip(inside, _LEAST, 1)) - np.log(np.clip(1 - inside, _LEAST, 1))
    best, total, begin, found = 0.0, 0.0, 0, []
    for place, each in enumerate(odds):
        if total <= 0:
            total, begin = 0.0, place
        total += float(each)
        if total > best:
            best, found = total, [(begin, place + 1)]
    return found
