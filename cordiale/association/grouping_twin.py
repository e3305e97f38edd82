"""The moves of the sampler as the equations read: the readable twin of `moves`, `blocks` and `pairs`.

A grouping is a set of groups, each in order of event; its weight is worked out anew for every proposal. Given the same
uniform numbers a move of the twin ends in the same grouping as the compiled one.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cordiale.association.moves import IMPOSSIBLE, WINDOW
from cordiale.association.pairs import EXCHANGES, WAYS
from cordiale.association.weights import Group, Weights, forbidden
from cordiale.earth.units import LogLikelihood, Probability

Grouping = frozenset[Group]


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """What the moves of a small night need: weights, neighbours, units, what another boat takes from lone messages
    (about), and the uniform numbers to come.
    """

    weights: Weights
    near: Sequence[Sequence[int]]
    units: Sequence[Group]
    pull: LogLikelihood
    chance: Iterator[Probability]


def log_weight(weights: Weights, grouping: Iterable[Group]) -> LogLikelihood:
    """Prior and evidence of a grouping: boats one after the other, and what is nobody's."""
    groups = list(grouping)
    new = weights.of_new(len(groups) - 1)
    total = sum(weights.of_new(boats) for boats in range(len(groups)))
    total += sum(weights.worth(groups, [weights.key(g) for g in groups]))
    return total + sum(weights.alone(g[0], new) for g in groups if len(g) == 1)


def group_of(grouping: Grouping, i: int) -> Group:
    """The group that a message stands in."""
    return next(g for g in grouping if i in g)


def one_moved(twin: Twin, grouping: Grouping, i: int) -> Grouping:
    """A message is offered to a boat, or to none, by what it adds around it; the weight of the whole decides."""
    weights, home = twin.weights, group_of(grouping, i)
    left = _without(grouping, (i,))
    found = [j for j in (*twin.near[i], *range(weights.count)) if j != i]
    boats = _in_order(group_of(left, j) for j in found)
    if not boats:
        return grouping
    odds = [_odds_of_one(twin, left, g, i) for g in boats]
    gain = weights.of_new(len(left)) + weights.end((i,)) + weights.alone(i, weights.of_new(len(left)))
    odds.append(gain + twin.pull)
    pick = drawn(odds, next(twin.chance))
    current = boats.index(tuple(j for j in home if j != i)) if len(home) > 1 else len(boats)
    if pick == current:
        return grouping
    proposal = _with(left, boats[pick] if pick < len(boats) else (), (i,))
    ratio = log_weight(weights, proposal) - log_weight(weights, grouping) + odds[current] - odds[pick]
    return proposal if _taken(twin, ratio) else grouping


def _odds_of_one(twin: Twin, left: Grouping, group: Group, i: int) -> LogLikelihood:
    """What a message adds to the contacts around it in a group, and those of its own caller."""
    weights = twin.weights
    if forbidden(weights, (i,), group):
        return IMPOSSIBLE
    before, after = [j for j in group if j < i], [j for j in group if j > i]
    kin = next((j for j in twin.near[i] if j in group and 0 <= weights.callers[i] == weights.callers[j]), None)
    window = {*before[-WINDOW:], *after[:WINDOW], *(() if kin is None else (kin,))}
    value = _evidence(weights, {*window, i}) - _evidence(weights, window)
    value += weights.end(tuple(sorted((*group, i)))) - weights.end(group)
    return value - (weights.alone(group[0], weights.of_new(len(left) - 1)) if len(group) == 1 else 0.0)


