"""Fine-grained experts beside the shared feed-forward, chosen per token by dynamic Top-P routing.

A router scores the experts and one *null* expert. The smallest set whose probabilities sum to at least `p` is taken,
its weights are not renormalised, and the null expert adds nothing, so an easy token may cost no expert at all. Experts
are born with a zero output matrix: at step 0 the model is its dense donor, exactly.

Sources: Harder Tasks Need More Experts (arXiv 2403.07652, top-p routing, entropy and balance losses); DTop-p
(arXiv 2512.13996, `p` driven to a budget by a PI controller); DeepSeekMoE (arXiv 2401.06066, fine-grained experts
beside a shared one).
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from model.quant import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Which layers have experts and how they are chosen."""

    first: int  # experts stand in this layer and all above it
    experts: int = 16
    hidden: int = 64  # width of one expert
    p: float = 0.5
    most: int = 6  # experts of one token at most, null included

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be routed."""
        if not 0 <= self.p <= 1:
            raise ValueError(f"expected p within 0..1, found {self.p}")
        if min(self.experts, self.hidden, self.most) < 1 or self.first < 0:
            raise ValueError(f"expected positive sizes, found {self}")


def smallest_set(probabilities: Tensor, p: float, most: int) -> Tensor:
    """A mask (T, N) of the smallest set of each row that sums to at least `p`, of at most `most` members.

    p ≤ 0 chooses none; p = 1 all that have any probability (up to `most`).
    """
    ordered, order = probabilities.sort(dim=-1, descending=True, stable=True)
    before = ordered.cumsum(-1) - ordered
    taken = (before < p) & (ordered > 0)
    taken[..., most:] = False
    return torch.zeros_like(taken).scatter(-1, order, taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """Weights of one layer's experts and their router; float32."""

    router: Tensor  # (N + 1, D); the last row is the null expert's
    gate_up: Tensor  # (N, 2 H, D)
    down: Tensor  # (N, D, H)

    def probabilities(self, x: Tensor) -> Tensor:
        """(T, D) → (T, N + 1), null last."""
        return functional.linear(x, self.router).softmax(-1)

    def __call__(self, x: Tensor, weights: Tensor) -> Tensor:
        """What the experts add, all computed and weighed by `weights` (T, N): (T, D) → (T, D)."""
        count, wide, width = self.gate_up.shape
        both = functional.linear(x, self.gate_up.reshape(count * wide, width)).view(-1, count, wide)
        gate, up = both.chunk(2, -1)  # (T, N, H)
        inner = functional.silu(gate) * up * weights[:, :, None]
        return functional.linear(inner.flatten(1), self.down.permute(1, 0, 2).reshape(width, -1))


def silu(gate: Row) -> Row:
    """Of one row; by tanh, because exp would overflow."""
    return cast(Row, gate * (0.5 * np.tanh(0.5 * gate) + 0.5))


class ExpertRows:
    """The same experts for single rows: only the chosen ones are touched."""

    def __init__(self, experts: Experts, routing: Routing) -> None:
        """Views of the experts' memory as numpy arrays."""
        self._router = experts.router.numpy()
        self._gate_up = experts.gate_up.numpy()
        self._down = experts.down.numpy()
        self._routing = routing

    def __call__(self, x: Row) -> Row | None:
        """What the chosen experts add to one row (D,), None when the router chose none."""
        scores = self._router @ x
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        total, out = 0.0, None
        for expert in np.argsort(-chances, kind="stable")[: self._routing.most]:
            if total >= self._routing.p or chances[expert] <= 0:
                break
            total += float(chances[expert])
            if expert == self._routing.experts:
                continue
            gate, up = np.split(self._gate_up[expert] @ x, 2)
            inner = silu(gate) * up * chances[expert]
            added = self._down[expert] @ inner
            out = added if out is None else out + added
        return out


def born(routing: Routing, width: int, random: torch.Generator) -> Experts:
    """New experts whose output is zero: inputs as of a fresh linear layer, a mild router."""

    def normal(*shape: int, deviation: float) -> Tensor:
        return torch.randn(*shape, generator=random) * deviation

    return Experts(
        router=normal(routing.experts + 1, width, deviation=0.02),
        gate_up=normal(routing.experts, 2 * routing.hidden, width, deviation=width**-0.5),
        down=torch.zeros(routing.experts, width, routing.hidden),
    )


@dataclass(slots=True)
class Budget:
    """Drives `p` so that the mean number of experts of a token meets `target` (a PI controller)."""

    target: float
    p: float = 0.5
    proportional: float = 0.02
    integral: float = 0.002
    _sum: float = 0.0

    def saw(self, mean: float) -> None:
        """Take in the mean of one step and move `p`."""
        error = self.target - mean
        self._sum += error
        self.p = min(0.98, max(0.02, self.p + self.proportional * error + self.integral * self._sum))
        self._sum = min(20.0, max(-20.0, self._sum))
