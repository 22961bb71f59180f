"""Generates: prefill in small pieces, then token by token, able to stop or pause at every step.

Knows token ids only. A `Generation` is advanced from outside, one step at a time, so whoever drives it decides after
every token whether to go on, to let another go first (its memory stays where it is) or to drop it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from model.cache import KeysValues, PrefixCache
from model.constrain import Ask, Text, Walk
from model.lexicon import Encoder, Ids
from model.marks import Piece
from model.transformer import Transformer

Scores: TypeAlias = NDArray[np.float64]
End = Literal["stop", "length", "refused"]
CHUNK = 32  # tokens read per step of prefill: about 0.15 s on two Zen 3 cores, and 64 are not faster per token
WINDOW = 128  # generated tokens that repetition control looks back on
LOOP = 16  # tokens: a passage is not begun a third time once its two copies are this long together
LONGEST_PERIOD = 48
_LAST = -1e9  # logit of what is chosen only when nothing else is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How tokens are chosen. Temperature 0 takes the likeliest; the penalty divides logits of tokens used lately."""

    max_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse values outside their ranges."""
        for name, value, low, high in (
            ("max_tokens", self.max_tokens, 0, 8192),
            ("temperature", self.temperature, 0, 10),
            ("top_p", self.top_p, 1e-6, 1),
            ("repetition_penalty", self.repetition_penalty, 0.1, 10),
            ("seed", self.seed, 0, 2**63),
        ):
            if not low <= value <= high:
                raise ValueError(f"expected {name} within {low}..{high}, found {value!r}")


class Engine:
    """A model with its prefix cache."""

    def __init__(
        self,
        model: Transformer,
        encoder: Encoder,
        ends: frozenset[int],
        cache: PrefixCache,
        marker: Transformer | None = None,
    ) -> None:
        """`encoder` spells forced text; a token of `ends` closes a free generation; `marker` marks."""
        self.model = model
        self.marker = marker or model
        self.encoder = encoder
        self.ends = ends
        self.cache = cache

    def generate(self, prompt: Sequence[int], sampling: Sampling, walk: Walk | None = None) -> "Generation":
        """Begin answering `prompt`, along `walk` when given. Nothing is computed before `advance`."""
        return Generation(self, prompt, sampling, walk)

    def mark(self, prompt: Sequence[int], places: Sequence[Piece]) -> "Marking":
        """Begin reading `prompt` and then the pieces, to say what each piece belongs to."""
        return Marking(self, prompt, places)

    def advance(self, generations: Sequence["Generation"]) -> list[Sequence[int]]:
        """One step of a few that are all `in_step`, in one pass over the weights; tokens newly written by each."""
        together = [(each._unread[0], each._memory) for each in generations if each._memory is not None]
        logits = self.model.step([token for token, _ in together], [memory for _, memory in together])
        told = []
        for each, own in zip(generations, logits, strict=True):
            each._logits, each._unread = own, []
            told.append(each._decide())
        return told

    def warm(self, prompt: Sequence[int]) -> "Generation":
        """Begin reading `prompt` only, to keep it pinned in the prefix cache."""
        return Generation(self, prompt, Sampling(max_tokens=0), None, pin=True)


class Generation:
    """One answer in the making. Call `advance` until `end` is set."""

    def __init__(
        self, engine: Engine, prompt: Sequence[int], sampling: Sampling, walk: Walk | None, *, pin: bool = False
    ) -> None:
        """See Engine.generate and Engine.warm."""
        self._engine = engine
        self._prompt = list(prompt)
        self._sampling = sampling
        self._pin = pin
        self._walk = walk
        self._next: Text | Ask | None = None if walk is None else next(walk, None)
        self._random = np.random.default_rng(sampling.seed)
        self._memory: KeysValues | None = None
        self._unread: list[int] = []  # decided, not yet read by the model
        self._logits: Tensor | None = None  # after everything read
        self.written: list[int] = []
        self.cached_tokens = 0
        self.end: End | None = None
        if not self._prompt or len(self._prompt) + sampling.max_tokens > engine.model.context:
            self.end = "refused"

    @property
    def prompt_tokens(self) -> int:
        """Length of the prompt."""
        return len(self._prompt)

    @property
    def in_step(self) -> bool:
        """Whether the next step reads a single token, which it may do together with others."""
        return self.end is None and self._memory is not None and len(self._unread) == 1

    def advance(self) -> Sequence[int]:
        """One step: read a piece of what is unread, or decide. Returns the tokens newly written, often none."""
        if self.end is not None:
            return ()
        if self._memory is None:
            self._memory = KeysValues(self._engine.model.config, len(self._prompt) + self._sampling.max_tokens)
            self.cached_tokens = self._engine.cache.resume(self._prompt, self._memory)
            self._unread = self._prompt[self.cached_tokens :]
        if self._unread:
            piece, self._unread = self._unread[:CHUNK], self._unread[CHUNK:]
            self._logits = self._engine.model.read(piece, self._memory)
            if self._unread:
                return ()
            if not self.written:
                # Only what prefill computed is kept: decoding rounds differently, and a cached prefix must not.
                self._engine.cache.keep(self._prompt, self._memory, pin=self._pin)
        return self._decide()

    def _decide(self) -> Sequence[int]:
        new = self._freely() if self._walk is None else self._along(self._walk)
        self.written += new
        self._unread = list(new)
        return new

    def _freely(self) -> list[int]:
        """The next token of an unconstrained answer."""
        if len(self.written) >= self._sampling.max_tokens:
            self.end = "length"
            return []
        logits = self._varied()
        token = int(self._pick(logits))
        if token in self._engine.ends:
            self.end = "stop"
            return []
        return [token]

    def _along(self, walk: Walk) -> list[int]:
        """The next choice of a constrained answer, with all the text that follows from it."""
        new: list[int] = []
        forced = ""
        chosen = False
        full = len(self.written) >= self._sampling.max_tokens
        while self._next is not None:
            match self._next:
                case Text(text):
                    forced += text
                    choice = 0
                case Ask(tokens, exits) as ask:
                    sure = len(tokens) + len(exits) == 1 or (full and exits)
                    if not sure and (chosen or forced):
                        break  # the model has to read what was decided before it can be asked again
                    choice = self._choose(ask, full=full)
                    if choice >= 0:
                        new += [*self._engine.encoder.encode(forced), choice]
                        forced = ""
                        chosen = True
            self._next = _send(walk, choice)
        new += self._engine.encoder.encode(forced)
        if self._next is None:
            self.end = "length" if full else "stop"
        return new

    def _choose(self, ask: Ask, *, full: bool) -> int:
        """A token id, or ~n for exit n."""
        if full and ask.exits:
            return ~(len(ask.exits) - 1)
        if len(ask.tokens) + len(ask.exits) == 1:
            return ~0 if ask.exits else int(ask.tokens[0])
        logits = self._varied(exempt=ask.exits) if ask.own else self._plain()
        ways_out = [np.logaddexp.reduce(logits[exit]) if len(exit) else _LAST for exit in ask.exits]
        place = self._pick(np.concatenate([logits[ask.tokens], ways_out]))
        return int(ask.tokens[place]) if place < len(ask.tokens) else ~int(place - len(ask.tokens))

    def _plain(self) -> Scores:
        """Logits (V,) of the next token."""
        assert self._logits is not None, "advance() reads before it decides"  # noqa: S101  # an invariant, not input
        return self._logits.numpy().astype(np.float64)

    def _varied(self, exempt: Sequence[Ids] = ()) -> Scores:
        """Logits (V,) with tokens of the last WINDOW made less likely, and no loop begun a third time."""
        logits = self._plain()
        penalty = self._sampling.repetition_penalty
        if penalty != 1 and self.written:
            lately = np.setdiff1d(self.written[-WINDOW:], np.concatenate(exempt) if exempt else [])
            values = logits[lately]
            logits[lately] = np.where(values > 0, values / penalty, values * penalty)
        if (looping := _third_copy(self.written)) is not None:
            logits[looping] = _LAST
        return logits

    def _pick(self, logits: Scores) -> int:
        """A place in `logits`: the highest at temperature 0, else drawn from the top-p nucleus."""
        if self._sampling.temperature == 0:
            return int(np.argmax(logits))
        weights = np.exp((logits - logits.max()) / self._sampling.temperature)
        weights /= weights.sum()
        if self._sampling.top_p < 1:
            order = np.argsort(-weights, kind="stable")
            before = np.cumsum(weights[order]) - weights[order]
            weights[order[before >= self._sampling.top_p]] = 0
            weights /= weights.sum()
        return int(self._random.choice(len(weights), p=weights))


class Marking:
    """One text being marked. Call `advance` until `end` is set; then `chances` (P, L, 3) is whole."""

    def __init__(self, engine: Engine, prompt: Sequence[int], places: Sequence[Piece]) -> None:
        """See Engine.mark."""
        self._engine = engine
        self.places = places
        self._ends = np.cumsum([len(piece.ids) for piece in places]) - 1
        self._ids = [token for piece in places for token in piece.ids]
        self._prompt = list(prompt)
        self._memory = KeysValues(engine.marker.config, 0)
        self._told: list[NDArray[np.float32]] = []
        self._read = 0
        self.prompt_tokens = len(self._prompt) + len(self._ids)
        self.end: End | None = None
        if not self._ids or self.prompt_tokens > engine.marker.context or engine.marker.delta is None:
            self.end = "refused"

    @property
    def chances(self) -> NDArray[np.float32]:
        """What each piece belongs to, as of its last token."""
        chances: NDArray[np.float32] = np.concatenate(self._told)[self._ends]
        return chances

    def advance(self) -> None:
        """Read one piece of prompt or text."""
        if self.end is not None:
            return
        if self._prompt:
            piece, self._prompt = self._prompt[:CHUNK], self._prompt[CHUNK:]
            self._engine.marker.through(piece, self._memory)
            return
        ids = self._ids[self._read : self._read + CHUNK]
        self._told.append(self._engine.marker.marks(ids, self._memory).numpy())
        self._read += len(ids)
        if self._read == len(self._ids):
            self.end = "stop"


def _send(walk: Walk, choice: int) -> Text | Ask | None:
    """The walk's next demand, None at its end."""
    try:
        return walk.send(choice)
    except StopIteration:
        return None


def _third_copy(written: Sequence[int]) -> int | None:
    """The token that would begin a third copy of what was just written twice, None when there is no such loop."""
    for period in range(LOOP // 2, LONGEST_PERIOD + 1):
        if len(written) >= 2 * period and written[-period:] == written[-2 * period : -period]:
            return written[-period]
    return None
