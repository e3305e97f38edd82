"""Positions in every form people send: coordinates, map links, range and bearing from a place, the name of a place.

`read_position` keeps every reading that the text allows, as exclusive alternatives. Nothing is corrected silently:
a pair written longitude first raises `SwappedPosition`, which carries the likely position for whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cordiale.earth.bearings import RangeBearingText, place_key, read_place, read_range_and_bearing
from cordiale.earth.coordinates import Coordinates, SwappedPosition, in_home_waters, plain, read_coordinates
from cordiale.earth.errors import InvalidPosition
from cordiale.earth.map_links import read_map_link
from cordiale.earth.pattern import Pattern
from cordiale.earth.position import Position
from cordiale.earth.units import Metres, Probability, km

__all__ = ["ChartReading", "RangeBearingText", "SwappedPosition", "place_key", "read_position"]

PLACE_ONLY_WITHIN: Metres = 5 * km  # "off Sangatte": judgement
LONGEST_MESSAGE = 4000  # characters of a message in which a position is looked for
_INSIDE_A_MESSAGE = tuple(
    Pattern(pattern)
    for pattern in (
        r"(?<![\w.,])[0-9]{2}[^A-Za-z]{0,18}?[NS][^A-Za-z]{0,4}?[0-9]{1,3}[^A-Za-z]{0,18}?[EWO](?![A-Za-z])",
        r"(?<![A-Za-z])[NS] ?[0-9]{2}[^A-Za-z]{0,18}?[EWO] ?[0-9]{1,3}[0-9°'\"., -]{0,16}(?<![., -])",
        r"(?<![\w.,+-])[+-]?[0-9]{1,2}\.[0-9]{3,} ?[,; ] ?[+-]?[0-9]{1,3}\.[0-9]{3,}(?![\w.])",
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartReading:
    """One way to read a position; readings of one text exclude each other.

    Parameters
    ----------
    place : Position or RangeBearingText
        What the text says.
    resolution : Metres
        One unit of the last digit: no position is better than it was written.
    form : str
        `decimal`, `degrees_minutes`, `degrees_minutes_seconds`, `map_link`, `range_bearing`, `place`, ...
    probability : Probability
        Judged; the readings of one text sum to 1.
    flags : tuple of str
        `side_assumed`, `far_away`, `map_centre`, `found_in_text`, `place_only`.
    """

    place: Position | RangeBearingText
    resolution: Metres
    form: str
    probability: Probability = 1.0
    flags: tuple[str, ...] = ()


def read_position(text: str, *, places: Mapping[str, Position] | None = None) -> tuple[ChartReading, ...]:
    """Every way to read a position, most plausible first, probabilities summing to 1; usually one.

    `places` maps names to positions; accents, case, hyphens and articles do not matter. Raises `InvalidPosition` with
    the problem and a hint, `SwappedPosition` for a pair written longitude first.

    >>> [str(r.place) for r in read_position("51.1417, 1.7417")]
    ["51°08.5'N 001°44.5'E"]
    >>> gris_nez = {"Cap Gris-Nez": Position.parse("50 52.2N 001 35.0E")}
    >>> [r.place.bearing for r in read_position("3 nautiques dans le 045 de Gris Nez", places=gris_nez)]
    [45.0]
    """
    link = read_map_link(text)
    if link is not None:
        return (_of_coordinates(link),)
    try:
        return tuple(_of_coordinates(reading) for reading in read_coordinates(text))
    except InvalidPosition as error:
        if error.key != "earth.position":
            raise
        found = _of_place(text, places or {}) or _inside_a_message(text)
        if not found:
            raise
        return found


def _of_coordinates(reading: Coordinates, *more: str) -> ChartReading:
    away = () if in_home_waters(reading.lat, reading.lon) or "far_away" in reading.flags else ("far_away",)
    return ChartReading(
        place=Position(lat=reading.lat, lon=reading.lon),
        resolution=reading.resolution,
        form=reading.form,
        probability=reading.probability,
        flags=(*reading.flags, *away, *more),
    )


def _of_place(text: str, places: Mapping[str, Position]) -> tuple[ChartReading, ...]:
    """Range and bearing from a known place, or a known place alone; empty when the text has neither shape."""
    away = read_range_and_bearing(text, places)
    if away:
        return (ChartReading(place=away, resolution=0.1 * away.range, form="range_bearing"),)
    position = read_place(text, places)
    if position:
        return (ChartReading(place=position, resolution=PLACE_ONLY_WITHIN, form="place", flags=("place_only",)),)
    return ()


def _inside_a_message(text: str) -> tuple[ChartReading, ...]:
    """One pair of coordinates inside a longer message, if there is exactly one and it lies in home waters."""
    found: dict[str, tuple[Coordinates, ...]] = {}
    line = plain(text[:LONGEST_MESSAGE])
    for pattern in _INSIDE_A_MESSAGE:
        for match in pattern.finditer(line):
            try:
                readings = read_coordinates(match.group())
            except InvalidPosition:
                continue
            if in_home_waters(readings[0].lat, readings[0].lon):
                found[f"{readings[0].lat:.4f} {readings[0].lon:.4f}"] = readings
    if len(found) != 1:
        return ()
    return tuple(_of_coordinates(reading, "found_in_text") for reading in next(iter(found.values())))
