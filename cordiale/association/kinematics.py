"""How well one position follows from another: where the sea and an unknown way would have taken a boat in the time
between.

The cloud of `belief` answers this with thousands of particles; to weigh every pair of a night it is done here by
quadrature over the same priors: each position is carried by the current to the moment of the other, and way through
the water is a sum over five courses, five speeds and four moments of engine failure. Errors of current and wind widen
each term. Nothing else of the boat is remembered: speed made good is judged from one position to the next.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.gate import TOP_SPEED, needed_speed
from cordiale.association.message import Message
from cordiale.belief.reading import spot
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion, course_steered, speed_through_water
from cordiale.earth.geodesy import components, displacement, metres_per_degree
from cordiale.earth.instants import Span
from cordiale.earth.units import (
    FloatArray,
    Fraction,
    Instant,
    IntArray,
    Metres,
    MetresPerSecond,
    Probability,
    Seconds,
    km,
    knots,
    minutes,
)
from cordiale.sea.environment import Environment, displacement_variance
from cordiale.sea.tide import Window

STEP: Final[Seconds] = 10 * minutes
NODES: Final = np.array(
    [-1.2816, -0.5244, 0.0, 0.5244, 1.2816]
)  # middles of five equal shares of a standard normal law
SHARES: Final = np.array([0.1, 0.3, 0.5, 0.7, 0.9])  # and of an even one
STOPPED: Final = np.array([1 / 6, 1 / 2, 5 / 6])  # where in the interval an engine that fails in it does so
BETWEEN_NODES: Final[Fraction] = (
    0.25  # width of a node's kernel, of the way made: the gaps between five speeds and courses
)
LEEWAY: Final[Fraction] = (
    0.03  # judgement: a small inflatable makes about 3 % of the wind's speed; only its error matters here
)
UNKNOWN_MOMENT = 3 * knots  # between the instants that stand for an interval the stream and way blur a position
# Judgement: once in fifty a boat is not where any of this says (towed, taken along, misheard); then anywhere within
# reach.
ASTRAY: Final[Probability] = 0.02
AROUND: Final[Metres] = 2 * km
# The stream is cut out whole and not around the positions of one set, so that a pair weighs the same, to the last bit,
# in every set.
EVERYWHERE: Final = Window(south=-90.0, north=90.0, west=-180.0, east=180.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Every reading of every placed message as one point for each instant at which it may be true: shape (p,).

    `message` is its index, `share` its probability, `variance` (m2, each component) of its place at that instant,
    `variance_of_span` the same with the whole span of the event blurred into it.
    """

    message: IntArray
    share: FloatArray
    at: FloatArray
    lat: FloatArray
    lon: FloatArray
    variance: FloatArray
    variance_of_span: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Transitions:
    """Density (1/m2) of the position of message j given that of message i of the same boat, adrift and under way:
    shape (n, n).

    0 where a message has no position, where j comes before i, and where a small boat would need an impossible speed.
    `east`, `north` (m) and `variance` (m2) are what remains of the displacement after the current, by the first
    reading of each; `time` is in s.
    """

    adrift: FloatArray
    under_way: FloatArray
    east: FloatArray
    north: FloatArray
    time: FloatArray
    variance: FloatArray


def transitions(
    messages: Sequence[Message], environment: Environment, propulsion: Propulsion = SMALL_BOAT
) -> Transitions:
    """How well each position follows from each earlier one."""
    count = len(messages)
    points = _points(messages)
    possible = np.zeros((count, count))
    placed = [i for i, m in enumerate(messages) if m.placed]
    for i in placed:
        for j in placed:
            possible[i, j] = i < j and needed_speed(messages[i], messages[j]) <= TOP_SPEED
    totals = [np.zeros((count, count)), np.zeros((count, count))]
    away = np.zeros((4, count, count))
    if placed:
        share = points.share[:, None] * points.share[None, :]
        drifted, densities = _pairs(points, environment, propulsion)
        for total, density in zip(totals, densities, strict=True):
            np.add.at(total, (points.message[:, None], points.message[None, :]), density * share)
        first = np.flatnonzero(np.diff(points.message, prepend=-1))
        away[:, points.message[first][:, None], points.message[first][None, :]] = drifted[
            :, first[:, None], first[None, :]
        ]
    return Transitions(
        adrift=totals[0] * possible, under_way=totals[1] * possible,
        east=away[0], north=away[1], time=away[2], variance=away[3],
    )  # fmt: skip


# Judgement: a boat that was seen to make some way (or none) still does so after a time t with this probability times
# exp(-t / time to failure), to within 0.4 m/s of each component; else she may do anything a boat may do.
KEEPS_ON: Final[Probability] = 0.8
WANDERS: Final[MetresPerSecond] = 0.4
ANY_WAY: Final[MetresPerSecond] = 2.0  # judgement: spread of way through the water before any is seen


def kept_way(
    transitions: Transitions, h: int, i: int, j: int, propulsion: Propulsion = SMALL_BOAT
) -> tuple[Probability, Probability]:
    """Density (1/m2) of the position of j if the boat kept the way she made from h to i, and the probability that
    she did.
    """
    before, time = float(transitions.time[h, i]), float(transitions.time[i, j])
    prior = ANY_WAY**2
    seen = float(transitions.variance[h, i]) / max(before, 1.0) ** 2 + WANDERS**2
    share = prior / (prior + seen)
    rest_east = float(transitions.east[i, j]) - share * float(transitions.east[h, i]) / max(before, 1.0) * time
    rest_north = float(transitions.north[i, j]) - share * float(transitions.north[h, i]) / max(before, 1.0) * time
    variance = float(transitions.variance[i, j]) + share * seen * time**2
    density = math.exp(-(rest_east**2 + rest_north**2) / (2 * variance)) / (2 * math.pi * variance)
    return density, KEEPS_ON * math.exp(-time / propulsion.time_to_failure)


