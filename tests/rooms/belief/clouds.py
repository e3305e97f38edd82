"""Clouds and reports for the tests of this room."""

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.report import Description, Fix, Place, Reading, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Metres

NIGHT = utc("2021-11-24 02:00")
MID_STRAIT = Position(lat=51.0, lon=1.5)


def cloud(
    *,
    within: Metres = 1 * NM,
    position: Position = MID_STRAIT,
    count: int = 2000,
    seed: int = 1,
    at: float | Span = NIGHT,
    what: str = "drifter",
    under_way: float = 0.0,
) -> Belief:
    """A cloud around a fix; a drifter unless said otherwise."""
    return first_belief(
        Fix(position=position, within=within),
        at=at,
        stream=Stream.of_seed(seed).child("test"),
        count=count,
        search_for=search_object(what),
        under_way=under_way,
    )


def report(
    *places: Place, name: str = "r-1", at: float = NIGHT, until: float | None = None, kind="position_pin", **boat
) -> Report:
    """A report of one place, or of several equally likely readings."""
    return Report(
        name=name,
        kind=kind,
        received=NIGHT + 60,
        event=Span(earliest=at, latest=until or at),
        channel="phone",
        centre="test",
        where=tuple(Reading(place=place, probability=1 / len(places)) for place in places),
        boat=Description(**boat),
    )


def fix(lat: float, lon: float, within: Metres = 100.0) -> Fix:
    """A fix with its 95 % radius."""
    return Fix(position=Position(lat=lat, lon=lon), within=within)


def spread(belief: Belief) -> tuple[float, float]:
    """Standard deviation of the cloud east and north in metres."""
    east = (belief.lon - belief.weight @ belief.lon) * 111_320 * np.cos(np.radians(belief.lat.mean()))
    north = (belief.lat - belief.weight @ belief.lat) * 111_250
    return float(np.sqrt(belief.weight @ east**2)), float(np.sqrt(belief.weight @ north**2))
