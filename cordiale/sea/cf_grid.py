"""The horizontal grid of a field: lines of latitude and longitude, a projection, curvilinear nodes or UGRID triangles.

`grid_of` says which part of the file to read for a window, how to lay it on a regular lattice, and which way the axes
of the grid point. Source: CF Metadata Conventions 1.11, sections 5 and 5.6 (grid mappings), and UGRID 1.0.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import BoolArray, Degrees, FloatArray, degrees
from cordiale.sea.cf_axes import Axes
from cordiale.sea.cf_places import Nodes, nodes_of
from cordiale.sea.grid import Lattice
from cordiale.sea.regrid import Weights, between_lines, in_quadrangles, in_triangles
from cordiale.sea.store import Store, Variable
from cordiale.sea.tide import Window

Run = tuple[slice, bool]
_MOST_POINTS: Final = 20_000_000  # of a lattice made from another grid
_EVEN: Final = 0.01  # of a step: lines that lie so near to even ones are taken as even
_SINGLE: Final[Degrees] = 4e-5  # degrees: a longitude near 360 in single precision


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class SourceGrid:
    """What to read of a field and how to lay it on a lattice.

    `runs`: for each horizontal dimension of the variable, in its order, stretches to read and whether to turn them
    round. `northward` gives, for what has been read as (y, x), the direction of the grid's axes: east and north part
    of x, then of y; None where x is east and y is north. `weights` is None where the lines are the lattice.
    """

    lattice: Lattice
    covered: BoolArray
    runs: tuple[tuple[Run, ...], ...]
    swapped: bool
    weights: Weights | None
    directions: tuple[FloatArray, ...] | None


def grid_of(store: Store, variable: Variable, axes: Axes, window: Window, refine: int) -> SourceGrid:
    """The grid of a variable around a window; refused by name where there is none or where it lies elsewhere."""
    nodes = nodes_of(store, variable, axes, (window.west + window.east) / 2)
    if nodes.shape == "lines":
        return _lines_of(store, nodes, window)
    if nodes.shape == "triangles":
        return _mesh(store, nodes, window, refine)
    return _curvilinear(store, nodes, window, refine)


def _refuse(store: Store, window: Window, lat: FloatArray, lon: FloatArray) -> CordialeError:
    return CordialeError(
        "sea.cf_window",
        path=store.path,
        south=window.south,
        north=window.north,
        west=window.west,
        east=window.east,
        has=f"{np.nanmin(lat):.2f}-{np.nanmax(lat):.2f} N, {np.nanmin(lon):.2f}-{np.nanmax(lon):.2f} E",
    )


def _lines_of(store: Store, nodes: Nodes, window: Window) -> SourceGrid:
    upward = _around(nodes.lat, window.south, window.north)
    eastward = _around(nodes.lon, window.west, window.east)
    if upward is None or eastward is None:
        raise _refuse(store, window, nodes.lat, nodes.lon)
    (lat_runs, lat), (lon_runs, lon) = upward, eastward
    even = _is_even(lat) and _is_even(lon)
    lattice = Lattice(
        south=float(lat[0]),
        west=float(lon[0]),
        lat_step=float(lat[-1] - lat[0]) / (lat.size - 1) if even else _fine(lat),
        lon_step=float(lon[-1] - lon[0]) / (lon.size - 1) if even else _fine(lon),
        rows=lat.size if even else int((lat[-1] - lat[0]) / _fine(lat) + 1.001),
        columns=lon.size if even else int((lon[-1] - lon[0]) / _fine(lon) + 1.001),
    )
    return SourceGrid(
        lattice=lattice,
        covered=np.ones((lattice.rows, lattice.columns), dtype=bool),
        runs=(lon_runs, lat_runs) if nodes.swapped else (lat_runs, lon_runs),
        swapped=nodes.swapped,
        weights=None if even else between_lines(lat, lon, lattice),
        directions=None,
    )


def _is_even(values: FloatArray) -> bool:
    even = np.linspace(values[0], values[-1], values.size)
    return bool(np.abs(values - even).max() <= _EVEN * (even[1] - even[0]) + _SINGLE)


def _fine(values: FloatArray) -> Degrees:
    """A step that loses none of the lines, as a whole part of the whole reach."""
    reach = float(values[-1] - values[0])
    return reach / math.ceil(reach / float(np.diff(values).min()) - 1e-6)


def _around(values: FloatArray, low: Degrees, high: Degrees) -> tuple[tuple[Run, ...], FloatArray] | None:
    """The lines around low to high, two at least, as runs in rising order; None where all lie beside."""
    order = np.argsort(values, kind="stable")
    rising = values[order]
    if rising[-1] < low or rising[0] > high:
        return None
    first = max(int(np.searchsorted(rising, low, side="right")) - 1, 0)
    last = min(int(np.searchsorted(rising, high, side="left")), rising.size - 1)
    if last == first:
        first, last = max(first - 1, 0), min(last + (first == 0), rising.size - 1)
    indices = order[first : last + 1]
    falling = indices.size > 1 and int(indices[1]) < int(indices[0])
    step = -1 if falling else 1
    stretches = np.split(indices, np.flatnonzero(np.diff(indices) != step) + 1)
    runs = tuple((slice(int(s.min()), int(s.max()) + 1), falling) for s in stretches)
    return runs, rising[first : last + 1]


def _curvilinear(store: Store, nodes: Nodes, window: Window, refine: int) -> SourceGrid:
    """Nodes (y, x) around the window, and the lattice of their own resolution."""
    lat, lon = nodes.lat, nodes.lon
    shrink = math.cos((window.south + window.north) / 2 * degrees)
    step = min(_median(np.hypot(np.diff(lat, axis=axis), np.diff(lon, axis=axis) * shrink)) for axis in (0, 1))
    margin = 2.0 * step
    near = (lat > window.south - margin) & (lat < window.north + margin)
    near &= (lon > window.west - margin / shrink) & (lon < window.east + margin / shrink)
    if not near.any():
        raise _refuse(store, window, lat, lon)
    rows, columns = _box(np.asarray(near.any(axis=1))), _box(np.asarray(near.any(axis=0)))
    part_lat, part_lon = lat[rows, columns], lon[rows, columns]
    lattice = _lattice(store, window, part_lat, part_lon, step / refine, shrink)
    weights = in_quadrangles(part_lat, part_lon, lattice)
    if not weights.inside.any():
        raise _refuse(store, window, lat, lon)
    runs = (((rows, False),), ((columns, False),))
    return SourceGrid(
        lattice=lattice,
        covered=weights.inside.reshape(lattice.rows, lattice.columns),
        runs=runs[::-1] if nodes.swapped else runs,
        swapped=nodes.swapped,
        weights=weights,
        directions=_directions(lat, lon, nodes.x_sign, nodes.y_sign, rows, columns),
    )


def _mesh(store: Store, nodes: Nodes, window: Window, refine: int) -> SourceGrid:
    """Triangles of a mesh that touch the window, on a lattice of their median resolution there."""
    assert nodes.triangles is not None
    shrink = math.cos((window.south + window.north) / 2 * degrees)
    lat, lon = nodes.lat[nodes.triangles], nodes.lon[nodes.triangles]
    near = (lat.max(axis=1) >= window.south) & (lat.min(axis=1) <= window.north)
    near &= (lon.max(axis=1) >= window.west) & (lon.min(axis=1) <= window.east)
    if not near.any():
        raise _refuse(store, window, nodes.lat, nodes.lon)
    triangles, lat, lon = nodes.triangles[near], lat[near], lon[near]
    sides = np.hypot(lat - np.roll(lat, 1, axis=1), (lon - np.roll(lon, 1, axis=1)) * shrink)
    lattice = _lattice(store, window, lat, lon, _median(sides) / math.sqrt(2) / refine, shrink)
    weights = in_triangles(nodes.lat, nodes.lon, triangles, lattice)
    if nodes.spread is not None:
        weights = nodes.spread(weights)
    return SourceGrid(
        lattice=lattice,
        covered=weights.inside.reshape(lattice.rows, lattice.columns),
        runs=(((slice(0, nodes.points), False),),),
        swapped=False,
        weights=weights,
        directions=None,
    )


def _median(lengths: FloatArray) -> Degrees:
    return float(np.median(lengths[np.isfinite(lengths) & (lengths > 0)]))


def _box(near: BoolArray) -> slice:
    chosen = np.flatnonzero(near)
    return slice(max(int(chosen[0]) - 1, 0), min(int(chosen[-1]) + 2, near.size))


def _lattice(store: Store, window: Window, lat: FloatArray, lon: FloatArray, step: Degrees, shrink: float) -> Lattice:
    south, north = max(window.south, float(np.nanmin(lat))), min(window.north, float(np.nanmax(lat)))
    west, east = max(window.west, float(np.nanmin(lon))), min(window.east, float(np.nanmax(lon)))
    if south >= north or west >= east:
        raise _refuse(store, window, lat, lon)
    rows = max(math.ceil((north - south) / step) + 1, 2)
    columns = max(math.ceil((east - west) * shrink / step) + 1, 2)
    if rows * columns > _MOST_POINTS:
        raise CordialeError(
            "sea.cf_huge", path=store.path, values=rows * columns, variable="latitude, longitude", most=_MOST_POINTS
        )
    return Lattice(
        south=south,
        west=west,
        lat_step=(north - south) / (rows - 1),
        lon_step=(east - west) / (columns - 1),
        rows=rows,
        columns=columns,
    )


def _directions(
    lat: FloatArray, lon: FloatArray, x_sign: float, y_sign: float, rows: slice, columns: slice
) -> tuple[FloatArray, ...]:
    """East and north part of the unit vectors along x and along y of a curvilinear grid, from its nodes."""
    found: list[FloatArray] = []
    for axis, sign in ((1, x_sign), (0, y_sign)):
        north = np.gradient(lat, axis=axis) * sign
        turn = np.mod(np.gradient(np.unwrap(lon, period=360, axis=axis), axis=axis) + 180, 360) - 180
        east = turn * np.cos(lat * degrees) * sign
        length = np.hypot(east, north)
        found += [(east / length)[rows, columns], (north / length)[rows, columns]]
    return tuple(found)
