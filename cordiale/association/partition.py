"""Which messages belong together: Gibbs sampling over partitions of the messages into boats.

Each message in turn leaves its boat and is given to one again, with the probabilities that its position, its time and
what it said give it beside the messages of each boat, before and after it, against a boat of its own. Sweep by sweep
this visits the partitions as often as they are probable; how often two messages stand together is the probability that
they are about the same boat. Every sweep costs the same number of moves, chance is a named stream, and the messages
are in order of event: the same set gives the same answer.

Source: Gibbs sampling, Geman and Geman (1984); for partitions, Neal, J. Comp. Graph. Stat. 9 (2000) 249-265, algorithm
3.
"""

import math
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from cordiale.association.scores import Scores, with_one
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, LogLikelihood, Probability

CHAINS, SETTLING, SWEEPS = 2, 4, 16  # streams of chance, sweeps before counting, sweeps counted


def together(scores: Scores, stream: Stream) -> tuple[FloatArray, list[IntArray]]:
    """How often each two messages were about one boat (n, n), and the partitions visited, as labels of shape (n,)."""
    count = len(scores.messages)
    same = np.zeros((count, count))
    visited: list[IntArray] = []
    start = joined_up(scores, [(i,) for i in range(count)])
    for chain in range(CHAINS):
        chance = stream.child(f"chain {chain}")
        groups = start
        for sweep in range(SETTLING + SWEEPS):
            uniforms = chance.uniforms(np.arange(count), sweep)
            groups = swept(scores, groups, uniforms[:, 0])
            groups = callers_moved(scores, groups, uniforms[:, 1])
            if sweep < SETTLING:
                groups = joined_up(scores, groups)
            else:
                labels = labels_of(groups, count)
                visited.append(labels)
                same += labels[:, None] == labels[None, :]
    return same / (CHAINS * SWEEPS), visited


def callers_moved(scores: Scores, groups: list[tuple[int, ...]], uniforms: FloatArray) -> list[tuple[int, ...]]:
    """All messages of one phone that stand together leave as one and are given to a group again: single ones seldom do.

    The block that moves is the same before and after, so that this is a Gibbs step too.
    """
    blocks: dict[str, list[int]] = {}
    for i, caller in enumerate(scores.caller):
        if caller is not None:
            blocks.setdefault(caller, []).append(i)
    for members in blocks.values():
        block = tuple(members)
        home = next(k for k, g in enumerate(groups) if block[0] in g)
        if len(block) == 1 or not set(block) <= set(groups[home]):
            continue
        left = tuple(j for j in groups[home] if j not in block)
        groups = [g for k, g in enumerate(groups) if k != home] + ([left] if left else [])
        own = scores.whole(block)
        odds = [scores.added(g, block) - own for g in groups]
        pick = _drawn(odds, float(uniforms[block[0]]))
        if pick < 0:
            groups.append(block)
        else:
            groups[pick] = tuple(sorted((*groups[pick], *block)))
    return sorted(groups)


def _drawn(log_odds: Sequence[LogLikelihood], uniform: float) -> int:
    """The group drawn by the odds; -1 for a new one."""
    shares, new = chances(log_odds)
    steps = np.cumsum([new, *shares])
    return int(np.searchsorted(steps, uniform * steps[-1])) - 1