def _points(messages: Sequence[Message]) -> Points:
    rows = []
    for index, message in enumerate(messages):
        instants = _instants(message.lead.event)
        length = message.lead.event.length
        within, whole = ((UNKNOWN_MOMENT * part) ** 2 / 12 for part in (length / len(instants), length))
        for reading in message.readings:
            here = spot(reading.place)
            variance = (here.east_variance + here.north_variance) / 2
            place = (here.centre.lat, here.centre.lon, variance + within, variance + whole)
            rows += [(index, reading.probability / len(instants), at, *place) for at in instants]
    table = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    return Points(
        message=table[0].astype(np.int64),
        share=table[1],
        at=table[2],
        lat=table[3],
        lon=table[4],
        variance=table[5],
        variance_of_span=table[6],
    )


def _instants(event: Span) -> list[Instant]:
    """The instants that stand for an event, the middle one first: one, or an odd number about ten minutes apart."""
    count = 2 * round(event.length / STEP / 2) + 1
    middles = [event.earliest + event.length * (k + 0.5) / count for k in range(count)]
    return sorted(middles, key=lambda at: (abs(at - event.middle), at))


def _pairs(
    points: Points, environment: Environment, propulsion: Propulsion
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """What the current leaves to explain of b given a (east, north, time, variance), and its density adrift and
    under way.
    """
    lat, lon = _carried(points, environment)
    time = points.at[None, :] - points.at[:, None]
    time = np.maximum(time, 0.0)  # of two events that overlap either may come first
    east, north = displacement(lat, lon, points.lat[None, :], points.lon[None, :])
    error = points.variance[:, None] + points.variance[None, :] + _drift_variance(time, environment)
    anywhere = ASTRAY / (math.pi * (TOP_SPEED * time + AROUND) ** 2)
    adrift = (1 - ASTRAY) * _normal(east**2 + north**2, error) + anywhere
    under_way = (1 - ASTRAY) * _under_way(points, propulsion, time, (east, north), error) + anywhere
    blurred = error + (points.variance_of_span - points.variance)[:, None] + (points.variance_of_span - points.variance)
    return np.stack([np.asarray(east), np.asarray(north), time, blurred]), (adrift, under_way)


def _under_way(
    points: Points, propulsion: Propulsion, time: FloatArray, away: tuple[FloatArray, FloatArray], error: FloatArray
) -> FloatArray:
    """Density of the remaining displacement if the boat made way: a sum over courses, speeds and moments of failure."""
    runs_on = np.exp(-time / propulsion.time_to_failure)
    parts = [(np.float64(1.0), runs_on), *((part, (1 - runs_on) / STOPPED.size) for part in STOPPED)]
    total = np.zeros_like(time)
    count = points.at.size
    for share in SHARES:
        course = course_steered(propulsion, points.lat, points.lon, np.full(count, share), np.zeros(count))
        for speed in speed_through_water(propulsion, NODES):
            to_east, to_north = components(float(speed), course)
            for part, weight in parts:
                run = part * time
                square = (away[0] - to_east[:, None] * run) ** 2 + (away[1] - to_north[:, None] * run) ** 2
                total += weight * _normal(square, error + (BETWEEN_NODES * speed * run) ** 2)
    return total / (SHARES.size * NODES.size)


def _carried(points: Points, environment: Environment) -> tuple[FloatArray, FloatArray]:
    """Where each point would be, carried by the current alone, at the moment of each other point: shape (p, p)."""
    begins = math.floor(points.at.min() / STEP)
    first = begins * STEP
    steps = math.ceil((points.at.max() - first) / STEP) + 1
    lats, lons = [points.lat], [points.lon]
    for k in range(steps):
        lat, lon = _stepped(points, environment, first + k * STEP, lats[-1], lons[-1])
        lats.append(lat)
        lons.append(lon)
    x = points.at / STEP
    whole = x.astype(np.int64) - begins
    part = (x - np.floor(x))[:, None]
    path_lat, path_lon = np.stack(lats), np.stack(lons)
    lat = path_lat[whole] * (1 - part) + path_lat[whole + 1] * part
    lon = path_lon[whole] * (1 - part) + path_lon[whole + 1] * part
    return lat.T, lon.T


def _stepped(
    points: Points, environment: Environment, begin: Instant, lat: FloatArray, lon: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """One midpoint step; a point whose moment has not come yet waits."""
    lasts = np.clip(begin + STEP - points.at, 0.0, STEP)
    east, north = environment.current.flow(begin, EVERYWHERE)(lat, lon)
    per_lat, per_lon = metres_per_degree(lat)
    half = environment.current.flow(begin + STEP / 2, EVERYWHERE)(
        lat + north * lasts / 2 / per_lat, lon + east * lasts / 2 / per_lon
    )
    return lat + half[1] * lasts / per_lat, lon + half[0] * lasts / per_lon


def _drift_variance(time: FloatArray, environment: Environment) -> FloatArray:
    """Variance of each component after a time, m2: the errors of the current, of what the tide leaves out, and of
    leeway.
    """
    errors = ((environment.current_error, 1.0), (environment.residual_error, 1.0), (environment.wind_error, LEEWAY))
    return np.asarray(sum(share**2 * displacement_variance(scale, time) for scale, share in errors))


def _normal(square: FloatArray, variance: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-square / (2 * variance)) / (2 * math.pi * variance))
