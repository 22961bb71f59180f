"""Light: a soft box with soft shadows, wrapped diffuse light, a little bleeding under the skin, highlights."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from avatar.sculpt.mesh import Floats, Ints
from avatar.sculpt.raster import rasterise

Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A directional lamp: where it stands, colour times strength, how far it wraps round, whether it throws shadows."""

    toward: tuple[float, float, float]
    colour: tuple[float, float, float]
    wrap: float = 0.25
    shadow: bool = False


LAMPS = (
    Lamp(
        toward=(-0.52, 0.62, 0.95), colour=(1.62, 1.54, 1.46), wrap=0.20, shadow=True
    ),  # key: big soft box, upper left
    Lamp(toward=(0.85, 0.22, 0.80), colour=(0.52, 0.485, 0.47), wrap=0.45),  # fill
    Lamp(toward=(0.0, -0.45, 0.9), colour=(0.17, 0.155, 0.15), wrap=0.5),  # reflector under the chin
    Lamp(toward=(0.95, 0.40, -0.55), colour=(0.75, 0.72, 0.80), wrap=0.0),  # rim right
    Lamp(toward=(-0.95, 0.35, -0.65), colour=(0.55, 0.52, 0.52), wrap=0.0),  # rim left
)
SKY = (0.36, 0.355, 0.365)
GROUND = (0.17, 0.145, 0.135)


def unit3(v: tuple[float, float, float] | Floats) -> Floats:
    """A vector of length one."""
    a = np.asarray(v, dtype=np.float64)
    return a / np.linalg.norm(a)


