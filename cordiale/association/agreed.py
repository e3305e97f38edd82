"""What the groupings visited agree on: one grouping, how often each message stands with each group, how many boats."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from collections.abc import Sequence
from typing import Final

import numpy as np
from numba import njit

from cordiale.association.weights import Group
from cordiale.earth.elementary import EXACT
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Probability

ROOM: Final = 64  # groups that the improvement may begin
ROUNDS: Final = 20  # through all messages, improving the grouping; it is at rest after two or three
ASKED: Final = 50  # groupings visited of which the best is improved


def agreed(visited: IntArray, likely: FloatArray, units: Sequence[Group], least: Probability) -> IntArray:
    """The grouping that agrees best with the probabilities of pairs: together above `least`, apart below it.

    Source: Binder, Biometrika 65 (1978) 31-38. The best of those visited, (samples, n), improved unit by unit.
    """
    asked = visited[:: max(len(visited) // ASKED, 1)]
    labels = asked[int(np.argmax([_agreement(labels, likely, least) for labels in asked]))].copy()
    beside = companions(likely, labels)
    sizes = np.bincount(labels, minlength=beside.shape[1]).astype(np.float64)
    for _ in range(ROUNDS):
        moved = False
        for unit in units:
            moved |= _improved(unit, likely, labels, beside, sizes, least)
        if not moved:
            break
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _agreement(labels: IntArray, likely: FloatArray, least: Probability) -> float:
    """Sum over all pairs together of their probability less `least`."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(labels))[:-1])
    return sum(float((likely[np.ix_(g, g)] - least).sum()) for g in groups)


def companions(likely: FloatArray, labels: IntArray) -> FloatArray:
    """Expected number of true companions of each message in each group, itself left out; and room for new groups."""
    n, groups = labels.size, int(labels.max()) + 1
    total = np.zeros((n, groups + ROOM))
    for g in range(groups):
        total[:, g] = likely[:, labels == g].sum(axis=1)
    total[np.arange(n), labels] -= 1
    return total


def _improved(
    unit: Group, likely: FloatArray, labels: IntArray, beside: FloatArray, sizes: FloatArray, least: Probability
) -> bool:
    """Move a unit to where it agrees best; a group of its own is the first empty one."""
    home = int(labels[unit[0]])
    inside = list(unit)
    own = likely[inside].sum(axis=0, dtype=np.float64)
    gains = beside[inside].sum(axis=0) - least * len(unit) * sizes
    gains[home] -= own[inside].sum() - len(unit) - least * len(unit) * len(unit)
    best = int(np.argmax(gains))
    if gains[best] <= max(gains[home], 0.0) + 1e-6:
        if gains[home] >= -1e-6:
            return False
        empty = np.flatnonzero(sizes == 0)
        if sizes[home] == len(unit) or not empty.size:
            return False
        best = int(empty[0])
    beside[:, home] -= own
    beside[:, best] += own
    for i in unit:
        beside[i, home] += 1
        beside[i, best] -= 1
    sizes[home] -= len(unit)
    sizes[best] += len(unit)
    labels[inside] = best
    return True


def votes(visited: IntArray, labels: IntArray) -> FloatArray:
    """How often each message stood with each group of the agreed partition: shape (n, groups + 1), rows sum to 1.

    In every partition visited a message votes for the group that most of its companions come from, on a tie for the one
    it was given to, so that two pieces of one boat do not take turns; alone, for the last column.
    """
    total = np.zeros((labels.size, int(labels.max()) + 2))
    _voted(visited, labels, total)
    return total / len(visited)


@njit(**EXACT)
def _voted(visited, labels, total):
    """Add the votes of every partition visited."""
    groups = total.shape[1] - 1
    both = np.zeros((labels.size, groups), dtype=np.int64)
    first, second = np.zeros(labels.size, dtype=np.int64), np.zeros(labels.size, dtype=np.int64)
    for s in range(visited.shape[0]):
        boats = visited[s].max() + 1
        both[:boats] = 0
        for i in range(labels.size):
            both[visited[s, i], labels[i]] += 1
        for g in range(boats):
            _two_largest(both[g], first, second, g)
        for i in range(labels.size):
            g, own = visited[s, i], labels[i]
            if first[g] != own:
                total[i, first[g]] += 1
            elif both[g, own] > 1 and (second[g] < 0 or both[g, own] - 0.5 > both[g, second[g]]):
                total[i, own] += 1
            elif second[g] >= 0 and both[g, second[g]] > 0:
                total[i, second[g]] += 1
            else:
                total[i, groups] += 1


def standing(visited: IntArray, labels: IntArray) -> FloatArray:
    """How often each message stood where most of the others of a group stood: shape (n, groups).

    In a partition visited where two groups are one boat, a message of hers stands with both: rows may sum to more
    than 1. A tie of k places counts 1 / k; of a group of one, itself, 0.
    """
    total = np.zeros((labels.size, int(labels.max()) + 1))
    _stood(visited, labels, total)
    return total / len(visited)


@njit(**EXACT)
def _stood(visited, labels, total):
    """Add where the messages stand in every partition visited."""
    groups = total.shape[1]
    both = np.zeros((labels.size, groups), dtype=np.int64)
    most, places = np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    for s in range(visited.shape[0]):
        boats = visited[s].max() + 1
        both[:boats] = 0
        for i in range(labels.size):
            both[visited[s, i], labels[i]] += 1
        for k in range(groups):
            most[k] = both[:boats, k].max()
            places[k] = (both[:boats, k] == most[k]).sum()
        for i in range(labels.size):
            own = labels[i]
            for k in range(groups):
                if k != own and both[visited[s, i], k] == most[k]:
                    total[i, k] += 1.0 / places[k]
            total[i, own] += _with_its_own(both[:boats, own], visited[s, i])


@njit(**EXACT)
def _with_its_own(counts, here):
    """Whether most others of its group stand where a message does; a tie of k places counts 1 / k."""
    others, level = counts[here] - 1, 1
    if others == 0:
        return 0.0
    for k in range(counts.size):
        if k != here:
            if counts[k] > others:
                return 0.0
            level += counts[k] == others
    return 1.0 / level


@njit(**EXACT)
def _two_largest(counts, first, second, g):
    """The places of the largest count and of the next, the earlier on a tie; -1 where there is none."""
    one, other = 0, -1
    for k in range(1, counts.size):
        if counts[k] > counts[one]:
            one, other = k, one
        elif other < 0 or counts[k] > counts[other]:
            other = k
    first[g], second[g] = one, other


def law_of_sum(chances: FloatArray) -> FloatArray:
    """The law of the number of successes among independent chances: Poisson's binomial law, exactly."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    return law


def is_single(labels: IntArray) -> BoolArray:
    """Which messages stand alone."""
    return np.asarray(np.bincount(labels)[labels] == 1)
