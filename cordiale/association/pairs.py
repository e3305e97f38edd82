"""Moves of the sampler that begin with two messages: two boats become one or one two, or exchange what came later.

All by Metropolis and Hastings on the weight of the whole. Sources: Jain and Neal, J. Comp. Graph. Stat. 13 (2004)
158-182; Dahl, sequentially allocated merges and splits (2005).
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import Final

from numba import njit

from cordiale.association.groups import LABEL, barred, change, kept_apart, listed, merged, replace, separated, whole
from cordiale.association.kernel_words import exp
from cordiale.association.moves import AROUND, BLOCK, BOTH, ONE, OTHER, REST, WINDOW, taken, uniform
from cordiale.association.store import CALLER, UNIT, UNITS, added, worth
from cordiale.earth.elementary import EXACT, log64

EXCHANGES: Final = 0.2  # of the moves that begin with two messages
WAYS: Final = 6.0  # log odds within which the messages of a boat that is parted go one way or the other


@njit(**EXACT)
def pair_moved(night, groups, store, scratch, a, b):
    """Two messages of one boat part it; of two boats, those become one or exchange what came later."""
    if night.of[UNIT, a] == night.of[UNIT, b]:
        return
    apart = groups.seat[LABEL, a] != groups.seat[LABEL, b]
    if uniform(scratch) < EXCHANGES:
        if apart:
            exchanged(night, groups, store, scratch, a, b)
    elif apart:
        joined(night, groups, store, scratch, a, b)
    else:
        parted(night, groups, store, scratch, a, b)


@njit(**EXACT)
def unit_into(night, members, count, i):
    """The unit of message i joins a set; how many are in it then."""
    u = night.of[UNIT, i]
    for p in range(night.first[UNITS, u], night.first[UNITS, u + 1]):
        merge_in_place(members, count, night.lists[p])
        count += 1
    return count


@njit(**EXACT)
def merge_in_place(members, count, i):
    """One message more, in order."""
    k = count
    while k > 0 and members[k - 1] > i:
        members[k] = members[k - 1]
        k -= 1
    members[k] = i


@njit(**EXACT)
def shared_out(night, groups, store, scratch, count, a, b, least):
    """Share the messages in `block` between a's set and b's, in order of event, each by the contacts around it: at
    random, or, where a and b are in two groups, as they stand. Sizes, and the log probability of this; it stops below
    `least`.
    """
    apart = groups.seat[LABEL, a] != groups.seat[LABEL, b]
    n = unit_into(night, scratch.sets[ONE], 0, a)
    m = unit_into(night, scratch.sets[OTHER], 0, b)
    total = 0.0
    for k in range(count):
        i = scratch.sets[BLOCK, k]
        u = night.of[UNIT, i]
        if u == night.of[UNIT, a] or u == night.of[UNIT, b] or night.lists[night.first[UNITS, u]] != i:
            continue
        odds = leaning(night, store, scratch, scratch.sets[ONE], n, scratch.sets[OTHER], m, i)
        if store.held[1] > 0:
            break
        first = groups.seat[LABEL, i] == groups.seat[LABEL, a] if apart else uniform(scratch) < 1.0 / (1.0 + exp(-odds))
        total += log_share(odds if first else -odds)
        if total < least:
            break
        if first:
            n = unit_into(night, scratch.sets[ONE], n, i)
        else:
            m = unit_into(night, scratch.sets[OTHER], m, i)
    return n, m, total


@njit(**EXACT)
def parted(night, groups, store, scratch, a, b):
    """The boat of two messages becomes two."""
    g = groups.seat[LABEL, a]
    count = listed(groups, g, scratch.sets[BLOCK])
    n, m, log_chance = shared_out(night, groups, store, scratch, count, a, b, -1e30)
    if store.held[1] > 0:
        return
    scratch.tally[4] += 1
    if separated(night) and not consistent(night, scratch, n, m):
        return
    one = (scratch.sets[ONE], n, worth(night, store, scratch.sets[ONE], n))
    other = (scratch.sets[OTHER], m, worth(night, store, scratch.sets[OTHER], m))
    if store.held[1] == 0 and taken(scratch, change(night, groups, g, -1, one, other) - log_chance):
        replace(groups, g, -1, one, other)
        scratch.tally[5] += 1


@njit(**EXACT)
def joined(night, groups, store, scratch, a, b):
    """The boats of two messages become one."""
    g, h = groups.seat[LABEL, a], groups.seat[LABEL, b]
    n, m = listed(groups, g, scratch.sets[ONE]), listed(groups, h, scratch.sets[OTHER])
    scratch.tally[6] += 1
    if barred(night, groups, scratch.sets[ONE], n, h):
        return
    count = merged(scratch.sets[ONE], n, scratch.sets[OTHER], m, scratch.sets[BLOCK])
    weight = worth(night, store, scratch.sets[BLOCK], count)
    both, none = (scratch.sets[BLOCK], count, weight), (scratch.sets[OTHER], 0, 0.0)
    if store.held[1] > 0:
        return
    gain = change(night, groups, g, h, both, none)
    mark = log64(uniform(scratch))
    if mark > gain:
        return
    log_chance = shared_out(night, groups, store, scratch, count, a, b, mark - gain)[2]
    if store.held[1] == 0 and mark <= gain + log_chance:
        replace(groups, g, h, both, none)
        scratch.tally[7] += 1


@njit(**EXACT)
def consistent(night, scratch, n, m):
    """Whether neither set has two messages that a person keeps apart."""
    fine = True
    for k in range(n):
        fine = fine and not kept_apart(night, scratch.sets[ONE], n, scratch.sets[ONE, k])
    for k in range(m):
        fine = fine and not kept_apart(night, scratch.sets[OTHER], m, scratch.sets[OTHER, k])
    return fine


@njit(**EXACT)
def exchanged(night, groups, store, scratch, a, b):
    """Two boats exchange their messages from the first of a and b on, or after the last: both stay on one side, so
    that the same two take it back. The contacts around the cut are asked first, then the weight of the whole.
    """
    g, h = groups.seat[LABEL, a], groups.seat[LABEL, b]
    cut = min(a, b) if uniform(scratch) < 0.5 else max(a, b) + 1
    n, m = listed(groups, g, scratch.sets[ONE]), listed(groups, h, scratch.sets[OTHER])
    i, j = cut_at(scratch.sets[ONE], n, cut), cut_at(scratch.sets[OTHER], m, cut)
    if (i == n and j == m) or (i == 0 and j == 0):
        return
    old = seam(night, store, scratch, scratch.sets[ONE], i, scratch.sets[ONE], n, i)
    old += seam(night, store, scratch, scratch.sets[OTHER], j, scratch.sets[OTHER], m, j)
    new = seam(night, store, scratch, scratch.sets[ONE], i, scratch.sets[OTHER], m, j)
    new += seam(night, store, scratch, scratch.sets[OTHER], j, scratch.sets[ONE], n, i)
    if store.held[1] > 0:
        return
    scratch.tally[8] += 1
    if not taken(scratch, new - old):
        return
    size = spliced(scratch.sets[ONE], i, scratch.sets[OTHER], j, m, scratch.sets[BLOCK])
    left = spliced(scratch.sets[OTHER], j, scratch.sets[ONE], i, n, scratch.sets[REST])
    if not whole(night, scratch.sets[BLOCK], size) or not whole(night, scratch.sets[REST], left):
        return
    scratch.sets[ONE, :size], scratch.sets[OTHER, :left] = scratch.sets[BLOCK, :size], scratch.sets[REST, :left]
    if separated(night) and not consistent(night, scratch, size, left):
        return
    one = (scratch.sets[ONE], size, worth(night, store, scratch.sets[ONE], size))
    other = (scratch.sets[OTHER], left, worth(night, store, scratch.sets[OTHER], left))
    if store.held[1] == 0 and taken(scratch, change(night, groups, g, h, one, other) - new + old):
        replace(groups, g, h, one, other)
        scratch.tally[9] += 1


@njit(**EXACT)
def cut_at(members, count, cut):
    """How many of a set come before a message."""
    k = 0
    while k < count and members[k] < cut:
        k += 1
    return k


@njit(**EXACT)
def seam(night, store, scratch, head, i, tail, count, j):
    """Log weight of the contacts around a cut: the last of one set's beginning and the first of another's end."""
    size = 0
    for k in range(max(i - WINDOW, 0), i):
        scratch.sets[AROUND, size] = head[k]
        size += 1
    for k in range(j, min(j + WINDOW, count)):
        scratch.sets[AROUND, size] = tail[k]
        size += 1
    return worth(night, store, scratch.sets[AROUND], size)


@njit(**EXACT)
def spliced(head, i, tail, j, count, out):
    """The first i of one set and those of another from j on; how many."""
    out[:i] = head[:i]
    out[i : i + count - j] = tail[j:count]
    return i + count - j


@njit(**EXACT)
def leaning(night, store, scratch, one, count, other, size, i):
    """Log odds that message i goes with one set and not the other, by the contacts around it in each, held within
    bounds so that no way is closed.
    """
    first = separated(night) and kept_apart(night, one, count, i)
    second = separated(night) and kept_apart(night, other, size, i)
    if first or second:
        return (-WAYS if first else 0.0) + (WAYS if second else 0.0)
    value = beside(night, store, scratch, one, count, i) - beside(night, store, scratch, other, size, i)
    return min(max(value, -WAYS), WAYS)


@njit(**EXACT)
def beside(night, store, scratch, members, count, i):
    """Log evidence that message i adds to the contacts around it in a set that it is not of."""
    k = count
    while k > 0 and members[k - 1] > i:
        k -= 1
    low, high = max(k - WINDOW, 0), min(k + WINDOW, count)
    size = 0
    if night.of[CALLER, i] >= 0:
        for j in range(low - 1, -1, -1):
            if night.of[CALLER, members[j]] == night.of[CALLER, i]:
                scratch.sets[AROUND, 0] = members[j]
                size = 1
                break
    for j in range(low, high):
        scratch.sets[AROUND, size] = members[j]
        size += 1
    return added(night, store, scratch.sets[AROUND], size, i, scratch.sets[BOTH])


@njit(**EXACT)
def log_share(odds):
    """Log of the probability that has these log odds."""
    return -log64(1.0 + exp(-odds))
