"""What a brush adds after the light: lid shadow and catch-lights in the eyes, lashes, eyeliner, lid fold and brows."""

import cv2
import numpy as np
from scipy.spatial import cKDTree

from avatar.sculpt.figure import EYE_LEFT, EYE_RIGHT, Figure
from avatar.sculpt.landmarks import eye_centres
from avatar.sculpt.light import Picture, linear
from avatar.sculpt.mesh import Floats
from avatar.sculpt.paint import smoothstep
from avatar.sculpt.raster import Camera

# Points of the base mesh's lash strips along the left lids, inner corner to outer: (on the lid, one row out).
UPPER = (
    (14763, 14766, 14762, 14761, 14760, 14743, 14742, 14744, 14745, 14746, 14747, 14748, 14749),
    (14772, 14769, 14773, 14774, 14775, 14794, 14795, 14791, 14790, 14789, 14788, 14787, 14786),
)
LOWER = (
    (14765, 14759, 14793, 14758, 14757, 14756, 14755, 14754, 14753, 14752, 14792, 14751),
    (14770, 14776, 14767, 14777, 14778, 14779, 14780, 14781, 14782, 14783, 14768, 14784),
)
BITS = 4  # fractional bits of OpenCV's drawing coordinates


def mirrored(figure: Figure, points: tuple[int, ...]) -> list[int]:
    """The right-hand twins of left-hand base mesh points."""
    rest = figure.body.points
    helpers = np.concatenate([figure.body.groups[f"helper-r-eyelashes-{k}"] for k in (1, 2)])
    _, found = cKDTree(rest[helpers]).query(rest[list(points)] * [-1.0, 1.0, 1.0])
    return [int(i) for i in helpers[found]]


