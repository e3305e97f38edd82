"""Where a boat will be at every instant of the next hours: the same particles at several times.

Made of beliefs drifted to those times (`cloud_of`), or of a mean track with a spread that grows with the errors of the
sea (`cloud_around`). Between two times a particle moves in a straight line; outside it stays where it was first or
last.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, Instant, Metres, Seconds, hours, minutes
from cordiale.sea.environment import Environment, displacement_variance

FEW: Final = 200  # particles that are enough for a time of arrival: its mean is then right to some 1/14 of its spread


@dataclass(frozen=True, kw_only=True, eq=False)
class MovingCloud:
    """Particles of one boat: `times` (k,) rising instants, `lat` and `lon` (k, n) degrees, `weight` (n,) sum 1."""

    times: FloatArray
    lat: FloatArray
    lon: FloatArray
    weight: FloatArray

    def __post_init__(self) -> None:
        if self.times.size == 0 or np.any(np.diff(self.times) <= 0):
            raise CordialeError("response.times", count=int(self.times.size))

    def at(self, when: Instant | FloatArray) -> tuple[FloatArray, FloatArray]:
        """Positions (lat, lon), shape (n,), at one instant or at an instant for each particle."""
        t = np.clip(
            np.broadcast_to(np.asarray(when, dtype=np.float64), self.weight.shape), self.times[0], self.times[-1]
        )
        after = np.clip(np.searchsorted(self.times, t, side="right"), 1, max(self.times.size - 1, 1))
        if self.times.size == 1:
            return self.lat[0], self.lon[0]
        before, rows = after - 1, np.arange(t.size)
        part = (t - self.times[before]) / (self.times[after] - self.times[before])
        lat = self.lat[before, rows] + part * (self.lat[after, rows] - self.lat[before, rows])
        lon = self.lon[before, rows] + part * (self.lon[after, rows] - self.lon[before, rows])
        return lat, lon

    @cached_property
    def track(self) -> tuple[FloatArray, FloatArray]:
        """The mean position (lat, lon) at each of `times`."""
        return self.lat @ self.weight, self.lon @ self.weight

    def mean(self, when: Instant) -> Position:
        """The mean position at an instant."""
        lat, lon = self.track
        return Position(lat=float(np.interp(when, self.times, lat)), lon=float(np.interp(when, self.times, lon)))

    def spread(self, when: Instant) -> Metres:
        """The standard deviation of a circular normal cloud of the same extent: fourth root of the covariance's det."""
        lat, lon = self.at(when)
        middle = self.mean(when)
        east, north = displacement(middle.lat, middle.lon, lat, lon)
        xx, yy, xy = (float(self.weight @ (a * b)) for a, b in ((east, east), (north, north), (east, north)))
        return math.sqrt(math.sqrt(max(xx * yy - xy * xy, 0.0)))

    @cached_property
    def spreads(self) -> FloatArray:
        """The largest spread by each of `times`: what must be searched never shrinks by waiting."""
        return np.maximum.accumulate(np.array([self.spread(float(when)) for when in self.times]))

    def widest(self, when: Instant) -> Metres:
        """The largest spread the cloud has had by an instant."""
        return float(np.interp(when, self.times, self.spreads))


def cloud_of(beliefs: Sequence[Belief], *, count: int = FEW) -> MovingCloud:
    """The cloud of one belief drifted to several instants, in order of time, thinned to `count` particles.

    Thinning is systematic in the weights and leaves the mean where it was to within its own error; no chance is used.
    """
    first = beliefs[0]
    if any(len(one) != len(first) for one in beliefs):
        raise CordialeError("response.particles", counts=", ".join(str(len(one)) for one in beliefs))
    if len(first) <= count:
        chosen, weight = np.arange(len(first)), first.weight
    else:
        marks = (np.arange(count) + 0.5) / count
        total = np.cumsum(first.weight)
        chosen = np.searchsorted(total, marks * total[-1])
        weight = np.full(count, 1 / count)
    return MovingCloud(
        times=np.array([one.at for one in beliefs]),
        lat=np.array([one.lat[chosen] for one in beliefs]),
        lon=np.array([one.lon[chosen] for one in beliefs]),
        weight=weight,
    )


def cloud_around(
    place: Position,
    std: Metres,
    *,
    at: Instant,
    environment: Environment,
    until: Instant,
    step: Seconds = 10 * minutes,
    count: int = 64,
) -> MovingCloud:
    """A mean track that goes with the stream from a place, and a normal spread of `std` (m, each way) about it.

    The spread grows by the errors of the current (`displacement_variance`); leeway and an engine are left out, so use
    `cloud_of` where there is time to drift a belief. Particles lie on a fixed pattern of golden angles, one area each.
    """
    if not (math.isfinite(std) and std >= 0) or until < at:
        raise CordialeError("response.around", std_m=std, hours=(until - at) / hours)
    times = at + np.arange(0.0, until - at + step, step)
    lat, lon = np.array([place.lat]), np.array([place.lon])
    track = [(place.lat, place.lon)]
    for now in times[:-1].tolist():
        east, north = environment.current.velocity(now, lat, lon)
        half = destination(lat, lon, east * step / 2, north * step / 2)
        east, north = environment.current.velocity(now + step / 2, *half)
        lat, lon = destination(lat, lon, east * step, north * step)
        track.append((float(lat[0]), float(lon[0])))
    since = times - at
    variance = displacement_variance(environment.current_error, since)
    variance = variance + displacement_variance(environment.residual_error, since)
    wide = np.sqrt(std**2 + variance)[:, None]
    number = np.arange(count)
    radius = np.sqrt(-2 * np.log(1 - (number + 0.5) / count))
    radius *= math.sqrt(2 / float(np.mean(radius**2)))  # unit variance each way, with the outermost ring counted in
    angle = number * math.pi * (3 - math.sqrt(5))
    middle = np.array(track)
    lats, lons = destination(middle[:, :1], middle[:, 1:], wide * radius * np.cos(angle), wide * radius * np.sin(angle))
    return MovingCloud(times=times, lat=lats, lon=lons, weight=np.full(count, 1 / count))
