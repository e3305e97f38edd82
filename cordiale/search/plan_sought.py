"""What is searched for and with what: clouds on their way through the next hours, and craft that can be sent.

A cloud is a belief drifted to several instants; between two of them a particle goes in a straight line. Boats that
nobody has reported are one more cloud, whose weight is the number of them to be expected.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.boats.life import BEACHED, DEBRIS, IN_LIFEJACKETS, IN_THE_WATER, PHASES, SWAMPED, TOWED
from cordiale.boats.survival import FIRST, KNOTS, MANY, alive_probability, survival_curve
from cordiale.boats.survival_table import Immersion
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import (
    Celsius,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    MetresPerSecond,
    Seconds,
    minutes,
)
from cordiale.sea.environment import Environment
from cordiale.search.looked import FITTED, Looked
from cordiale.search.ways import Ways, ways_of
from cordiale.sensors.sensor import Conditions, Sensor
from cordiale.sensors.sweep_width import sweep_width
from cordiale.sensors.tables import Tables, packaged_tables

EVERY: Final[Seconds] = 20 * minutes  # between knots: a tidal stream bends a way by less than 60 m in between
SingleArray = NDArray[np.float32]
LEVELS: Final = 10  # of knowledge, equally likely
_LEAST_ALIKE, _MOST_ALIKE = 1e-2, 1e3
NO_DANGER: Final = (BEACHED, TOWED, DEBRIS)  # judgement: no life is saved by finding these at sea
# Where the people of a boat are in the phases in which time kills.
IN_DANGER: Final[Mapping[int, Immersion]] = {
    SWAMPED: Immersion(place="flooded_boat"),
    IN_THE_WATER: Immersion(place="in_water", lifejacket="none"),
    IN_LIFEJACKETS: Immersion(place="in_water", lifejacket="effective"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Sought:
    """One boat, or the boats nobody has reported, on their way.

    Parameters
    ----------
    ways : Ways
    persons : Fraction
        Mean number in each boat; never 0.
    alive : shape (knots, particles)
        Probability that one of them is alive then, and would be saved by being found; never rises.
    looked : Looked, optional
        How thoroughly searches that found nothing looked at each particle already; the weights are those after them.
    counts : least and most persons in each, optional
        All numbers between them alike; a band of survivors needs them.
    by_level : shape (levels of knowledge, knots, particles), optional
        `alive` from the gloomiest to the most hopeful of what may be so of survival, each as likely as any other.
    """

    ways: Ways
    persons: Fraction
    alive: FloatArray
    looked: Looked | None = None
    counts: tuple[int, int] | None = None
    by_level: SingleArray | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.persons) and self.persons > 0):
            raise CordialeError("search.plan_persons", name=self.name, value=self.persons)

    @property
    def name(self) -> str:
        """Of the boat."""
        return self.ways.name

    def on(self, times: FloatArray) -> "Sought":
        """The same at other instants within its own."""
        k, part = self.ways.between(times)
        alive = self.alive[k] + part * (self.alive[k + 1] - self.alive[k])
        levels = self.by_level
        if levels is not None:
            levels = (levels[:, k] + part * (levels[:, k + 1] - levels[:, k])).astype(np.float32)
        return replace(self, ways=self.ways.on(times), alive=alive, by_level=levels)


def sought(
    belief: Belief,
    environment: Environment,
    *,
    until: Instant,
    every: Seconds = EVERY,
    boats: Fraction = 1.0,
    unreported: bool = False,
    persons: int | tuple[int, int] | None = None,
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Sought:
    """The cloud of a belief drifted until an instant, with what `sought_from` adds."""
    seen: list[Belief] = []
    drift(belief, environment, until=until, observe=seen.append, every=every, cancel=cancel)
    return sought_from(seen, boats=boats, unreported=unreported, persons=persons, water=water)


def sought_from(
    beliefs: Sequence[Belief],
    *,
    boats: Fraction = 1.0,
    unreported: bool = False,
    persons: int | tuple[int, int] | None = None,
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    in_water_since: Instant | None = None,
) -> Sought:
    """A cloud from the same belief at several instants.

    Parameters
    ----------
    boats : Fraction
        Number of boats to be expected: of one boat at most 1, the probability that she is out there.
    unreported : bool
        They are the boats nobody has reported, and their number may be more than 1.
    persons : int, interval or None
        In each; None takes the prior of `cordiale.boats.survival`.
    water : Celsius, a band, or None
        Temperature of the water.
    in_water_since : Instant, optional
        When those who are in the water, or in a swamped boat, at the first instant came there; that instant unless
        given.
    """
    ways = ways_of(beliefs, boats=boats, unreported=unreported)
    alive = alive_along(ways.times, ways.phase, water=water, in_water_since=in_water_since)
    return Sought(ways=ways, persons=persons_of(persons), alive=alive)


def alive_along(
    times: FloatArray,
    phase: NDArray[np.int8],
    *,
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    in_water_since: Instant | None = None,
    level: int | None = None,
) -> FloatArray:
    """Probability that one of the people is alive and in need at each knot: shape (knots, particles), never rising.

    Time in a swamped boat counts by the curve of a flooded boat, time in the water by its own, from the knot at which
    the phase began; the least of them holds. Nobody is saved at sea out of a beached or towed boat, or out of debris.
    `level`, from 0 to `LEVELS` - 1, takes one of the equally likely levels of knowledge in place of the mean.
    """
    alive = np.ones(phase.shape)
    for what, who in IN_DANGER.items():
        here = phase == what
        if not here.any():
            continue
        began = np.where(here.any(axis=0), times[np.argmax(here, axis=0)], np.inf)
        if in_water_since is not None:
            began = np.where(here[0], min(in_water_since, float(times[0])), began)
        curve = survival_curve(who, water)
        since = np.maximum(times[:, None] - began, 0.0)
        if level is None:
            living = alive_probability(curve, since)
        else:
            row = FIRST + (2 * level + 1) * MANY // (2 * LEVELS)
            living = np.interp(since, KNOTS, curve.levels[row])
        alive = np.where(here, np.minimum(alive, living), alive)
    alive = np.where(np.isin(phase, NO_DANGER), 0.0, alive)
    return np.asarray(np.minimum.accumulate(alive, axis=0))


def alive_by_level(
    times: FloatArray, phase: NDArray[np.int8], *, water: Celsius | tuple[Celsius, Celsius] | None = None
) -> SingleArray:
    """`alive_along` at each level of knowledge of survival: shape (levels, knots, particles)."""
    rows = [alive_along(times, phase, water=water, level=level) for level in range(LEVELS)]
    return np.asarray(rows, dtype=np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Searcher:
    """One craft that can be sent to search.

    Parameters
    ----------
    name : str
    base : Position
        Where it is when it is ready.
    ready : Instant
        When it can leave.
    speed : MetresPerSecond
        While searching, through the water for ships and through the air for aircraft.
    on_scene : Seconds
        How long it can search; the manuals take 0.85 of its endurance there.
    widths : sweep width in m by search object class
        As from `widths_of`. A class that is not named is not seen.
    transit_speed : MetresPerSecond, optional
        On the way out; the search speed unless given.
    transit : function of a position and an instant, optional
        Time in s from the base to there when leaving then, for ways against the tide. It is asked for the mean place of
        each boat; the speed made good holds for all ways to that boat. Infinite: cannot go there.
    height : Metres
        Above the sea; 0 is on it.
    heights : tuple of Metres
        Other heights at which the widths hold, to keep clear of other aircraft.
    capacity : int
        People it takes aboard.
    """

    name: str
    base: Position
    ready: Instant
    speed: MetresPerSecond
    on_scene: Seconds
    widths: Mapping[str, Metres]
    transit_speed: MetresPerSecond | None = None
    transit: Callable[[Position, Instant], Seconds] | None = None
    height: Metres = 0.0
    heights: tuple[Metres, ...] = ()
    capacity: int = 0

    def __post_init__(self) -> None:
        for what in ("speed", "on_scene"):
            value = getattr(self, what)
            if not (math.isfinite(value) and value > 0):
                raise CordialeError("search.plan_searcher", name=self.name, what=what, value=value)
        for key, value in self.widths.items():
            if not (math.isfinite(value) and value >= 0):
                raise CordialeError("search.plan_searcher", name=self.name, what=f"widths[{key}]", value=value)

    @property
    def flies(self) -> bool:
        """Above the sea."""
        return self.height > 0

    @property
    def out(self) -> MetresPerSecond:
        """Speed on the way out."""
        return self.transit_speed or self.speed


def widths_of(sensor: Sensor, conditions: Conditions, tables: Tables | None = None) -> dict[str, Metres]:
    """Mean sweep widths of a sensor for all that a small boat may have become, by search object class."""
    known = tables or packaged_tables()
    classes = {known.phases[phase] for phase in PHASES}
    return {key: sweep_width(sensor, key, conditions, known).mean for key in sorted(classes)}


def alike_of(sensor: Sensor, search_object_class: str, conditions: Conditions) -> Fraction | None:
    """Shape kappa of the gamma law for looks that are alike, from the doubt of a sweep width; None where there is none.

    A hazard goes with W^2. The law has the same chance of a miss as the parts and spreads of the width at the mean
    hazard 2, where independent looks would miss 14 %; beyond it misses more, never less. To fit the variance instead
    would do so by far: a lognormal W is never nearly 0, as that gamma law is.
    """
    widths, weights = sweep_width(sensor, search_object_class, conditions).nodes()
    square = float(weights @ widths**2)
    if square <= 0:
        return None
    missed = float(weights @ np.exp(-FITTED * widths**2 / square))
    low, high = math.log(_LEAST_ALIKE), math.log(_MOST_ALIKE)
    if missed <= (1 + FITTED / _MOST_ALIKE) ** -_MOST_ALIKE:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        kappa = math.exp(middle)
        low, high = (middle, high) if (1 + FITTED / kappa) ** -kappa > missed else (low, middle)
    return math.exp(high)


def persons_of(told: int | tuple[int, int] | None) -> Fraction:
    """Mean number of persons: as told, the middle of an interval, or the prior."""
    if told is None:
        return survival_curve(Immersion()).groups[0].expected
    if isinstance(told, tuple):
        return (told[0] + told[1]) / 2
    return float(told)
