"""How many are alive: the whole distribution, from what we know of survival and of how many there are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from cordiale.boats.survival import FIRST, KNOTS, MANY, Group, SurvivalCurve
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Probability, Quantity, Seconds, hours
from cordiale.words import Language, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Survivors:
    """How many may be alive after a time or between two times since entry: expected number, band, chance of none."""

    since_entry: tuple[Seconds, Seconds]
    persons: tuple[int, int]
    expected: Fraction  # of persons
    low: int  # with probability at least 0.9 so many or more
    median: int
    high: int  # with probability at least 0.9 so many or fewer
    nobody: Probability

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say."""
        return say(self.key, language, **self.values())

    @property
    def key(self) -> str:
        """The entry of the catalogue: with or without an interval of time, and of persons."""
        time = "between" if self.since_entry[0] < self.since_entry[1] else "after"
        return f"boats.survival.alive.{time}_of_{'about' if self.persons[0] < self.persons[1] else 'all'}"

    def values(self) -> dict[str, Quantity]:
        """The numbers of the sentence by name."""
        return {
            "shortest_h": self.since_entry[0] / hours,
            "longest_h": self.since_entry[1] / hours,
            "fewest": self.persons[0],
            "most": self.persons[1],
            "low": self.low,
            "median": self.median,
            "high": self.high,
            "nobody_percent": 100 * self.nobody,
        }

    def __str__(self) -> str:
        return self.sentence("en")


