"""The evidence of sets of messages, worked out once and kept.

The sampler runs on what is kept. Where it lacks the evidence of a set, it notes the set, goes on without deciding
anything to see what else it will need, and is run again from there when the evidence has been worked out. A set is
known by two 64-bit numbers, the exclusive or of those of its messages. What is kept saves time and nothing else.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from cordiale.earth.elementary import EXACT, bits_of_float, float_of_bits
from cordiale.earth.units import CountArray, FloatArray, IntArray

MOST_LACKING: Final = 4000  # sets that one move can lack, with room to spare

# Rows of the arrays below.
ALONE, LATER, LONE, BOATS, THIN, PULL = range(6)
CALLER, UNIT = range(2)
NEAR, NEVER, UNITS = range(3)


class Night(NamedTuple):
    """What does not change while groupings are visited.

    `number` (n, 2): two numbers of each message's name. `real` (6, n + 2), by message: log of the end after it, alone
    and after others, its clutter over its weight as a boat; by number of groups: log weight of so many boats, what a
    lone message's clutter is multiplied by; and once, what another boat takes from all lone messages, about. `of`
    (2, n): caller and unit of each message. `first` (3, n + 2): where the lists of neighbours and separations of each
    message, and of the messages of each unit, begin in `lists`; the last of the row of units is how many there are.
    """

    number: CountArray
    real: FloatArray
    of: IntArray
    first: IntArray
    lists: IntArray


class Store(NamedTuple):
    """Evidence by the numbers of a set: `table` (places, 4) has both numbers and the bits of the evidence; a place with
    both numbers 0 is free. Then the sets that are lacking, one after the other. `held` (2,): sets kept, sets lacking.
    """

    table: CountArray
    lacking: IntArray
    starts: IntArray
    held: IntArray


def store_of(places: int, messages: int) -> Store:
    """An empty store; `places` is a power of two."""
    return Store(
        table=np.zeros((places, 4), dtype=np.uint64),
        lacking=np.zeros(MOST_LACKING * 8 + 400 * messages, dtype=np.int64),
        starts=np.zeros(MOST_LACKING, dtype=np.int64),
        held=np.zeros(2, dtype=np.int64),
    )


@njit(forceinline=True, **EXACT)
def place_of(store, a, b):
    """Where a set stands, or the free place where it would."""
    last = np.uint64(store.table.shape[0] - 1)
    place = a & last
    while (store.table[place, 0] != a or store.table[place, 1] != b) and (
        store.table[place, 0] != 0 or store.table[place, 1] != 0
    ):
        place = (place + np.uint64(1)) & last
    return place


@njit(**EXACT)
def evidence_kept(night, store, members, count):
    """Log evidence of a set as one boat, members in order; nan where it is lacking, which is noted."""
    if count < 2:
        return 0.0
    a, b = np.uint64(0), np.uint64(0)
    for k in range(count):
        a ^= night.number[members[k], 0]
        b ^= night.number[members[k], 1]
    place = place_of(store, a, b)
    if store.table[place, 0] == 0 and store.table[place, 1] == 0:
        noted(store, members, count)
        store.table[place, 0], store.table[place, 1] = a, b
        store.table[place, 2] = bits_of_float(np.nan)
        store.held[0] += 1
    return float_of_bits(store.table[place, 2])


@njit(**EXACT)
def noted(store, members, count):
    """A set whose evidence is lacking."""
    k = store.held[1]
    begin = store.starts[k]
    for j in range(count):
        store.lacking[begin + j] = members[j]
    store.starts[k + 1] = begin + count
    store.held[1] += 1


@njit(**EXACT)
def filled(night, store, parts):
    """What was lacking is known now: its parts (sets, PARTS)."""
    for k in range(store.held[1]):
        a, b = np.uint64(0), np.uint64(0)
        for j in range(store.starts[k], store.starts[k + 1]):
            a ^= night.number[store.lacking[j], 0]
            b ^= night.number[store.lacking[j], 1]
        total = 0.0
        for part in parts[k]:
            total += part
        store.table[place_of(store, a, b), 2] = bits_of_float(total)
    store.held[1] = 0


@njit(**EXACT)
def worth(night, store, members, count):
    """Log weight of a set as one boat: its evidence, and that nothing more was heard of it. Members in order."""
    if count == 0:
        return 0.0
    end = night.real[LATER if count > 1 else ALONE, members[count - 1]]
    return end + evidence_kept(night, store, members, count)


@njit(**EXACT)
def added(night, store, window, count, i, both):
    """Log evidence that message i adds to a window of contacts, which are in order; `both` is room for all of them."""
    merge(window, count, i, both)
    return evidence_kept(night, store, both, count + 1) - evidence_kept(night, store, window, count)


@njit(**EXACT)
def merge(members, count, i, both):
    """One message more, in order."""
    k = count
    while k > 0 and members[k - 1] > i:
        both[k] = members[k - 1]
        k -= 1
    both[k] = i
    for j in range(k):
        both[j] = members[j]
