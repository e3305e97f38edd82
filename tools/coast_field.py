"""The signed distance to land on a grid of latitude and longitude, and the way it is packed into a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from coast_shapes import TO_PLANE
from scipy.spatial import cKDTree


@dataclass(frozen=True)
class Grid:
    """Nodes at equal steps of latitude and longitude; the first node is the south-west corner."""

    lat0: float
    lon0: float
    step_lat: float
    step_lon: float
    rows: int
    columns: int

    @property
    def lats(self) -> np.ndarray:
        return self.lat0 + self.step_lat * np.arange(self.rows)

    @property
    def lons(self) -> np.ndarray:
        return self.lon0 + self.step_lon * np.arange(self.columns)


def grid_over(south: float, west: float, north: float, east: float, step_lat: float, step_lon: float) -> Grid:
    """The grid that reaches at least the north-east corner."""
    rows = round(np.ceil((north - south) / step_lat - 1e-9)) + 1
    columns = round(np.ceil((east - west) / step_lon - 1e-9)) + 1
    return Grid(south, west, step_lat, step_lon, rows, columns)


def land_mask(land_degrees: shapely.Geometry, grid: Grid) -> np.ndarray:
    """True where a node is on land: even-odd rule along each row of nodes."""
    starts, ends = _edges(land_degrees)
    low = np.minimum(starts[:, 1], ends[:, 1])
    high = np.maximum(starts[:, 1], ends[:, 1])
    first = np.clip(np.ceil((low - grid.lat0) / grid.step_lat), 0, grid.rows).astype(int)
    last = np.clip(np.ceil((high - grid.lat0) / grid.step_lat), 0, grid.rows).astype(int)  # half open: [low, high)
    edge = np.repeat(np.arange(len(starts)), last - first)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(last - first) - (last - first), last - first) + first[edge]
    lat = grid.lat0 + grid.step_lat * row
    along = (lat - starts[edge, 1]) / (ends[edge, 1] - starts[edge, 1])
    lon = starts[edge, 0] + along * (ends[edge, 0] - starts[edge, 0])
    column = np.clip(np.ceil((lon - grid.lon0) / grid.step_lon), 0, grid.columns).astype(int)
    crossings = np.zeros((grid.rows, grid.columns + 1), dtype=np.int32)
    np.add.at(crossings, (row, column), 1)
    return (np.cumsum(crossings, axis=1)[:, :-1] % 2).astype(bool)


def _edges(geometry: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    rings = shapely.get_parts(shapely.get_rings(shapely.get_parts(geometry)))
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    same = owner[1:] == owner[:-1]
    return coordinates[:-1][same], coordinates[1:][same]


def signed_distance(shore: np.ndarray, mask: np.ndarray, grid: Grid, *, deepest_inland: float) -> np.ndarray:
    """Metres from every node to the nearest shore point, negative on land and never below -`deepest_inland`."""
    tree = cKDTree(shore)
    field = np.empty((grid.rows, grid.columns))
    for row, lat in enumerate(grid.lats):
        x, y = TO_PLANE.transform(grid.lons, np.full(grid.columns, lat))
        nodes, land = np.column_stack([x, y]), mask[row]
        field[row, ~land] = tree.query(nodes[~land])[0]
        field[row, land] = -np.minimum(tree.query(nodes[land], distance_upper_bound=deepest_inland)[0], deepest_inland)
    return field


def packed(field: np.ndarray, *, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """The first column in units, and from node to node along each row the difference, one byte each.

    A distance changes by at most the step of the grid from one node to the next, so that 100 m / 2.5 m fits a byte.
    `cordiale.sea.coast` adds the differences up again.
    """
    counts = np.round(field / unit).astype(np.int64)
    differences = np.diff(counts, axis=1, prepend=counts[:, :1])
    if np.abs(differences).max() > 127 or np.abs(counts).max() > np.iinfo(np.int16).max:
        raise SystemExit("the distance field does not fit its bytes: choose a larger unit")
    return counts[:, 0].astype(np.int16), differences.astype(np.int8)
