"""The compiled moves of the sampler against their readable twin, and what the blocks of a night should be."""

from collections.abc import Iterator

import numpy as np
import pytest

from cordiale.association.associate import bound
from cordiale.association.constraints import Constraints
from cordiale.association.grouping_twin import Twin, block_from, block_moved, log_weight, one_moved, pair_moved
from cordiale.association.law import MEAN_GAP
from cordiale.association.library import library_of
from cordiale.association.message import messages
from cordiale.association.moves import scratch_of
from cordiale.association.partition import groups_of, night_of, pairs_of
from cordiale.association.paths import Paths
from cordiale.association.store import store_of
from cordiale.association.sweeps import Plan, run
from cordiale.association.sweeps import log_weight as compiled_log_weight
from cordiale.association.tables import tables_of
from cordiale.association.weights import neighbours, weights_of
from cordiale.earth.chance import Stream
from tests.rooms.association.small_night import persons, said, still_sea, told

MOVES = 500
DECIDED = Constraints(links=(("r-0001", "r-0004"),), never=(("r-0000", "r-0003"), ("r-0002", "r-0007")))


def unsure_reports():
    """Ten messages of two or three boats, some with phones and numbers: most links are unsure."""
    chance = np.random.default_rng(4)
    made = []
    for k in range(10):
        east, north = (k % 2) * 2.0 + chance.normal(0, 1.0), (k % 3 == 0) * 1.5 + chance.normal(0, 1.0)
        place = {} if k == 5 else {"east_km": float(east), "north_km": float(north), "within": 800.0}
        phone = f"p{k % 2}" if k % 5 == 0 else None
        number = persons(int(25 + 12 * (k % 2))) if k % 3 == 0 else None
        made.append(told(f"r-{k:04d}", 9.0 * k, caller=phone, persons=number, boat=said(), **place))
    return made


def numbers(key: int, move: int) -> Iterator[float]:
    """The uniform numbers of one move."""
    counter = 0
    while True:
        counter += 1
        yield float(Stream(key).uniforms(np.array([move]), counter)[0, 0])


def twin_moved(twin: Twin, grouping, step: int, pairs):
    """One move of a sweep of all units, as many other blocks and as many pairs as there are messages."""
    count = twin.weights.count
    if step < len(twin.units):
        unit = twin.units[step]
        return one_moved(twin, grouping, unit[0]) if len(unit) == 1 else block_moved(twin, grouping, unit, -1, -1)
    if step < len(twin.units) + count:
        return block_from(twin, grouping, int(next(twin.chance) * count))
    a, b = pairs[int(next(twin.chance) * len(pairs))].tolist()
    return pair_moved(twin, grouping, a, b)


@pytest.mark.parametrize("constraints", [Constraints(), DECIDED], ids=["free", "decided"])
def test_every_compiled_move_ends_where_its_twin_does(constraints):
    """The same uniform numbers lead through the same groupings, and the weight of the whole is the same to 1e-6."""
    news = messages(unsure_reports())
    tied = bound(news, constraints)
    weights = weights_of(news, tables_of(news, still_sea(), Paths(), MEAN_GAP), tied.never)
    near = neighbours(weights)[0]
    night, pairs, key, count = night_of(weights, tied.units, near), pairs_of(near), 77, weights.count
    groups, store, scratch = groups_of(weights, night, tied.units), store_of(2**12, count), scratch_of(count, key)
    size = [len(tied.units), 0, count, count]
    whole, none = np.zeros((count, count), dtype=np.float32), np.zeros(1, dtype=np.int64)
    plan = Plan(
        size=np.array([*size, sum(size)]), done=np.array([0, 0, 0, 0]), every=np.array([1]),
        order=np.arange(len(tied.units)), pairs=pairs, swaps=none.reshape(-1, 1)[:0], first=none, members=none[:0],
        same=whole, likely=whole.copy(), labels=np.zeros((1, count), dtype=np.int64),
    )  # fmt: skip
    grouping, seen = frozenset(tied.units), set()
    for move in range(MOVES):
        plan.done[1] = move + 1
        run(weights.tables, night, groups, store, scratch, plan)
        twin = Twin(weights, near, tied.units, 0.0, numbers(key, move))
        grouping = twin_moved(twin, grouping, move % sum(size), pairs)
        labels = groups.seat[0]
        assert {tuple(np.flatnonzero(labels == g).tolist()) for g in set(labels.tolist())} == grouping, move
        assert compiled_log_weight(night, groups) == pytest.approx(log_weight(weights, grouping), abs=1e-6)
        seen.add(grouping)
    assert len(seen) > 10  # it does move


def test_the_blocks_of_a_night_are_what_stands_together_in_part():
    """Two halves of one boat, together in 6 of 10 groupings, are a pair of blocks; what is sure is not taken apart."""
    share = np.eye(6)
    for group, often in (((0, 1, 2), 1.0), ((3, 4), 1.0), ((0, 1, 2, 3, 4), 0.6)):
        for i in group:
            for j in group:
                share[i, j] = max(share[i, j], often)
    units = [(k,) for k in range(6)]
    assert {frozenset(two) for two in library_of(share, units)} == {frozenset({(0, 1, 2), (3, 4)})}
