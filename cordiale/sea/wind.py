"""The wind at 10 m: a stated constant, a short series, or a grid from a CF file. Inside it is a vector that blows *to*.

Wind "from" exists only at the border: `ConstantWind.blowing(4 * knots, from_direction=230)` and the CSV of a series.
"""

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Self

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import components
from cordiale.earth.instants import date_and_zulu, utc
from cordiale.earth.units import Degrees, FloatArray, Instant, MetresPerSecond, knots
from cordiale.sea.patch import Patch
from cordiale.sea.tide import Window

Vector = tuple[FloatArray, FloatArray]
Flow = Callable[[FloatArray, FloatArray], Vector]


class WindUnknown(CordialeError):
    """A place or a time for which the wind is not known."""


def wind_to(speed: MetresPerSecond, from_direction: Degrees) -> tuple[MetresPerSecond, MetresPerSecond]:
    """Eastward and northward components (m/s) of a wind of `speed` that blows from `from_direction` degrees true."""
    if not (math.isfinite(speed) and 0 <= speed <= 100):
        raise CordialeError("sea.wind_speed", speed=speed)
    if not (math.isfinite(from_direction) and 0 <= from_direction <= 360):
        raise CordialeError("sea.wind_direction", direction=from_direction)
    east, north = components(speed, from_direction + 180.0)
    return float(east), float(north)


@dataclass(frozen=True, kw_only=True)
class ConstantWind:
    """One wind for the whole sea and for all time; components in m/s towards east and north, at 10 m."""

    eastward: MetresPerSecond
    northward: MetresPerSecond
    source: str = "wind as stated by the user"

    @property
    def everywhere(self) -> bool:
        """One wind for all places."""
        return True

    @classmethod
    def blowing(
        cls, speed: MetresPerSecond, *, from_direction: Degrees, source: str = "wind as stated by the user"
    ) -> Self:
        """The wind as a seaman says it: its speed in m/s and where it comes from in degrees true, 0 to 360."""
        east, north = wind_to(speed, from_direction)
        return cls(eastward=east, northward=north, source=source)

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward wind in m/s, of the shape of `lat`."""
        return np.full(np.shape(lat), self.eastward), np.full(np.shape(lat), self.northward)

    def flow(self, at: Instant, window: Window) -> Flow:
        """The wind of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


@dataclass(frozen=True, kw_only=True, eq=False)
class WindSeries:
    """One wind for the whole sea, changing in time: components at rising instants, straight lines between them."""

    instants: FloatArray
    eastward: FloatArray
    northward: FloatArray
    source: str

    @property
    def everywhere(self) -> bool:
        """One wind for all places."""
        return True

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward wind in m/s, of the shape of `lat`; outside the time of the series it raises."""
        moment = np.asarray(at, dtype=np.float64)
        first, last = self.instants[0], self.instants[-1]
        if moment.size and (moment.min() < first or moment.max() > last):
            asked = float(moment.min() if moment.min() < first else moment.max())
            raise WindUnknown(
                "sea.wind_time",
                source=self.source,
                at=date_and_zulu(asked),
                first=date_and_zulu(first),
                last=date_and_zulu(last),
            )
        shape = np.broadcast_shapes(np.shape(lat), moment.shape)
        return (
            np.broadcast_to(np.interp(moment, self.instants, self.eastward), shape),
            np.broadcast_to(np.interp(moment, self.instants, self.northward), shape),
        )

    def flow(self, at: Instant, window: Window) -> Flow:
        """The wind of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


