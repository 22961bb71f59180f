"""The state of a show as the director sees it, its intents, and the inner signals of a room (frozen values)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from app.events import CommentDecided, CommentHeard, CommentId, LineKind, LiveEvent, Outcome, ProductId, Replanned

Phase = Literal["idle", "on_air", "held", "silenced", "ended"]
"""`held`: a person has taken over and the host is quiet; `silenced`: the kill switch was pressed."""

SourceName = Literal["crew", "correction", "disclosure", "change", "purchase", "answer", "thanks", "rundown", "idle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of speech: `rank` (smaller first), how many may wait, for how long (seconds), and how it may cut in."""

    rank: int
    bound: int
    expiry: float
    cuts: Literal["now", "border", "never"]
    line_kind: LineKind


SOURCES: Mapping[SourceName, Source] = {
    "crew": Source(rank=0, bound=8, expiry=120.0, cuts="now", line_kind="crew"),
    "correction": Source(rank=1, bound=8, expiry=60.0, cuts="now", line_kind="correction"),
    "disclosure": Source(rank=2, bound=1, expiry=600.0, cuts="border", line_kind="disclosure"),
    "change": Source(rank=3, bound=8, expiry=60.0, cuts="now", line_kind="change"),
    "purchase": Source(rank=4, bound=20, expiry=30.0, cuts="now", line_kind="answer"),
    "answer": Source(rank=5, bound=40, expiry=30.0, cuts="border", line_kind="answer"),
    "thanks": Source(rank=6, bound=3, expiry=20.0, cuts="never", line_kind="thanks"),
    "rundown": Source(rank=7, bound=0, expiry=0.0, cuts="never", line_kind="rundown"),
    "idle": Source(rank=8, bound=0, expiry=0.0, cuts="never", line_kind="idle"),
}
"""The priority table. The loser of a full queue is the newcomer; it is counted under `full:<source>`."""

YIELDING = frozenset({"rundown", "idle", "thanks"})
"""What a disclosure or an answer may interrupt; crew, corrections and changes interrupt anything below them."""

