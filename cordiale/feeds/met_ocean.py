"""Orders to met-ocean services, and their answers as fields: Copernicus Marine, ERA5, Météo-France, Open-Meteo.

Pure: nothing here asks a network. Fetching is a function `fetch(order, path)`, one's own or that of
`cordiale.feeds.services`. Answers go through the readers of `cordiale.sea`. Written after the services' public
documentation; no answer of theirs was recorded, and none of the services has been tried.

Source: copernicusmarine toolbox 2, `subset`; Climate Data Store, `reanalysis-era5-single-levels`, OGC API Processes;
Météo-France API portal, AROME WCS 2.0.1.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import Degrees, Instant, Seconds, hours
from cordiale.feeds.open_meteo import open_meteo_current, open_meteo_wind, read_open_meteo
from cordiale.feeds.order import Fetch, Order, hour_after, hour_before, hours_of
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.grid import GriddedField
from cordiale.sea.tide import Window

NORTH_WEST_SHELF: Final = "cmems_mod_nws_phy-cur_anfc_1.5km-2D_PT1H-i"  # 1.5 km, hourly, forecast
NORTH_WEST_SHELF_PAST: Final = "cmems_mod_nws_phy-uv_my_7km-2D_PT1H-i"  # 7 km, hourly, reanalysis
ERA5: Final = "reanalysis-era5-single-levels"
CLIMATE_STORE: Final = "https://cds.climate.copernicus.eu/api/retrieve/v1"
AROME: Final = "https://public-api.meteofrance.fr/public/arome/1.0/wcs/MF-NWP-HIGHRES-AROME-001-FRANCE-WCS/GetCoverage"
AROME_REACH: Final[Seconds] = 51 * hours  # how far a run goes
_COMPONENTS: Final = ("U_COMPONENT_OF_WIND", "V_COMPONENT_OF_WIND")

__all__ = [
    "AROME", "AROME_REACH", "CLIMATE_STORE", "ERA5", "NORTH_WEST_SHELF", "NORTH_WEST_SHELF_PAST", "arome_wind",
    "copernicus_current", "current_from", "era5_wind", "fetched", "field_of", "open_meteo_current", "open_meteo_wind",
    "wind_from",
]  # fmt: skip


def copernicus_current(window: Window, span: Span, *, data_set: str = NORTH_WEST_SHELF) -> Order:
    """Surface currents of Copernicus Marine; the arguments are those of `copernicusmarine.subset`."""
    return Order(
        service="copernicus-marine",
        method="subset",
        address=data_set,
        parameters=(
            ("dataset_id", data_set),
            ("variables", ["uo", "vo"]),
            ("minimum_longitude", window.west),
            ("maximum_longitude", window.east),
            ("minimum_latitude", window.south),
            ("maximum_latitude", window.north),
            ("start_datetime", iso(hour_before(span.earliest)).removesuffix("Z")),
            ("end_datetime", iso(hour_after(span.latest)).removesuffix("Z")),
            ("coordinates_selection_method", "outside"),  # the cells around the window, not only those inside
        ),
        suffix=".nc",
    )


def era5_wind(window: Window, span: Span) -> tuple[Order, ...]:
    """The wind at 10 m of ERA5, an order a day; the arguments are those of `cdsapi.Client().retrieve(ERA5, ...)`."""
    found: dict[tuple[str, str, str], list[str]] = {}
    box = _outward(window, 0.25)
    for at in hours_of(span):
        moment = datetime.fromtimestamp(at, UTC)
        found.setdefault((f"{moment:%Y}", f"{moment:%m}", f"{moment:%d}"), []).append(f"{moment:%H:%M}")
    return tuple(
        Order(
            service="era5",
            method="POST",
            address=f"{CLIMATE_STORE}/processes/{ERA5}/execution",
            parameters=(
                ("product_type", ["reanalysis"]),
                ("variable", ["10m_u_component_of_wind", "10m_v_component_of_wind"]),
                ("year", [year]),
                ("month", [month]),
                ("day", [day]),
                ("time", clock),
                ("area", [box.north, box.west, box.south, box.east]),
                ("data_format", "netcdf"),
                ("download_format", "unarchived"),
            ),
            suffix=".nc",
        )
        for (year, month, day), clock in found.items()
    )


def arome_wind(window: Window, span: Span, *, run: Instant) -> tuple[Order, ...]:
    """The wind at 10 m of AROME 0.01 degrees, an order an hour and component, from the model run of an instant.

    The service gives one field an answer, as GRIB; whoever fetches adds the key as the header `apikey`. A run starts
    every three hours and reaches 51 h; a span outside it is refused.
    """
    every = hours_of(span)
    if every[0] < run or every[-1] > run + AROME_REACH or run % (3 * hours):
        raise CordialeError(
            "feeds.arome_run", run=iso(run), begin=iso(every[0]), end=iso(every[-1]), reach=AROME_REACH / hours
        )
    issued, box = iso(run).replace(":", "."), _outward(window, 0.01)
    return tuple(
        Order(
            service="meteo-france",
            method="GET",
            address=AROME,
            parameters=(
                ("service", "WCS"),
                ("version", "2.0.1"),
                ("coverageid", f"{component}__SPECIFIC_HEIGHT_LEVEL_ABOVE_GROUND___{issued}"),
                ("subset", f"time({iso(at)})"),
                ("subset", f"lat({box.south},{box.north})"),
                ("subset", f"long({box.west},{box.east})"),
                ("subset", "height(10)"),
                ("format", "application/wmo-grib"),
            ),
            suffix=".grib2",
        )
        for at in every
        for component in _COMPONENTS
    )


def fetched(orders: Order | Sequence[Order], fetch: Fetch, folder: str | Path) -> tuple[Path, ...]:
    """Fetch the answers of orders into a folder; GRIB answers of one service are joined into one file."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, order in enumerate(_several(orders)):
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
    """The current that a service answers with; `reading` (window, span, cache) goes to `open_current`."""
    return field_of(_several(orders), fetched(orders, fetch, folder), "current", **reading)


def wind_from(orders: Order | Sequence[Order], fetch: Fetch, folder: str | Path, **reading: Any) -> GriddedField:
    """The wind that a service answers with; `reading` (window, span, cache) goes to `open_wind`."""
    return field_of(_several(orders), fetched(orders, fetch, folder), "wind", **reading)


def field_of(orders: Sequence[Order], paths: Sequence[Path], quantity: str, **reading: Any) -> GriddedField:
    """The field in the answers to orders: a `current` or a `wind`."""
    if orders[0].service == "open-meteo":
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
        return read_open_meteo(orders, texts, span=reading.get("span"))
    return (open_current if quantity == "current" else open_wind)(tuple(paths), **reading)


def _outward(window: Window, step: Degrees) -> Window:
    """The box of whole grid lines around a window, so that no side of it lies beyond the last line that is sent."""
    per_degree = round(1 / step)
    south, west = (math.floor(side * per_degree + 1e-6) / per_degree for side in (window.south, window.west))
    north, east = (math.ceil(side * per_degree - 1e-6) / per_degree for side in (window.north, window.east))
    return Window(south=south, north=north, west=west, east=east)


def _several(orders: Order | Sequence[Order]) -> tuple[Order, ...]:
    return (orders,) if isinstance(orders, Order) else tuple(orders)
