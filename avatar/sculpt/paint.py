"""What each surface looks like before light: skin with make-up, lips, eyes, teeth. All procedural."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from avatar.sculpt.figure import EYE_LEFT, EYE_RIGHT, SKIN, TONGUE, TOOTH, Figure
from avatar.sculpt.landmarks import eye_centres, head_of
from avatar.sculpt.light import Picture, linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Per pixel: albedo (linear RGB), how rough, how much light bleeds, and how deep inside the mouth."""

    albedo: Picture  # (H, W, 3)
    rough: Picture  # (H, W)
    gloss: Picture  # (H, W) strength of the highlight
    flesh: Picture  # (H, W) 0–1
    cavity: Picture  # (H, W) 0–1


def smoothstep(low: float, high: float, x: NDArray[np.floating]) -> Picture:
    """0 below `low`, 1 above `high`, smooth between (works downward too)."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def blob(x: Picture, y: Picture, centre: tuple[float, float], size: tuple[float, float], turn: float = 0.0) -> Picture:
    """A soft spot: 1 in the middle, e⁻¹ at `size`."""
    dx, dy = x - centre[0], y - centre[1]
    c, s = np.cos(turn), np.sin(turn)
    return np.exp(-(((dx * c + dy * s) / size[0]) ** 2 + ((dy * c - dx * s) / size[1]) ** 2)).astype(np.float32)


def noise(shape: tuple[int, int], sigma: float, seed: int) -> Picture:
    """Seeded smooth noise of unit variance."""
    grain = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    soft = cv2.GaussianBlur(grain, (0, 0), sigma)
    return (soft / max(float(soft.std()), 1e-6)).astype(np.float32)


def lip_field(figure: Figure, x: Picture, y: Picture) -> tuple[Picture, Picture]:
    """(inside, height): how far inside the lip border in metres (negative outside) and −1 lower … 1 upper lip."""
    mark = figure.mouth
    hw = abs(float(mark["corner"][0])) * 0.97
    u = np.abs(x) / hw
    line = mark["middle"][1] + (mark["corner"][1] - mark["middle"][1]) * u**2
    bow = (
        0.0072 * np.clip(1 - u**2.2, 0, None) ** 0.80
        + 0.0013 * np.exp(-(((u - 0.26) / 0.16) ** 2))
        - 0.0008 * np.exp(-((u / 0.10) ** 2))
    )
    bowl = (mark["middle"][1] - mark["below"][1] - 0.0030) * np.clip(1 - u**2.4, 0, None) ** 0.72
    above = y - line
    inside = np.where(above > 0, bow - above, bowl + above)
    inside = np.where(u > 1.0, -np.hypot((u - 1.0) * hw, above), inside)
    return inside.astype(np.float32), np.clip(above / 0.002, -1, 1).astype(np.float32)


def scalp(figure: Figure, rest: Picture) -> Picture:
    """How much (H, W) hair roots darken the skin: full above the hairline, fading out below it."""
    head = head_of(figure)
    above = head.inside(rest.reshape(-1, 3)).reshape(rest.shape[:2])
    uneven = 0.0016 * np.sin(rest[..., 0] * 700 + 2 * np.sin(rest[..., 1] * 330))
    soft = 0.25 * smoothstep(-0.011, 0.001, above) + 0.75 * smoothstep(-0.004, 0.006, above + uneven)
    return soft * smoothstep(-0.10, -0.08, rest[..., 1] - head.eye_y)


def paint(
    figure: Figure, rest: Picture, depth: Picture, material: NDArray[np.int64], gaze: tuple[float, float]
) -> Surface:
    """Paint every pixel of a picture; `rest` (H, W, 3) are resting positions, `gaze` is (right, up) in radians."""
    look = figure.look
    x, y, z = rest[..., 0], rest[..., 1], rest[..., 2]
    shape = (rest.shape[0], rest.shape[1])
    eyes = eye_centres(figure)
    albedo = np.zeros((*shape, 3), dtype=np.float32)
    rough = np.full(shape, 0.5, dtype=np.float32)
    gloss = np.ones(shape, dtype=np.float32)
    cavity = np.zeros(shape, dtype=np.float32)
    flesh = np.isin(material, (SKIN, TONGUE)).astype(np.float32)

    skin = linear(look.skin)
    tone = np.broadcast_to(skin, (*shape, 3)).copy()
    mottle = 0.5 * np.sin(x * 310 + 3.1 * np.sin(y * 190)) * np.sin(y * 270 + 2.3 * np.sin(x * 230))
    tone *= 1 + 0.012 * mottle[..., None]
    ax = np.abs(x)
    eye_x, eye_y = (float(v) for v in eyes[EYE_LEFT][0][:2])
    mark = figure.mouth
    front = smoothstep(0.04, 0.09, z)

    def tint(colour: tuple[float, float, float], amount: Picture) -> None:
        nonlocal tone
        tone = tone * (1 - amount[..., None]) + linear(colour) * amount[..., None]

    blush = blob(ax, y, (eye_x * 1.42, eye_y - 0.033), (0.026, 0.016), 0.45) * front
    tint(look.blush, 0.34 * look.make_up * blush)
    tint(look.blush, 0.16 * blob(x, y, (0.0, eye_y - 0.045), (0.016, 0.012)) * front)
    tint(look.blush, 0.16 * blob(x, y, (0.0, mark["below"][1] - 0.024), (0.022, 0.014)) * front)
    tint(look.blush, 0.20 * smoothstep(0.066, 0.080, ax) * smoothstep(0.05, 0.10, y - mark["below"][1] + 0.05))
    lid = blob(ax, y, (eye_x + 0.002, eye_y + 0.009), (0.020, 0.0065), 0.12) * front
    tint((0.66, 0.42, 0.38), 0.42 * look.make_up * lid)
    corner = blob(ax, y, (eye_x + 0.0155, eye_y + 0.0035), (0.008, 0.005), 0.5) * front
    tint((0.45, 0.26, 0.23), 0.40 * look.make_up * corner)
    tint((1.0, 0.90, 0.84), 0.25 * blob(ax, y, (eye_x - 0.004, eye_y - 0.018), (0.020, 0.008), 0.1) * front)
    side = blob(ax, y, (0.0115, eye_y - 0.012), (0.0042, 0.028)) * front
    tint((0.72, 0.52, 0.44), 0.16 * look.make_up * side)

    roots = scalp(figure, rest)
    tint(tuple(1.1 * c for c in look.hair), 0.90 * roots)

    inside, _ = lip_field(figure, x, y)
    lips = smoothstep(-0.0006, 0.0009, inside) * smoothstep(0.06, 0.09, z)
    crease = 0.5 + 0.5 * np.sin(x * 5200 + 2.2 * np.sin(x * 900)) * np.sin(y * 600 + x * 1400)
    lip_colour = linear(look.lips) * (0.92 + 0.13 * crease[..., None])
    rim = np.exp(-((inside / 0.0014) ** 2))[..., None]
    lip_colour = lip_colour * (1 - 0.10 * rim)
    tone = (
        tone * (1 - 0.88 * look.lip_strength * lips[..., None])
        + lip_colour * 0.88 * look.lip_strength * lips[..., None]
    )

    # Behind the line where the lips meet the skin mesh folds into the mouth: darken with depth.
    seam_z = float(mark["middle"][2]) - 6.0 * x**2
    behind = smoothstep(0.0015, 0.0085, seam_z - z) * smoothstep(0.030, 0.026, ax) * smoothstep(-0.002, 0.001, inside)
    hidden = (
        smoothstep(0.012, 0.020, seam_z - z)
        * smoothstep(0.040, 0.034, ax)
        * smoothstep(0.055, 0.045, np.abs(y - mark["middle"][1]))
    )
    inner = np.maximum(behind, hidden * (lips > 0.01))
    cavity = np.where(material == SKIN, inner, cavity)
    tone = tone * (1 - inner[..., None]) + linear((0.42, 0.16, 0.15)) * inner[..., None]
    is_skin = material == SKIN
    albedo[is_skin] = tone[is_skin]
    rough = np.where(is_skin, 0.50 - 0.14 * lips, rough)
    oily = blob(x, y, (0.0, eye_y + 0.05), (0.03, 0.02)) + blob(x, y, (0.0, eye_y - 0.03), (0.008, 0.03))
    gloss = np.where(is_skin, 0.62 + 0.25 * np.clip(oily, 0, 1) + 0.55 * lips, gloss)

    for eye, (centre, radius) in eyes.items():
        here = material == eye
        if not here.any():
            continue
        d = (rest[here].astype(np.float64) - centre) / radius
        d /= np.linalg.norm(d, axis=1, keepdims=True)
        toe_in = 0.035 if eye == EYE_RIGHT else -0.035
        axis = np.array([np.sin(gaze[0]) + toe_in, np.sin(gaze[1]) - 0.02, 1.0])
        axis /= np.linalg.norm(axis)
        across = np.cross([0.0, 1.0, 0.0], axis)
        across /= np.linalg.norm(across)
        up = np.cross(axis, across)
        u, v, w = d @ across, d @ up, d @ axis
        angle = np.arctan2(np.hypot(u, v), w)
        r = angle / 0.475
        turn = np.arctan2(v, u)
        fibre = 0.5 * np.sin(turn * 37 + 3 * np.sin(turn * 11)) + 0.5 * np.sin(turn * 71 + r * 6)
        iris = linear(look.iris)
        glow = np.clip(0.75 - v / np.maximum(np.sin(angle), 1e-3) * 0.6, 0.2, 1.6)  # light pools low in the iris
        ring = (0.55 + 1.0 * np.exp(-(((r - 0.55) / 0.22) ** 2))) * (1 + 0.22 * fibre)
        colour = iris * (ring * glow)[:, None]
        colour = colour * (1 - 0.82 * smoothstep(0.78, 0.99, r))[:, None]
        colour = colour * smoothstep(0.36, 0.46, r)[:, None] + 0.004
        white = np.array(linear((0.93, 0.915, 0.91))) * (1 - 0.28 * smoothstep(1.25, 2.6, r))[:, None]
        white = white * (1 - np.array([0.05, 0.18, 0.18]) * smoothstep(1.7, 2.6, r)[:, None])
        edge = smoothstep(0.96, 1.08, r)[:, None]
        albedo[here] = colour * (1 - edge) + white * edge
        rough[here] = 0.16
        gloss[here] = 0.5
    tooth = material == TOOTH
    gum = smoothstep(0.0, 0.001, np.abs(y - mark["middle"][1]) - 0.0098)
    enamel = linear((0.93, 0.905, 0.87)) * (1 - 0.25 * gum[..., None])
    albedo[tooth] = enamel[tooth]
    rough[tooth], gloss[tooth] = 0.3, 0.5
    back = np.maximum(smoothstep(0.004, 0.030, float(mark["middle"][2]) - z), 0.75 * smoothstep(0.014, 0.023, ax))
    cavity[tooth] = back[tooth]
    tongue = material == TONGUE
    albedo[tongue] = linear((0.70, 0.34, 0.33))
    rough[tongue], gloss[tongue] = 0.4, 0.25
    cavity[tongue] = (0.35 + 0.6 * smoothstep(0.012, 0.045, float(mark["middle"][2]) - z))[tongue]
    return Surface(albedo=albedo, rough=rough, gloss=gloss, flesh=flesh, cavity=cavity)
