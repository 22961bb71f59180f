"""The pusher: a process of its own that draws a room and sends it to an ingest; `python -m app.film.pusher`.

It reads app.film.pipe's frames and leaves when they end. One thread reads, this one owns the clock. When the ingest
goes, a new container is opened with growing pauses; what was said meanwhile is not sent late.
"""

import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import cv2

from app.errors import Unavailable, ZhuboError
from app.film.output import FPS, Output
from app.film.picture import Picture
from app.film.pipe import Health, Order, frames
from app.film.plates import Setting
from app.film.pump import Pump, take
from app.film.viewer import RATE, Viewer

BEHIND = 0.4  # seconds the stream runs behind the studio: clips are sent 0.15 s ahead and the pipe takes its time
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before an ingest that went is tried again
STEADY = 20.0  # seconds on the line after which the pauses start from the first again
TELL_EVERY = 1.0  # seconds
LATE = 8.0  # seconds of sound behind, after which a new connection is better than an ever later stream
QUEUE = 4_000  # frames waiting to be drawn; a pusher that is behind by more has lost its show and ends

Waiting = queue.Queue[tuple[float, str | bytes] | None]


class Pusher:
    """Draws and sends until the frames end. `tell` takes its health."""

    def __init__(self, order: Order, waiting: Waiting, tell: Callable[[Health], None]) -> None:
        self._order, self._waiting, self._tell = order, waiting, tell
        self._viewer = Viewer()
        setting = Setting(
            theme=order.theme,
            words=order.words,
            pictures={prefix: Path(folder) for prefix, folder in order.pictures.items()},
            public_url=order.public_url,
            show=order.show,
        )
        self._picture = Picture(order.background, setting)
        self._early: list[tuple[float, str | bytes]] = []
        self._over = False
        self._connections = 0
        self._dropped = 0

    def run(self) -> None:
        """Connect, send, and connect again, until the show is over."""
        pause = FIRST_PAUSE
        while not self._over:
            since = time.monotonic()
            try:
                self._tell(Health(state="connecting", connections=self._connections, dropped=self._dropped))
                self._send()
            except Unavailable as problem:
                pause = FIRST_PAUSE if time.monotonic() - since > STEADY else min(pause * 2, LONGEST_PAUSE)
                self._tell(
                    Health(state="waiting", problem=str(problem), connections=self._connections, dropped=self._dropped)
                )
                self._listen(time.time() + pause)
        self._tell(Health(state="ended", connections=self._connections, dropped=self._dropped))

    def _send(self) -> None:
        now = time.time() - BEHIND
        self._catch_up(now)
        self._picture.draw(self._viewer.scene(now), now)  # reads the host's atlas before anybody waits for it
        if self._over:
            return
        with Output(self._order.to, mark=self._order.mark) as output:
            begins = time.time() - BEHIND
            pump = Pump(viewer=self._viewer, draw=self._picture.draw, sink=output, begins=begins)
            try:
                self._keep_sending(pump)
            finally:
                self._dropped += pump.dropped

    def _keep_sending(self, pump: Pump) -> None:
        told, drawn = time.monotonic(), 0
        while not self._over:
            now = time.time() - BEHIND
            self._catch_up(now)
            first = pump.frames == 0
            pump.up_to(now)
            self._connections += first and pump.frames > 0  # the first picture went out: there is a line
            if time.time() - BEHIND - pump.begins - pump.samples / RATE > LATE:
                raise Unavailable("ingest: wanted it to take the stream as it is made, found it slower")
            if time.monotonic() - told >= TELL_EVERY:
                fps = (pump.frames - drawn) / (time.monotonic() - told)
                told, drawn = time.monotonic(), pump.frames
                self._tell(
                    Health(
                        state="live",
                        fps=round(fps, 1),
                        dropped=self._dropped + pump.dropped,
                        seconds=round(now - pump.begins, 1),
                        connections=self._connections,
                    )
                )
            following = pump.begins + (int((now - pump.begins) * FPS) + 1) / FPS
            self._listen(following + BEHIND)

    def _listen(self, until: float) -> None:
        """Take what comes until a moment of the real clock."""
        while not self._over and (left := until - time.time()) > 0:
            try:
                frame = self._waiting.get(timeout=left)
            except queue.Empty:
                return
            if frame is None:
                self._over = True
            else:
                self._early.append(frame)

    def _catch_up(self, moment: float) -> None:
        """Show the viewer what had come by a moment of the stream."""
        while not self._waiting.empty():
            frame = self._waiting.get_nowait()
            if frame is None:
                self._over = True
                return
            self._early.append(frame)
        while self._early and self._early[0][0] <= moment:
            arrived, frame_ = self._early.pop(0)
            take(self._viewer, frame_, arrived)


def serve(source: BinaryIO, tell: Callable[[Health], None]) -> None:
    """Push what comes down a pipe. Raises ValueError when its first frame is no order."""
    incoming = frames(source)
    _, first = next(incoming)
    waiting: Waiting = queue.Queue(maxsize=QUEUE)

    def read() -> None:
        for frame in incoming:
            waiting.put(frame)
        waiting.put(None)

    threading.Thread(target=read, name="pusher:read", daemon=True).start()
    Pusher(Order.model_validate_json(first), waiting, tell).run()


def main() -> None:
    """Run as a module: frames on standard input, health on standard output."""
    cv2.setNumThreads(1)

    def tell(health: Health) -> None:
        print(health.model_dump_json(), flush=True)

    with closing(sys.stdin.buffer) as source:
        try:
            serve(source, tell)
        except ZhuboError as problem:
            tell(Health(state="ended", problem=str(problem)))


if __name__ == "__main__":
    main()