def joined_up(scores: Scores, given: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Groups joined two by two, the surest first, as long as that raises the evidence: a known phone before a
    likely position.
    """
    groups = dict(enumerate(sorted(given)))
    worth = {k: scores.whole(g) for k, g in groups.items()}
    queue = [
        (-gain, a, b)
        for a in groups
        for b in groups
        if a < b and (gain := scores.gain(groups[a], worth[a], groups[b], worth[b])) > 0
    ]
    heapify(queue)
    fresh = len(groups)
    while queue:
        gain, a, b = heappop(queue)
        if a not in groups or b not in groups:
            continue
        both = tuple(sorted((*groups[a], *groups[b])))
        value = worth[a] + worth[b] - gain
        del groups[a], groups[b]
        for other, members in groups.items():
            better = scores.gain(both, value, members, worth[other])
            if better > 0:
                heappush(queue, (-better, other, fresh))
        groups[fresh], worth[fresh] = both, value
        fresh += 1
    return sorted(groups.values())


def swept(scores: Scores, groups: list[tuple[int, ...]], uniforms: FloatArray) -> list[tuple[int, ...]]:
    """One sweep: every message leaves and is given to a group again by the odds."""
    for i, uniform in enumerate(uniforms):
        home = next(k for k, g in enumerate(groups) if i in g)
        left = tuple(j for j in groups[home] if j != i)
        groups = [g for k, g in enumerate(groups) if k != home] + ([left] if left else [])
        pick = _drawn([scores.beside(i, g) for g in groups], float(uniform))
        if pick < 0:
            groups.append((i,))
        else:
            groups[pick] = with_one(groups[pick], i)
    return sorted(groups)


def chances(log_odds: Sequence[LogLikelihood]) -> tuple[list[Probability], Probability]:
    """Probabilities of each group and of a new one, from log odds against the new one."""
    top = max([0.0, *log_odds])
    weights = [math.exp(x - top) for x in log_odds]
    new = math.exp(-top)
    total = sum(weights) + new
    return [w / total for w in weights], new / total


def labels_of(groups: Sequence[tuple[int, ...]], count: int) -> IntArray:
    """The group of each message as a number; groups count from the one with the earliest message."""
    labels = np.empty(count, dtype=np.int64)
    for label, group in enumerate(sorted(groups)):
        labels[list(group)] = label
    return labels


def agreed(same: FloatArray, visited: Sequence[IntArray], least: Probability = 0.5) -> IntArray:
    """The partition that agrees best with the probabilities: pairs together above `least`, apart below it.

    Source: Binder, Biometrika 65 (1978) 31-38. The best of those visited, improved message by message.
    """
    gain = same - least
    np.fill_diagonal(gain, 0.0)
    values = [float((gain * (labels[:, None] == labels[None, :])).sum()) for labels in visited]
    labels = visited[int(np.argmax(values))].copy()
    for _ in range(20):
        before = labels.copy()
        for i in range(labels.size):
            totals = np.bincount(labels, gain[i], minlength=labels.size + 1)
            others = np.flatnonzero(np.bincount(np.delete(labels, i), minlength=labels.size + 1) > 0)
            best = others[int(np.argmax(totals[others]))] if others.size else -1
            labels[i] = best if best >= 0 and totals[best] > 0 else _free(labels, i)
        if (labels == before).all():
            break
    return labels


def votes(visited: Sequence[IntArray], labels: IntArray) -> FloatArray:
    """How often each message stood with each group of the agreed partition: shape (n, groups + 1), rows sum to 1.

    In every partition visited a message votes for the group that most of its companions come from; alone, for the last
    column.
    """
    count, groups = labels.size, int(labels.max()) + 1
    total = np.zeros((count, groups + 1))
    for sample in visited:
        companions = np.zeros((int(sample.max()) + 1, groups))
        np.add.at(companions, (sample, labels), 1.0)
        own = companions[sample]
        own[np.arange(count), labels] -= 1
        # on a tie the group it was given to, so that two pieces of one boat do not take turns
        own[np.arange(count), labels] += 0.5 * (own[np.arange(count), labels] > 0)
        winner = np.where(own.max(axis=1) > 0, own.argmax(axis=1), groups)
        total[np.arange(count), winner] += 1
    return total / len(visited)


def _free(labels: IntArray, i: int) -> int:
    used = set(np.delete(labels, i).tolist())
    return int(labels[i]) if int(labels[i]) not in used else next(k for k in range(labels.size + 1) if k not in used)
