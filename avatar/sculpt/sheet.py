"""A contact sheet of a baked host: the whole figure, the 15 visemes and the blink, through the server's own player."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from avatar.painter import Painter
from avatar.rig import Pose, pose_at, tables

BACKDROP = np.array([238, 228, 222], dtype=np.float32)
CROP = (165, 40, 390, 500)  # x, y, width, height around the head


def over(frame: np.ndarray) -> np.ndarray:
    """An RGBA frame on the sheet's backdrop, RGB."""
    cover = frame[..., 3:].astype(np.float32) / 255
    return np.asarray(np.round(frame[..., :3] * cover + BACKDROP * (1 - cover)), dtype=np.uint8)


def contact_sheet(host: Path, out: Path) -> None:
    """Write the sheet as a picture; the format follows the file's name."""
    painter = Painter(host)
    x, y, width, height = CROP
    cells = []
    for name in tables()["visemes"]:
        spoken = pose_at([(name, 0.0, 0.4, 1.0)], 0.2, 0)
        pose = Pose(open=spoken.open, width=spoken.width, pp=spoken.pp, ff=spoken.ff)
        cells.append((name, pose))
    cells += [(f"blink {k}", Pose(blink=float(k))) for k in range(1, 5)]
    cells += [(f"gaze {g:+.1f}", Pose(gaze=g)) for g in (-1.0, 1.0)]
    tiles = []
    for name, pose in cells:
        tile = cv2.resize(
            over(painter.frame(pose))[y : y + height, x : x + width], (195, 250), interpolation=cv2.INTER_AREA
        )
        cv2.putText(tile, name, (6, 244), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (60, 50, 50), 1, cv2.LINE_AA)
        tiles.append(tile)
    grid = np.vstack([np.hstack(tiles[r : r + 7]) for r in range(0, 21, 7)])
    whole = cv2.resize(over(painter.frame(Pose())), (540, 750), interpolation=cv2.INTER_AREA)
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.hstack([whole, grid])).save(out, quality=88)
