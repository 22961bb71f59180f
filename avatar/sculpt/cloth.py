"""Clothes: a relaxed shell over the body for the jacket, another for the top; lapels, seams and folds as height."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from avatar.sculpt.figure import Figure
from avatar.sculpt.light import Picture, linear
from avatar.sculpt.mesh import Floats, Ints, laplacian, subdivide, triangles, vertex_normals
from avatar.sculpt.paint import noise, smoothstep
from avatar.sculpt.raster import Camera, interpolate, rasterise


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A relaxed surface over the body: points, faces, normals."""

    points: Floats
    tris: Ints
    normals: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Drape:
    """One garment on the picture: coverage, position, bent normals, albedo and how it shines."""

    cover: Picture  # (H, W)
    position: Picture  # (H, W, 3)
    normal: Picture  # (H, W, 3)
    albedo: Picture  # (H, W, 3)
    hollow: Picture  # (H, W) ambient light share left by folds and edges
    rough: float
    gloss: float


def shell(figure: Figure, *, offset: float, relax: int) -> Shell:
    """Trunk and arms of the resting body, relaxed and moved out by `offset` metres."""
    skin = figure.base[:13380]
    quads = figure.body.quads[(figure.body.quads < 13380).all(axis=1)]
    at = skin[quads].mean(axis=1)
    keep = (at[:, 1] < figure.neck[1] + 0.02) & (at[:, 1] > figure.chest[1] - 0.42)
    used, local = np.unique(quads[keep], return_inverse=True)
    faces = local.reshape(-1, 4)
    points = skin[used]
    pull = laplacian(faces, len(points))
    high = np.clip((figure.chest[1] + 0.055 - points[:, 1]) / 0.03, 0, 1)[:, None]
    for _ in range(relax):
        points = points + 0.6 * high * (pull @ points - points)
    normals = vertex_normals(skin[used], faces)
    short = offset - ((points - skin[used]) * normals).sum(axis=1, keepdims=True)
    points = points + normals * np.clip(short, 0, None)  # relaxing shrinks: never closer to the skin than the offset
    for _ in range(6):
        points = points + 0.5 * high * (pull @ points - points)
    short = 0.6 * offset - ((points - skin[used]) * normals).sum(axis=1, keepdims=True)
    points = points + normals * np.clip(short, 0, None)
    finer = subdivide(faces, len(points))
    smooth = finer.apply(points)
    return Shell(points=smooth, tris=triangles(finer.quads), normals=vertex_normals(smooth, finer.quads))


