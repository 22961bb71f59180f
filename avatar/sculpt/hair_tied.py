"""Hair combed back from the face into a knot on top of the head, and a fringe for any hair."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from avatar.sculpt.figure import Figure
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.scalp import Roots, Strands, resampled, scalp_roots

KNOT = 0.033  # metres, radius of the knot
COILS = 2600  # strands that wind round it


def grow_tied(figure: Figure, *, strands: int) -> Strands:
    """Every strand lies close to the skull up to the knot. All randomness comes from the look's seed."""
    random = np.random.default_rng(figure.look.seed + 11)
    head = head_of(figure)
    sown = scalp_roots(figure, random, strands=strands, locks=300)
    p, count = sown.points, len(sown.points)
    knot = np.array([0.0, head.crown_y + 0.014, head.centre[2] - 0.022])
    inner = random.beta(1.3, 1.5, count)
    paths = [p.copy()]
    step, run = 0.005, np.zeros(count)
    _, n = sown.touch(p)
    v = 0.6 * n
    for _ in range(54):
        q, n = sown.touch(p)
        gap = ((p - q) * n).sum(1)
        toward = knot - p
        far = np.linalg.norm(toward, axis=1)
        toward /= np.maximum(far, 1e-6)[:, None]
        # Sideways hair first goes back, then up: a comb's way.
        toward[:, 2] -= 0.9 * np.clip((head.eye_y + 0.06 - p[:, 1]) / 0.05, 0, 1) * (np.abs(p[:, 0]) > 0.03)
        along = toward - n * (toward * n).sum(1, keepdims=True)
        v = 0.55 * v + 0.45 * along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
        v /= np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-6)
        moving = (far > 0.5 * KNOT)[:, None]
        p = p + np.where(moving, v * step, 0.0)
        run += step
        want = 0.0016 + (0.003 + 0.010 * inner) * np.clip(run / 0.05, 0, 1)
        p = p + n * (np.clip(want - gap, -0.004, 0.004) * moving[:, 0])[:, None]
        paths.append(p.copy())
    grown = resampled(np.stack(paths, axis=1))
    grown[:, 1:] = gaussian_filter1d(grown, 1.6, axis=1, mode="nearest")[:, 1:]
    fly = random.normal(0, 1, (count, 3)) * np.where(random.random(count) < 0.03, 0.006, 0.0009)[:, None]
    grown += fly[:, None, :] * (np.linspace(0, 1, grown.shape[1]) ** 1.3)[None, :, None]
    coils = _coils(knot + np.array([0.0, 0.018, 0.0]), random, grown.shape[1])
    tone = 1 + 0.15 * random.normal(0, 1, count) + 0.10 * sown.lock_noise[sown.lock, 5]
    coil_tone = 1 + 0.16 * random.normal(0, 1, COILS)
    return Strands(
        paths=np.concatenate([grown, coils]),
        tone=np.clip(np.concatenate([tone, coil_tone]), 0.55, 1.6),
        width=np.concatenate([random.uniform(0.8, 1.15, count), random.uniform(0.8, 1.1, COILS)]),
    )


def _coils(middle: np.ndarray, random: np.random.Generator, steps: int) -> np.ndarray:
    """Arcs on a flattened ball, wound about a leaning axis."""
    lift = random.uniform(-0.95, 0.95, COILS)[:, None]
    begin = random.uniform(0, 2 * np.pi, COILS)[:, None]
    turn = begin + np.linspace(0, 1, steps)[None, :] * random.uniform(1.2, 2.6, COILS)[:, None]
    band = lift + 0.22 * np.sin(turn * 1.5 + begin)
    ring = np.sqrt(np.clip(1 - np.clip(band, -1, 1) ** 2, 0, 1))
    radius = KNOT * random.uniform(0.90, 1.04, COILS)[:, None] * (1 + 0.05 * np.sin(7 * lift))
    ball = np.stack([ring * np.cos(turn), 0.85 * band, ring * np.sin(turn)], axis=-1) * radius[..., None]
    lean = np.radians(24)
    turned = ball @ np.array([[np.cos(lean), -np.sin(lean), 0], [np.sin(lean), np.cos(lean), 0], [0, 0, 1]]).T
    return middle + turned


def fringe(figure: Figure, hair: Strands, *, reach: float, strands: int = 3400) -> Strands:
    """The hair with a fringe over the forehead, its tips `reach` metres above the eyes."""
    random = np.random.default_rng(figure.look.seed + 23)
    head = head_of(figure)
    sown: Roots = scalp_roots(figure, random, strands=strands * 9, locks=90)
    front = (np.abs(sown.azimuth) < 0.80) & (head.inside(sown.points) < 0.034) & (head.inside(sown.points) > 0.002)
    index = np.flatnonzero(front)[:strands]
    p = sown.points[index].copy()
    lock, noise = sown.lock[index], sown.lock_noise
    tip = head.eye_y + reach + 0.0014 * noise[lock, 0] + random.normal(0, 0.0030, len(p))
    tip -= 0.030 * np.clip((np.abs(p[:, 0]) - 0.030) / 0.03, 0, 1.3)  # longer to the temples
    inner = random.beta(1.4, 1.4, len(p))
    paths = [p.copy()]
    alive = np.ones(len(p), dtype=bool)
    run = 0.0
    for _ in range(60):
        q, n = sown.touch(p)
        gap = ((p - q) * n).sum(1)
        ahead = np.stack(
            [
                0.22 * np.sign(p[:, 0]) * np.abs(p[:, 0]) / 0.05 + 0.10 * noise[lock, 1],
                np.full(len(p), -0.9),
                0.5 + 0 * inner,
            ],
            axis=1,
        )
        move = ahead - n * (ahead * n).sum(1, keepdims=True) + n * max(0.55 - run / 0.03, 0.0)
        move /= np.linalg.norm(move, axis=1, keepdims=True)
        run += 0.0022
        want = 0.0025 + (0.004 + 0.008 * inner) * min(run / 0.02, 1.0)
        after = p + 0.0022 * move + n * np.clip(want - gap, -0.0015, 0.002)[:, None]
        alive &= after[:, 1] > tip
        p = np.where(alive[:, None], after, p)
        paths.append(p.copy())
    grown = resampled(np.stack(paths, axis=1))
    s = np.linspace(0, 1, grown.shape[1])[None, :, None]
    leader = np.zeros((len(noise), grown.shape[1], 3))
    np.add.at(leader, lock, grown)
    leader /= np.maximum(np.bincount(lock, minlength=len(noise)), 1)[:, None, None]
    grown = grown + 0.45 * s**1.4 * (leader[lock] - grown)
    tone = np.clip(1 + 0.15 * random.normal(0, 1, len(grown)) + 0.10 * noise[lock, 5], 0.55, 1.6)
    return Strands(
        paths=np.concatenate([hair.paths, grown]),
        tone=np.concatenate([hair.tone, tone]),
        width=np.concatenate([hair.width, random.uniform(0.7, 1.05, len(grown))]),
    )
