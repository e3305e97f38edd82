"""The first belief: what a report alone says about where a boat is, what she is and whether she makes way.

Everything that is not known is drawn: the place (and which reading of it), the time within its span, the leeway class,
the side of downwind, the residuals, way or adrift, course, speed and the time until the engine stops, and, where the
report leaves it open, what has become of her (people in the water with lifejackets that work or without).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.coastwise import course_along
from cordiale.belief.life_cycle import phases_told
from cordiale.belief.offing import put_off_the_beach
from cordiale.belief.reading import draw_place
from cordiale.belief.report import Area, Fix, Kind, Place, RangeBearing, Reading, Report, State
from cordiale.boats.life import ADRIFT, BEACHED, COASTING, UNDER_WAY, without
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion, course_steered, speed_through_water, time_until_failure
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import BoolArray, FloatArray, Instant, IntArray, Probability
from cordiale.sea.environment import Shore, Vector
from cordiale.sea.tide import TideAtlas, tidal_level

# Judgement: how likely a boat makes way when the report does not say, by what kind of report it is.
UNDER_WAY_BY_KIND: Final[dict[Kind, Probability]] = {
    "departure": 1.0,
    "sighting": 0.8,
    "radar_plot": 0.8,
    "ais_plot": 0.8,
    "distress_call": 0.5,
    "position_pin": 0.5,
    "missed_call": 0.5,
    "relay": 0.5,
    "recovery": 0.0,
    "landing": 0.0,
    "return": 0.0,
    "find": 0.0,
}
# Judgement: the same by the state that was reported; a boat that takes water may still have her engine.
UNDER_WAY_BY_STATE: Final[dict[State, Probability]] = {
    "under_way": 1.0,
    "refusing_help": 0.9,
    "taking_water": 0.3,
    "adrift": 0.0,
    "swamped": 0.0,
    "in_the_water": 0.0,
    "beached": 0.0,
}
_SHORE_TRIES: Final = 50


def first_belief(
    source: Report | Place | Sequence[Reading],
    *,
    stream: Stream,
    search_for: SearchObject | None = None,
    count: int = 5000,
    at: Instant | Span | None = None,
    under_way: Probability | None = None,
    propulsion: Propulsion = SMALL_BOAT,
    coast: Shore | None = None,
    tide: TideAtlas | None = None,
    name: str | None = None,
    first_id: int = 0,
) -> Belief:
    """The belief that one report, or one stated place, starts.

    Parameters
    ----------
    source : Report, Place or exclusive readings
        A report without a position raises: it cannot start a cloud. Bare places need `at` (an instant or a span).
    stream : Stream
        Chance of this boat. The same stream, report and count give the same cloud on every machine.
    search_for : SearchObject, optional
        What drifts; the small overloaded inflatable unless given.
    count : int
        Number of particles, with ids from `first_id`.
    under_way : Probability, optional
        That she makes way; else from engine, state and kind of the report (`UNDER_WAY_BY_...`), 0 for a bare place.
    coast : Shore, optional
        Places on land are drawn again (a boat reports from the sea); those of a departure are put in open water off
        the nearest shore, and those of a beached boat stay.
    tide : TideAtlas, optional
        Gives the level of the sea at which a beached boat came to lie, so that a higher tide may float her.

    Returns
    -------
    Belief at the earliest instant of the span; particles whose own time is later wait for it.
    """
    if count < 1:
        raise CordialeError("belief.count", count=count)
    where, span, share, on_land = _facts(source, at, under_way)
    what = _known_engine(search_for or search_object("inflatable"), source)
    ids = np.arange(first_id, first_id + count, dtype=np.int64)
    chance = stream.child("first belief")
    lat, lon = draw_place(where, chance.child("where 0"), ids)
    if coast is not None and not on_land:
        lat, lon = _at_sea(where, coast, chance, ids, lat, lon)
    elif coast is not None and isinstance(source, Report) and source.boat.state != "beached":
        lat, lon = put_off_the_beach(coast, lat, lon)
    start = span.earliest + span.length * chance.child("time").uniforms(ids, 0)[:, 0]
    boat = chance.child("boat").uniforms(ids, 0)
    residuals = chance.child("leeway residuals").normals(ids, 0)
    share = share if under_way is not None or what.has(UNDER_WAY) else 0.0
    way = _way(source, what, chance, ids, (lat, lon), share, propulsion)
    beached = isinstance(source, Report) and source.boat.state == "beached"
    return Belief(
        at=span.earliest,
        name=name or str(what),
        search_object=what,
        stream=stream,
        ids=ids,
        lat=lat,
        lon=lon,
        weight=np.full(count, 1 / count),
        leeway_class=what.draw_class(boat[:, 0], way.phase),
        side=np.where(boat[:, 1] < 0.5, 1, -1).astype(np.int64),
        downwind_residual=residuals[:, 0],
        crosswind_residual=residuals[:, 1],
        start=start,
        way_course=way.course,
        way_speed=way.speed,
        engine_stops=start + way.lasts,
        stranded=(way.phase == BEACHED) | beached,
        lies_at=_level(tide if beached else None, start, lat, lon),
        world=ids,
        phase=way.phase,
        phase_ends=np.full(count, np.inf),
        current_error=chance.child("current error").normals(ids, 0),
        wind_error=chance.child("wind error").normals(ids, 0),
        residual_error=chance.child("residual error").normals(ids, 0),
    )


def reported_under_way(report: Report) -> Probability:
    """How likely the boat of a report makes way: by her engine, else her state, else the kind of report (judged)."""
    if report.boat.engine is not None:
        return 1.0 if report.boat.engine == "running" else 0.0
    if report.boat.state is not None:
        return UNDER_WAY_BY_STATE[report.boat.state]
    return UNDER_WAY_BY_KIND.get(report.kind, 0.5)


def _level(tide: TideAtlas | None, at: FloatArray, lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Metres above mean sea level at each particle's own instant; NaN without a tide."""
    return np.full(lat.shape, np.nan) if tide is None else tidal_level(tide, at, lat, lon)


