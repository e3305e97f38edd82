"""The regular grid: which cells are sea, how deep they are, and how values reach the beach."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from .mesh import Mesh


@dataclass(frozen=True)
class Grid:
    """Cell centres at south + i * lat_step, west + j * lon_step (degrees)."""

    south: float
    west: float
    lat_step: float
    lon_step: float
    rows: int
    columns: int

    @property
    def lat(self) -> np.ndarray:
        return self.south + self.lat_step * np.arange(self.rows)

    @property
    def lon(self) -> np.ndarray:
        return self.west + self.lon_step * np.arange(self.columns)

    def cell(self, lat: float, lon: float) -> tuple[int, int]:
        return round((lat - self.south) / self.lat_step), round((lon - self.west) / self.lon_step)


@numba.njit(cache=True)
def _locate(x, y, triangles, rows, columns, owner, share):  # x, y in cell units
    for k in range(len(triangles)):
        a, b, c = triangles[k]
        x0, y0 = x[a], y[a]
        x1, y1, x2, y2 = x[b] - x0, y[b] - y0, x[c] - x0, y[c] - y0
        twice = x1 * y2 - x2 * y1
        low_i, low_j = max(0, int(np.ceil(y0 + min(0.0, y1, y2)))), max(0, int(np.ceil(x0 + min(0.0, x1, x2))))
        high_i = min(rows - 1, int(np.floor(y0 + max(0.0, y1, y2))))
        high_j = min(columns - 1, int(np.floor(x0 + max(0.0, x1, x2))))
        for i in range(low_i, high_i + 1):
            for j in range(low_j, high_j + 1):
                dx, dy = j - x0, i - y0
                s, t = (dx * y2 - x2 * dy) / twice, (x1 * dy - dx * y1) / twice
                if s >= -1e-9 and t >= -1e-9 and s + t <= 1 + 1e-9:
                    owner[i, j] = k
                    share[i, j, 0], share[i, j, 1], share[i, j, 2] = 1 - s - t, s, t


def locate(mesh: Mesh, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Triangle number (-1 on land) and its three weights at every cell centre."""
    owner = np.full((grid.rows, grid.columns), -1)
    share = np.zeros((grid.rows, grid.columns, 3))
    _locate(
        (mesh.lon - grid.west) / grid.lon_step,
        (mesh.lat - grid.south) / grid.lat_step,
        mesh.triangles,
        grid.rows,
        grid.columns,
        owner,
        share,
    )
    return owner, share


def sample(mesh: Mesh, grid: Grid, values: np.ndarray) -> np.ndarray:
    """Node values interpolated at cell centres, NaN on land."""
    owner, share = locate(mesh, grid)
    inside = owner >= 0
    out = np.full(owner.shape, np.nan, values.dtype)
    out[inside] = (values[mesh.triangles[owner[inside]]] * share[inside]).sum(axis=-1)
    return out


def depth_of_cells(mesh: Mesh, grid: Grid, fine: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Mean depth over the wet part of each cell and its wet share, from fine x fine points a cell."""
    step_lat, step_lon = grid.lat_step / fine, grid.lon_step / fine
    shift = (fine - 1) / 2
    dense = Grid(
        grid.south - shift * step_lat,
        grid.west - shift * step_lon,
        step_lat,
        step_lon,
        grid.rows * fine,
        grid.columns * fine,
    )
    depth = sample(mesh, dense, mesh.depth)
    blocks = depth.reshape(grid.rows, fine, grid.columns, fine)
    wet = np.isfinite(blocks)
    count = wet.sum(axis=(1, 3))
    total = np.where(wet, blocks, 0.0).sum(axis=(1, 3))
    return total / np.maximum(count, 1), count / fine**2


def largest_sea(wet: np.ndarray) -> np.ndarray:
    """The largest part of a mask connected through cell sides."""
    labels, _ = ndimage.label(wet)
    return labels == np.bincount(labels[labels > 0]).argmax()


def spread_to_beach(fields: np.ndarray, sea: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Fill land cells within reach cells of the sea: inverse-square mean of the eight nearest sea cells.

    fields has shape (..., rows, columns); the second result is the mask of cells that now have a value.
    """
    distance = ndimage.distance_transform_edt(~sea)
    fringe = (distance > 0) & (distance <= reach)
    tree = cKDTree(np.argwhere(sea))
    gap, neighbour = tree.query(np.argwhere(fringe), k=8)
    weight = 1.0 / gap**2
    weight /= weight.sum(axis=1, keepdims=True)
    out = np.where(sea, fields, 0.0)
    values = fields[..., sea]
    out[..., fringe] = (values[..., neighbour] * weight).sum(axis=-1)
    return out, sea | fringe
