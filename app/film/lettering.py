"""Letters on the picture: the machine's own Chinese font, wrapped lines, and patches ready to be laid on a frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.errors import Unavailable

Colour = tuple[int, int, int] | tuple[int, int, int, int]
FONTS = (  # bold first: letters over a moving picture need weight
    ("/usr/share/fonts/**/NotoSansCJK-Bold.ttc", 2),
    ("/usr/share/fonts/**/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/**/SourceHanSansSC-Bold.otf", 0),
    ("/usr/share/fonts/**/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/**/wqy-zenhei.ttc", 0),
    ("/System/Library/Fonts/**/Hiragino Sans GB.ttc", 2),
    ("/System/Library/Fonts/**/PingFang.ttc", 2),
    ("C:/Windows/Fonts/msyhbd.ttc", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
)
"""Where systems keep a font with Chinese letters, and the face in the file that is simplified Chinese."""


@cache
def font_file() -> tuple[str, int]:
    """The font's file and face. Raises Unavailable on a machine that has none: the AI label could not be written."""
    for pattern, face in FONTS:
        root, _, rest = pattern.partition("/**/")
        found = sorted(Path(root).rglob(rest)) if rest else [path for path in (Path(pattern),) if path.exists()]
        if found:
            return str(found[0]), face
    raise Unavailable("font: wanted one with Chinese letters, found none. Type:  sudo apt install fonts-noto-cjk")


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    path, face = font_file()
    return ImageFont.truetype(path, size, index=face)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A drawn rectangle of the frame: its corner, colours times their cover, what shows through."""

    x: int
    y: int
    colour: NDArray[np.uint8]  # (h, w, 3)
    through: NDArray[np.uint8]  # (h, w, 3), 255 where nothing was drawn

    @classmethod
    def of(cls, picture: Image.Image, x: int, y: int) -> "Patch":
        """A patch from an RGBA picture laid with its corner at (x, y)."""
        pixels = np.asarray(picture)
        cover = cv2.cvtColor(pixels[..., 3], cv2.COLOR_GRAY2RGB)
        colour = cv2.multiply(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), cover, scale=1 / 255)
        return cls(x=x, y=y, colour=bytes_of(colour), through=bytes_of(cv2.bitwise_not(cover)))

    def lay(self, frame: NDArray[np.uint8]) -> None:
        """Lay it on an RGB frame."""
        height, width = self.through.shape[:2]
        part = frame[self.y : self.y + height, self.x : self.x + width]
        part[:] = cv2.add(self.colour, cv2.multiply(part, self.through, scale=1 / 255))


def bytes_of(picture: object) -> NDArray[np.uint8]:
    """What OpenCV answered, as the 8-bit picture it is."""
    return np.asarray(picture, dtype=np.uint8)


def wrapped(pieces: Sequence[str], face: ImageFont.FreeTypeFont, width: float) -> list[list[tuple[int, str, float]]]:
    """Lines of (piece, text, x): Chinese breaks anywhere but before a closing mark, other scripts at spaces."""
    lines: list[list[tuple[int, str, float]]] = [[]]
    x = 0.0
    for piece, part in _parts(pieces):
        wide = face.getlength(part)
        if x and x + face.getlength(part.rstrip()) > width and part[0] not in "，。！？、；：”’）》,.!?;:)":
            lines.append([])
            x = 0.0
            part = part.lstrip()
            wide = face.getlength(part)
        if part:
            lines[-1].append((piece, part, x))
            x += wide
    return [line for line in lines if line]


def _parts(pieces: Sequence[str]) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    for index, piece in enumerate(pieces):
        word = ""
        for letter in piece:
            if letter.isascii() and letter != " ":
                word += letter
                continue
            if word:
                out.append((index, word))
            word = ""
            out.append((index, letter))
        if word:
            out.append((index, word))
    return out


def fitting(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, or its beginning and … when it is too wide."""
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def blank(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A transparent picture and its pencil."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    return picture, ImageDraw.Draw(picture)
