"""The model's socket: a websocket server on a Unix socket, one connection for one request.

The client sends one JSON request (see `wire`) and receives {"text": …} pieces and one {"end": …, "usage": …}; or
{"error": …} and the close code 1008 when the request was wrong; or the close code 1011 when we were. Closing the
connection cancels the request.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from model import delta
from model.cache import PrefixCache
from model.desk import Desk
from model.donor import TOKENIZER, sha256_of
from model.engine import Engine
from model.lexicon import Lexicon
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from model.wire import BadRequest, read_request

CONTEXT = 8192  # tokens of prompt and answer together
CACHE_BYTES = 384 << 20  # about 15,000 tokens of the donor
PATIENCE = 10.0  # seconds a connected client has to say what it wants


def build_desk(weights: Path, learned: Path | None = None) -> Desk:
    """Load everything that answering needs from a folder made by `donor.prepare`, with what was `learned` over it."""
    tokenizer = Tokenizer.load(weights / TOKENIZER)
    over = None if learned is None else delta.load(learned)
    if over is not None and over.donor != sha256_of(weights):
        raise ValueError(f"expected the donor {over.donor[:16]} under {learned}, found {sha256_of(weights)[:16]}")
    marker = Transformer.load(weights, context=CONTEXT, delta=over)
    model = marker if over is None or {"answer", "script"} <= {*over.tasks} else marker.donor()
    lexicon = Lexicon(tokenizer)
    lexicon.inside_string(b"")  # indexes the vocabulary now rather than during the first answer
    return Desk(Engine(model, tokenizer, tokenizer.ends, PrefixCache(CACHE_BYTES), marker), tokenizer, lexicon)


async def answer(connection: ServerConnection, desk: Desk) -> None:
    """Serve one connection: one request, its pieces, its end."""
    try:
        async with asyncio.timeout(PATIENCE):
            request = read_request(await connection.recv())
    except TimeoutError:
        await connection.close(CloseCode.POLICY_VIOLATION, f"expected a request within {PATIENCE:.0f} s")
        return
    except BadRequest as wrong:
        await connection.send(json.dumps({"error": str(wrong)}, ensure_ascii=False))
        await connection.close(CloseCode.POLICY_VIOLATION, "bad request")
        return
    except ConnectionClosed:
        return
    loop = asyncio.get_running_loop()
    # Holds at most one answer, which max_tokens and the schema bound.
    outbox: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    def send(message: dict[str, object]) -> None:
        loop.call_soon_threadsafe(outbox.put_nowait, message)

    job = desk.submit(request, send)
    gone = asyncio.create_task(connection.wait_closed(), name="model:client-gone")
    gone.add_done_callback(lambda _: desk.cancel(job))
    try:
        while not gone.done():
            sending = asyncio.create_task(outbox.get(), name="model:next-piece")
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                sending.cancel()
                return
            message = sending.result()
            if "broken" in message:
                await connection.close(CloseCode.INTERNAL_ERROR, str(message["broken"])[:40])
                return
            await connection.send(json.dumps(message, ensure_ascii=False))
            if "error" in message:
                await connection.close(CloseCode.POLICY_VIOLATION, "bad request")
            if "end" in message or "error" in message:
                return
    except ConnectionClosed:
        return
    finally:
        desk.cancel(job)
        gone.cancel()


async def serve(desk: Desk, socket: Path, parent_gone: asyncio.Event) -> None:
    """Answer on `socket` until `parent_gone`."""
    async with unix_serve(lambda connection: answer(connection, desk), str(socket), compression=None):
        print("ready", flush=True)  # the parent waits for this line
        await parent_gone.wait()


async def run(weights: Path, learned: Path | None, socket: Path) -> None:
    """Load, answer on `socket`, and return when standard input closes or a signal asks for it."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    desk = await asyncio.to_thread(build_desk, weights, learned)

    def watch_parent() -> None:
        # Not through sys.stdin: its lock, held here at exit, would end the process with an error on every Ctrl-C.
        while os.read(sys.stdin.fileno(), 1024):
            continue
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch_parent, name="model:parent", daemon=True).start()
    computing = threading.Thread(target=desk.run, name="model:compute", daemon=True)
    computing.start()
    try:
        await serve(desk, socket, stop)
    finally:
        desk.close()
        computing.join(timeout=5)
