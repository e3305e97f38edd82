"""The move of the sampler that gives one message to a boat again, and what all moves need. See docs/association.md.

One message is offered to a boat by what it adds to the contacts around it, and the offer is taken by the weight of the
whole (Metropolis and Hastings).
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from cordiale.association.groups import (
    AFTER,
    BEFORE,
    COUNT,
    FIRST,
    LABEL,
    LAST,
    SIZE,
    among,
    barred,
    change,
    listed,
    lonely,
    replace,
)
from cordiale.association.kernel_words import exp
from cordiale.association.store import ALONE, BOATS, CALLER, LATER, NEAR, PULL, added, merge, worth
from cordiale.earth.draw import uniform_pair
from cordiale.earth.elementary import EXACT
from cordiale.earth.units import CountArray, FloatArray, IntArray

WINDOW: Final = 3  # contacts before and after, beside which a message is offered to a boat
SMALL: Final = 64  # messages of a night in which every boat is a candidate, found through a neighbour or not
IMPOSSIBLE: Final = -1e30


# Rows of the arrays below.
ONE, OTHER, BLOCK, REST, AROUND, BOTH, CANDIDATE, THROUGH, KIN, MARK = range(10)
ODDS, SHARE = range(2)


class Scratch(NamedTuple):
    """Room for one move. `sets` (10, n + 2): sets of messages; candidates with a message of each through which it was
    found and one of the same caller; and marks by group. `odds` (2, n + 2): log weights, shares. `chance` (3,): key of
    a stream, number of the move, numbers drawn in it. `tally` (10,): moves proposed and taken.
    """

    sets: IntArray
    odds: FloatArray
    chance: CountArray
    tally: IntArray


def scratch_of(messages: int, key: int) -> Scratch:
    """Room for the moves of so many messages, with a stream of chance."""
    return Scratch(
        sets=np.full((10, messages + 2), -1, dtype=np.int64),
        odds=np.zeros((2, messages + 2)),
        chance=np.array([key, 0, 0], dtype=np.uint64),
        tally=np.zeros(10, dtype=np.int64),
    )


@njit(**EXACT)
def uniform(scratch):
    """The next number of the stream."""
    scratch.chance[2] += np.uint64(1)
    return uniform_pair(scratch.chance[0], scratch.chance[1], scratch.chance[2])[0]


@njit(**EXACT)
def drawn(scratch, count):
    """A place among the first `count` odds, drawn by them."""
    top = scratch.odds[ODDS, 0]
    for k in range(1, count):
        top = max(top, scratch.odds[ODDS, k])
    total = 0.0
    for k in range(count):
        total += exp(scratch.odds[ODDS, k] - top) if scratch.odds[ODDS, k] > top - 80.0 else 0.0
        scratch.odds[SHARE, k] = total
    mark = uniform(scratch) * total
    for k in range(count - 1):
        if mark <= scratch.odds[SHARE, k]:
            return k
    return count - 1


@njit(**EXACT)
def taken(scratch, log_ratio):
    """Whether a proposal with this log ratio is taken."""
    return log_ratio >= 0.0 or uniform(scratch) < exp(log_ratio)


@njit(**EXACT)
def around(night, groups, scratch, i, start, kin):
    """The contacts of a group before and after message i, which may be one of them; `start` is another of the group,
    `kin` one of the same caller, or -1. How many, in order, in `window`.
    """
    left = right = start
    if start < i:
        right = groups.seat[AFTER, left]
        while 0 <= right < i:
            left, right = right, groups.seat[AFTER, right]
        if right == i:
            right = groups.seat[AFTER, i]
    else:
        left = groups.seat[BEFORE, right]
        while left > i:
            left, right = groups.seat[BEFORE, left], left
        if left == i:
            left = groups.seat[BEFORE, i]
    low, back = WINDOW, scratch.sets[BOTH]
    while left >= 0 and low > 0:
        low -= 1
        back[low] = left
        left = groups.seat[BEFORE, left]
    count = 0
    if 0 <= kin <= left:
        scratch.sets[AROUND, 0] = kin
        count = 1
    for k in range(low, WINDOW):
        scratch.sets[AROUND, count] = back[k]
        count += 1
    ahead = 0
    while right >= 0 and ahead < WINDOW:
        scratch.sets[AROUND, count] = right
        count, ahead = count + 1, ahead + 1
        right = groups.seat[AFTER, right]
    if kin >= 0 and 0 <= right <= kin:
        scratch.sets[AROUND, count] = kin
        count += 1
    return count


@njit(**EXACT)
def boats_of_one(night, groups, scratch, i, everywhere):
    """The groups in which message i has a neighbour, or all of them, in `candidate`; how many."""
    count = 0
    own = night.of[CALLER, i]
    for p in range(night.first[NEAR, i], night.first[NEAR, i + 1]):
        j = night.lists[p]
        g = groups.seat[LABEL, j]
        c = scratch.sets[MARK, g]
        if c < 0:
            c = scratch.sets[MARK, g] = count
            scratch.sets[CANDIDATE, c], scratch.sets[THROUGH, c], scratch.sets[KIN, c] = g, j, -1
            count += 1
        if own >= 0 and scratch.sets[KIN, c] < 0 and night.of[CALLER, j] == own:
            scratch.sets[KIN, c] = j
    for j in range(groups.weight.size if everywhere else 0):
        g = groups.seat[LABEL, j]
        if scratch.sets[MARK, g] < 0 and j != i:
            scratch.sets[MARK, g] = count
            scratch.sets[CANDIDATE, count], scratch.sets[THROUGH, count], scratch.sets[KIN, count] = g, j, -1
            count += 1
    for c in range(count):
        scratch.sets[MARK, scratch.sets[CANDIDATE, c]] = -1
    return count


@njit(**EXACT)
def odds_of_one(night, groups, store, scratch, i, c, boats):
    """Log weight of message i beside candidate c, when there are so many groups without it, by the contacts around."""
    g = scratch.sets[CANDIDATE, c]
    if barred(night, groups, scratch.sets[BLOCK], 1, g):
        return IMPOSSIBLE
    inside = groups.seat[LABEL, i] == g
    size = groups.boat[SIZE, g] - inside
    first, last = groups.boat[FIRST, g], groups.boat[LAST, g]
    if first == i:
        first = groups.seat[AFTER, i]
    if last == i:
        last = groups.seat[BEFORE, i]
    count = around(night, groups, scratch, i, scratch.sets[THROUGH, c], scratch.sets[KIN, c])
    value = added(night, store, scratch.sets[AROUND], count, i, scratch.sets[BOTH])
    value += night.real[LATER, max(last, i)] - night.real[LATER if size > 1 else ALONE, last]
    return value - lonely(night, first, boats) if size == 1 else value


@njit(**EXACT)
def one_moved(night, groups, store, scratch, i, everywhere):
    """A message is offered to a boat, or to none, by what it adds around it; the weight of the whole decides."""
    home = groups.seat[LABEL, i]
    alone = groups.boat[SIZE, home] == 1
    scratch.sets[BLOCK, 0] = i
    count = boats_of_one(night, groups, scratch, i, everywhere)
    boats = groups.boat[COUNT, 0] - alone
    current = count if alone else -1
    for c in range(count):
        if scratch.sets[CANDIDATE, c] == home:
            current = c
        scratch.odds[ODDS, c] = odds_of_one(night, groups, store, scratch, i, c, boats)
    if current < 0 or (alone and count == 0) or store.held[1] > 0:
        return
    new = night.real[BOATS, boats + 1] - night.real[BOATS, boats] + night.real[ALONE, i] + lonely(night, i, boats + 1)
    scratch.odds[ODDS, count] = new + night.real[PULL, 0]
    pick = drawn(scratch, count + 1)
    if pick == current:
        return
    away = scratch.odds[ODDS, current] - scratch.odds[ODDS, pick]
    rest = 0 if alone else without(groups, home, scratch.sets[BLOCK], 1, scratch.sets[ONE])
    target = scratch.sets[CANDIDATE, pick] if pick < count else -1
    size = 1
    if target >= 0:
        size = listed(groups, target, scratch.sets[BOTH]) + 1
        merge(scratch.sets[BOTH], size - 1, i, scratch.sets[OTHER])
    else:
        scratch.sets[OTHER, 0] = i
    one = (scratch.sets[ONE], rest, worth(night, store, scratch.sets[ONE], rest))
    other = (scratch.sets[OTHER], size, worth(night, store, scratch.sets[OTHER], size))
    if store.held[1] > 0:
        return
    scratch.tally[0] += 1
    if taken(scratch, change(night, groups, home, target, one, other) + away):
        scratch.tally[1] += 1
        replace(groups, home, target, one, other)


@njit(**EXACT)
def without(groups, g, block, size, out):
    """The messages of a group less those of a block; how many."""
    count, m = 0, groups.boat[FIRST, g]
    while m >= 0:
        if not among(block, size, m):
            out[count] = m
            count += 1
        m = groups.seat[AFTER, m]
    return count
