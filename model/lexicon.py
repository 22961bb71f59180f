"""The vocabulary and the source text seen as bytes: what constrained writing looks things up in."""

import codecs
import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
_LONGEST = 48  # bytes; longer tokens are runs of spaces and dashes, never worth a look-up at every place
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")  # Python's decoder rejects these only at their third byte: a dead end
_NUMBER = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?")


class Encoder(Protocol):
    """What is needed of a tokenizer."""

    @property
    def token_bytes(self) -> Sequence[bytes]: ...
    def encode(self, text: str) -> list[int]: ...


def begins_character(byte: int) -> bool:
    """Whether a UTF-8 byte begins a character rather than continuing one."""
    return not 0x80 <= byte < 0xC0


class Lexicon:
    """The vocabulary, indexed for the questions a walk asks. Make one per tokenizer."""

    def __init__(self, encoder: Encoder) -> None:
        """Index every token that has bytes."""
        self.encode = encoder.encode
        self.table = encoder.token_bytes
        self.ids: dict[bytes, int] = {}
        for token, word in enumerate(self.table):
            if word:
                self.ids.setdefault(word, token)
        self._sorted = sorted(self.ids)
        self._inside: dict[bytes, tuple[Ids, NDArray[np.int64]]] = {}

    def starting(self, *beginnings: bytes) -> Ids:
        """Ids of tokens that begin with one of the given bytes (each non-empty ASCII)."""
        found: set[int] = set()
        for word in beginnings:
            first = bisect_left(self._sorted, word)
            beyond = bisect_left(self._sorted, word[:-1] + bytes([word[-1] + 1]))
            found.update(self.ids[own] for own in self._sorted[first:beyond])
        return np.array(sorted(found), dtype=np.int64)

    def naming(self, text: bytes) -> Ids:
        """Ids of tokens that begin writing `text`: its prefixes, and what begins with all of it."""
        inside = [self.ids[text[:n]] for n in range(1, len(text)) if text[:n] in self.ids]
        return np.concatenate([np.array(inside, dtype=np.int64), self.starting(text)])

    @cached_property
    def numeric(self) -> list[tuple[int, str]]:
        """Tokens made only of digits, points and minus signs."""
        legal = set(b"0123456789.-")
        return [(token, word.decode()) for word, token in self.ids.items() if legal.issuperset(word)]

    @cached_property
    def _content(self) -> tuple[list[bytes], list[bytes]]:
        """Words legal inside a JSON string: those that begin a character, those that continue one."""
        bad = re.compile(rb'[\x00-\x1f"\\]')
        words = [word for word in self.ids if not bad.search(word)]
        starts = [word for word in words if begins_character(word[0])]
        return starts, [word for word in words if not begins_character(word[0])]

    def inside_string(self, pending: bytes) -> tuple[Ids, NDArray[np.int64]]:
        """Tokens that may follow inside a string after the half character `pending`; characters each begins."""
        if pending not in self._inside:
            ids, counts = [], []
            for word in self._content[bool(pending)]:
                if _SURROGATE.search(pending + word):
                    continue
                try:
                    codecs.getincrementaldecoder("utf-8")().decode(pending + word)
                except UnicodeDecodeError:
                    continue
                ids.append(self.ids[word])
                counts.append(sum(map(begins_character, word)))
            self._inside[pending] = np.array(ids, dtype=np.int64), np.array(counts, dtype=np.int64)
        return self._inside[pending]


class Source:
    """A text that values may be copied from, as the bytes JSON strings write it with."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Index `text`; raises UnicodeEncodeError for lone surrogates."""
        units = [json.dumps(character, ensure_ascii=False)[1:-1].encode() for character in text]
        self.bytes = b"".join(units)
        self.numbers = [found.group() for found in _NUMBER.finditer(text)]
        # unit[p]: how many characters end at or before byte p; border: the places between characters.
        self.unit = [n for n, unit in enumerate(units) for _ in unit] + [len(units)]
        self.border = {p for p in range(1, len(self.bytes) + 1) if self.unit[p] != self.unit[p - 1]} | {0}
        self.starts = [p for p in sorted(self.border) if p < len(self.bytes) and not text[self.unit[p]].isspace()]
        self._ids = lexicon.ids
        self._at: dict[int, list[tuple[int, int]]] = {}

    def continuing(self, place: int) -> list[tuple[int, int]]:
        """(token, place after it) for every token that stands in the source at `place`."""
        if place not in self._at:
            stops = range(place + 1, min(len(self.bytes), place + _LONGEST) + 1)
            words = ((self.bytes[place:stop], stop) for stop in stops)
            self._at[place] = [(self._ids[word], stop) for word, stop in words if word in self._ids]
        return self._at[place]
