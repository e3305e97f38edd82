"""What people type on the command line, read into SI: durations, distances, winds, instants."""

import re
from datetime import UTC, datetime
from typing import Final

from cordiale.earth.bearings import RangeBearingText
from cordiale.earth.chart import read_position
from cordiale.earth.clock import read_instant
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import components, destination
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import (
    NM,
    Degrees,
    Instant,
    Metres,
    MetresPerSecond,
    Quantity,
    Seconds,
    days,
    hours,
    km,
    knots,
    minutes,
)
from cordiale.sea.places import place_positions

_A_DURATION = re.compile(r"\s*(?:(\d+(?:[.,]\d+)?)\s*h)?\s*(?:(\d+(?:[.,]\d+)?)\s*(s|sec|m|min|d|j)?)?\s*")
_DURATION = {"s": 1.0, "sec": 1.0, "m": minutes, "min": minutes, "h": hours, "d": days, "j": days}
_DISTANCE = {"m": 1.0, "km": km, "nm": NM, "nq": NM}
_SPEED = {"m/s": 1.0, "km/h": km / hours, "kn": knots, "kt": knots, "nd": knots}
_OR_MORE = r"(?:\s*(?:-|–|\bTO\b|À)\s*(\d+(?:[.,]\d+)?))?"
_WIND_SPEED = re.compile(
    rf"(\d+(?:[.,]\d+)?){_OR_MORE}\s*(M/S|KM/H|KTS?|KN|KNOTS?|NDS?|N(?:OE|Œ)UDS?)(?![A-Z])"
    rf"|\b(?:F|FORCE)\s*(\d+){_OR_MORE}(?![\d.])|(?<!\d)(\d+){_OR_MORE}\s*(?:BFT|BF|BEAUFORT)(?![A-Z])"
)
_FASTEST: Final[MetresPerSecond] = 100.0
_WIND_WORDS = (
    (r"\b(?:VENT|WIND|FROM|SECTEUR|DE|DU)\b|\bD'", " "),
    (r"\b(NORD|NORTH|SUD|SOUTH)[- ]?(?=(?:OUEST|WEST|EST|EAST)\b)", r"\1"),
    (r"OUEST|WEST", "W"), (r"EST|EAST", "E"), (r"NORD|NORTH", "N"), (r"SUD|SOUTH", "S"),
)  # fmt: skip
_A_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*")
_COMPASS = dict(
    zip("N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split(), (22.5 * i for i in range(16)), strict=True)
)


def read_duration(text: str) -> Seconds:
    """`90s`, `10m`, `10min`, `1h`, `1h30`, `24h`, `2d` in seconds; a bare number is refused, for it has no unit."""
    match = _A_DURATION.fullmatch(text.lower())
    if not match or not (match[1] or match[2]) or (match[2] and not match[3] and not match[1]):
        raise CordialeError("desk.duration", text=text)
    whole = _number(match[1]) * hours if match[1] else 0.0
    part = _number(match[2]) * _DURATION[match[3] or "m"] if match[2] else 0.0
    if whole + part <= 0:
        raise CordialeError("desk.duration", text=text)
    return whole + part


def read_distance(text: str) -> Metres:
    """`50m`, `0.5NM`, `1.2 km` in metres."""
    match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(m|km|nm|nq)\s*", text.lower())
    if not match or _number(match[1]) <= 0:
        raise CordialeError("desk.distance", text=text)
    return _number(match[1]) * _DISTANCE[match[2]]


def read_speed(text: str) -> MetresPerSecond:
    """`0.2m/s`, `4kn` in m/s; a bare number is refused, for it has no unit."""
    match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(m/s|kn|kt|nd)\s*", text.lower())
    if not match:
        raise CordialeError("desk.speed", text=text)
    return _number(match[1]) * _SPEED[match[2]]


def read_range(text: str) -> tuple[Quantity, Quantity]:
    """`33` or `30-40`: the smaller and the larger number; a number below 0 may stand alone."""
    match = re.fullmatch(r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:(?:-|–|\bto\b|\bà\b)\s*(-?\d+(?:[.,]\d+)?))?\s*", text.lower())
    if not match:
        raise CordialeError("desk.range", text=text)
    low = _number(match[1])
    return low, _number(match[2]) if match[2] else low


def read_wind(text: str) -> tuple[Degrees, MetresPerSecond]:
    """The direction a wind blows from, degrees true, and its speed, in either order.

    `SW 12kn`, `12kn SW`, `225/6m/s`, `ouest 20 noeuds`, `SW F4`, `force 7 SW`, `SW 5-7 Bft`, `calm`. A Beaufort number
    is the speed in the middle of its class: 0.836 B^1.5 m/s (WMO-No. 8); of a range the middle is taken.
    """
    return _wind(text)[:2]


def wind_is_a_range(text: str) -> bool:
    """Whether the speed of a wind that can be read is a range, of which `read_wind` takes the middle."""
    return _wind(text)[2]


def _wind(text: str) -> tuple[Degrees, MetresPerSecond, bool]:
    """Direction, speed, and whether a range was stated."""
    clean = text.strip().upper().replace("°", "")
    if clean in {"CALM", "CALME", "0"}:
        return 0.0, 0.0, False
    speed = _WIND_SPEED.search(clean)
    rest = "" if speed is None else f"{clean[: speed.start()]} {clean[speed.end() :]}".strip(" /@,")
    for words, point in _WIND_WORDS:
        rest = re.sub(words, point, rest).strip(" /@,")
    blows_from = _COMPASS.get(rest.replace("O", "W")) if rest.isalpha() else None
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?", rest):
        blows_from = float(rest)
    if speed is None and re.search(r"\d", clean):
        raise CordialeError("desk.wind_unit", text=text)
    if speed is None or blows_from is None or blows_from > 360:
        raise CordialeError("desk.wind", text=text)
    low = _number(speed[1] or speed[4] or speed[6])
    most = speed[2] or speed[5] or speed[7]
    high = low if most is None else _number(most)
    if high < low or (speed[1] is None and high > 12):
        raise CordialeError("desk.wind", text=text)
    middle = (low + high) / 2
    blows = 0.836 * middle**1.5 if speed[1] is None else middle * _SPEED[_unit(speed[3])]
    if blows > _FASTEST:
        raise CordialeError("desk.wind_speed", text=text, speed_kn=blows / knots, most_kn=_FASTEST / knots)
    return blows_from, blows, most is not None


def _unit(text: str) -> str:
    """The unit of a speed without its plural, knots of any language as `kn`."""
    short = text.lower()
    return short if short in _SPEED else "kn"


def read_time(text: str, *, reference: Instant | None = None) -> Instant:
    """An instant typed on the command line; without a date, the one nearest to `reference` (the present by default).

    A date alone is its first instant, UTC.
    """
    if _A_DATE.fullmatch(text):
        return utc(text)
    return read_instant(text, reference=now() if reference is None else reference).span.middle


def read_time_after(text: str, begin: Instant) -> Instant:
    """An instant that ends what begins at `begin`: a clock time without a date is the next one after it."""
    at = read_time(text, reference=begin)
    return at + 1 * days if at <= begin and is_without_a_date(text) else at


def is_without_a_date(text: str) -> bool:
    """Whether a time that can be read is a bare clock, so that its day is taken from elsewhere."""
    if _A_DATE.fullmatch(text):
        return False
    return "day_assumed" in read_instant(text, reference=now()).flags


def position_of(text: str) -> Position:
    """The most plausible position that a text says; a range and bearing is laid off from its place."""
    place = read_position(text, places=place_positions())[0].place
    if not isinstance(place, RangeBearingText):
        return place
    lat, lon = destination(place.origin.lat, place.origin.lon, *components(place.range, place.bearing))
    return Position(lat=float(lat), lon=float(lon))


def now() -> Instant:
    """The clock on the wall, in whole seconds; only the desk may look at it."""
    return float(int(datetime.now(UTC).timestamp()))


def _number(text: str) -> float:
    return float(text.replace(",", "."))
