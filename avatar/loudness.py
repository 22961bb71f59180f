"""Loudness of speech by ITU-R BS.1770-4 and a gain to a target without clipping."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

TARGET = -16.0  # LUFS; what live platforms level speech to
CEILING = 0.97  # of full scale
KNEE = 0.80  # above this the limiter bends
EDGE = 0.004  # seconds; clips begin and end in silence, so that none clicks against its neighbour
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_SHELF = (1681.974450955533, 3.999843853973347, 0.7071752369554196)  # Hz, dB, Q of the standard's first stage
_PASS = (38.13547087602444, 0.5003270373238773)  # Hz, Q of its second


def _k_weight(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """The K-weighted signal; the filters' magnitude is applied in the frequency domain (energy is all that counts)."""
    size = 1 << int(np.ceil(np.log2(max(2, len(samples) + rate // 10))))
    spectrum = np.fft.rfft(samples, size)
    z = np.exp(-2j * np.pi * np.arange(len(spectrum)) / size)
    centre, gain, q = _SHELF
    k, high = np.tan(np.pi * centre / rate), 10 ** (gain / 20)
    band = high**0.4996667741545416
    shelf = (high + band * k / q + k * k + 2 * (k * k - high) * z + (high - band * k / q + k * k) * z**2) / (
        1 + k / q + k * k + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z**2
    )
    centre, q = _PASS
    k = np.tan(np.pi * centre / rate)
    passed = (
        (1 - 2 * z + z**2)
        / (1 + k / q + k * k + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z**2)
        * (1 + k / q + k * k)
    )
    return np.fft.irfft(spectrum * np.abs(shelf) * np.abs(passed), size)[: len(samples)]


def loudness(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS of mono samples in ±1; -70 for silence. Gated in 400 ms blocks, 75 % overlap."""
    weighted = _k_weight(samples, rate)
    block, hop = min(len(weighted), int(0.4 * rate)), int(0.1 * rate)
    if block == 0:
        return _ABSOLUTE_GATE
    sums = np.concatenate(([0.0], np.cumsum(weighted**2)))
    starts = np.arange(0, len(weighted) - block + 1, hop)
    powers = np.maximum((sums[starts + block] - sums[starts]) / block, 1e-12)
    levels = -0.691 + 10 * np.log10(powers)
    loud = powers[levels > _ABSOLUTE_GATE]
    if not len(loud):
        return _ABSOLUTE_GATE
    gate = -0.691 + 10 * np.log10(loud.mean()) + _RELATIVE_GATE
    kept = powers[levels > max(gate, _ABSOLUTE_GATE)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def levelled(samples: Samples, rate: int, target: float = TARGET) -> Samples:
    """The samples at `target` LUFS; peaks beyond the knee are bent, never cut."""
    for _ in range(2):  # the second pass mends what the limiter took
        measured = loudness(samples, rate)
        if measured <= _ABSOLUTE_GATE:
            return samples
        samples = samples * np.float32(10 ** ((target - measured) / 20))
        size = np.abs(samples)
        room = CEILING - KNEE
        bent = KNEE + room * np.tanh((size - KNEE) / room)
        samples = np.where(size > KNEE, np.sign(samples) * bent, samples).astype(np.float32)
    return samples


def finished(samples: Samples, rate: int, target: float = TARGET) -> Samples:
    """Levelled to `target` LUFS, the first and last EDGE seconds faded from and to silence."""
    sound = levelled(samples, rate, target).copy()
    count = min(len(sound) // 2, round(EDGE * rate))
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))).astype(np.float32)
    sound[:count] *= rise
    sound[len(sound) - count :] *= rise[::-1]
    return sound
