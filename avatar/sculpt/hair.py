"""Hair as it is seen: how strands shade one another and the face, and how they are lit and drawn one by one."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from avatar.sculpt.details import BITS
from avatar.sculpt.figure import Figure
from avatar.sculpt.hair_long import grow_long
from avatar.sculpt.hair_short import grow_short
from avatar.sculpt.hair_tied import fringe, grow_tied
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.light import LAMPS, Picture, encoded, linear, unit3
from avatar.sculpt.mesh import Floats
from avatar.sculpt.paint import smoothstep
from avatar.sculpt.raster import Camera
from avatar.sculpt.scalp import Strands

CELL = 0.004  # metres; edge of one cell of the shadow volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """How much key light hair lets through: optical depth on a grid in the lamp's own axes."""

    frame: Floats  # (3, 3) rows: right, up, toward the lamp
    low: Floats
    depth: NDArray[np.float32]

    def through(self, points: Floats, strength: float = 1.0) -> Floats:
        """Share (N,) of key light reaching the points."""
        at = ((points @ self.frame.T) - self.low) / CELL - 0.5
        return np.exp(-strength * map_coordinates(self.depth, at.T, order=1, mode="nearest"))


def shade_of(strands: Strands) -> Shade:
    """Pile up strand density along the key lamp's direction."""
    toward = unit3(LAMPS[0].toward)
    right = unit3(np.cross([0.0, 1.0, 0.0], toward))
    frame = np.stack([right, np.cross(toward, right), toward])
    at = strands.paths.reshape(-1, 3) @ frame.T
    low, high = at.min(axis=0) - 0.25, at.max(axis=0) + 0.05
    size = np.ceil((high - low) / CELL).astype(int)
    index = ((at - low) / CELL).astype(int)
    grid = np.bincount(np.ravel_multi_index(tuple(index.T), tuple(size)), minlength=int(size.prod())).reshape(size)
    dense = gaussian_filter(grid.astype(np.float32), 1.1)
    length = float(np.linalg.norm(np.diff(strands.paths, axis=1), axis=-1).mean())
    dense *= length / CELL * 0.0022 / CELL * 0.075
    above = np.cumsum(dense[:, :, ::-1], axis=2)[:, :, ::-1] - 0.5 * dense
    return Shade(frame=frame, low=low, depth=above.astype(np.float32))


def grow(figure: Figure) -> Strands:
    """The hair of a look."""
    look = figure.look
    if look.tied:
        hair = grow_tied(figure, strands=look.hair_strands)
    elif look.hair_drop > 0:
        hair = grow_long(figure, strands=look.hair_strands, drop=look.hair_drop)
    else:
        hair = grow_short(figure, strands=look.hair_strands)
    return fringe(figure, hair, reach=look.fringe) if look.fringe else hair


def comb(
    figure: Figure, strands: Strands, shade: Shade, camera: Camera, depth: Picture, *, thick: float = 0.00052
) -> NDArray[np.uint8]:
    """Draw the strands back to front: premultiplied sRGB + alpha (H, W, 4) uint8; what the body hides is left out."""
    look = figure.look
    paths = strands.paths
    a, b = paths[:, :-1], paths[:, 1:]
    middle = (a + b) / 2
    along = b - a
    along /= np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    view = np.array([0.0, 0.0, 1.0])
    head = head_of(figure)
    outward = middle - head.centre
    outward[..., 1] *= np.where(middle[..., 1] > head.centre[1], 1.0, 0.0)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-6)
    flat = middle.reshape(-1, 3)
    through = shade.through(flat, 0.9).reshape(middle.shape[:2])
    base, shine = linear(look.hair), linear(look.hair_shine)
    s = np.linspace(0, 1, a.shape[1])[None, :, None]
    tone = strands.tone[:, None, None] * (0.82 + 0.42 * s)
    light = np.zeros((*middle.shape[:2], 3))
    gleam = np.zeros_like(light)
    for lamp in LAMPS:
        toward = unit3(lamp.toward)
        lit = through if lamp.shadow else 0.45 + 0.55 * through
        sine = np.sqrt(np.clip(1 - (along @ toward) ** 2, 0, 1))
        round_off = np.clip(0.35 + 0.75 * (outward @ toward), 0.04, 1.2)
        half = unit3(toward + view)
        tilt = along @ half + 0.10 * (strands.tone[:, None] - 1.0)
        lobe = np.exp(-(((tilt + 0.06) / 0.13) ** 2))
        wide = np.exp(-(((tilt - 0.14) / 0.30) ** 2))
        colour = np.asarray(lamp.colour)
        light += (sine * lit * round_off)[..., None] * colour
        gleam += ((0.55 * lobe * lit + 0.28 * wide * lit) * round_off * sine)[..., None] * colour
    light += (0.28 + 0.5 * through)[..., None] * np.array([0.42, 0.41, 0.43])
    colour = base * tone * light * 0.95 + shine * gleam * 0.38 * strands.tone[:, None, None]
    srgb = encoded((colour * 0.9).astype(np.float32))

    pa, pb = camera.project(a.reshape(-1, 3)), camera.project(b.reshape(-1, 3))
    height, width = depth.shape
    cx, cy = (pa[:, 0] + pb[:, 0]) / 2, (pa[:, 1] + pb[:, 1]) / 2
    inside = (cx > -8) & (cy > -8) & (cx < width + 8) & (cy < height + 8)
    order = np.flatnonzero(inside)
    order = order[np.argsort(flat[order, 2], kind="stable")]
    canvas = np.zeros((height, width, 4), dtype=np.uint8)
    fa = np.round(pa[:, :2] * (1 << BITS)).astype(np.int32)
    fb = np.round((pb[:, :2] + 0.15 * (pb[:, :2] - pa[:, :2])) * (1 << BITS)).astype(np.int32)
    ink = np.clip(np.round(srgb.reshape(-1, 3) * 255), 0, 255)
    base_width = (
        strands.width[:, None] * np.interp(np.linspace(0, 1, a.shape[1]), [0, 0.75, 1], [1.0, 0.95, 0.35])[None, :]
    )
    pixels = np.maximum(np.round(base_width.reshape(-1) * thick * camera.scale), 1).astype(int)
    nearest = np.full((height, width), -10.0, dtype=np.float32)
    for i in order.tolist():
        start, end, wide = (int(fa[i, 0]), int(fa[i, 1])), (int(fb[i, 0]), int(fb[i, 1])), int(pixels[i])
        cv2.line(canvas, start, end, (*ink[i].tolist(), 255.0), wide, cv2.LINE_AA, BITS)
        cv2.line(nearest, start, end, float(flat[i, 2]), wide + 1, cv2.LINE_8, BITS)
    front = smoothstep(-0.005, -0.002, nearest - np.where(np.isfinite(depth), depth, -5.0))
    return np.asarray(np.round(canvas * front[..., None]), dtype=np.uint8)
