"""Which messages belong together: sampling the ways to group the messages of a night into boats.

Messages leave their boat and are given to one again, alone, together with all others of their phone, or with all that
came after them; by the odds of each boat nearby against a boat of their own. Sweep by sweep this visits the groupings
as often as they are probable. Every sweep costs the same number of moves, chance is a named stream, and the messages
are in order of event: the same set gives the same answer.

Source: Gibbs sampling, Geman and Geman (1984); for partitions, Neal, J. Comp. Graph. Stat. 9 (2000) 249-265, algorithm
3; blocks that are the same before and after a move are drawn as one message is.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np

from cordiale.association.weights import Group, Weights, forbidden, neighbours, told_by_the_night
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, LogLikelihood, Probability

CHAINS: Final = 2  # streams of chance
MOVES: Final = 8_000  # of single messages, in each chain
FEWEST, MOST, SETTLING = 16, 120, 6  # sweeps counted at least and at most, sweeps before counting
BLOCKS: Final = 3  # in one sweep of so many phones and tails are moved
Near = list[list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Groupings visited: `labels` (samples, n), groups counted from the one with the earliest message."""

    labels: IntArray
    weights: Weights
    near: Near
    units: tuple[Group, ...]

    def same(self, i: int, j: int) -> Probability:
        """How often two messages were about one boat."""
        return float((self.labels[:, i] == self.labels[:, j]).mean())