def block_moved(twin: Twin, grouping: Grouping, block: Group, last: int, caller: int) -> Grouping:
    """The block is given to a boat again, or to none, by the weight of the whole; only to boats from which the same
    block would leave again.
    """
    if any(set(unit) & set(block) and not set(unit) <= set(block) for unit in twin.units):
        return grouping
    left = _without(grouping, block)
    boats = [
        g
        for g in _in_order(group_of(left, j) for j in range(twin.weights.count) if j not in block)
        if not forbidden(twin.weights, block, g)
        and not any(block[0] < m <= last or (caller >= 0 and twin.weights.callers[m] == caller) for m in g)
    ]
    rest = tuple(j for j in group_of(grouping, block[0]) if j not in block)
    if not boats or (rest and rest not in boats):
        return grouping
    proposals = [_with(left, g, block) for g in (*boats, ())]
    return proposals[drawn([log_weight(twin.weights, p) for p in proposals], next(twin.chance))]


def block_from(twin: Twin, grouping: Grouping, i: int) -> Grouping:
    """A block that begins with message i: those up to a neighbour, all of its caller, or all later ones of its boat."""
    kind, group, callers = int(next(twin.chance) * 3), group_of(grouping, i), twin.weights.callers
    last, caller = twin.weights.count, -1
    if kind == 0:
        if not twin.near[i]:
            return grouping
        last = twin.near[i][int(next(twin.chance) * len(twin.near[i]))]
        if last < i or last not in group:
            return grouping
    elif kind == 1:
        caller, last = callers[i], -1
        if caller < 0:
            return grouping
    block = tuple(m for m in group if (callers[m] == caller if kind == 1 else i <= m <= last))
    return block_moved(twin, grouping, block, last, caller) if len(block) > 1 else grouping


def pair_moved(twin: Twin, grouping: Grouping, a: int, b: int) -> Grouping:
    """Two messages of one boat part it; of two boats, those become one or exchange what came later."""
    one, other = group_of(grouping, a), group_of(grouping, b)
    if unit_of(twin, a) == unit_of(twin, b):
        return grouping
    if next(twin.chance) < EXCHANGES:
        return exchanged(twin, grouping, a, b) if one != other else grouping
    return joined(twin, grouping, a, b) if one != other else parted(twin, grouping, a, b)


def unit_of(twin: Twin, i: int) -> Group:
    """The unit of a message."""
    return next(u for u in twin.units if i in u)


def _shared_out(twin: Twin, group: Group, a: int, b: int, stands: Group | None) -> tuple[Group, Group, LogLikelihood]:
    """The messages of a group between the set of a and that of b, each by the contacts around it: at random, or as they
    stand in a's group; and the log probability of it.
    """
    one, other, total = unit_of(twin, a), unit_of(twin, b), 0.0
    for i in group:
        unit = unit_of(twin, i)
        if unit[0] != i or a in unit or b in unit:
            continue
        barred = [forbidden(twin.weights, (i,), s) for s in (one, other)]
        odds = _beside(twin, one, i) - _beside(twin, other, i) if not any(barred) else WAYS * (barred[1] - barred[0])
        odds = min(max(odds, -WAYS), WAYS)
        first = next(twin.chance) < 1 / (1 + math.exp(-odds)) if stands is None else i in stands
        total -= math.log1p(math.exp(-odds if first else odds))
        one, other = (_merged(one, unit), other) if first else (one, _merged(other, unit))
    return one, other, total


def _beside(twin: Twin, group: Group, i: int) -> LogLikelihood:
    """Log evidence that a message adds to the contacts around it in a set."""
    before, after = [j for j in group if j < i], [j for j in group if j > i]
    far, callers = before[:-WINDOW], twin.weights.callers
    kin = [j for j in far if 0 <= callers[i] == callers[j]][-1:]
    window = {*before[-WINDOW:], *after[:WINDOW], *kin}
    return _evidence(twin.weights, {*window, i}) - _evidence(twin.weights, window)


def parted(twin: Twin, grouping: Grouping, a: int, b: int) -> Grouping:
    """The boat of two messages becomes two."""
    group = group_of(grouping, a)
    one, other, chance = _shared_out(twin, group, a, b, None)
    if any(forbidden(twin.weights, (i,), s) for s in (one, other) for i in s):
        return grouping
    proposal = (grouping - {group}) | {one, other}
    ratio = log_weight(twin.weights, proposal) - log_weight(twin.weights, grouping) - chance
    return proposal if _taken(twin, ratio) else grouping


