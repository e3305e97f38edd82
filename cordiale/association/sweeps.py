"""Sweeps of the sampler: every message, blocks of one caller, runs and tails of boats, and pairs of messages."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from cordiale.association.blocks import block_from, block_moved, library_moved, swapped
from cordiale.association.groups import AFTER, ALIVE, COUNT, FIRST, LABEL, SIZE, thinned
from cordiale.association.kernel import evidence
from cordiale.association.moves import BLOCK, MARK, SMALL, one_moved, uniform
from cordiale.association.pairs import pair_moved
from cordiale.association.store import BOATS, LONE, PULL, THIN, UNITS, filled
from cordiale.earth.elementary import EXACT, log64
from cordiale.earth.units import FloatArray, IntArray

SWAPS: Final = 0.6  # of the moves of pairs, where blocks of a library may change places


class Plan(NamedTuple):
    """What a chain does.

    `size` (5,): in one sweep moves of units, of blocks of the library, of blocks that begin with a message, of pairs,
    and all of them; `done` (4,): moves done, moves in all, groupings kept, whether it counts; `every` (1,): sweeps
    between groupings kept; `order`: units to be moved (-1: any). `pairs` (m, 2): messages with which pair moves begin.
    `first`, `members`: the library, blocks one after the other, two and two; `swaps` (s, 2): blocks that may change
    places. `same` (n, n): how often pairs stood
    together, the earlier first; `likely` (n, n): how probable that was where the library says it. `labels`: groupings
    kept.
    """

    size: IntArray
    done: IntArray
    every: IntArray
    order: IntArray
    pairs: IntArray
    swaps: IntArray
    first: IntArray
    members: IntArray
    same: FloatArray
    likely: FloatArray
    labels: IntArray


@njit(**EXACT)
def moved(night, groups, store, scratch, plan, number):
    """One move by its number: in every sweep units, blocks of the library, other blocks, and pairs."""
    size, step = plan.size, number % plan.size[4]
    if step < size[0]:
        unit = plan.order[step]
        if unit < 0:
            unit = int(uniform(scratch) * night.first[UNITS, night.number.shape[0] + 1])
        unit_moved(night, groups, store, scratch, unit)
        return
    step -= size[0]
    if step < size[1]:
        counting = plan.done[3] > 0
        library_moved(night, groups, store, scratch, plan.first, plan.members, step, counting, plan.likely)
        return
    step -= size[1]
    if step < size[2]:
        block_from(night, groups, store, scratch, int(uniform(scratch) * groups.weight.size))
    elif plan.swaps.shape[0] > 0 and uniform(scratch) < SWAPS:
        k = int(uniform(scratch) * plan.swaps.shape[0])
        swapped(night, groups, store, scratch, plan.first, plan.members, plan.swaps[k, 0], plan.swaps[k, 1])
    else:
        k = int(uniform(scratch) * plan.pairs.shape[0])
        pair_moved(night, groups, store, scratch, plan.pairs[k, 0], plan.pairs[k, 1])


@njit(**EXACT)
def unit_moved(night, groups, store, scratch, u):
    """What a person linked moves as one; a message by itself."""
    low, high = night.first[UNITS, u], night.first[UNITS, u + 1]
    if high - low == 1:
        one_moved(night, groups, store, scratch, night.lists[low], groups.weight.size <= SMALL)
        return
    scratch.sets[BLOCK, : high - low] = night.lists[low:high]
    block_moved(night, groups, store, scratch, high - low, -1, -1)


@njit(**EXACT)
def settled(night, groups):
    """Keep what a boat more thins the clutter by, as it is now, for the offers of boats of their own."""
    night.real[PULL, 0] = thinned(night, groups, -1, -1, groups.boat[COUNT, 0], groups.boat[COUNT, 0] + 1)


@njit(**EXACT)
def visited(night, groups, store, scratch, plan):
    """Moves until the plan is done, or the evidence of sets is lacking, or too much is kept."""
    while plan.done[0] < plan.done[1] and 2 * store.held[0] < store.table.shape[0]:
        number = plan.done[0]
        scratch.chance[1], scratch.chance[2] = np.uint64(number), np.uint64(0)
        moved(night, groups, store, scratch, plan, number)
        if store.held[1] > 0:
            return
        plan.done[0] += 1
        if plan.done[3] > 0 and plan.done[0] % plan.size[4] == 0:
            counted(groups, plan.same)
            row = plan.done[2]
            if plan.done[0] // plan.size[4] % plan.every[0] == 0 and row < plan.labels.shape[0]:
                numbered(groups, scratch, plan.labels[row])
                plan.done[2] += 1


@njit(**EXACT)
def run(table, night, groups, store, scratch, plan):
    """The moves of a plan; whenever evidence is lacking it is worked out, and the move begins again."""
    while plan.done[0] < plan.done[1]:
        visited(night, groups, store, scratch, plan)
        count = store.held[1]
        if count > 0:
            filled(night, store, evidence(table, store.lacking[: store.starts[count]], store.starts[: count + 1]))
        if 2 * store.held[0] >= store.table.shape[0]:
            store.table[:] = np.uint64(0)
            store.held[0] = 0


@njit(**EXACT)
def counted(groups, same):
    """One more grouping: each pair of a boat, the earlier first."""
    for k in range(groups.boat[COUNT, 0]):
        i = groups.boat[FIRST, groups.boat[ALIVE, k]]
        while i >= 0:
            j = groups.seat[AFTER, i]
            while j >= 0:
                same[i, j] += 1.0
                j = groups.seat[AFTER, j]
            i = groups.seat[AFTER, i]


@njit(**EXACT)
def numbered(groups, scratch, labels):
    """The groups as numbers, counted from the one with the earliest message."""
    count = 0
    for i in range(groups.weight.size):
        g = groups.seat[LABEL, i]
        if groups.boat[FIRST, g] == i:
            scratch.sets[MARK, g] = count
            count += 1
        labels[i] = scratch.sets[MARK, g]
    for k in range(groups.boat[COUNT, 0]):
        scratch.sets[MARK, groups.boat[ALIVE, k]] = -1


@njit(**EXACT)
def log_weight(night, groups):
    """Log weight of the grouping as it stands."""
    boats = groups.boat[COUNT, 0]
    total = night.real[BOATS, boats]
    for k in range(boats):
        total += groups.weight[groups.boat[ALIVE, k]]
    return total + thinned_in_full(night, groups)


@njit(**EXACT)
def thinned_in_full(night, groups):
    """What being nobody's adds to all messages that stand alone."""
    total = 0.0
    for k in range(groups.boat[COUNT, 0]):
        g = groups.boat[ALIVE, k]
        if groups.boat[SIZE, g] == 1:
            total += log64(1.0 + night.real[LONE, groups.boat[FIRST, g]] * night.real[THIN, groups.boat[COUNT, 0]])
    return total
