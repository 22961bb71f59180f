"""The host on a server: the same atlas and the same composition as the page's player, in OpenCV."""

import json
import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from avatar.rig import Pose, tables

Pixels = NDArray[np.uint8]


def lean(pose: Pose, y: float, pivot: float, height: int) -> float:
    """Pixels a row moves to the right: the head sways and turns as one, the trunk follows less and less to the bottom.

    `y` is the row, `pivot` the row of the neck; the page's player computes the same.
    """
    turn_pixels: float = tables()["sway"]["yaw_pixels"]
    follow = min(max((height - y) / (height - pivot), 0.0), 1.0)
    follow = follow * follow * (3 - 2 * follow)
    return follow * (pose.sway_x + turn_pixels * pose.yaw) + pose.roll * max(pivot - y, 0.0)


class Painter:
    """Paints poses of one host. Reads the atlas once; `frame` touches no disk."""

    def __init__(self, host_dir: Path) -> None:
        about: dict[str, Any] = json.loads((host_dir / "host.json").read_text("utf-8"))
        self.about = about
        self._neutral = self._sheet(host_dir / "neutral.webp")
        self._mouth = self._patches(host_dir / "mouth.webp", about["mouth"])
        self._eyes = self._patches(host_dir / "eyes.webp", about["eyes"])

    @staticmethod
    def _sheet(path: Path) -> Pixels:
        sheet = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if sheet is None or sheet.ndim != 3 or sheet.shape[2] != 4:
            raise ValueError(f"wanted an RGBA picture, found {path}")
        return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_BGRA2RGBA), dtype=np.uint8)

    def _patches(self, path: Path, about: dict[str, Any]) -> list[NDArray[np.float32]]:
        sheet = self._sheet(path)
        _, _, width, height = about["rect"]
        columns = about["columns"]
        return [
            sheet[r * height : (r + 1) * height, c * width : (c + 1) * width].astype(np.float32)
            for r, c in (divmod(k, columns) for k in range(about["count"]))
        ]

    @staticmethod
    def _lay(region: NDArray[np.float32], patch: NDArray[np.float32], share: float) -> None:
        cover = patch[..., 3:] * (share / 255.0)
        region[..., :3] += (patch[..., :3] - region[..., :3]) * cover

    def _paint_mouth(self, picture: Pixels, pose: Pose) -> None:
        about = self.about["mouth"]
        x, y, width, height = about["rect"]
        region = picture[y : y + height, x : x + width].astype(np.float32)
        steps, widths = about["open"], about["width"]
        row = min(max(pose.open / (steps[1] - steps[0]), 0.0), len(steps) - 1.0)
        column = min(max((pose.width - widths[0]) / (widths[1] - widths[0]), 0.0), len(widths) - 1.0)
        r, c = min(int(row), len(steps) - 2), min(int(column), len(widths) - 2)
        v, u = row - r, column - c
        corners = (((1 - v) * (1 - u), r, c), ((1 - v) * u, r, c + 1), (v * (1 - u), r + 1, c), (v * u, r + 1, c + 1))
        laid = 0.0
        for weight, i, j in corners:
            if weight > 0.0:
                laid += weight
                self._lay(region, self._mouth[i * len(widths) + j], weight / laid)
        grid = len(steps) * len(widths)
        for weight, index in ((pose.ff, grid + 1), (pose.pp, grid)):
            if weight > 0.0:
                self._lay(region, self._mouth[index], weight)
        picture[y : y + height, x : x + width] = np.round(region)

    def _paint_eyes(self, picture: Pixels, pose: Pose) -> None:
        about = self.about["eyes"]
        x, y, width, height = about["rect"]
        region = picture[y : y + height, x : x + width].astype(np.float32)
        gazes = about["gaze"]
        look = min(range(len(gazes)), key=lambda k: abs(gazes[k] - pose.gaze))
        lids = about["lids"]
        low = min(int(pose.blink), lids - 2)
        part = min(max(pose.blink - low, 0.0), 1.0)
        self._lay(region, self._eyes[look * lids + low], 1.0)
        if part > 0.0:
            self._lay(region, self._eyes[look * lids + low + 1], part)
        picture[y : y + height, x : x + width] = np.round(region)

    def frame(self, pose: Pose) -> Pixels:
        """The host in a pose: (H, W, 4) uint8, RGBA with straight alpha, transparent background."""
        picture = self._neutral.copy()
        self._paint_eyes(picture, pose)
        self._paint_mouth(picture, pose)
        height, width = picture.shape[:2]
        strip = int(tables()["strip"])
        pivot = float(self.about["pivot_y"])
        rows = np.arange(height, dtype=np.float32)
        lift = pose.breath + pose.sway_y
        source = (rows + 0.5 + lift) * (height / (height + lift)) - 0.5
        shift = np.array([lean(pose, (math.floor(k) + 0.5) * strip, pivot, height) for k in range(height // strip + 1)])
        at = np.interp(source, (np.arange(len(shift)) + 0.5) * strip, shift).astype(np.float32)
        map_x = np.arange(width, dtype=np.float32)[None, :] - at[:, None]
        map_y = np.broadcast_to(source.astype(np.float32)[:, None], (height, width))
        return np.asarray(
            cv2.remap(picture, map_x, np.ascontiguousarray(map_y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            dtype=np.uint8,
        )
