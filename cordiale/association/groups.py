"""One grouping on its way, in arrays: the messages of a group are a chain in order of event.

A change takes one or two groups away and puts one or two sets in their place; `change` is what the weight of the
grouping gains by it, exactly, and `replace` makes it so.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import NamedTuple

import numpy as np
from numba import njit

from cordiale.association.store import BOATS, LONE, NEVER, THIN, UNIT, UNITS
from cordiale.earth.elementary import EXACT, log64
from cordiale.earth.units import FloatArray, IntArray

_LARGE = 1e200


# Rows of the arrays below.
LABEL, BEFORE, AFTER = range(3)
FIRST, LAST, SIZE, ALIVE, PLACE, COUNT = range(6)


class Groups(NamedTuple):
    """`seat` (3, n), by message: the number of its group, and the messages before and after it in the group (-1: none).
    `boat` (6, n), by group: first and last message and how many; numbers of groups in use, then those free, and where
    each stands in that row; and once, how many are in use. `weight` (n,): log weight of each group.
    """

    seat: IntArray
    boat: IntArray
    weight: FloatArray


def no_groups(messages: int) -> Groups:
    """Room for the groups of so many messages, none in use."""
    boat = np.full((6, messages), -1, dtype=np.int64)
    boat[ALIVE] = boat[PLACE] = np.arange(messages)
    boat[COUNT] = 0
    return Groups(np.full((3, messages), -1, dtype=np.int64), boat, np.zeros(messages))


@njit(**EXACT)
def opened(groups):
    """The number of a group not in use yet."""
    g = groups.boat[ALIVE, groups.boat[COUNT, 0]]
    groups.boat[COUNT, 0] += 1
    groups.boat[SIZE, g] = 0
    return g


@njit(**EXACT)
def closed(groups, g):
    """A group is no longer in use."""
    groups.boat[COUNT, 0] -= 1
    last, place = groups.boat[ALIVE, groups.boat[COUNT, 0]], groups.boat[PLACE, g]
    groups.boat[ALIVE, place], groups.boat[ALIVE, groups.boat[COUNT, 0]] = last, g
    groups.boat[PLACE, last], groups.boat[PLACE, g] = place, groups.boat[COUNT, 0]


@njit(**EXACT)
def seated(groups, g, members, count, weight):
    """These messages, in order, are the group."""
    previous = -1
    for k in range(count):
        m = members[k]
        groups.seat[LABEL, m] = g
        groups.seat[BEFORE, m] = previous
        if previous >= 0:
            groups.seat[AFTER, previous] = m
        previous = m
    groups.seat[AFTER, previous] = -1
    groups.boat[FIRST, g], groups.boat[LAST, g] = members[0], previous
    groups.boat[SIZE, g], groups.weight[g] = count, weight


@njit(**EXACT)
def listed(groups, g, out):
    """The messages of a group in order; how many."""
    count, m = 0, groups.boat[FIRST, g]
    while m >= 0:
        out[count] = m
        count += 1
        m = groups.seat[AFTER, m]
    return count


@njit(**EXACT)
def lonely(night, i, boats):
    """What being nobody's adds to a message that stands alone, among so many groups."""
    return log64(1.0 + night.real[LONE, i] * night.real[THIN, boats])


@njit(**EXACT)
def thinned(night, groups, g, h, old, new):
    """What lone messages, those of g and h apart, gain when there are `new` groups instead of `old`."""
    x, y = night.real[THIN, old], night.real[THIN, new]
    above, below, total = 1.0, 1.0, 0.0
    for k in range(groups.boat[COUNT, 0]):
        j = groups.boat[ALIVE, k]
        if groups.boat[SIZE, j] == 1 and j not in (g, h):
            r = night.real[LONE, groups.boat[FIRST, j]]
            above *= 1.0 + r * y
            below *= 1.0 + r * x
            if above > _LARGE or below > _LARGE:
                total += log64(above) - log64(below)
                above, below = 1.0, 1.0
    return total + log64(above) - log64(below)


@njit(**EXACT)
def change(night, groups, g, h, one, other):
    """What the grouping gains when groups g and h (-1: none) give way to two sets, each (members, count, weight)."""
    old = groups.boat[COUNT, 0]
    new = old - 1 - (h >= 0) + (one[1] > 0) + (other[1] > 0)
    total = night.real[BOATS, new] - night.real[BOATS, old] - groups.weight[g] + one[2] + other[2]
    if groups.boat[SIZE, g] == 1:
        total -= lonely(night, groups.boat[FIRST, g], old)
    if h >= 0:
        total -= groups.weight[h]
        if groups.boat[SIZE, h] == 1:
            total -= lonely(night, groups.boat[FIRST, h], old)
    if one[1] == 1:
        total += lonely(night, one[0][0], new)
    if other[1] == 1:
        total += lonely(night, other[0][0], new)
    if new != old:
        total += thinned(night, groups, g, h, old, new)
    return total


@njit(**EXACT)
def replace(groups, g, h, one, other):
    """Two sets take the place of groups g and h (-1: none); an empty set leaves none."""
    if one[1] > 0:
        seated(groups, g, one[0], one[1], one[2])
    else:
        closed(groups, g)
    if other[1] > 0:
        if h < 0:
            h = opened(groups)
        seated(groups, h, other[0], other[1], other[2])
    elif h >= 0:
        closed(groups, h)


@njit(**EXACT)
def separated(night):
    """Whether a person keeps any two messages apart."""
    return night.first[NEVER, night.number.shape[0]] > night.first[NEVER, 0]


@njit(**EXACT)
def barred(night, groups, members, count, g):
    """Whether a person keeps one of these messages apart from one of a group, those messages themselves not counted."""
    if not separated(night):
        return False
    for k in range(count):
        m = members[k]
        for p in range(night.first[NEVER, m], night.first[NEVER, m + 1]):
            j = night.lists[p]
            if groups.seat[LABEL, j] == g and not among(members, count, j):
                return True
    return False


@njit(**EXACT)
def kept_apart(night, members, count, i):
    """Whether a person keeps message i apart from one of these."""
    found = False
    for p in range(night.first[NEVER, i], night.first[NEVER, i + 1]):
        found = found or among(members, count, night.lists[p])
    return found


@njit(**EXACT)
def among(members, count, i):
    """Whether a message is one of these, which are in order."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if members[middle] < i:
            low = middle + 1
        else:
            high = middle
    return low < count and members[low] == i


@njit(**EXACT)
def whole(night, members, count):
    """Whether no unit has messages both in a set and out of it."""
    if night.first[UNITS, night.number.shape[0] + 1] == night.number.shape[0]:
        return True
    for k in range(count):
        u = night.of[UNIT, members[k]]
        for p in range(night.first[UNITS, u], night.first[UNITS, u + 1]):
            if not among(members, count, night.lists[p]):
                return False
    return True


@njit(**EXACT)
def merged(one, count, other, size, out):
    """Two sets in order; how many."""
    i, j, k = 0, 0, 0
    while i < count and j < size:
        if one[i] < other[j]:
            out[k] = one[i]
            i += 1
        else:
            out[k] = other[j]
            j += 1
        k += 1
    while i < count:
        out[k] = one[i]
        i, k = i + 1, k + 1
    while j < size:
        out[k] = other[j]
        j, k = j + 1, k + 1
    return k
