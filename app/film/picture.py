"""One frame of the film: background, host, plates. The same rig as the overlay's, drawn on the server."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import BadInput
from app.film.output import HEIGHT, WIDTH
from app.film.plates import CARD_TOP, Plates, Setting
from app.film.viewer import Scene
from app.shows.cast import HOSTS as KNOWN
from avatar.painter import Painter
from avatar.rig import HOSTS, Act, Viseme, pose_at

Frame = NDArray[np.uint8]
Stops = tuple[tuple[float, tuple[int, int, int]], ...]
BACKGROUNDS: dict[str, tuple[float, Stops]] = {
    "none": (0.22, ((0.0, (253, 246, 236)), (0.48, (241, 224, 204)), (1.0, (217, 191, 164)))),
    "studio": (0.22, ((0.0, (253, 246, 236)), (0.48, (241, 224, 204)), (1.0, (217, 191, 164)))),
    "mist": (0.20, ((0.0, (243, 248, 247)), (0.55, (216, 231, 227)), (1.0, (174, 202, 194)))),
    "night": (0.24, ((0.0, (59, 74, 90)), (0.55, (29, 39, 51)), (1.0, (14, 20, 27)))),
    "green": (0.22, ((0.0, (0, 177, 64)), (1.0, (0, 177, 64)))),
}
"""Height of the light's centre, colours by distance from it (web/static/css/overlay.css); never see-through."""


def backdrop(name: str) -> Frame:
    """The background (H, W, 3), with half a step of seeded grain so that no bands show after encoding."""
    centre, stops = BACKGROUNDS[name]
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    far = np.hypot((x / WIDTH - 0.5) / 1.2, (y / HEIGHT - centre) / 0.8)
    at = [stop for stop, _ in stops]
    colour = np.stack([np.interp(far, at, [c[k] for _, c in stops]) for k in range(3)], axis=-1)
    grain = np.random.default_rng(1).uniform(-0.5, 0.5, (HEIGHT, WIDTH, 1))
    return np.asarray(np.clip(np.round(colour + grain), 0, 255), dtype=np.uint8)


class Picture:
    """Draws scenes. The host's atlas is read when a scene first names it."""

    def __init__(self, background: str, setting: Setting) -> None:
        self._backdrop = backdrop(background)
        self._plates = Plates(setting)
        self._painter: tuple[str, Painter] | None = None

    def _painter_of(self, base: str) -> Painter:
        host = PurePosixPath(base).name
        if host not in KNOWN:
            raise BadInput("host", f"one of {', '.join(KNOWN)}", host)
        if self._painter is None or self._painter[0] != host:
            self._painter = (host, Painter(HOSTS / host))
        return self._painter[1]

    def draw(self, scene: Scene, at: float) -> Frame:
        """The frame (H, W, 3) of a scene at a moment (unix seconds); at once the picture of that very moment."""
        frame = self._backdrop.copy()
        if scene.host:
            painter = self._painter_of(scene.host)
            speech: Any = scene.speech
            visemes: Sequence[Viseme] = [] if speech is None else [tuple(v) for v in speech["visemes"]]
            act = None
            if speech is not None:
                act = Act(seconds=speech["seconds"], mood=speech["mood"], gesture=speech["gesture"])
            pose = pose_at(visemes, scene.position or 0.0, painter.about["seed"], idle=at % 86_400, act=act)
            stand(frame, painter.frame(pose))
        lang = "en" if scene.lang == "en" else "zh"
        captions = self._plates.captions(scene.speech, scene.position)
        for patch in (
            self._plates.card(scene.card, at),
            captions,
            self._plates.comment(scene.comment),
            self._plates.notice(scene.notice, CARD_TOP - 20 if captions is None else captions.y),
            self._plates.label(lang, scene.rehearsal),  # last: nothing lies over it
        ):
            if patch is not None:
                patch.lay(frame)
        return frame


def stand(frame: Frame, host: Frame) -> None:
    """Lay the host (RGBA) on the frame, its feet at the lower edge."""
    high, wide = host.shape[:2]
    y, x = HEIGHT - high, (WIDTH - wide) // 2
    part = frame[y:, x : x + wide]
    cover = cv2.cvtColor(cv2.extractChannel(host, 3), cv2.COLOR_GRAY2RGB)
    front = cv2.multiply(cv2.cvtColor(host, cv2.COLOR_RGBA2RGB), cover, scale=1 / 255)
    part[:] = cv2.add(front, cv2.multiply(part, cv2.bitwise_not(cover), scale=1 / 255))
