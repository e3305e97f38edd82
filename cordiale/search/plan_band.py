"""How many are found alive by a plan: not the expected number alone but between which numbers it lies.

A boat is found at some instant or not at all; those of her people who are alive then are saved. The distribution of
their number is the mixture over her particles and the spans of time in which each is found, over how many people there
are, and over what nobody knows of survival, which is the same for all boats. Given that, boats are independent.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.boats.survival_count import all_together, quantile_of
from cordiale.earth.units import FloatArray, Fraction, Instant
from cordiale.search.looked import most_alike
from cordiale.search.plan_cloud import Cloud, cloud_of_all, unblocked
from cordiale.search.plan_other import flown_over
from cordiale.search.plan_result import SearchPlan
from cordiale.search.plan_sought import LEVELS, Sought

BINS: Final = 64  # of the chance of being alive when found
TENTH: Final = 0.1


def found_alive(
    plan: SearchPlan, all_sought: Sequence[Sought], *, alike: Fraction | None, until: Instant | None = None
) -> FloatArray | None:
    """Probability that a plan finds 0, 1, 2 ... persons alive by its end; None where a boat's people are not told.

    Parameters
    ----------
    all_sought : what the plan was made for, with `counts` and `by_level`
    alike, until : as for `plan_search`
    """
    if any(one.counts is None or one.by_level is None for one in all_sought):
        return None
    alike = most_alike(alike, [one.looked for one in all_sought])
    cloud = cloud_of_all(all_sought, until, alike=alike)
    found = _found_by_span(plan, cloud, alike)
    return all_together(
        [_of_one(one.on(cloud.times), found[:, cloud.boat == number]) for number, one in enumerate(all_sought)]
    )


def likely_alive(chances: FloatArray) -> tuple[int, int]:
    """Between which numbers they lie in 8 of 10 cases."""
    return quantile_of(chances, TENTH), quantile_of(chances, 1 - TENTH)


def _found_by_span(plan: SearchPlan, cloud: Cloud, alike: Fraction | None) -> FloatArray:
    """Weight of each particle that is found in each span of time, shape (spans, particles)."""
    hazards = unblocked(flown_over(plan, cloud, {}, alike).others(), cloud.weight.size).astype(np.float64)
    summed = np.maximum(np.cumsum(hazards, axis=0), 0.0)
    missed = np.exp(-summed) if alike is None else np.exp(-alike * np.log1p(summed / alike))
    return np.asarray(cloud.weight * -np.diff(missed, axis=0, prepend=1.0))


def _of_one(one: Sought, found: FloatArray) -> FloatArray:
    """Probability of 0, 1, 2 ... persons of one boat found alive, at each level: shape (levels, most persons + 1)."""
    assert one.counts is not None and one.by_level is not None  # asked before
    least, most = one.counts
    rows = []
    for level in range(LEVELS):
        middle = (one.by_level[level, 1:] + one.by_level[level, :-1]) / 2
        place = np.minimum((middle * BINS).astype(np.int64), BINS - 1)
        mass = np.bincount(place.ravel(), weights=found.ravel(), minlength=BINS)
        living = np.bincount(place.ravel(), weights=(found * middle).ravel(), minlength=BINS)
        chance = np.clip(living / np.maximum(mass, 1e-300), 0.0, 1.0)
        row = _binomials(least, most, chance).T @ mass
        rows.append(_several(row, float(mass.sum())) if one.ways.unreported else _perhaps(row, float(mass.sum())))
    wide = max(row.size for row in rows)
    return np.array([np.pad(row, (0, wide - row.size)) for row in rows])


def _perhaps(row: FloatArray, found: Fraction) -> FloatArray:
    """With the chance that she is not found at all."""
    return np.asarray(np.append(row[0] + max(1 - found, 0.0), row[1:]))


def _several(row: FloatArray, found: Fraction) -> FloatArray:
    """Of a Poisson number of boats found, `row` summing to its mean: its transform is exp(that of row - its mean)."""
    size = 1 << int((found + 8 * found**0.5 + 8) * row.size).bit_length()
    summed = np.maximum(np.fft.irfft(np.exp(np.fft.rfft(row, size) - found), size), 0.0)
    return np.asarray(summed / summed.sum())


def _binomials(least: int, most: int, alive: FloatArray) -> FloatArray:
    """Probability of 0, 1, 2 ... alive for each chance of being so, all numbers of persons alike."""
    total = np.zeros((alive.size, most + 1))
    row = np.zeros((alive.size, most + 1))
    row[:, 0] = 1.0
    for persons in range(most + 1):  # one person more at a time
        if persons >= least:
            total += row
        row = row * (1 - alive[:, None]) + np.pad(row[:, :-1], ((0, 0), (1, 0))) * alive[:, None]
    return total / (most - least + 1)
