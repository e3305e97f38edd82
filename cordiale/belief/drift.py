"""The sea moves a belief: current, leeway, way through the water, their errors, and the coast that ends it.

Second order in time (midpoint rule). The errors of current and wind are Ornstein-Uhlenbeck processes, exact at the
round half hours and straight in between, drawn from counters of (particle, half hour): so the spread does not depend
on the time step, any subset of the particles gets the same paths, and drifting in two goes equals drifting in one
when the break falls on a step. How and why: docs/drift.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.offing import kept_off
from cordiale.boats.leeway import JIBES, Coefficients, coefficients, leeway
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import components, metres_per_degree
from cordiale.earth.instants import iso
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray, Seconds, minutes
from cordiale.sea.environment import Environment, ErrorScale, Shore, Vector, require_covered
from cordiale.sea.tide import window_around

_FLIP: Final = (1 - math.exp(-2 * JIBES * KNOT)) / 2  # odd number of jibes in a half hour
_AHEAD: Final[Seconds] = 1e-6  # an instant this close to a step boundary is on it


@dataclass(frozen=True, slots=True, eq=False)
class _HalfHour:
    """What holds from one round half hour to the next: errors at both ends (standard normal), leeway lines, way."""

    begins: Instant
    current_error: tuple[FloatArray, FloatArray]
    wind_error: tuple[FloatArray, FloatArray]
    residual_error: tuple[FloatArray, FloatArray]
    side: IntArray
    lines: Coefficients
    way: Vector


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One step: the seconds each particle drifts in it, and its way through the water (m/s)."""

    lasts: FloatArray
    way: Vector


