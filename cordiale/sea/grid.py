"""Fields from files as the drift meets them: a regular lattice of latitude and longitude at rising instants.

Whatever grid a file has, it is turned once into such a lattice; values lie in one float32 array, in memory or mapped
from a cache on disk, so that only the part that a cloud touches is ever loaded.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import date_and_zulu
from cordiale.earth.units import BoolArray, Degrees, FloatArray, Fraction, Instant, Metres, Seconds, km
from cordiale.sea.patch import Patch
from cordiale.sea.tide import Window

Vector = tuple[FloatArray, FloatArray]
TileArray = NDArray[np.float32]
METRES_PER_DEGREE: Final = 111_195.0  # of a great circle
HELD: Final[Metres] = 20 * km  # judgement: an hour or two of the strongest stream; further off the edge says nothing
_SLACK: Final[Degrees] = 1e-6  # degrees; 0.1 m: rounding of a coordinate does not make a place unknown
_WHOLE: Final = 1 - 1e-5  # `known` of a place all of whose corners are known, but for float32


class ForcingUnknown(CordialeError):
    """A place or a time for which a field from a file is not known."""


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Rows of latitude northward from `south` and columns of longitude eastward from `west`, evenly spaced; degrees."""

    south: Degrees
    west: Degrees
    lat_step: Degrees
    lon_step: Degrees
    rows: int
    columns: int

    @property
    def north(self) -> Degrees:
        """Latitude of the last row."""
        return self.south + self.lat_step * (self.rows - 1)

    @property
    def east(self) -> Degrees:
        """Longitude of the last column."""
        return self.west + self.lon_step * (self.columns - 1)

    @cached_property
    def lat(self) -> FloatArray:
        """Latitudes of the rows."""
        return np.asarray(self.south + self.lat_step * np.arange(self.rows, dtype=np.float64))

    @cached_property
    def lon(self) -> FloatArray:
        """Longitudes of the columns."""
        return np.asarray(self.west + self.lon_step * np.arange(self.columns, dtype=np.float64))

    def covers(self, lat: FloatArray, lon: FloatArray) -> BoolArray:
        """True inside the box of the lattice, its edges included."""
        return np.asarray(
            (lat >= self.south - _SLACK)
            & (lat <= self.north + _SLACK)
            & (lon >= self.west - _SLACK)
            & (lon <= self.east + _SLACK)
        )

    def cut(self, window: Window) -> tuple[slice, slice]:
        """Rows and columns around a window, at least two of each, as far as the lattice reaches."""
        return (
            _lines(window.south, window.north, self.south, self.lat_step, self.rows),
            _lines(window.west, window.east, self.west, self.lon_step, self.columns),
        )

    def cells_within(self, distance: Metres) -> int:
        """How many of its steps reach a distance, at most 32."""
        lon_step = self.lon_step * math.cos(math.radians((self.south + self.north) / 2))
        return min(math.ceil(distance / (min(self.lat_step, lon_step) * METRES_PER_DEGREE)), 32)

    def __str__(self) -> str:
        return f"{self.south:.2f}-{self.north:.2f} N, {self.west:.2f}-{self.east:.2f} E"


