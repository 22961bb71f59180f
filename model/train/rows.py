"""What training reads: rows of token ids whose prefix is read, and tails whose targets are learned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Tokens that continue a prefix, with what is to be learned at them.

    `next` holds at each place the token that should follow, -1 where nothing is learned. `marks` (T, L) holds for
    each label 0 outside, 1 begins, 2 goes on, -1 where nothing is learned; None for a tail without marks.
    """

    ids: Sequence[int]
    next: Sequence[int] | None = None
    marks: NDArray[np.int8] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A prefix that several tails continue, each on its own (they do not see one another)."""

    id: str
    task: str
    prefix: Sequence[int]
    tails: Sequence[Tail]

    @property
    def tokens(self) -> int:
        """All tokens of the row."""
        return len(self.prefix) + sum(len(tail.ids) for tail in self.tails)
