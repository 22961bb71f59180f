"""One picture of a host: geometry to pixels, paint, light, then lashes, brows, hair; linear light inside, RGBA out."""

from dataclasses import dataclass

import cv2
import numpy as np

from avatar.sculpt.cloth import Wardrobe, contact
from avatar.sculpt.details import brows, eyes, lashes, necklace
from avatar.sculpt.figure import EYE_LEFT, EYE_RIGHT, TOOTH, Figure, Scene
from avatar.sculpt.hair import comb, grow, shade_of
from avatar.sculpt.light import KeyShadow, Picture, bleed, crevices, encoded, highlight, irradiance
from avatar.sculpt.looks import Look
from avatar.sculpt.paint import paint
from avatar.sculpt.raster import Camera, interpolate, rasterise

WIDTH, HEIGHT = 720, 1000  # pixels of the finished frame
EXPOSURE = 0.60
FINE = 2  # pixels drawn per finished pixel, each way


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of the finished frame to draw: column, row, width, height in finished pixels."""

    x: int = 0
    y: int = 0
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def rect(self) -> list[int]:
        """[x, y, width, height]."""
        return [self.x, self.y, self.width, self.height]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Drawn fine pixels before hair: linear colour, coverage and depth, with the camera that made them."""

    colour: Picture
    alpha: Picture
    depth: Picture
    camera: Camera
    coarse: np.ndarray
    material: np.ndarray


def camera_of(figure: Figure, window: Window) -> Camera:
    """The portrait camera, cropped to a window of the frame, in fine pixels."""
    crown = float(figure.base[:13380, 1].max())
    metre = figure.look.zoom * FINE
    return Camera(
        scale=metre,
        centre_x=(WIDTH / 2 - window.x) * FINE,
        top_y=crown + 0.045,
        row_offset=float(window.y * FINE),
    )


