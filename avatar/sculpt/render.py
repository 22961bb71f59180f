"""One picture of a host: geometry to pixels, paint, light, then lashes, brows, hair; linear light inside, RGBA out."""

from dataclasses import dataclass

import cv2
import numpy as np

from avatar.sculpt.details import brows, eyes, lashes
from avatar.sculpt.figure import EYE_LEFT, EYE_RIGHT, Figure
from avatar.sculpt.light import Picture, bleed, crevices, highlight, irradiance, soft_shadow
from avatar.sculpt.paint import paint
from avatar.sculpt.raster import Camera, interpolate, rasterise

WIDTH, HEIGHT = 720, 1000  # pixels of the finished frame
EXPOSURE = 0.54
FINE = 2  # pixels drawn per finished pixel, each way


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of the finished frame to draw: column, row, width, height in finished pixels."""

    x: int = 0
    y: int = 0
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Drawn fine pixels before hair: linear colour, coverage and depth, with the camera that made them."""

    colour: Picture
    alpha: Picture
    depth: Picture
    camera: Camera
    coarse: np.ndarray
    material: np.ndarray


def camera_of(figure: Figure, window: Window, scale: float = 1800.0) -> Camera:
    """The portrait camera, cropped to a window of the frame, in fine pixels."""
    crown = float(figure.base[:13380, 1].max())
    metre = scale * FINE
    return Camera(
        scale=metre,
        centre_x=(WIDTH / 2 - window.x) * FINE,
        top_y=crown + 0.045,
        row_offset=float(window.y * FINE),
    )


def shoot(figure: Figure, expression: dict[str, float], window: Window, gaze: tuple[float, float] = (0.0, 0.0), closed: float = 0.0) -> Shot:
    """Draw geometry, paint and light for one expression inside a window."""
    scene = figure.scene(expression)
    camera = camera_of(figure, window)
    width, height = window.width * FINE, window.height * FINE
    hits = rasterise(camera.project(scene.points), scene.tris, width, height, both_sides=True)
    seen = hits.covered
    normal = interpolate(hits, scene.tris, scene.normals)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    position = interpolate(hits, scene.tris, scene.points)
    rest = interpolate(hits, scene.tris, scene.rest)
    material = np.where(seen, scene.material[np.maximum(hits.triangle, 0)], -1)
    surface = paint(figure, rest, hits.depth, material, gaze)
    lit = soft_shadow(scene.points, scene.tris, position, seen)
    ambient = crevices(np.where(seen, hits.depth, 0), seen, camera.scale)
    eye = np.array([0.0, camera.top_y - 0.35, camera.distance + camera.focus_z])
    view = (eye - position).astype(np.float32)
    view /= np.linalg.norm(view, axis=-1, keepdims=True)
    normal = np.where(((normal * view).sum(-1) < 0)[..., None], -normal, normal)
    light = irradiance(normal, lit, ambient)
    light = bleed(light, surface.flesh * (surface.cavity < 0.5), camera.scale)
    light *= (1.0 - 0.93 * surface.cavity)[..., None]
    shine = highlight(normal, view, lit * ambient, rough=surface.rough) * (surface.gloss * (1 - surface.cavity))[..., None]
    is_eye = np.isin(material, (EYE_LEFT, EYE_RIGHT))
    light = np.where(is_eye[..., None], light * 0.35 + 0.62 * ambient[..., None], light)
    colour = (surface.albedo * light + np.where(is_eye[..., None], 0.0, shine)) * EXPOSURE
    colour = eyes(figure, colour, material, camera, gaze)
    colour = lashes(figure, colour, scene.coarse, camera, closed)
    colour = brows(figure, colour, camera)
    return Shot(colour=colour.astype(np.float32), alpha=seen.astype(np.float32), depth=hits.depth, camera=camera, coarse=scene.coarse, material=material)


def shrink(picture: Picture) -> Picture:
    """Fine pixels to finished pixels by area."""
    return cv2.resize(picture, (picture.shape[1] // FINE, picture.shape[0] // FINE), interpolation=cv2.INTER_AREA)
