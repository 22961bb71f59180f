"""Speech as the studio needs it: a line goes in, sound and exact times come out."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from avatar.line import Line

SAMPLE_RATE = 24_000  # Hz; Kokoro's own rate, and edge-tts's


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice by name (e.g. `zf_xiaoxiao`), its speed (1.0 = as trained) and loudness units above the usual level."""

    name: str
    speed: float = 1.0
    level: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """PCM: little-endian int16 mono at SAMPLE_RATE."""

    pcm: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One phone of the sound; seconds from the start of the line's sound."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Words of the written line (`written[first:last]`) and when they sound."""

    text: str
    first: int
    last: int
    start: float
    end: float


Utterance = Sound | Phone | Word


class SpeechEngine(Protocol):
    """Anything that speaks a line. Closing the generator stops the work."""

    def speak(self, line: Line, voice: Voice) -> AsyncGenerator[Utterance, None]:
        """Phones and words of a stretch come before its sound. Raises OSError when the voice is away."""
        ...
