"""Orders to met-ocean services, and their answers as fields: Copernicus Marine, ERA5, Météo-France, Open-Meteo.

An `Order` is what would be asked, and prints as such: a dry run is to print it. Fetching is the caller's: a function
`fetch(order, path)` that writes the answer to the path, with the account that belongs to the caller. Answers go through
the readers of `cordiale.sea`. Written after the services' public documentation; no answer of theirs was recorded.

Source: copernicusmarine toolbox, `subset`; Climate Data Store, `reanalysis-era5-single-levels`; Météo-France API
portal, AROME WCS 2.0.1; open-meteo.com, forecast API.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import Degrees, FloatArray, Instant, degrees, hours
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.grid import GriddedField, Lattice
from cordiale.sea.tide import Window
from cordiale.sea.tile import Plan, field_in_memory

NORTH_WEST_SHELF: Final = "cmems_mod_nws_phy-cur_anfc_1.5km-2D_PT1H-i"  # 1.5 km, hourly, forecast
NORTH_WEST_SHELF_PAST: Final = "cmems_mod_nws_phy-uv_my_7km-2D_PT1H-i"  # 7 km, hourly, reanalysis
ERA5: Final = "reanalysis-era5-single-levels"
AROME: Final = "https://public-api.meteofrance.fr/public/arome/1.0/wcs/MF-NWP-HIGHRES-AROME-001-FRANCE-WCS/GetCoverage"
OPEN_METEO: Final = "https://api.open-meteo.com/v1/forecast"
_COMPONENTS: Final = ("U_COMPONENT_OF_WIND", "V_COMPONENT_OF_WIND")
_MOST_POINTS: Final = 200  # judgement: of one request, so that its address stays below 8,000 characters

Service = Literal["copernicus-marine", "era5", "meteo-france", "open-meteo"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One question to a service: the address or data set, and the parameters in the words of its documentation."""

    service: Service
    address: str
    parameters: tuple[tuple[str, Any], ...]
    suffix: str

    @property
    def url(self) -> str:
        """The address with its parameters, for services asked over the web; keys are not part of it."""
        return f"{self.address}?{urlencode(self.parameters, safe='(),:', quote_via=quote)}"

    @property
    def arguments(self) -> dict[str, Any]:
        """The parameters for the service's own client: copernicusmarine.subset or cdsapi.Client().retrieve."""
        return {key: value for key, value in self.parameters}

    def __str__(self) -> str:
        if self.address.startswith("https://"):
            return f"GET {self.url}"
        return f"{self.service} {self.address} {json.dumps(self.arguments)}"


Fetch = Callable[[Order, Path], None]


def copernicus_current(window: Window, span: Span, *, data_set: str = NORTH_WEST_SHELF) -> Order:
    """Surface currents of Copernicus Marine; the arguments are those of `copernicusmarine.subset`."""
    return Order(
        service="copernicus-marine",
        address=data_set,
        parameters=(
            ("dataset_id", data_set),
            ("variables", ["uo", "vo"]),
            ("minimum_longitude", window.west),
            ("maximum_longitude", window.east),
            ("minimum_latitude", window.south),
            ("maximum_latitude", window.north),
            ("start_datetime", iso(_hour_before(span.earliest)).removesuffix("Z")),
            ("end_datetime", iso(_hour_after(span.latest)).removesuffix("Z")),
        ),
        suffix=".nc",
    )


