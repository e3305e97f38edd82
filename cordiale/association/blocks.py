"""The moves of the sampler that give a block of messages to a boat again, by the weight of the whole: Gibbs.

A block is all later messages of a boat, or those up to another one, or those of one caller; or one of the blocks that
the groupings visited while settling were made of (`cordiale.association.library`). Each is chosen so that the same
block would be chosen again where it has gone.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import Final

from numba import njit

from cordiale.association.groups import (
    AFTER,
    COUNT,
    FIRST,
    LABEL,
    among,
    barred,
    change,
    listed,
    lonely,
    merged,
    replace,
    separated,
    thinned,
    whole,
)
from cordiale.association.kernel_words import exp
from cordiale.association.moves import (
    BLOCK,
    BOTH,
    CANDIDATE,
    MARK,
    ODDS,
    ONE,
    OTHER,
    REST,
    SHARE,
    SMALL,
    drawn,
    taken,
    uniform,
    without,
)
from cordiale.association.pairs import consistent
from cordiale.association.store import BOATS, CALLER, NEAR, worth
from cordiale.earth.elementary import EXACT

ASKED: Final = 6  # messages of a block, about, through which it may find its boat
SUREST: Final = 10  # neighbours of each of them


@njit(**EXACT)
def may_take(night, groups, g, block, size, caller, last):
    """Whether a group may take a block so that the same block would leave it again: it has no message from the first
    of the block to `last`, none of the block's caller, and nobody keeps them apart.
    """
    home = groups.seat[LABEL, block[0]]
    m = groups.boat[FIRST, g]
    while m >= 0 and (caller >= 0 or last >= 0):
        if g != home and (block[0] < m <= last or (caller >= 0 and night.of[CALLER, m] == caller)):
            return False
        m = groups.seat[AFTER, m]
    return not barred(night, groups, block, size, g)


@njit(**EXACT)
def through(groups, scratch, size, j, count):
    """The group of message j, if it is not of the block and the group not yet a candidate; how many there are then."""
    g = groups.seat[LABEL, j]
    if scratch.sets[MARK, g] < 0 and not among(scratch.sets[BLOCK], size, j):
        scratch.sets[MARK, g] = count
        scratch.sets[CANDIDATE, count] = g
        count += 1
    return count


@njit(**EXACT)
def boats_of_block(night, groups, scratch, size, caller, last, others):
    """The groups in which messages of a block have neighbours, or which have some of `others`, and that may take it, in
    `candidate`; how many. In a small night all groups.
    """
    count = 0
    block = scratch.sets[BLOCK]
    if groups.weight.size <= SMALL:
        for j in range(groups.weight.size):
            count = through(groups, scratch, size, j, count)
    else:
        for k in range(0, size, max(size // ASKED, 1)):
            i = block[k]
            for p in range(night.first[NEAR, i], min(night.first[NEAR, i] + SUREST, night.first[NEAR, i + 1])):
                count = through(groups, scratch, size, night.lists[p], count)
        for j in others:
            count = through(groups, scratch, size, j, count)
    kept = 0
    for c in range(count):
        g = scratch.sets[CANDIDATE, c]
        scratch.sets[MARK, g] = -1
        if may_take(night, groups, g, block, size, caller, last):
            scratch.sets[CANDIDATE, kept] = g
            kept += 1
    return kept


@njit(**EXACT)
def offered(night, groups, store, scratch, size, caller, last, others):
    """The candidates for a block with their odds: how many, the place of the one it is with now (as many as there are:
    alone), and how many it would leave behind; -1 of them where it cannot move.
    """
    block = scratch.sets[BLOCK]
    home = groups.seat[LABEL, block[0]]
    rest = without(groups, home, block, size, scratch.sets[REST])
    if not whole(night, block, size):
        return -1, 0, rest
    count = boats_of_block(night, groups, scratch, size, caller, last, others)
    current = count if rest == 0 else -1
    for c in range(count):
        if scratch.sets[CANDIDATE, c] == home:
            current = c
    if current < 0 or count == 0:
        return -1, 0, rest
    odds_of_block(night, groups, store, scratch, size, count, rest)
    return count, current, rest


@njit(**EXACT)
def odds_of_block(night, groups, store, scratch, size, count, rest):
    """Log weights of a block beside each candidate, and as a boat of its own."""
    block = scratch.sets[BLOCK]
    home = groups.seat[LABEL, block[0]]
    boats = groups.boat[COUNT, 0] - (rest == 0)
    for c in range(count):
        g = scratch.sets[CANDIDATE, c]
        if g == home:
            odds = groups.weight[g] - worth(night, store, scratch.sets[REST], rest)
            if rest == 1:
                odds -= lonely(night, scratch.sets[REST, 0], boats)
        else:
            inside = listed(groups, g, scratch.sets[ONE])
            both = merged(scratch.sets[ONE], inside, block, size, scratch.sets[OTHER])
            odds = worth(night, store, scratch.sets[OTHER], both) - groups.weight[g]
            if inside == 1:
                odds -= lonely(night, scratch.sets[ONE, 0], boats)
        scratch.odds[ODDS, c] = odds
    new = night.real[BOATS, boats + 1] - night.real[BOATS, boats] + worth(night, store, block, size)
    new += thinned(night, groups, home, -1, boats, boats + 1)
    if rest == 1:
        new += lonely(night, scratch.sets[REST, 0], boats + 1) - lonely(night, scratch.sets[REST, 0], boats)
    if size == 1:
        new += lonely(night, block[0], boats + 1)
    scratch.odds[ODDS, count] = new


@njit(**EXACT)
def given(night, groups, store, scratch, size, count, current, rest):
    """The block is given to one of the candidates, or to none, by the odds."""
    pick = drawn(scratch, count + 1)
    scratch.tally[2] += 1
    if pick == current:
        return
    scratch.tally[3] += 1
    block = scratch.sets[BLOCK]
    home, target, other = groups.seat[LABEL, block[0]], -1, size
    if pick < count:
        target = scratch.sets[CANDIDATE, pick]
        inside = listed(groups, target, scratch.sets[ONE])
        other = merged(scratch.sets[ONE], inside, block, size, scratch.sets[OTHER])
    else:
        scratch.sets[OTHER, :size] = block[:size]
    left = (scratch.sets[REST], rest, worth(night, store, scratch.sets[REST], rest))
    joined = (scratch.sets[OTHER], other, worth(night, store, scratch.sets[OTHER], other))
    replace(groups, home, target, left, joined)


@njit(**EXACT)
def block_moved(night, groups, store, scratch, size, caller, last):
    """The block is given to a boat again, or to none."""
    count, current, rest = offered(night, groups, store, scratch, size, caller, last, night.lists[:0])
    if count > 0 and store.held[1] == 0:
        given(night, groups, store, scratch, size, count, current, rest)


@njit(**EXACT)
def block_from(night, groups, store, scratch, i):
    """A block that begins with message i: all later ones of its boat, those up to a neighbour, or all of its caller."""
    kind = int(uniform(scratch) * 3)
    g = groups.seat[LABEL, i]
    last, caller, start = groups.weight.size, -1, i
    near = night.first[NEAR, i + 1] - night.first[NEAR, i]
    if kind == 0:
        last = night.lists[night.first[NEAR, i] + int(uniform(scratch) * near)] if near > 0 else -1
        if last < i or groups.seat[LABEL, last] != g:
            return
    elif kind == 1:
        caller, start, last = night.of[CALLER, i], groups.boat[FIRST, g], -1
        if caller < 0:
            return
    size, m = 0, start
    while m >= 0 and (m <= last or kind == 1):
        if kind != 1 or night.of[CALLER, m] == caller:
            scratch.sets[BLOCK, size] = m
            size += 1
        m = groups.seat[AFTER, m]
    if size > 1:
        block_moved(night, groups, store, scratch, size, caller, last)


@njit(**EXACT)
def library_moved(night, groups, store, scratch, first, members, k, counting, same):
    """Block k of the library, where it stands together, is given to a boat again. How probable each boat was is added
    to `same` for the pairs of its messages with those of the other block of its pair: better than what was drawn.
    """
    size, together = first[k + 1] - first[k], True
    other = k + 1 if k % 2 == 0 else k - 1
    for j in range(size):
        scratch.sets[BLOCK, j] = members[first[k] + j]
        together = together and groups.seat[LABEL, members[first[k] + j]] == groups.seat[LABEL, members[first[k]]]
    count, current, rest = -1, 0, 0
    if together:
        others = members[first[other] : first[other + 1]]
        count, current, rest = offered(night, groups, store, scratch, size, -1, -1, others)
        if store.held[1] > 0:
            return
    if count > 0:
        shares(scratch, count + 1)
        if counting:
            shares_counted(groups, scratch, first, members, k, other, count, same)
        given(night, groups, store, scratch, size, count, current, rest)
    elif counting:
        for p in range(first[k], first[k + 1]):
            for q in range(first[other], first[other + 1]):
                i, j = members[p], members[q]
                same[min(i, j), max(i, j)] += groups.seat[LABEL, i] == groups.seat[LABEL, j]


@njit(**EXACT)
def shares_counted(groups, scratch, first, members, k, other, count, same):
    """Add how probable each candidate is to the pairs of block k with the messages of another that stand in it."""
    for c in range(count):
        scratch.sets[MARK, scratch.sets[CANDIDATE, c]] = c
    for q in range(first[other], first[other + 1]):
        j = members[q]
        c = scratch.sets[MARK, groups.seat[LABEL, j]]
        if c >= 0:
            for p in range(first[k], first[k + 1]):
                i = members[p]
                same[min(i, j), max(i, j)] += scratch.odds[SHARE, c]
    for c in range(count):
        scratch.sets[MARK, scratch.sets[CANDIDATE, c]] = -1


@njit(**EXACT)
def shares(scratch, count):
    """The shares of the first `count` odds."""
    top = scratch.odds[ODDS, 0]
    for k in range(1, count):
        top = max(top, scratch.odds[ODDS, k])
    total = 0.0
    for k in range(count):
        scratch.odds[SHARE, k] = exp(scratch.odds[ODDS, k] - top)
        total += scratch.odds[SHARE, k]
    for k in range(count):
        scratch.odds[SHARE, k] /= total


@njit(**EXACT)
def swapped(night, groups, store, scratch, first, members, k, m):
    """Two blocks of the library that stand in two boats change places: Metropolis, by the weight of the whole."""
    one, other = members[first[k] : first[k + 1]], members[first[m] : first[m + 1]]
    g, h = groups.seat[LABEL, one[0]], groups.seat[LABEL, other[0]]
    together = g != h
    for i in one:
        together = together and groups.seat[LABEL, i] == g
    for i in other:
        together = together and groups.seat[LABEL, i] == h
    if not together:
        return
    rest = without(groups, g, one, one.size, scratch.sets[REST])
    left = without(groups, h, other, other.size, scratch.sets[BOTH])
    if rest == 0 and left == 0:
        return
    size = merged(scratch.sets[REST], rest, other, other.size, scratch.sets[ONE])
    count = merged(scratch.sets[BOTH], left, one, one.size, scratch.sets[OTHER])
    if separated(night) and not consistent(night, scratch, size, count):
        return
    new = (scratch.sets[ONE], size, worth(night, store, scratch.sets[ONE], size))
    more = (scratch.sets[OTHER], count, worth(night, store, scratch.sets[OTHER], count))
    if store.held[1] > 0:
        return
    scratch.tally[8] += 1
    if taken(scratch, change(night, groups, g, h, new, more)):
        replace(groups, g, h, new, more)
        scratch.tally[9] += 1
