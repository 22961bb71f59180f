"""Is the mouth in step? The opening of the rig's own mouth against the energy of the sound, and lips that must meet."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from avatar.rig import mouth_at
from avatar.speech import SAMPLE_RATE, Phone
from avatar.visemes import Viseme

STEP = 0.01  # seconds of one value
LAGS = range(-20, 21)  # steps looked at
LABIALS = frozenset(("p", "pʰ", "b", "m"))
MET = 0.5  # an opening under this counts as lips that meet

Series = npt.NDArray[np.float64]


def opening(visemes: Sequence[Viseme], seconds: float) -> Series:
    """The mouth's opening every STEP seconds, as both players compute it."""
    return np.array([mouth_at(visemes, (i + 0.5) * STEP)[0] for i in range(int(seconds / STEP))])


def energy(samples: npt.NDArray[np.float32]) -> Series:
    """The sound's level every STEP seconds, logarithmic, with a floor at -60 dB."""
    frame = round(STEP * SAMPLE_RATE)
    count = len(samples) // frame
    power = np.mean(np.square(samples[: count * frame].reshape(count, frame), dtype=np.float64), axis=1)
    level: Series = np.log10(np.sqrt(power) + 1e-3)
    return level


def likeness(mouth: Series, sound: Series) -> Series:
    """Correlation of the two for each of LAGS; a positive lag means that the mouth is late."""
    count = min(len(mouth), len(sound))
    mouth, sound = mouth[:count], sound[:count]
    found = []
    for lag in LAGS:
        left, right = (mouth[lag:], sound[: count - lag]) if lag >= 0 else (mouth[:lag], sound[-lag:])
        flat = len(left) < 20 or left.std() < 1e-6 or right.std() < 1e-6
        found.append(0.0 if flat else float(np.corrcoef(left, right)[0, 1]))
    return np.array(found)


def offset_ms(likenesses: Sequence[Series]) -> float:
    """Milliseconds by which the mouth is late over many sentences: the peak of their mean likeness, between steps."""
    mean = np.mean(likenesses, axis=0)
    peak = int(np.argmax(mean))
    shift = 0.0
    if 0 < peak < len(mean) - 1:
        before, top, after = mean[peak - 1 : peak + 2]
        shift = 0.5 * (before - after) / (before - 2 * top + after)
    return float((LAGS[peak] + shift) * STEP * 1000)


def lips(phones: Sequence[Phone], visemes: Sequence[Viseme]) -> list[float]:
    """The mouth's opening in the middle of every b, p and m."""
    return [
        mouth_at(visemes, (phone.start + phone.end) / 2)[0]
        for phone in phones
        if phone.symbol.strip("→↗↘↓ː") in LABIALS
    ]
