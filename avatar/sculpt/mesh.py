"""Quad meshes: one smoothing subdivision as a sparse matrix, normals, and small helpers. Numpy and scipy only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """One Catmull-Clark step: `points @` it gives the finer points, `quads` the finer faces.

    The step is linear, so the same matrix carries every expression of the same mesh.
    """

    matrix: sparse.csr_matrix  # (finer, coarse)
    quads: Ints  # (4 F, 4)
    origin: Ints  # (4 F,) the coarse face each finer face came from

    def apply(self, points: Floats) -> Floats:
        """Finer points (M, 3) from coarse points (N, 3)."""
        return np.asarray(self.matrix @ points)


def subdivide(quads: Ints, count: int) -> Smooth:
    """Build the Catmull-Clark step of a mesh of `count` points; borders keep their curve."""
    faces = len(quads)
    edges = np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    unique, inverse = np.unique(edges, axis=0, return_inverse=True)
    inverse = inverse.reshape(faces, 4)
    face_rows = sparse.csr_matrix(
        (np.full(faces * 4, 0.25), (np.repeat(np.arange(faces), 4), quads.ravel())), (faces, count)
    )
    touching = sparse.csr_matrix(
        (np.ones(faces * 4), (inverse.ravel(), np.repeat(np.arange(faces), 4))), (len(unique), faces)
    )
    neighbours = np.asarray(touching.sum(axis=1)).ravel()
    border = neighbours < 2
    ends = sparse.csr_matrix(
        (np.ones(len(unique) * 2), (np.repeat(np.arange(len(unique)), 2), unique.ravel())), (len(unique), count)
    )
    inner = sparse.diags(np.where(border, 0.0, 0.25))
    edge_rows = sparse.diags(np.where(border, 0.5, 0.25)) @ ends + inner @ touching @ face_rows

    point_faces = sparse.csr_matrix(
        (np.ones(faces * 4), (quads.ravel(), np.repeat(np.arange(faces), 4))), (count, faces)
    )
    valence = np.maximum(np.asarray(point_faces.sum(axis=1)).ravel(), 1.0)
    mean_face = sparse.diags(1.0 / valence) @ point_faces @ face_rows
    degree = np.maximum(np.asarray(ends.sum(axis=0)).ravel(), 1.0)
    mean_edge = sparse.diags(1.0 / degree) @ ends.T @ (0.5 * ends)
    on_border = np.zeros(count, dtype=bool)
    on_border[unique[border].ravel()] = True
    free = sparse.diags(np.where(on_border, 0.0, 1.0))
    smooth_rows = free @ sparse.diags(1.0 / valence) @ (mean_face + 2.0 * mean_edge + sparse.diags(valence - 3.0))
    rim_edges = sparse.diags(np.where(border, 1.0, 0.0)) @ ends
    rim_degree = np.maximum(np.asarray(rim_edges.sum(axis=0)).ravel(), 1.0)
    mean_rim = sparse.diags(1.0 / rim_degree) @ rim_edges.T @ (0.5 * ends)
    rim_rows = sparse.diags(np.where(on_border, 1.0, 0.0)) @ (0.5 * sparse.identity(count) + 0.5 * mean_rim)

    matrix = sparse.vstack([smooth_rows + rim_rows, edge_rows, face_rows]).tocsr()
    edge_id = count + inverse
    face_id = count + len(unique) + np.arange(faces)
    corner = [np.stack([quads[:, k], edge_id[:, k], face_id, edge_id[:, k - 1]], axis=1) for k in range(4)]
    finer = np.stack(corner, axis=1).reshape(-1, 4)
    return Smooth(matrix=matrix, quads=finer, origin=np.repeat(np.arange(faces), 4))


def triangles(quads: Ints) -> Ints:
    """Two triangles a quad: (2 F, 3), the two of one quad side by side."""
    return np.stack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], axis=1).reshape(-1, 3)


def vertex_normals(points: Floats, quads: Ints) -> Floats:
    """Area-weighted unit normals (N, 3)."""
    a, b, c, d = (points[quads[:, k]] for k in range(4))
    face = np.cross(c - a, d - b)
    total = np.zeros_like(points)
    for k in range(4):
        np.add.at(total, quads[:, k], face)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def laplacian(quads: Ints, count: int) -> sparse.csr_matrix:
    """Row-normalised neighbour averaging of a mesh: `points = matrix @ points` relaxes it once."""
    pairs = np.concatenate([np.stack([quads[:, k], quads[:, (k + 1) % 4]], axis=1) for k in range(4)])
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    matrix = sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count))
    return sparse.diags(1.0 / np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1.0)) @ matrix
