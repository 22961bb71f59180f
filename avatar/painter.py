"""The host on a server: the same atlas and the same composition as the page's player, in OpenCV."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from avatar.rig import Pose, tables

Pixels = NDArray[np.uint8]
Patch = tuple[NDArray[np.float32], NDArray[np.float32]]  # colour and cover, (h, w, 3) each; cover 0–1


def lean(pose: Pose, y: NDArray[np.float32], pivot: float, height: int) -> NDArray[np.float32]:
    """Pixels that rows `y` move to the right: none at the bottom, all at the neck (`pivot`), above it also by roll.

    Straight lines, so the page's player does the same with two sheared pictures.
    """
    turn: float = tables()["sway"]["yaw_pixels"] * pose.yaw
    follow = np.clip((height - y) / (height - pivot), 0.0, 1.0)
    return np.asarray(follow * (pose.sway_x + turn) + pose.roll * np.maximum(pivot - y, 0.0), dtype=np.float32)


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

    def _patches(self, path: Path, about: dict[str, Any]) -> list[Patch]:
        sheet = self._sheet(path)
        _, _, width, height = about["rect"]
        columns = about["columns"]
        cells = (
            sheet[r * height : (r + 1) * height, c * width : (c + 1) * width]
            for r, c in (divmod(k, columns) for k in range(about["count"]))
        )
        return [
            (
                np.ascontiguousarray(cell[..., :3], dtype=np.float32),
                np.repeat(cell[..., 3:].astype(np.float32) / 255, 3, axis=2),
            )
            for cell in cells
        ]

    @staticmethod
    def _lay(region: NDArray[np.float32], patch: Patch, share: float) -> None:
        colour, cover = patch
        change = cv2.multiply(cv2.subtract(colour, region), cover, scale=share)
        cv2.add(region, change, dst=region)

    def _paint_mouth(self, picture: Pixels, pose: Pose) -> None:
        about = self.about["mouth"]
        x, y, width, height = about["rect"]
        region = np.ascontiguousarray(picture[y : y + height, x : x + width, :3], dtype=np.float32)
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
        picture[y : y + height, x : x + width, :3] = np.round(region)

    def _paint_eyes(self, picture: Pixels, pose: Pose) -> None:
        about = self.about["eyes"]
        x, y, width, height = about["rect"]
        region = np.ascontiguousarray(picture[y : y + height, x : x + width, :3], dtype=np.float32)
        gazes = about["gaze"]
        look = min(range(len(gazes)), key=lambda k: abs(gazes[k] - pose.gaze))
        lids = about["lids"]
        low = min(int(pose.blink), lids - 2)
        part = min(max(pose.blink - low, 0.0), 1.0)
        self._lay(region, self._eyes[look * lids + low], 1.0)
        if part > 0.0:
            self._lay(region, self._eyes[look * lids + low + 1], part)
        picture[y : y + height, x : x + width, :3] = np.round(region)

    def frame(self, pose: Pose) -> Pixels:
        """The host in a pose: (H, W, 4) uint8, RGBA with straight alpha, transparent background."""
        picture = self._neutral.copy()
        self._paint_eyes(picture, pose)
        self._paint_mouth(picture, pose)
        height, width = picture.shape[:2]
        lift = pose.breath + pose.sway_y
        source = (np.arange(height, dtype=np.float32) + 0.5 + lift) * (height / (height + lift))
        at = lean(pose, source, float(self.about["pivot_y"]), height)
        map_x = np.arange(width, dtype=np.float32)[None, :] - at[:, None]
        map_y = np.ascontiguousarray(np.broadcast_to((source - 0.5)[:, None], (height, width)))
        return np.asarray(
            cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            dtype=np.uint8,
        )
