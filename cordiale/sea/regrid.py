"""From any grid to a regular lattice, once: bilinear in the cells of a curvilinear grid, barycentric on triangles.

A point of the lattice takes its value from the corners of the one cell that it lies in, those of them that are known;
outside the file's grid it has none. Nothing is taken from a nearest neighbour and nothing is spread inland.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import BoolArray, FloatArray
from cordiale.sea.grid import Lattice

IndexArray = NDArray[np.intp]
_EDGE: Final = 1e-6  # of a cell: a point on the edge between two cells lies in both
_TURNS: Final = 6  # Newton steps; cells of ocean grids are nearly parallelograms, two suffice


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Weights:
    """For each point of a lattice the `corners` of its cell in the source, shape (k, points), and their weights."""

    corners: IndexArray
    weights: FloatArray
    inside: BoolArray

    def apply(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values (times, source points, NaN where missing) as (weighted sum over known corners, share known)."""
        known = np.isfinite(values)
        same = bool((known == known[0]).all())  # the same sea at all times, but where flats dry
        share = self._sum(known[:1] if same else known)
        return self._sum(np.where(known, values, 0.0)), np.broadcast_to(share, (len(values), share.shape[1]))

    def _sum(self, values: NDArray[Any]) -> FloatArray:
        total = np.zeros((values.shape[0], self.corners.shape[1]))
        for corner, weight in zip(self.corners, self.weights, strict=True):
            total += np.take(values, corner, axis=1) * weight
        return total


def between_lines(lat: FloatArray, lon: FloatArray, lattice: Lattice) -> Weights:
    """Weights of the four corners in a grid of uneven rising lines of latitude and longitude; points row by row."""
    i, up = _share(lat, lattice.lat)
    j, right = _share(lon, lattice.lon)
    columns = lon.size
    corners, weights = [], []
    for di, wi in ((0, 1 - up), (1, up)):
        for dj, wj in ((0, 1 - right), (1, right)):
            corners.append(((i + di)[:, np.newaxis] * columns + (j + dj)).ravel())
            weights.append((wi[:, np.newaxis] * wj).ravel())
    inside = np.ones(lattice.rows * lattice.columns, dtype=bool)
    return Weights(corners=np.array(corners), weights=np.array(weights), inside=inside)


def _share(lines: FloatArray, at: FloatArray) -> tuple[IndexArray, FloatArray]:
    low = np.clip(np.searchsorted(lines, at, side="right") - 1, 0, lines.size - 2)
    return low, np.clip((at - lines[low]) / (lines[low + 1] - lines[low]), 0.0, 1.0)


def in_quadrangles(lat: FloatArray, lon: FloatArray, lattice: Lattice) -> Weights:
    """Weights in the cells of a curvilinear grid whose nodes have the latitudes and longitudes `lat`, `lon` (y, x)."""
    number = np.arange(lat.size).reshape(lat.shape)
    cells = np.stack([number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]]).reshape(4, -1)
    return _laid_on(cells, lat.ravel(), lon.ravel(), lattice, _bilinear)


def in_triangles(lat: FloatArray, lon: FloatArray, triangles: IndexArray, lattice: Lattice) -> Weights:
    """Weights in triangles (n, 3) of nodes at `lat`, `lon`."""
    return _laid_on(np.ascontiguousarray(triangles.T), lat, lon, lattice, _barycentric)


def _laid_on(cells: IndexArray, lat: FloatArray, lon: FloatArray, lattice: Lattice, local: Any) -> Weights:
    """Lay every cell on the lattice: each point inside it gets its corners and weights."""
    x = ((lon - lattice.west) / lattice.lon_step)[cells]
    y = ((lat - lattice.south) / lattice.lat_step)[cells]
    whole = np.isfinite(x).all(axis=0) & np.isfinite(y).all(axis=0)
    cells, x, y = cells[:, whole], x[:, whole], y[:, whole]
    first_row, last_row = _reach(y, lattice.rows)
    first_column, last_column = _reach(x, lattice.columns)
    points = lattice.rows * lattice.columns
    corners = np.zeros((len(cells), points), dtype=np.intp)
    weights = np.zeros((len(cells), points))
    inside = np.zeros(points, dtype=bool)
    tall, wide = last_row - first_row, last_column - first_column
    for down in range(int(tall.max(initial=-1)) + 1):
        for along in range(int(wide[tall >= down].max(initial=-1)) + 1):
            chosen = np.flatnonzero((tall >= down) & (wide >= along))
            row, column = first_row[chosen] + down, first_column[chosen] + along
            shares = local(x[:, chosen], y[:, chosen], column, row)
            within = (shares >= -_EDGE).all(axis=0) & np.isfinite(shares).all(axis=0)
            point = (row * lattice.columns + column)[within]
            clean = np.clip(shares[:, within], 0.0, 1.0)
            corners[:, point] = cells[:, chosen[within]]
            weights[:, point] = clean / clean.sum(axis=0)
            inside[point] = True
    return Weights(corners=corners, weights=weights, inside=inside)


def _reach(along: FloatArray, size: int) -> tuple[IndexArray, IndexArray]:
    low = np.ceil(along.min(axis=0) - _EDGE).astype(np.intp)
    high = np.floor(along.max(axis=0) + _EDGE).astype(np.intp)
    return np.maximum(low, 0), np.minimum(high, size - 1)


def _bilinear(x: FloatArray, y: FloatArray, at_x: IndexArray, at_y: IndexArray) -> FloatArray:
    """Bilinear weights of the corners of quadrangles, negative outside: Newton's steps from the middle of the cell."""
    s = np.full(at_x.shape, 0.5)
    t = np.full(at_x.shape, 0.5)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(_TURNS):
            shares = _shares(s, t)
            off_x, off_y = (shares * x).sum(axis=0) - at_x, (shares * y).sum(axis=0) - at_y
            x_s, x_t = (1 - t) * (x[1] - x[0]) + t * (x[2] - x[3]), (1 - s) * (x[3] - x[0]) + s * (x[2] - x[1])
            y_s, y_t = (1 - t) * (y[1] - y[0]) + t * (y[2] - y[3]), (1 - s) * (y[3] - y[0]) + s * (y[2] - y[1])
            area = x_s * y_t - x_t * y_s
            s, t = s - (y_t * off_x - x_t * off_y) / area, t - (x_s * off_y - y_s * off_x) / area
    outside = (s < -_EDGE) | (s > 1 + _EDGE) | (t < -_EDGE) | (t > 1 + _EDGE) | ~np.isfinite(s + t)
    return np.where(outside, -1.0, _shares(s, t))


def _shares(s: FloatArray, t: FloatArray) -> FloatArray:
    return np.stack([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t])


def _barycentric(x: FloatArray, y: FloatArray, at_x: IndexArray, at_y: IndexArray) -> FloatArray:
    """Barycentric weights of the corners of triangles, negative outside."""
    with np.errstate(divide="ignore", invalid="ignore"):
        area = (y[1] - y[2]) * (x[0] - x[2]) + (x[2] - x[1]) * (y[0] - y[2])
        first = ((y[1] - y[2]) * (at_x - x[2]) + (x[2] - x[1]) * (at_y - y[2])) / area
        second = ((y[2] - y[0]) * (at_x - x[2]) + (x[0] - x[2]) * (at_y - y[2])) / area
    return np.stack([first, second, 1 - first - second])
