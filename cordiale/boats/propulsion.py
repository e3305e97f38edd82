"""How a boat makes way: speed through the water, the course she is steered, and when her engine stops."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, FloatArray, Fraction, MetresPerSecond, Seconds, hours, knots


@dataclass(frozen=True, kw_only=True)
class Propulsion:
    """A prior of way through the water.

    Parameters
    ----------
    speed_median : MetresPerSecond
        Median of the lognormal speed through the water.
    speed_spread : Fraction
        Standard deviation of its natural logarithm.
    shore : tuple of two Position
        The stretch of the other shore that boats steer for; each aims at a point of it, all alike.
    heading_std : Degrees
        Standard deviation of the error of the heading, kept for the whole passage.
    time_to_failure : Seconds
        Mean of the exponential time until the engine stops.
    """

    speed_median: MetresPerSecond
    speed_spread: Fraction
    shore: tuple[Position, Position]
    heading_std: Degrees
    time_to_failure: Seconds
    source: str

    def __post_init__(self) -> None:
        for name in ("speed_median", "speed_spread", "heading_std", "time_to_failure"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise CordialeError("boats.propulsion", what=name, value=value)


SMALL_BOAT: Final = Propulsion(
    speed_median=4 * knots,
    speed_spread=math.log(9 / 2) / (2 * NormalDist().inv_cdf(0.95)),
    shore=(Position(lat=50.912, lon=0.975), Position(lat=51.375, lon=1.446)),
    heading_std=15.0,
    time_to_failure=3.75 * hours,
    source=(
        "speed: median 4 kn, 90 % within 2 to 9 kn, from 2.84 kn (MAIB 9/2024), 3.8 kn made good (23 November 2021) and"
        " about 8 kn (BBC); engine: floor failure after 3.5 to 4 h in both MAIB cases; shore from Dungeness to the"
        " North Foreland and heading within 15 degrees: judgement"
    ),
)


def speed_through_water(propulsion: Propulsion, normal: FloatArray) -> FloatArray:
    """Speeds in m/s for standard normal numbers of shape (n,)."""
    return np.asarray(propulsion.speed_median * np.exp(propulsion.speed_spread * normal))


def course_steered(
    propulsion: Propulsion, lat: FloatArray, lon: FloatArray, uniform: FloatArray, normal: FloatArray
) -> FloatArray:
    """Courses in degrees true from positions (n,) towards the other shore; one uniform and one normal number each."""
    first, last = propulsion.shore
    target_lat = first.lat + uniform * (last.lat - first.lat)
    target_lon = first.lon + uniform * (last.lon - first.lon)
    return np.asarray(np.mod(bearing(lat, lon, target_lat, target_lon) + propulsion.heading_std * normal, 360.0))


def time_until_failure(propulsion: Propulsion, uniform: FloatArray) -> FloatArray:
    """Seconds until the engine stops, for uniform numbers of shape (n,): the exponential law, which forgets its age."""
    return np.asarray(-propulsion.time_to_failure * np.log(uniform))
