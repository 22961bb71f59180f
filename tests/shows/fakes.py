"""A voice that hums, for pages that want to hear something; and one whose process is gone."""

from collections.abc import AsyncGenerator

import numpy as np

from avatar.line import Line
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice, Word

A_CHARACTER = 0.1  # seconds of sound for each character of the spoken line


class Hums:
    """Ten characters a second, all of them open vowels; remembers what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """A quiet tone as long as the line."""
        self.said.append((voice.name, line.written))
        seconds = len(line.written) * A_CHARACTER
        yield Phone(symbol="a", start=0.0, end=seconds)
        yield Word(text=line.written, first=0, last=len(line.written), start=0.0, end=seconds)
        tone = np.sin(np.arange(int(seconds * SAMPLE_RATE)) * 2 * np.pi * 220 / SAMPLE_RATE) * 8_000
        yield Sound(pcm=tone.astype("<i2").tobytes())


class Mute:
    """A voice that nobody answers for."""

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """Raises OSError at once."""
        raise ConnectionRefusedError("wanted the voice's socket, found nobody")
        yield Sound(pcm=b"")
