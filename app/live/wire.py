"""What travels on the overlay's and the desk's websockets (docs/protocol.md; design: Centrifugo's epoch + offset).

Server → overlay: every message carries `type`, `epoch` and `seq`; a `speech.start` is followed by exactly one binary
message, the clause's Ogg Opus clip. Times named `…_ms` are unix milliseconds of the server's clock, all others
seconds from the start of the clip. Server → desk: a whole `Desk` whenever something changed.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.events import Button, Why

WIRE_LIMIT = 8 * 1024  # bytes of one JSON message
HISTORY_MESSAGES = 1_000
HISTORY_SECONDS = 300.0
CLIENT_QUEUE = 256  # messages a silent reader may hold before it is cut


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Card(_Wire):
    """The product card. Prices are decimal strings in major units."""

    product: str
    title: str
    picture: str | None = None
    price: str | None = None
    list_price: str | None = None
    list_price_basis: str | None = None
    currency: str = "CNY"
    offer: str | None = None
    ends_ms: int | None = None
    stock_band: Literal["unknown", "plenty", "low", "sold_out"] = "unknown"
    qr: str | None = Field(default=None, description="URL of the QR picture (SVG) of the product's short link")
    number: int | None = Field(default=None, description="item number in the show")


class ShownComment(_Wire):
    """The comment being answered."""

    comment: str
    name: str
    text: str
    simulated: bool = False


class Speech(_Wire):
    """One clause about to be heard."""

    line: str
    clause: int
    line_kind: str
    starts_ms: int
    seconds: float
    text: str
    words: list[tuple[str, float, float]]
    visemes: list[tuple[str, float, float, float]]
    voice: str
    mood: str = "calm"
    gesture: str | None = None
    comment: str | None = None
    own_words: bool = Field(default=True, description="False for a cached acknowledgement before the answer proper")
    clip: str = Field(description="URL of the immutable clip, for late joiners")
    last: bool = Field(description="True on the line's last clause")


class Message(_Wire):
    """What all overlay messages share."""

    epoch: str = ""
    seq: int = 0


class Snapshot(Message):
    """Everything a page needs to start from nothing."""

    type: Literal["snapshot"] = "snapshot"
    recovered: bool = False
    room: str
    shop: str
    state: Literal["idle", "on_air", "held", "silenced", "ended"]
    rehearsal: bool
    host: str = Field(description="base URL of the host's atlas")
    lang: str
    label: str = Field(description="the AI label; nothing removes it")
    card: Card | None
    comment: ShownComment | None
    speech: Speech | None = Field(description="the clause being heard; its clip is fetched by URL")


class Recovered(Message):
    """The whole gap follows; nothing was missed."""

    type: Literal["recovered"] = "recovered"
    recovered: bool = True


class SpeechStart(Message):
    """A clause; its clip is the next binary message."""

    type: Literal["speech.start"] = "speech.start"
    speech: Speech


class SpeechEnd(Message):
    """A line ended; on `cut` the page fades out in 30 ms and closes the mouth at once."""

    type: Literal["speech.end"] = "speech.end"
    line: str
    outcome: Literal["said", "cut", "failed"]
    heard_seconds: float


class CardChanged(Message):
    """A new product or a new price, stock, offer."""

    type: Literal["card"] = "card"
    card: Card | None


class CommentShown(Message):
    """The comment being answered, or none."""

    type: Literal["comment"] = "comment"
    comment: ShownComment | None


class Gift(Message):
    """A viewer gave something."""

    type: Literal["gift"] = "gift"
    name: str
    text: str
    simulated: bool = False


class Notice(Message):
    """A disclosure, correction or state notice to show as text."""

    type: Literal["notice"] = "notice"
    notice_kind: Literal["disclosure", "correction", "held", "silenced", "on_air", "ended"]
    text: str


class Clock(_Wire):
    """Answer to a ping: the client's own time echoed, and the server's. Not part of the sequence."""

    type: Literal["clock"] = "clock"
    echo: float
    server_ms: float


class Bye(_Wire):
    """The server goes; come back (close code 1012)."""

    type: Literal["bye"] = "bye"


OverlayMessage = (
    Snapshot | Recovered | SpeechStart | SpeechEnd | CardChanged | CommentShown | Gift | Notice | Clock | Bye
)


class Hello(_Wire):
    """First message of a page; `epoch` and `seq` are the last ones it saw."""

    type: Literal["hello"]
    token: str = Field(max_length=200)
    epoch: str = Field(default="", max_length=64)
    seq: int = 0


class Ping(_Wire):
    """Clock probe; `t` is the page's own time, `offset_ms` how far it finds its clock behind the server's."""

    type: Literal["ping"]
    t: float
    offset_ms: float | None = Field(default=None, ge=-1e12, le=1e12)


class Heard(_Wire):
    """How far the page has played a clause."""

    type: Literal["heard"]
    line: str = Field(max_length=64)
    clause: int
    seconds: float


PageMessage = Annotated[Hello | Ping | Heard, Field(discriminator="type")]


class DeskLine(_Wire):
    """A line said now or coming next."""

    line: str
    line_kind: str
    text: str
    product: str | None
    starts_ms: int | None = None
    seconds: float | None = None
    ready: bool = Field(default=True, description="its sound is already made")
    block: str = Field(default="", description="the kind of its block in the script")
    planned: bool = Field(default=False, description="a sentence of the rundown, which `skip_line` takes out")


class DeskComment(_Wire):
    """A comment with the decision on it and why."""

    comment: str
    name: str
    text: str
    simulated: bool
    received_ms: int
    decision: str
    reason: str
    intent: str
    wait_ms: int | None = None
    answer: str | None = None
    first_sound_ms: int | None = None
    first_word_ms: int | None = None
    product: str | None = Field(default=None, description="what it was about when it came")


class DeskStop(_Wire):
    """A product's turn in the running order."""

    stop: str
    product: str
    number: int
    title: str
    sentences: int
    seconds: float = Field(description="estimated by the voice's pace")
    in_seconds: float = Field(description="until it begins, if nothing cuts in; 0 for the one on air")
    blocks: list[str]