def joined(twin: Twin, grouping: Grouping, a: int, b: int) -> Grouping:
    """The boats of two messages become one."""
    one, other = group_of(grouping, a), group_of(grouping, b)
    if forbidden(twin.weights, one, other):
        return grouping
    both = _merged(one, other)
    proposal = (grouping - {one, other}) | {both}
    gain = log_weight(twin.weights, proposal) - log_weight(twin.weights, grouping)
    chance = _shared_out(twin, both, a, b, one)[2]
    return proposal if math.log(next(twin.chance)) <= gain + chance else grouping


def exchanged(twin: Twin, grouping: Grouping, a: int, b: int) -> Grouping:
    """Two boats exchange their messages from the first of a and b on, or after the last."""
    one, other = group_of(grouping, a), group_of(grouping, b)
    cut = min(a, b) if next(twin.chance) < 0.5 else max(a, b) + 1
    head, tail = _cut(one, cut)
    front, back = _cut(other, cut)
    if (not tail and not back) or (not head and not front):
        return grouping
    seams = [_seam(twin, *two) for two in ((head, back), (front, tail), (head, tail), (front, back))]
    asked = seams[0] + seams[1] - seams[2] - seams[3]
    if not _taken(twin, asked):
        return grouping
    new = (head + back, front + tail)
    if any(set(u) & set(s) and not set(u) <= set(s) for u in twin.units for s in new):
        return grouping
    if any(forbidden(twin.weights, (i,), s) for s in new for i in s):
        return grouping
    proposal = (grouping - {one, other}) | {s for s in new if s}
    ratio = log_weight(twin.weights, proposal) - log_weight(twin.weights, grouping) - asked
    return proposal if _taken(twin, ratio) else grouping


def _seam(twin: Twin, head: Group, tail: Group) -> LogLikelihood:
    """Log weight of the contacts around a cut."""
    window = (*head[-WINDOW:], *tail[:WINDOW])
    return _evidence(twin.weights, window) + twin.weights.end(window) if window else 0.0


def _cut(group: Group, at: int) -> tuple[Group, Group]:
    return tuple(i for i in group if i < at), tuple(i for i in group if i >= at)


def _evidence(weights: Weights, members: Iterable[int]) -> LogLikelihood:
    return float(weights.parts([tuple(sorted(members))]).sum())


def _merged(one: Group, other: Group) -> Group:
    return tuple(sorted(one + other))


def _without(grouping: Grouping, block: Group) -> Grouping:
    """A grouping with a block taken out."""
    gone = set(block)
    left = (tuple(j for j in g if j not in gone) for g in grouping)
    return frozenset(g for g in left if g)


def _with(left: Grouping, group: Group, block: Group) -> Grouping:
    """A block joins a group; the empty one is one of its own."""
    return (left - {group}) | {_merged(group, block)}


def _in_order(groups: Iterable[Group]) -> list[Group]:
    """Each once, in the order in which they are found."""
    return list(dict.fromkeys(groups))


def _taken(twin: Twin, log_ratio: LogLikelihood) -> bool:
    return log_ratio >= 0 or next(twin.chance) < math.exp(log_ratio)


def drawn(odds: Sequence[LogLikelihood], uniform: Probability) -> int:
    """A place in the list, drawn by the odds."""
    top = max(odds)
    shares = [math.exp(x - top) for x in odds]
    total, mark = 0.0, uniform * sum(shares)
    for k, share in enumerate(shares):
        total += share
        if mark <= total:
            return k
    return len(shares) - 1


__all__ = ["Grouping", "Twin", "block_from", "log_weight", "one_moved", "pair_moved"]
