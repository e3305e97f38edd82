"""A small forecast for the tests of this room: half a day on the packaged strait off Calais, an hour at a time."""

from functools import cache

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.region import Region
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.earth.chance import Stream
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, knots
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind
from cordiale.views.drift_forecast import DriftForecast, Moment, moment_of

START = Position(lat=51.0, lon=1.85)
BEGIN = utc("2021-11-24 02:00")
COUNT = 800
HOURS = 6


@cache
def sea() -> Environment:
    """The strait with a wind that sets onto the French coast."""
    return the_strait(ConstantWind.blowing(18 * knots, from_direction=330.0))


@cache
def hourly() -> tuple[tuple[Belief, tuple[Region, ...], Moment], ...]:
    """Belief, regions and moment of every hour."""
    belief = first_belief(
        Fix(position=START, within=300.0), at=BEGIN, stream=Stream.of_seed(1).child("small drift"), count=COUNT
    )
    found, before = [], None
    for hour in range(1, HOURS + 1):
        belief = drift(belief, sea(), until=BEGIN + hour * hours)
        before, regions = moment_of(belief, sea(), START, BEGIN, before)
        found.append((belief, regions, before))
    return tuple(found)


@cache
def forecast() -> DriftForecast:
    """The forecast of those hours."""
    return DriftForecast(
        start=START,
        begin=Span(earliest=BEGIN, latest=BEGIN),
        name="inflatable",
        particles=COUNT,
        seed=1,
        environment=sea(),
        moments=tuple(moment for _, _, moment in hourly()),
    )
