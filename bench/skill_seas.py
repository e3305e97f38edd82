"""Seas other than the one assumed: the tide too strong or late, a steady stream left out, errors coherent in space.

Each takes the case's number as its chance. The truth drifts in one of these; the forecast never sees it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from skill_cases import Case

from cordiale.belief.belief import Belief
from cordiale.boats.leeway import leeway_class
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion
from cordiale.boats.search_object import SearchObject
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import FloatArray, hours, km, knots, minutes
from cordiale.sea.environment import Current, Environment, Flow, Vector
from cordiale.sea.tide import Window
from cordiale.sea.wind import ConstantWind

MODES: Final = 64
LENGTH, TIME, STD = 20 * km, 6 * hours, 0.17  # of the coherent error: 0.17 m/s is what is assumed in all, 0.15 and 0.08
OTHERS: Final = ("raft_no_ballast_open", "skiff_v_hull", "sport_boat", "piw_unknown", "kayak")
OTHER_WAY: Final = Propulsion(
    speed_median=6 * knots,
    speed_spread=0.3,
    shore=SMALL_BOAT.shore,
    heading_std=30.0,
    time_to_failure=8 * hours,
    source="a perturbed world: faster, worse steered and with an engine that lasts",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Waves:
    """A random vector field coherent over LENGTH and TIME: both components sums of modes, unit variance each."""

    east: FloatArray  # (modes, 4): wave numbers east and north (1/m), frequency (1/s), phase
    north: FloatArray

    @classmethod
    def of(cls, number: int) -> "Waves":
        """The field of this number: correlation exp(-r2 / 2 LENGTH2) in space and exp(-|t| / TIME) in time."""
        chance = np.random.default_rng([13, number])

        def modes() -> FloatArray:
            return np.stack(
                [
                    *(chance.standard_normal((2, MODES)) / LENGTH),
                    np.tan(math.pi * (chance.uniform(size=MODES) - 0.5)) / TIME,
                    chance.uniform(0, 2 * math.pi, MODES),
                ],
                axis=1,
            )

        return cls(east=modes(), north=modes())

    def at(self, instant: float | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Both components at positions (n,), standard deviation 1."""
        x, y = displacement(51.0, 1.5, lat, lon)
        places = np.stack([x, y, np.broadcast_to(instant, np.shape(x)) % (1000 * hours), np.ones(np.shape(x))])
        scale = math.sqrt(2 / MODES)
        return scale * np.cos(self.east @ places).sum(axis=0), scale * np.cos(self.north @ places).sum(axis=0)


