"""Where hair starts: roots sown over the scalp, and what grown strands are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from avatar.sculpt.figure import Figure, unit
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.mesh import Floats, Ints, vertex_normals

STEPS = 56  # points of a strand


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Grown hair: paths (S, STEPS, 3) in metres, per-strand tone about 1 and thickness factor."""

    paths: Floats
    tone: Floats
    width: Floats


def ear_points(figure: Figure) -> NDArray[np.bool_]:
    """Which skin points (13380,) belong to the ears: those the ear targets move."""
    moved = np.zeros(13380, dtype=bool)
    for name in ("scale-incr", "flap-decr", "lobe-decr", "rot-forward"):
        moved |= np.linalg.norm(unit(f"ears/l-ear-{name}")[:13380], axis=1) > 2e-5
    return moved


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """Where strands start: points (S, 3), azimuth about the skull, side of the parting ±1, the lock each belongs to."""

    points: Floats
    azimuth: Floats
    parting: Floats
    side: Floats
    lock: Ints
    lock_noise: Floats  # (locks, 6) standard normal, the same for all strands of a lock
    edge: Floats  # 1 at the hairline, fading to 0 inside
    skin: Floats  # the points hair lies on: skin without ears
    normals: Floats
    tree: cKDTree

    def touch(self, at: Floats) -> tuple[Floats, Floats]:
        """Nearest skin point and its normal for each of (S, 3) points."""
        _, near = self.tree.query(at)
        return self.skin[near], self.normals[near]


def scalp_roots(figure: Figure, random: np.random.Generator, *, strands: int, locks: int) -> Roots:
    """Sow strands over the scalp, denser in front and along the hairline, thinning out at the very border."""
    look = figure.look
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

    seeds = roots[random.choice(count, locks, replace=False)]
    _, lock = cKDTree(seeds * [1.4, 1.0, 1.0]).query(roots * [1.4, 1.0, 1.0])
    lock_noise = random.normal(0, 1, (locks, 6))
    bare = np.flatnonzero(~ear_points(figure))
    return Roots(
        points=roots,
        azimuth=azimuth,
        parting=parting,
        side=side,
        lock=np.asarray(lock),
        lock_noise=lock_noise,
        edge=np.exp(-np.clip(head.inside(roots), 0, None) / 0.012),
        skin=skin[bare],
        normals=normals[bare],
        tree=cKDTree(skin[bare]),
    )
