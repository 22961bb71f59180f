"""Keys and values of attention: the memory of one sequence, and the prefixes kept between sequences."""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor

from model.config import Config

_GROW = 256  # tokens; room is added in steps so that growing copies rarely


class KeysValues:
    """What attention remembers of one sequence: float32 (layers, 2, kv_heads, room, head_width)."""

    def __init__(self, config: Config, room: int) -> None:
        """Make room for `room` tokens; it grows when needed."""
        self._shape = (config.layers, 2, config.kv_heads)
        self._head_width = config.head_width
        self.length = 0
        self.store = torch.empty(*self._shape, room, self._head_width)

    def reserve(self, tokens: int) -> None:
        """Make sure that `tokens` more fit."""
        room, wanted = self.store.shape[3], self.length + tokens
        if wanted > room:
            bigger = torch.empty(*self._shape, max(wanted, room + _GROW), self._head_width)
            bigger[..., : self.length, :] = self.store[..., : self.length, :]
            self.store = bigger

    def snapshot(self, length: int) -> Tensor:
        """A copy of the first `length` tokens."""
        return self.store[..., :length, :].clone()

    def restore(self, kept: Tensor, length: int) -> None:
        """Begin with the first `length` tokens of a snapshot."""
        self.length = 0
        self.reserve(length)
        self.store[..., :length, :] = kept[..., :length, :]
        self.length = length


def common_length(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two sequences share from their beginning."""
    for i, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return i
    return min(len(a), len(b))


class PrefixCache:
    """Prefixes whose keys and values are kept, bounded in bytes.

    Who loses: the least recently used unpinned prefix; when pinned ones alone pass half the room, the oldest pin
    becomes an ordinary prefix. A prefix larger than the whole room is not kept. `evicted` counts what was lost.
    """

    def __init__(self, limit_bytes: int) -> None:
        """Keep at most `limit_bytes` of keys and values."""
        self._limit = limit_bytes
        self._kept: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()  # oldest use first
        self._pins: OrderedDict[tuple[int, ...], None] = OrderedDict()  # oldest pin first
        self.evicted = 0

    def __len__(self) -> int:
        """Number of prefixes kept."""
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Bytes held now."""
        return sum(kept.nbytes for kept in self._kept.values())

    def resume(self, ids: Sequence[int], memory: KeysValues) -> int:
        """Fill `memory` with the longest kept prefix of `ids`, short of its last token; return its length.

        The last token is always computed anew: its output is the first thing asked for.
        """
        best, length = None, 0
        for prefix in self._kept:
            shared = min(common_length(prefix, ids), len(ids) - 1)
            if shared > length:
                best, length = prefix, shared
        if best is not None:
            self._kept.move_to_end(best)
            memory.restore(self._kept[best], length)
        return length

    def keep(self, ids: Sequence[int], memory: KeysValues, *, pin: bool = False) -> None:
        """Remember the first `len(ids)` tokens of `memory`. A pinned prefix outlives unpinned ones."""
        key = tuple(ids)
        for shorter in [k for k in self._kept if len(k) < len(key) and key[: len(k)] == k and k not in self._pins]:
            del self._kept[shorter]  # the longer one serves its users as well
        if key not in self._kept:
            covered = any(len(k) > len(key) and k[: len(key)] == key for k in self._kept)
            if covered and not pin:
                return
            self._kept[key] = memory.snapshot(len(key))
        self._kept.move_to_end(key)
        if pin:
            self._pins[key] = None
            self._pins.move_to_end(key)
        self._shrink()

    def _shrink(self) -> None:
        while sum(self._kept[pin].nbytes for pin in self._pins) > self._limit / 2:
            self._pins.popitem(last=False)
        while self.bytes > self._limit:
            loser = next(key for key in self._kept if key not in self._pins)
            del self._kept[loser]
            self.evicted += 1
