"""The part of the model that learns: frozen donor layers above the first experts, with the experts beside them.

Everything below the first layer with experts is frozen and runs once per row (`below`); what it gives is kept. Prefixes
are read without a gradient, tails with one: a token that is only read costs a third of one that is learned from.
Shapes: T tokens, D width, G key heads, H head width, V vocabulary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from model.cache import KeysValues
from model.config import Config
from model.donor import CONFIG, WEIGHTS
from model.moe import Experts, Routing, born, smallest_set
from model.train.rows import Row
from model.transformer import Transformer, rotary, visible


@dataclass(frozen=True, slots=True)
class _Frozen:
    qkv: Tensor
    qkv_bias: Tensor
    out: Tensor
    gate_up: Tensor
    down: Tensor


@dataclass(slots=True)
class Use:
    """How the router behaved over the tokens seen: mean experts a token, and the two losses it is kept in shape by."""

    mean: float
    entropy: Tensor
    balance: Tensor
    counts: Tensor  # (layers, T) experts of each token


class Trunk:
    """Frozen weights, and `learned`: every tensor that training may move, by the name it has in the delta file."""

    def __init__(self, folder: Path, routing: Routing, *, labels: int, seed: int, window: int) -> None:
        """Read the upper layers of a converted donor as float32."""
        self.config, self.routing = replace(Config.load(folder / CONFIG), window=window), routing
        self._cos, self._sin = rotary(self.config, 4096)
        random = torch.Generator().manual_seed(seed)
        self.learned: dict[str, Tensor] = {}
        self._frozen: list[_Frozen] = []
        with safe_open(folder / WEIGHTS, framework="pt") as file:

            def dense(name: str) -> Tensor:
                weight: Tensor = file.get_tensor(f"{name}.weight").float() * file.get_tensor(f"{name}.scale")[:, None]
                return weight

            for layer in range(routing.first, self.config.layers):
                self._frozen.append(
                    _Frozen(
                        dense(f"{layer}.qkv"),
                        file.get_tensor(f"{layer}.qkv.bias"),
                        dense(f"{layer}.out"),
                        dense(f"{layer}.gate_up"),
                        dense(f"{layer}.down"),
                    )
                )
                for norm in ("attention_norm", "ffn_norm"):
                    self.learned[f"{layer}.{norm}"] = file.get_tensor(f"{layer}.{norm}").clone()
                experts = born(routing, self.config.width, random)
                self.learned |= {
                    f"{layer}.experts.router": experts.router,
                    f"{layer}.experts.gate_up": experts.gate_up,
                    f"{layer}.experts.down": experts.down,
                }
            self.learned["norm"] = file.get_tensor("norm").clone()
            self._head = dense("head")
        self.learned["marks"] = torch.zeros(labels * 3, self.config.width)
        for tensor in self.learned.values():
            tensor.requires_grad_(True)

    def take(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what was learned before."""
        with torch.no_grad():
            for name, tensor in tensors.items():
                self.learned[name].copy_(tensor)

    def through(self, hidden: Sequence[Tensor], p: float) -> tuple[list[Tensor], Use]:
        """Prefix and tails as `below` gave them → outputs (T, D) of every tail, normed; and how experts were used."""
        prefix, tails = hidden[0], list(hidden[1:])
        start = len(prefix)
        used: list[Tensor] = []
        chances: list[Tensor] = []
        for index, frozen in enumerate(self._frozen):
            layer = self.routing.first + index
            with torch.no_grad():
                prefix, keys, values = self._layer(layer, frozen, prefix, 0, None, p, None)
            outs = []
            for tail in tails:
                seen = (keys, values)
                outs.append(self._layer(layer, frozen, tail, start, seen, p, (used, chances))[0])
            tails = outs
        counts = torch.stack([mask[:, :-1].sum(-1) for mask in _by_layer(used, len(tails))])
        all_chances = torch.cat(chances)
        entropy = -(all_chances * all_chances.clamp_min(1e-9).log()).sum(-1).mean()
        taken = torch.cat([mask[:, :-1] for mask in used]).float().mean(0)
        balance = self.routing.experts * (taken * all_chances[:, :-1].mean(0)).sum() / taken.sum().clamp_min(1e-6)
        out = [functional.rms_norm(t, (t.shape[-1],), self.learned["norm"], self.config.norm_eps) for t in tails]
        return out, Use(float(counts.float().mean()), entropy, balance, counts)

    def _layer(
        self,
        layer: int,
        frozen: _Frozen,
        x: Tensor,
        start: int,
        before: tuple[Tensor, Tensor] | None,
        p: float,
        notes: tuple[list[Tensor], list[Tensor]] | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One layer over (T, D) from place `start` → output, its keys and values (G, T, H)."""
        c, count = self.config, len(x)
        normal = functional.rms_norm(x, (c.width,), self.learned[f"{layer}.attention_norm"], c.norm_eps)
        qkv = functional.linear(normal, frozen.qkv, frozen.qkv_bias).view(count, -1, c.head_width)
        cos, sin = self._cos[start : start + count], self._sin[start : start + count]
        turned = qkv[:, : c.heads + c.kv_heads]
        turned = turned * cos + turned.roll(c.head_width // 2, -1) * sin
        queries = turned[:, : c.heads].transpose(0, 1)
        keys = turned[:, c.heads :].transpose(0, 1)
        values = qkv[:, c.heads + c.kv_heads :].transpose(0, 1)
        own = keys, values
        if before is not None:
            keys, values = torch.cat([before[0], keys], 1), torch.cat([before[1], values], 1)
        share = c.heads // c.kv_heads
        seen = functional.scaled_dot_product_attention(
            queries[None],
            keys.repeat_interleave(share, 0)[None],
            values.repeat_interleave(share, 0)[None],
            attn_mask=visible(c, c.sees_all(layer), start, count),
        )[0]
        x = x + functional.linear(seen.transpose(0, 1).reshape(count, c.q_width), frozen.out)
        normal = functional.rms_norm(x, (c.width,), self.learned[f"{layer}.ffn_norm"], c.norm_eps)
        gate, up = functional.linear(normal, frozen.gate_up).chunk(2, -1)
        dense = functional.linear(functional.silu(gate) * up, frozen.down)
        experts = Experts(
            router=self.learned[f"{layer}.experts.router"],
            gate_up=self.learned[f"{layer}.experts.gate_up"],
            down=self.learned[f"{layer}.experts.down"],
        )
        chances = experts.probabilities(normal)
        mask = smallest_set(chances.detach(), p, self.routing.most)
        if notes is not None:
            notes[0].append(mask)
            notes[1].append(chances)
        return x + dense + experts(normal, (chances * mask)[:, :-1]), *own

    def words(self, out: Tensor) -> Tensor:
        """Logits (T, V) of the token after each place of `out` (T, D)."""
        return functional.linear(out, self._head)

    def marks(self, out: Tensor) -> Tensor:
        """Scores (T, L, 3) of `out` (T, D)."""
        return functional.linear(out, self.learned["marks"]).view(len(out), -1, 3)


def _by_layer(masks: Sequence[Tensor], tails: int) -> list[Tensor]:
    """Masks in the order in which layers and tails were read → one of all tails' tokens for each layer."""
    return [torch.cat(list(masks[at : at + tails])) for at in range(0, len(masks), tails)]


def below(row: Row, model: Transformer) -> list[Tensor]:
    """What the frozen layers under the experts give for prefix and tails: half floats (T, D) each.

    `model` holds those layers only (`Transformer.load(..., layers=first)`).
    """
    memory = KeysValues(model.config, row.tokens)
    out = [model.through(row.prefix, memory).half()]
    for tail in row.tails:
        memory.length = len(row.prefix)
        out.append(model.through(tail.ids, memory).half())
    return out
