"""The pump: one clock, on which sound goes first and the picture follows when there is time for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.film.output import FPS
from app.film.viewer import RATE, Samples, Scene, Viewer

BLOCK = 960  # samples written at once: one frame's worth, 40 ms


class Sink(Protocol):
    """Where sound and pictures go."""

    def sound(self, pcm: Samples) -> None:
        """Append samples."""
        ...

    def picture(self, rgb: NDArray[np.uint8], number: int) -> None:
        """The picture of one frame."""
        ...


Draw = Callable[[Scene, float], NDArray[np.uint8]]


@dataclass(slots=True)
class Pump:
    """Writes what `viewer` sees from `begins` on (unix seconds). The sound is never dropped, frames may be."""

    viewer: Viewer
    draw: Draw
    sink: Sink
    begins: float
    samples: int = 0
    frames: int = 0
    dropped: int = 0
    _next: int = 0

    def up_to(self, moment: float, *, every_frame: bool = False) -> None:
        """Write all sound before `moment` and the newest frame that is due; the frames missed before it are dropped.

        With `every_frame` none is dropped: call it at least once a frame's time.
        """
        while self.begins + (self.samples + BLOCK) / RATE <= moment + 1e-9:
            self.sink.sound(self.viewer.sound(self.begins + self.samples / RATE, BLOCK))
            self.samples += BLOCK
        due = int((moment - self.begins) * FPS + 1e-6)
        if due < self._next:
            return
        first = self._next if every_frame else due
        self.dropped += first - self._next
        for number in range(first, due + 1):
            at = self.begins + number / FPS
            self.sink.picture(self.draw(self.viewer.scene(at), at), number)
            self.frames += 1
        self._next = due + 1


def replay(pump: Pump, heard: Sequence[tuple[float, str | bytes]], seconds: float, told: Callable[[int], None]) -> None:
    """Write a film of what was heard (moment, message or clip), dropping no frame; `told` counts them."""
    at = 0
    for number in range(round(seconds * FPS)):
        moment = pump.begins + number / FPS
        while at < len(heard) and heard[at][0] <= moment:
            arrived, frame = heard[at]
            take(pump.viewer, frame, arrived)
            at += 1
        pump.up_to(moment, every_frame=True)
        told(number + 1)
    pump.up_to(pump.begins + round(seconds * FPS) / FPS - 1e-6, every_frame=True)


def take(viewer: Viewer, frame: str | bytes, arrived: float) -> None:
    """Give a viewer one frame of a seat: text is a message, bytes are a clip."""
    if isinstance(frame, str):
        viewer.message(frame, arrived)
    else:
        viewer.clip(frame)