@dataclass(frozen=True, kw_only=True, eq=False)
class GriddedWind:
    """Wind on a regular grid of rising latitude and longitude; fields (time, lat, lon) in m/s, NaN where missing.

    Bilinear in space, linear in time. A position outside the grid, a time outside the file or a missing corner raises
    with its place and time: a wind that is not there is never made up.
    """

    instants: FloatArray
    lat: FloatArray
    lon: FloatArray
    eastward: FloatArray
    northward: FloatArray
    source: str

    @property
    def everywhere(self) -> bool:
        """The wind differs from place to place."""
        return False

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward wind in m/s, of the shape of `lat`."""
        moment, where_lat, where_lon = np.broadcast_arrays(
            np.asarray(at, dtype=np.float64), np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        )
        k, later = _between(self.instants, moment)
        i, up = _between(self.lat, where_lat)
        j, right = _between(self.lon, where_lon)
        east, north = np.zeros(moment.shape), np.zeros(moment.shape)
        for dk, wk in ((0, 1 - later), (1, later)):
            for di, wi in ((0, 1 - up), (1, up)):
                for dj, wj in ((0, 1 - right), (1, right)):
                    weight = wk * wi * wj
                    corner = (
                        np.minimum(k + dk, len(self.instants) - 1),
                        np.minimum(i + di, len(self.lat) - 1),
                        np.minimum(j + dj, len(self.lon) - 1),
                    )
                    east += np.where(weight == 0, 0.0, weight * self.eastward[corner])
                    north += np.where(weight == 0, 0.0, weight * self.northward[corner])
        unknown = ~np.isfinite(east + north)
        if unknown.any():
            first = int(np.flatnonzero(unknown.ravel())[0])
            raise WindUnknown(
                "sea.wind_missing",
                source=self.source,
                at=date_and_zulu(float(moment.ravel()[first])),
                lat=float(where_lat.ravel()[first]),
                lon=float(where_lon.ravel()[first]),
            )
        return east, north

    def flow(self, at: Instant, window: Window) -> Flow:
        """The wind of one instant on a window: a `Patch` where all of it is known, else a look-up that may refuse."""
        patch = self._patch(at, window)
        return partial(self.velocity, at) if patch is None else patch

    def _patch(self, at: Instant, window: Window) -> Patch | None:
        """The window cut out; None where a part of it is not known, or the lines of the grid are not evenly spaced."""
        index, share = _between(self.instants, np.asarray(at, dtype=np.float64))
        k, later = int(index), float(share)
        spaced = all(len(axis) > 1 and np.ptp(np.diff(axis)) < 1e-6 * np.ptp(axis) for axis in (self.lat, self.lon))
        if not (spaced and math.isfinite(later)):
            return None
        (south, north), (west, east) = (
            (int(np.searchsorted(axis, low, side="right")) - 1, int(np.searchsorted(axis, high, side="left")))
            for axis, low, high in ((self.lat, window.south, window.north), (self.lon, window.west, window.east))
        )
        if south < 0 or west < 0 or north >= len(self.lat) or east >= len(self.lon):
            return None
        cut = slice(south, north + 1), slice(west, east + 1)
        values = np.zeros((north + 1 - south, east + 1 - west, 4), dtype=np.float32)
        following = min(k + 1, len(self.instants) - 1)
        for channel, field in enumerate((self.eastward, self.northward)):
            values[..., channel] = (
                field[k][cut] if later == 0 else (1 - later) * field[k][cut] + later * field[following][cut]
            )
        values[..., 2] = 1.0
        if not np.isfinite(values).all():
            return None
        return Patch(
            south=float(self.lat[0]),
            west=float(self.lon[0]),
            lat_step=float(np.ptp(self.lat)) / (len(self.lat) - 1),
            lon_step=float(np.ptp(self.lon)) / (len(self.lon) - 1),
            values=values,
            first_row=south,
            first_column=west,
        )


def _between(axis: FloatArray, value: FloatArray) -> tuple[np.ndarray, FloatArray]:
    """Index of the grid line at or below each value and the fraction of the way to the next; NaN outside the axis."""
    tolerance = 1e-9 * max(abs(float(axis[0])), abs(float(axis[-1])), 1.0)
    inside = (value >= axis[0] - tolerance) & (value <= axis[-1] + tolerance)
    if len(axis) == 1:
        return np.zeros(value.shape, dtype=np.intp), np.where(inside, 0.0, np.nan)
    low = np.clip(np.searchsorted(axis, value, side="right") - 1, 0, len(axis) - 2)
    fraction = np.clip((value - axis[low]) / (axis[low + 1] - axis[low]), 0.0, 1.0)
    return low, np.where(inside, fraction, np.nan)


@cache
def wind_of_the_night() -> WindSeries:
    """The packaged series of 23 to 24 November 2021: light and variable, every value a labelled judgement.

    A direction written VRB is not known; such a row enters as no mean wind, and its speed is part of the wind's error.
    """
    with (files("cordiale.sea") / "data" / "wind_2021-11-24.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    vectors = [
        (0.0, 0.0)
        if row["wind_from_deg"] == "VRB"
        else wind_to(float(row["wind_speed_kn"]) * knots, float(row["wind_from_deg"]))
        for row in rows
    ]
    return WindSeries(
        instants=np.array([utc(row["time_utc"]) for row in rows]),
        eastward=np.array([east for east, _ in vectors]),
        northward=np.array([north for _, north in vectors]),
        source=rows[0]["source"],
    )
