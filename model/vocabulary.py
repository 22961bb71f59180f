"""Which tokens of the donor are kept: a third of its vocabulary, chosen once on Chinese and English shop text.

Output scores are computed for every token at every step, so tokens that a live shop never meets (other scripts,
code) cost time and memory for nothing. What stays, and why, is `model.train.vocabulary`; here it is read and applied.
Any text still encodes: all single bytes stay, and the parts of every kept token stay.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

KEPT = Path(__file__).parent / "weights" / "vocabulary.bits"
_DIGEST = 32  # bytes: the vocabulary that the bits were chosen for


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of the donor's embedding that are kept, in order: the new id of `rows[i]` is `i`."""

    rows: NDArray[np.int64]

    def words(self, words: Mapping[str, int]) -> dict[str, int]:
        """The kept ones of `words`, under their new ids."""
        place = {int(old): new for new, old in enumerate(self.rows)}
        return {word: place[old] for word, old in words.items() if old in place}

    def merges(self, merges: Iterable[tuple[str, str]], kept: Mapping[str, int]) -> list[tuple[str, str]]:
        """The merges whose parts and result are all kept, in their order."""
        return [(a, b) for a, b in merges if a in kept and b in kept and a + b in kept]


def fingerprint(tokens: Sequence[str]) -> bytes:
    """What tells one vocabulary from another."""
    return hashlib.sha256("\n".join(tokens).encode()).digest()


def selection(tokens: Sequence[str], file: Path = KEPT) -> Selection | None:
    """What is kept of this vocabulary; None for one that no choice was made for, which then stays whole."""
    packed = file.read_bytes()
    if packed[:_DIGEST] != fingerprint(tokens):
        return None
    bits = np.unpackbits(np.frombuffer(zlib.decompress(packed[_DIGEST:]), np.uint8), count=len(tokens))
    return Selection(bits.nonzero()[0])


def save(tokens: Sequence[str], kept: Iterable[int], file: Path = KEPT) -> None:
    """Write down a choice for `selection` to read."""
    bits = np.zeros(len(tokens), np.uint8)
    bits[list(kept)] = 1
    file.write_bytes(fingerprint(tokens) + zlib.compress(np.packbits(bits).tobytes(), 9))
