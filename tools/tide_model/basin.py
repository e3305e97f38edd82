"""A basin ready to step: masks, metric, drag and open cells on the grid, run and analysed for harmonic constants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from . import shallow
from .grid import Grid, depth_of_cells, largest_sea
from .mesh import EARTH_ROTATION, METRES_PER_DEGREE, Mesh


@dataclass(frozen=True)
class Basin:
    """Cell depth (m below mean sea level), sea mask and open cells (n, 2) of a grid."""

    grid: Grid
    depth: np.ndarray
    sea: np.ndarray
    open_cells: np.ndarray


def basin(mesh: Mesh, grid: Grid, least_depth: float) -> Basin:
    """Cells at least half wet, the largest sea, and its western and northern rim as open cells."""
    depth, wet = depth_of_cells(mesh, grid)
    sea = wet >= 0.5
    sea[:1] = sea[-1:] = False
    sea[:, :1] = sea[:, -1:] = False
    sea = largest_sea(sea)
    rim = np.zeros_like(sea)
    rim[-2], rim[:, 1] = sea[-2], sea[:, 1]
    return Basin(grid, np.where(sea, np.maximum(depth, least_depth), least_depth), sea, np.argwhere(rim))


def safe_step(basin: Basin) -> float:
    """A time step of 0.6 of the gravity-wave limit, a divisor of 600 s; at 0.9 the deep channel fills with ripples."""
    dx = basin.grid.lon_step * METRES_PER_DEGREE * np.cos(np.radians(basin.grid.lat.max()))
    dy = basin.grid.lat_step * METRES_PER_DEGREE
    limit = 0.6 / np.sqrt(9.81 * (basin.depth[basin.sea].max() + 5.0)) / np.sqrt(1 / dx**2 + 1 / dy**2)
    return 600.0 / np.ceil(600.0 / limit)


def _still(basin: Basin, drag: np.ndarray, viscosity: float) -> tuple:
    sea = basin.sea
    face_u, face_v, corner = np.zeros_like(sea), np.zeros_like(sea), np.zeros_like(sea)
    face_u[:, :-1] = sea[:, :-1] & sea[:, 1:]
    face_v[:-1] = sea[:-1] & sea[1:]
    corner[:-1, :-1] = sea[:-1, :-1] & sea[1:, :-1] & sea[:-1, 1:] & sea[1:, 1:]
    is_open = np.zeros_like(sea)
    is_open[tuple(basin.open_cells.T)] = True
    distance = ndimage.distance_transform_edt(~is_open)
    nu = viscosity + 300.0 * np.clip(1 - distance / 12.0, 0, 1)
    advect = np.clip((distance - 4.0) / 8.0, 0, 1)
    depth_u, depth_v = basin.depth.copy(), basin.depth.copy()
    depth_u[:, :-1] = (basin.depth[:, :-1] + basin.depth[:, 1:]) / 2
    depth_v[:-1] = (basin.depth[:-1] + basin.depth[1:]) / 2
    arrays = (depth_u, depth_v, sea & ~is_open, face_u, face_v, corner, drag, nu, advect)
    return tuple(np.ascontiguousarray(a, dtype=np.float32) for a in arrays)


def _metric(grid: Grid) -> tuple:
    lat = np.radians(grid.lat)
    face = np.radians(grid.lat + grid.lat_step / 2)
    dx = grid.lon_step * METRES_PER_DEGREE * np.cos(lat)
    arrays = (
        1 / dx,
        np.cos(lat),
        np.cos(face),
        2 * EARTH_ROTATION * np.sin(lat),
        2 * EARTH_ROTATION * np.sin(face),
        [1 / (grid.lat_step * METRES_PER_DEGREE)],
    )
    return tuple(np.asarray(a, dtype=np.float32) for a in arrays)


def run(
    basin: Basin,
    drag: np.ndarray,
    viscosity: float,
    levels: np.ndarray,
    omegas: np.ndarray,
    analysed: np.ndarray,
    days: tuple[float, float],
) -> np.ndarray:
    """Harmonic constants (1 + analysed, 3, rows, columns) of a run forced by levels (k, open cells) at omegas (rad/s).

    days = (spin-up, analysed stretch). The first row is the mean. All arguments start at zero phase at time zero.
    """
    dt = safe_step(basin)
    shape = basin.sea.shape
    state = tuple(np.zeros(shape, np.float32) for _ in range(8))
    still, metric = _still(basin, drag, viscosity), _metric(basin.grid)
    forcing = (basin.open_cells, np.ascontiguousarray(levels))
    spin = round(days[0] * 86400 / dt)
    count = round(days[1] * 86400 / dt)
    every = round(1200 / dt)
    none = np.zeros((0, 3, *shape), np.float32)
    shallow.march(state, still, metric, forcing, omegas, 0, spin, dt, 21600.0, none, analysed, every)
    sums = np.zeros((1 + 2 * len(analysed), 3, *shape), np.float32)
    total = sums.astype(np.float64)
    done = spin
    while done < spin + count:  # short blocks keep single-precision sums exact enough
        block = min(every * 72 * 4, spin + count - done)
        sums[:] = 0
        shallow.march(state, still, metric, forcing, omegas, done, block, dt, 21600.0, sums, analysed, every)
        if not np.isfinite(state[0]).all():
            raise FloatingPointError(f"the run blew up before day {(done + block) * dt / 86400:.1f}")
        total += sums
        done += block
    return _solve(total, analysed, dt, spin, count, every)


def _solve(total: np.ndarray, analysed: np.ndarray, dt: float, spin: int, count: int, every: int) -> np.ndarray:
    steps = np.arange(spin + 1, spin + count + 1)
    time = steps[steps % every == 0] * dt
    angles = np.outer(time, analysed)
    matrix = np.empty((len(time), 1 + 2 * len(analysed)))
    matrix[:, 0] = 1
    matrix[:, 1::2], matrix[:, 2::2] = np.cos(angles), np.sin(angles)
    solved = np.linalg.solve(matrix.T @ matrix, total.reshape(len(total), -1)).reshape(total.shape)
    out = np.empty((1 + len(analysed), *total.shape[1:]), complex)
    out[0] = solved[0]
    out[1:] = solved[1::2] - 1j * solved[2::2]
    return out
