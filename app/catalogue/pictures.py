"""Product pictures made harmless: checked by their header, decoded once, written anew as a small WebP.

Nothing of the file a person sent survives but its pixels: no EXIF, no place, no second file hidden behind it.
"""

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from app.errors import BadInput, TooLarge

BYTES_MOST = 10 * 1024 * 1024
PIXELS_MOST = 25_000_000  # of all that is decoded at once; read from the header before decoding
SIDE_MOST = 20_000  # of the original, in pixels
FRAMES_MOST = 100
SIDE = 1024  # of what is kept, in pixels
QUALITY = 86
JPEG = b"\xff\xd8\xff"
FOLDER = "pictures"
"""Under the data folder; the pages see it as /static/pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a picture says of itself before it is decoded."""

    width: int
    height: int
    frames: int = 1


def reencoded(raw: bytes) -> bytes:
    """The picture as WebP of at most 1024 pixels a side, white where it was transparent.

    Takes PNG, JPEG and WebP. Raises TooLarge above 10 MB, and BadInput for other files, more than 25 megapixels or
    100 frames, and pictures that cannot be decoded.
    """
    if len(raw) > BYTES_MOST:
        raise TooLarge(f"picture: wanted at most {BYTES_MOST} bytes, found {len(raw)}")
    header = header_of(raw)
    if header.width * header.height > PIXELS_MOST or max(header.width, header.height) > SIDE_MOST:
        raise BadInput("picture", "at most 25 megapixels", f"{header.width}×{header.height} pixels")
    if header.frames > FRAMES_MOST:
        raise BadInput("picture", f"at most {FRAMES_MOST} frames", f"{header.frames} frames")
    # A camera's picture is turned as its EXIF says; a drawing keeps its transparency until it is laid on white.
    how = cv2.IMREAD_COLOR if raw.startswith(JPEG) else cv2.IMREAD_UNCHANGED
    try:
        decoded = cv2.imdecode(np.frombuffer(raw, np.uint8), how)
    except cv2.error:
        decoded = None
    if decoded is None or decoded.size == 0:
        raise BadInput("picture", "a picture that can be decoded", f"{len(raw)} bytes that cannot")
    written, body = cv2.imencode(".webp", _opaque(_small(decoded)), [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    if not written:
        raise BadInput("picture", "a picture that can be written as WebP", f"{header.width}×{header.height} pixels")
    return body.tobytes()


def keep(data_dir: Path, raw: bytes) -> str:
    """Re-encode and store; the path that a product's `picture` holds. Raises as `reencoded`.

    The name is ours and cannot be guessed: the overlay shows pictures without a session.
    """
    body = reencoded(raw)
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.webp"
    part = folder / f"{name}.part"
    part.write_bytes(body)
    part.replace(folder / name)
    return f"{FOLDER}/{name}"


def header_of(raw: bytes) -> Header:
    """Size and frames from the first bytes of a PNG, JPEG or WebP file. Raises BadInput for anything else."""
    try:
        if raw.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(raw)
        if raw.startswith(JPEG):
            return _jpeg(raw)
        if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
            return _webp(raw)
    except (struct.error, IndexError):
        raise BadInput("picture", "a whole picture", "one that breaks off") from None
    raise BadInput("picture", "a PNG, JPEG or WebP picture", raw[:16])


def _png(raw: bytes) -> Header:
    width, height = struct.unpack(">II", raw[16:24])
    at, frames = 8, 1
    while at + 8 <= len(raw):
        length, kind = struct.unpack(">I4s", raw[at : at + 8])
        if kind == b"acTL":
            frames = struct.unpack(">I", raw[at + 8 : at + 12])[0]
        if kind == b"IDAT":
            break
        at += 12 + length
    return Header(width=width, height=height, frames=frames)


def _jpeg(raw: bytes) -> Header:
    at = 2
    while True:
        if raw[at] != 0xFF:
            raise BadInput("picture", "a whole picture", "a JPEG whose parts do not follow one another")
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0x01, *range(0xD0, 0xD9)):
            at += 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return Header(width=width, height=height)
        at += 2 + struct.unpack(">H", raw[at + 2 : at + 4])[0]


def _webp(raw: bytes) -> Header:
    kinds = list(_chunks(raw))
    frames = max(1, sum(kind == b"ANMF" for kind, _ in kinds))
    for kind, at in kinds:
        if kind == b"VP8X":
            width = 1 + int.from_bytes(raw[at + 4 : at + 7], "little")
            height = 1 + int.from_bytes(raw[at + 7 : at + 10], "little")
            return Header(width=width, height=height, frames=frames)
        if kind == b"VP8L":
            bits = struct.unpack("<I", raw[at + 1 : at + 5])[0]
            return Header(width=1 + (bits & 0x3FFF), height=1 + (bits >> 14 & 0x3FFF))
        if kind == b"VP8 ":
            width, height = struct.unpack("<HH", raw[at + 6 : at + 10])
            return Header(width=width & 0x3FFF, height=height & 0x3FFF)
    raise BadInput("picture", "a whole picture", "a WebP without one")


def _chunks(raw: bytes) -> Iterator[tuple[bytes, int]]:
    at = 12
    while at + 8 <= len(raw):
        kind, length = struct.unpack("<4sI", raw[at : at + 8])
        yield kind, at + 8
        at += 8 + length + (length & 1)


def _opaque(picture: MatLike) -> NDArray[np.uint8]:
    """Eight bits, three colours, transparency laid on white."""
    if picture.dtype == np.uint16:
        picture = picture / 257
    eight = picture.astype(np.uint8)
    if eight.ndim == 2:
        return cv2.cvtColor(eight, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    if eight.shape[2] == 4:
        alpha = eight[:, :, 3:].astype(np.float32) / 255
        return (eight[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return eight


def _small(picture: MatLike) -> MatLike:
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