def curve(points: Floats, count: int) -> Floats:
    """Resample a polyline (N, K) smoothly to `count` points by chord length."""
    step = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points[:, :2], axis=0), axis=1))])
    at = np.linspace(0, step[-1], count)
    out = np.stack([np.interp(at, step, points[:, k]) for k in range(points.shape[1])], axis=1)
    kernel = np.hanning(max(5, count // 8 | 1))
    kernel /= kernel.sum()
    half = len(kernel) // 2
    padded = np.concatenate([2 * out[:1] - out[half:0:-1], out, 2 * out[-1:] - out[-2 : -half - 2 : -1]])
    return np.stack([np.convolve(padded[:, k], kernel, mode="valid") for k in range(points.shape[1])], axis=1)


class Brush:
    """A coverage mask strokes are added to, then laid on the picture in one colour."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.mask = np.zeros(shape, dtype=np.uint8)

    def stroke(self, path: Floats, width: float, strength: float, taper: float = 0.0) -> None:
        """Draw a path (N, 2) in pixels; `taper` thins it to nothing towards the end."""
        layer = np.round(path[:, :2] * (1 << BITS)).astype(np.int32)
        pieces = 4 if taper else 1
        for k in range(pieces):
            a, b = k * (len(layer) - 1) // pieces, (k + 1) * (len(layer) - 1) // pieces
            thin = width * (1 - taper * (k + 0.5) / pieces)
            level = int(255 * min(strength * min(thin, 1.0), 1.0))
            cv2.polylines(self.mask, [layer[a : b + 1]], False, level, max(1, round(thin)), cv2.LINE_AA, BITS)

    def fill(self, outline: Floats, strength: float) -> None:
        """Fill a closed outline (N, 2)."""
        cv2.fillPoly(
            self.mask, [np.round(outline[:, :2] * (1 << BITS)).astype(np.int32)], int(255 * strength), cv2.LINE_AA, BITS
        )

    def lay(
        self, colour: Picture, tone: tuple[float, float, float], *, soften: float = 0.0, strength: float = 1.0
    ) -> Picture:
        """The picture with the strokes on it."""
        cover = self.mask.astype(np.float32) / 255 * strength
        if soften > 0:
            cover = cv2.GaussianBlur(cover, (0, 0), soften)
        return colour * (1 - cover[..., None]) + linear(tone) * cover[..., None]


def lids(figure: Figure, coarse: Floats, camera: Camera) -> list[tuple[float, Floats, Floats]]:
    """Both eyes' lid edges on the picture: (side, −1 left or 1 right; upper (96, 2); lower (96, 2)), inner to outer."""
    out = []
    for side in (1.0, -1.0):
        edges = []
        for on, off in (UPPER, LOWER):
            a, b = (on, off) if side > 0 else (mirrored(figure, on), mirrored(figure, off))
            middle = 0.5 * coarse[list(a)] + 0.5 * coarse[list(b)]
            edges.append(curve(camera.project(middle)[:, :2], 96))
        out.append((side, edges[0], edges[1]))
    return out


def eyes(figure: Figure, colour: Picture, material: np.ndarray, camera: Camera, gaze: tuple[float, float]) -> Picture:
    """Lid shadow on the eyeballs, wet edge and catch-lights."""
    mm = camera.scale / 1000
    ball = np.isin(material, (EYE_LEFT, EYE_RIGHT)).astype(np.float32)
    if not ball.any():
        return colour
    shade = cv2.GaussianBlur(1 - ball, (0, 0), 1.1 * mm)
    shade = cv2.warpAffine(
        shade, np.array([[1, 0, 0], [0, 1, 1.3 * mm]], dtype=np.float32), shade.shape[::-1], borderValue=1.0
    )
    colour = np.where(ball[..., None] > 0, colour * (1 - 0.72 * np.clip(shade * 1.15, 0, 1))[..., None], colour)
    lights = np.zeros_like(ball)
    for centre, radius in eye_centres(figure).values():
        for toward, size, strength in (
            ((-0.17 + 0.12 * gaze[0], 0.20, 0.95), 1.35, 1.0),
            ((0.20 + 0.1 * gaze[0], -0.20, 0.95), 0.75, 0.35),
        ):
            at = camera.project((centre + radius * np.array(toward))[None])[0]
            yy, xx = np.mgrid[0 : ball.shape[0], 0 : ball.shape[1]].astype(np.float32)
            far = (np.abs((xx - at[0]) / (size * mm)) ** 2.6 + np.abs((yy - at[1]) / (1.15 * size * mm)) ** 2.6) ** (
                1 / 2.6
            )
            lights = np.maximum(lights, strength * smoothstep(1.15, 0.75, far))
    return colour + (lights * ball)[..., None] * np.array([0.95, 0.95, 0.98], dtype=np.float32)


def lashes(figure: Figure, colour: Picture, coarse: Floats, camera: Camera, closed: float) -> Picture:
    """Eyeliner, lid fold and lashes along the lid edges; `closed` 0–1 turns the upper lashes downward."""
    mm = camera.scale / 1000
    look = figure.look
    random = np.random.default_rng(look.seed)
    fold, liner, hair, lower_hair = (Brush(colour.shape[:2]) for _ in range(4))
    for side, upper, lower in lids(figure, coarse, camera):
        lift = (2.6 - 0.4 * closed) * mm * np.sin(np.pi * np.linspace(0.12, 0.93, 96)) ** 0.7
        crease = upper - np.stack([np.zeros(96), lift], axis=1)
        fold.stroke(crease[6:94], 1.0 * mm, 0.9)
        along = np.linspace(0, 1, 96)
        thick = (0.22 + 0.85 * along**1.5 * look.make_up) * mm
        wing = upper[-1] + np.array([side * 2.6, -1.1 + 1.2 * closed]) * mm * look.make_up
        outline = np.concatenate(
            [upper, wing[None], (upper - np.stack([-side * 0.3 * thick, thick * (1 - 1.6 * closed)], axis=1))[::-1]]
        )
        liner.fill(outline, 1.0)
        liner.stroke(upper, 0.45 * mm, 0.9)
        for _ in range(int(110 * (0.5 + 0.5 * look.make_up))):
            t = random.uniform(0.06, 1.0)
            root = upper[int(t * 95)] - np.array([0.0, 0.25 * mm])
            length = mm * (1.9 + 2.5 * t**1.3) * random.uniform(0.75, 1.15) * (0.55 + 0.45 * look.make_up)
            lean = np.radians(-18 + 78 * t + random.normal(0, 6))
            up = 1 - 1.9 * closed
            tip = root + length * np.array([side * np.sin(lean), -np.cos(lean) * up * 0.8])
            bend = (root + tip) / 2 + length * 0.22 * np.array([side * np.cos(lean), 0.55 * up])
            s = np.linspace(0, 1, 9)[:, None]
            hair.stroke((1 - s) ** 2 * root + 2 * s * (1 - s) * bend + s**2 * tip, 0.42 * mm, 0.75, taper=0.75)
        for _ in range(46):
            t = random.uniform(0.25, 0.97)
            root = lower[int(t * 95)] + np.array([0.0, 0.15 * mm])
            length = mm * (0.8 + 0.7 * t) * random.uniform(0.7, 1.2)
            lean = np.radians(-15 + 60 * t + random.normal(0, 7))
            tip = root + length * np.array([side * np.sin(lean), np.cos(lean)])
            lower_hair.stroke(np.linspace(root, tip, 5), 0.26 * mm, 0.40 * look.make_up, taper=0.7)
        lower_hair.stroke(lower[50:95], 0.40 * mm, 0.30 * look.make_up)
    colour = fold.lay(colour, (0.50, 0.30, 0.26), soften=0.35 * mm, strength=0.55)
    colour = lower_hair.lay(colour, (0.20, 0.12, 0.10), soften=0.15 * mm)
    colour = liner.lay(colour, (0.09, 0.055, 0.05), soften=0.16 * mm, strength=0.94)
    return hair.lay(colour, (0.07, 0.045, 0.04), soften=0.10 * mm)


def necklace(figure: Figure, colour: Picture, camera: Camera, pit: float) -> Picture:
    """A fine chain with a drop, lying on the skin below the notch at height `pit`, with its shadow."""
    mm = camera.scale / 1000
    skin = figure.base[:13380]
    near = skin[(skin[:, 2] > -0.02) & (skin[:, 1] < pit + 0.09) & (np.abs(skin[:, 0]) < 0.09)]
    across = np.linspace(-0.058, 0.058, 161)
    flat = np.stack([across, pit - 0.021 + 0.076 * (np.abs(across) / 0.058) ** 2.0], axis=1)
    far, at = cKDTree(near[:, :2]).query(flat, k=6)
    weight = 1 / (far + 2e-3) ** 2
    z = (near[at, 2] * weight).sum(1) / weight.sum(1) + 0.001
    line = camera.project(np.concatenate([flat, z[:, None]], axis=1))[:, :2]
    shadow, chain, shine = (Brush(colour.shape[:2]) for _ in range(3))
    drop = line[80] + np.array([0.0, 3.0 * mm])
    ring = np.stack([np.cos(np.linspace(0, 2 * np.pi, 33)), np.sin(np.linspace(0, 2 * np.pi, 33))], axis=1)
    pearl = drop + ring * np.array([1.7, 1.9]) * mm
    shift = np.array([0.7, 1.1]) * mm
    shadow.stroke(line + shift, 0.9 * mm, 0.9)
    shadow.fill(pearl + shift * 1.4, 1.0)
    chain.stroke(line, 0.55 * mm, 1.0)
    chain.fill(pearl, 1.0)
    for k in range(0, 160, 2):
        shine.stroke(line[k : k + 2], 0.42 * mm, 0.35 + 0.65 * (k % 6 == 0))
    shine.fill(drop + (ring * 0.75 - [0.55, 0.6]) * mm, 1.0)
    colour = shadow.lay(colour, (0.55, 0.34, 0.28), soften=0.6 * mm, strength=0.45)
    colour = chain.lay(colour, (0.72, 0.55, 0.34), soften=0.12 * mm, strength=0.92)
    return shine.lay(colour, (0.99, 0.93, 0.80), soften=0.18 * mm, strength=0.8)


def brows(figure: Figure, colour: Picture, camera: Camera) -> Picture:
    """Soft powder under hair strokes that follow the brow's growth: up at the start, outward along the arch."""
    mm = camera.scale / 1000
    look = figure.look
    random = np.random.default_rng(look.seed + 1)
    front = figure.base[:13380]
    front = front[front[:, 2] > 0.07]
    tree = cKDTree(front[:, :2])
    centre = eye_centres(figure)[EYE_LEFT][0]
    man = look.presents == "man"
    spine = np.array([[-14.5, 18.2], [-7.0, 20.6], [2.0, 22.3], [10.0, 22.6], [17.5, 20.4], [24.0, 16.4]]) / 1000
    if man:
        spine = np.array([[-14.5, 16.6], [-7.0, 18.6], [2.0, 20.2], [10.0, 20.8], [18.0, 19.0], [25.0, 15.0]]) / 1000
    height = np.array([4.6, 5.6, 5.2, 4.3, 2.8, 0.7]) / 1000 * look.brow_weight
    powder, hair = Brush(colour.shape[:2]), Brush(colour.shape[:2])
    for side in (1.0, -1.0):

        def on_face(xy: Floats, side: float = side) -> Floats:
            at = np.stack([side * (centre[0] + xy[:, 0]), centre[1] + xy[:, 1]], axis=1)
            far, near = tree.query(at, k=4)
            weight = 1 / (far + 1e-4)
            z = (front[near, 2] * weight).sum(1) / weight.sum(1)
            return camera.project(np.concatenate([at, z[:, None]], axis=1))[:, :2]

        middle = curve(np.concatenate([spine, height[:, None]], axis=1), 60)
        normal = np.gradient(middle[:, :2], axis=0)
        normal = np.stack([-normal[:, 1], normal[:, 0]], axis=1) / np.linalg.norm(normal, axis=1, keepdims=True)
        top = middle[:, :2] + normal * middle[:, 2:] * 0.5
        low = middle[:, :2] - normal * middle[:, 2:] * 0.5
        powder.fill(on_face(np.concatenate([top, low[::-1]])), 1.0)
        for _ in range(int(240 * look.brow_weight)):
            t = random.beta(1.25, 1.1)
            k = min(int(t * 59), 58)
            v = random.uniform(-0.5, 0.5)
            root = middle[k, :2] + normal[k] * v * middle[k, 2]
            along = np.arctan2(normal[k, 0] * -1, normal[k, 1])
            angle = along + np.radians(62 * (1 - t) ** 1.6 - (18 + 25 * t) * (v + 0.1) + random.normal(0, 7))
            length = (0.0052 - 0.0014 * t) * random.uniform(0.7, 1.15)
            tip = root + length * np.array([np.cos(angle), np.sin(angle)])
            bend = (root + tip) / 2 + normal[k] * 0.0004
            s = np.linspace(0, 1, 7)[:, None]
            hair.stroke(on_face((1 - s) ** 2 * root + 2 * s * (1 - s) * bend + s**2 * tip), 0.40 * mm, 0.50, taper=0.8)
    colour = powder.lay(colour, look.brow, soften=1.0 * mm, strength=0.50 if not man else 0.72)
    return hair.lay(colour, tuple(0.72 * c for c in look.brow), soften=0.12 * mm)
