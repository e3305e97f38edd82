"""Linear shallow water in the frequency domain on triangles: one sparse factorisation answers any boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.linalg import splu

from .mesh import EARTH_ROTATION, METRES_PER_DEGREE, Mesh

GRAVITY = 9.81


@dataclass(frozen=True)
class Elements:
    """Per-triangle geometry: area (m2), shape-function gradients (n, 3) in 1/m, mean depth, Coriolis parameter."""

    mesh: Mesh
    area: np.ndarray
    dx: np.ndarray
    dy: np.ndarray
    depth: np.ndarray
    coriolis: np.ndarray


def elements(mesh: Mesh) -> Elements:
    """Triangle geometry on a local plane at the latitude of each triangle's centre."""
    t = mesh.triangles
    lat = mesh.lat[t].mean(axis=1)
    scale = np.cos(np.radians(lat))[:, None] * METRES_PER_DEGREE
    x, y = mesh.lon[t] * scale, mesh.lat[t] * METRES_PER_DEGREE
    b = np.stack([y[:, 1] - y[:, 2], y[:, 2] - y[:, 0], y[:, 0] - y[:, 1]], axis=1)
    c = np.stack([x[:, 2] - x[:, 1], x[:, 0] - x[:, 2], x[:, 1] - x[:, 0]], axis=1)
    twice = (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])[:, None]
    return Elements(
        mesh,
        np.abs(twice[:, 0]) / 2,
        b / twice,
        c / twice,
        mesh.depth[t].mean(axis=1),
        2 * EARTH_ROTATION * np.sin(np.radians(lat)),
    )


def gravity_response(parts: Elements, omega: float, friction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients a, b with u = -(a eta_x + b eta_y), v = -(a eta_y - b eta_x); friction r in m/s per triangle."""
    sigma = 1j * omega + friction / parts.depth
    denominator = sigma**2 + parts.coriolis**2
    return GRAVITY * sigma / denominator, GRAVITY * parts.coriolis / denominator


def assemble(parts: Elements, omega: float, friction: np.ndarray) -> csc_matrix:
    """The matrix of  i omega eta + div(h u) = 0  in weak form; no flow through the coast is its natural condition."""
    a, b = gravity_response(parts, omega, friction)
    t, n = parts.mesh.triangles, len(parts.mesh.lon)
    weight = parts.area * parts.depth
    rows, columns, values = [], [], []
    for i in range(3):
        for j in range(3):
            mass = 1j * omega * parts.area / (6.0 if i == j else 12.0)
            along = parts.dx[:, i] * parts.dx[:, j] + parts.dy[:, i] * parts.dy[:, j]
            across = parts.dx[:, i] * parts.dy[:, j] - parts.dy[:, i] * parts.dx[:, j]
            rows.append(t[:, i])
            columns.append(t[:, j])
            values.append(mass + weight * (a * along + b * across))
    places = (np.concatenate(rows), np.concatenate(columns))
    return csc_matrix(coo_matrix((np.concatenate(values), places), shape=(n, n)))


def respond(parts: Elements, omega: float, friction: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Level at every node (n, k) for each of k boundary patterns basis (number of open nodes, k)."""
    matrix = assemble(parts, omega, friction)
    n = matrix.shape[0]
    is_open = np.zeros(n, bool)
    is_open[parts.mesh.open_nodes] = True
    free = np.flatnonzero(~is_open)
    solver = splu(matrix[free][:, free])
    level = np.zeros((n, basis.shape[1]), complex)
    level[parts.mesh.open_nodes] = basis
    right = -(matrix[free][:, parts.mesh.open_nodes] @ basis.astype(complex))
    level[free] = solver.solve(right)
    return level


def currents(parts: Elements, omega: float, friction: np.ndarray, level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depth-mean eastward and northward current per triangle for one level field."""
    a, b = gravity_response(parts, omega, friction)
    t = parts.mesh.triangles
    slope_x = (parts.dx * level[t]).sum(axis=1)
    slope_y = (parts.dy * level[t]).sum(axis=1)
    return -(a * slope_x + b * slope_y), -(a * slope_y - b * slope_x)


def semi_major(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Semi-major axis of the current ellipse of complex amplitudes u, v."""
    plus, minus = np.abs(u + 1j * v) / 2, np.abs(np.conj(u) + 1j * np.conj(v)) / 2
    return plus + minus
