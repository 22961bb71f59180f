"""A line as it is written and as it is spoken, with the map between the two."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`spoken[spoken_start:spoken_end]` reads `written[written_start:written_end]` (code points)."""

    spoken_start: int
    spoken_end: int
    written_start: int
    written_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What to say: `written` is shown as caption, `spoken` is read aloud; `links` cover `spoken` left to right."""

    written: str
    spoken: str
    lang: str
    links: tuple[Link, ...]
