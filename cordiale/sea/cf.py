"""Wind from CF NetCDF files: fields are found by standard name, units are checked, only the part needed is read.

Regular grids of latitude and longitude, in any order of dimensions; longitudes from -180 to 180 or 0 to 360, latitudes
rising or falling, any real calendar and any zone in the time units; missing values stay missing. This is the one place
that imports netCDF4 (the extra `cordiale[cf]`).

Source: CF Metadata Conventions 1.11, sections 3 (units, standard names), 4 (coordinates) and 8 (packed data).
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu
from cordiale.earth.units import Degrees, FloatArray, IntArray, Quantity, degrees, hours, km, knots
from cordiale.sea.tide import Window
from cordiale.sea.wind import GriddedWind

try:
    import netCDF4
except ImportError:  # the extra is not installed; open_wind says so
    netCDF4 = None  # type: ignore[assignment]

STRAIT: Final = Window(south=49.5, north=52.5, west=-1.0, east=4.5)
MOST_VALUES: Final = 20_000_000  # of one field; 160 MB
_SPEEDS: Final[dict[str, Quantity]] = {
    **dict.fromkeys(("m s-1", "m/s", "m s**-1", "m.s-1", "m s^-1", "ms-1", "meter second-1", "metre second-1"), 1.0),
    **dict.fromkeys(("knot", "knots", "kt", "kts", "kn"), knots),
    **dict.fromkeys(("km h-1", "km/h", "km hr-1"), km / hours),
}
_ANGLES: Final[dict[str, Quantity]] = {
    **dict.fromkeys(("degree", "degrees", "degree_true", "degrees_true", "deg"), degrees),
    **dict.fromkeys(("radian", "radians", "rad", "1"), 1.0),
}
Axis = Literal["time", "latitude", "longitude"]
_AXIS_UNITS: Final[dict[str, Axis]] = {
    **dict.fromkeys(("degrees_north", "degree_north", "degree_N", "degrees_N"), "latitude"),
    **dict.fromkeys(("degrees_east", "degree_east", "degree_E", "degrees_E"), "longitude"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """What is read of one axis: runs of indices in the order in which the values rise, and those values."""

    runs: tuple[slice, ...]
    values: FloatArray


def open_wind(path: str | Path, *, window: Window = STRAIT, span: Span | None = None) -> GriddedWind:
    """The wind of a CF file on a window of the sea and a span of time.

    Parameters
    ----------
    path : path of a NetCDF file
        With `eastward_wind` and `northward_wind`, or `wind_speed` and `wind_from_direction` (or `wind_to_direction`),
        as standard names, in m s-1, knots or km h-1 and degrees or radians, at 10 m.
    window : Window
        Part of the sea; the Dover Strait unless given. A file that covers only part of it is read as far as it goes.
    span : Span, optional
        Part of the time, which the file must cover; all of it unless given.

    Raises
    ------
    CordialeError
        By file, variable, place and time: not NetCDF, no wind in it, unknown units, other grids, a calendar of days
        that never were, a window or a span outside it, more than 20 million values.
    """
    if netCDF4 is None:
        raise CordialeError("sea.no_netcdf", path=path)
    try:
        dataset = netCDF4.Dataset(str(path))
    except OSError as error:
        raise CordialeError("sea.cf_open", path=path, reason=error.strerror or error) from error
    with dataset:
        return _wind_of(dataset, str(path), window, span)


def _wind_of(dataset: Any, path: str, window: Window, span: Span | None) -> GriddedWind:
    named = {
        getattr(variable, "standard_name", ""): variable
        for variable in dataset.variables.values()
        if variable.dimensions
    }
    for first, second in (
        ("eastward_wind", "northward_wind"),
        ("wind_speed", "wind_from_direction"),
        ("wind_speed", "wind_to_direction"),
    ):
        if first in named and second in named:
            break
    else:
        raise CordialeError("sea.cf_no_wind", path=path, names=", ".join(sorted(n for n in named if n)) or "none")
    axes = _axes(dataset, named[first], path)
    parts: dict[Axis, _Part] = {
        "time": _times(axes["time"], path, span),
        **_places(axes["latitude"], axes["longitude"], path, window),
    }
    a = _field(dataset, named[first], path, parts) * _scale(named[first], _SPEEDS, path)
    if first == "wind_speed":
        angle = _field(dataset, named[second], path, parts) * _scale(named[second], _ANGLES, path)
        angle = angle + (math.pi if second == "wind_from_direction" else 0.0)
        a, b = a * np.sin(angle), a * np.cos(angle)
    else:
        b = _field(dataset, named[second], path, parts) * _scale(named[second], _SPEEDS, path)
    return GriddedWind(
        instants=parts["time"].values,
        lat=parts["latitude"].values,
        lon=parts["longitude"].values,
        eastward=a,
        northward=b,
        source=f"{getattr(dataset, 'title', '') or 'CF file'} ({Path(path).name}: {first}, {second})",
    )


def _axes(dataset: Any, variable: Any, path: str) -> dict[Axis, Any]:
    """The coordinate variable of time, latitude and longitude of a field; every other dimension must have length 1."""
    found: dict[Axis, Any] = {}
    lone = True
    for dimension in variable.dimensions:
        coordinate = next(
            (v for v in dataset.variables.values() if v.dimensions == (dimension,) and _axis_of(v) is not None), None
        )
        axis = None if coordinate is None else _axis_of(coordinate)
        if axis is not None:
            found[axis] = coordinate
        elif len(dataset.dimensions[dimension]) != 1:
            lone = False
    if len(found) < 3 or not lone:
        shape = ", ".join(f"{name} {len(dataset.dimensions[name])}" for name in variable.dimensions)
        raise CordialeError("sea.cf_axes", variable=variable.name, path=path, dimensions=shape)
    return found


def _axis_of(variable: Any) -> Axis | None:
    units = str(getattr(variable, "units", ""))
    name = getattr(variable, "standard_name", "")
    if name == "time" or (" since " in units and name in ("", "time")):
        return "time"
    if name in ("latitude", "longitude"):
        return "latitude" if name == "latitude" else "longitude"
    return _AXIS_UNITS.get(units) if not name else None


def _times(variable: Any, path: str, span: Span | None) -> _Part:
    """Instants of the time axis that cover the span, one before and one after included."""
    units, calendar = getattr(variable, "units", ""), getattr(variable, "calendar", "standard")
    numbers = _steady(variable, path)
    try:
        moments = netCDF4.num2date(
            numbers, units, calendar, only_use_cftime_datetimes=False, only_use_python_datetimes=True
        )
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise CordialeError("sea.cf_time", path=path, units=units, calendar=calendar, reason=reason) from error
    instants = np.array([_instant(moment) for moment in np.asarray(moments)])
    if instants.size > 1 and instants[0] > instants[-1]:
        raise CordialeError("sea.cf_coordinate", variable=variable.name, path=path)
    if span is None:
        return _Part((slice(0, instants.size),), instants)
    if span.earliest < instants[0] - 1 or span.latest > instants[-1] + 1:
        raise CordialeError(
            "sea.cf_span",
            path=path,
            first=date_and_zulu(float(instants[0])),
            last=date_and_zulu(float(instants[-1])),
            wanted=f"{date_and_zulu(span.earliest)} - {date_and_zulu(span.latest)}",
        )
    first = max(int(np.searchsorted(instants, span.earliest, side="right")) - 1, 0)
    last = min(int(np.searchsorted(instants, span.latest, side="left")), instants.size - 1)
    return _Part((slice(first, last + 1),), instants[first : last + 1])


def _instant(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _places(lat_variable: Any, lon_variable: Any, path: str, window: Window) -> dict[Axis, _Part]:
    """The lines of latitude and longitude around the window; longitudes are turned to lie near it."""
    lat = _steady(lat_variable, path)
    raw = _steady(lon_variable, path)
    middle: Degrees = (window.west + window.east) / 2
    lon = np.mod(raw - middle + 180, 360) - 180 + middle
    parts = {"latitude": _around(lat, window.south, window.north), "longitude": _around(lon, window.west, window.east)}
    if any(part is None for part in parts.values()):
        raise CordialeError(
            "sea.cf_window",
            path=path,
            south=window.south,
            north=window.north,
            west=window.west,
            east=window.east,
            has=f"{lat.min():.2f}-{lat.max():.2f} N, {raw.min():.2f}-{raw.max():.2f} E",
        )
    return parts  # type: ignore[return-value]


def _around(values: FloatArray, low: Degrees, high: Degrees) -> _Part | None:
    """The lines from the last at or below `low` to the first at or above `high`; None where all lie beside."""
    order = np.argsort(values, kind="stable")
    rising = values[order]
    if rising[-1] < low or rising[0] > high:
        return None
    first = max(int(np.searchsorted(rising, low, side="right")) - 1, 0)
    last = min(int(np.searchsorted(rising, high, side="left")), rising.size - 1)
    return _Part(_runs(order[first : last + 1]), rising[first : last + 1])


def _runs(indices: IntArray) -> tuple[slice, ...]:
    """Stretches of indices that go up, or down, by one, as slices in their order."""
    falling = indices.size > 1 and int(indices[1]) < int(indices[0])
    step = -1 if falling else 1
    breaks = np.flatnonzero(np.diff(indices) != step) + 1
    runs = []
    for stretch in np.split(indices, breaks):
        first, last = int(stretch[0]), int(stretch[-1])
        stop = last + step
        runs.append(slice(first, None if stop < 0 else stop, step))
    return tuple(runs)


def _steady(variable: Any, path: str) -> FloatArray:
    """The values of a coordinate, which must rise or fall all along and have no gaps."""
    values = np.ma.filled(np.ma.masked_invalid(np.ma.atleast_1d(variable[:]).astype(np.float64)), np.nan)
    steps = np.diff(values)
    if values.size == 0 or np.isnan(values).any() or not (np.all(steps > 0) or np.all(steps < 0)):
        raise CordialeError("sea.cf_coordinate", variable=variable.name, path=path)
    return np.asarray(values)


def _scale(variable: Any, known: dict[str, Quantity], path: str) -> Quantity:
    units = str(getattr(variable, "units", "")).strip()
    if units not in known:
        raise CordialeError("sea.cf_units", variable=variable.name, path=path, units=units, known=", ".join(known))
    return known[units]


def _field(dataset: Any, variable: Any, path: str, parts: dict[Axis, _Part]) -> FloatArray:
    """The needed part of a field as (time, lat, lon), NaN where missing; read run by run, never the whole file."""
    size = math.prod(part.values.size for part in parts.values())
    if size > MOST_VALUES:
        raise CordialeError("sea.cf_huge", path=path, values=size, variable=variable.name, most=MOST_VALUES)
    axes = _axes(dataset, variable, path)
    axis_of = {coordinate.dimensions[0]: axis for axis, coordinate in axes.items()}
    order = [axis_of[name] for name in variable.dimensions if name in axis_of]
    rows = []
    for run_lat in parts["latitude"].runs:
        columns = []
        for run_lon in parts["longitude"].runs:
            chosen = {"time": parts["time"].runs[0], "latitude": run_lat, "longitude": run_lon}
            raw = variable[tuple(chosen[axis_of[n]] if n in axis_of else 0 for n in variable.dimensions)]
            block = np.ma.filled(np.ma.masked_invalid(np.ma.asarray(raw, dtype=np.float64)), np.nan)
            columns.append(block.transpose([order.index(axis) for axis in ("time", "latitude", "longitude")]))
        rows.append(np.concatenate(columns, axis=2))
    field = np.asarray(np.concatenate(rows, axis=1))
    empty = np.flatnonzero(~np.isfinite(field).any(axis=(1, 2)))
    if empty.size:
        at = date_and_zulu(float(parts["time"].values[empty[0]]))
        raise CordialeError("sea.cf_missing", variable=variable.name, path=path, at=at)
    return field
