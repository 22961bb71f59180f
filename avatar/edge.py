"""The cloud voice (optional): edge-tts with deadlines, a check that all of it came, and our own phones over its words.

The service is unofficial and comes with waves of refusals; it is one provider of `avatar.fallback`, never the only one.
"""

import asyncio
import io
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import edge_tts
import edge_tts.communicate
import numpy as np
import soundfile
from edge_tts.exceptions import EdgeTTSException

from avatar.client import VoiceBusy, VoiceUnavailable
from avatar.kokoro import PHONE
from avatar.line import Line
from avatar.loudness import TARGET, finished
from avatar.phones import FrontEnd
from avatar.speech import SAMPLE_RATE, Phone, Sound, Utterance, Voice
from avatar.timing import (
    Samples,
    Span,
    Stretch,
    TimedPhone,
    caption_words,
    heard,
    hushed,
    hushes,
    int16,
    kept_part,
    rested,
    stretches,
)

AT_ONCE = 2  # connections; the service blocks at about four
BURST, RATE = 8, 1.0  # requests: so many at once after a rest, then so many a second
TURN_WITHIN = 1.0  # seconds a clause waits for its turn before the next voice takes it
TICK = 1e-7  # seconds of the service's offsets
VOWELS = frozenset("aeiouyæɑɐɔəɚɛɜɤɨɪɯʊʌᵻᵊAIOQWY")  # phones that take twice the time of the others
SAME_PERSONA = {
    "zf_xiaoxiao": "zh-CN-XiaoxiaoNeural", "zf_xiaoyi": "zh-CN-XiaoyiNeural",
    "zf_xiaobei": "zh-CN-liaoning-XiaobeiNeural",
    "zm_yunxi": "zh-CN-YunxiNeural", "zm_yunjian": "zh-CN-YunjianNeural", "zm_yunyang": "zh-CN-YunyangNeural",
    "zm_yunxia": "zh-CN-YunxiaNeural", "af_heart": "en-US-AvaNeural", "af_bella": "en-US-AriaNeural",
    "af_sarah": "en-US-EmmaNeural", "am_michael": "en-US-AndrewNeural", "am_fenrir": "en-US-ChristopherNeural",
    "am_puck": "en-US-BrianNeural",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Boundary:
    """A word as the service heard it, in seconds of its audio."""

    text: str
    start: float
    end: float


def serve_at(url: str) -> None:
    """Ask a relay at `url` (ws or wss, with a query) instead of the service itself, from now on in this process.

    The library takes no address: its constant is the only door.
    """
    edge_tts.communicate.WSS_URL = url  # type: ignore[attr-defined]  # imported there, not exported


class Pace:
    """A bucket of BURST tokens that RATE a second drop into; each request takes one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens, self._seen = float(BURST), clock()

    def wait(self) -> float:
        """Take a token; seconds until it is there. Nothing is taken when that is longer than TURN_WITHIN."""
        now = self._clock()
        self._tokens = min(float(BURST), self._tokens + (now - self._seen) * RATE)
        self._seen = now
        wait = max(0.0, (1 - self._tokens) / RATE)
        if wait <= TURN_WITHIN:
            self._tokens -= 1
        return wait


class EdgeVoice:
    """A SpeechEngine over the cloud: AT_ONCE lines at a time, paced; one that waits too long for its turn is refused
    with VoiceBusy."""

    def __init__(self, voice_directory: Path, *, step: float = 2.5, turn: float = TURN_WITHIN) -> None:
        """`step` is the deadline in seconds for each message of the service, `turn` for a line's turn."""
        self._directory = voice_directory
        self._reading: asyncio.Task[FrontEnd] | None = None
        self._step, self._turn_within = step, turn
        self._lanes = asyncio.Semaphore(AT_ONCE)
        self._pace = Pace()

    async def speak(self, line: Line, voice: Voice, priority: int = 5) -> AsyncGenerator[Utterance, None]:
        """Utterances of the line, a sentence or clause at a time. Raises VoiceUnavailable, VoiceBusy."""
        name = SAME_PERSONA.get(voice.name)
        if name is None:
            raise VoiceUnavailable(f"expected a voice with a cloud twin, found {voice.name!r}")
        if self._reading is None:  # when first needed: half a second, 40 MB
            reading = asyncio.to_thread(FrontEnd, self._directory)
            self._reading = asyncio.create_task(reading, name="edge:lexicon")
        front = await asyncio.shield(self._reading)
        clock = 0.0
        for stretch in stretches(front.soundings(line.spoken)):
            first, last = stretch.soundings[0].start, stretch.soundings[-1].end
            async with self._turn():
                mp3, boundaries = await self._fetched(line.spoken[first:last], name, voice.speed)
            audio = await asyncio.to_thread(_decoded, mp3)
            samples, phones, spans = _timed(stretch, audio, boundaries, line.spoken[first:last])
            for symbol, start, end in phones:
                yield Phone(symbol=symbol, start=clock + start, end=clock + end)
            for word in caption_words(line, stretch, spans, clock):
                yield word
            yield Sound(pcm=int16(await asyncio.to_thread(finished, samples, SAMPLE_RATE, TARGET + voice.level)))
            clock += len(samples) / SAMPLE_RATE

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None, None]:
        """One of the lanes, and a token of the pace. Raises VoiceBusy."""
        try:
            await asyncio.wait_for(self._lanes.acquire(), self._turn_within)
        except TimeoutError:
            raise VoiceBusy(f"the cloud voice: wanted one of {AT_ONCE} lanes, found all taken") from None
        try:
            wait = self._pace.wait()
            if wait > TURN_WITHIN:
                raise VoiceBusy(f"the cloud voice: wanted a turn within {TURN_WITHIN:g} s, found {wait:.1f} s")
            await asyncio.sleep(wait)
            yield
        finally:
            self._lanes.release()

    async def _fetched(self, text: str, name: str, speed: float) -> tuple[bytes, list[_Boundary]]:
        """All audio and word boundaries of a text, complete or not at all."""
        call = edge_tts.Communicate(text, name, rate=f"{round((speed - 1) * 100):+d}%", boundary="WordBoundary")
        mp3, boundaries = b"", []
        try:
            async with aclosing(call.stream()) as messages:
                while True:
                    try:
                        message = await asyncio.wait_for(anext(messages), self._step)
                    except StopAsyncIteration:
                        break
                    if message["type"] == "audio":
                        mp3 += message["data"]
                    elif message["type"] == "WordBoundary":
                        start = message["offset"] * TICK
                        boundaries.append(_Boundary(message["text"], start, start + message["duration"] * TICK))
        except (EdgeTTSException, aiohttp.ClientError, ValueError, OSError) as away:  # TimeoutError is an OSError
            raise VoiceUnavailable(f"the cloud voice is away: {away!r}") from away
        # a connection lost in mid-audio ends like a finished one; the count is only added up at the service's own end
        counted = call.state["cumulative_audio_bytes"]
        if not mp3 or counted != len(mp3):
            raise VoiceUnavailable(
                f"expected the whole sound, found {len(mp3)} bytes of which {counted} were confirmed"
            )
        return mp3, boundaries