class DeskPage(_Wire):
    """An overlay page that is connected."""

    page: int
    kind: Literal["obs", "phone", "browser"]
    since_ms: int
    seen_ms: int
    offset_ms: float | None = Field(default=None, description="its clock against the server's")


class DeskDelays(_Wire):
    """How soon answers came, over the comments on the desk: medians in milliseconds."""

    answers: int = 0
    first_sound_ms: int | None = None
    first_word_ms: int | None = None


class DeskProduct(_Wire):
    """A product of the show."""

    product: str
    number: int
    sku: str
    title: str
    picture: str | None
    price: str | None
    currency: str
    stock: int | None
    on_air: bool
    pinned: bool = False
    stock_before: int | None = Field(default=None, description="pieces before it was marked as sold out")


class DeskMove(_Wire):
    """A change of the running order that nobody at the desk made, and why."""

    product: str
    why: Why
    number: int = Field(description="orders or questions that led to it, else 0")
    at_ms: int


class Desk(_Wire):
    """All that the desk page shows, whole."""

    type: Literal["desk"] = "desk"
    revision: int
    room: str
    state: str
    rehearsal: bool
    server_ms: int
    now: DeskLine | None
    next: list[DeskLine]
    products: list[DeskProduct]
    comments: list[DeskComment] = Field(description="newest first, at most 50")
    counts: dict[str, int]
    gmv: dict[str, str] = Field(description="paid GMV by currency, decimal strings")
    health: dict[str, str] = Field(description="model, voice, database: ok | starting | down")
    lookahead_seconds: float
    viewers: int
    duty: str = ""
    order: list[DeskStop] = Field(default_factory=list, description="the running order from now on")
    moves: list[DeskMove] = Field(default_factory=list, description="changes of that order with reasons, newest first")
    pages: list[DeskPage] = Field(default_factory=list, description="at most 20, the newest last")
    delays: DeskDelays = DeskDelays()
    alerts: list[str] = Field(default_factory=list, description="what needs a person now, the worst first")
    silent_seconds: float = 0.0


class Press(_Wire):
    """A button of the desk.

    `say` and `correct` need text, `jump` and `pin` a product, `answer` and `skip` a comment, `reply` both text and
    comment, `skip_line` the place of a planned sentence.
    """

    button: Button
    text: str = Field(default="", max_length=500)
    product: str | None = Field(default=None, max_length=64)
    comment: str | None = Field(default=None, max_length=64)
    line: str = Field(default="", max_length=64)
