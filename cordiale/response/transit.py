"""How long a craft takes to a boat that moves, against wind and tidal stream.

A craft with the speed v through its medium (water, or air for aircraft) meets a boat that lies at d and moves at u
relative to that medium at the smallest t > 0 with |d + u t| = v t:

    (v^2 - |u|^2) t^2 - 2 (d.u) t - |d|^2 = 0.

The medium differs from place to place and with time: the mean along the passage is taken and the time worked out again
until it stands still. Source: kinematics; known values in tests/known/test_intercept_known.py.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, Instant, Metres, MetresPerSecond, Seconds, knots
from cordiale.response.cloud import MovingCloud
from cordiale.sea.environment import Environment

HARBOUR: Final[MetresPerSecond] = 8 * knots  # judgement: from the berth to the gate
ROUNDS: Final = 12
ENOUGH: Final[Seconds] = 1.0
PLACES: Final = np.array([0.1, 0.3, 0.5, 0.7, 0.9])  # of the passage, where the medium is asked


def intercept_time(
    east: Metres | FloatArray,
    north: Metres | FloatArray,
    u_east: MetresPerSecond | FloatArray,
    u_north: MetresPerSecond | FloatArray,
    speed: MetresPerSecond,
) -> FloatArray:
    """Seconds until a craft of `speed` meets a boat at (east, north) m that moves at (u_east, u_north) m/s.

    All relative to the medium; arrays broadcast. Infinite where she is never met.
    """
    d2 = np.asarray(east) ** 2 + np.asarray(north) ** 2
    du = np.asarray(east) * u_east + np.asarray(north) * u_north
    a = speed**2 - np.asarray(u_east) ** 2 - np.asarray(u_north) ** 2
    d2, du, a = np.broadcast_arrays(d2, du, a)
    root = np.sqrt(np.maximum(du**2 + a * d2, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        faster = (du + root) / a
        equal = np.where(du < 0, -d2 / (2 * du), np.inf)
        slower = np.where((du < 0) & (du**2 + a * d2 >= 0), (du + root) / a, np.inf)
    near_zero = np.abs(a) < 1e-9 * max(speed**2, 1e-12)
    time = np.where(near_zero, equal, np.where(a > 0, faster, slower))
    return np.where(d2 == 0, 0.0, np.where(np.isnan(time), np.inf, time))


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrival:
    """When a craft is with a boat: the mean instant, the 10 and 90 % points over the cloud, and the way in m.

    `mean` is infinite where some of the cloud is never met.
    """

    mean: Instant
    early: Instant
    late: Instant
    distance: Metres


def leg_time(
    environment: Environment, start: Position, end: Position, at: Instant, speed: MetresPerSecond, *, flies: bool
) -> Seconds:
    """Seconds from one place to another, against the stream or the wind; infinite if that is stronger."""
    east, north = (float(x) for x in displacement(start.lat, start.lon, end.lat, end.lon))
    time = float(np.hypot(east, north)) / speed
    for _ in range(ROUNDS):
        drift = _medium(environment, start, east, north, at, time, flies=flies)
        new = float(intercept_time(east, north, -drift[0], -drift[1], speed))
        if not np.isfinite(new) or abs(new - time) < ENOUGH:
            return new
        time = new
    return time


def meet(
    environment: Environment, start: Position, cloud: MovingCloud, at: Instant, speed: MetresPerSecond, *, flies: bool
) -> Arrival:
    """When a craft that leaves `start` at `at` meets each particle, in a straight line.

    The medium is asked along the way to the mean of the cloud, for all particles alike.
    """
    lat, lon = cloud.at(at)
    east, north = displacement(start.lat, start.lon, lat, lon)
    time = np.hypot(east, north) / speed
    for _ in range(ROUNDS):
        mean = float(cloud.weight @ time)
        if not np.isfinite(mean):
            break
        there = cloud.mean(at + mean)
        way = displacement(start.lat, start.lon, there.lat, there.lon)
        drift = _medium(environment, start, float(way[0]), float(way[1]), at, mean, flies=flies)
        to_lat, to_lon = cloud.at(at + time)
        gone_east, gone_north = displacement(lat, lon, to_lat, to_lon)
        safe = np.maximum(time, 1.0)
        new = intercept_time(east, north, gone_east / safe - drift[0], gone_north / safe - drift[1], speed)
        still = bool(np.all(np.abs(new - time) < ENOUGH))
        time = new
        if still:
            break
    order = np.argsort(time)
    total = np.cumsum(cloud.weight[order])
    early, late = (float(time[order][min(int(np.searchsorted(total, p)), time.size - 1)]) for p in (0.1, 0.9))
    there = cloud.mean(at + float(cloud.weight @ time)) if np.all(np.isfinite(time)) else cloud.mean(at)
    way = displacement(start.lat, start.lon, there.lat, there.lon)
    return Arrival(
        mean=at + float(cloud.weight @ time),
        early=at + early,
        late=at + late,
        distance=float(np.hypot(*way)),
    )


def _medium(
    environment: Environment, start: Position, east: Metres, north: Metres, at: Instant, time: Seconds, *, flies: bool
) -> tuple[MetresPerSecond, MetresPerSecond]:
    """Mean velocity (east, north; m/s) of the medium along a passage, each place at the time the craft is there."""
    lat, lon = destination(start.lat, start.lon, east * PLACES, north * PLACES)
    field = environment.wind if flies else environment.current
    u, v = field.velocity(at + time * PLACES, lat, lon)
    return float(np.nanmean(u)), float(np.nanmean(v))
