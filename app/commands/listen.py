"""A listener in a process of its own: what a viewer's page would hear, written down sample by sample.

`python -m app.commands.listen --url http://… --out DIR` reads one overlay code from standard input, follows the
overlay socket as the page does (clock, clips at their start time, late ones entered in the middle, cuts faded in
30 ms), and on the end of its input writes `client.wav` (24 kHz mono) and `client.jsonl` (arrivals).
"""

import argparse
import asyncio
import io
import json
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

RATE = 24_000  # Hz
FADE = 0.03  # seconds of a cut
LATE_DROP = 0.3  # seconds of a clip that must be left for it to be played at all
PINGS = 5  # at every connection
SILENCE = 10 ** (-50 / 20)  # −50 dBFS
FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0  # seconds between connections

Samples = npt.NDArray[np.float32]


@dataclass(slots=True)
class Heard:
    """One clip as it sounded: `starts` in our own unix seconds, `skip` seconds of its beginning missed."""

    line: str
    starts: float
    skip: float
    pcm: Samples
    ends: float
    cut_at: float | None = None


@dataclass(slots=True)
class Ears:
    """All that was heard, and a note of every arrival."""

    heard: list[Heard] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    offset: float = 0.0  # seconds the server's clock is ahead of ours
    epoch: str = ""
    seq: int = 0

    def note(self, kind: str, **more: object) -> None:
        """Write an arrival down."""
        self.notes.append({"t": time.time(), "kind": kind, **more})

    def play(self, speech: dict[str, Any], sound: bytes) -> None:
        """Schedule a clip as the page would."""
        arrived = time.time()
        pcm, rate = soundfile.read(io.BytesIO(sound), dtype="float32")
        if rate != RATE:
            raise ValueError(f"clip: wanted {RATE} Hz, found {rate}")
        starts = speech["starts_ms"] / 1000 - self.offset
        now = time.time()
        skip = max(0.0, now - starts)
        length = len(pcm) / RATE
        if length - skip < min(LATE_DROP, length):
            self.note("late", line=speech["line"], clause=speech["clause"], late_ms=round(skip * 1000))
            return
        self.heard.append(Heard(line=speech["line"], starts=starts + skip, skip=skip, pcm=pcm, ends=starts + length))
        loud = np.flatnonzero(np.abs(pcm[round(skip * RATE) :]) > SILENCE)
        first = starts + skip + (float(loud[0]) / RATE if len(loud) else 0.0)
        self.note(
            "clip",
            line=speech["line"],
            clause=speech["clause"],
            line_kind=speech["line_kind"],
            comment=speech["comment"],
            own_words=speech["own_words"],
            arrived=arrived,
            starts=starts + skip,
            first=first,
            ends=starts + length,
            skip_ms=round(skip * 1000),
            mouth_ms=mouth_offset(pcm, speech["visemes"]),
        )

    def cut(self, line: str) -> None:
        """Fade the line out now; what is scheduled of it is not played."""
        now = time.time()
        for item in self.heard:
            if item.line == line and item.ends > now and item.cut_at is None:
                item.cut_at = now

    def mixed(self, begins: float, ends: float) -> npt.NDArray[np.int16]:
        """The whole show as one track."""
        track = np.zeros(max(0, round((ends - begins) * RATE)), np.float32)
        for item in self.heard:
            pcm = item.pcm[round(item.skip * RATE) :].copy()
            if item.cut_at is not None:
                left = max(0, round((item.cut_at - item.starts) * RATE))
                fade = round(FADE * RATE)
                pcm = pcm[: left + fade]
                tail = pcm[left:]
                tail *= np.linspace(1, 0, fade, dtype=np.float32)[: len(tail)]
            at = round((item.starts - begins) * RATE)
            pcm, at = (pcm[-at:], 0) if at < 0 else (pcm, at)
            room = track[at : at + len(pcm)]
            room += pcm[: len(room)]
        return (np.clip(track, -1, 1) * 32_767).astype(np.int16)


