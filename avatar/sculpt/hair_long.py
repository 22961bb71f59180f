"""Long hair: combed from a side parting, round the face, before and behind the shoulders, in soft waves."""

from collections.abc import Callable

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d, map_coordinates

from avatar.sculpt.figure import Figure
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.mesh import Floats, triangles
from avatar.sculpt.raster import rasterise
from avatar.sculpt.scalp import STEPS, Strands, resampled, scalp_roots


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


def grow_long(figure: Figure, *, strands: int, drop: float) -> Strands:
    """Long hair with a side parting, ending `drop` metres below the eyes. All randomness comes from the look's seed."""
    look = figure.look
    random = np.random.default_rng(look.seed + 11)
    head = head_of(figure)
    sown = scalp_roots(figure, random, strands=strands, locks=260)
    roots, azimuth, parting, side = sown.points, sown.azimuth, sown.parting, sown.side
    lock, lock_noise, edge, count = sown.lock, sown.lock_noise, sown.edge, len(sown.points)
    locks = len(lock_noise)
    wall = front_wall(figure)

    inner = random.beta(1.3, 1.5, count)
    wisp = (edge > 0.35) & (np.abs(azimuth) < 0.9) & (lock_noise[lock, 3] > 0.95)
    forward = np.abs(azimuth) < np.radians(108) + 0.12 * lock_noise[lock, 2]
    end_y = head.eye_y - drop + 0.008 * lock_noise[lock, 0] + random.normal(0, 0.007, count)
    end_y = np.where(wisp, random.uniform(head.eye_y - 0.10, head.eye_y + 0.0, count), end_y)
    _, n = sown.touch(roots)
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
        q, n = sown.touch(p)
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
    phase = 2.2 * np.sin(azimuth * 1.7)[:, None] + 0.45 * lock_noise[lock, 3][:, None]
    turn = 2 * np.pi * (head.eye_y - grown[..., 1]) / 0.150 + phase
    swell = hang * (0.0125 + 0.0035 * lock_noise[lock, 4][:, None])
    grown[..., 0] += side[:, None] * swell * np.sin(turn) + 0.010 * side[:, None] * hang
    grown[..., 2] += swell * 0.8 * np.cos(turn)
    fly = random.normal(0, 1, (count, 3)) * np.where(random.random(count) < 0.04, 0.010, 0.0016)[:, None]
    grown += fly[:, None, :] * (s**1.3)[..., None]
    grown[:, 1:] = gaussian_filter1d(grown, 1.6, axis=1, mode="nearest")[:, 1:]
    tone = 1 + 0.16 * random.normal(0, 1, count) + 0.10 * lock_noise[lock, 5]
    return Strands(
        paths=grown, tone=np.clip(tone, 0.55, 1.6), width=np.where(wisp, 0.7, 1.0) * random.uniform(0.8, 1.15, count)
    )
