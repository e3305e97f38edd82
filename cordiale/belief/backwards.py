"""From what was found back to where and when it began: Bayes with the forward drift, not time run backwards.

p(origin | finds) is proportional to prior(origin) x p(finds | origin), the second by the same `drift` as any forecast.
Two ways to it, told apart by the question (docs/backwards.md): each particle's own sea inverted exactly, where
something afloat began at sea; origins tried forwards in rounds, where it lay ashore, began on a beach or steered along
a coast, or where so much is known of the origin that few particles would come from there.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.belief.backwards_find import Find, Inquiry, Origin, Weighed, find_of_report, inquiry
from cordiale.belief.backwards_inverse import inverted
from cordiale.belief.backwards_rounds import in_rounds
from cordiale.belief.belief import Belief
from cordiale.belief.reading import inside_area
from cordiale.belief.region import Region, containment_region
from cordiale.belief.report import Area
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu, zulu
from cordiale.earth.position import Position
from cordiale.earth.units import (
    Fraction,
    Instant,
    LogLikelihood,
    Metres,
    Probability,
    Seconds,
    days,
    km,
    minutes,
)
from cordiale.sea.environment import Environment
from cordiale.words import Language, say

__all__ = ["Find", "Origin", "OriginBelief", "find_of_report", "origin_of", "origin_region"]

FEWEST: Final = 60.0  # effective particles under which nothing is claimed: the 90 % area would be 20 % uncertain
ROUGH: Final = 250.0  # effective particles under which the sentence says that it is rough
_WANTED: Final[Fraction] = 0.1  # of the particles, effective: enough
_TURNED: Final[Fraction] = 0.05  # judgement: more than so many turned aside by a coast, and origins are tried forwards
_MORE: Final = (4, 16)  # times as many particles, where the first were worth too little


@dataclass(frozen=True, kw_only=True, eq=False)
class OriginBelief:
    """Where and when it began, given the finds.

    Parameters
    ----------
    cloud : Belief
        Particles at their origins, each waiting for its own `start`; drifted to the time of a find they meet it.
    effective : Fraction
        Effective number of particles.
    log_evidence : LogLikelihood
        Logarithm of the density (1/m2 for each find) of the finds under the prior: to compare priors.
    bandwidth : Metres
        Widest kernel that the likelihood of a find was smoothed with; 0 where none was needed.
    exact : bool
        Each particle ends in the first find (`backwards_inverse`); else origins were tried (`backwards_rounds`).
    unsolved : Fraction
        Share of the particles whose origin was not found, for an exact answer.
    """

    cloud: Belief
    finds: tuple[Find, ...]
    prior: Origin
    effective: Fraction
    log_evidence: LogLikelihood
    bandwidth: Metres
    exact: bool
    unsolved: Fraction

    def __str__(self) -> str:
        return self.sentence("en")

    @property
    def centre(self) -> Position:
        """Mean origin, by weight."""
        return self.cloud.centre

    def times(self, probability: Probability = 0.9) -> Span:
        """When it began: the middle of the distribution that holds `probability`."""
        if not 0 < probability < 1:
            raise CordialeError("belief.containment", containment=probability)
        tail = (1 - probability) / 2
        early, late = self.quantiles((tail, 1 - tail))
        return Span(earliest=early, latest=max(early, late))

    def quantiles(self, probabilities: Sequence[Probability]) -> tuple[Instant, ...]:
        """Instants before which it began with these probabilities."""
        order = np.argsort(self.cloud.start, kind="stable")
        held = np.cumsum(self.cloud.weight[order])
        at = np.minimum(np.searchsorted(held, np.asarray(probabilities) * held[-1]), order.size - 1)
        return tuple(float(t) for t in self.cloud.start[order][at])

    def within(self, area: Area | None = None, span: Span | None = None) -> Probability:
        """Probability that it began in an area, in a span of time, or both."""
        cloud = self.cloud
        held = np.ones(len(cloud), dtype=np.bool_)
        if area is not None:
            held &= inside_area(area, cloud.lat, cloud.lon)
        if span is not None:
            held &= (cloud.start >= span.earliest) & (cloud.start <= span.latest)
        return float(cloud.weight @ held)

    def told(self, at: Instant) -> str:
        """A time, with its date unless it is on the day of every find."""
        return zulu(at) if all(find.at // days == at // days for find in self.finds) else date_and_zulu(at)

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say: the 90 % area of the origin and when it began."""
        region = containment_region(self.cloud, 0.9)
        span = self.times(0.9)
        known = span.length < 1 * minutes
        text = say(
            "belief.origin.at" if known else "belief.origin.between",
            language,
            found=", ".join(date_and_zulu(find.at) for find in self.finds),
            area_km2=region.area / km**2,
            position=str(self.centre),
            earliest=self.told(span.earliest),
            latest=self.told(span.latest),
        )
        rough = say("belief.origin.rough", language, effective=self.effective) if self.effective < ROUGH else ""
        return f"{text} {rough}".rstrip()