def mouth_offset(pcm: Samples, visemes: Sequence[Sequence[Any]]) -> int | None:
    """Milliseconds the mouth's opening is late against the sound's energy, by their best correlation; None if flat."""
    step = RATE // 100
    frames = len(pcm) // step
    if frames < 20:
        return None
    energy = np.sqrt(np.mean(np.square(pcm[: frames * step].reshape(frames, step)), axis=1))
    opening = np.zeros(frames)
    wide = {"sil": 0.0, "PP": 0.0, "FF": 0.1, "SS": 0.3, "DD": 0.4, "nn": 0.4, "kk": 0.4, "CH": 0.3, "TH": 0.4}
    for name, start, end, weight in visemes:
        opening[round(start * 100) : round(end * 100)] = wide.get(name, 1.0) * weight
    if energy.std() < 1e-4 or opening.std() < 1e-4:
        return None
    lags = range(-15, 16)

    def likeness(lag: int) -> float:
        left, right = (opening[lag:], energy[: frames - lag]) if lag >= 0 else (opening[:lag], energy[-lag:])
        if left.std() < 1e-6 or right.std() < 1e-6:
            return -1.0
        return float(np.corrcoef(left, right)[0, 1])

    return max(lags, key=likeness) * 10


async def _follow(url: str, token: str, ears: Ears) -> None:
    """One connection after the other until cancelled."""
    address = url.replace("http", "ws", 1) + "/overlay/ws"
    wait = FIRST_WAIT
    while True:
        try:
            async with connect(address, origin=url, compression=None, max_size=4 << 20, open_timeout=5) as socket:  # type: ignore[arg-type]
                ears.note("connected")
                wait = FIRST_WAIT
                hello = {"type": "hello", "token": token, "epoch": ears.epoch, "seq": ears.seq}
                await socket.send(json.dumps(hello))
                await _hear(socket, url, ears)
        except (OSError, WebSocketException) as lost:
            ears.note("lost", why=repr(lost)[:200])
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 2)


async def _hear(socket: ClientConnection, url: str, ears: Ears) -> None:
    delays: list[tuple[float, float]] = []
    for _ in range(PINGS):
        await socket.send(json.dumps({"type": "ping", "t": time.time()}))
    speech: dict[str, Any] | None = None
    async for frame in socket:
        if isinstance(frame, bytes):
            if speech is not None:
                ears.play(speech, frame)
            speech = None
            continue
        message = json.loads(frame)
        match message["type"]:
            case "clock":
                now = time.time()
                trip = now - message["echo"]
                delays.append((trip, message["server_ms"] / 1000 - (message["echo"] + now) / 2))
                best = sorted(delays)[: max(1, len(delays) // 2)]
                ears.offset = median(offset for _, offset in best)
                continue
            case "snapshot":
                if message["epoch"] != ears.epoch:
                    for item in ears.heard:  # another run of the room: what the old one scheduled is not played
                        if item.ends > time.time() and item.cut_at is None:
                            item.cut_at = time.time()
                running = message["speech"]
                if running is not None:
                    await _fetch(url, running, ears)
            case "speech.start":
                speech = message["speech"]
            case "speech.end" if message["outcome"] != "said":
                ears.cut(message["line"])
        if message["type"] in ("snapshot", "speech.end", "recovered"):
            ears.note(message["type"], **{key: message.get(key) for key in ("line", "outcome", "seq", "recovered")})
        if message["type"] not in ("recovered", "bye"):
            ears.epoch, ears.seq = message["epoch"], message["seq"]


async def _fetch(url: str, speech: dict[str, Any], ears: Ears) -> None:
    """The clip that is sounding while we join."""
    try:
        sound = await asyncio.to_thread(_get, url + speech["clip"])
    except OSError as lost:
        ears.note("no clip", why=repr(lost)[:200])
        return
    ears.play(speech, sound)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own studio's http address
        body: bytes = answer.read()
        return body


def _token(url: str, code: str) -> str:
    request = urllib.request.Request(  # noqa: S310 - our own studio's http address
        url + "/overlay/token",
        data=json.dumps({"code": code}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        token: str = json.loads(answer.read())["token"]
        return token


async def _listen(url: str, out: Path) -> None:
    code = (await asyncio.to_thread(sys.stdin.readline)).strip()
    begins = time.time()
    token = await asyncio.to_thread(_token, url, code)
    ears = Ears()
    ears.note("begins", at=begins)
    print("listening", flush=True)
    following = asyncio.create_task(_follow(url, token, ears), name="listen")
    await asyncio.to_thread(sys.stdin.read)  # until whoever started us closes it
    ends = time.time()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    soundfile.write(out / "client.wav", ears.mixed(begins, ends), RATE, subtype="PCM_16")
    lines = (json.dumps(note, ensure_ascii=False) for note in ears.notes)
    (out / "client.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Run as a module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(_listen(arguments.url, arguments.out))


if __name__ == "__main__":
    main()
