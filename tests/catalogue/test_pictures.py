"""Pictures that people send are checked before they are decoded, and written anew."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.catalogue.pictures import SIDE, keep, reencoded
from app.errors import BadInput, TooLarge


def encoded(kind: str, shape: tuple[int, ...] = (300, 200, 3), value: int = 120) -> bytes:
    written, body = cv2.imencode(kind, np.full(shape, value, np.uint8))
    assert written
    return body.tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_says(width: int, height: int, *, frames: int | None = None) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    animated = b"" if frames is None else chunk(b"acTL", struct.pack(">II", frames, 0))
    return b"\x89PNG\r\n\x1a\n" + header + animated + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
def test_a_picture_becomes_a_small_webp(kind: str) -> None:
    body = reencoded(encoded(kind, (2000, 1500, 3)))
    assert body[:4] == b"RIFF" and body[8:12] == b"WEBP"
    small = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    assert small is not None and small.shape[:2] == (SIDE, SIDE * 3 // 4)


def test_what_was_transparent_is_white() -> None:
    body = reencoded(encoded(".png", (20, 20, 4), 0))
    small = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    assert small is not None and int(small.min()) >= 250


def test_grey_and_sixteen_bit_pictures_are_taken() -> None:
    written, deep = cv2.imencode(".png", np.full((30, 30), 40_000, np.uint16))
    assert written
    assert reencoded(deep.tobytes())[8:12] == b"WEBP"
    assert reencoded(encoded(".jpg", (30, 30)))[8:12] == b"WEBP"


def test_nothing_but_the_pixels_survives() -> None:
    jpeg = encoded(".jpg")
    exif = b"Exif\0\0" + b"GPS 31.2304N 121.4737E"
    tagged = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:] + b"<?php echo 1 ?><script>"
    body = reencoded(tagged)
    assert b"GPS" not in body and b"Exif" not in body and b"php" not in body and b"script" not in body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"GIF89a" + bytes(100),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html>not a picture</html>",
        encoded(".jpg")[:40],
        encoded(".png")[:60],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + bytes(50),
        b"RIFF\0\0\0\0WEBP",
        png_that_says(12_000, 12_000),
        png_that_says(65_535, 1),
        png_that_says(100, 100, frames=10_000),
        b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0" + b"ANMF\0\0\0\0" * 10_000,
    ],
    ids=lambda raw: repr(raw[:14]),
)
def test_what_is_no_harmless_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput, match="picture"):
        reencoded(raw)


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(TooLarge):
        reencoded(b"\xff\xd8\xff" + bytes(10 * 1024 * 1024))


def test_a_kept_picture_has_a_name_of_ours(tmp_path: Path) -> None:
    name = keep(tmp_path, encoded(".png"))
    assert (tmp_path / name).read_bytes()[:4] == b"RIFF"
    assert name.startswith("pictures/") and len(name) == len("pictures/") + 32 + len(".webp")
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [name.removeprefix("pictures/")]
