"""The axes of a field in a CF file: time, level, member of an ensemble, and what is left for the horizontal grid.

Source: CF Metadata Conventions 1.11, sections 4 (coordinates), 4.4 (time and calendars) and 6.1 (labels, realization).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu
from cordiale.earth.units import FloatArray, Metres
from cordiale.sea.cf_time import since
from cordiale.sea.store import Store, Variable

try:
    import cftime
except ImportError:  # comes with netCDF4 and with the extra `zarr`; GRIB files do not need it
    cftime = None

Role = Literal["time", "level", "member", "place"]
_LEVELS: Final = ("depth", "height", "altitude", "level", "lev", "depthu", "deptht", "s_rho", "hybrid", "sigma")
_MEMBERS: Final = ("realization", "number", "member", "ensemble", "ensemble_member", "realisation")
_TIMES: Final = ("time", "valid_time", "ocean_time", "time_counter")
_CALLED: Final = {
    **dict.fromkeys(("lat", "latitude", "nav_lat"), "latitude"),
    **dict.fromkeys(("lon", "longitude", "nav_lon"), "longitude"),
}
PLAIN_DEGREES: Final = ("degrees", "degree", "deg", "°")  # of which axis, the name must say
AT_THE_SURFACE: Final[Metres] = 10.0  # of a wind in metres above the sea


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """What each dimension of a variable is, the chosen level and the variable that holds the times."""

    roles: tuple[Role, ...]
    time: Variable
    level: int
    level_text: str
    members: int


def axes_of(store: Store, variable: Variable, *, windward: bool) -> Axes:
    """The axes of a field. `windward`: a wind, wanted at 10 m; otherwise the level nearest the surface."""
    roles = tuple(_role(store, variable, dimension) for dimension in variable.dimensions)
    time = _coordinate(store, variable, "time", roles)
    if time is None or roles.count("time") != 1 or roles.count("level") > 1 or roles.count("place") not in (1, 2):
        if time is None:
            raise CordialeError("sea.cf_no_time", variable=variable.name, path=store.path, dimensions=_shape(variable))
        raise CordialeError("sea.cf_axes", variable=variable.name, path=store.path, dimensions=_shape(variable))
    level, text = 0, ""
    if "level" in roles:
        level, text = _level(store, variable, variable.dimensions[roles.index("level")], windward)
    members = variable.shape[roles.index("member")] if "member" in roles else 1
    return Axes(roles=roles, time=time, level=level, level_text=text, members=members)


def _shape(variable: Variable) -> str:
    return ", ".join(f"{d} {n}" for d, n in zip(variable.dimensions, variable.shape, strict=True))


def _role(store: Store, variable: Variable, dimension: str) -> Role:
    coordinate = store.variables.get(dimension)
    if coordinate is None or coordinate.dimensions != (dimension,):
        coordinate = next((v for v in store.variables.values() if v.dimensions == (dimension,) and is_time(v)), None)
    name, standard = dimension.lower(), "" if coordinate is None else coordinate.text("standard_name")
    if (coordinate is not None and is_time(coordinate)) or (coordinate is None and name in _TIMES):
        return "time"
    if standard == "realization" or name in _MEMBERS:
        return "member"
    axis = "" if coordinate is None else coordinate.text("axis").upper()
    vertical = coordinate is not None and (coordinate.text("positive") or axis == "Z")
    if vertical or standard in _LEVELS or name.startswith(_LEVELS):
        return "level"
    size = variable.shape[variable.dimensions.index(dimension)]
    horizontal = axis in ("X", "Y") or is_horizontal(coordinate)
    return "level" if size == 1 and not horizontal and len(variable.dimensions) > 3 else "place"


def is_time(variable: Variable) -> bool:
    """A coordinate of time: by its standard name or by units such as `hours since 1970-01-01`."""
    name = variable.text("standard_name")
    return " since " in variable.text("units") and name in ("", "time")


def is_horizontal(variable: Variable | None) -> bool:
    """A coordinate of latitude, of longitude, or of the x or y of a projection."""
    if variable is None:
        return False
    name, units = variable.text("standard_name"), variable.text("units").lower()
    return name in ("latitude", "longitude", "grid_latitude", "grid_longitude") or (
        name.startswith("projection_")
        or units.startswith(("degree_n", "degrees_n", "degree_e", "degrees_e"))
        or bool(called(variable) and units in PLAIN_DEGREES)
    )


def called(variable: Variable) -> str:
    """latitude, longitude or nothing: what a coordinate without a standard name is by its own name."""
    return "" if variable.text("standard_name") else _CALLED.get(variable.name.lower(), "")


def _coordinate(store: Store, variable: Variable, role: Role, roles: tuple[Role, ...]) -> Variable | None:
    if role not in roles:
        return None
    dimension = variable.dimensions[roles.index(role)]
    own = store.variables.get(dimension)
    if own is not None and own.dimensions == (dimension,) and is_time(own):
        return own
    return next((v for v in store.variables.values() if v.dimensions == (dimension,) and is_time(v)), None)


def _level(store: Store, variable: Variable, dimension: str, windward: bool) -> tuple[int, str]:
    """The index of the level wanted and what to call it: 10 m for a wind, the one nearest the surface for the sea."""
    coordinate = store.variables.get(dimension)
    size = variable.shape[variable.dimensions.index(dimension)]
    if coordinate is None or coordinate.dimensions != (dimension,):
        if size == 1:
            return 0, ""
        raise CordialeError("sea.cf_level", variable=variable.name, path=store.path, levels=f"{dimension} {size}")
    values = coordinate.read()
    units = coordinate.text("units")
    if windward and size > 1:
        found = np.flatnonzero(np.isclose(values, AT_THE_SURFACE, atol=0.5))
        if len(found) != 1 or not units.startswith("m"):
            levels = ", ".join(f"{value:g} {units}" for value in values[:8])
            raise CordialeError("sea.cf_level", variable=variable.name, path=store.path, levels=levels)
        return int(found[0]), "10 m"
    index = int(np.argmin(np.abs(values)))
    return index, f"{coordinate.name} {values[index]:g} {units}".strip()


def times_of(variable: Variable) -> FloatArray:
    """The instants of a time coordinate; it must rise all along, without gaps or repetitions."""
    units, calendar = variable.text("units"), variable.text("calendar") or "standard"
    numbers = np.atleast_1d(variable.read())
    if numbers.size == 0:
        raise CordialeError("sea.cf_no_instants", variable=variable.name, path=variable.path)
    if units == "seconds since 1970-01-01T00:00:00Z":
        instants = numbers
    else:
        instants = _decoded(variable, numbers, units, calendar)
    if not np.isfinite(instants).all():
        raise CordialeError("sea.cf_coordinate", variable=variable.name, path=variable.path)
    wrong = np.flatnonzero(np.diff(instants) <= 0)
    if wrong.size:
        k = int(wrong[0])
        key = "sea.cf_time_twice" if instants[k + 1] == instants[k] else "sea.cf_time_back"
        before, after = (date_and_zulu(float(t)) for t in instants[k : k + 2])
        raise CordialeError(key, variable=variable.name, path=variable.path, before=before, after=after, index=k + 1)
    return instants


def _decoded(variable: Variable, numbers: FloatArray, units: str, calendar: str) -> FloatArray:
    if cftime is None:
        raise CordialeError("sea.no_cftime", path=variable.path)
    if not np.isfinite(numbers).all():
        raise CordialeError("sea.cf_coordinate", variable=variable.name, path=variable.path)
    reference = since(units, calendar, variable.path)
    try:
        moments = cftime.num2date(
            numbers, reference.units, calendar, only_use_cftime_datetimes=False, only_use_python_datetimes=True
        )
    except (ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise CordialeError("sea.cf_time", path=variable.path, units=units, calendar=calendar, reason=reason) from error
    return np.array([_instant(moment) for moment in np.atleast_1d(np.asarray(moments))]) + reference.shift


def _instant(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def part_of_time(instants: FloatArray, span: Span | None) -> slice:
    """The instants needed for a span, one before and one after included; none where it lies wholly beside."""
    if span is None:
        return slice(0, instants.size)
    if span.latest < instants[0] or span.earliest > instants[-1]:
        return slice(0, 0)
    first = max(int(np.searchsorted(instants, span.earliest, side="right")) - 1, 0)
    last = min(int(np.searchsorted(instants, span.latest, side="left")), instants.size - 1)
    return slice(first, last + 1)