def _known_engine(what: SearchObject, source: Report | Place | Sequence[Reading]) -> SearchObject:
    """The search object; where a report says that she has no engine, none is started again."""
    if not isinstance(source, Report) or source.boat.engine != "none" or not what.life.transitions:
        return what
    return replace(what, life=without(what.life, ADRIFT, UNDER_WAY))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """Phases, speeds (m/s), courses (degrees true) and seconds until the engine stops; arrays (n,)."""

    phase: IntArray
    speed: FloatArray
    course: FloatArray
    lasts: FloatArray


def _way(
    source: Report | Place | Sequence[Reading],
    what: SearchObject,
    chance: Stream,
    ids: IntArray,
    places: Vector,
    share: Probability,
    propulsion: Propulsion,
) -> _Way:
    """What she is: as the report says, else under way where she makes way, else the object's first phase.

    A taxi boat with a leg that is seen to depart runs along the coast first.
    """
    making_way = chance.child("under way").uniforms(ids, 0)
    heading = chance.child("heading").normals(ids, 0)
    engine = chance.child("engine").uniforms(ids, 0)
    speed = np.where(making_way[:, 0] < share, speed_through_water(propulsion, heading[:, 1]), 0.0)
    leaves = isinstance(source, Report) and source.kind == "departure" and bool(what.life.leg)
    phase = np.where(speed > 0, COASTING if leaves else UNDER_WAY, what.first_phase).astype(np.int64)
    if isinstance(source, Report) and source.boat.state is not None:
        phase = phases_told(what, source.boat.state, phase, engine[:, 1])
    speed = np.where((phase == UNDER_WAY) | (phase == COASTING), speed, 0.0)
    course = course_steered(propulsion, *places, making_way[:, 1], heading[:, 0])
    if (phase == COASTING).any():
        course = np.where(phase == COASTING, course_along(what.life.leg, *places, speed * KNOT), course)
    return _Way(phase, speed, course, time_until_failure(propulsion, engine[:, 0]))


def _facts(
    source: Report | Place | Sequence[Reading], at: Instant | Span | None, under_way: Probability | None
) -> tuple[tuple[Reading, ...], Span, Probability, bool]:
    """Readings, span, probability of way, and whether the places may lie on land."""
    if isinstance(source, Report):
        if not source.where:
            raise CordialeError("belief.no_position", report=source.name)
        share = reported_under_way(source) if under_way is None else under_way
        on_land = source.kind == "departure" or source.boat.state == "beached"
        return source.where, source.event, share, on_land
    if at is None:
        raise CordialeError("belief.no_time", place=str(source))
    span = at if isinstance(at, Span) else Span(earliest=at, latest=at)
    where = (Reading(place=source),) if isinstance(source, Fix | Area | RangeBearing) else tuple(source)
    return where, span, under_way or 0.0, False


def _at_sea(
    where: Sequence[Reading], coast: Shore, chance: Stream, ids: IntArray, lat: FloatArray, lon: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The places, those on land drawn again; a place that is all land stays as it was reported."""
    lat, lon = lat.copy(), lon.copy()
    ashore: BoolArray = coast.distance(lat, lon) <= 0
    for attempt in range(1, _SHORE_TRIES):
        again = np.flatnonzero(ashore)
        if again.size == 0:
            break
        lat[again], lon[again] = draw_place(where, chance.child(f"where {attempt}"), ids[again])
        ashore[again] = coast.distance(lat[again], lon[again]) <= 0
    return lat, lon
