"""What happens in a live room: the events that the log keeps and everything else reads.

The spine of the studio, standard library only. An event is a frozen value; its `kind` is the snake_case
of its class name and is what `events.jsonl` and the database call its type.
"""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, NewType, Protocol, get_args

ShopId = NewType("ShopId", str)
ShowId = NewType("ShowId", str)
RoomId = NewType("RoomId", str)
ProductId = NewType("ProductId", str)
LineId = NewType("LineId", str)
CommentId = NewType("CommentId", str)
OrderId = NewType("OrderId", str)

CrowdKind = Literal["comment", "gift", "like", "enter", "leave", "follow", "share"]
Decision = Literal["answer", "merge", "skip", "hand_over", "drop"]
LineKind = Literal[
    "rundown", "answer", "acknowledgement", "disclosure", "correction", "change", "thanks", "crew", "idle"
]
Outcome = Literal["said", "cut", "failed"]
Button = Literal[
    "cut",
    "next",
    "jump",
    "pin",
    "unpin",
    "say",
    "answer",
    "reply",
    "correct",
    "skip",
    "skip_line",
    "kill",
    "hold",
    "resume",
]
OrderStatus = Literal["created", "paid", "refunded", "cancelled"]
Part = Literal["model", "voice", "database"]
Why = Literal["sold_out", "back_in_stock", "price_down", "selling", "asked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStarted:
    """The room went on air; `duty` names the person in charge, `rehearsal` means nobody outside sees it."""

    show: ShowId
    host: str
    voice: str
    lang: str
    duty: str
    rehearsal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEnded:
    """The room went off air."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentHeard:
    """A viewer did something. `viewer` is a pseudonym (hash), `received_at` unix seconds."""

    comment: CommentId
    source: str
    source_event_id: str
    crowd_kind: CrowdKind
    viewer: str
    name: str
    text: str
    simulated: bool
    received_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDecided:
    """What the director did with a comment, why, and how long it had waited (milliseconds)."""

    comment: CommentId
    decision: Decision
    reason: str
    intent: str
    wait_ms: int
    merged_into: CommentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAnswered:
    """An answer's own words were reached: delays from the choice, in milliseconds, by the server's clock."""

    comment: CommentId
    line: LineId
    answer: str
    answerable: bool
    first_sound_ms: int
    first_word_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStarted:
    """Written before the first sound of a line: what will be said, on which facts, made by what."""

    line: LineId
    line_kind: LineKind
    text: str
    facts: tuple[str, ...]
    product: ProductId | None
    comment: CommentId | None
    block: str
    model: str
    reviewer: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseStarted:
    """Written before one clause clip is played: its words, its audio's SHA-256 and length in seconds."""

    line: LineId
    clause: int
    text: str
    audio: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEnded:
    """What was really heard of a line. `text` is the heard part, `heard_seconds` of sound."""

    line: LineId
    line_kind: LineKind
    text: str
    facts: tuple[str, ...]
    outcome: Outcome
    heard_seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """The product card changed. Money is major units with its currency."""

    product: ProductId
    sku: str
    title: str
    price: Decimal | None
    list_price: Decimal | None
    currency: str
    sold_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChanged:
    """The merchant changed a price (major units)."""

    product: ProductId
    price: Decimal
    list_price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged:
    """The stock of a product is now `stock` pieces."""

    product: ProductId
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsChanged:
    """The merchant changed what is known about a product: its facts and frequent questions as they are from now on."""

    product: ProductId
    facts: dict[str, Any]
    faq: tuple[dict[str, Any], ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """An order reached the books. `amount` is the order's total in major units."""

    order: OrderId
    product: ProductId | None
    quantity: int
    amount: Decimal
    currency: str
    status: OrderStatus
    source: str
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewPressed:
    """Somebody at the desk pressed a button; `by` is the operator's name, `line` the place of a planned sentence."""

    button: Button
    by: str
    text: str = ""
    product: ProductId | None = None
    comment: CommentId | None = None
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """The running order changed by itself: whose place, why, after how many orders or questions, unix seconds."""

    product: ProductId
    why: Why
    number: int
    when: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFailed:
    """A part of the studio went away."""

    part: Part
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecovered:
    """A part of the studio came back."""

    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalErased:
    """The people and words of earlier lines were erased; `lines` are their seqs, `why` is viewer or retention."""

    lines: tuple[int, ...]
    why: Literal["viewer", "retention"]


LiveEvent = (
    ShowStarted
    | ShowEnded
    | CommentHeard
    | CommentDecided
    | CommentAnswered
    | LineStarted
    | ClauseStarted
    | LineEnded
    | CardShown
    | PriceChanged
    | StockChanged
    | FactsChanged
    | OrderPlaced
    | CrewPressed
    | Replanned
    | PartFailed
    | PartRecovered
    | PersonalErased
)


def kind_of(event: LiveEvent | type[LiveEvent]) -> str:
    """The event's type as written in the log: `LineStarted` → `line_started`."""
    cls = event if isinstance(event, type) else type(event)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


KINDS: dict[str, type[LiveEvent]] = {kind_of(cls): cls for cls in get_args(LiveEvent)}


def to_json(event: LiveEvent) -> dict[str, Any]:
    """The event as JSON values (decimals as strings, tuples as lists), without its type."""
    out: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        out[field.name] = (
            str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
        )
    return out


def from_json(kind: str, body: dict[str, Any]) -> LiveEvent:
    """The event of that type. Raises KeyError for an unknown type and TypeError for fields that do not fit."""
    cls = KINDS[kind]
    values: dict[str, Any] = dict(body)
    for field in fields(cls):
        value = values.get(field.name)
        if isinstance(value, list):
            values[field.name] = tuple(value)
        elif isinstance(value, str) and "Decimal" in str(field.type):
            values[field.name] = Decimal(value)
    return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as the log holds it: place in its room, time (unix seconds), and the hash chain."""

    room: RoomId
    seq: int
    epoch: str
    at: float
    event: LiveEvent
    prev: str
    hash: str


class EventLog(Protocol):
    """The truth of a room: append-only, in order, hash-chained."""

    async def append(self, room: RoomId, event: LiveEvent) -> Recorded:
        """Write the event durably and say where it stands. Raises OSError when it cannot be kept."""
        ...

    def read(self, room: RoomId, *, after: int = 0) -> AsyncGenerator[Recorded, None]:
        """Every recorded event of the room with seq > after, in order."""
        ...