def inside(x: Picture, y: Picture, outline: list[tuple[float, float]], metre: float) -> Picture:
    """Signed distance (H, W) in metres to a smooth closed outline, positive inside; x, y in metres."""
    ring = np.array([*outline, outline[0]])
    low = ring.min(axis=0) - 0.02
    size = np.ceil((ring.max(axis=0) + 0.02 - low) * metre).astype(int)
    mask = np.zeros((size[1], size[0]), dtype=np.uint8)
    cv2.fillPoly(mask, [np.round((ring - low) * metre * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    full = (mask > 127).astype(np.uint8)
    near = cv2.distanceTransform(full, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - full, cv2.DIST_L2, 5)
    near = cv2.GaussianBlur(near, (0, 0), 1.2) / metre
    u, v = ((x - low[0]) * metre).astype(np.float32), ((y - low[1]) * metre).astype(np.float32)
    return cv2.remap(near.astype(np.float32), u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-0.02)


def spline(points: list[tuple[float, float]], count: int = 80) -> list[tuple[float, float]]:
    """A smooth open line through points given from low to high parameter."""
    p = np.array(points)
    t = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    at = np.linspace(0, t[-1], count)
    return list(
        zip(PchipInterpolator(t, p[:, 0])(at).tolist(), PchipInterpolator(t, p[:, 1])(at).tolist(), strict=True)
    )


class Wardrobe:
    """The host's jacket and top, ready to be laid on any crop of the picture."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.pit = float(figure.chest[1]) + 0.045  # height of the notch between the collar bones
        self.jacket = shell(figure, offset=0.012, relax=34)
        self.top = shell(figure, offset=0.005, relax=22)
        shoulder = figure.base[figure.body.groups["joint-l-shoulder"]].mean(axis=0)
        self.shoulder = (float(shoulder[0]), float(shoulder[1]))

    def _pixels(self, cloth: Shell, camera: Camera, width: int, height: int) -> tuple[Picture, Picture, Picture]:
        hits = rasterise(camera.project(cloth.points), cloth.tris, width, height)
        normal = interpolate(hits, cloth.tris, cloth.normals)
        normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
        return hits.covered.astype(np.float32), interpolate(hits, cloth.tris, cloth.points), normal

    @staticmethod
    def _bent(normal: Picture, height: Picture, metre: float) -> Picture:
        """Normals tilted by a height field in metres."""
        slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8 * metre
        slope_y = -cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8 * metre
        out = normal - np.stack([slope_x, slope_y, np.zeros_like(slope_x)], axis=-1) * np.clip(normal[..., 2:], 0.2, 1)
        return (out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-6)).astype(np.float32)

    def _folds(self, x: Picture, y: Picture) -> Picture:
        """Height (metres) of the jacket's folds: from the armpits, at the elbows, long soft ones down the front."""
        sx, sy = self.shoulder
        ax = np.abs(x) + 0.004 * np.sign(x) * np.sin(y * 23)
        pit_x, pit_y = sx - 0.020, sy - 0.085
        dx, dy = ax - pit_x, y - pit_y
        r, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
        ray = np.sin(angle * 9 + 2.0 * np.sin(r * 34 + np.sign(x)) + 0.8 * np.sign(x))
        height = 0.0020 * ray * np.exp(-(((r - 0.045) / 0.055) ** 2)) * smoothstep(0.004, 0.03, r)
        arm = smoothstep(sx + 0.004, sx + 0.022, ax)
        sweep = np.sin((y + 0.55 * ax) * 105 + 1.9 * np.sin(y * 31 + x * 9) + 1.2 * np.sin(ax * 60))
        height += 0.0017 * arm * sweep * smoothstep(sy - 0.04, sy - 0.14, y)
        front = 1 - arm
        height += (
            0.0016
            * front
            * np.sin(ax * 62 + 1.4 * np.sin(y * 17 + x * 7) - y * 14)
            * smoothstep(sy - 0.02, sy - 0.16, y)
        )
        height += (
            0.0012
            * front
            * np.sin((y * 0.9 - ax * 0.7) * 70 + 2 * np.sin(ax * 25))
            * np.exp(-(((y - sy + 0.16) / 0.06) ** 2))
        )
        return height.astype(np.float32)

    def drape_top(self, camera: Camera, width: int, height: int) -> Drape:
        """The inner top: a soft scooped neckline with a fine rolled edge and satin folds."""
        cover, at, normal = self._pixels(self.top, camera, width, height)
        x, y = at[..., 0], at[..., 1]
        ax = np.abs(x)
        rise = 0.10 * np.clip(ax / 0.072, 0, 2) ** 2.3
        line = self.pit + np.minimum(rise - self.figure.look.neckline, 0.038)
        below = line - y
        rolled = 0.0013 * np.exp(-(((below - 0.0022) / 0.0019) ** 2))
        sag = below + 0.30 * ax
        folds = (
            0.0011
            * np.sin(sag * 150 + 1.6 * np.sin(x * 24 + y * 9))
            * smoothstep(0.012, 0.05, below)
            * np.exp(-((ax / 0.06) ** 2))
        )
        folds += 0.0007 * np.sin(x * 120 + 2.0 * np.sin(y * 25) + y * 40) * smoothstep(0.02, 0.08, below)
        edge = smoothstep(-0.0002, 0.0004, below)
        bent = self._bent(normal, (rolled + folds).astype(np.float32), camera.scale)
        albedo = np.broadcast_to(linear(self.figure.look.shirt), (height, width, 3)).astype(np.float32)
        seam = np.exp(-(((below - 0.0056) / 0.0005) ** 2))
        hollow = (1 - 0.25 * seam) * (1 - 0.12 * np.clip(-folds / 0.0015, 0, 1))
        return Drape(
            cover=cover * edge,
            position=at,
            normal=bent,
            albedo=albedo,
            hollow=hollow.astype(np.float32),
            rough=0.42,
            gloss=0.5,
        )

    def drape_jacket(self, camera: Camera, width: int, height: int) -> Drape:
        """The jacket: deep V front, notched lapels with thickness, sleeve seams and folds."""
        cover, at, normal = self._pixels(self.jacket, camera, width, height)
        x, y = at[..., 0], at[..., 1] - self.pit
        metre = 2400.0
        fold = spline(
            [(0.066, 0.075), (0.062, 0.030), (0.052, -0.035), (0.030, -0.130), (-0.004, -0.232), (-0.008, -0.30)]
        )
        outer_lapel = spline([(0.1120, -0.050), (0.098, -0.100), (0.062, -0.175), (0.016, -0.240), (0.004, -0.30)])
        collar_edge = spline([(0.084, 0.075), (0.0905, 0.035), (0.0995, -0.012)])
        lapel = [*fold, *outer_lapel[::-1], (0.1170, -0.0335), (0.0870, -0.0210), (0.0665, 0.0)]
        collar = [*fold[:22], (0.0695, -0.0075), (0.0880, -0.0195), *collar_edge[::-1]]
        v_right = [*fold, (-0.30, -0.30), (-0.30, 0.075)]
        opening = np.minimum(inside(x, y, v_right, metre / 3), inside(-x, y, v_right, metre / 3))
        left_over = smoothstep(-0.0004, 0.0004, x)
        lap = np.maximum(inside(x, y, lapel, metre), inside(-x, y, lapel, metre))
        col = np.maximum(inside(x, y, collar, metre), inside(-x, y, collar, metre))
        slab = smoothstep(-0.0006, 0.0011, lap) * 0.0024
        slab = np.maximum(slab, smoothstep(-0.0006, 0.0011, col) * 0.0034)
        roll = 0.0030 * np.exp(-((np.clip(-opening, 0, 1) / 0.006) ** 2))
        on_lapel = np.maximum(smoothstep(-0.001, 0.001, lap), smoothstep(-0.001, 0.001, col))
        ax = np.abs(x)
        sx, sy = self.shoulder
        seam_line = sx + 0.004 - 0.016 * np.clip((sy - at[..., 1]) / 0.10, -0.4, 1) ** 2
        seam = np.exp(-(((ax - seam_line) / 0.0012) ** 2)) * smoothstep(sy - 0.115, sy - 0.09, at[..., 1])
        dart = (
            np.exp(-(((ax - 0.078 - 0.05 * (at[..., 1] - sy)) / 0.0012) ** 2))
            * smoothstep(sy - 0.10, sy - 0.13, at[..., 1])
            * (1 - on_lapel)
        )
        pad = 0.0015 * smoothstep(0.004, 0.0, ax - seam_line) * smoothstep(-0.012, -0.002, ax - seam_line)
        relief = slab + roll + self._folds(x, at[..., 1]) * (1 - 0.75 * on_lapel) + pad - 0.0009 * (seam + dart)
        relief += 0.00010 * noise(x.shape, 1.0, self.figure.look.seed) * 0.35
        bent = self._bent(normal, relief.astype(np.float32), camera.scale)
        mm = camera.scale / 1000
        down = np.array([[1, 0, 1.6 * mm], [0, 1, 2.2 * mm]], dtype=np.float32)
        cast = cv2.warpAffine(cv2.GaussianBlur(on_lapel, (0, 0), 1.7 * mm), down, (width, height)) * (1 - on_lapel)
        step = smoothstep(-0.0003, 0.0006, col) * (1 - smoothstep(0.0, 0.0025, col))
        gorge = np.exp(-((col / 0.0007) ** 2)) * on_lapel
        stitch_at = np.where(col > 0, col, lap)
        stitch = np.exp(-(((stitch_at - 0.0042) / 0.0004) ** 2)) * (np.sin((x + y) * 2600) > -0.2) * on_lapel
        hollow = (
            (1 - 0.42 * cast)
            * (1 - 0.45 * seam)
            * (1 - 0.35 * dart)
            * (1 - 0.45 * gorge)
            * (1 - 0.16 * stitch)
            * (1 - 0.06 * step)
        )
        weave = (
            1
            + 0.018 * noise(x.shape, 0.8, self.figure.look.seed + 3)
            + 0.020 * noise(x.shape, 14.0, self.figure.look.seed + 4)
        )
        albedo = linear(self.figure.look.cloth) * weave[..., None]
        closed_left = smoothstep(-0.0003, 0.0005, -inside(x, y, v_right, metre / 3))
        closed_right = smoothstep(-0.0003, 0.0005, -inside(-x, y, v_right, metre / 3))
        edge = np.maximum(closed_left * np.maximum(left_over, 0), closed_right * (1 - left_over))
        edge = np.maximum(edge, np.minimum(closed_left, closed_right))
        edge *= smoothstep(0.046, 0.041, y)
        return Drape(
            cover=cover * edge,
            position=at,
            normal=bent,
            albedo=albedo.astype(np.float32),
            hollow=hollow.astype(np.float32),
            rough=0.62,
            gloss=0.35,
        )

    def drapes(self, camera: Camera, width: int, height: int) -> tuple[Drape, ...]:
        """What is worn, innermost first."""
        return self.drape_top(camera, width, height), self.drape_jacket(camera, width, height)


def contact(cover: NDArray[np.float32], mm: float) -> Picture:
    """Shadow (H, W), 1 dark, that a garment's edge throws on what lies under it."""
    soft = cv2.GaussianBlur(cover, (0, 0), 2.6 * mm)
    shift = np.array([[1, 0, 1.4 * mm], [0, 1, 1.8 * mm]], dtype=np.float32)
    moved = cv2.warpAffine(soft, shift, (cover.shape[1], cover.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(0.55 * moved * (1 - cover), dtype=np.float32)
