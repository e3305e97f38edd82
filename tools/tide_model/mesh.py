"""The unstructured mesh: nodes, triangles and still-water depth cut from the resourcecode wave hindcast grid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

EARTH_RADIUS_M = 6_371_000.0
METRES_PER_DEGREE = np.pi * EARTH_RADIUS_M / 180.0
EARTH_ROTATION = 7.292115e-5  # rad/s, IERS


@dataclass(frozen=True)
class Mesh:
    """Nodes (lon, lat degrees; depth m below mean sea level), triangles (n, 3), open-boundary node numbers."""

    lon: np.ndarray
    lat: np.ndarray
    depth: np.ndarray
    triangles: np.ndarray
    open_nodes: np.ndarray

    def nearest(self, lon: float, lat: float) -> tuple[int, float]:
        """The nearest node and its distance in metres."""
        scale = np.cos(np.radians(lat))
        tree = cKDTree(np.c_[self.lon * scale, self.lat])
        distance, node = tree.query([lon * scale, lat])
        return int(node), float(distance * METRES_PER_DEGREE)


def read_package(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Longitude, latitude, depth of all nodes and the triangles (0-based) of the packaged grid."""
    nodes = pd.read_feather(folder / "grid_FIELD.feather")
    triangles = pd.read_feather(folder / "triangles.feather").to_numpy() - 1
    return (
        nodes["longitude"].to_numpy(float),
        nodes["latitude"].to_numpy(float),
        nodes["depth"].to_numpy(float),
        triangles.astype(np.int64),
    )


def boundary_edges(triangles: np.ndarray) -> np.ndarray:
    """Edges that belong to one triangle only, as sorted node pairs."""
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    return unique[count == 1]


def cut(folder: Path, box: tuple[float, float, float, float], least_depth: float, datum_shift: float) -> Mesh:
    """The largest connected part of the mesh inside box (west, south, east, north), with its open boundary.

    datum_shift (m) is added to the packaged depth; least_depth (m) is the floor after that.
    """
    lon, lat, depth, triangles = read_package(folder)
    west, south, east, north = box
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north) & np.isfinite(depth)
    kept = triangles[inside[triangles].all(axis=1)]
    n = len(lon)
    rows = np.r_[kept[:, 0], kept[:, 1], kept[:, 2]]
    columns = np.r_[kept[:, 1], kept[:, 2], kept[:, 0]]
    _, part = connected_components(coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n)), directed=False)
    largest = np.bincount(part[kept[:, 0]]).argmax()
    kept = kept[part[kept[:, 0]] == largest]
    used = np.unique(kept)
    number = np.full(n, -1)
    number[used] = np.arange(len(used))
    coast = {tuple(edge) for edge in boundary_edges(triangles)}
    cut_edges = [edge for edge in boundary_edges(kept) if tuple(edge) not in coast]
    outer = _outer_nodes(cut_edges, lon, lat, box)
    return Mesh(lon[used], lat[used], np.maximum(depth[used] + datum_shift, least_depth), number[kept], number[outer])


def _outer_nodes(
    cut_edges: list, lon: np.ndarray, lat: np.ndarray, box: tuple[float, float, float, float]
) -> np.ndarray:
    """Nodes of cut edges that lie along the box (holes left by missing depths are coast, not sea)."""
    west, south, east, north = box
    nodes = np.unique(np.array(cut_edges))
    near = 0.12
    along = (
        (lon[nodes] < west + near)
        | (lon[nodes] > east - near)
        | (lat[nodes] < south + near)
        | (lat[nodes] > north - near)
    )
    return nodes[along]
