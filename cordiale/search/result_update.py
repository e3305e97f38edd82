"""An empty search is evidence: it lowers the probability where it looked and nowhere else, and never to nothing.

For a particle at which K searches looked with hazards n_k, the likelihood of nothing found is

    L = E_d prod_k [(1 - e_k) exp(-d n_k) + e_k],

d the detectability that all looks at one object share (a gamma law of mean 1 and shape kappa, or 1), e_k the
probability that search k tells nothing at all. e_k is the ceiling on the POD, 1 - e_k; it acts here and nowhere in
the published laws. The order of the searches decides nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.reading import inside_area
from cordiale.belief.report import Area
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Instant, Probability, Quantity, Seconds, minutes
from cordiale.sea.environment import Environment
from cordiale.search.result import Flown, hazard_of_search, time_outside
from cordiale.search.ways import Ways, ways_of
from cordiale.words import Language, say

EVERY: Final[Seconds] = 10 * minutes
_DEEP: Final = 25.0  # exp(-25): how far down the gamma law is summed
_LEFT: Final = -16.0  # ln of a detectability at which nothing is ever seen


@dataclass(frozen=True, kw_only=True)
class AreaResult:
    """What searches did in an area: POC before, what was found there in expectation, and POC now.

    `pos` of areas that do not overlap add up to the cumulative POS, being shares of the same first probability.
    """

    poc_before: Probability
    pos: Probability
    poc_now: Probability

    @property
    def pod(self) -> Probability:
        """POS over POC: the chance that a boat in this area would have been found."""
        return self.pos / self.poc_before if self.poc_before > 0 else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """What empty searches leave of one cloud.

    `missed` (searches + 1, particles) is the likelihood of nothing found by the first k searches, in order of their
    ends, from the `hazards` (searches, particles); `alone` the POS each search would have had without the others.
    `after` are the weights now: of one boat, times the probability that she is still out there; of boats nobody has
    reported, the thinned intensity. `outside` is what of each search lies beyond the times of the cloud.
    """

    ways: Ways
    searches: tuple[Flown, ...]
    hazards: FloatArray
    missed: FloatArray
    alone: tuple[Probability, ...]
    outside: tuple[Seconds, ...]

    @cached_property
    def residual(self) -> Fraction:
        """Number of boats that were there and were missed by every search: of one boat a probability."""
        return float(self.ways.weight @ self.missed[-1])

    @property
    def pos(self) -> Probability:
        """Cumulative POS: the share of what was there that the searches would have found."""
        return max(1 - self.residual / float(self.ways.weight.sum()), 0.0)

    @cached_property
    def after(self) -> FloatArray:
        """Weights after the searches, shape (particles,)."""
        left = self.ways.weight * self.missed[-1]
        if self.ways.unreported:
            return np.asarray(left)
        nowhere = max(1 - float(self.ways.weight.sum()), 0.0)
        return np.asarray(left / (left.sum() + nowhere))

    @property
    def exists(self) -> Fraction:
        """Number of boats still out there: a boat that certainly was there certainly still is."""
        return float(self.after.sum())

    @cached_property
    def gains(self) -> tuple[Probability, ...]:
        """What each search added, as a share of the first probability: these add up to the cumulative POS."""
        left = self.missed @ self.ways.weight / self.ways.weight.sum()
        return tuple((left[:-1] - left[1:]).tolist())

    def by_asset(self) -> dict[str, Probability]:
        """What each craft added to the cumulative POS, all its searches together."""
        out: dict[str, Probability] = {}
        for search, gain in zip(self.searches, self.gains, strict=True):
            out[search.asset] = out.get(search.asset, 0.0) + gain
        return out

    def by_area(self, areas: Mapping[str, Area], *, at: Instant | None = None) -> dict[str, AreaResult]:
        """What the searches did in each area, by where the particles are at an instant: the last end unless given."""
        when = at if at is not None else max((s.end for s in self.searches), default=float(self.ways.times[-1]))
        lat, lon = self.ways.at(when)
        total = float(self.ways.weight.sum())
        found = self.ways.weight * (1 - self.missed[-1]) / total
        out = {}
        for name, area in areas.items():
            inside = inside_area(area, lat, lon)
            out[name] = AreaResult(
                poc_before=float(self.ways.weight[inside].sum()) / total,
                pos=float(found[inside].sum()),
                poc_now=float(self.after[inside].sum()) / self.exists,
            )
        return out

    def rows(self, language: Language = "en") -> tuple[str, ...]:
        """What a coordinator would say: a line for the whole, one for each search, and what did not count."""
        key = "unreported" if self.ways.unreported else "boat"
        lines = [
            say(
                f"search.result.{key}",
                language,
                name=self.ways.name,
                searches=len(self.searches),
                pos_percent=100 * self.pos,
                residual_percent=100 * self.residual,
                before=float(self.ways.weight.sum()),
                after=self.exists,
            )
        ]
        rows = zip(self.searches, self.gains, self.alone, self.outside, strict=True)
        for search, gain, alone, outside in rows:
            kind = "broken_off" if search.broken_off else "completed"
            said = {"name": search.name, "asset": search.asset}
            lines.append(
                say(f"search.result.{kind}", language, **said, gain_percent=100 * gain, alone_percent=100 * alone)
            )
            if outside > 1:
                lines.append(say("search.result.outside", language, **said, outside_min=outside / minutes))
        return tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.rows("en"))


def found_nothing(ways: Ways, searches: Sequence[Flown], *, ceiling: bool = True) -> SearchResult:
    """What searches that found nothing leave of a cloud, all of them weighed together, in order of their ends.

    Where searches state how alike their looks are, the most alike counts for all: it is the object that hides.
    `ceiling=False` gives the POS of the published law, for comparison with a plan; never update a belief with it.
    """
    ordered = tuple(sorted(searches, key=lambda s: (s.end, s.name)))
    names = [s.name for s in ordered]
    if len(set(names)) < len(names):
        raise CordialeError("search.result_twice", names=", ".join(names))
    hazards = np.array([hazard_of_search(ways, one) for one in ordered]).reshape(len(ordered), ways.weight.size)
    doubts = [one.worthless if ceiling else 0.0 for one in ordered]
    alike = min((one.alike for one in ordered if one.alike is not None), default=None)
    share = ways.weight / ways.weight.sum()
    alone = [
        max(1 - float(share @ likelihood_of_nothing(n[None], [e], alike)[-1]), 0.0)
        for n, e in zip(hazards, doubts, strict=True)
    ]
    return SearchResult(
        ways=ways,
        searches=ordered,
        hazards=hazards,
        missed=likelihood_of_nothing(hazards, doubts, alike),
        alone=tuple(alone),
        outside=tuple(time_outside(ways, one) for one in ordered),
    )


def after_searches(
    belief: Belief,
    environment: Environment,
    searches: Sequence[Flown],
    *,
    until: Instant,
    boats: Fraction = 1.0,
    every: Seconds = EVERY,
    seen_as: Belief | None = None,
) -> tuple[Belief, SearchResult]:
    """The belief drifted until an instant and thinned by searches that found nothing on the way; and what they did.

    Parameters
    ----------
    boats : Fraction
        The probability that she is still out there (see `Ways.weight`).
    seen_as : Belief, optional
        The same particles with another life: what is to be seen of each at a time is what its life makes of it. Where
        they are stays that of `belief`.

    The particles stay, only weights change.
    """
    seen: list[Belief] = []
    if until <= belief.at:
        raise CordialeError("search.result_until", name=belief.name, minutes=(until - belief.at) / minutes)
    last = drift(belief, environment, until=until, observe=seen.append, every=every)
    ways = ways_of(seen, boats=boats)
    if seen_as is not None:
        lived: list[Belief] = []
        drift(seen_as, environment, until=until, observe=lived.append, every=every)
        ways = replace(ways, phase=ways_of(lived).phase)
    result = found_nothing(ways, searches)
    return replace(last, weight=result.after / result.after.sum()), result


def likelihood_of_nothing(
    hazards: FloatArray, doubts: Sequence[Probability], alike: Quantity | None = None
) -> FloatArray:
    """Likelihood of nothing found by the first 0, 1, ... K searches: hazards (K, n) to (K + 1, n), first row 1.

    Right to 1e-5 for the gamma law from kappa 0.2 to 1000; never 0 while every doubt is above 0.
    """
    searches, particles = hazards.shape
    out = np.zeros((searches + 1, particles))
    for detectability, weight in _shared(alike):
        left = np.full(particles, weight)
        out[0] += left
        for k in range(searches):
            left = left * ((1 - doubts[k]) * np.exp(-detectability * hazards[k]) + doubts[k])
            out[k + 1] += left
    return out


def _shared(alike: Quantity | None) -> list[tuple[Quantity, Probability]]:
    """Detectabilities and their weights: the gamma law summed evenly in ln d, with the rest of its mass at 0."""
    if alike is None:
        return [(1.0, 1.0)]
    wide = math.sqrt(2 * _DEEP / alike)
    left = max(-(_DEEP / alike + wide), _LEFT)
    right = min(wide, max(1.7, math.log(2 * _DEEP / alike)))
    step = min(0.5, 1 / math.sqrt(alike))
    y = np.arange(left, right + step, step)
    weight = step * np.exp(alike * (y - np.exp(y)) + alike * math.log(alike) - math.lgamma(alike))
    rest = 1 - float(weight.sum())
    rows = list(zip(np.exp(y).tolist(), weight.tolist(), strict=True))
    return [(0.0, rest), *rows] if rest > 0 else [(d, w / float(weight.sum())) for d, w in rows]
