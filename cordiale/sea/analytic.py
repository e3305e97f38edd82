"""Seas with a known answer, for tests and docs: a uniform stream, a tidal ellipse, a turning basin, a straight shore.

Each is a `Current` or `Shore` of `cordiale.sea.environment`, so that a belief drifts on it as on the real strait.
"""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from cordiale.earth.geodesy import displacement
from cordiale.earth.units import Degrees, FloatArray, Instant, Metres, MetresPerSecond, Radians, Seconds, hours
from cordiale.sea.environment import Current, Environment, ErrorScale, Flow, Shore, Vector, Wind
from cordiale.sea.tide import Window
from cordiale.sea.wind import ConstantWind

M2_PERIOD: Seconds = 12.4206012 * hours  # principal lunar semidiurnal tide; any table of constituents


def analytic_sea(
    current: Current,
    *,
    wind: Wind | None = None,
    coast: Shore | None = None,
    current_std: MetresPerSecond = 0.0,
    wind_std: MetresPerSecond = 0.0,
    residual_std: MetresPerSecond = 0.0,
    time_scale: Seconds = 3 * hours,
    period: Seconds | None = None,
    length: Metres | None = None,
) -> Environment:
    """An environment with a known answer: calm, open and exact unless told otherwise (errors per component, in m/s).

    All errors forget themselves in `time_scale`; that of the current turns with `period` where one is given. With a
    `length` they are shared by particles of one world that are close together.
    """
    stated = "analytic: as stated"
    return Environment(
        current=current,
        wind=wind or ConstantWind(eastward=0.0, northward=0.0, source="analytic: calm"),
        coast=coast,
        current_error=ErrorScale(std=current_std, time_scale=time_scale, period=period, length=length, source=stated),
        residual_error=ErrorScale(std=residual_std, time_scale=time_scale, length=length, source=stated),
        wind_error=ErrorScale(std=wind_std, time_scale=time_scale, length=length, source=stated),
    )


@dataclass(frozen=True, kw_only=True)
class UniformCurrent:
    """The same stream everywhere and for ever, in m/s towards east and north."""

    eastward: MetresPerSecond
    northward: MetresPerSecond
    source: str = "analytic: uniform current"

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s, of the shape of `lat`."""
        return np.full(np.shape(lat), self.eastward), np.full(np.shape(lat), self.northward)

    def flow(self, at: Instant, window: Window) -> Flow:
        """The current of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


@dataclass(frozen=True, kw_only=True)
class TidalEllipse:
    """The same tidal ellipse everywhere: `major` cos(wt) along `axis` (degrees true), `minor` sin(wt) to its left.

    `strongest` is an instant of the strongest stream towards `axis`; a negative `minor` turns the other way round.
    """

    major: MetresPerSecond
    axis: Degrees
    strongest: Instant
    minor: MetresPerSecond = 0.0
    period: Seconds = M2_PERIOD
    source: str = "analytic: one tidal ellipse"

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s, of the shape of `lat`."""
        phase = 2 * math.pi * (np.asarray(at) - self.strongest) / self.period
        along, across = self.major * np.cos(phase), self.minor * np.sin(phase)
        east, north = math.sin(math.radians(self.axis)), math.cos(math.radians(self.axis))
        shape = np.shape(lat)
        return np.broadcast_to(along * east - across * north, shape), np.broadcast_to(
            along * north + across * east, shape
        )

    def flow(self, at: Instant, window: Window) -> Flow:
        """The current of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


@dataclass(frozen=True, kw_only=True)
class TurningBasin:
    """Water that turns as one body about a point, anticlockwise, once in `period`: particles stay on circles."""

    lat: Degrees
    lon: Degrees
    period: Seconds
    source: str = "analytic: solid rotation"

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s, of the shape of `lat`."""
        rate: Radians = 2 * math.pi / self.period
        east, north = displacement(self.lat, self.lon, lat, lon)
        return -rate * north, rate * east

    def flow(self, at: Instant, window: Window) -> Flow:
        """The current of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


@dataclass(frozen=True, kw_only=True)
class Spit:
    """A strip of land that runs north and south between two meridians, at all latitudes."""

    west: Degrees
    east: Degrees
    source: str = "analytic: a straight strip of land"

    def distance(self, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Metres to the nearest land, negative inside it; shape of `lat`."""
        to_west, _ = displacement(lat, lon, lat, self.west)
        to_east, _ = displacement(lat, self.east, lat, lon)
        return np.asarray(np.maximum(to_west, to_east))

    def landfall(self, lat0: FloatArray, lon0: FloatArray, lat1: FloatArray, lon1: FloatArray) -> FloatArray:
        """The part of each straight step, 0 to 1, after which it first meets the strip; infinity where it does not."""
        eastbound = lon1 > lon0
        edge = np.where(eastbound, self.west, self.east)
        part = (edge - lon0) / np.where(lon1 == lon0, np.inf, lon1 - lon0)
        starts_ashore = (lon0 >= self.west) & (lon0 <= self.east)
        return np.where(starts_ashore, 0.0, np.where((part > 0) & (part <= 1), part, np.inf))
