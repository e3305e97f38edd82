"""What the groupings visited agree on: one grouping, how often each message stands with each group, how many boats."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.association.weights import Group
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Probability

ROOM: Final = 64  # groups that the improvement may begin
ROUNDS: Final = 20  # through all messages, improving the grouping; it is at rest after two or three


def agreed(visited: IntArray, units: Sequence[Group], least: Probability) -> IntArray:
    """The grouping that agrees best with the probabilities: pairs together above `least`, apart below it.

    Source: Binder, Biometrika 65 (1978) 31-38. The best of those visited, (samples, n), improved unit by unit.
    """
    values = [_agreement(labels, visited, least) for labels in visited]
    labels = visited[int(np.argmax(values))].copy()
    beside = companions(visited, labels)
    sizes = np.bincount(labels, minlength=beside.shape[1]).astype(np.float64)
    for _ in range(ROUNDS):
        moved = False
        for unit in units:
            moved |= _improved(unit, visited, labels, beside, sizes, least)
        if not moved:
            break
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _agreement(labels: IntArray, visited: IntArray, least: Probability) -> float:
    """Sum over all pairs together of their probability less `least`."""
    count = int(labels.max()) + 1
    total = 0.0
    for other in visited:
        both = np.bincount(other * count + labels)
        total += float((both.astype(np.float64) ** 2).sum())
    sizes = np.bincount(labels).astype(np.float64)
    return total / len(visited) - least * float((sizes**2).sum())


def companions(visited: IntArray, labels: IntArray) -> FloatArray:
    """Expected number of true companions of each message in each group, itself left out; and room for new groups."""
    samples, n = visited.shape
    groups = int(labels.max()) + 1
    total = np.zeros((n, groups))
    for sample in visited:
        both = np.bincount(sample * groups + labels, minlength=(int(sample.max()) + 1) * groups)
        total += both.reshape(-1, groups)[sample]
    total /= samples
    total[np.arange(n), labels] -= 1
    return np.hstack([total, np.zeros((n, ROOM))])


def _improved(
    unit: Group, visited: IntArray, labels: IntArray, beside: FloatArray, sizes: FloatArray, least: Probability
) -> bool:
    """Move a unit to where it agrees best; a group of its own is the first empty one."""
    home = int(labels[unit[0]])
    inside = list(unit)
    own = _same(visited, unit)
    gains = beside[inside].sum(axis=0) - least * len(unit) * sizes
    gains[home] -= own[inside].sum() - len(unit) - least * len(unit) * len(unit)
    best = int(np.argmax(gains))
    if gains[best] <= max(gains[home], 0.0) + 1e-12:
        if gains[home] >= -1e-12:
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


def _same(visited: IntArray, unit: Group) -> FloatArray:
    """How often each message stands with each of a unit, summed over the unit."""
    total = np.zeros(visited.shape[1])
    for i in unit:
        total += (visited == visited[:, i : i + 1]).mean(axis=0)
    return total


def votes(visited: IntArray, labels: IntArray) -> FloatArray:
    """How often each message stood with each group of the agreed partition: shape (n, groups + 1), rows sum to 1.

    In every partition visited a message votes for the group that most of its companions come from; alone, for the last
    column.
    """
    count, groups = labels.size, int(labels.max()) + 1
    every = np.arange(count)
    total = np.zeros((count, groups + 1))
    for sample in visited:
        both = np.bincount(sample * groups + labels, minlength=(int(sample.max()) + 1) * groups)
        own = both.reshape(-1, groups)[sample].astype(np.float64)
        own[every, labels] -= 1
        # on a tie the group it was given to, so that two pieces of one boat do not take turns
        own[every, labels] += 0.5 * (own[every, labels] > 0)
        winner = np.where(own.max(axis=1) > 0, own.argmax(axis=1), groups)
        total[every, winner] += 1
    return total / len(visited)


def law_of_sum(chances: FloatArray) -> FloatArray:
    """The law of the number of successes among independent chances: Poisson's binomial law, exactly."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    return law


def is_single(labels: IntArray) -> BoolArray:
    """Which messages stand alone."""
    return np.asarray(np.bincount(labels)[labels] == 1)