def drift(
    belief: Belief,
    environment: Environment,
    *,
    until: Instant,
    step: Seconds = 10 * minutes,
    progress: Callable[[Fraction], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Belief:
    """The belief moved by the sea until an instant.

    Parameters
    ----------
    until : Instant
        Not before `belief.at`; the same instant returns the belief as it is.
    step : Seconds
        Steps begin at round multiples of it since 1970, and at the round half hours; so none is longer than 30 min.
    progress : function of a fraction, optional
        Called after each step with the part done.
    cancel : function, optional
        Asked after each step; when true the belief as moved so far is returned, and its `at` says how far.

    Returns
    -------
    Belief at `until`. A particle adrift whose path meets land lies there, stranded, for good; one
    under way is kept off. Where not one particle lies in
    the tidal atlas it raises OutsideTide; single ones beyond its edge move with the stream at the edge.
    """
    if not (math.isfinite(until) and until >= belief.at):
        raise CordialeError(
            "belief.drift_backwards", at=iso(belief.at), until=iso(until) if math.isfinite(until) else until
        )
    if not (math.isfinite(step) and step >= 1):
        raise CordialeError("belief.step", step=step)
    require_covered(environment, belief.lat, belief.lon)
    moments = step_instants(belief.at, until, step)
    half_hour: _HalfHour | None = None
    room: FloatArray | None = None
    for number, end in enumerate(moments[1:], start=1):
        if half_hour is None:
            half_hour = _half_hour(belief, environment)
        belief, room = _moved(belief, environment, half_hour, end, room)
        if end >= half_hour.begins + KNOT - _AHEAD:
            belief, half_hour = _turned(belief, half_hour), None
        if progress is not None:
            progress(number / (len(moments) - 1))
        if cancel is not None and cancel():
            break
    return belief


def step_instants(begin: Instant, until: Instant, step: Seconds) -> tuple[Instant, ...]:
    """The ends of the steps: `begin`, every round multiple of `step` and of the half hour in between, `until`."""
    inner: set[float] = set()
    for every in (step, KNOT):
        first = math.floor(begin / every) + 1
        inner.update(k * every for k in range(first, math.ceil(until / every)))
    return (
        begin,
        *sorted(t for t in inner if begin + _AHEAD < t < until - _AHEAD),
        *((until,) if until > begin else ()),
    )


def _half_hour(belief: Belief, environment: Environment) -> _HalfHour:
    """Errors at both ends of the half hour in which the belief stands, the leeway lines that hold in it, and way."""
    knot = math.floor((belief.at + _AHEAD) / KNOT)

    def ends(now: FloatArray, scale: ErrorScale, name: str) -> tuple[FloatArray, FloatArray]:
        return now, _next_error(now, scale, belief.stream.child(f"drift {name}"), belief.ids, knot + 1)

    return _HalfHour(
        begins=knot * KNOT,
        current_error=ends(belief.current_error, environment.current_error, "current"),
        wind_error=ends(belief.wind_error, environment.wind_error, "wind"),
        residual_error=ends(belief.residual_error, environment.residual_error, "residual"),
        side=belief.side,
        lines=coefficients(belief.search_object.classes, belief.leeway_class, belief.side),
        way=components(belief.way_speed, belief.way_course),
    )


def _next_error(now: FloatArray, scale: ErrorScale, stream: Stream, ids: IntArray, knot: int) -> FloatArray:
    """State of an error at the next knot: x' = a R x + sqrt(1 - a2) n, a = exp(-KNOT / time scale), R turns by KNOT.

    Exact for any length of a knot. An error of standard deviation 0 draws nothing and keeps its state.
    """
    if scale.std == 0:
        return now
    kept = math.exp(-KNOT / scale.time_scale)
    turn = 0.0 if scale.period is None else 2 * math.pi * KNOT / scale.period
    cosine, sine = kept * math.cos(turn), kept * math.sin(turn)
    turned = np.stack([cosine * now[:, 0] - sine * now[:, 1], sine * now[:, 0] + cosine * now[:, 1]], axis=1)
    return np.asarray(turned + math.sqrt(1 - kept * kept) * stream.normals(ids, knot))


def _turned(belief: Belief, past: _HalfHour) -> Belief:
    """The belief at a round half hour: the errors' new state, and the jibes of the past half hour."""
    knot = round(belief.at / KNOT)
    jibes = belief.stream.child("drift jibe").uniforms(belief.ids, knot)[:, 0] < _FLIP
    return replace(
        belief,
        side=np.where(jibes, -belief.side, belief.side),
        current_error=past.current_error[1],
        wind_error=past.wind_error[1],
        residual_error=past.residual_error[1],
    )


def _moved(
    belief: Belief, environment: Environment, half_hour: _HalfHour, end: Instant, room: FloatArray | None
) -> tuple[Belief, FloatArray | None]:
    """The belief after one midpoint step, and the metres of open water that each particle has at least."""
    begin = belief.at
    own_begin = np.maximum(begin, belief.start)
    lasts = np.where(belief.stranded, 0.0, np.maximum(end - own_begin, 0.0))
    powered = np.clip((belief.engine_stops - own_begin) / np.maximum(lasts, 1.0), 0.0, 1.0)
    step = _Step(lasts, (half_hour.way[0] * powered, half_hour.way[1] * powered))
    window = window_around(belief.lat, belief.lon)
    middle = (begin + end) / 2
    metric = metres_per_degree(belief.lat)
    start = (belief.lat, belief.lon)
    carried = _leeway_and_errors(belief, environment, half_hour, middle, start)
    first = _sum(environment.current.flow(begin, window)(*start), carried)
    half_way = _displaced(belief, first, step, 0.5, metric)
    if not environment.wind.everywhere:
        carried = _leeway_and_errors(belief, environment, half_hour, middle, half_way)
    second = _sum(environment.current.flow(middle, window)(*half_way), carried)
    lat, lon = _displaced(belief, second, step, 1.0, metres_per_degree(half_way[0]))
    moved = replace(belief, at=end, lat=lat, lon=lon)
    if environment.coast is None:
        return moved, None
    length = np.hypot((lat - belief.lat) * metric[0], (lon - belief.lon) * metric[1])
    return _stopped_by_land(belief, moved, environment.coast, length, room)


def _leeway_and_errors(
    belief: Belief, environment: Environment, half_hour: _HalfHour, at: Instant, places: Vector
) -> Vector:
    """What comes to the current (m/s) at (lat, lon): its errors, and the leeway in the wind and its error.

    Taken at the middle of the step for both halves: the first half need only be right to first order.
    """
    part = (at - half_hour.begins) / KNOT
    wind_east, wind_north = environment.wind.velocity(at, *places)
    error = environment.current_error.std * _between(half_hour.current_error, part)
    error += environment.residual_error.std * _between(half_hour.residual_error, part)
    wind_error = environment.wind_error.std * _between(half_hour.wind_error, part)
    drifted = leeway(
        half_hour.lines,
        half_hour.side,
        belief.downwind_residual,
        belief.crosswind_residual,
        wind_east + wind_error[:, 0],
        wind_north + wind_error[:, 1],
    )
    return _sum(drifted, (error[:, 0], error[:, 1]))


def _sum(one: Vector, other: Vector) -> Vector:
    return one[0] + other[0], one[1] + other[1]


def _between(ends: tuple[FloatArray, FloatArray], part: Fraction) -> FloatArray:
    return (1 - part) * ends[0] + part * ends[1]


def _displaced(belief: Belief, velocity: Vector, step: _Step, part: Fraction, metric: Vector) -> Vector:
    """(lat, lon) after part of a step at a velocity (m/s) plus the step's way; `metric` in m per degree north, east."""
    seconds = part * step.lasts
    return (
        belief.lat + (velocity[1] + step.way[1]) * seconds / metric[0],
        belief.lon + (velocity[0] + step.way[0]) * seconds / metric[1],
    )


def _stopped_by_land(
    before: Belief, after: Belief, coast: Shore, length: FloatArray, room: FloatArray | None
) -> tuple[Belief, FloatArray]:
    """The path of the step is tested, not only its end; where it meets land a particle adrift lies from now on.

    Who makes way does not strand: for that step she goes along the shore, or waits (`belief.offing`).
    `room` is a lower bound of the distance to land before the step: it is looked up only for who may reach the shore.
    """
    room = np.full(len(before), -np.inf) if room is None else room.copy()
    unsure = np.flatnonzero((room <= length) & ~before.stranded)
    if unsure.size:
        room[unsure] = coast.distance(before.lat[unsure], before.lon[unsure])
        at_risk = unsure[room[unsure] <= length[unsure]]
        after, room = _at_the_shore(before, after, coast, at_risk, room)
    return after, np.where(np.isnan(room), -np.inf, room - length)


def _at_the_shore(
    before: Belief, after: Belief, coast: Shore, at_risk: IntArray, room: FloatArray
) -> tuple[Belief, FloatArray]:
    """Those of `at_risk` whose path meets land: stranded where it does, or kept off while the engine runs."""
    start_lat, start_lon = before.lat[at_risk], before.lon[at_risk]
    part = coast.landfall(start_lat, start_lon, after.lat[at_risk], after.lon[at_risk])
    part = np.where(room[at_risk] <= 0, 0.0, part)
    sails = (before.way_speed[at_risk] > 0) & (before.engine_stops[at_risk] > after.at)
    lat, lon, stranded = after.lat.copy(), after.lon.copy(), after.stranded.copy()
    lies = np.isfinite(part) & ~sails
    aground = at_risk[lies]
    lat[aground] = start_lat[lies] + part[lies] * (lat[aground] - start_lat[lies])
    lon[aground] = start_lon[lies] + part[lies] * (lon[aground] - start_lon[lies])
    stranded[aground] = True
    turned = at_risk[np.isfinite(part) & sails]
    if turned.size:
        lat[turned], lon[turned] = kept_off(
            coast, (before.lat[turned], before.lon[turned]), (lat[turned], lon[turned]), room[turned]
        )
        room[turned] = -np.inf  # she went another way than the step's
    return replace(after, lat=lat, lon=lon, stranded=stranded), room
