"""The voice as its own process: `python -m avatar.serve --socket PATH --voice DIR [--threads 2]`.

One connection is one request. The asker sends JSON {"line": {written, spoken, lang, links}, "voice": {name, speed,
level}, "priority": int} and receives {"phone": [symbol, start, end]}, {"word": [text, first, last, start, end]}, PCM
as binary messages and last {"end": "said", "ms": …}, or {"end": "failed" | "busy", "why": …}. Closing the connection
stops the work.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from avatar.kokoro import Kokoro, VoiceMissing
from avatar.line import Line, Link
from avatar.queueing import Ended, QueueFull, Request, Turns
from avatar.speech import Phone, Sound, Utterance, Voice, Word

LONGEST = 4_000  # characters of a line; ten minutes of speech
SLOWEST, FASTEST = 0.5, 2.0  # speeds the model still speaks clearly at
MOST = 1.0  # loudness units from the level that platforms ask for


class BadRequest(ValueError):
    """The first message of a connection is not a request."""


def parsed(message: str | bytes) -> Request:
    """A request from its JSON. Raises BadRequest."""
    try:
        wish: Mapping[str, Any] = json.loads(message)
        line, voice = wish["line"], wish["voice"]
        links = tuple(Link(**{name: int(link[name]) for name in Link.__dataclass_fields__}) for link in line["links"])
        request = Request(
            line=Line(written=str(line["written"]), spoken=str(line["spoken"]), lang=str(line["lang"]), links=links),
            voice=Voice(
                name=str(voice["name"]),
                speed=min(FASTEST, max(SLOWEST, float(voice.get("speed", 1.0)))),
                level=min(MOST, max(-MOST, float(voice.get("level", 0.0)))),
            ),
            priority=int(wish.get("priority", 5)),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadRequest(f"expected a line, a voice and a priority, found {wrong!r}") from wrong
    if len(request.line.spoken) > LONGEST:
        raise BadRequest(f"expected at most {LONGEST} characters, found {len(request.line.spoken)}")
    return request


def message(utterance: Utterance | Ended) -> str | bytes:
    """An utterance as it travels."""
    match utterance:
        case Sound(pcm=pcm):
            return pcm
        case Phone(symbol=symbol, start=start, end=end):
            return json.dumps({"phone": [symbol, round(start, 4), round(end, 4)]}, ensure_ascii=False)
        case Word(text=text, first=first, last=last, start=start, end=end):
            return json.dumps({"word": [text, first, last, round(start, 4), round(end, 4)]}, ensure_ascii=False)
        case Ended(outcome=outcome, ms=ms, why=why):
            return json.dumps({"end": outcome, "ms": ms, **({"why": why} if why else {})}, ensure_ascii=False)


async def answer(connection: ServerConnection, turns: Turns) -> None:
    """One connection from its request to its end."""
    try:
        request = parsed(await connection.recv())
        turns.ask(request)
    except BadRequest as wrong:
        await connection.send(message(Ended(outcome="failed", why=str(wrong))))
        return
    except QueueFull as full:
        await connection.send(message(Ended(outcome="busy", why=str(full))))
        return
    except ConnectionClosed:
        return  # the asker left before asking
    gone = asyncio.create_task(connection.wait_closed(), name="voice:gone")
    gone.add_done_callback(lambda _: turns.forget(request))
    try:
        while True:
            utterance = await request.out.get()
            await connection.send(message(utterance))
            if isinstance(utterance, Ended):
                return
    except ConnectionClosed:
        return  # the asker has heard enough; `gone` stops the work
    finally:
        turns.forget(request)
        gone.cancel()


async def serve(socket: Path, voice: Kokoro, stop: asyncio.Event) -> None:
    """Answer on the socket until `stop` is set; prints `ready` once able."""
    turns = Turns(voice)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(turns.run(), name="voice:turns")
        async with unix_serve(lambda c: answer(c, turns), str(socket), compression=None, max_size=1 << 20):
            print("ready", flush=True)
            await stop.wait()
        running.cancel()


async def _main(socket: Path, voice: Kokoro) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def watch_parent() -> None:
        while sys.stdin.buffer.read(4096):
            pass  # nothing is expected; the end of input means that the parent is gone
        with contextlib.suppress(RuntimeError):  # the loop may already be closed
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch_parent, name="voice:parent", daemon=True).start()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    await serve(socket, voice, stop)


def main() -> int:
    """Command line of the voice process; 3 when the voice's files are missing."""
    parser = argparse.ArgumentParser(prog="avatar.serve", description="Zhubo's embedded voice as a process of its own")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--voice", type=Path, required=True, help="directory with the model and voices")
    parser.add_argument("--threads", type=int, default=2)
    wish = parser.parse_args()
    try:
        voice = Kokoro(wish.voice, threads=wish.threads)
    except VoiceMissing as missing:
        print(missing, file=sys.stderr)
        return 3
    for _ in voice.speak_now(
        Line(written="好", spoken="好", lang="zh", links=()), Voice(name=voice.voices[0]), lambda: False
    ):
        continue  # the first run allocates; the first viewer should not wait for it
    wish.socket.unlink(missing_ok=True)
    os.umask(0o177)  # the socket is the owner's alone
    asyncio.run(_main(wish.socket, voice))
    wish.socket.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
