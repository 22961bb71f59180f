"""Rooms being pushed to an ingest: one child process a room, fed from the room's stage like any overlay page.

The ingest's address holds the platform's stream key: it goes to the child by its standard input, lives in memory only,
and nothing shows more of it than the host's name.
"""

import asyncio
import contextlib
import os
import re
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import structlog
from pydantic import ValidationError

from app.catalogue.pictures import FOLDER
from app.errors import BadInput, Conflict, NotFound
from app.events import RoomId, ShopId
from app.film.output import aigc_mark
from app.film.pipe import Health, Order, packed
from app.live.room import LiveRoom
from app.live.rooms import Rooms
from app.live.wire import Snapshot
from app.settings import Settings
from app.templates import WEB

log = structlog.get_logger()

LONGEST_ADDRESS = 1000
COME_BACK = 0.2  # seconds between looks for a room that is being taken up again
GONE_FOR = 30.0  # seconds after which a room that is not there again is over
LEAVE_WITHIN = 8.0  # seconds a pusher may take to write its end
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the voice and the model need the cores more
NICENESS = 3


def checked_ingest(address: str) -> str:
    """An address that a film can be pushed to. Raises BadInput, without repeating it: it may hold a stream key."""
    address = address.strip()
    parts = urlsplit(address)
    plain = len(address) <= LONGEST_ADDRESS and re.fullmatch(r"[\x21-\x7e]+", address)
    if not plain or parts.scheme not in ("rtmp", "rtmps") or not parts.hostname or len(parts.path) < 2:
        raise BadInput("ingest", "an address such as rtmp://host/app/key", f"one that begins with {address[:7]}")
    return address


@dataclass(slots=True)
class Push:
    """One push: whose, to which host, how it does."""

    shop: ShopId
    host: str
    task: "asyncio.Task[None]"
    health: Health


class Pushes:
    """All pushes of this studio. `argv` starts the pusher; it reads app.film.pipe's frames."""

    def __init__(self, argv: tuple[str, ...] = (sys.executable, "-m", "app.film.pusher")) -> None:
        self._argv = argv
        self._pushes: dict[RoomId, Push] = {}

    def start(
        self, rooms: Rooms, settings: Settings, words: Mapping[str, str], shop: ShopId, room: RoomId, to: str
    ) -> None:
        """Begin to push a room. Raises BadInput for the address, NotFound, and Conflict while one runs already."""
        to = checked_ingest(to)
        live = rooms.room(shop, room)
        known = self._pushes.get(room)
        if known is not None and not known.task.done():
            raise Conflict("push: wanted none of this room, found one; stop that first")
        order = order_of(live, settings, words, to)
        task = asyncio.create_task(self._run(rooms, shop, room, order), name=f"push:{room}")
        self._pushes[room] = Push(shop=shop, host=urlsplit(to).hostname or "", task=task, health=Health())

    async def stop(self, shop: ShopId, room: RoomId) -> None:
        """End a room's push, if there is one, and wait until its stream is closed."""
        push = self._pushes.get(room)
        if push is not None and push.shop == shop and not push.task.done():
            push.task.cancel()
            await asyncio.gather(push.task, return_exceptions=True)

    def of(self, shop: ShopId, room: RoomId) -> Push | None:
        """The room's push, running or ended."""
        push = self._pushes.get(room)
        return push if push is not None and push.shop == shop else None

    async def close(self) -> None:
        """End all."""
        for push in self._pushes.values():
            push.task.cancel()
        await asyncio.gather(*(push.task for push in self._pushes.values()), return_exceptions=True)

    async def _run(self, rooms: Rooms, shop: ShopId, room: RoomId, order: Order) -> None:
        child = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=WEB.parent,
            env={**os.environ, **QUIET},
            preexec_fn=lambda: os.nice(NICENESS),
        )
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - asked for pipes above
        watching = asyncio.create_task(self._watch(child.stdout, room), name=f"push:{room}:watch")
        try:
            child.stdin.write(packed(order.model_dump_json(), time.time()))
            feeding = asyncio.create_task(feed(rooms, shop, room, child.stdin), name=f"push:{room}:feed")
            try:
                await asyncio.wait({feeding, watching}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                feeding.cancel()
                await asyncio.gather(feeding, return_exceptions=True)
        finally:
            child.stdin.close()
            await _leave(child)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            push = self._pushes[room]
            problem = push.health.problem or (f"the pusher ended with {child.returncode}" if child.returncode else "")
            push.health = push.health.model_copy(update={"state": "ended", "problem": problem})

    async def _watch(self, told: asyncio.StreamReader, room: RoomId) -> None:
        while line := await told.readline():
            try:
                health = Health.model_validate_json(line)
            except ValidationError:
                log.warning("push.says", room=room, line=line[:200].decode("utf-8", "replace"))
                continue
            self._pushes[room].health = health


async def _leave(child: asyncio.subprocess.Process) -> None:
    """Wait for the child, which ends with its input; one that does not is killed."""
    try:
        await asyncio.wait_for(asyncio.shield(child.wait()), LEAVE_WITHIN)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def order_of(live: LiveRoom, settings: Settings, words: Mapping[str, str], to: str) -> Order:
    """What a pusher of this room must know."""
    plan = live.billing.plan
    return Order(
        to=to,
        mark=aigc_mark(producer=plan.shop, produced=live.billing.room),
        background=plan.background,
        theme=plan.theme,
        words=dict(words),
        pictures=picture_folders(settings),
        public_url=settings.public_url,
        show=plan.id,
    )


def picture_folders(settings: Settings) -> dict[str, str]:
    """Where the goods' pictures lie, by the beginning of their address."""
    folders: dict[str, Path] = {
        "/static/pictures/": settings.data_dir / FOLDER,
        "/static/img/": WEB / "static" / "img",
    }
    return {prefix: str(folder.absolute()) for prefix, folder in folders.items()}


async def feed(rooms: Rooms, shop: ShopId, room: RoomId, pipe: asyncio.StreamWriter) -> None:
    """Everything the room's stage shows, down a pipe, until the room is over; a room that fell is waited for."""
    gone: float | None = None
    while gone is None or time.monotonic() - gone < GONE_FOR:
        try:
            live = rooms.room(shop, room)
        except NotFound:
            if room not in {item.id for item in rooms.running(shop)}:
                return
            gone = gone or time.monotonic()
            await asyncio.sleep(COME_BACK)
            continue
        gone = None
        async with contextlib.aclosing(follow(rooms, live)) as frames:
            async for frame in frames:
                pipe.write(packed(frame, time.time()))
                await pipe.drain()
        await asyncio.sleep(COME_BACK)


async def follow(rooms: Rooms, live: LiveRoom) -> AsyncGenerator[str | bytes, None]:
    """Every frame of one run of a room; after a snapshot also the clip that is sounding."""
    seat = live.join("", 0)
    try:
        while (frame := await seat.take()) is not None:
            yield frame
            if isinstance(frame, str) and '"type":"snapshot"' in frame[:200]:
                speech = Snapshot.model_validate_json(frame).speech
                sound = rooms.aired.sound(PurePosixPath(speech.clip).stem) if speech is not None else None
                if sound is not None:
                    yield sound
    finally:
        live.leave(seat)
