"""What the studio tells a pusher and hears of it: messages and clips down its standard input, health up its output."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

_HEAD = struct.Struct("<cdI")  # kind, unix seconds, bytes that follow
TEXT, CLIP = b"T", b"C"
LARGEST = 4 << 20  # bytes of one frame


class Order(BaseModel):
    """The first frame: where to, and how the picture looks. The address may hold a stream key: it is never logged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str
    mark: str
    background: str
    theme: str
    words: dict[str, str]
    pictures: dict[str, str]
    public_url: str | None
    show: str


class Health(BaseModel):
    """How a push is doing; one JSON line about once a second."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Literal["connecting", "live", "waiting", "ended"] = "connecting"
    fps: float = 0.0
    dropped: int = 0
    seconds: float = 0.0
    connections: int = 0
    problem: str = ""


def packed(frame: str | bytes, at: float) -> bytes:
    """A frame as it travels."""
    kind, body = (TEXT, frame.encode()) if isinstance(frame, str) else (CLIP, frame)
    return _HEAD.pack(kind, at, len(body)) + body


def frames(source: BinaryIO) -> Iterator[tuple[float, str | bytes]]:
    """Frames with their moments, until the source ends. Raises ValueError for what is no frame."""
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        kind, at, size = _HEAD.unpack(head)
        if kind not in (TEXT, CLIP) or size > LARGEST:
            raise ValueError(f"pipe: wanted a frame of at most {LARGEST} bytes, found kind {kind!r} and {size}")
        body = source.read(size)
        yield at, body.decode() if kind == TEXT else body
