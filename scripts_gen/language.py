"""The language model as the words need it: a port, matched by shape by the embedded model or any other."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a chat. Untrusted text (comments, listings) only ever stands in `user` turns."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A chat to continue. `name` is the prompt's version for the show log; smaller `priority` is served sooner."""

    name: str
    messages: Sequence[Message]
    priority: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How to choose tokens; temperature 0 is greedy and deterministic."""

    max_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    repetition_penalty: float = 1.1
    seed: int = 0
    stop: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A JSON schema (a subset) the output must have; values marked `"span": true` are cut from `source`."""

    schema: Mapping[str, object]
    source: str | None = None


class LanguageModel(Protocol):
    """Anything that continues a chat. Closing the generator stops the work."""

    def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """Pieces of text as they are made. Raises OSError when the model is away."""
        ...


class Mark(Protocol):
    """`text[start:end]` belongs to the field `label`; `sure` is 0..1."""

    @property
    def label(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def sure(self) -> float: ...


@runtime_checkable
class Pointer(Protocol):
    """A model that was trained to point at the facts of a listing."""

    async def mark(self, text: str, *, priority: int = 8) -> Sequence[Mark]:
        """Where facts stand, by place. Raises OSError when the model is away or cannot point."""
        ...