@dataclass(frozen=True, kw_only=True, eq=False)
class OtherCurrent:
    """The assumed current times a factor and late by a lag, plus a steady stream, plus waves of `std` m/s."""

    assumed: Current
    factor: float = 1.0
    lag: float = 0.0
    steady: tuple[float, float] = (0.0, 0.0)
    waves: Waves | None = None
    std: float = 0.0
    source: str = "a perturbed world"

    def _changed(self, at: float | FloatArray, lat: FloatArray, lon: FloatArray, flow: Vector) -> Vector:
        more_east, more_north = self.waves.at(at, lat, lon) if self.waves else (0.0, 0.0)
        return (
            self.factor * flow[0] + self.steady[0] + self.std * more_east,
            self.factor * flow[1] + self.steady[1] + self.std * more_north,
        )

    def velocity(self, at: float | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s."""
        return self._changed(at, lat, lon, self.assumed.velocity(at - self.lag, lat, lon))

    def flow(self, at: float, window: Window) -> Flow:
        """The current of one instant, to be looked up at many positions."""
        flow = self.assumed.flow(at - self.lag, window)
        return lambda lat, lon: self._changed(at, lat, lon, flow(lat, lon))


World = Callable[[Case, Environment], tuple[Environment, Belief]]


def as_assumed(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """The world errs as the engine assumes."""
    return sea, case.truth(sea)


def coherent(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """The current's error is one field, coherent over 20 km and 6 h, and does not turn with the tide."""
    current = OtherCurrent(assumed=sea.current, waves=Waves.of(case.number), std=STD)
    return _exact_current(sea, current), case.truth(sea)


def strong_and_late(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """The tide 10 % stronger or weaker and 15 minutes early or late; what is left out as assumed, no other error."""
    factor, lag = _signs(case.number) * (0.1, 15 * minutes)
    changed = _exact_current(sea, OtherCurrent(assumed=sea.current, factor=1 + float(factor), lag=float(lag)))
    return replace(changed, residual_error=sea.residual_error), case.truth(sea)


def steady_stream(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """A steady 0.1 m/s somewhere is left out, instead of an error that forgets itself; the tide's error as assumed."""
    towards = float(np.random.default_rng([17, case.number]).uniform(0, 2 * math.pi))
    current = OtherCurrent(assumed=sea.current, steady=(0.1 * math.sin(towards), 0.1 * math.cos(towards)))
    return replace(_exact_current(sea, current), current_error=sea.current_error), case.truth(sea)


def wrong_wind(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """The wind is 2 m/s stronger or weaker (never below calm) and turned by 20 degrees, all the time."""
    return _wrong_wind(case, sea), case.truth(sea)


def other_class(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """What drifts is of a class that is not in the mixture, any of five."""
    return sea, case.truth(sea, _other(case))


def other_way(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """Boats half as fast again as assumed, steered twice as badly, with engines that last twice as long."""
    return sea, case.truth(sea, way=OTHER_WAY)


def all_at_once(case: Case, sea: Environment) -> tuple[Environment, Belief]:
    """Coherent error, a strong or late tide, a steady stream, the wrong wind and the wrong class together."""
    factor, lag = _signs(case.number) * (0.1, 15 * minutes)
    steady = steady_stream(case, sea)[0].current
    assert isinstance(steady, OtherCurrent)
    current = replace(steady, factor=1 + float(factor), lag=float(lag), waves=Waves.of(case.number), std=STD)
    return _exact_current(_wrong_wind(case, sea), current), case.truth(sea, _other(case))


WORLDS: Final[dict[str, World]] = {
    "as assumed": as_assumed,
    "current error coherent, 20 km 6 h": coherent,
    "tide 10 % and 15 min wrong": strong_and_late,
    "0.1 m/s steady stream left out": steady_stream,
    "wind 2 m/s and 20 degrees wrong": wrong_wind,
    "a class not in the mixture": other_class,
    "all of these": all_at_once,
}
WORLDS_UNDER_WAY: Final[dict[str, World]] = {"under way, as assumed": as_assumed, "under way, otherwise": other_way}


def _signs(number: int) -> FloatArray:
    return np.random.default_rng([19, number]).choice([-1.0, 1.0], 2)


def _exact_current(sea: Environment, current: Current) -> Environment:
    """The sea with this current and no error of it left to chance."""
    return replace(
        sea,
        current=current,
        current_error=replace(sea.current_error, std=0.0),
        residual_error=replace(sea.residual_error, std=0.0),
    )


def _wrong_wind(case: Case, sea: Environment) -> Environment:
    more, turn = _signs(case.number + 1_000_000) * (2.0, math.radians(20))
    speed = max(math.hypot(case.wind.eastward, case.wind.northward) + float(more), 0.0)
    angle = math.atan2(case.wind.eastward, case.wind.northward) + float(turn)
    wind = ConstantWind(eastward=speed * math.sin(angle), northward=speed * math.cos(angle))
    return replace(sea, wind=wind, wind_error=replace(sea.wind_error, std=0.0))


def _other(case: Case) -> SearchObject:
    key = OTHERS[int(np.random.default_rng([23, case.number]).integers(len(OTHERS)))]
    return SearchObject(key=key, name=key, classes=(leeway_class(key),), weights=(1.0,), source="a perturbed world")
