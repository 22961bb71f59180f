"""Short hair: a swept top with height in front, sides and nape cut close."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from avatar.sculpt.figure import Figure
from avatar.sculpt.landmarks import head_of
from avatar.sculpt.paint import smoothstep
from avatar.sculpt.scalp import STEPS, Strands, resampled, scalp_roots


def grow_short(figure: Figure, *, strands: int) -> Strands:
    """Short hair combed up and over from a side parting. All randomness comes from the look's seed."""
    look = figure.look
    random = np.random.default_rng(look.seed + 11)
    head = head_of(figure)
    sown = scalp_roots(figure, random, strands=strands, locks=420)
    p, side, lock, noise = sown.points, sown.side, sown.lock, sown.lock_noise
    count = len(p)
    leaning = np.abs(np.sin(sown.azimuth))
    top = smoothstep(head.eye_y + 0.050, head.eye_y + 0.082, p[:, 1] - 0.020 * leaning)
    top = np.maximum(top, smoothstep(0.72, 0.45, np.abs(sown.azimuth)))  # the front hairline belongs to the top
    front = np.clip((p[:, 2] - head.centre[2] - 0.005) / 0.06, 0, 1)
    fallen = (sown.edge > 0.30) & (np.abs(sown.azimuth) < 0.75) & (noise[lock, 3] > 0.6)
    fallen &= p[:, 0] < sown.parting - 0.012
    sweep = np.where(side > 0, 0.75, -1.0)
    length = (0.020 + 0.034 * top + 0.020 * top * front) * (1 + 0.10 * noise[lock, 0] + random.normal(0, 0.06, count))
    length *= np.where(side > 0, 0.78, 1.0)
    length = np.where(fallen, 0.042 + 0.006 * noise[lock, 1], np.maximum(length, 0.010))
    inner = random.beta(1.4, 1.3, count)
    _, n = sown.touch(p)
    over = np.stack([sweep * top, 0.10 * top - 0.95 * (1 - top), -0.45 * top - 0.30 * (1 - top)], axis=1)
    over[:, 0] += 0.18 * noise[lock, 1] * top
    over[:, 2] += 0.15 * noise[lock, 2] * top
    over[fallen] = np.stack([-0.95 + 0.1 * noise[lock, 2], np.full(count, -0.55), np.full(count, 0.1)], axis=1)[fallen]
    upward = np.clip(n[:, 1:2], 0, 1) * np.where(side > 0, 0.7, 1.0)[:, None]
    lift = np.stack([0.55 * sweep * top, 0.55 * top * front, 0.30 * top * front], axis=1) * upward
    rising = (0.30 + 0.75 * top)[:, None] * upward * n + lift + 0.25 * over
    paths = [p.copy()]
    pieces = 26
    run = np.zeros(count)
    step = length / pieces
    for k in range(1, pieces + 1):
        q, n = sown.touch(p)
        gap = ((p - q) * n).sum(1)
        turned = smoothstep(0.0, 0.026, run)[:, None]
        tangent = over - n * (over * n).sum(1, keepdims=True)
        v = rising * (1 - turned) + tangent * (0.35 + 0.65 * turned)
        v /= np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-6)
        p = p + v * step[:, None]
        run = run + step
        share = k / pieces
        high = top * (1 - 0.8 * leaning**2) * np.sqrt(share)
        ceiling = 0.0045 + 0.008 * inner * np.sqrt(share) + high * (0.006 + 0.010 * inner + 0.008 * front)
        away = np.where(gap > ceiling, np.clip(ceiling - gap, -0.004, 0) * 0.6, np.clip(0.0014 - gap, 0, 0.004))
        p = p + n * away[:, None]
        paths.append(p.copy())
    grown = resampled(np.stack(paths, axis=1))
    s = np.linspace(0, 1, STEPS)[None, :]
    leader = np.zeros((len(noise), STEPS, 3))
    np.add.at(leader, lock, grown)
    leader /= np.maximum(np.bincount(lock, minlength=len(noise)), 1)[:, None, None]
    near = np.clip((0.03 - np.linalg.norm(grown - leader[lock], axis=-1)) / 0.015, 0, 1)
    grown = grown + (0.55 * s**1.2 * top[:, None] * near)[..., None] * (leader[lock] - grown)
    grown += random.normal(0, 1, (count, 3))[:, None, :] * (0.0012 * s**1.5)[..., None]
    grown[:, 1:] = gaussian_filter1d(grown, 1.5, axis=1, mode="nearest")[:, 1:]
    tone = 1 + 0.15 * random.normal(0, 1, count) + 0.10 * noise[lock, 5]
    return Strands(
        paths=grown, tone=np.clip(tone, 0.55, 1.6), width=random.uniform(0.8, 1.15, count) * (0.75 + 0.25 * top)
    )
