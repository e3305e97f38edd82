"""Wind and current of Open-Meteo, place by place: orders for a lattice of places, and their answers as a field.

No account is needed for use that is not commercial. Written after the documentation; no answer was recorded.

Source: open-meteo.com, documentation of the forecast, historical weather and marine APIs: the wind's direction is
where it comes from, that of the current where it goes; the unit stands in the answer.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu
from cordiale.earth.units import (
    BoolArray,
    Degrees,
    FloatArray,
    MetresPerSecond,
    Quantity,
    Radians,
    degrees,
    hours,
    km,
    knots,
)
from cordiale.feeds.order import Order, hour_after, hour_before
from cordiale.sea.grid import GriddedField, Lattice
from cordiale.sea.tide import Window
from cordiale.sea.tile import Plan, field_in_memory

FORECAST: Final = "https://api.open-meteo.com/v1/forecast"
ARCHIVE: Final = "https://archive-api.open-meteo.com/v1/archive"
MARINE: Final = "https://marine-api.open-meteo.com/v1/marine"
MOST_PLACES: Final = 600  # each counts as a call, and 600 calls a minute are free
_AT_ONCE: Final = 100  # judgement: places of one request, so that its address stays below 2,000 characters
_SPEEDS: Final[Mapping[str, Quantity]] = {"m/s": 1.0, "km/h": km / hours, "kn": knots, "mp/h": 0.44704}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """How one quantity is asked for and answered; `turn` (radians) leads from its direction to where it goes."""

    speed: str
    direction: str
    turn: Radians
    coastal: bool
    finest: Degrees
    most: MetresPerSecond
    units: tuple[str, ...]


_WIND: Final = _Kind(
    speed="wind_speed_10m",
    direction="wind_direction_10m",
    turn=math.pi,
    coastal=False,
    finest=0.25,  # judgement: that of ERA5 and coarser than the forecasts
    most=100.0,
    units=("m/s",),
)
_CURRENT: Final = _Kind(
    speed="ocean_current_velocity",
    direction="ocean_current_direction",
    turn=0.0,
    coastal=True,
    finest=0.08,
    most=10.0,
    units=tuple(_SPEEDS),
)


def open_meteo_wind(
    window: Window, span: Span, *, step: Degrees | None = None, archive: bool = False
) -> tuple[Order, ...]:
    """The wind at 10 m at the places of a lattice of `step` degrees that covers the window.

    Unless given, `step` is 0.25, or so many times that as the window needs. The forecast reaches 16 days ahead and 92
    back; `archive` asks for the reanalysis of earlier days. Up to 100 places are asked for at once, 600 in all.
    """
    address = ARCHIVE if archive else FORECAST
    return _orders(_WIND, address, window, span, step, (("wind_speed_unit", "ms"),))


def open_meteo_current(window: Window, span: Span, *, step: Degrees | None = None) -> tuple[Order, ...]:
    """The surface current, tide and waves included, at the places of a lattice.

    Unless given, `step` is 0.08, that of the model behind it, or so many times
    that as the window needs. 600 places at 0.08 degrees are about 2 by 2 degrees.
    """
    return _orders(_CURRENT, MARINE, window, span, step, ())


def _orders(
    kind: _Kind,
    address: str,
    window: Window,
    span: Span,
    asked: Degrees | None,
    more: tuple[tuple[str, str], ...],
) -> tuple[Order, ...]:
    step = _fitting(window, kind.finest) if asked is None else asked
    if not (math.isfinite(step) and step > 0):
        raise CordialeError("feeds.met_ocean_step", step=step)
    rows, columns = _size(window, step)
    if rows * columns > MOST_PLACES:
        raise CordialeError("feeds.met_ocean_points", points=rows * columns, most=MOST_PLACES, step=step)
    band = max(_AT_ONCE // columns, 1)
    found = []
    for first in range(0, rows, band):
        count = min(band, rows - first)
        lat = np.repeat(window.south + step * np.arange(first, first + count), columns)
        lon = np.tile(window.west + step * np.arange(columns), count)
        found.append(
            Order(
                service="open-meteo",
                method="GET",
                address=address,
                parameters=(
                    ("latitude", ",".join(f"{value:.4f}" for value in lat)),
                    ("longitude", ",".join(f"{value:.4f}" for value in lon)),
                    ("hourly", f"{kind.speed},{kind.direction}"),
                    *more,
                    ("timeformat", "unixtime"),
                    ("cell_selection", "sea"),
                    ("start_date", f"{datetime.fromtimestamp(span.earliest, UTC):%Y-%m-%d}"),
                    ("end_date", f"{datetime.fromtimestamp(hour_after(span.latest), UTC):%Y-%m-%d}"),
                ),
                suffix=".json",
            )
        )
    return tuple(found)


def _size(window: Window, step: Degrees) -> tuple[int, int]:
    """Rows and columns of a lattice that covers a window."""
    return (
        max(math.ceil((window.north - window.south) / step - 1e-9) + 1, 2),
        max(math.ceil((window.east - window.west) / step - 1e-9) + 1, 2),
    )


def _fitting(window: Window, finest: Degrees) -> Degrees:
    """The least whole multiple of the finest step with which a window is not too many places."""
    times = 1
    while math.prod(_size(window, times * finest)) > MOST_PLACES:
        times += 1
    return round(times * finest, 6)


def read_open_meteo(orders: Sequence[Order], texts: Sequence[str], *, span: Span | None = None) -> GriddedField:
    """The field of the answers of Open-Meteo, lists of places in the order in which they were asked for.

    Only the hours around `span` count, all of them unless given. A current without any value at a place is land there;
    a wind without one is refused, and so are an error of the service, other units, gaps, and winds that were answered
    for a place further than a step from where they were asked; currents of such a place are land.
    """
    kind = _CURRENT if orders[0].address == MARINE else _WIND
    lat, lon = _asked(orders, "latitude"), _asked(orders, "longitude")
    lattice = _lattice(lat, lon)
    instants: FloatArray | None = None
    speeds, bearings = [], []
    for order, text in zip(orders, texts, strict=True):
        try:
            times, speed, bearing = _columns(order, _places(order, text), kind, lattice)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, CordialeError):
                raise
            raise _refused(order, f"not as documented: {error!r}") from error
        if instants is not None and not np.array_equal(instants, times):
            raise _refused(order, "other hours than in the answer before")
        instants = times
        speeds.append(speed)
        bearings.append(bearing)
    assert instants is not None
    part = _part(instants, span, orders[0])
    speed, bearing = np.concatenate(speeds)[:, part], np.concatenate(bearings)[:, part]
    known = _known(orders[0], kind, (lat, lon), instants[part], speed, bearing)
    going = np.where(known[:, None], bearing, 0.0) * degrees + kind.turn
    tile = np.zeros((instants[part].size, lattice.rows, lattice.columns, 4), dtype=np.float32)
    for k, values in enumerate((speed * np.sin(going), speed * np.cos(going), np.ones_like(speed))):
        tile[..., k] = np.where(known[:, None], values, 0.0).T.reshape(tile.shape[:3])
    plan = Plan(
        quantity=f"{kind.speed}, {kind.direction}",
        lattice=lattice,
        instants=instants[part],
        covered=np.ones((lattice.rows, lattice.columns), dtype=bool),
        coastal=kind.coastal,
        longest_step=3 * hours,
        source=f"Open-Meteo, CC BY 4.0 ({lattice.rows} x {lattice.columns} places)",
    )
    return field_in_memory(plan, iter([tile]))


def _refused(order: Order, reason: str) -> CordialeError:
    return CordialeError("feeds.met_ocean_answer", order=order, reason=reason)


def _asked(orders: Sequence[Order], axis: str) -> FloatArray:
    return np.array([float(v) for order in orders for v in str(order.arguments[axis]).split(",")])


def _lattice(lat: FloatArray, lon: FloatArray) -> Lattice:
    rows, columns = np.unique(lat), np.unique(lon)
    return Lattice(
        south=float(rows[0]),
        west=float(columns[0]),
        lat_step=float(rows[-1] - rows[0]) / (rows.size - 1),
        lon_step=float(columns[-1] - columns[0]) / (columns.size - 1),
        rows=rows.size,
        columns=columns.size,
    )


def _places(order: Order, text: str) -> list[Any]:
    """The places of one answer: a list, or the one place itself."""
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise _refused(order, str(error)) from error
    if isinstance(answer, Mapping) and answer.get("error"):
        raise _refused(order, str(answer.get("reason", "no reason given"))[:300])
    return answer if isinstance(answer, list) else [answer]


def _columns(
    order: Order, places: list[Any], kind: _Kind, lattice: Lattice
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Instants, and speed (m/s) and direction (degrees) as (places, times), NaN where null; held against the order."""
    lat, lon = _asked([order], "latitude"), _asked([order], "longitude")
    if len(places) != lat.size:
        raise _refused(order, f"{len(places)} places for {lat.size} asked")
    times = np.array(places[0]["hourly"]["time"], dtype=np.float64)
    speed, bearing = np.full((2, lat.size, times.size), np.nan)
    for k, place in enumerate(places):
        units, hourly = place["hourly_units"], place["hourly"]
        if units[kind.speed] not in kind.units or units["time"] != "unixtime":
            raise _refused(order, f"units {dict(units)}")
        far_lat, far_lon = abs(place["latitude"] - lat[k]), abs(place["longitude"] - lon[k])
        if far_lat > lattice.lat_step or far_lon > lattice.lon_step:
            if kind.coastal:
                continue
            where = f"{place['latitude']:.2f} N {place['longitude']:.2f} E"
            raise _refused(order, f"{lat[k]:.2f} N {lon[k]:.2f} E answered from {where}")
        if not np.array_equal(times, np.array(hourly["time"], dtype=np.float64)):
            raise _refused(order, "hours differ from place to place")
        speed[k] = np.array(hourly[kind.speed], dtype=np.float64) * _SPEEDS[units[kind.speed]]
        bearing[k] = np.array(hourly[kind.direction], dtype=np.float64)
        bearing[k, np.isnan(bearing[k]) & (speed[k] == 0)] = 0.0  # a calm has no direction
    if times.size == 0 or (np.diff(times) <= 0).any():
        raise _refused(order, "no hours, or hours that do not rise")
    return times, speed, bearing