def era5_wind(window: Window, span: Span) -> tuple[Order, ...]:
    """The wind at 10 m of ERA5, an order a day; the arguments are those of `cdsapi.Client().retrieve(address, ...)`."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for at in _hours_of(span):
        moment = datetime.fromtimestamp(at, UTC)
        found.setdefault((f"{moment:%Y}", f"{moment:%m}", f"{moment:%d}"), []).append(f"{moment:%H:%M}")
    return tuple(
        Order(
            service="era5",
            address=ERA5,
            parameters=(
                ("product_type", ["reanalysis"]),
                ("variable", ["10m_u_component_of_wind", "10m_v_component_of_wind"]),
                ("year", [year]),
                ("month", [month]),
                ("day", [day]),
                ("time", clock),
                ("area", [window.north, window.west, window.south, window.east]),
                ("data_format", "netcdf"),
                ("download_format", "unarchived"),
            ),
            suffix=".nc",
        )
        for (year, month, day), clock in found.items()
    )


def arome_wind(window: Window, span: Span, *, run: Instant) -> tuple[Order, ...]:
    """The wind at 10 m of AROME 0.01 degrees, an order an hour and component, from the model run of an instant.

    The service gives one field an answer, as GRIB; the caller's `fetch` adds its key as the header `apikey`.
    """
    issued = iso(run).replace(":", ".")
    return tuple(
        Order(
            service="meteo-france",
            address=AROME,
            parameters=(
                ("service", "WCS"),
                ("version", "2.0.1"),
                ("coverageid", f"{component}__SPECIFIC_HEIGHT_LEVEL_ABOVE_GROUND___{issued}"),
                ("subset", f"time({iso(at)})"),
                ("subset", f"lat({window.south},{window.north})"),
                ("subset", f"long({window.west},{window.east})"),
                ("subset", "height(10)"),
                ("format", "application/wmo-grib"),
            ),
            suffix=".grib2",
        )
        for at in _hours_of(span)
        for component in _COMPONENTS
    )


def open_meteo_wind(window: Window, span: Span, *, step: Degrees = 0.25) -> Order:
    """The wind at 10 m of Open-Meteo at the points of a lattice of `step` degrees that covers the window."""
    lattice = _lattice(window, step)
    if lattice.rows * lattice.columns > _MOST_POINTS:
        raise CordialeError(
            "feeds.met_ocean_points", points=lattice.rows * lattice.columns, most=_MOST_POINTS, step=step
        )
    lat, lon = np.repeat(lattice.lat, lattice.columns), np.tile(lattice.lon, lattice.rows)
    return Order(
        service="open-meteo",
        address=OPEN_METEO,
        parameters=(
            ("latitude", ",".join(f"{value:.4f}" for value in lat)),
            ("longitude", ",".join(f"{value:.4f}" for value in lon)),
            ("hourly", "wind_speed_10m,wind_direction_10m"),
            ("wind_speed_unit", "ms"),
            ("timeformat", "unixtime"),
            ("cell_selection", "sea"),
            ("start_date", f"{datetime.fromtimestamp(span.earliest, UTC):%Y-%m-%d}"),
            ("end_date", f"{datetime.fromtimestamp(_hour_after(span.latest), UTC):%Y-%m-%d}"),
        ),
        suffix=".json",
    )


def fetched(orders: Order | Sequence[Order], fetch: Fetch, folder: str | Path) -> tuple[Path, ...]:
    """Fetch the answers of orders into a folder; GRIB answers of one service are joined into one file."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, order in enumerate([orders] if isinstance(orders, Order) else orders):
        path = place / f"{order.service}-{number:03d}{order.suffix}"
        fetch(order, path)
        if not path.is_file() or path.stat().st_size == 0:
            raise CordialeError("feeds.met_ocean_empty", order=order, path=path)
        paths.append(path)
    if len(paths) > 1 and all(path.suffix == ".grib2" for path in paths):
        joined = place / "joined.grib2"
        joined.write_bytes(b"".join(path.read_bytes() for path in paths))
        return (joined,)
    return tuple(paths)


def current_from(orders: Order | Sequence[Order], fetch: Fetch, folder: str | Path, **reading: Any) -> GriddedField:
    """The current that a service answers with; `reading` goes to `open_current`."""
    return open_current(fetched(orders, fetch, folder), **reading)


def wind_from(orders: Order | Sequence[Order], fetch: Fetch, folder: str | Path, **reading: Any) -> GriddedField:
    """The wind that a service answers with; `reading` (window, span, cache) goes to `open_wind`."""
    if isinstance(orders, Order) and orders.service == "open-meteo":
        (path,) = fetched(orders, fetch, folder)
        return read_open_meteo(orders, path.read_text(encoding="utf-8"))
    return open_wind(fetched(orders, fetch, folder), **reading)


