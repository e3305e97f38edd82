"""The drift as the equations read, in NumPy: for seas that are given as formulas, and to test the compiled kernel."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.ashore import floated_off, level_aground
from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.half_hour import (
    has_leeway,
    jibed,
    knot_of,
    moves,
    next_error,
    window_of_half_hour,
)
from cordiale.belief.offing import kept_off
from cordiale.belief.shared_errors import innovation
from cordiale.boats.leeway import Coefficients, coefficients, leeway
from cordiale.boats.life import POWERED
from cordiale.earth.geodesy import components, metres_per_degree
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray
from cordiale.sea.environment import Environment, ErrorScale, Flow, Shore, Vector
from cordiale.sea.tide import Window

# For each stage of a step: the part of the step at which the current and the rest are taken, how far the next stage
# looks ahead, and the weight of the stage.
STAGES: Final = {
    "euler": ((0.0, 0.5, 0.0, 1.0),),
    "midpoint": ((0.0, 0.5, 0.5, 0.0), (0.5, 0.5, 0.0, 1.0)),
    "runge_kutta": (
        (0.0, 0.0, 0.5, 1 / 6),
        (0.5, 0.5, 0.5, 1 / 3),
        (0.5, 0.5, 1.0, 1 / 3),
        (1.0, 1.0, 0.0, 1 / 6),
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class _HalfHour:
    """What holds from one round half hour to the next: errors at both ends (standard normal), leeway lines, way."""

    begins: Instant
    window: Window
    current_error: tuple[FloatArray, FloatArray]
    wind_error: tuple[FloatArray, FloatArray]
    residual_error: tuple[FloatArray, FloatArray]
    lines: Coefficients
    leeway: FloatArray  # 1, or 0 for particles without leeway
    way: Vector


class TwinPassage:
    """A belief on its way, step by step."""

    def __init__(self, belief: Belief, environment: Environment, scheme: str) -> None:
        self._belief = belief
        self._environment = environment
        self._stages = STAGES[scheme]
        self._half_hour: _HalfHour | None = None
        self._room: FloatArray | None = None

    def belief(self) -> Belief:
        """The belief as moved so far."""
        return self._belief

    def replaced(self, belief: Belief) -> None:
        """Go on with another belief of the same particles."""
        self._belief, self._half_hour, self._room = belief, None, None

    def mortal(self) -> bool:
        """True where a half hour may change what has become of a particle."""
        return bool(self._belief.search_object.life.transitions) or bool(np.isin(self._belief.phase, POWERED).any())

    def steps(self, ends: tuple[Instant, ...]) -> int:
        """Steps to rising instants in the same half hour; how many were gone."""
        for end in ends:
            self._step(end)
        return len(ends)

    def _step(self, end: Instant) -> None:
        if self._half_hour is None:
            self._half_hour = _half_hour(self._belief, self._environment)
        before, environment, past = self._belief, self._environment, self._half_hour
        after, length = _moved(before, environment, past, end, self._stages)
        if environment.coast is not None:
            after, self._room = _stopped_by_land(before, after, environment, length, self._room)
        self._belief = after

    def turn(self) -> None:
        """At a round half hour: the errors' new state, jibes, and the tide that lifts who lies aground."""
        past = self._half_hour
        if past is None:
            return
        before = self._belief
        belief = replace(
            before,
            side=jibed(before.side, before.stream, before.ids, round(before.at / KNOT)),
            current_error=past.current_error[1],
            wind_error=past.wind_error[1],
            residual_error=past.residual_error[1],
        )
        aground = np.flatnonzero(moves(replace(belief, stranded=~belief.stranded)))
        which, lat, lon = floated_off(
            self._environment,
            belief.at,
            belief.stream,
            belief.ids[aground],
            belief.lies_at[aground],
            (belief.lat[aground], belief.lon[aground]),
        )
        if which.size:
            belief = _afloat(belief, aground[which], lat, lon)
            self._room = None
        self._belief, self._half_hour = belief, None


def _afloat(belief: Belief, which: IntArray, lat: FloatArray, lon: FloatArray) -> Belief:
    new_lat, new_lon, stranded = belief.lat.copy(), belief.lon.copy(), belief.stranded.copy()
    lies_at = belief.lies_at.copy()
    new_lat[which], new_lon[which], stranded[which], lies_at[which] = lat, lon, False, np.nan
    return replace(belief, lat=new_lat, lon=new_lon, stranded=stranded, lies_at=lies_at)


def _half_hour(belief: Belief, environment: Environment) -> _HalfHour:
    """Errors at both ends of the half hour in which the belief stands, the leeway lines that hold in it, and way."""
    knot = knot_of(belief.at)

    def ends(now: FloatArray, scale: ErrorScale, name: str) -> tuple[FloatArray, FloatArray]:
        if scale.std == 0:
            return now, now
        return now, next_error(now, scale, innovation(belief, scale, name, knot + 1))

    return _HalfHour(
        begins=knot * KNOT,
        window=window_of_half_hour(belief),
        current_error=ends(belief.current_error, environment.current_error, "current"),
        wind_error=ends(belief.wind_error, environment.wind_error, "wind"),
        residual_error=ends(belief.residual_error, environment.residual_error, "residual"),
        lines=coefficients(belief.search_object.classes, belief.leeway_class, belief.side),
        leeway=has_leeway(belief).astype(np.float64),
        way=components(belief.way_speed, belief.way_course),
    )