def origin_of(
    finds: Find | Sequence[Find],
    origin: Origin,
    environment: Environment,
    *,
    stream: Stream,
    count: int = 4000,
    step: Seconds = 10 * minutes,
    progress: Callable[[Fraction], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> OriginBelief:
    """Where and when what was found began, from one find or several of one boat.

    Parameters
    ----------
    origin : Origin
        What is held possible beforehand; it ends with the first find at the latest. Nothing outside it is found.
    count : int
        Number of particles; up to 16 times as many are tried where so many are worth too little. The answer depends
        on the stream, and it is uncertain by as much as those of two streams differ.
    progress, cancel : functions, optional
        Called with the part done; asked between rounds, and the answer so far is returned if it is worth anything.

    Raises
    ------
    CordialeError where no origin in the prior leads to the finds (`belief.origin_impossible`), and where too few
    particles did for a claim (`belief.origin_unclear`): both say what to change.
    """
    given = (finds,) if isinstance(finds, Find) else tuple(finds)
    if count < FEWEST:
        raise CordialeError("belief.origin_count", count=count, fewest=FEWEST)
    done = progress or (lambda part: None)
    ordered = tuple(sorted(given, key=lambda f: (f.ashore, f.spread)))
    asked = inquiry(ordered, origin, environment, stream, step, cancel or (lambda: False))
    found = _weighed(asked, count, done)
    for more in _MORE:
        if found.effective >= 2 * FEWEST or asked.stopped():
            break
        again = _weighed(asked, more * count, done)
        found = again if again.effective > found.effective else found
    done(1.0)
    _require_enough(found, asked, count)
    return OriginBelief(
        cloud=found.cloud,
        finds=given,
        prior=asked.origin,
        effective=found.effective,
        log_evidence=found.log_evidence,
        bandwidth=found.bandwidth,
        exact=found.exact,
        unsolved=found.unsolved,
    )


def _weighed(asked: Inquiry, count: int, done: Callable[[Fraction], None]) -> Weighed:
    """By inversion where the question allows it; tried forwards where it does not, or where that is worth more."""
    wanted = _WANTED * count
    best: Weighed | None = None
    if not asked.finds[0].ashore and not asked.origin.from_the_beach:
        best = inverted(asked, count, wanted)
        if (best.effective >= wanted and best.turned <= _TURNED) or asked.stopped():
            return best
    other = in_rounds(asked, count, wanted, done)
    if best is None or best.turned > _TURNED:
        return other
    return best if best.effective >= other.effective else other


def origin_region(origins: OriginBelief, probability: Probability = 0.9) -> Region:
    """The smallest region that holds the origin with this probability, whenever it began."""
    return containment_region(origins.cloud, probability)


def _require_enough(found: Weighed, asked: Inquiry, count: int) -> None:
    """Refuse an answer that rests on too few particles."""
    if not math.isfinite(found.log_evidence):
        raise CordialeError("belief.origin_impossible", origin=asked.origin.name, count=count)
    if found.effective < FEWEST:
        raise CordialeError("belief.origin_unclear", effective=found.effective, fewest=FEWEST, count=count)