def _part(instants: FloatArray, span: Span | None, order: Order) -> slice:
    """The hours around a span; a span that the answer does not cover is refused."""
    if span is None:
        return slice(0, instants.size)
    inside = np.flatnonzero((instants >= hour_before(span.earliest)) & (instants <= hour_after(span.latest)))
    if not inside.size or instants[inside[0]] > span.earliest or instants[inside[-1]] < span.latest:
        first, last = (date_and_zulu(float(t)) for t in (instants[0], instants[-1]))
        wanted = f"{date_and_zulu(span.earliest)} to {date_and_zulu(span.latest)}"
        raise _refused(order, f"{first} to {last} answered, {wanted} wanted")
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _known(
    order: Order,
    kind: _Kind,
    places: tuple[FloatArray, FloatArray],
    instants: FloatArray,
    speed: FloatArray,
    bearing: FloatArray,
) -> BoolArray:
    """True at places with a value at every hour; a place with some of them, or a speed that cannot be, is refused."""
    there = np.isfinite(speed) & np.isfinite(bearing)
    known = there.all(axis=1)
    gap = ~known if not kind.coastal else ~known & there.any(axis=1)
    if gap.any():
        k = int(np.flatnonzero(gap)[0])
        at = date_and_zulu(float(instants[int(np.flatnonzero(~there[k])[0])]))
        raise _refused(order, f"values missing at {places[0][k]:.2f} N {places[1][k]:.2f} E, {at}")
    if not known.any():
        raise _refused(order, "values missing at every place")
    if (speed[known] > kind.most).any() or (speed[known] < 0).any():
        raise _refused(order, f"a speed of {float(np.max(np.abs(speed[known]))):.1f} m/s, beyond nature")
    return np.asarray(known)
