"""A clause as one immutable clip: sound, compressed sound, mouth and words; kept on disk for the next time."""

import asyncio
import hashlib
import io
import json
import os
import struct
import tempfile
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from avatar.clauses import clauses
from avatar.kokoro import MODEL_SHA256
from avatar.line import Line
from avatar.speech import SAMPLE_RATE, Phone, Sound, SpeechEngine, Voice, Word
from avatar.visemes import Viseme, visemes

__all__ = ["Clip", "ClipCache", "NothingToSay", "clauses", "make_clip"]

RECIPE = "4"  # of everything between words and clip; a change of front end, levelling or visemes makes old clips stale
OPUS_LEVEL = 0.9  # of libsndfile: about 32 kbit/s, where speech is transparent
_MAGIC = b"ZCLIP1"


class NothingToSay(ValueError):
    """The line has no sound: nothing in it can be spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clause ready to play. `pcm` int16 mono and `opus` (Ogg) at SAMPLE_RATE; times in seconds of the clip."""

    text: str
    spoken: str
    seconds: float
    pcm: bytes
    opus: bytes
    phones: tuple[Phone, ...]
    visemes: tuple[Viseme, ...]
    words: tuple[Word, ...]
    sha256: str
    voice: str


class ClipCache:
    """Clips in a directory, the least recently used leave when it passes `limit` bytes."""

    def __init__(self, directory: Path, *, limit: int = 512 << 20, model: str = MODEL_SHA256[:12]) -> None:
        self._directory = directory
        self._limit = limit
        self._model = model
        directory.mkdir(parents=True, exist_ok=True)
        self._size = sum(path.stat().st_size for path in directory.glob("*.clip"))

    def path(self, line: Line, voice: Voice) -> Path:
        """Where the clip of a line is or would be."""
        key = json.dumps(
            [line.written, line.spoken, line.lang, voice.name, voice.speed, voice.level, self._model, RECIPE],
            ensure_ascii=False,
        )
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.clip"

    def get(self, line: Line, voice: Voice) -> Clip | None:
        """The kept clip, or None; a damaged file counts as none and is removed."""
        path = self.path(line, voice)
        try:
            clip = _unpacked(path.read_bytes())
            os.utime(path)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, struct.error):
            path.unlink(missing_ok=True)
            return None
        return clip

    def put(self, line: Line, voice: Voice, clip: Clip) -> None:
        """Keep a clip; the file appears whole or not at all."""
        path, content = self.path(line, voice), _packed(clip)
        handle, name = tempfile.mkstemp(dir=self._directory, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
        self._size += len(content)
        if self._size > self._limit:
            self._shrink()

    def _shrink(self) -> None:
        """Remove the least recently used until a tenth is free."""
        kept = sorted(self._directory.glob("*.clip"), key=lambda path: path.stat().st_mtime)
        self._size = sum(path.stat().st_size for path in kept)
        for path in kept:
            if self._size <= self._limit * 0.9:
                return
            self._size -= path.stat().st_size
            path.unlink()


async def make_clip(engine: SpeechEngine, line: Line, voice: Voice, cache: ClipCache | None = None) -> Clip:
    """The clip of a line, from the cache or from the engine.

    Raises OSError when the voice is away and NothingToSay when the line has no sound.
    """
    if cache and (kept := await asyncio.to_thread(cache.get, line, voice)):
        return kept
    phones: list[Phone] = []
    words: list[Word] = []
    pieces: list[bytes] = []
    async with aclosing(engine.speak(line, voice)) as utterances:
        async for utterance in utterances:
            match utterance:
                case Sound(pcm=pcm):
                    pieces.append(pcm)
                case Phone():
                    phones.append(utterance)
                case Word():
                    words.append(utterance)
    if not pieces:
        raise NothingToSay(f"expected words, found {line.written!r}")
    clip = await asyncio.to_thread(_assembled, line, voice, b"".join(pieces), tuple(phones), tuple(words))
    if cache:
        await asyncio.to_thread(cache.put, line, voice, clip)
    return clip


def _assembled(line: Line, voice: Voice, pcm: bytes, phones: tuple[Phone, ...], words: tuple[Word, ...]) -> Clip:
    opus = to_opus(pcm)
    return Clip(
        text=line.written,
        spoken=line.spoken,
        seconds=len(pcm) / 2 / SAMPLE_RATE,
        pcm=pcm,
        opus=opus,
        phones=phones,
        visemes=tuple(visemes(phones)),
        words=words,
        sha256=hashlib.sha256(opus).hexdigest(),
        voice=voice.name,
    )


def to_opus(pcm: bytes) -> bytes:
    """Ogg Opus of int16 mono PCM, about 4 kB a second."""
    buffer = io.BytesIO()
    soundfile.write(
        buffer, np.frombuffer(pcm, "<i2"), SAMPLE_RATE, format="OGG", subtype="OPUS", compression_level=OPUS_LEVEL
    )
    return buffer.getvalue()


def _packed(clip: Clip) -> bytes:
    """Magic, length of the JSON head, head, opus, pcm."""
    head = asdict(clip)
    del head["pcm"], head["opus"]
    encoded = json.dumps(head, ensure_ascii=False).encode()
    return _MAGIC + struct.pack("<II", len(encoded), len(clip.opus)) + encoded + clip.opus + clip.pcm


def _unpacked(content: bytes) -> Clip:
    if content[: len(_MAGIC)] != _MAGIC:
        raise ValueError("expected a clip file")
    size, opus_size = struct.unpack_from("<II", content, len(_MAGIC))
    start = len(_MAGIC) + 8
    head = json.loads(content[start : start + size])
    opus = content[start + size : start + size + opus_size]
    if hashlib.sha256(opus).hexdigest() != head["sha256"]:
        raise ValueError("expected the sound this clip was made with")
    return Clip(
        text=head["text"],
        spoken=head["spoken"],
        seconds=head["seconds"],
        pcm=content[start + size + opus_size :],
        opus=opus,
        phones=tuple(Phone(**phone) for phone in head["phones"]),
        visemes=tuple((name, start, end, weight) for name, start, end, weight in head["visemes"]),
        words=tuple(Word(**word) for word in head["words"]),
        sha256=head["sha256"],
        voice=head["voice"],
    )
