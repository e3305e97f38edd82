"""Does her engine run? What two or more timed positions of one boat say: those that move with the stream are adrift.

For each pair of positions the chance of the second given the first is reckoned twice, with the drift's own
uncertainty: for a boat adrift, and for one under way (prior of the speed; half of the boats steer for the other shore,
half any course). Between the pairs she may lose her engine or start it again. Never certain: a floor on both sides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.reading import spot
from cordiale.belief.report import Description, Reading, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.life import ADRIFT, STANDARD_LIFE, UNDER_WAY, LifeCycle
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement
from cordiale.earth.instants import zulu
from cordiale.earth.units import FloatArray, Fraction, Instant, LogLikelihood, Metres, Probability, Seconds, minutes
from cordiale.sea.environment import Environment
from cordiale.words import Language, say

NEVER_CERTAIN: Final[Probability] = (
    0.02  # judgement: a wrong position, a boat that is not the same, a tow nobody told of
)
FREE_COURSE: Final[Fraction] = 0.5  # judgement: of the boats under way, those that do not steer for the other shore
ENGINE_UNKNOWN: Final[Probability] = 0.5  # judgement: as `scenario.UNDER_WAY_BY_KIND` for a position from a phone
_COUNT: Final = 1000
_SOONEST: Final[Seconds] = 3 * minutes  # judgement: positions nearer in time say nothing about the engine
_TIMES: Final = 8  # instants tried where the time of a position is an interval


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineState:
    """How likely she makes way at the last position, by how many positions, and from when to when.

    `evidence` holds for each pair the natural logarithm of the likelihood ratio, under way against adrift.
    """

    under_way: Probability
    evidence: tuple[LogLikelihood, ...]
    count: int
    first: Instant
    last: Instant

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say."""
        return say(
            "belief.engine",
            language,
            percent=100 * self.under_way,
            count=self.count,
            first=zulu(self.first),
            last=zulu(self.last),
        )


def engine_state(
    fixes: Sequence[Report],
    environment: Environment,
    *,
    stream: Stream,
    prior: Probability = ENGINE_UNKNOWN,
    search_for: SearchObject | None = None,
    life: LifeCycle = STANDARD_LIFE,
) -> EngineState:
    """How likely a boat makes way, from two or more reports of her position; what they say of the engine is not used.

    Parameters
    ----------
    fixes : reports with one position each (the likeliest reading is taken)
        In any order. Those less than 3 min after another tell nothing and are passed over. The time may be an interval.
    stream : Stream
        Chance of this question; the same stream gives the same answer.
    prior : Probability
        That she makes way at the first position.
    life : LifeCycle
        How soon engines fail and start again, between the positions.

    Returns
    -------
    EngineState; `under_way` between 0.02 and 0.98. Fewer than two positions raise.
    """
    told = _apart(sorted((f for f in fixes if f.where), key=lambda f: (f.event.latest, f.name)))
    if len(told) < 2:
        raise CordialeError("belief.one_fix", count=len(told))
    if not 0 <= prior <= 1:
        raise CordialeError("belief.prior", prior=prior)
    share, evidence = prior, []
    for number, (before, after) in enumerate(zip(told, told[1:], strict=False)):
        waited = max(after.event.latest - before.event.latest, 0.0)
        share = _carried(share, waited, life)
        ratio = log_ratio(before, after, environment, stream=stream.child(f"pair {number}"), search_for=search_for)
        evidence.append(ratio)
        odds = math.log(max(share, 1e-12)) - math.log(max(1 - share, 1e-12)) + ratio
        share = 1 / (1 + math.exp(-min(max(odds, -50.0), 50.0)))
        share = min(max(share, NEVER_CERTAIN), 1 - NEVER_CERTAIN)
    return EngineState(
        under_way=share,
        evidence=tuple(evidence),
        count=len(told),
        first=told[0].event.earliest,
        last=told[-1].event.latest,
    )


def log_ratio(
    before: Report,
    after: Report,
    environment: Environment,
    *,
    stream: Stream,
    search_for: SearchObject | None = None,
) -> LogLikelihood:
    """Natural logarithm of the likelihood of the second position under way, over that of it adrift, from the first."""
    start = first_belief(
        replace(before, where=(_likeliest(before),), kind="position_pin", boat=Description()),
        stream=stream,
        search_for=search_for or search_object("inflatable"),
        count=_COUNT,
        under_way=1.0,
        coast=environment.coast,
    )
    start = replace(start, phase=np.full(len(start), ADRIFT), stranded=np.zeros(len(start), dtype=np.bool_))
    draws = stream.child("free course").uniforms(start.ids, 0)
    course = np.where(draws[:, 0] < FREE_COURSE, 360.0 * draws[:, 1], start.way_course)
    sails = replace(start, way_course=course, engine_stops=np.full(_COUNT, np.inf), phase=np.full(_COUNT, UNDER_WAY))
    drifts = replace(start, way_speed=np.zeros(_COUNT))
    return math.log(_likelihood(sails, after, environment)) - math.log(_likelihood(drifts, after, environment))


def _likelihood(belief: Belief, after: Report, environment: Environment) -> float:
    """Density (1/m2) of the second position under a cloud carried to its time, or averaged over the interval of it."""
    times = np.linspace(max(after.event.earliest, belief.at), after.event.latest, _TIMES if after.event.length else 1)
    where = spot(_likeliest(after).place)
    total = 0.0
    for at in times.tolist():
        belief = drift(belief, environment, until=max(at, belief.at))
        east, north = displacement(where.centre.lat, where.centre.lon, belief.lat, belief.lon)
        widened = _kernel(belief, east, north) ** 2
        a, b, c = where.east_variance + widened, where.covariance, where.north_variance + widened
        determinant = a * c - b * b
        square = (c * east**2 - 2 * b * east * north + a * north**2) / determinant
        total += float(np.mean(np.exp(-square / 2))) / (2 * math.pi * math.sqrt(determinant)) / times.size
    return max(total, 1e-12)  # 1/m2: one boat anywhere in 10^6 km2


def _kernel(belief: Belief, east: FloatArray, north: FloatArray) -> Metres:
    """Width of the kernels that stand for the particles: Silverman's rule in two dimensions."""
    return float(math.sqrt((np.var(east) + np.var(north)) / 2) * len(belief) ** (-1 / 6))


def _carried(share: Probability, waited: Seconds, life: LifeCycle) -> Probability:
    """How likely she makes way some time later, when engines fail and start again at the rates of her life."""
    fails, starts = 1 / life.mean(UNDER_WAY, ADRIFT), 1 / life.mean(ADRIFT, UNDER_WAY)
    if fails + starts == 0:
        return share
    steady = starts / (fails + starts)
    return steady + (share - steady) * math.exp(-(fails + starts) * waited)


def _apart(fixes: Sequence[Report]) -> list[Report]:
    """The fixes at least three minutes apart."""
    told: list[Report] = []
    for fix in fixes:
        if not told or fix.event.latest - told[-1].event.latest >= _SOONEST:
            told.append(fix)
    return told


def _likeliest(report: Report) -> Reading:
    return replace(max(report.where, key=lambda reading: reading.probability), probability=1.0)
