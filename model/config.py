"""The shape of a Qwen2-family language model: one value that every other file of this room reads."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Sizes of one model. Widths are in elements, `context` in tokens."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    ffn_width: int
    vocabulary: int
    rope_base: float
    norm_eps: float
    context: int
    window: int = 0
    """Places that a window layer sees; 0 for none such. Every `full_every`-th layer sees all."""
    full_every: int = 4
    sinks: int = 4

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be one model."""
        if self.heads % self.kv_heads:
            raise ValueError(f"heads must be a multiple of kv_heads, found {self.heads} and {self.kv_heads}")
        if self.head_width % 2:
            raise ValueError(f"head_width must be even for rotary positions, found {self.head_width}")

    @property
    def q_width(self) -> int:
        """Width of all query heads together."""
        return self.heads * self.head_width

    @property
    def kv_width(self) -> int:
        """Width of all key heads together (values have the same)."""
        return self.kv_heads * self.head_width

    def sees_all(self, layer: int) -> bool:
        """Whether attention of this layer reaches back to the beginning; else through the window and the sinks."""
        return not self.window or (layer + 1) % self.full_every == 0

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Config":
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
