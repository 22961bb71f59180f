"""A host's geometry: the shaped body, its teeth and eyes, and how an expression moves all of it."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from avatar.sculpt.body import Body, load_body, lower_arms, target
from avatar.sculpt.looks import Look
from avatar.sculpt.mesh import Floats, Ints, Smooth, subdivide, triangles, vertex_normals

SKIN, EYE_LEFT, EYE_RIGHT, TOOTH, TONGUE, CLOTH = range(6)
UPPER_LID = "helper-{}-eyelashes-2"
LOWER_LID = "helper-{}-eyelashes-1"


@cache
def unit(name: str) -> Floats:
    """One shape target, both sides when the name says `l-`; cached because thirty patches share them."""
    if "/l-" in name:
        return target(name) + target(name.replace("/l-", "/r-"))
    return target(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything to draw for one expression: world points, their normals, rest positions, faces and materials."""

    points: Floats  # (N, 3)
    normals: Floats  # (N, 3)
    rest: Floats  # (N, 3) the same points without expression: what paint is laid on by
    tris: Ints  # (T, 3)
    material: Ints  # (T,)
    coarse: Floats  # (19158, 3) the base mesh in this expression, for lid edges and landmarks


class Figure:
    """One look made flesh: `scene(expression)` gives the geometry to draw."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.body: Body = load_body()
        points = self.body.points.copy()
        for name, weight in look.shape:
            points += weight * unit(name)
        points = lower_arms(self.body, points, 35.0, 14.0)
        self.neck = points[self.body.groups["joint-neck"]].mean(axis=0)
        self.chest = points[self.body.groups["joint-l-clavicle"]].mean(axis=0)
        self.base = self._proportioned(points)
        self._units: dict[str, Floats] = {}
        quads = self.body.quads
        self.parts: list[tuple[int, Ints, Smooth]] = []
        keep = (quads < 13380).all(axis=1) & (self.base[quads][:, :, 1].max(axis=1) > self.base[:13380, 1].max() - 0.85)
        for material, chosen in (
            (SKIN, keep),
            (EYE_LEFT, np.isin(quads, self.body.groups["helper-l-eye"]).all(axis=1)),
            (EYE_RIGHT, np.isin(quads, self.body.groups["helper-r-eye"]).all(axis=1)),
            (TONGUE, np.isin(quads, self.body.groups["helper-tongue"]).all(axis=1)),
        ):
            faces = quads[chosen]
            used, local = np.unique(faces, return_inverse=True)
            self.parts.append((material, used, subdivide(local.reshape(-1, 4), len(used))))

    def _proportioned(self, points: Floats) -> Floats:
        """Head a little larger, shoulders a little narrower: what a portrait lens flatters."""
        y = points[:, 1]
        head = np.clip((y - self.neck[1]) / 0.06, 0, 1)[:, None]
        out = points + head * (self.look.head_scale - 1.0) * (points - self.neck)
        trunk = np.clip((self.chest[1] + 0.06 - y) / 0.08, 0, 1) ** 2 * (
            3 - 2 * np.clip((self.chest[1] + 0.06 - y) / 0.08, 0, 1)
        )
        out[:, 0] *= 1.0 + trunk * (self.look.shoulder_scale - 1.0)
        return out

    def pose(self, expression: dict[str, float]) -> Floats:
        """Base mesh (19158, 3) with face units laid on."""
        out = self.base.copy()
        for name, weight in expression.items():
            if weight:
                out += weight * self.look.head_scale * unit(name)
        return out

    def scene(self, expression: dict[str, float]) -> Scene:
        """Finer geometry of one expression."""
        coarse = self.pose(expression)
        points: list[Floats] = []
        normals: list[Floats] = []
        rest: list[Floats] = []
        tris: list[Ints] = []
        material: list[Ints] = []
        start = 0

        def add(kind: int, at: Floats, before: Floats, quads: Ints) -> None:
            nonlocal start
            points.append(at)
            normals.append(vertex_normals(at, quads))
            rest.append(before)
            tris.append(triangles(quads) + start)
            material.append(np.full(len(quads) * 2, kind))
            start += len(at)

        for kind, used, smooth in self.parts:
            add(kind, smooth.apply(coarse[used]), smooth.apply(self.base[used]), smooth.quads)
        jaw = coarse[self.body.groups["helper-lower-teeth"]].mean(axis=0) - self.base[
            self.body.groups["helper-lower-teeth"]
        ].mean(axis=0)
        for before, quads, shift in self.teeth():
            add(TOOTH, before + jaw * shift, before, quads)
        return Scene(
            points=np.concatenate(points),
            normals=np.concatenate(normals),
            rest=np.concatenate(rest),
            tris=np.concatenate(tris),
            material=np.concatenate(material),
            coarse=coarse,
        )

    @property
    def mouth(self) -> dict[str, Floats]:
        """Landmarks (3,) of the resting mouth: middle of the lip line, corner, lower crease."""
        corner = self.base[[3705, 437]]  # near the left corner as the viewer sees it
        side = corner[np.argmin(corner[:, 0])]
        return {"middle": self.base[474], "below": self.base[492], "corner": side}

    def teeth(self) -> list[tuple[Floats, Ints, float]]:
        """Two rows of teeth on one arch: (points, quads, share of the jaw's movement)."""
        upper = self.base[self.body.groups["helper-upper-teeth"]]
        rows = []
        middle = self.base[474]
        front = upper[:, 2].max() - 0.0040
        edge = middle[1] - 0.0012  # incisal edge just under the lip line
        steps, rings = 361, 9
        u = np.linspace(-1.0, 1.0, steps)
        arc = u * 0.047  # metres along the arch
        half = 0.0235
        x = half * np.sin(np.clip(arc / half * 0.62, -1.45, 1.45)) * 1.02
        z = front - 0.026 * (1 - np.cos(np.clip(arc / half * 0.62, -1.45, 1.45)))
        widths = np.array([0.0084, 0.0066, 0.0076, 0.0068, 0.0068, 0.0090])
        borders = np.concatenate([[0.0], np.cumsum(widths)])
        tooth = np.clip(np.searchsorted(borders, np.abs(arc), side="right") - 1, 0, len(widths) - 1)
        local = (np.abs(arc) - borders[tooth]) / widths[tooth] * 2 - 1  # −1…1 across one tooth
        crown = np.array([1.0, 0.90, 0.99, 0.86, 0.82, 0.78])[tooth]
        for row, sign in ((0, 1.0), (1, -1.0)):
            v = np.linspace(0.0, 1.0, rings)[:, None]  # 0 at the cutting edge, 1 under the gum
            length = (0.0098 if row == 0 else 0.0082) * crown
            round_corner = 0.0007 * np.abs(local) ** 4
            bulge = 0.0016 * np.clip(1 - local**2, 0, None) ** 0.6 * np.sin(np.pi * (0.18 + 0.7 * v)) - 0.0006
            base = edge if row == 0 else edge - 0.0016
            y = (
                base
                + sign * (round_corner + (0.0094 * (1 - crown) if row == 0 else 0.004 * (1 - crown)))
                + sign * v * length
            )
            back = 0.0 if row == 0 else -0.0022
            px = np.broadcast_to(x, (rings, steps)) * (1 + bulge / half * 0.4)
            pz = z + bulge + back - 0.0012 * v
            points = np.stack([px, y, np.broadcast_to(pz, px.shape)], axis=-1).reshape(-1, 3)
            i, j = np.meshgrid(np.arange(rings - 1), np.arange(steps - 1), indexing="ij")
            a = (i * steps + j).ravel()
            quads = np.stack([a, a + 1, a + steps + 1, a + steps], axis=1)
            if sign < 0:
                quads = quads[:, ::-1]
            rows.append((points, quads, float(row)))
        return rows