class State:
    """One grouping on its way: groups by number with their keys, and the number of each message's group."""

    def __init__(self, weights: Weights, groups: dict[int, Group], label: list[int]) -> None:
        self.weights, self.groups, self.label = weights, groups, label
        self.keys = {g: weights.key(members) for g, members in groups.items()}
        self.fresh = len(groups)

    @classmethod
    def of(cls, weights: Weights, groups: Iterable[Group]) -> "State":
        """A state with these groups."""
        numbered = dict(enumerate(sorted(groups)))
        label = [0] * weights.count
        for g, members in numbered.items():
            for i in members:
                label[i] = g
        return cls(weights, numbered, label)

    def leave(self, block: Group) -> int:
        """A block leaves its group; the group's number, -1 where nobody is left in it."""
        home = self.label[block[0]]
        gone = set(block)
        left = tuple(j for j in self.groups[home] if j not in gone)
        if left:
            self.groups[home] = left
            self.keys[home] ^= self.weights.key(block)
            return home
        del self.groups[home], self.keys[home]
        return -1

    def join(self, block: Group, group: int) -> None:
        """A block joins a group; -1 is one of its own."""
        if group < 0:
            group, self.fresh = self.fresh, self.fresh + 1
            self.groups[group], self.keys[group] = block, self.weights.key(block)
        else:
            self.groups[group] = merged(self.groups[group], block)
            self.keys[group] ^= self.weights.key(block)
        for i in block:
            self.label[i] = group

    def odds(self, block: Group, among: Sequence[int]) -> tuple[list[LogLikelihood], LogLikelihood]:
        """Log weights of a block beside each of these groups, and on its own."""
        if len(block) == 1:
            return self._odds_of_one(block[0], among)
        own = self.weights.key(block)
        asked, keys = [block], [own]
        for g in among:
            asked += [self.groups[g], merged(self.groups[g], block)]
            keys += [self.keys[g], self.keys[g] ^ own]
        worth = self.weights.worth(asked, keys)
        new = self.weights.of_new(len(self.groups))
        bonus = [self.weights.alone(g[0], new) if len(g) == 1 else 0.0 for g in asked]
        beside = [
            -math.inf if forbidden(self.weights, block, self.groups[g]) else worth[k + 1] - worth[k] - bonus[k]
            for g, k in zip(among, range(1, len(asked), 2), strict=True)
        ]
        return beside, worth[0] + bonus[0] + new

    def _odds_of_one(self, i: int, among: Sequence[int]) -> tuple[list[LogLikelihood], LogLikelihood]:
        """The same for one message, by what it adds to the contacts around it."""
        new = self.weights.of_new(len(self.groups))
        groups = [self.groups[g] for g in among]
        beside = [
            -math.inf
            if forbidden(self.weights, (i,), group)
            else added - (self.weights.alone(group[0], new) if len(group) == 1 else 0.0)
            for group, added in zip(groups, self.weights.beside(i, groups), strict=True)
        ]
        return beside, new + self.weights.end((i,)) + self.weights.alone(i, new)

    def labels(self) -> IntArray:
        """The group of each message as a number; groups count from the one with the earliest message."""
        _, first, back = np.unique(np.array(self.label), return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[back].astype(np.int64)


def merged(group: Group, block: Group) -> Group:
    """Two groups in order of event."""
    return tuple(sorted(group + block))


def together(weights: Weights, units: tuple[Group, ...], stream: Stream) -> Samples:
    """The groupings visited. A unit is what a person linked, else one message: it always moves as one."""
    if not units:
        return Samples(np.zeros((1, 0), dtype=np.int64), weights, [], ())
    near, pairs = neighbours(weights)
    start = joined_up(weights, units, pairs)
    weights = told_by_the_night(weights, start)
    counted = min(max(MOVES // max(len(units), 1), FEWEST), MOST)
    visited = []
    for chain in range(CHAINS):
        chance = stream.child(f"chain {chain}")
        state = State.of(weights, start)
        for sweep in range(SETTLING + counted):
            uniforms = chance.uniforms(np.arange(len(units)), sweep)
            swept(state, units, near, uniforms, blocks=sweep % BLOCKS == 0)
            if sweep >= SETTLING:
                visited.append(state.labels())
    return Samples(np.array(visited), weights, near, units)


def swept(state: State, units: Sequence[Group], near: Near, uniforms: FloatArray, *, blocks: bool) -> None:
    """One sweep: every unit alone, every phone as one, and tails of boats."""
    for unit, uniform in zip(units, uniforms[:, 0], strict=True):
        given_again(state, unit, near, float(uniform))
    if not blocks or len(units) < state.weights.count:
        return
    callers_moved(state, near, uniforms[:, 1])
    tails_moved(state, near, uniforms[::-1, 1])


def given_again(state: State, block: Group, near: Near, uniform: Probability) -> None:
    """A block leaves its group and is given to one again by the odds."""
    home = state.leave(block)
    inside = set(block)
    found = {state.label[j] for i in block for j in near[i] if j not in inside}
    among = sorted((found | {home}) - {-1} if home >= 0 else found)
    beside, new = state.odds(block, among)
    pick = drawn([*beside, new], uniform)
    state.join(block, -1 if pick == len(among) else among[pick])


def callers_moved(state: State, near: Near, uniforms: FloatArray) -> None:
    """All messages of one phone that stand together leave as one: single ones seldom do."""
    blocks: dict[int, list[int]] = {}
    for i, caller in enumerate(state.weights.tables.caller.tolist()):
        if caller >= 0:
            blocks.setdefault(caller, []).append(i)
    for members in blocks.values():
        if len(members) > 1 and len({state.label[i] for i in members}) == 1:
            given_again(state, tuple(members), near, float(uniforms[members[0]]))


def tails_moved(state: State, near: Near, uniforms: FloatArray) -> None:
    """All messages of a boat from one on leave it and are given to a boat that ended before, or to none."""
    for i in range(state.weights.count):
        group = state.groups[state.label[i]]
        tail = tuple(j for j in group if j >= i)
        if len(tail) < 2:
            continue  # moved as a single message
        ended = {state.label[j] for m in tail[:3] for j in near[m] if j < i}
        ended = {g for g in ended if state.groups[g][-1] < i}
        if not ended and group[0] == i:
            continue
        home = state.leave(tail)
        among = sorted((ended | {home}) - {-1})
        beside, new = state.odds(tail, among)
        pick = drawn([*beside, new], float(uniforms[i]))
        state.join(tail, -1 if pick == len(among) else among[pick])


def drawn(log_weights: Sequence[LogLikelihood], uniform: Probability) -> int:
    """A place in the list, drawn by the weights."""
    shares = chances(log_weights)
    total, mark = 0.0, uniform * sum(shares)
    for k, share in enumerate(shares):
        total += share
        if mark <= total:
            return k
    return len(shares) - 1


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
