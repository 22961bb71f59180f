"""`zhubo film` and `zhubo push`: a show as a film, and as a stream to a platform's ingest.

Both open a studio in this process. A film is the show's rehearsal, heard at real speed first and drawn afterwards, so
that no machine is too slow for its every frame; a push is drawn while it is said, by a process of its own.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.commands.occupied import occupied
from app.commands.run import prepare, say
from app.errors import BadInput, NotFound, Unavailable
from app.events import RoomId, ShopId, ShowId
from app.film.output import FPS, Output
from app.film.picture import Picture
from app.film.pipe import Order
from app.film.plates import Setting
from app.film.pump import Pump, replay
from app.film.pushes import checked_ingest, follow, order_of
from app.film.viewer import Viewer
from app.main import create_app
from app.settings import Settings
from app.shows.service import Shows
from app.studio import Studio

SHORTEST, LONGEST = 5, 600  # seconds of a film
FIRST_WORD = 90.0  # seconds until the voice must have begun, on a busy machine
LOOK_EVERY = 0.2  # seconds between two looks at the voice
TELL_EVERY = 1.0  # seconds between two lines of a push's health
Heard = list[tuple[float, str | bytes]]


def film_command(settings: Settings, *, seconds: int, show: str | None, shop: str, out: Path) -> int:
    """Film a show's rehearsal. Without `show` the sample shop's, in a studio that is thrown away afterwards."""
    if not SHORTEST <= seconds <= LONGEST:
        raise BadInput("seconds", f"{SHORTEST} to {LONGEST}", seconds)
    if out.suffix != ".mp4":
        raise BadInput("out", "a file that ends in .mp4", out.name)
    with tempfile.TemporaryDirectory(prefix="zhubo-film-") as folder:
        if show is None:
            settings = settings.model_copy(update={"data_dir": Path(folder), "demo": True})
        prepare(settings)
        with occupied(settings.data_dir):
            order, heard = asyncio.run(_hear(settings, ShopId(shop), ShowId(show or "sample"), seconds))
    began = time.perf_counter()
    _draw(order, heard, seconds, out)
    spent = time.perf_counter() - began
    say(f"drawn at {seconds * FPS / spent:.1f} frames a second")
    print(f"{out}: {seconds} s, {out.stat().st_size / 1e6:.1f} MB")
    return 0


async def _hear(settings: Settings, shop: ShopId, show: ShowId, seconds: int) -> tuple[Order, Heard]:
    """Rehearse the show and note what a page would get, from the first word on."""
    async with _studio(settings) as studio:
        rooms = studio.rooms
        await _voice_ready(studio)
        room = await rooms.start(shop, show, rehearsal=True, duty="film")
        live = rooms.room(shop, room)
        lang = live.billing.plan.lang
        words = studio.templates.words("en" if lang == "en" else "zh", "words_overlay.json")
        order = order_of(live, settings, words, "")
        heard: Heard = []
        spoke = asyncio.Event()

        async def listen() -> None:
            async with contextlib.aclosing(follow(rooms, live)) as frames:
                async for frame in frames:
                    heard.append((time.time(), frame))
                    if isinstance(frame, bytes):
                        spoke.set()

        listening = asyncio.create_task(listen(), name="film:listen")
        try:
            say("waiting for the first word …")
            await asyncio.wait_for(spoke.wait(), FIRST_WORD)
            say(f"listening for {seconds} s …")
            await asyncio.sleep(seconds + 1)
        except TimeoutError as silent:
            raise Unavailable(f"voice: wanted the first word within {FIRST_WORD:.0f} s, found none") from silent
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await rooms.end(shop, room, "filmed")
        return order, heard


async def _voice_ready(studio: Studio) -> None:
    """Wait until the voice can speak, so that a film begins with the show's own first words."""
    deadline = time.monotonic() + FIRST_WORD
    while studio.rooms.health.get("voice") != "ok":
        if time.monotonic() > deadline:
            raise Unavailable(f"voice: wanted it ready within {FIRST_WORD:.0f} s, found it away")
        await asyncio.sleep(LOOK_EVERY)


def _draw(order: Order, heard: Heard, seconds: int, out: Path) -> None:
    setting = Setting(
        theme=order.theme,
        words=order.words,
        pictures={prefix: Path(folder) for prefix, folder in order.pictures.items()},
        public_url=order.public_url,
        show=order.show,
    )
    picture = Picture(order.background, setting)
    begins = next(at for at, frame in heard if isinstance(frame, bytes))

    def told(number: int) -> None:
        if number % (5 * FPS) == 0:
            say(f"{number // FPS} of {seconds} s drawn")

    out.parent.mkdir(parents=True, exist_ok=True)
    with Output(str(out), mark=order.mark) as output:
        replay(Pump(viewer=Viewer(), draw=picture.draw, sink=output, begins=begins), heard, seconds, told)


def push_command(settings: Settings, *, ingest: str, show: str, shop: str, rehearsal: bool, seconds: int | None) -> int:
    """Put a show on air and push it until it ends, or for `seconds`, or until Ctrl-C."""
    checked_ingest(ingest)
    prepare(settings)
    with occupied(settings.data_dir), contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_push(settings, ingest, ShopId(shop), ShowId(show), rehearsal, seconds))
    return 0


async def _push(
    settings: Settings, ingest: str, shop: ShopId, show: ShowId, rehearsal: bool, seconds: int | None
) -> int:
    async with _studio(settings) as studio:
        await _voice_ready(studio)
        room = await _start(studio, shop, show, rehearsal)
        lang = studio.rooms.room(shop, room).billing.plan.lang
        words = studio.templates.words("en" if lang == "en" else "zh", "words_overlay.json")
        studio.pushes.start(studio.rooms, settings, words, shop, room, ingest)
        push = studio.pushes.of(shop, room)
        assert push is not None  # noqa: S101 - started just above
        ends = None if seconds is None else time.monotonic() + seconds
        try:
            while not push.task.done() and (ends is None or time.monotonic() < ends):
                await asyncio.wait({push.task}, timeout=TELL_EVERY)
                health = push.health
                line = f"{health.state}  {health.seconds:7.1f} s  {health.fps:4.1f} fps  dropped {health.dropped}"
                print(f"{line}  {health.problem}".rstrip(), file=sys.stderr, flush=True)
        finally:
            await studio.pushes.stop(shop, room)
            with contextlib.suppress(NotFound):
                await studio.rooms.end(shop, room, "the push ended")
        return 1 if push.health.problem else 0


async def _start(studio: Studio, shop: ShopId, show: ShowId, rehearsal: bool) -> RoomId:
    """On air through the checklist, or as a rehearsal, which is marked as one in the picture."""
    duty = (await Shows(studio.database).plan(shop, show)).duty
    if rehearsal:
        return await studio.rooms.start(shop, show, rehearsal=True, duty=duty or "push")
    return await studio.golive.start(shop, show, duty)


@asynccontextmanager
async def _studio(settings: Settings) -> AsyncGenerator[Studio, None]:
    app = create_app(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield app.state.studio
