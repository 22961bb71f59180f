"""The decoder itself: Qwen2 blocks (RMS norm, grouped attention with rotary positions, SwiGLU), one sequence at a time.

Sources: Qwen2 Technical Report (arXiv 2407.10671); RoPE (arXiv 2104.09864); GQA (arXiv 2305.13245).
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from model.cache import KeysValues
from model.config import Config
from model.delta import Delta
from model.donor import CONFIG, WEIGHTS
from model.moe import ExpertRows, Experts, silu, smallest_set
from model.quant import Matrix, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Weights of one layer."""

    attention_norm: Tensor
    qkv: Matrix
    out: Matrix
    ffn_norm: Tensor
    gate_up: Matrix
    down: Matrix
    experts: Experts | None
    expert_rows: ExpertRows | None


class Transformer:
    """Reads tokens into a `KeysValues` and says how likely each next token is."""

    def __init__(
        self, config: Config, tensors: Mapping[str, Tensor], *, context: int, delta: Delta | None = None
    ) -> None:
        """Pack `tensors` (as `donor.prepare` names them) for sequences of at most `context` tokens.

        With a `delta` the upper layers get their experts and every learned tensor takes the donor's place.
        """
        learned: Mapping[str, Tensor] = {} if delta is None else delta.tensors
        self.config = config if delta is None else replace(config, window=delta.window)
        self.delta = delta
        self.context = min(context, config.context)

        def matrix(name: str, *, single_row: bool = False) -> Matrix:
            bias = tensors.get(f"{name}.bias")
            return Matrix(tensors[f"{name}.weight"], tensors[f"{name}.scale"], bias, single_row=single_row)

        def vector(name: str) -> Tensor:
            return learned[name] if name in learned else tensors[name]

        def block(i: int) -> _Block:
            experts = None
            if f"{i}.experts.router" in learned:
                parts = {part: learned[f"{i}.experts.{part}"] for part in ("router", "gate_up", "down")}
                experts = Experts(**parts)
            return _Block(
                attention_norm=vector(f"{i}.attention_norm"),
                qkv=matrix(f"{i}.qkv"),
                out=matrix(f"{i}.out"),
                ffn_norm=vector(f"{i}.ffn_norm"),
                gate_up=matrix(f"{i}.gate_up"),
                down=matrix(f"{i}.down"),
                experts=experts,
                expert_rows=None if experts is None or delta is None else ExpertRows(experts, delta.routing),
            )

        with ThreadPoolExecutor(torch.get_num_threads()) as packers:  # packing itself uses one thread
            self._blocks = list(packers.map(block, range(config.layers)))
        self._norm, self._donor_norm = vector("norm"), tensors["norm"]
        self._donor_norms = [(tensors[f"{i}.attention_norm"], tensors[f"{i}.ffn_norm"]) for i in range(config.layers)]
        self._head = matrix("head", single_row=True)
        self._embedding, self._embedding_scale = tensors["head.weight"], tensors["head.scale"]
        self._cos, self._sin = rotary(config, self.context)

    @classmethod
    def load(
        cls, folder: Path, *, context: int, delta: Delta | None = None, layers: int | None = None, window: int = 0
    ) -> "Transformer":
        """Load what `donor.prepare` wrote, with a `delta` over it; or its first `layers` only, with a `window`."""
        config = Config.load(folder / CONFIG)
        config = replace(config, layers=layers or config.layers, window=window)
        return cls(config, _Lazy(folder / WEIGHTS), context=context, delta=delta)

    def donor(self) -> "Transformer":
        """The same matrices without what was learned over them: the dense donor, sharing this model's memory."""
        plain = copy(self)
        plain.config, plain.delta, plain._norm = replace(self.config, window=0), None, self._donor_norm
        plain._blocks = [
            replace(block, attention_norm=before, ffn_norm=after, experts=None, expert_rows=None)
            for block, (before, after) in zip(self._blocks, self._donor_norms, strict=True)
        ]
        return plain

    @torch.inference_mode()
    def read(self, ids: Sequence[int], memory: KeysValues) -> Tensor:
        """Read `ids` after what `memory` holds and return the logits (V,) after the last one."""
        if len(ids) == 1:
            return self.step(ids, [memory])[0]
        return self.scores(self.through(ids, memory)[-1:])[0]

    @torch.inference_mode()
    def through(self, ids: Sequence[int], memory: KeysValues) -> Tensor:
        """Read `ids` after what `memory` holds and return what the last layer gives for each (T, D), not normed."""
        start, count = memory.length, len(ids)
        self._room(memory, count)
        tokens = torch.tensor(ids)
        x = self._embedding[tokens].float() * self._embedding_scale[tokens, None]  # (T, D)
        cos, sin = self._cos[start : start + count], self._sin[start : start + count]
        kinds = {self.config.sees_all(layer) for layer in range(self.config.layers)}
        masks = {whole: visible(self.config, whole, start, count) for whole in kinds}
        for layer, (block, store) in enumerate(zip(self._blocks, memory.store, strict=True)):
            x = self._attend(block, x, store, start, cos, sin, masks[self.config.sees_all(layer)])
            x = x + self._think(block, x)
        memory.length = start + count
        return x

    @torch.inference_mode()
    def scores(self, out: Tensor) -> Tensor:
        """What `through` gave for some places (T, D) → logits (T, V) of the token after each."""
        return self._head(self._normal(out, self._norm))

    def nats(self, ids: Sequence[int]) -> float:
        """What is lost on a text, all tokens after the first together."""
        out = self.through(ids, KeysValues(self.config, len(ids)))
        return float(functional.cross_entropy(self.scores(out[:-1]), torch.tensor(ids[1:]), reduction="sum"))

    @torch.inference_mode()
    def marks(self, ids: Sequence[int], memory: KeysValues) -> Tensor:
        """Read `ids` and return what each belongs to: chances (T, L, 3) of outside, begins, goes on. Needs a delta."""
        if self.delta is None:
            raise ValueError("expected a delta with marks, found the donor alone")
        out = self._normal(self.through(ids, memory), self._norm)
        return functional.linear(out, self.delta.tensors["marks"]).view(len(ids), -1, 3).softmax(-1)

    def _room(self, memory: KeysValues, count: int) -> None:
        if memory.length + count > self.context:
            raise ValueError(f"expected at most {self.context} tokens, found {memory.length + count}")
        memory.reserve(count)

    def _normal(self, x: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[-1],), weight, self.config.norm_eps)

    def _attend(
        self, block: _Block, x: Tensor, store: Tensor, start: int, cos: Tensor, sin: Tensor, mask: Tensor
    ) -> Tensor:
        """Attention with its residual: (T, D) → (T, D); writes keys and values into `store` (2, G, room, H)."""
        c, count = self.config, x.shape[0]
        qkv = block.qkv(self._normal(x, block.attention_norm)).view(count, -1, c.head_width)  # (T, heads + 2 G, H)
        turned = qkv[:, : c.heads + c.kv_heads]
        turned = turned * cos + turned.roll(c.head_width // 2, -1) * sin
        end = start + count
        store[0, :, start:end] = turned[:, c.heads :].transpose(0, 1)
        store[1, :, start:end] = qkv[:, c.heads + c.kv_heads :].transpose(0, 1)
        # Queries that share a key head become rows of one attention, so keys are never repeated in memory.
        share = c.heads // c.kv_heads
        queries = turned[:, : c.heads].view(count, c.kv_heads, share, c.head_width).permute(1, 2, 0, 3)
        queries = queries.reshape(1, c.kv_heads, share * count, c.head_width)
        seen = functional.scaled_dot_product_attention(
            queries,
            store[None, 0, :, :end],
            store[None, 1, :, :end],
            attn_mask=mask.repeat(share, 1),
        )  # (1, G, share * T, H)
        seen = seen.view(c.kv_heads, share, count, c.head_width).permute(2, 0, 1, 3).reshape(count, c.q_width)
        return x + block.out(seen)

    def _think(self, block: _Block, x: Tensor) -> Tensor:
        """The feed-forward part without its residual: (T, D) → (T, D), the shared expert and the chosen ones."""
        normal = self._normal(x, block.ffn_norm)
        gate, up = block.gate_up(normal).chunk(2, dim=-1)
        shared = block.down(functional.silu(gate) * up)
        if block.experts is None or self.delta is None:
            return shared
        routing = self.delta.routing
        chances = block.experts.probabilities(normal)
        weights = chances * smallest_set(chances, routing.p, routing.most)
        return shared + block.experts(normal, weights[:, :-1])

    @torch.inference_mode()
    def step(self, tokens: Sequence[int], memories: Sequence[KeysValues]) -> Tensor:
        """Read one token into each of a few memories, the weights once, and return the logits (B, V) after each.

        The same sums as for one token alone, whoever else is there, on numpy rows, where calls cost less than on
        tensors. A memory that stands several times in a row reads its tokens one after the other.
        """
        c = self.config
        share, half, turning = c.heads // c.kv_heads, c.head_width // 2, c.heads + c.kv_heads
        places = []
        for memory in memories:
            self._room(memory, 1)
            places.append(memory.length)
            memory.length += 1
        stored = [memory.store.numpy() for memory in memories]
        cos, sin = (table[torch.tensor(places)].numpy() for table in (self._cos, self._sin))  # (B, 1, H)
        x: Row = np.stack([self._embedding[t].numpy() * np.float32(self._embedding_scale[t]) for t in tokens])
        for i, block in enumerate(self._blocks):
            qkv = block.qkv.rows(self._normal_rows(x, block.attention_norm)).reshape(len(x), -1, c.head_width)
            turned = qkv[:, :turning] * cos
            turned[..., :half] += qkv[:, :turning, half:] * sin[..., :half]
            turned[..., half:] += qkv[:, :turning, :half] * sin[..., half:]
            seen = np.empty((len(x), c.q_width), np.float32)
            for row, (memory, place) in enumerate(zip(memories, places, strict=True)):
                stored[row][i, 0, :, place] = turned[row, c.heads :]
                stored[row][i, 1, :, place] = qkv[row, turning:]
                queries = torch.from_numpy(turned[row, : c.heads]).view(1, c.kv_heads, share, c.head_width)
                remembered = self._remembered(i, memory, place + 1)
                seen[row] = functional.scaled_dot_product_attention(queries, *remembered).numpy().reshape(-1)
            x += block.out.rows(seen)
            normal = self._normal_rows(x, block.ffn_norm)
            both = block.gate_up.rows(normal)
            added = [None if block.expert_rows is None else block.expert_rows(row) for row in normal]
            x += block.down.rows(silu(both[:, : c.ffn_width]) * both[:, c.ffn_width :])
            for row, more in zip(x, added, strict=True):
                if more is not None:
                    row += more
        return torch.from_numpy(self._head.rows(self._normal_rows(x, self._norm)))

    def _remembered(self, layer: int, memory: KeysValues, length: int) -> tuple[Tensor, Tensor]:
        """Keys and values (1, G, S, H) that the last of `length` places may attend to in this layer."""
        c, store = self.config, memory.store[layer, :, None]
        if c.sees_all(layer) or length <= c.window + c.sinks:
            return store[0, :, :, :length], store[1, :, :, :length]
        near = store[..., length - c.window : length, :]
        both = torch.cat([store[..., : c.sinks, :], near], -2)
        return both[0], both[1]

    def _normal_rows(self, x: Row, weight: Tensor) -> Row:
        scale = np.array([(float(row @ row) / len(row) + self.config.norm_eps) ** -0.5 for row in x], np.float32)
        return cast(Row, x * scale[:, None] * weight.numpy())


class _Lazy(Mapping[str, Tensor]):
    """Tensors of a safetensors file, copied out one at a time so that loading never holds everything twice.

    The mapping of the file is given back after each read; a view into it would keep the whole file in memory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with safe_open(path, framework="pt") as file:
            self._names: frozenset[str] = frozenset(file.keys())

    def __getitem__(self, name: str) -> Tensor:
        if name not in self._names:
            raise KeyError(name)
        with safe_open(self._path, framework="pt") as file:
            tensor: Tensor = file.get_tensor(name).clone()
        return tensor

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def visible(config: Config, whole: bool, start: int, count: int) -> Tensor:
    """Which of the first `start + count` places each of the last `count` may attend to: (T, S) bools.

    A window layer sees the last `window` places and the first few, whose keys every later token leans on (attention
    sinks, arXiv 2309.17453); a `whole` one sees everything (`Config.sees_all`).
    """
    places = torch.arange(start + count)
    own = torch.arange(start, start + count)[:, None]
    seen = places <= own
    if not whole:
        seen &= (places > own - config.window) | (places < config.sinks)
    return seen


def rotary(config: Config, context: int) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines (context, 1, H) of rotary positions: x·cos + roll(x, H/2)·sin turns both halves."""
    half = config.head_width // 2
    frequency = config.rope_base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(context, dtype=torch.float64)[:, None] * frequency
    cos, sin = angle.cos().float(), angle.sin().float()
    return torch.cat([cos, cos], -1)[:, None], torch.cat([-sin, sin], -1)[:, None]