def _lines(low: Degrees, high: Degrees, start: Degrees, step: Degrees, size: int) -> slice:
    first = min(max(int(np.floor((low - start) / step)), 0), size - 2)
    last = min(max(int(np.ceil((high - start) / step)), first + 1), size - 1)
    return slice(first, last + 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class GriddedField:
    """A current, a wind or a Stokes drift on a lattice at rising instants; linear in time, bilinear in space.

    Parameters
    ----------
    quantity : its variables in the words of CF, for instance `eastward_wind, northward_wind`
    lattice, instants : rows, columns and times (s since 1970)
    tile : float32, shape (times, rows, columns, 4)
        Eastward and northward velocity (m/s) times `known`, then `known` (0 to 1), then 0, as in a `Patch`.
    covered : bool, shape (rows, columns); True inside the grid of the file, be it sea or land
    coastal : bool
        True where missing values are land (a current): over the known corners only, 0 where there are none. False
        where a missing value is a hole (a wind): it is refused.
    longest_step : seconds between two instants that are still bridged by a straight line

    Outside the lattice, the file's grid or its time `velocity` raises ForcingUnknown with the place and the time.
    `flow`, which moves whole clouds, holds the value at the edge for the few who leave the file; the drift warns of
    them and refuses when they are many (`cordiale.belief.beyond`).
    """

    quantity: str
    lattice: Lattice
    instants: FloatArray
    tile: TileArray
    covered: BoolArray
    coastal: bool
    longest_step: Seconds
    source: str
    reopen: tuple[Callable[..., Any], tuple[Any, ...]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """A field with a cache travels between processes as the path of its cache, others with all they hold."""
        if self.reopen is not None:
            return self.reopen
        names = ("quantity", "lattice", "instants", "tile", "covered", "coastal", "longest_step", "source")
        return _rebuilt, ({name: getattr(self, name) for name in names},)

    @property
    def everywhere(self) -> bool:
        """The field differs from place to place."""
        return False

    def covers(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> BoolArray:
        """True where `velocity` has an answer: inside the file's grid and time and, unless `coastal`, no hole."""
        known, covered = self._found(at, lat, lon)[2:]
        return np.asarray(covered if self.coastal else covered & (known > _WHOLE))

    def knows(self, at: Instant, window: Window) -> bool:
        """True where `velocity` has an answer in the whole of a window: quicker than to ask `covers` place by place."""
        step, share = self._moment(np.asarray(at, dtype=np.float64))
        inside = self.lattice.covers(np.array([window.south, window.north]), np.array([window.west, window.east]))
        if not (inside.all() and np.isfinite(share)):
            return False
        rows, columns = self.lattice.cut(window)
        whole = bool(self.covered[rows, columns].all())
        later = int(step) + int(share > 0)
        known = (self.tile[k, rows, columns, 2] for k in (int(step), later))
        return whole and (self.coastal or all(bool((part > _WHOLE).all()) for part in known))

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward velocity in m/s, of the shape of `lat`."""
        east, north, known, covered = self._found(at, lat, lon)
        answered = covered if self.coastal else covered & (known > _WHOLE)
        if not answered.all():
            self._refuse(~answered, at, lat, lon)
        scale = np.where(known > 0, 1.0 / np.maximum(known, 1e-12), 0.0)
        return east * scale, north * scale

    def flow(self, at: Instant, window: Window) -> Patch:
        """The field of one instant on a window, as `patch`: beyond the edge of the file what is there is held."""
        return self.patch(at, window)

    def patch(self, at: Instant, window: Window) -> Patch:
        """What is known of one instant on the part of a window inside the lattice; outside its time it raises.

        Beyond the lattice the value at its edge is held, and within `HELD` of the file's grid, or of a hole of a field
        that is not coastal, that of the nearest places that are known. How many may go there is for the drift to say.
        """
        step, share = self._moment(np.asarray(at, dtype=np.float64))
        if not np.isfinite(share):
            middle = np.array([(window.south + window.north) / 2]), np.array([(window.west + window.east) / 2])
            self._refuse(np.array([True]), at, *middle)
        rows, columns = self.lattice.cut(window)
        values = self._between(int(step), float(share), rows, columns)
        if self._unknown(values, rows, columns).any():
            box, rounds = self.lattice, self.lattice.cells_within(HELD)
            around = _widened(rows, rounds, box.rows), _widened(columns, rounds, box.columns)
            values = self._between(int(step), float(share), *around)
            values = held(values, self._unknown(values, *around), rounds)
            values = np.ascontiguousarray(values[_within(rows, around[0]), _within(columns, around[1])])
        return Patch(
            south=self.lattice.south,
            west=self.lattice.west,
            lat_step=self.lattice.lat_step,
            lon_step=self.lattice.lon_step,
            values=values,
            first_row=rows.start,
            first_column=columns.start,
        )

    def _between(self, step: int, share: Fraction, rows: slice, columns: slice) -> TileArray:
        """The values of a part of the lattice between two instants."""
        values = np.array(self.tile[step, rows, columns])
        if share > 0:
            later = np.float32(share)
            values *= np.float32(1) - later
            values += later * self.tile[step + 1, rows, columns]
        return values

    def _unknown(self, values: TileArray, rows: slice, columns: slice) -> BoolArray:
        """The nodes of a part at which a value is missing that is not land."""
        outside = ~self.covered[rows, columns]
        return outside if self.coastal else np.asarray(outside | (values[..., 2] <= 0))

    def __str__(self) -> str:
        first, last = (date_and_zulu(float(t)) for t in (self.instants[0], self.instants[-1]))
        return f"{self.quantity}: {self.lattice}, {first} to {last}; {self.source}"

    def _moment(self, at: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
        """Index of the instant at or before, and the share of the next; NaN outside the time or in a gap of it."""
        return bracket(self.instants, at, self.longest_step)

    def _found(
        self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        """East and north times known, known, and whether the file covers the place and the time at all."""
        moment, where_lat, where_lon = np.broadcast_arrays(
            np.asarray(at, dtype=np.float64), np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        )
        box = self.lattice
        step, later = self._moment(moment)
        covered = np.asarray(box.covers(where_lat, where_lon) & np.isfinite(later))
        y = np.clip((np.nan_to_num(where_lat) - box.south) / box.lat_step, 0.0, box.rows - 1.0)
        x = np.clip((np.nan_to_num(where_lon) - box.west) / box.lon_step, 0.0, box.columns - 1.0)
        row = np.minimum(y.astype(np.intp), box.rows - 2)
        column = np.minimum(x.astype(np.intp), box.columns - 2)
        up, right, later = y - row, x - column, np.nan_to_num(later)
        found = np.zeros((*moment.shape, 3))
        for dt, in_time in ((0, 1 - later), (1, later)):
            index = np.minimum(step + dt, len(self.instants) - 1)
            for dy, in_lat in ((0, 1 - up), (1, up)):
                for dx, in_lon in ((0, 1 - right), (1, right)):
                    weight = in_time * in_lat * in_lon
                    found += weight[..., np.newaxis] * self.tile[index, row + dy, column + dx, :3]
                    covered &= (weight < _SLACK) | self.covered[row + dy, column + dx]
        return found[..., 0], found[..., 1], found[..., 2], covered

    def _refuse(self, where: BoolArray, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> None:
        bad, moment, where_lat, where_lon = np.broadcast_arrays(where, at, lat, lon)
        k = int(np.flatnonzero(bad.ravel())[0])
        raise ForcingUnknown(
            "sea.forcing_unknown" if len(self.instants) > 1 else "sea.forcing_one_instant",
            variable=self.quantity,
            source=self.source,
            at=date_and_zulu(float(moment.ravel()[k])),
            lat=float(where_lat.ravel()[k]),
            lon=float(where_lon.ravel()[k]),
            area=str(self.lattice),
            first=date_and_zulu(float(self.instants[0])),
            last=date_and_zulu(float(self.instants[-1])),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class ScalarField:
    """A scalar of sea or air on a lattice: visibility (m), cloud base (m), temperature (degrees Celsius), waves (m, s).

    `name` is its CF standard name. It is kept as a field whose eastward part is the value.
    """

    name: str
    field: GriddedField

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        return self.field.source

    def value(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """The value, of the shape of `lat`; outside the file's grid and time, and where it has none, it raises."""
        value, _, known, covered = self.field._found(at, lat, lon)
        answered = covered & (known > 0)
        if not answered.all():
            self.field._refuse(~answered, at, lat, lon)
        return np.asarray(value / known)

    def __str__(self) -> str:
        return str(self.field)


def held(values: TileArray, unknown: BoolArray, rounds: int) -> TileArray:
    """Values (rows, columns, 4) with the unknown nodes filled from the known ones within so many nodes, round by round.

    Each takes the mean of its known neighbours to the north, south, east and west. What a node gets depends only on
    nodes that near, not on where the part was cut.
    """
    values = np.where(unknown[..., np.newaxis], np.float32(0), values)
    left = unknown.copy()
    for _ in range(rounds):
        padded = np.pad(values, ((1, 1), (1, 1), (0, 0)))
        total = (padded[2:, 1:-1] + padded[:-2, 1:-1]) + (padded[1:-1, 2:] + padded[1:-1, :-2])
        fill = left & (total[..., 2] > 0)
        if not fill.any():
            break
        values[fill] = total[fill] / total[fill, 2:3]
        left &= ~fill
    return values


def _widened(lines: slice, by: int, size: int) -> slice:
    return slice(max(lines.start - by, 0), min(lines.stop + by, size))


def _within(lines: slice, around: slice) -> slice:
    return slice(lines.start - around.start, lines.stop - around.start)


def bracket(instants: FloatArray, at: FloatArray, longest: Seconds) -> tuple[NDArray[np.intp], FloatArray]:
    """Index of the instant at or before each time and the share of the next one, 0 to 1.

    NaN as the share: before the first, after the last, or between two that lie further apart than `longest` seconds.
    """
    inside = (at >= instants[0] - 1e-3) & (at <= instants[-1] + 1e-3)
    if len(instants) == 1:
        return np.zeros(np.shape(at), dtype=np.intp), np.where(inside, 0.0, np.nan)
    low = np.clip(np.searchsorted(instants, at, side="right") - 1, 0, len(instants) - 2)
    length = np.asarray(instants[low + 1] - instants[low])
    share = np.clip((at - instants[low]) / length, 0.0, 1.0)
    bridged = (length <= longest) | (share == 0) | (share == 1)
    return low, np.where(inside & bridged, share, np.nan)


def _rebuilt(values: dict[str, Any]) -> GriddedField:
    return GriddedField(**values)
