"""Which messages belong together: sampling the ways to group the messages of a night into boats.

Chains of moves visit the groupings as often as they are probable: each move keeps the balance of the weights of the
whole, exactly (docs/association.md, "The sampling"). One chain starts from groups joined surest first, one from every
message alone. While they settle they learn of which blocks the groupings are made, and move these from then on. Every
chain makes a number of moves that follows from the set, chance is a named stream, and the messages are in order of
event: the same set gives the same answer.

The moves are compiled: `moves`, `blocks`, `pairs`, in sweeps by `sweeps`; to be read in `grouping_twin`.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Final

import numpy as np

from cordiale.association.groups import Groups, no_groups, opened, seated
from cordiale.association.library import library_of, swaps_of
from cordiale.association.moves import scratch_of
from cordiale.association.store import Night, Store, store_of
from cordiale.association.sweeps import Plan, run, settled
from cordiale.association.weights import Group, Weights, forbidden, neighbours, told_by_the_night
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Fraction, IntArray, LogLikelihood, Probability

CHAINS: Final = 2
MOVES: Final = 110_000  # counted, in each chain, if every message moved once in a sweep
FEWEST, MOST = 30, 4_000  # sweeps counted at least and at most
LARGE: Final = 1_000  # messages; in a larger night a move costs more, and there are fewer
ROUNDS: Final = 4  # of as many sweeps, until the chains agree, in nights of up to `FEW` messages; one in larger ones
FEW: Final = 80
SETTLED: Final[Probability] = 0.03  # chains that differ by no more agree
SETTLING: Final = (0.06, 0.06, 0.2)  # as many sweeps before counting, in parts: after each more is known of the night
KEPT: Final = 400  # groupings kept of each chain
BLOCKS, PAIRS = 0.25, 0.25  # moves of other blocks and of pairs in a sweep, in units of messages
OTHERS: Final = 3  # moves of learnt blocks and telling pairs, for one of any message, block or pair
DOUBT: Final[Probability] = 0.03  # pairs less sure than this are telling
PLACES: Final = 2**20  # for the evidence of sets, 32 MB
Near = list[list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Groupings visited: `labels` (samples, n), groups counted from the one with the earliest message; `likely` (n, n)
    how probable it is that two messages are about one boat; `disagreement` by how much two chains differ in that, at
    most.
    """

    labels: IntArray
    weights: Weights
    near: Near
    units: tuple[Group, ...]
    likely: FloatArray
    disagreement: Probability

    def same(self, i: int, j: int) -> Probability:
        """How probable it is that two messages are about one boat."""
        return float(self.likely[i, j])


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """One grouping on its way, with its stream of chance."""

    groups: Groups
    store: Store
    stream: Stream


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What the chains of a night share: units moved in a sweep (-1: any), pairs of messages to begin with, the library
    and which of its blocks may change places, other blocks.
    """

    night: Night
    order: IntArray
    pairs: IntArray
    library: list[tuple[Group, Group]]
    swaps: IntArray
    blocks: Fraction


def together(weights: Weights, units: tuple[Group, ...], stream: Stream) -> Samples:
    """The groupings visited. A unit is what a person linked, else one message: it always moves as one."""
    if not units:
        return Samples(np.zeros((1, 0), dtype=np.int64), weights, [], (), np.zeros((0, 0)), 0.0)
    near, surest = neighbours(weights)
    start = joined_up(weights, units, surest)
    weights = told_by_the_night(weights, start)
    night, pairs = night_of(weights, units, near), pairs_of(near)
    starts = [start if k % 2 == 0 else list(units) for k in range(CHAINS)]
    chains = [
        Chain(groups_of(weights, night, s), store_of(PLACES, weights.count), stream.child(f"chain {k}"))
        for k, s in enumerate(starts)
    ]
    sweeps = min(max(int(MOVES / weights.count * min(1.0, LARGE / weights.count)), FEWEST), MOST)
    course = Course(night, np.arange(len(units)), pairs, [], np.zeros((0, 2), dtype=np.int64), BLOCKS)
    for part in range(len(SETTLING)):
        found = _all_visited(weights, course, chains, max(int(SETTLING[part] * sweeps), 5), part)
        if part == 0:
            settled(night, chains[0].groups)
        else:
            course = _learnt(course, units, np.asarray(sum(share for share, _ in found) / CHAINS), pairs)
    shares, kept, apart = _counted(weights, course, chains, sweeps)
    return Samples(kept, weights, near, units, np.asarray(sum(shares) / CHAINS), apart)


def _counted(
    weights: Weights, course: Course, chains: Sequence[Chain], sweeps: int
) -> tuple[list[FloatArray], IntArray, Probability]:
    """Rounds of so many sweeps until the chains agree, or it takes too long: how probable each chain found every pair,
    groupings kept, and by how much the chains differ.
    """
    rounds: list[list[tuple[FloatArray, IntArray]]] = []
    most = ROUNDS if weights.count <= FEW else 1
    while True:
        rounds.append(_all_visited(weights, course, chains, sweeps, len(SETTLING) + len(rounds)))
        shares = [np.asarray(sum(one[k][0] for one in rounds) / len(rounds)) for k in range(CHAINS)]
        apart = max(float(np.abs(share - shares[0]).max()) for share in shares)
        if apart <= SETTLED or len(rounds) == most:
            kept = [one[k][1][:: len(rounds)] for k in range(CHAINS) for one in rounds]
            return shares, np.concatenate(kept), apart


def _learnt(course: Course, units: Sequence[Group], likely: FloatArray, pairs: IntArray) -> Course:
    """The same course with what settling has shown: where there is doubt, move oftener."""
    doubt = (likely > DOUBT) & (likely < 1 - DOUBT)
    telling = pairs[doubt[pairs[:, 0], pairs[:, 1]]]
    often = OTHERS * len(pairs) // len(telling) if telling.size else 0
    library = library_of(likely, units)
    return replace(
        course,
        order=np.full(len(units) // OTHERS + 1, -1),
        pairs=np.concatenate([pairs, *[telling] * often]),
        library=library,
        swaps=swaps_of(likely, library, DOUBT),
        blocks=BLOCKS / OTHERS,
    )


def _all_visited(
    weights: Weights, course: Course, chains: Sequence[Chain], sweeps: int, part: int
) -> list[tuple[FloatArray, IntArray]]:
    """One part of every chain. They share nothing that changes, so that each may have a processor of its own."""
    with ThreadPoolExecutor(len(chains)) as threads:
        return list(threads.map(lambda one: _visited(weights, course, one, sweeps, part), chains))


def _visited(weights: Weights, course: Course, going: Chain, sweeps: int, part: int) -> tuple[FloatArray, IntArray]:
    """How probable it is in one part of a chain that two messages are about one boat, (n, n), and groupings kept."""
    count, library = weights.count, course.library
    blocks = [block for two in library for block in two]
    scratch = scratch_of(count, going.stream.child(f"part {part}").key)
    others, two = int(course.blocks * count) + 1, int(PAIRS * count) if course.pairs.size else 0
    size = [len(course.order), len(blocks), others, two]
    rows = min(sweeps, KEPT)
    plan = Plan(
        size=np.array([*size, sum(size)]),
        done=np.array([0, sum(size) * sweeps, 0, 1]),
        every=np.array([sweeps // rows]),
        order=course.order,
        pairs=course.pairs,
        swaps=course.swaps,
        first=np.cumsum([0, *(len(b) for b in blocks)]),
        members=np.array(list(chain.from_iterable(blocks)), dtype=np.int64),
        same=np.zeros((count, count), dtype=np.float32),
        likely=np.zeros((count, count), dtype=np.float32),
        labels=np.zeros((rows, count), dtype=np.int64),
    )
    run(weights.tables, course.night, going.groups, going.store, scratch, plan)
    share = plan.same / np.float32(sweeps)
    for one, other in library:
        here = np.ix_(one, other)
        share[here] = (plan.likely[here] + plan.likely.T[here]) / np.float32(2 * sweeps)
        share[np.ix_(other, one)] = 0.0
    share = np.minimum(share + share.T, np.float32(1.0))
    np.fill_diagonal(share, 1.0)
    return share, plan.labels[: plan.done[2]]


def night_of(weights: Weights, units: Sequence[Group], near: Near) -> Night:
    """What the compiled moves need to know of a night."""
    count, half = weights.count, (1 << 64) - 1
    ends = np.array(weights.ends).reshape(-1, 2)
    new = np.array([weights.of_new(boats) for boats in range(count + 2)])
    real = np.zeros((6, count + 2))
    real[:2, :count] = ends.T
    real[2, :count] = weights.clutter * np.exp(-ends[:, 0])
    real[3, 1:] = np.cumsum(new)[: count + 1]
    real[4, 1:] = np.exp(-new[: count + 1])
    lists = [*near, *(sorted(weights.never.get(i, ())) for i in range(count)), *units]
    begins = np.cumsum([0, *(len(part) for part in lists)])
    first = np.zeros((3, count + 2), dtype=np.int64)
    first[0, : count + 1], first[1, : count + 1] = begins[: count + 1], begins[count : 2 * count + 1]
    first[2, : len(units) + 1], first[2, -1] = begins[2 * count :], len(units)
    unit_of = np.zeros(count, dtype=np.int64)
    for u, unit in enumerate(units):
        unit_of[list(unit)] = u
    return Night(
        number=np.array([[name & half, name >> 64] for name in weights.names], dtype=np.uint64),
        real=real,
        of=np.array([weights.callers, unit_of], dtype=np.int64),
        first=first,
        lists=np.array(list(chain.from_iterable(lists)), dtype=np.int64),
    )


def groups_of(weights: Weights, night: Night, start: Sequence[Group]) -> Groups:
    """The groups of a grouping, as the compiled moves hold them."""
    groups = no_groups(weights.count)
    values = weights.worth(start, [weights.key(group) for group in start])
    for group, value in zip(start, values, strict=True):
        seated(groups, opened(groups), np.array(group, dtype=np.int64), len(group), value)
    return groups


def pairs_of(near: Near) -> IntArray:
    """The pairs of neighbours with which moves begin, (pairs, 2)."""
    both = {(min(i, j), max(i, j)) for i, others in enumerate(near) for j in others}
    return np.array(sorted(both), dtype=np.int64).reshape(-1, 2)


def merged(group: Group, block: Group) -> Group:
    """Two groups in order of event."""
    return tuple(sorted(group + block))


def chances(log_weights: Sequence[LogLikelihood]) -> list[Probability]:
    """Probabilities from log weights."""
    top = max(log_weights)
    weights = [math.exp(x - top) for x in log_weights]
    total = sum(weights)
    return [w / total for w in weights]


def joined_up(weights: Weights, units: Sequence[Group], pairs: Sequence[tuple[LogLikelihood, int, int]]) -> list[Group]:
    """Groups joined two by two, the surest first, as long as that raises the evidence: a known phone before a
    likely position.
    """
    groups = dict(enumerate(units))
    unit_of = {i: u for u, unit in enumerate(units) for i in unit}
    worth = dict(zip(groups, weights.worth(units, [weights.key(u) for u in units]), strict=True))
    new = weights.of_new(max(len(units) // 10, 1))
    queue = []
    for v, i, j in pairs:
        gain = v + weights.end((i, j)) - weights.end((i,)) - weights.end((j,)) - new
        if gain > 0 and unit_of[i] != unit_of[j]:
            queue.append((-gain, unit_of[i], unit_of[j]))
    links: dict[int, set[int]] = {u: set() for u in groups}
    for _, i, j in pairs:
        if unit_of[i] != unit_of[j]:
            links[unit_of[i]].add(unit_of[j])
            links[unit_of[j]].add(unit_of[i])
    heapify(queue)
    fresh = len(groups)
    while queue:
        _, a, b = heappop(queue)
        if a not in groups or b not in groups or forbidden(weights, groups[a], groups[b]):
            continue
        both = merged(groups.pop(a), groups.pop(b))
        beside = sorted((links.pop(a) | links.pop(b)) - {a, b})
        groups[fresh], links[fresh] = both, set(beside)
        asked = [both, *(merged(both, groups[o]) for o in beside)]
        values = weights.worth(asked, [weights.key(g) for g in asked])
        worth[fresh] = values[0]
        for other, value in zip(beside, values[1:], strict=True):
            links[other] -= {a, b}
            links[other].add(fresh)
            gain = value - worth[fresh] - worth[other] - new
            if gain > 0:
                heappush(queue, (-gain, other, fresh))
        fresh += 1
    return sorted(groups.values())