@lru_cache(maxsize=256)
def alive_by_level(curve: SurvivalCurve, since_entry: Seconds | tuple[Seconds, Seconds]) -> FloatArray:
    """Probability of 0, 1, 2 ... people alive at each equally likely level of knowledge, shape (levels, numbers).

    From the gloomiest to the most hopeful; after a time in s since entry or anywhere between two of them. Given a level
    and the number of persons, each lives or dies for himself.
    """
    shortest, longest = _interval(since_entry)
    times = np.unique(shortest + (longest - shortest) * np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    total = np.zeros((MANY, sum(int(group.counts[-1]) for group in curve.groups) + 1))
    for time in times:
        rows = [_binomial(group, _levels_at(group, float(time))) for group in curve.groups]
        for level in range(MANY):
            joint = rows[0][level]
            for other in rows[1:]:
                joint = np.asarray(np.convolve(joint, other[level]))
            total[level] += joint
    total /= total.sum(axis=1, keepdims=True)
    total.flags.writeable = False
    return total


def number_alive(curve: SurvivalCurve, since_entry: Seconds | tuple[Seconds, Seconds]) -> FloatArray:
    """Probability of 0, 1, 2 ... people alive, after a time in s since entry or anywhere between two of them.

    Given a level of knowledge and the number of persons, each lives or dies for himself; the levels are shared by all.
    The chance that all are dead never reaches 1.
    """
    return np.asarray(alive_by_level(curve, since_entry).mean(axis=0))


def all_together(by_level: Sequence[FloatArray]) -> FloatArray:
    """Probability of 0, 1, 2 ... people of several boats together, each as from `alive_by_level`.

    What is not known of survival is not known of any of them: the levels move together, which gives the widest band.
    """
    summed = by_level[0]
    for other in by_level[1:]:
        summed = np.array([np.convolve(one, two) for one, two in zip(summed, other, strict=True)])
    return np.asarray(summed.mean(axis=0))


def quantile_of(chances: FloatArray, probability: Probability) -> int:
    """The least number that with this probability is not exceeded."""
    return int(np.searchsorted(np.cumsum(chances), probability - 1e-12).clip(max=chances.size - 1))


def expected_survivors(curve: SurvivalCurve, since_entry: Seconds | tuple[Seconds, Seconds]) -> Survivors:
    """Expected number alive and its 10 to 90 % band, after a time in s since entry or anywhere between two of them.

    The band holds everything: survival, how many there were, and that some are lucky.
    """
    interval = _interval(since_entry)
    chances = number_alive(curve, interval)
    low, median, high = (quantile_of(chances, p) for p in (0.1, 0.5, 0.9))
    fewest, most = _likely_persons(curve)
    return Survivors(
        since_entry=interval,
        persons=(fewest, most),
        expected=float(chances @ np.arange(chances.size)),
        low=low,
        median=median,
        high=high,
        nobody=float(chances[0]),
    )


def survivor_table(curve: SurvivalCurve, since_entry: Sequence[Seconds]) -> list[dict[str, Quantity]]:
    """One row for each time (s since entry): hours, S with its band, expected alive with its band, chance of none."""
    rows = []
    for time in since_entry:
        low, median, high = curve.band(time)
        alive = expected_survivors(curve, time)
        rows.append(
            {
                "hours": time / hours,
                "alive": float(np.interp(time, KNOTS, curve.mean)),
                "alive_low": float(low),
                "alive_median": float(median),
                "alive_high": float(high),
                "expected": alive.expected,
                "low": alive.low,
                "high": alive.high,
                "nobody": alive.nobody,
            }
        )
    return rows


def survival_words(
    curve: SurvivalCurve, since_entry: Seconds | tuple[Seconds, Seconds]
) -> list[tuple[str, dict[str, Quantity]]]:
    """Key and values, for `say`, of each sentence a coordinator needs: who may be alive, until when, any flag."""
    alive = expected_survivors(curve, since_entry)
    horizon = last_reasonable_time(curve)
    sentences: list[tuple[str, dict[str, Quantity]]] = [(alive.key, alive.values())]
    plain = "boats.survival.horizon_plain" if math.isfinite(horizon.time) else horizon.key
    sentences.append((plain, horizon.values()))
    if curve.extrapolated:
        sentences.append(("boats.survival.extrapolated", {}))
    return sentences


def _interval(since_entry: Seconds | tuple[Seconds, Seconds]) -> tuple[Seconds, Seconds]:
    shortest, longest = since_entry if isinstance(since_entry, tuple) else (since_entry, since_entry)
    for time in (shortest, longest):
        if not 0 <= time < math.inf:
            raise CordialeError("boats.since_entry", value=time, hours=time / hours)
    if shortest > longest:
        raise CordialeError("boats.entry_interval", shortest=shortest / hours, longest=longest / hours)
    return shortest, longest


def _likely_persons(curve: SurvivalCurve) -> tuple[int, int]:
    """Fewest and most persons: the bounds as given, the 5 and 95 % points where a group has none."""
    fewest = most = 0
    for group in curve.groups:
        inside = (0.0, 1.0) if group.who.persons else (0.05, 0.95)
        limits = np.searchsorted(np.cumsum(group.chances), np.array(inside) * (1 - 1e-9))
        fewest += int(group.counts[limits[0]])
        most += int(group.counts[limits[1]])
    return fewest, most


def _levels_at(group: Group, time: Seconds) -> FloatArray:
    """S of the group after a time at the equally likely levels; neither quite 0 nor quite 1."""
    values = [np.interp(time, KNOTS, row) for row in group.levels[FIRST:]]
    return np.asarray(np.clip(np.array(values), 1e-9, 1 - 1e-9))


def _binomial(group: Group, alive: FloatArray) -> FloatArray:
    """Number alive in a group at each level, shape (levels, most persons + 1)."""
    most = int(group.counts[-1])
    k, n = np.arange(most + 1), group.counts[:, None]
    log_factorial = _log_factorial(most)
    below = np.maximum(n - k, 0)
    choose = log_factorial[n] - log_factorial[k] - log_factorial[below]
    rows = []
    for p in alive.tolist():
        log_chance = choose + k * math.log(p) + below * math.log1p(-p)
        rows.append(group.chances @ np.where(k <= n, np.exp(log_chance), 0.0))
    return np.array(rows, dtype=np.float64)


@cache
def _log_factorial(most: int) -> FloatArray:
    return np.array([math.lgamma(k + 1) for k in range(most + 1)])
