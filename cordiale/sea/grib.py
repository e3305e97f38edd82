"""GRIB files (editions 1 and 2): the messages of a file as variables over time.

This is the one place that imports eccodes (extra `cordiale[grib]`). pyproj goes first: with pyproj 3.7.2 and eckitlib
2.5.0 the other order ends the process, for both bring a PROJ of their own. So does sqlite3: Python would be given the
SQLite 3.26 of eckitlib, which is too old for the record. A message is unpacked only when its time is asked for. Reduced
and spectral grids are refused; winds along the axes of a grid are turned to east and north.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Instant
from cordiale.sea.cf_names import GRIB_PARAMETERS
from cordiale.sea.projection import CAN_UNPROJECT
from cordiale.sea.store import Index, Store, Variable

try:
    import eccodes
except (ImportError, RuntimeError):  # the extra is not installed, or its library is not found; a GRIB file says so
    eccodes = None

_UNKNOWN = ("unknown", "~", "")


_FIRST: Final = (CAN_UNPROJECT, sqlite3.sqlite_version)  # pyproj and SQLite have been loaded before eccodes
_MISSING: Final = 1e36  # what a missing value is unpacked to; nothing of the sea is as large


@dataclass(frozen=True, kw_only=True, slots=True)
class _Message:
    """One field of a file: what it is, when it is valid, and where its bytes lie."""

    parameter: int
    name: str
    standard: str
    units: str
    level: str
    member: int
    at: Instant
    grid: tuple[Any, ...]
    offset: int
    length: int


def open_grib(path: Path) -> Store:
    """The messages of a file as a `Store`; refused where it breaks off."""
    if eccodes is None:
        raise CordialeError("sea.no_grib", path=path)
    groups: dict[tuple[Any, ...], list[_Message]] = {}
    try:
        for message in _messages(path):
            groups.setdefault((message.name, message.level, message.grid), []).append(message)
    except eccodes.CodesInternalError as error:
        raise CordialeError("sea.cf_open", path=path, reason=str(error)) from error
    variables: dict[str, Variable] = {}
    frames: dict[tuple[Any, ...], int] = {}
    for group in groups.values():
        frame = (group[0].grid, frozenset((m.at, m.member) for m in group))
        number = frames.setdefault(frame, len(frames))
        for variable in _variables(path, group, number):
            level = group[0].level.replace(" ", "_")
            variables[variable.name if variable.name not in variables else f"{variable.name}_{level}"] = variable
    return Store(path=str(path), title="GRIB", variables=variables)


def _messages(path: Path) -> Iterator[_Message]:
    with path.open("rb") as file:
        while (handle := eccodes.codes_grib_new_from_file(file, headers_only=True)) is not None:
            with _released(handle):
                yield _read_message(handle)


@contextmanager
def _released(handle: Any) -> Iterator[Any]:
    try:
        yield handle
    finally:
        eccodes.codes_release(handle)


def _get(handle: Any, key: str, otherwise: Any = 0) -> Any:
    return eccodes.codes_get(handle, key) if eccodes.codes_is_defined(handle, key) else otherwise


def _read_message(handle: Any) -> _Message:
    date, time = int(_get(handle, "validityDate")), int(_get(handle, "validityTime"))
    moment = datetime(date // 10000, date // 100 % 100, date % 100, time // 100, time % 100, tzinfo=UTC)
    parameter, standard = int(_get(handle, "paramId")), str(_get(handle, "cfName", ""))
    grid = (str(_get(handle, "gridType", "")), int(_get(handle, "Ni", 0)), int(_get(handle, "Nj", 0)))
    turned = int(_get(handle, "uvRelativeToGrid", 0))
    return _Message(
        parameter=parameter,
        name=str(_get(handle, "shortName", "")),
        standard=GRIB_PARAMETERS.get(parameter, "" if standard in _UNKNOWN else standard),
        units=str(_get(handle, "units", "")),
        level=f"{_get(handle, 'typeOfLevel', '')} {_get(handle, 'level', '')}",
        member=int(_get(handle, "number", 0)),
        at=moment.timestamp(),
        grid=(*grid, turned, str(_get(handle, "md5GridSection", ""))),
        offset=int(_get(handle, "offset")),
        length=int(_get(handle, "totalLength")),
    )


def _variables(path: Path, group: list[_Message], number: int) -> list[Variable]:
    """A field of a parameter and a level, with its coordinates of time and place."""
    first = group[0]
    kind, columns, rows = first.grid[:3]
    if kind.startswith(("reduced", "sh", "unstructured")) or columns < 2 or rows < 2:
        return []
    times, members = sorted({m.at for m in group}), sorted({m.member for m in group})
    where = {(m.at, m.member): m for m in group}
    lat, lon = _places(path, first)
    dims = tuple(f"{name}_{number}" for name in ("time", "number", "y", "x"))
    shape = (len(times), len(members), rows, columns)

    def made(name: str, dimensions: tuple[str, ...], values: FloatArray, **attributes: Any) -> Variable:
        return Variable(
            name=f"{name}_{number}",
            dimensions=dimensions,
            shape=values.shape,
            attributes=attributes,
            fetch=lambda index: values[index],
            path=str(path),
        )

    flat = kind == "regular_ll"
    standard = first.standard
    if not flat and first.grid[3]:
        standard = {"eastward_wind": "x_wind", "northward_wind": "y_wind"}.get(standard, standard)
    found = Variable(
        name=first.name,
        dimensions=dims,
        shape=shape,
        attributes={"standard_name": standard, "units": first.units, "coordinates": f"lat_{number} lon_{number}"},
        fetch=_fetch(path, where, times, members, (rows, columns)),
        path=str(path),
    )
    since = "seconds since 1970-01-01T00:00:00Z"
    return [
        found,
        made("time", dims[:1], np.array(times), standard_name="time", units=since),
        made("number", dims[1:2], np.array(members, dtype=np.float64), standard_name="realization"),
        made("lat", dims[2:3] if flat else dims[2:], lat[:, 0] if flat else lat, standard_name="latitude"),
        made("lon", dims[3:] if flat else dims[2:], lon[0] if flat else lon, standard_name="longitude"),
    ]


@contextmanager
def _unpacked(path: Path, message: _Message) -> Iterator[Any]:
    with path.open("rb") as file:
        file.seek(message.offset)
        raw = file.read(message.length)
    with _released(eccodes.codes_new_from_message(raw)) as handle:
        yield handle


def _places(path: Path, message: _Message) -> tuple[FloatArray, FloatArray]:
    with _unpacked(path, message) as handle:
        lat, lon = (np.asarray(eccodes.codes_get_array(handle, key)) for key in ("latitudes", "longitudes"))
        by_columns = bool(_get(handle, "jPointsAreConsecutive"))
    return _shaped(lat, message.grid, by_columns), _shaped(lon, message.grid, by_columns)


def _shaped(values: FloatArray, grid: tuple[Any, ...], by_columns: bool) -> FloatArray:
    columns, rows = int(grid[1]), int(grid[2])
    return values.reshape(columns, rows).T if by_columns else values.reshape(rows, columns)


def _fetch(
    path: Path,
    where: dict[tuple[Instant, int], _Message],
    times: list[Instant],
    members: list[int],
    size: tuple[int, int],
) -> Callable[[tuple[Index, ...]], FloatArray]:
    def one(at: Instant, member: int) -> FloatArray:
        if (at, member) not in where:
            return np.full(size, np.nan)
        message = where[at, member]
        with _unpacked(path, message) as handle:
            eccodes.codes_set(handle, "missingValue", _MISSING)
            values = np.asarray(eccodes.codes_get_values(handle), dtype=np.float64)
            by_columns = bool(_get(handle, "jPointsAreConsecutive"))
        values = _shaped(values, message.grid, by_columns)
        return np.where(values >= _MISSING, np.nan, values)

    def fetch(index: tuple[Index, ...]) -> FloatArray:
        when, who, rows, columns = index
        chosen = members[who] if isinstance(who, int) else members[0]
        asked = times[when] if isinstance(when, slice) else [times[when]]
        return np.stack([one(at, chosen)[rows, columns] for at in asked])

    return fetch
