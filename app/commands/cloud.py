"""A stand-in for the cloud voice, for rehearsals and tests: it speaks the service's protocol, well or badly, and hums.

The protocol as `edge_tts` 7.3.1 uses it: one websocket a text, first `Path:speech.config`, then `Path:ssml`; the answer
is turn.start, response, audio.metadata with word boundaries, binary messages (uint16 length of a header, the header,
MP3 bytes) and turn.end.
"""

import asyncio
import http
import io
import json
import re
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import unescape

import numpy as np
import soundfile
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

SYLLABLE = 0.25  # seconds of a hummed character
TICKS = 10_000_000  # a second of the service's offsets
FAULTS = ("403", "503", "hang", "cut", "no audio", "garbage")
_RATE = 24_000
_PIECE = 1000  # bytes of a binary message
_REMEMBERED = 64  # texts


class StandInCloud:
    """Hums SYLLABLE seconds a character; while `fault` (one of FAULTS) is set, it fails that way."""

    def __init__(self) -> None:
        self.fault = ""
        self.counts: Counter[str] = Counter()  # connections by how they were answered
        self.asked: deque[str] = deque(maxlen=_REMEMBERED)
        self.open = self.most_open = 0
        self.gate = asyncio.Event()  # cleared, answers wait
        self.gate.set()

    def check(self, connection: ServerConnection, _request: Request) -> Response | None:
        """Refuse the handshake under 403 and 503."""
        if self.fault not in ("403", "503"):
            return None
        self.counts[self.fault] += 1
        return connection.respond(http.HTTPStatus(int(self.fault)), "no\n")

    async def answer(self, connection: ServerConnection) -> None:
        """One connection."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._answer(connection)
        finally:
            self.open -= 1

    async def _answer(self, connection: ServerConnection) -> None:
        if "speech.config" not in str(await connection.recv()):
            await connection.close(1003, "wanted Path:speech.config first")
            return
        ssml = str(await connection.recv())
        text = unescape(re.sub(r"<[^>]+>", "", ssml.split("\r\n\r\n", 1)[1]))
        self.asked.append(text)
        self.counts[self.fault or "said"] += 1
        await self.gate.wait()
        if self.fault == "hang":
            await connection.wait_closed()
            return
        await connection.send("Path:turn.start\r\n\r\n{}")
        await connection.send("Path:response\r\n\r\n{}")
        for place in range(0, len(text), 2):
            await connection.send(f"Path:audio.metadata\r\n\r\n{_boundary(text, place)}")
        for piece in self._sound(text):
            header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
            await connection.send(len(header).to_bytes(2, "big") + header + piece)
            if self.fault == "cut":
                connection.transport.close()
                return
        await connection.send("Path:turn.end\r\n\r\n{}")

    def _sound(self, text: str) -> list[bytes]:
        if self.fault == "no audio":
            return []
        mp3 = b"not an mp3 at all" * 99 if self.fault == "garbage" else hum(len(text))
        return [mp3[start : start + _PIECE] for start in range(0, len(mp3), _PIECE)]


def hum(syllables: int) -> bytes:
    """MP3 of a hum that swells once a syllable, as speech does."""
    t = np.arange(round(syllables * SYLLABLE * _RATE)) / _RATE
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * t / SYLLABLE)
    buffer = io.BytesIO()
    sound = (0.3 * swell * np.sin(2 * np.pi * 220 * t)).astype(np.float32)
    soundfile.write(buffer, sound, _RATE, format="MP3", subtype="MPEG_LAYER_III")
    return buffer.getvalue()


def _boundary(text: str, place: int) -> str:
    word = text[place : place + 2]
    data = {
        "Offset": round(place * SYLLABLE * TICKS),
        "Duration": round(len(word) * SYLLABLE * TICKS),
        "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"},
    }
    return json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})


@asynccontextmanager
async def stand_in_cloud() -> AsyncGenerator[tuple[StandInCloud, str], None]:
    """A stand-in that listens on this machine, and the address to give as `edge_url`."""
    cloud = StandInCloud()
    async with serve(cloud.answer, "127.0.0.1", 0, process_request=cloud.check) as server:
        port: int = next(iter(server.sockets)).getsockname()[1]
        yield cloud, f"ws://127.0.0.1:{port}/?stand-in=1"