DISCLOSE_EVERY = 600.0  # seconds, the law of the label: at the start and every 10 minutes
DISCLOSE_RETRY = 15.0  # seconds after a disclosure that could not be voiced
FIRST_RETRY = 1.0  # the same before the first one, when nothing else may be said
MERGE_WINDOW = 30.0  # seconds in which the same question about the same product is answered once
VIEWER_WINDOW, VIEWER_LIMIT = 30.0, 3  # questions a viewer may have considered within so many seconds
VIEWER_HOUR, ROOM_HOUR = 60, 600  # answers an hour
PRICE_MEMORY = 600.0  # seconds during which a spoken price is corrected aloud when it changes
REMEMBERED = 500  # source ids and comments kept for dedupe and for the desk's `answer`
PLAN_AHEAD = 6  # sentences left at which the next round is asked for
TRIED = 2  # times an answer that was broken off is begun anew
PIN_AHEAD = 3  # sentences left of a pinned product at which more of it are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One sentence of the rundown; `{price}` in the template is filled when it is said. `place` is round.index."""

    place: str
    product: ProductId | None
    template: str
    block: str

    @property
    def priced(self) -> bool:
        """Whether the sentence speaks today's price."""
        return "{" in self.template


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that wants to be said. For answers `text` is the cleaned question and `names` who asked.

    `by` is the person at the desk who typed the words; `words` an answer's, where the host does not find them. `again`
    counts how often the answer was broken off; `chosen` is when it was first begun.
    """

    source: SourceName
    text: str
    at: float
    product: ProductId | None = None
    comment: CommentId | None = None
    intent: str = ""
    names: tuple[str, ...] = ()
    merged: int = 0
    simulated: bool = False
    by: str = ""
    words: str = ""
    again: int = 0
    chosen: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is on air: one sentence of the rundown, one fixed line, or an answer of several sentences.

    `first` is the clause to begin with (a resumed sentence), `clause` the last one begun, counted from the
    sentence's own start; `since` is the moment of the choice.
    """

    serial: int
    source: SourceName
    text: str
    since: float
    product: ProductId | None = None
    planned: Planned | None = None
    first: int = 0
    clause: int = -1
    waiting: Waiting | None = None

    @property
    def rank(self) -> int:
        """The act's place in the priority table."""
        return SOURCES[self.source].rank

    @property
    def priced(self) -> bool:
        """Whether the act speaks a price slot (answers may always)."""
        return "{" in self.text or self.source in ("purchase", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A question that was answered, for merging those that come after it."""

    comment: CommentId
    product: ProductId | None
    intent: str
    text: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Everything the director knows. Times are unix seconds of the room's own steady clock."""

    lang: str
    phase: Phase = "idle"
    plan: tuple[Planned, ...] = ()
    position: int = 0
    round: int = 0
    asked_for: int = -1
    resume: tuple[Planned, int] | None = None
    act: Act | None = None
    serial: int = 0
    waiting: tuple[Waiting, ...] = ()
    topics: tuple[Topic, ...] = ()
    seen: tuple[str, ...] = ()
    heard: tuple[CommentHeard, ...] = ()
    asked: tuple[tuple[str, float], ...] = ()
    answered: tuple[tuple[str, float], ...] = ()
    priced: Mapping[ProductId, float] = field(default_factory=dict)
    sold_out: frozenset[ProductId] = frozenset()
    product: ProductId | None = None
    pinned: ProductId | None = None
    pin_round: int = 0
    awaited: ProductId | None = None  # whose sentences were asked for and have not come yet
    titles: Mapping[ProductId, str] = field(default_factory=dict)
    disclosed: bool = False
    disclosed_at: float | None = None
    turns: Mapping[str, int] = field(default_factory=dict)
    fill_next: bool = False
    voice_ok: bool = True
    rehearsal: bool = False
    started_at: float | None = None
    seconds: float = 0.0  # planned length; 0 has no end
    goodbye: tuple[Planned, ...] = ()
    closing: bool = False
    prices: Mapping[ProductId, Decimal] = field(default_factory=dict)
    sold: tuple[tuple[ProductId, float], ...] = ()
    wanted: tuple[tuple[ProductId, float], ...] = ()
    moved: Mapping[ProductId, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def topic(self) -> ProductId | None:
        """The product that a question is about when it names none: the one on air, or the first that comes."""
        return self.product or next(
            (planned.product for planned in self.plan[self.position :] if planned.product), None
        )

    def upcoming(self) -> tuple[tuple[Planned, int], ...]:
        """The sentences that come next when nothing cuts in, each with the clause it starts from."""
        head = (self.resume,) if self.resume else ()
        return (*head, *((planned, 0) for planned in self.plan[self.position :]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time has passed (the room sends one at least twice a second)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A clause of the act is about to end and another would follow."""

    act: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A clause of the act begins to sound; `clause` counts from the sentence's own start."""

    act: int
    clause: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The act came to its end by itself, yielded at a border, or failed; `away`: for want of a voice, not of truth."""

    act: int
    outcome: Outcome
    away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """More sentences; `pin` puts them first."""

    round: int
    lines: tuple[Planned, ...]
    pin: bool = False


Signal = Tick | Border | Began | Over | NewRound
Cue = LiveEvent | Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Begin this act now. Answers and idle fills are worded by the room."""

    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """End the act: at once, or when the clause on air is over (`at_border`)."""

    act: int
    reason: str
    at_border: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Show this product's card."""

    product: ProductId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Ask for the next round of sentences, or for those of one product, to be said first."""

    round: int
    product: ProductId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Write down what was decided about a comment."""

    decided: CommentDecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """Write down and show on the desk how the running order changed, and why."""

    changed: Replanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The planned time is over and goodbye was said: the room ends the show."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The show is over."""

    reason: str


Intent = Say | Cut | Card | Plan | Decide | Replan | Finish | Leave