class Studio:
    """A figure, its clothes and hair, ready to be drawn in any expression and any window of the frame."""

    def __init__(self, look: Look) -> None:
        self.figure = Figure(look)
        self.wardrobe = Wardrobe(self.figure)
        self.strands = grow(self.figure)
        self.shade = shade_of(self.strands)
        self._hair: Picture | None = None
        self._shadow_of: tuple[tuple[tuple[str, float], ...], KeyShadow] | None = None

    def hair(self) -> Picture:
        """The hair layer of the whole frame in fine pixels, premultiplied sRGB + alpha; drawn once."""
        if self._hair is None:
            camera = camera_of(self.figure, Window())
            scene = self.figure.scene({})
            depth = rasterise(
                camera.project(scene.points), scene.tris, WIDTH * FINE, HEIGHT * FINE, both_sides=True
            ).depth
            for drape in self.wardrobe.drapes(camera, WIDTH * FINE, HEIGHT * FINE):
                depth = np.where(drape.cover > 0.5, drape.position[..., 2], depth)
            self._hair = comb(self.figure, self.strands, self.shade, camera, depth).astype(np.float32) / 255
        return self._hair

    def _shadow(self, expression: dict[str, float], scene: Scene) -> KeyShadow:
        """Shadow maps; lids move too little to throw another shadow, so all blinks share one."""
        key = tuple(sorted((name, weight) for name, weight in expression.items() if "Blink" not in name))
        if self._shadow_of is None or self._shadow_of[0] != key:
            self._shadow_of = (key, KeyShadow(scene.points, scene.tris))
        return self._shadow_of[1]

    def _dressed(self, rest: Picture) -> np.ndarray:
        """Skin (H, W) that is always under the jacket: never drawn, so no fold can let it through."""
        return (np.abs(rest[..., 0]) > 0.095) & (rest[..., 1] < self.wardrobe.pit + 0.02) & (rest[..., 1] != 0.0)

    def shoot(
        self, expression: dict[str, float], window: Window, gaze: tuple[float, float] = (0.0, 0.0), closed: float = 0.0
    ) -> Shot:
        """Draw geometry, paint, clothes and light for one expression inside a window, without hair."""
        figure = self.figure
        scene = figure.scene(expression)
        camera = camera_of(figure, window)
        width, height = window.width * FINE, window.height * FINE
        hits = rasterise(camera.project(scene.points), scene.tris, width, height, both_sides=True)
        seen = hits.covered & ~self._dressed(interpolate(hits, scene.tris, scene.rest))
        normal = interpolate(hits, scene.tris, scene.normals)
        normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
        position = interpolate(hits, scene.tris, scene.points)
        rest = interpolate(hits, scene.tris, scene.rest)
        material = np.where(seen, scene.material[np.maximum(hits.triangle, 0)], -1)
        surface = paint(figure, rest, hits.depth, material, gaze)
        shadow = self._shadow(expression, scene)
        lit = shadow.share(position, seen)
        lit[seen] *= self.shade.through(position[seen].astype(np.float64), 0.7)
        ambient = crevices(np.where(seen, hits.depth, 0), seen, camera.scale)
        drapes = self.wardrobe.drapes(camera, width, height)
        mm = camera.scale / 1000
        for drape in drapes:
            lit *= 1 - contact(drape.cover, mm)
            ambient *= 1 - 0.5 * contact(drape.cover, mm)
        eye = np.array([0.0, camera.top_y - 0.35, camera.distance + camera.focus_z])
        view = (eye - position).astype(np.float32)
        view /= np.linalg.norm(view, axis=-1, keepdims=True)
        normal = np.where(((normal * view).sum(-1) < 0)[..., None], -normal, normal)
        light = irradiance(normal, lit, ambient)
        light = bleed(light, surface.flesh * (surface.cavity < 0.5), camera.scale)
        light *= (1.0 - 0.93 * surface.cavity)[..., None]
        shine = (
            highlight(normal, view, lit * ambient, rough=surface.rough)
            * (surface.gloss * (1 - surface.cavity))[..., None]
        )
        tooth = (material == TOOTH)[..., None]
        light = np.where(tooth, 0.45 * light + 0.75 * (1 - 0.8 * surface.cavity)[..., None], light)
        is_eye = np.isin(material, (EYE_LEFT, EYE_RIGHT))
        light = np.where(is_eye[..., None], light * 0.35 + 0.62 * ambient[..., None], light)
        colour = (surface.albedo * light + np.where(is_eye[..., None], 0.0, shine)) * EXPOSURE
        colour = eyes(figure, colour, material, camera, gaze)
        colour = lashes(figure, colour, scene.coarse, camera, closed)
        colour = brows(figure, colour, camera)
        if figure.look.presents == "woman":
            colour = necklace(figure, colour, camera, self.wardrobe.pit)
        alpha, depth = seen.astype(np.float32), hits.depth
        for k, drape in enumerate(drapes):
            on = drape.cover > 0
            falls = np.ones_like(lit)
            falls[on] = shadow.share(drape.position, on, lift=0.03)[on]
            falls[on] *= self.shade.through(drape.position[on].astype(np.float64), 0.7)
            above = drapes[k + 1 :]
            for upper in above:
                falls *= 1 - contact(upper.cover, mm)
            open_sky = crevices(np.where(on, drape.position[..., 2], 0), on, camera.scale) * drape.hollow
            worn = drape.albedo * irradiance(drape.normal, falls * (0.4 + 0.6 * drape.hollow), open_sky)
            rough = np.full_like(lit, drape.rough)
            worn += highlight(drape.normal, view, falls * open_sky, rough=rough) * drape.gloss
            colour = colour * (1 - drape.cover[..., None]) + worn * EXPOSURE * drape.cover[..., None]
            alpha = np.maximum(alpha, drape.cover)
            depth = np.where(drape.cover > 0.5, drape.position[..., 2], depth)
        return Shot(
            colour=colour.astype(np.float32),
            alpha=alpha,
            depth=depth,
            camera=camera,
            coarse=scene.coarse,
            material=material,
        )

    def picture(
        self, expression: dict[str, float], window: Window, gaze: tuple[float, float] = (0.0, 0.0), closed: float = 0.0
    ) -> Picture:
        """The finished window: straight-alpha sRGB (H, W, 4) in 0–1, finished pixels."""
        shot = self.shoot(expression, window, gaze, closed)
        layer = self.hair()[
            window.y * FINE : (window.y + window.height) * FINE, window.x * FINE : (window.x + window.width) * FINE
        ]
        cover = shot.alpha[..., None]
        body = np.concatenate([encoded(shot.colour) * cover, cover], axis=-1)
        both = shrink(layer + body * (1 - layer[..., 3:]))
        both[..., :3] /= np.maximum(both[..., 3:], 1e-4)
        return np.clip(both, 0, 1)


def shrink(picture: Picture) -> Picture:
    """Fine pixels to finished pixels by area."""
    return cv2.resize(picture, (picture.shape[1] // FINE, picture.shape[0] // FINE), interpolation=cv2.INTER_AREA)
