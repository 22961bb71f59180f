"""Hair: thousands of strands grown from the scalp, combed from a parting, lit and drawn one by one."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, map_coordinates
from scipy.spatial import cKDTree

from avatar.sculpt.details import BITS
from avatar.sculpt.figure import Figure, unit
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.light import LAMPS, Picture, encoded, linear, unit3
from avatar.sculpt.mesh import Floats, triangles, vertex_normals
from avatar.sculpt.paint import smoothstep
from avatar.sculpt.raster import Camera, rasterise

STEPS = 56
CELL = 0.004  # metres; edge of one cell of the shadow volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Grown hair: paths (S, STEPS, 3) in metres, per-strand tone about 1 and thickness factor."""

    paths: Floats
    tone: Floats
    width: Floats


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


def ear_points(figure: Figure) -> NDArray[np.bool_]:
    """Which skin points (13380,) belong to the ears: those the ear targets move."""
    moved = np.zeros(13380, dtype=bool)
    for name in ("scale-incr", "flap-decr", "lobe-decr", "rot-forward"):
        moved |= np.linalg.norm(unit(f"ears/l-ear-{name}")[:13380], axis=1) > 2e-5
    return moved


def front_wall(figure: Figure) -> Callable[[Floats, Floats], Floats]:
    """A smooth height map of the chest and shoulders: (x, y) to the z their front stands at."""
    metre, width, height = 400.0, 320, 400
    top = figure.neck[1] + 0.01
    skin = figure.base[:13380]
    quads = figure.body.quads[(figure.body.quads < 13380).all(axis=1)]
    quads = quads[skin[quads][:, :, 1].max(axis=1) < top]
    flat = np.stack([skin[:, 0] * metre + width / 2, (top - skin[:, 1]) * metre, skin[:, 2]], axis=1)
    depth = rasterise(flat, triangles(quads), width, height, both_sides=True).depth
    field = np.where(np.isfinite(depth), depth, -0.12).astype(np.float32)
    field = cv2.GaussianBlur(cv2.dilate(field, np.ones((7, 7), np.uint8)), (0, 0), 6.0)

    def wall(x: Floats, y: Floats) -> Floats:
        at = np.stack([(top - y) * metre, x * metre + width / 2])
        return np.asarray(map_coordinates(field, at, order=1, mode="nearest"))

    return wall


def resampled(paths: Floats) -> Floats:
    """Strands (S, K, 3) that stopped at different lengths to STEPS evenly spaced points each."""
    gap = np.linalg.norm(np.diff(paths, axis=1), axis=-1)
    run = np.concatenate([np.zeros((len(paths), 1)), np.cumsum(gap, axis=1)], axis=1)
    out = np.empty((len(paths), STEPS, 3))
    even = np.linspace(0, 1, STEPS)
    for i in range(len(paths)):
        for k in range(3):
            out[i, :, k] = np.interp(even * run[i, -1], run[i], paths[i, :, k])
    return out