def linear(srgb: Picture | tuple[float, float, float]) -> Picture:
    """sRGB 0–1 to linear light."""
    c = np.asarray(srgb, dtype=np.float32)
    return np.where(c <= 0.04045, c / 12.92, ((np.maximum(c, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def encoded(light: Picture) -> Picture:
    """Linear light to sRGB 0–1 with a soft shoulder so highlights never clip hard."""
    c = np.maximum(light, 0.0)
    knee = 0.72
    c = np.where(c > knee, knee + (1 - knee) * (1 - np.exp(-(c - knee) / (1 - knee))), c)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055).astype(np.float32)


class KeyShadow:
    """Shadow maps of the key lamp, a soft box: several maps from jittered positions, made once for a scene."""

    def __init__(self, points: Floats, tris: Ints, *, samples: int = 5, scale: float = 700.0) -> None:
        key = unit3(LAMPS[0].toward)
        side = unit3(np.cross(key, [0.0, 1.0, 0.0]))
        up = np.cross(side, key)
        self._maps: list[tuple[Floats, Floats, Picture]] = []
        self._scale = scale
        for k in range(samples):
            radius, angle = 0.24 * np.sqrt((k + 0.5) / samples), 2.39996 * k
            toward = unit3(key + radius * (np.cos(angle) * side + np.sin(angle) * up))
            right = unit3(np.cross([0.0, 1.0, 0.0], toward))
            frame = np.stack([right, -np.cross(toward, right), toward])
            turned = points @ frame.T
            low = turned.min(axis=0) * [1.0, 1.0, 0.0]
            at = (turned - low) * [scale, scale, 1.0] + [4.0, 4.0, 0.0]
            width, height = (int(v) + 8 for v in at[:, :2].max(axis=0))
            depth = rasterise(at, tris, width, height, both_sides=True).depth
            self._maps.append((frame, low, np.where(np.isfinite(depth), depth, -1e3).astype(np.float32)))

    def share(self, position: Picture, seen: NDArray[np.bool_], *, lift: float = 0.004) -> Picture:
        """Share (H, W) of the soft box each visible point sees; measured at every second pixel."""
        half, some = position[::2, ::2], seen[::2, ::2]
        at = half[some].astype(np.float64)
        total = np.zeros(len(at))
        for frame, low, depth in self._maps:
            where = (at @ frame.T - low) * [self._scale, self._scale, 1.0] + [4.0, 4.0, 0.0]
            height, width = depth.shape
            for dx, dy in ((-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)):
                column = np.clip((where[:, 0] + dx).astype(np.int64), 0, width - 1)
                row = np.clip((where[:, 1] + dy).astype(np.int64), 0, height - 1)
                total += np.clip(1.0 - (depth[row, column] - where[:, 2] - lift) / 0.004, 0.0, 1.0)
        small = np.ones(some.shape, dtype=np.float32)
        small[some] = total / (4 * len(self._maps))
        weight = cv2.GaussianBlur(some.astype(np.float32), (0, 0), 1.0)
        small = cv2.GaussianBlur(small * some, (0, 0), 1.0) / np.maximum(weight, 1e-3)
        small = np.where(weight > 1e-3, small, 1.0).astype(np.float32)
        return cv2.resize(small, (seen.shape[1], seen.shape[0]), interpolation=cv2.INTER_LINEAR)


def spread(picture: Picture, sigma: float) -> Picture:
    """Gaussian blur; a wide one is made on a smaller picture, where it looks the same and costs a tenth."""
    part = max(1, int(sigma / 6))
    if part == 1:
        return cv2.GaussianBlur(picture, (0, 0), sigma)
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(width // part, 1), max(height // part, 1)), interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / part), (width, height), interpolation=cv2.INTER_LINEAR)


def crevices(depth: Picture, seen: NDArray[np.bool_], metre: float) -> Picture:
    """Ambient occlusion guess (H, W) from the depth picture at three sizes; `metre` is pixels per metre."""
    mask = seen.astype(np.float32)
    z = np.where(seen, depth, 0.0).astype(np.float32)
    open_share = np.ones_like(mask)
    for size, strength in ((0.0035, 0.55), (0.010, 0.75), (0.030, 0.60)):
        sigma = size * metre
        mean = spread(z * mask, sigma) / np.maximum(spread(mask, sigma), 1e-4)
        hollow = np.clip((mean - z) / (size * 1.6), 0.0, 1.0)
        open_share *= 1.0 - strength * hollow
    return np.where(seen, open_share, 1.0).astype(np.float32)


def irradiance(normal: Picture, lit: Picture, ambient: Picture) -> Picture:
    """Light arriving at each pixel (H, W, 3)."""
    total = np.zeros_like(normal)
    for lamp in LAMPS:
        cosine = normal @ unit3(lamp.toward).astype(np.float32)
        share = np.clip((cosine + lamp.wrap) / (1 + lamp.wrap), 0, None) ** (1.0 + lamp.wrap)
        share = share * (lit if lamp.shadow else 0.35 + 0.65 * ambient)
        total += share[..., None] * np.asarray(lamp.colour, dtype=np.float32)
    above = (normal[..., 1:2] * 0.5 + 0.5) ** 1.2
    sky = above * np.asarray(SKY, dtype=np.float32) + (1 - above) * np.asarray(GROUND, dtype=np.float32)
    return (total + sky * ambient[..., None]).astype(np.float32)


def bleed(light: Picture, mask: Picture, metre: float) -> Picture:
    """Let light travel under the skin: red furthest, green less, blue least."""
    out = light.copy()
    for channel, parts in enumerate(
        (((0.0012, 0.35), (0.0040, 0.40)), ((0.0010, 0.35), (0.0020, 0.2)), ((0.0007, 0.35),))
    ):
        mixed = light[..., channel] * (1 - sum(w for _, w in parts))
        for size, weight in parts:
            sigma = max(size * metre, 0.5)
            soft = cv2.GaussianBlur(light[..., channel] * mask, (0, 0), sigma) / np.maximum(
                cv2.GaussianBlur(mask, (0, 0), sigma), 1e-3
            )
            mixed = mixed + weight * soft
        out[..., channel] = np.where(mask > 0, mixed, light[..., channel])
    return out


def highlight(normal: Picture, view: Picture, lit: Picture, *, rough: Picture, at_front: float = 0.04) -> Picture:
    """Specular light (H, W, 3), normalised Blinn lobe with Schlick's Fresnel term."""
    total = np.zeros_like(normal)
    power = 2.0 / np.maximum(rough, 0.03) ** 4 - 2.0
    for lamp in LAMPS:
        toward = unit3(lamp.toward).astype(np.float32)
        half = view + toward
        half /= np.maximum(np.linalg.norm(half, axis=-1, keepdims=True), 1e-6)
        cosine = np.clip((normal * half).sum(-1), 0, 1)
        facing = np.clip(normal @ toward, 0, 1)
        fresnel = at_front + (1 - at_front) * (1 - np.clip((view * half).sum(-1), 0, 1)) ** 5
        lobe = (power + 2) / 8 * cosine**power * fresnel * facing * (lit if lamp.shadow else 1.0)
        total += lobe[..., None] * np.asarray(lamp.colour, dtype=np.float32)
    return total
