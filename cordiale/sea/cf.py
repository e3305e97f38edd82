"""Currents, winds and scalars from files: found by CF standard name, units checked, only the part needed is read.

NetCDF, Zarr (extra `zarr`) and GRIB (extra `grib`); regular, curvilinear, projected and triangular grids; longitudes
from -180 to 180 or 0 to 360, latitudes rising or falling, real calendars and any zone in the time units; missing
values stay missing. This is the one place that imports netCDF4 (extra `cf`). See docs/forcing.md.

Source: CF Metadata Conventions 1.11, sections 3 (units, names), 4 (coordinates), 5 (grids), 8 (packed data).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import FloatArray
from cordiale.sea.cf_doubt import with_doubt
from cordiale.sea.cf_names import CURRENT, GRIB_PARAMETERS, LONG_NAMES, SCALARS, STOKES, WIND, Kind, Turn
from cordiale.sea.cf_read import Request, in_time_order, plan_of, slabs_of, source_of
from cordiale.sea.grid import GriddedField, ScalarField
from cordiale.sea.netcdf_classic import missing_bytes
from cordiale.sea.store import Index, Store, Variable, is_grib, is_zarr, loaded
from cordiale.sea.tide import Window
from cordiale.sea.tile import BadTile, digest_of, field_in_memory, open_tile, write_tile

try:
    import netCDF4
except ImportError:  # the extra is not installed; a NetCDF file says so
    netCDF4 = None  # type: ignore[assignment]

STRAIT: Final = Window(south=49.5, north=52.5, west=-1.0, east=4.5)
MOST_VALUES: Final = 40_000_000  # of one field in memory; 640 MB
MOST_CACHED: Final = 500_000_000  # of one field in a cache; 8 GB
Paths = str | Path | tuple[str | Path, ...] | list[str | Path]
Names = tuple[str, str, Turn]


def open_current(
    path: Paths,
    *,
    window: Window = STRAIT,
    span: Span | None = None,
    cache: str | Path | None = None,
    names: Names | None = None,
    member: int | None = None,
    partial: bool = False,
    refine: int = 2,
) -> GriddedField:
    """The surface current of one or several files on a window of the sea and a span of time.

    Parameters
    ----------
    path : path of a file (NetCDF, Zarr, GRIB), or several
        With eastward and northward (or x and y) `sea_water_velocity` as standard names, or speed and direction. Of
        several levels the one nearest the surface. Several files of one grid follow each other in time; where they
        overlap the one that starts later holds.
    window : Window
        Part of the sea; the Dover Strait unless given. A file that covers only part of it is read as far as it goes.
    span : Span, optional
        Part of the time, which the files must cover (unless `partial`); all of it unless given.
    cache : folder, optional
        Where the field is kept as a memory-mapped tile: the next opening reads nothing but that.
    names : (first variable, second variable, "east_north" | "grid" | "from" | "to"), optional
        For files without standard names: the user says what is what.
    member : int, optional
        Which member of an ensemble, from 0; see `members`.
    partial : True to take what there is of the span, for use with `in_order`
    refine : int
        Lines of the lattice for each cell of a grid that is not one of latitudes and longitudes: 1 keeps its own
        resolution, 2 costs four times the memory for a third of the error of laying it on the lattice.

    Raises
    ------
    CordialeError
        By file, variable, place and time: not readable, no current in it, unknown units, no grid or time that can be
        used, days that never were, a window or a span outside it, an instant without values, a current above 10 m/s,
        more than 40 million values without a cache (500 million with one).
    """
    return _open(_request(CURRENT, "", window, span, names, member, partial, refine), path, cache)


def open_wind(
    path: Paths,
    *,
    window: Window = STRAIT,
    span: Span | None = None,
    cache: str | Path | None = None,
    names: Names | None = None,
    member: int | None = None,
    partial: bool = False,
    refine: int = 2,
) -> GriddedField:
    """The wind at 10 m of one or several files on a window and a span; parameters and errors as of `open_current`.

    With `eastward_wind` and `northward_wind` (or `x_wind` and `y_wind`), or `wind_speed` and `wind_from_direction` (or
    `wind_to_direction`), as standard names, in m s-1, knots or km h-1 and degrees or radians; none above 100 m/s.
    Components that look like a speed and a direction are refused above 45 m/s and marked in the `source` above 20
    (`cordiale.sea.cf_doubt`); `names` overrules both.
    """
    return _open(_request(WIND, "", window, span, names, member, partial, refine), path, cache)


def open_stokes(
    path: Paths,
    *,
    window: Window = STRAIT,
    span: Span | None = None,
    cache: str | Path | None = None,
    names: Names | None = None,
    member: int | None = None,
    partial: bool = False,
    refine: int = 2,
) -> GriddedField:
    """The Stokes drift at the surface; parameters and errors as of `open_current`, none above 5 m/s."""
    return _open(_request(STOKES, "", window, span, names, member, partial, refine), path, cache)


def open_scalar(
    path: Paths,
    name: str,
    *,
    window: Window = STRAIT,
    span: Span | None = None,
    cache: str | Path | None = None,
    variable: str | None = None,
    member: int | None = None,
    partial: bool = False,
    refine: int = 2,
) -> ScalarField:
    """A scalar by its standard name: visibility, cloud base, temperature, height and period of waves.

    In m, degrees Celsius or s, whatever the unit of the file. `variable` names the variable where the file has no
    standard names. Other parameters and errors as of `open_current`.
    """
    if name not in SCALARS:
        raise CordialeError("sea.cf_scalar", name=name, known=", ".join(sorted(SCALARS)))
    names: Names | None = None if variable is None else (variable, "", "east_north")
    return ScalarField(
        name=name, field=_open(_request(None, name, window, span, names, member, partial, refine), path, cache)
    )


def members(opener: Callable[..., GriddedField], path: Paths, **arguments: Any) -> tuple[GriddedField, ...]:
    """All members of an ensemble, each a field of its own: `members(open_wind, "ensemble.nc", span=span)`.

    One file with a dimension of members gives one field a member; several files give one field a file.
    """
    if not isinstance(path, str | Path) and len(path) > 1:
        return tuple(opener(one, **arguments) for one in path)
    (one,) = _paths(path)
    try:
        return (opener(one, **arguments),)
    except CordialeError as error:
        if error.key != "sea.cf_members":
            raise
        count = int(str(error.values["count"]))
    return tuple(opener(one, member=k, **arguments) for k in range(count))


def _request(
    kind: Kind | None,
    scalar: str,
    window: Window,
    span: Span | None,
    names: Names | None,
    member: int | None,
    partial: bool,
    refine: int,
) -> Request:
    return Request(
        kind=kind, scalar=scalar, window=window, span=span, names=names, member=member, partial=partial, refine=refine
    )


def _paths(path: Paths) -> tuple[Path, ...]:
    found = (Path(path),) if isinstance(path, str | Path) else tuple(Path(p) for p in path)
    if not found:
        raise CordialeError("sea.cf_no_files")
    return found


def _open(request: Request, path: Paths, cache: str | Path | None) -> GriddedField:
    field = _kept_or_read(request, path, cache)
    return with_doubt(field) if request.kind is not None and request.names is None else field


def _kept_or_read(request: Request, path: Paths, cache: str | Path | None) -> GriddedField:
    paths = _paths(path)
    if cache is None:
        return _read(request, paths, None)
    for one in paths:
        if not one.exists():
            raise CordialeError("sea.cf_open", path=one, reason="No such file or directory")
    word = request.kind.word.split()[0] if request.kind else request.scalar
    kept = Path(cache) / f"{paths[0].stem}-{word}-{digest_of(paths, request)}.tile"
    try:
        return open_tile(kept)
    except BadTile:
        return _read(request, paths, kept)


def _read(request: Request, paths: tuple[Path, ...], kept: Path | None) -> GriddedField:
    with ExitStack() as files:
        sources = [source_of(files.enter_context(_opened(path)), request) for path in paths]
        instants, pieces = in_time_order(sources, request)
        lattice = sources[0].grid.lattice
        size, most = instants.size * lattice.rows * lattice.columns, MOST_CACHED if kept else MOST_VALUES
        if size > most:
            name = sources[0].variables[0].name
            raise CordialeError("sea.cf_huge", path=paths[0], values=size, variable=name, most=most)
        plan = plan_of(instants, pieces, request, _told(sources[0].store, paths, sources[0]))
        slabs = slabs_of(pieces, request)
        if kept is None:
            return field_in_memory(plan, slabs)
        write_tile(kept, plan, slabs)
    return open_tile(kept)


def _told(store: Store, paths: tuple[Path, ...], source: Any) -> str:
    """Where a field comes from: title, files, variables and level."""
    variables = ", ".join(v.text("standard_name") or v.name for v in source.variables)
    level = f", {source.axes.level_text}" if source.axes.level_text else ""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{store.title or 'file'} ({paths[0].name}{more}: {variables}{level})"


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    if is_zarr(path):
        store = loaded("zarr_store").open_zarr(path)
    elif is_grib(path):
        store = loaded("grib").open_grib(path)
    else:
        store = _open_netcdf(path)
    try:
        yield store
    finally:
        store.close()


def _open_netcdf(path: Path) -> Store:
    if netCDF4 is None:
        raise CordialeError("sea.no_netcdf", path=path)
    try:
        dataset = netCDF4.Dataset(str(path))
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CordialeError("sea.cf_open", path=path, reason=reason) from error
    lacking = missing_bytes(path)
    if lacking:
        dataset.close()
        raise CordialeError("sea.cf_open", path=path, reason=f"cut short, {lacking} bytes are missing")
    variables = {
        name: Variable(
            name=name,
            dimensions=tuple(variable.dimensions),
            shape=tuple(variable.shape),
            attributes=_labelled(_attributes(variable)),
            fetch=_fetch(variable),
            path=str(path),
        )
        for name, variable in dataset.variables.items()
    }
    return Store(
        path=str(path), title=str(getattr(dataset, "title", "")), variables=variables, close=lambda: _let_go(dataset)
    )


def _let_go(dataset: Any) -> None:
    dataset.close()


def _attributes(variable: Any) -> dict[str, Any]:
    return {name: variable.getncattr(name) for name in variable.ncattrs()}


def _labelled(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes with the standard name that a converter from GRIB left out, by parameter number or ECMWF's name."""
    if str(attributes.get("standard_name", "unknown")) == "unknown":
        number = attributes.get("GRIB_paramId")
        name = GRIB_PARAMETERS.get(int(number)) if number is not None else None
        name = name or LONG_NAMES.get(str(attributes.get("long_name", "")))
        return {
            **{k: v for k, v in attributes.items() if k != "standard_name"},
            **({"standard_name": name} if name else {}),
        }
    return attributes


def _fetch(variable: Any) -> Callable[[tuple[Index, ...]], FloatArray]:
    def fetch(index: tuple[Index, ...]) -> FloatArray:
        raw = variable[index] if variable.dimensions else variable[...]
        return np.asarray(np.ma.filled(np.ma.asarray(raw, dtype=np.float64), np.nan))

    return fetch
