"""How well a grouping, a probability or an interval did, against the truth: the scores of the association.

B-cubed: Bagga and Baldwin, Algorithms for scoring coreference chains (1998). Pairwise: every pair of reports is a link
or none. Both are 1 for a perfect grouping. Check values: tests/worlds/test_scores.py.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from cordiale.belief.report import Between
from cordiale.earth.units import Fraction, Probability

Grouping = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall of a grouping."""

    precision: Fraction
    recall: Fraction

    @property
    def f1(self) -> Fraction:
        """Their harmonic mean; 0 where both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(truth: Grouping, given: Grouping) -> Agreement:
    """For each report: how many of its companions are right, and how many of the right ones are its companions.

    Reports missing from `given` stand alone.
    """
    alone = {n: given.get(n, ("alone", n)) for n in truth}
    right, beside = Counter(truth.values()), Counter(alone.values())
    common = Counter((truth[n], alone[n]) for n in truth)
    precision = sum(c * c / beside[g] for (_, g), c in common.items()) / max(len(truth), 1)
    recall = sum(c * c / right[t] for (t, _), c in common.items()) / max(len(truth), 1)
    return Agreement(precision, recall)


def pairwise(truth: Grouping, given: Grouping) -> Agreement:
    """Of the pairs joined, how many are right; of the right ones, how many are joined. 1 where there is none."""
    alone = {n: given.get(n, ("alone", n)) for n in truth}
    hits = _pairs(Counter((truth[n], alone[n]) for n in truth))
    joined, right = _pairs(Counter(alone.values())), _pairs(Counter(truth.values()))
    return Agreement(hits / joined if joined else 1.0, hits / right if right else 1.0)


def _pairs(sizes: Counter) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


@dataclass(frozen=True, slots=True)
class Bin:
    """Links stated with a probability in a range: their mean, the share that is true, and how many they are."""

    stated: Probability
    true: Fraction
    count: int


def calibration(links: Iterable[tuple[Probability, bool]], bins: int = 10) -> tuple[Bin, ...]:
    """Stated probabilities of "same boat" against what was so, in equal ranges; empty ranges are left out."""
    table: dict[int, list[tuple[float, bool]]] = {}
    for stated, true in links:
        table.setdefault(min(int(stated * bins), bins - 1), []).append((stated, true))
    return tuple(
        Bin(sum(p for p, _ in rows) / len(rows), sum(t for _, t in rows) / len(rows), len(rows))
        for _, rows in sorted(table.items())
    )


def calibration_error(bins: Sequence[Bin]) -> Fraction:
    """Mean distance of the stated probability from the true share, by number of links."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.stated - b.true) for b in bins) / total if total else 0.0


def coverage(intervals: Iterable[tuple[Between, float]]) -> tuple[Fraction, Fraction]:
    """Share of the true numbers inside their intervals, and its standard error."""
    inside = [i.least <= true <= i.most for i, true in intervals]
    share = sum(inside) / len(inside) if inside else math.nan
    return share, math.sqrt(share * (1 - share) / len(inside)) if inside else math.nan


@dataclass(frozen=True, slots=True)
class Gain:
    """Mean paired difference of a score over the same nights, its 95 % interval by Student's law (normal from 30 on),
    and the share of nights worse by more than 0.01.
    """

    mean: Fraction
    low: Fraction
    high: Fraction
    worse: Fraction
    nights: int


# Student's law, 97.5 %: any table of it.
_STUDENT = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228}
_STUDENT |= {11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 19: 2.093, 24: 2.064, 29: 2.045}


def paired_gain(ours: Sequence[Fraction], theirs: Sequence[Fraction]) -> Gain:
    """How much better one method is than another on the same nights."""
    gains = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    n = len(gains)
    mean = float(gains.mean()) if n else math.nan
    if n < 2:
        return Gain(mean, math.nan, math.nan, float((gains < -0.01).mean()) if n else math.nan, n)
    known = [k for k in _STUDENT if k <= n - 1]
    half = (_STUDENT[max(known)] if n < 31 else 1.96) * float(gains.std(ddof=1)) / math.sqrt(n)
    return Gain(mean, mean - half, mean + half, float((gains < -0.01).mean()), n)


def exact_marginals(odds: np.ndarray) -> np.ndarray:
    """P(track i has measurement j), last column missed, by enumeration: each measurement has one track at most.

    `odds` (tracks, measurements) are detected/missed likelihood ratios. For a few tracks only.
    """
    tracks, count = odds.shape
    total = np.zeros((tracks, count + 1))
    for chosen in product(range(count + 1), repeat=tracks):
        used = [j for j in chosen if j < count]
        if len(set(used)) < len(used):
            continue
        weight = math.prod(odds[i, j] for i, j in enumerate(chosen) if j < count)
        for i, j in enumerate(chosen):
            total[i, j] += weight
    return total / total.sum(axis=1, keepdims=True)


def nearest_is_right(density: float, sigma: float) -> Probability:
    """P that the boat nearest to a report is its own, among others by Poisson's law: 1 / (1 + 2 pi rho sigma2)."""
    return 1 / (1 + 2 * math.pi * density * sigma**2)
