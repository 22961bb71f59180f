"""A small software rasteriser: many small triangles at once, nearest one wins, attributes interpolated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avatar.sculpt.mesh import Floats, Ints

BATCH = 6_000_000  # candidate pixels handled at once; keeps a 1440 × 2000 picture under 1 GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Perspective view from the front: metres in, pixels out (x right, y down, depth towards the viewer)."""

    scale: float  # pixels per metre at the plane z = focus_z
    centre_x: float  # picture column of x = 0
    top_y: float  # world height of picture row 0
    row_offset: float = 0.0  # picture rows cut off above
    distance: float = 2.6
    focus_z: float = 0.05

    def project(self, points: Floats) -> Floats:
        """(N, 3) world to (N, 3) pixels and depth; larger depth is nearer."""
        near = self.distance / (self.distance - (points[:, 2] - self.focus_z))
        eye_y = self.top_y - 0.5 * 0.7
        x = self.centre_x + points[:, 0] * self.scale * near
        y = (self.top_y - (eye_y + (points[:, 1] - eye_y) * near)) * self.scale - self.row_offset
        return np.stack([x, y, points[:, 2]], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What each pixel sees: triangle (−1 for nothing), barycentric weights and depth."""

    triangle: NDArray[np.int64]  # (H, W)
    weights: NDArray[np.float32]  # (H, W, 3)
    depth: NDArray[np.float32]  # (H, W), −inf where nothing is

    @property
    def covered(self) -> NDArray[np.bool_]:
        """(H, W) True where a triangle is seen."""
        return self.triangle >= 0


def rasterise(screen: Floats, tris: Ints, width: int, height: int, *, both_sides: bool = False) -> Hits:
    """Rasterise projected points (N, 3) and triangles (T, 3) into a width × height picture."""
    a, b, c = (screen[tris[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    xs, ys = screen[:, 0][tris], screen[:, 1][tris]
    x0, x1 = np.ceil(xs.min(1) - 0.5), np.floor(xs.max(1) - 0.5)
    y0, y1 = np.ceil(ys.min(1) - 0.5), np.floor(ys.max(1) - 0.5)
    x0, y0 = np.maximum(x0, 0), np.maximum(y0, 0)
    x1, y1 = np.minimum(x1, width - 1), np.minimum(y1, height - 1)
    facing = np.abs(area) > 1e-9 if both_sides else area < -1e-9
    kept = np.flatnonzero(facing & (x1 >= x0) & (y1 >= y0))
    w, h = (x1 - x0 + 1)[kept].astype(np.int64), (y1 - y0 + 1)[kept].astype(np.int64)
    sizes = w * h

    triangle = np.full(width * height, -1, dtype=np.int64)
    weights = np.zeros((width * height, 3), dtype=np.float32)
    depth = np.full(width * height, -np.inf, dtype=np.float32)
    bounds = np.searchsorted(np.cumsum(sizes), np.arange(BATCH, sizes.sum() + BATCH, BATCH))
    start = 0
    for stop in [*(np.minimum(bounds + 1, len(kept))), len(kept)]:
        if stop <= start:
            continue
        part = kept[start:stop]
        n, ww = sizes[start:stop], w[start:stop]
        owner = np.repeat(np.arange(len(part)), n)
        local = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        px = x0[part][owner] + local % ww[owner]
        py = y0[part][owner] + local // ww[owner]
        t = part[owner]
        ax, ay, bx, by, cx, cy = a[t, 0], a[t, 1], b[t, 0], b[t, 1], c[t, 0], c[t, 1]
        sx, sy = px + 0.5, py + 0.5
        wa = ((bx - sx) * (cy - sy) - (by - sy) * (cx - sx)) / area[t]
        wb = ((cx - sx) * (ay - sy) - (cy - sy) * (ax - sx)) / area[t]
        wc = 1.0 - wa - wb
        inside = np.flatnonzero((wa >= -1e-6) & (wb >= -1e-6) & (wc >= -1e-6))
        t, wa, wb, wc = t[inside], wa[inside], wb[inside], wc[inside]
        pixel = (py[inside] * width + px[inside]).astype(np.int64)
        z = wa * a[t, 2] + wb * b[t, 2] + wc * c[t, 2]
        order = np.argsort(z, kind="stable")  # nearest written last, so it stays
        order = order[z[order] > depth[pixel[order]]]
        triangle[pixel[order]] = t[order]
        depth[pixel[order]] = z[order]
        weights[pixel[order]] = np.stack([wa[order], wb[order], wc[order]], axis=1)
        start = stop
    return Hits(
        triangle=triangle.reshape(height, width),
        weights=weights.reshape(height, width, 3),
        depth=depth.reshape(height, width),
    )


def interpolate(hits: Hits, tris: Ints, values: Floats) -> NDArray[np.float32]:
    """Carry a per-point value (N, K) to the pixels (H, W, K); zero where nothing is seen."""
    out = np.zeros((*hits.triangle.shape, values.shape[1]), dtype=np.float32)
    seen = hits.covered
    corner = tris[hits.triangle[seen]]
    out[seen] = np.einsum("pk,pkc->pc", hits.weights[seen], values[corner].astype(np.float32))
    return out