def grow(figure: Figure, *, strands: int, drop: float) -> Strands:
    """Grow hair with a side parting, ending `drop` metres below the eyes. All randomness comes from the look's seed."""
    look = figure.look
    random = np.random.default_rng(look.seed + 11)
    head = head_of(figure)
    skin_quads = figure.body.quads[(figure.body.quads < 13380).all(axis=1)]
    skin = figure.base[:13380]
    normals = vertex_normals(skin, skin_quads)
    corner = skin[skin_quads]
    middle = corner.mean(axis=1)
    area = np.linalg.norm(np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1]), axis=1)
    ear = ear_points(figure)[skin_quads].any(axis=1)
    scalp = np.flatnonzero((head.inside(middle) > -0.002) & (middle[:, 1] > head.eye_y - 0.09) & ~ear)
    visible = 0.35 + (middle[scalp, 2] > head.centre[2] - 0.03) * 1.0 + (head.inside(middle[scalp]) < 0.03) * 0.8
    chosen = random.choice(scalp, size=strands, p=(area[scalp] * visible) / (area[scalp] * visible).sum())
    st = random.random((strands, 2))
    c = corner[chosen]
    roots = (
        c[:, 0] * ((1 - st[:, :1]) * (1 - st[:, 1:]))
        + c[:, 1] * (st[:, :1] * (1 - st[:, 1:]))
        + c[:, 2] * (st[:, :1] * st[:, 1:])
        + c[:, 3] * ((1 - st[:, :1]) * st[:, 1:])
    )
    roots = roots[head.inside(roots) > random.exponential(0.0048, len(roots)) - 0.0015]
    count = len(roots)
    azimuth = np.arctan2(roots[:, 0], roots[:, 2] - head.centre[2])
    back = np.clip((head.centre[2] - 0.01 - roots[:, 2]) / 0.06, 0, 1)
    parting = look.parting * (1 - 0.6 * back) + 0.0012 * np.sin(roots[:, 2] * 260)
    side = np.where(roots[:, 0] >= parting + random.normal(0, 0.0014, count), 1.0, -1.0)

    locks = 260
    seeds = roots[random.choice(count, locks, replace=False)]
    _, lock = cKDTree(seeds * [1.4, 1.0, 1.0]).query(roots * [1.4, 1.0, 1.0])
    lock_noise = random.normal(0, 1, (locks, 6))
    bare = np.flatnonzero(~ear_points(figure))
    tree = cKDTree(skin[bare])
    wall = front_wall(figure)

    inner = random.beta(1.3, 1.5, count)
    edge = np.exp(-np.clip(head.inside(roots), 0, None) / 0.012)
    wisp = (edge > 0.35) & (np.abs(azimuth) < 0.9) & (lock_noise[lock, 3] > 0.95)
    forward = np.abs(azimuth) < np.radians(108) + 0.12 * lock_noise[lock, 2]
    end_y = head.eye_y - drop + 0.008 * lock_noise[lock, 0] + random.normal(0, 0.007, count)
    end_y = np.where(wisp, random.uniform(head.eye_y - 0.10, head.eye_y + 0.0, count), end_y)
    _, at = tree.query(roots)
    n = normals[bare[at]]
    away = np.exp(-np.abs(roots[:, 0] - parting) / 0.03)
    start = np.stack(
        [side * (0.55 + 0.55 * away), np.full(count, 0.35), np.where(np.abs(azimuth) < 1.2, -0.30, -0.5)], axis=1
    )
    start[:, 2] += 0.28 * edge * (np.abs(azimuth) < 0.8)
    v = start - n * (start * n).sum(1, keepdims=True) + 0.55 * n
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    p = roots.copy()
    paths = [p.copy()]
    wide = 0.0655 * look.head_scale + 0.003 * lock_noise[lock, 1]
    step = 0.006
    alive = np.ones(count, dtype=bool)
    for k in range(1, 110):
        travelled = step * k
        v = v + (step / 0.045) * np.array([0.0, -1.0, 0.0])
        v /= np.linalg.norm(v, axis=1, keepdims=True)
        before = p
        p = p + v * step
        _, at = tree.query(p)
        q, n = skin[bare[at]], normals[bare[at]]
        gap = ((p - q) * n).sum(1)
        head_share = np.clip((p[:, 1] - (head.eye_y - 0.075)) / 0.03, 0, 1)
        rise = min(travelled / 0.05, 1.0)
        round_ear = (
            0.003 * np.exp(-(((p[:, 1] - head.eye_y + 0.012) / 0.05) ** 2)) * (np.abs(p[:, 2] - head.centre[2]) < 0.05)
        )
        want = (0.003 + 0.019 * inner + round_ear) * rise + 0.0015
        push = np.clip(want - gap, 0, 0.006) * head_share
        hug = np.clip(gap - want, 0, 0.02) * 0.30 * head_share
        p = p + n * (push - hug)[:, None]
        t = np.clip((head.hairline_y + 0.012 - p[:, 1]) / 0.088, 0, 1)
        open_to = look.parting + side * ((wide - side * look.parting) * t**0.78)
        ahead = np.clip((p[:, 2] - head.centre[2] - 0.015) / 0.02, 0, 1)
        relax = np.where(wisp, 0.010 + 0.014 * np.abs(lock_noise[lock, 2]), 0.0)
        tuck = 0.010 * np.clip((head.eye_y - 0.055 - p[:, 1]) / 0.07, 0, 1)
        short = np.clip((open_to - side * (relax + tuck) - p[:, 0]) * side, 0, 0.006) * ahead * (t > 0)
        p[:, 0] += side * short
        # Below the jaw: front hair slides before the shoulder, back hair behind it; both keep near the neck.
        below = np.clip((head.eye_y - 0.075 - p[:, 1]) / 0.05, 0, 1)
        ax = p[:, 0] * side
        outer = 0.106 + 0.020 * inner
        p[:, 0] -= side * np.clip(ax - outer, 0, 0.02) * 0.06 * below
        p[:, 0] += side * np.clip(0.050 + 0.012 * inner - ax, 0, 0.02) * 0.12 * below * forward
        face = wall(p[:, 0], p[:, 1] - 0.012) + 0.010 + 0.016 * inner
        p[:, 2] += np.where(forward, np.clip(face - p[:, 2], 0, 0.012) * 0.55, 0.0) * below
        behind = -0.045 - 0.03 * inner
        p[:, 2] += np.where(forward, 0.0, np.clip(behind - p[:, 2], -0.01, 0.0) * 0.25) * below
        p = np.where(alive[:, None], p, before)
        moved = p - before
        v = np.where(
            alive[:, None], 0.6 * v + 0.4 * moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), v
        )
        v /= np.linalg.norm(v, axis=1, keepdims=True)
        alive &= p[:, 1] > end_y
        paths.append(p.copy())
        if not alive.any():
            break
    grown = resampled(np.stack(paths, axis=1))

    s = np.linspace(0, 1, STEPS)[None, :]
    leader = np.zeros((locks, STEPS, 3))
    np.add.at(leader, lock, grown)
    leader /= np.maximum(np.bincount(lock, minlength=locks), 1)[:, None, None]
    pull = (0.62 * np.clip((s - 0.12) / 0.6, 0, 1) ** 0.9) * np.where(wisp, 0.35, 1.0)[:, None]
    same = np.clip((0.06 - np.linalg.norm(grown - leader[lock], axis=-1)) / 0.03, 0, 1)
    grown = grown + (pull * same)[..., None] * (leader[lock] - grown)

    hang = np.clip((head.eye_y - 0.035 - grown[..., 1]) / 0.16, 0, 1)
    phase = 2.2 * np.sin(azimuth * 1.7)[:, None] + 0.9 * lock_noise[lock, 3][:, None]
    turn = 2 * np.pi * (head.eye_y - grown[..., 1]) / 0.150 + phase
    swell = hang * (0.0125 + 0.0035 * lock_noise[lock, 4][:, None])
    grown[..., 0] += side[:, None] * swell * np.sin(turn) + 0.010 * side[:, None] * hang
    grown[..., 2] += swell * 0.8 * np.cos(turn)
    fly = random.normal(0, 1, (count, 3)) * np.where(random.random(count) < 0.04, 0.012, 0.0022)[:, None]
    grown += fly[:, None, :] * (s**1.3)[..., None]
    grown[:, 1:] = gaussian_filter1d(grown, 1.6, axis=1, mode="nearest")[:, 1:]
    tone = 1 + 0.16 * random.normal(0, 1, count) + 0.10 * lock_noise[lock, 5]
    return Strands(
        paths=grown, tone=np.clip(tone, 0.55, 1.6), width=np.where(wisp, 0.7, 1.0) * random.uniform(0.8, 1.15, count)
    )


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
    colour = base * tone * light * 0.95 + shine * gleam * 0.30 * strands.tone[:, None, None]
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