def _decoded(mp3: bytes) -> Samples:
    """Mono samples at SAMPLE_RATE. Raises VoiceUnavailable for what is not the sound that was asked for."""
    try:
        samples, rate = soundfile.read(io.BytesIO(mp3), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as garbage:
        raise VoiceUnavailable(f"expected MP3 from the cloud voice: {garbage}") from garbage
    if rate != SAMPLE_RATE or not len(samples):
        raise VoiceUnavailable(f"expected sound at {SAMPLE_RATE} Hz, found {len(samples)} samples at {rate}")
    mono: Samples = samples.mean(axis=1)
    return mono


def _timed(
    stretch: Stretch, audio: Samples, boundaries: list[_Boundary], text: str
) -> tuple[Samples, list[TimedPhone], list[Span]]:
    """Trimmed samples, phones and a span for each sounding: our phones are spread over the service's words."""
    silences = hushes(audio)
    first, final = kept_part(silences, stretch.soundings[-1].symbols, len(audio))
    offset, seconds = first / SAMPLE_RATE, (final - first) / SAMPLE_RATE
    places, times = _anchors(boundaries, text, (silences[0][1], silences[-1][0]))
    base = stretch.soundings[0].start

    def at(place: int) -> float:
        return float(np.clip(np.interp(place - base, places, times) - offset, 0.0, seconds))

    phones: list[TimedPhone] = []
    spans: list[Span] = []
    clock = 0.0
    for sounding in stretch.soundings:
        start, end = at(sounding.start), at(sounding.end)
        spans.append((start, end))
        if not sounding.word or end <= start:
            continue
        if start > clock:
            phones.append(("sil", clock, start))
        symbols = [match[0].strip("ˈˌ") for match in PHONE.finditer(sounding.symbols)]
        weights = np.array([2.0 if symbol[0] in VOWELS else 1.0 for symbol in symbols])
        edges = start + np.concatenate(([0.0], np.cumsum(weights / weights.sum()))) * (end - start)
        phones += [(symbol, float(edges[i]), float(edges[i + 1])) for i, symbol in enumerate(symbols)]
        clock = end
    phones.append(("sil", clock, seconds))
    quiet = [(max(0.0, a - offset), min(seconds, b - offset)) for a, b in silences]
    return audio[first:final], rested(hushed(phones, quiet)), heard(spans, quiet)


def _anchors(boundaries: list[_Boundary], text: str, sounding: Span) -> tuple[list[float], list[float]]:
    """Places in the text and their times, rising; without boundaries the text fills the sounding part evenly."""
    places, times = [], []
    place = 0
    for boundary in boundaries:
        found = text.find(boundary.text, place)
        if found < 0:
            continue  # the service words some signs its own way; its neighbours hold the time
        place = found + len(boundary.text)
        places += [float(found), float(place) - 0.001]
        times += [boundary.start, boundary.end]
    if not places:
        return [0.0, float(len(text))], list(sounding)
    return places, times