def read_open_meteo(order: Order, text: str) -> GriddedField:
    """The wind of an answer of Open-Meteo, a list of places in the order in which they were asked for.

    Refused: an error of the service, other units, places further than a step from where they were asked, gaps.
    """
    lat, lon = (np.array([float(v) for v in str(order.arguments[k]).split(",")]) for k in ("latitude", "longitude"))
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise CordialeError("feeds.met_ocean_answer", order=order, reason=str(error)) from error
    if isinstance(answer, Mapping) and answer.get("error"):
        raise CordialeError("feeds.met_ocean_answer", order=order, reason=answer.get("reason", "no reason given"))
    places = answer if isinstance(answer, list) else [answer]
    lines_lat, lines_lon = np.unique(lat), np.unique(lon)
    lattice = Lattice(
        south=float(lines_lat[0]),
        west=float(lines_lon[0]),
        lat_step=float(lines_lat[1] - lines_lat[0]),
        lon_step=float(lines_lon[1] - lines_lon[0]),
        rows=lines_lat.size,
        columns=lines_lon.size,
    )
    try:
        instants, speed, bearing = _columns(order, places, lat, lon, lattice)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, CordialeError):
            raise
        raise CordialeError("feeds.met_ocean_answer", order=order, reason=f"not as documented: {error!r}") from error
    tile = np.zeros((instants.size, lattice.rows, lattice.columns, 4), dtype=np.float32)
    blows_to = bearing * degrees + math.pi
    tile[..., 0] = (speed * np.sin(blows_to)).T.reshape(tile.shape[:3])
    tile[..., 1] = (speed * np.cos(blows_to)).T.reshape(tile.shape[:3])
    tile[..., 2] = 1.0
    plan = Plan(
        quantity="wind_speed, wind_from_direction",
        lattice=lattice,
        instants=instants,
        covered=np.ones((lattice.rows, lattice.columns), dtype=bool),
        coastal=False,
        longest_step=3 * hours,
        source=f"Open-Meteo forecast, CC BY 4.0 ({lattice.rows} x {lattice.columns} places)",
    )
    return field_in_memory(plan, iter([tile]))


def _columns(
    order: Order, places: list[Any], lat: FloatArray, lon: FloatArray, lattice: Lattice
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Instants, and speed and direction as (places, times), checked against what was asked."""
    if len(places) != lat.size:
        raise CordialeError("feeds.met_ocean_answer", order=order, reason=f"{len(places)} places for {lat.size} asked")
    for place, at_lat, at_lon in zip(places, lat, lon, strict=True):
        units = place["hourly_units"]
        if units["wind_speed_10m"] != "m/s" or units["time"] != "unixtime":
            raise CordialeError("feeds.met_ocean_answer", order=order, reason=f"units {dict(units)}")
        far = abs(place["latitude"] - at_lat) > lattice.lat_step or abs(place["longitude"] - at_lon) > lattice.lon_step
        if far:
            where = f"{at_lat:.2f} N {at_lon:.2f} E answered from {place['latitude']:.2f} N {place['longitude']:.2f} E"
            raise CordialeError("feeds.met_ocean_answer", order=order, reason=where)
    instants = np.array(places[0]["hourly"]["time"], dtype=np.float64)
    speed = np.array([place["hourly"]["wind_speed_10m"] for place in places], dtype=np.float64)
    bearing = np.array([place["hourly"]["wind_direction_10m"] for place in places], dtype=np.float64)
    whole = np.isfinite(speed).all() and np.isfinite(bearing).all() and instants.size > 0
    if not whole or (speed > 100).any() or (speed < 0).any() or (np.diff(instants) <= 0).any():
        raise CordialeError("feeds.met_ocean_answer", order=order, reason="values missing or beyond nature")
    return instants, speed, bearing


def _lattice(window: Window, step: Degrees) -> Lattice:
    rows = max(math.ceil((window.north - window.south) / step - 1e-9) + 1, 2)
    columns = max(math.ceil((window.east - window.west) / step - 1e-9) + 1, 2)
    return Lattice(south=window.south, west=window.west, lat_step=step, lon_step=step, rows=rows, columns=columns)


def _hour_before(at: Instant) -> Instant:
    return math.floor(at / hours) * hours


def _hour_after(at: Instant) -> Instant:
    return math.ceil(at / hours) * hours


def _hours_of(span: Span) -> list[Instant]:
    first, last = _hour_before(span.earliest), _hour_after(span.latest)
    return [first + k * hours for k in range(round((last - first) / hours) + 1)]