def _moved(
    belief: Belief,
    environment: Environment,
    half_hour: _HalfHour,
    end: Instant,
    stages: tuple[tuple[float, float, float, float], ...],
) -> tuple[Belief, FloatArray]:
    """The belief after one step over open sea, and the metres each particle has gone."""
    begin = belief.at
    own_begin = np.maximum(begin, belief.start)
    lasts = np.where(moves(belief), np.maximum(end - own_begin, 0.0), 0.0)
    powered = np.clip((belief.engine_stops - own_begin) / np.maximum(lasts, 1.0), 0.0, 1.0)
    way = half_hour.way[0] * powered, half_hour.way[1] * powered
    lat, lon = belief.lat, belief.lon
    total = (np.zeros(len(belief)), np.zeros(len(belief)))
    flows: dict[float, Flow] = {}
    for current_at, rest_at, ahead, weight in stages:
        instant = begin + current_at * (end - begin)
        if current_at not in flows:
            flows[current_at] = environment.current.flow(instant, half_hour.window)
        rest = _carried(belief, environment, half_hour, begin + rest_at * (end - begin), (lat, lon))
        east, north = _sum(_sum(flows[current_at](lat, lon), rest), way)
        per_lat, per_lon = metres_per_degree(lat)
        total = total[0] + weight * north / per_lat, total[1] + weight * east / per_lon
        lat = belief.lat + ahead * lasts * north / per_lat
        lon = belief.lon + ahead * lasts * east / per_lon
    lat, lon = belief.lat + total[0] * lasts, belief.lon + total[1] * lasts
    per_lat, per_lon = metres_per_degree(belief.lat)
    length = np.hypot((lat - belief.lat) * per_lat, (lon - belief.lon) * per_lon)
    return replace(belief, at=end, lat=lat, lon=lon), length


def _carried(belief: Belief, environment: Environment, half_hour: _HalfHour, at: Instant, places: Vector) -> Vector:
    """What comes to the current (m/s) at (lat, lon): its errors, leeway in wind and its error, what wind drives."""
    part = (at - half_hour.begins) / KNOT
    if environment.wind.everywhere:
        wind_east, wind_north = environment.wind.velocity(at, *places)
    else:
        wind_east, wind_north = environment.wind.flow(at, half_hour.window)(*places)
    error = environment.current_error.std * _between(half_hour.current_error, part)
    error += environment.residual_error.std * _between(half_hour.residual_error, part)
    wind_error = environment.wind_error.std * _between(half_hour.wind_error, part)
    wind_east, wind_north = wind_east + wind_error[:, 0], wind_north + wind_error[:, 1]
    east, north = leeway(
        half_hour.lines,
        belief.side,
        belief.downwind_residual,
        belief.crosswind_residual,
        wind_east,
        wind_north,
    )
    straight, aside = environment.driven_by_wind
    return (
        east * half_hour.leeway + straight * wind_east + aside * wind_north + error[:, 0],
        north * half_hour.leeway + straight * wind_north - aside * wind_east + error[:, 1],
    )


def _sum(one: Vector, other: Vector) -> Vector:
    return one[0] + other[0], one[1] + other[1]


def _between(ends: tuple[FloatArray, FloatArray], part: Fraction) -> FloatArray:
    return (1 - part) * ends[0] + part * ends[1]


def _stopped_by_land(
    before: Belief, after: Belief, environment: Environment, length: FloatArray, room: FloatArray | None
) -> tuple[Belief, FloatArray]:
    """The path of the step is tested, not only its end; where it meets land a particle adrift lies from now on.

    Who makes way does not strand: for that step she goes along the shore, or waits (`belief.offing`).
    `room` is a lower bound of the distance to land before the step: it is looked up only for who may reach the shore.
    """
    coast = environment.coast
    assert coast is not None
    room = np.full(len(before), -np.inf) if room is None else room.copy()
    unsure = np.flatnonzero((room <= length) & moves(before))
    if unsure.size:
        room[unsure] = coast.distance(before.lat[unsure], before.lon[unsure])
        at_risk = unsure[room[unsure] <= length[unsure]]
        part = coast.landfall(before.lat[at_risk], before.lon[at_risk], after.lat[at_risk], after.lon[at_risk])
        part = np.where(room[at_risk] <= 0, 0.0, part)
        met = np.isfinite(part)
        after, room = at_the_shore(before, after, environment, at_risk[met], part[met], room)
    return after, np.where(np.isnan(room), -np.inf, room - length)


def at_the_shore(
    before: Belief,
    after: Belief,
    environment: Environment,
    met: IntArray,
    part: FloatArray,
    room: FloatArray,
) -> tuple[Belief, FloatArray]:
    """Those whose path meets land after part of the step: stranded there, or kept off while the engine runs."""
    coast: Shore | None = environment.coast
    assert coast is not None
    start_lat, start_lon = before.lat[met], before.lon[met]
    sails = (before.way_speed[met] > 0) & (before.engine_stops[met] > after.at)
    lat, lon, stranded, lies_at = after.lat.copy(), after.lon.copy(), after.stranded.copy(), after.lies_at.copy()
    lies = ~sails
    aground = met[lies]
    lat[aground] = start_lat[lies] + part[lies] * (lat[aground] - start_lat[lies])
    lon[aground] = start_lon[lies] + part[lies] * (lon[aground] - start_lon[lies])
    stranded[aground] = True
    lies_at[aground] = level_aground(environment.tide, (before.at, after.at), part[lies], lat[aground], lon[aground])
    turned = met[sails]
    if turned.size:
        lat[turned], lon[turned] = kept_off(
            coast, (before.lat[turned], before.lon[turned]), (lat[turned], lon[turned]), room[turned]
        )
        room[turned] = -np.inf  # she went another way than the step's
    return replace(after, lat=lat, lon=lon, stranded=stranded, lies_at=lies_at), room
