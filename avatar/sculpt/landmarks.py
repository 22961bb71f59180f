"""Where things are on a resting head: eyeballs, skull and the border of the hair."""

from dataclasses import dataclass

import numpy as np

from avatar.sculpt.figure import EYE_LEFT, EYE_RIGHT, Figure
from avatar.sculpt.mesh import Floats


def eye_centres(figure: Figure) -> dict[int, tuple[Floats, float]]:
    """Middle (3,) and radius of each eyeball, by material."""
    out = {}
    for material, side in ((EYE_LEFT, "l"), (EYE_RIGHT, "r")):
        ball = figure.base[figure.body.groups[f"helper-{side}-eye"]]
        low, high = ball.min(axis=0), ball.max(axis=0)
        out[material] = ((low + high) / 2, float(high[0] - low[0]) / 2)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where hair may grow: centre of the skull, eye height, crown height and forehead hairline."""

    centre: Floats
    eye_y: float
    crown_y: float
    hairline_y: float
    sideburn: float = 0.0  # metres the hair before the ear reaches lower

    def border(self, azimuth: Floats) -> Floats:
        """Height of the hairline at an azimuth (radians, 0 in front, ±π behind)."""
        at = np.degrees(np.abs(azimuth))
        high, eye = self.hairline_y, self.eye_y
        lower = self.sideburn * np.exp(-(((at - 66.0) / 15.0) ** 2))
        return -lower + np.interp(
            at,
            [0, 22, 38, 50, 62, 74, 90, 112, 150, 180],
            [
                high,
                high - 0.001,
                high - 0.006,
                high - 0.020,
                eye + 0.024,
                eye + 0.004,
                eye + 0.012,
                eye - 0.022,
                eye - 0.055,
                eye - 0.065,
            ],
        )

    def inside(self, points: Floats) -> Floats:
        """Metres above the hairline (N,), negative on the face."""
        azimuth = np.arctan2(points[:, 0], points[:, 2] - self.centre[2])
        return points[:, 1] - self.border(azimuth)


def head_of(figure: Figure) -> Head:
    """Measure the head of a figure."""
    skin = figure.base[:13380]
    eye = eye_centres(figure)[EYE_LEFT][0]
    skull = skin[skin[:, 1] > eye[1] + 0.02]
    crown = float(skin[:, 1].max())
    return Head(
        centre=np.array([0.0, eye[1] + 0.03, float(skull[:, 2].min() + skull[:, 2].max()) / 2]),
        eye_y=float(eye[1]),
        crown_y=crown,
        sideburn=0.016 if figure.look.presents == "man" else 0.0,
        hairline_y=float(eye[1]) + 0.60 * (crown - float(eye[1])),
    )
