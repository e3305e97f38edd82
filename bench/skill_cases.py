"""Cases of the twin experiments: one boat each, a random fix, hour of the tides, object, wind, and way or adrift.

A case has one belief, as the program would make it, and one truth: a single draw of the same law under another seed,
or of another law. One truth a case, so that cases are independent and shares have the binomial error.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.density import density_at
from cordiale.belief.drift import drift
from cordiale.belief.region import Region, containment_region
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import days, hours, km, minutes
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind

AFTER = (3 * hours, 6 * hours, 12 * hours)
OBJECTS = (
    "inflatable",
    "inflatable_swamped",
    "rigid_boat",
    "person_in_water",
    "life_raft",
    "kayak",
    "debris",
    "small_boat",
    "small_boat_people",
)
SHARES = (0.5, 0.9)
ELSEWHERE = 0.01 / (100 * km) ** 2  # 1/m2: a hundredth of the probability spread over 100 x 100 km, under every score


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is told of one boat: the same for every forecaster."""

    number: int
    at: float
    fix: Fix
    what: SearchObject
    wind: ConstantWind
    under_way: float

    def belief(self, count: int, sea: Environment) -> Belief:
        """The belief that the report starts."""
        return self._drawn("belief", count, sea, self.what, SMALL_BOAT)

    def truth(self, sea: Environment, what: SearchObject | None = None, way: Propulsion = SMALL_BOAT) -> Belief:
        """One boat, drawn under another seed than the belief; another object or way where given."""
        return self._drawn("truth", 1, sea, what or self.what, way)

    def _drawn(self, name: str, count: int, sea: Environment, what: SearchObject, way: Propulsion) -> Belief:
        return first_belief(
            self.fix,
            at=self.at,
            stream=Stream.of_seed(self.number).child(name),
            search_for=what,
            count=count,
            under_way=self.under_way,
            propulsion=way,
            coast=sea.coast,
            tide=sea.tide,
        )

    def sea(self) -> Environment:
        """The strait as the program would take it, with the wind that is told."""
        return the_strait(self.wind)


def random_case(number: int, *, adrift: bool = False, off: tuple[float, float] = (0.0, 30 * km)) -> Case:
    """Case of this number: a fix at sea, its distance to land within `off`, over eight weeks of tides."""
    chance = np.random.default_rng([7, number])
    coast = the_strait().coast
    assert coast is not None
    while True:
        place = Position(lat=float(chance.uniform(50.6, 51.35)), lon=float(chance.uniform(0.8, 2.3)))
        room = float(coast.distance(np.array([place.lat]), np.array([place.lon]))[0])
        if off[0] < room <= off[1]:
            break
    speed, towards = chance.uniform(0, 12), chance.uniform(0, 2 * math.pi)
    return Case(
        number=number,
        at=utc("2026-01-05 00:00") + 10 * minutes * int(chance.integers(56 * days / (10 * minutes))),
        fix=Fix(position=place, within=float(np.exp(chance.uniform(math.log(100), math.log(2000))))),
        what=search_object("inflatable" if adrift else str(chance.choice(OBJECTS))),
        wind=ConstantWind(eastward=speed * math.sin(towards), northward=speed * math.cos(towards)),
        under_way=0.0 if adrift else float(chance.choice([0.0, 0.0, 0.5, 1.0])),
    )


def true_path(truth: Belief, sea: Environment) -> list[Belief]:
    """The truth after each of the times; one under way from its start, as who leaves the atlas cannot start there."""
    begin, path = truth.at, []
    for later in AFTER:
        path.append(drift(truth if truth.way_speed[0] > 0 or not path else path[-1], sea, until=begin + later))
    return path


def regions(belief: Belief) -> tuple[Region, ...]:
    """The regions of the two shares, from one density."""
    first = containment_region(belief, SHARES[0])
    return (first, containment_region(belief, SHARES[1], density=first.density))


def log_score(region: Region, lat: float, lon: float) -> float:
    """ln of the density at the truth in 1/km2, a hundredth of the probability spread over 100 x 100 km beneath it."""
    found = float(density_at(region.density, np.array([lat]), np.array([lon]))[0])
    return math.log((0.99 * found + ELSEWHERE) * km**2)


def without_errors(sea: Environment) -> Environment:
    """The sea with no error at all."""
    return replace(
        sea,
        current_error=replace(sea.current_error, std=0.0),
        residual_error=replace(sea.residual_error, std=0.0),
        wind_error=replace(sea.wind_error, std=0.0),
    )


def share_with_error(held: np.ndarray) -> str:
    """A share of independent cases in percent with its binomial standard error."""
    share = held.mean()
    return f"{100 * share:4.1f} +- {100 * math.sqrt(max(share * (1 - share), 1e-9) / held.size):3.1f} %"
