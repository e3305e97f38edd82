"""Survival in the water: how many of these people may be alive after so long, as a band and never as one number.

For one person whose median time is known,

    S(t) = (1 - p0) (1 - Phi((ln t - ln(m t50)) / sigma)),   t50 = 3.6 h exp(0.0916 (T - 5)),

with the water temperature T in C, the factor m of the situation, sigma between persons and the share p0 that dies in
the first ten minutes (here spread evenly over them). m, sigma, p0 and T are uncertain: the formula is worked out at
fixed quantiles of each, so that nothing is drawn by chance. The band is the 10 and 90 % points of what it then gives;
what nobody could say about the people widens it. Valid for 8 to 18 C; outside, the same formula with a wider band and
a flag. A decision aid: no survival time was ever a reason to stop a search by itself (`survival_horizon`).

Source: medians from the UK National Immersion Incident Survey 2006; every factor in `data/survival.csv`, most of them
judgements between published sources; docs/survival.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np

from cordiale.boats.survival_published import xu_giesbrecht
from cordiale.boats.survival_table import (
    Alternative,
    Immersion,
    Person,
    SurvivalTable,
    Water,
    alternatives,
    survival_table,
)
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import (
    Celsius,
    FloatArray,
    Fraction,
    IntArray,
    Probability,
    Seconds,
    hours,
    minutes,
)
from cordiale.words import Language, say

MANY: Final = 20  # equally likely levels of what we know, from the gloomiest to the most hopeful
LEVELS: Final = (0.1, 0.5, 0.9, *((k + 0.5) / MANY for k in range(MANY)))
LOW, MEDIAN, HIGH, FIRST = 0, 1, 2, 3  # rows of a group's levels; the equally likely ones follow
KNOTS: Final = np.concatenate(
    ([0.0, 30.0], np.unique(np.append(np.geomspace(1 * minutes, 3000 * hours, 280), 10 * minutes)))
)
PLANNING_TAIL: Final[Probability] = 0.01  # the 99th percentile of the planning curve is capped
_FINE, _COARSE, _FEW = (
    25,
    9,
    8,
)  # quantiles of the factor; the coarse ones where there are more than so many alternatives
_Z: Final = np.linspace(-9.0, 9.0, 9001)
_PHI: Final = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in _Z])  # between its knots within 2e-7


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimator:
    """The numbers of the formula that hold for everybody, from `data/survival_estimator.csv`."""

    half_at_5: Seconds
    growth: Fraction  # of ln(time) for each degree C
    person_spread: tuple[Fraction, Fraction, Fraction]
    early_until: Seconds
    valid_water: tuple[Celsius, Celsius]
    extrapolation: Fraction  # of ln(time) for each degree C outside

    @classmethod
    def of(cls, table: SurvivalTable) -> "Estimator":
        """Read from a table."""
        rows = table.parameters
        spread, valid = rows["person_spread"], rows["valid_water"]
        return cls(
            half_at_5=rows["half_at_5"].value * hours,
            growth=rows["growth"].value,
            person_spread=(spread.low, spread.value, spread.high),
            early_until=rows["early_until"].value * minutes,
            valid_water=(valid.low, valid.high),
            extrapolation=rows["extrapolation_spread"].value,
        )

    def outside(self, water: Water) -> Celsius:
        """By how many degrees the band leaves the range of the estimator; 0 inside."""
        return max(self.valid_water[0] - water.low, water.high - self.valid_water[1], 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """People in the same situation: how many, and S at each level (LEVELS) and knot of time (KNOTS), and its mean."""

    who: Immersion
    counts: IntArray  # possible numbers of persons
    chances: FloatArray  # and their probabilities
    levels: FloatArray  # shape (levels, knots)
    mean: FloatArray

    @property
    def expected(self) -> Fraction:
        """Expected number of persons."""
        return float(self.counts @ self.chances)


@dataclass(frozen=True, kw_only=True, eq=False)
class SurvivalCurve:
    """Probability that one of these people, picked at random, is alive after a time; mean and band.

    Between groups the levels of knowledge are taken together (all hopeful or all gloomy): the widest band.
    """

    groups: tuple[Group, ...]
    water: Water
    table: SurvivalTable
    planning: bool
    levels: FloatArray
    mean: FloatArray

    @property
    def extrapolated(self) -> bool:
        """Whether the water is outside the range of the estimator."""
        return Estimator.of(self.table).outside(self.water) > 0

    def band(self, since_entry: Seconds | FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The 10, 50 and 90 % points of S after these times in s since entry."""
        times = checked_times(since_entry)
        low, median, high = (np.interp(times, KNOTS, self.levels[row]) for row in (LOW, MEDIAN, HIGH))
        return low, median, high

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say: the band after 1, 3, 6 and 12 hours."""
        low, _, high = self.band(np.array([1.0, 3.0, 6.0, 12.0]) * hours)
        bands = {f"low_{h}": 100 * a for h, a in zip((1, 3, 6, 12), low.tolist(), strict=True)}
        bands |= {f"high_{h}": 100 * b for h, b in zip((1, 3, 6, 12), high.tolist(), strict=True)}
        key = "boats.survival.curve_band" if self.water.low < self.water.high else "boats.survival.curve"
        text = say(key, language, coldest=self.water.low, warmest=self.water.high, **bands)
        return f"{text} {say('boats.survival.extrapolated', language)}" if self.extrapolated else text

    def __str__(self) -> str:
        return self.sentence("en")


def survival_curve(
    who: Immersion | Sequence[Immersion],
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    *,
    table: SurvivalTable | None = None,
    planning: bool = False,
) -> SurvivalCurve:
    """How long these people may live, in water of this temperature (C), a band of it, or None for nobody knows.

    Parameters
    ----------
    who : Immersion or several
        One entry for each group in a different situation; what is None in it stays open.
    table : SurvivalTable
        Other factors than the packaged ones.
    planning : bool
        Hold the 99th percentile of people in the water without effective flotation to the curve of Xu and Giesbrecht
        2018: where to look first. Never for stopping or closing: `last_reasonable_time` does not listen to it.

    Errors: CordialeError for a temperature below -2 or above 35 C or not a number, a band upside down, no group at all.
    """
    chosen = table or survival_table()
    people = (who,) if isinstance(who, Immersion) else tuple(who)
    if not people:
        raise CordialeError("boats.survival_nobody")
    sea = water_band(water, chosen)
    unknown = sum(one.persons is None for one in people)
    groups = tuple(_group(one, sea, chosen, planning, unknown) for one in people)
    weights = np.array([group.expected for group in groups])
    weights = weights / weights.sum()
    return SurvivalCurve(
        groups=groups,
        water=sea,
        table=chosen,
        planning=planning,
        levels=np.einsum("g,glk->lk", weights, np.array([group.levels for group in groups])),
        mean=np.einsum("g,gk->k", weights, np.array([group.mean for group in groups])),
    )


def alive_probability(curve: SurvivalCurve, since_entry: FloatArray) -> FloatArray:
    """Probability of being alive after times in s since entry, shape (n,): the mean over what we do not know.

    Made for search plans: one interpolation in a table, within 0.001 of the formula. Negative or NaN times raise.
    """
    return np.asarray(np.interp(checked_times(since_entry), KNOTS, curve.mean))


def checked_times(since_entry: Seconds | FloatArray) -> FloatArray:
    """Times since entry as an array; a negative one or NaN raises."""
    times = np.asarray(since_entry, dtype=np.float64)
    if times.size and not times.min() >= 0:  # NaN is not >= 0 either
        wrong = times[~(times >= 0)].flat[0]
        raise CordialeError("boats.since_entry", value=float(wrong), hours=float(wrong) / hours)
    return times


def water_band(water: Celsius | tuple[Celsius, Celsius] | None, table: SurvivalTable) -> Water:
    """The band of water temperature; where nobody knows it, the one of the whole year (a judgement)."""
    if water is None:
        season = table.parameters["season"]
        return Water(season.low, season.high)
    return Water(*water) if isinstance(water, tuple) else Water(water, water)


def _group(who: Immersion, water: Water, table: SurvivalTable, planning: bool, unknown: int) -> Group:
    estimator = Estimator.of(table)
    share = table.parameters["children"].value if who.children is None else who.children
    counts, chances = _persons(who, table, unknown)
    shares: tuple[tuple[Person, Probability], ...] = (("adult", 1 - share), ("child", share))
    parts = [
        (weight, *pooled(alternatives(who, table, person), water, estimator, planning))
        for person, weight in shares
        if weight > 0
    ]
    return Group(
        who=who,
        counts=counts,
        chances=chances,
        levels=np.sum([weight * levels for weight, levels, _ in parts], axis=0),
        mean=np.sum([weight * mean for weight, _, mean in parts], axis=0),
    )


def _persons(who: Immersion, table: SurvivalTable, unknown: int) -> tuple[IntArray, FloatArray]:
    """Numbers of persons and their probabilities: all alike between the bounds, or the prior shared by the groups."""
    if who.persons is not None:
        counts = np.arange(who.persons[0], who.persons[1] + 1)
        return counts, np.full(counts.size, 1 / counts.size)
    rows = table.parameters
    counts = np.arange(1, int(rows["persons_most"].value) + 1)
    score = np.log(counts * unknown / rows["persons"].value) / rows["persons_spread"].value
    chances = np.exp(-score * score / 2) / counts
    return counts, chances / chances.sum()


@lru_cache(maxsize=128)
def pooled(
    alternatives: tuple[Alternative, ...], water: Water, estimator: Estimator, planning: bool
) -> tuple[FloatArray, FloatArray]:
    """Levels (LEVELS, KNOTS) and mean (KNOTS,) of S over everything that may be so, each at its weight."""
    nodes = _FINE if len(alternatives) <= _FEW else _COARSE
    curves = [_curves(item, water, estimator, planning, nodes) for item in alternatives]
    everything = np.concatenate(curves).T.copy()
    weights = np.concatenate([np.full(len(c), a.weight / len(c)) for a, c in zip(alternatives, curves, strict=True)])
    order = np.argsort(everything, axis=1)
    ranked = np.take_along_axis(everything, order, axis=1)
    cumulated = np.cumsum(weights[order], axis=1)
    limits = np.array(LEVELS) * (1 - 1e-9)
    places = [np.searchsorted(row, limits) for row in cumulated]
    levels = np.take_along_axis(ranked, np.array(places).clip(max=weights.size - 1), axis=1).T.copy()
    mean = np.asarray(everything @ weights)
    levels.flags.writeable = mean.flags.writeable = False
    return levels, mean


def _curves(item: Alternative, water: Water, estimator: Estimator, planning: bool, nodes: int) -> FloatArray:
    """S at the knots for every quantile of the factor, of sigma and of early death: shape (scenarios, knots)."""
    width = water.high - water.low
    outside = estimator.outside(water) * estimator.extrapolation
    spread = math.sqrt(item.spread**2 + (estimator.growth * width) ** 2 / 12 + outside**2)
    centre = math.log(estimator.half_at_5) + estimator.growth * (water.middle - 5) + item.log_multiplier
    medians = centre + spread * np.array([NormalDist().inv_cdf((k + 0.5) / nodes) for k in range(nodes)])
    early = item.early_low + (item.early_high - item.early_low) * np.array([0.25, 0.75])
    sigma = np.array(estimator.person_spread)

    def survival(times: FloatArray) -> FloatArray:
        log_times = np.log(np.maximum(times, 1e-3))
        score = (medians[:, None, None] - log_times) / sigma[:, None]
        lasting = np.interp(score, _Z, _PHI)
        dead = early[:, None] * np.minimum(times / estimator.early_until, 1.0)
        both = lasting[:, :, None, :] * (1 - dead)
        return np.asarray(both.reshape(-1, times.size))

    curves = survival(KNOTS)
    curves[:, 0] = 1.0
    if planning and item.limited:
        limit = float(KNOTS[xu_giesbrecht(water.middle) >= KNOTS][-1])
        return capped(curves, survival(np.array([limit])), limit)
    return curves


def capped(curves: FloatArray, at_limit: FloatArray, limit: Seconds) -> FloatArray:
    """Curves whose 99th percentile is at most `limit` (s): the deaths beyond it fall earlier, in proportion.

    Curves that hold 1 % or less at the limit stay as they are; none is ever raised.
    """
    excess = np.maximum(at_limit, PLANNING_TAIL)
    before = 1 - (1 - curves) * (1 - PLANNING_TAIL) / np.maximum(1 - excess, 1e-12)
    after = curves * (PLANNING_TAIL / excess)
    held = np.where(limit >= KNOTS, before, after)
    return np.where(at_limit > PLANNING_TAIL, held, curves)
