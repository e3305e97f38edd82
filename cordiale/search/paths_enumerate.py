"""Proof by counting: every path that a better plan could use, and every plan of such paths, judged exactly.

A bound with worths says by how much each path falls short of the best; a better plan cannot have shortfalls that sum to
more than the gap between the plan in hand and the bound. Few paths are left, and few plans of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.search.paths_layers import Bound, Layers
from cordiale.search.paths_ways import DistinctWays

MOST_PATHS: Final = 2000
ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class NearBest:
    """Paths that a better plan could use, best first; those that meet the target alike count once.

    Attributes
    ----------
    paths : array of int
        Cells, shape (paths, looks).
    slack : array
        Shortfall of each, shape (paths,).
    missed : array
        Chance that each misses a target that goes each way, shape (paths, ways).
    """

    paths: IntArray
    slack: FloatArray
    missed: FloatArray


def near_best(layers: Layers, ways: DistinctWays, bound: Bound, room: Probability) -> NearBest | None:
    """Every path that falls short by no more than `room`; None if they are more than can be counted."""
    worth = bound.worth[np.newaxis]
    after = layers.to_go(worth)[0]
    cell = np.flatnonzero(layers.reach[0])
    top = (bound.worth[0, cell] + after[1, cell]).max()
    slack = top - (bound.worth[0, cell] + after[1, cell])
    kept = slack <= room + ROUNDING
    paths, slack = cell[kept][:, np.newaxis], slack[kept]
    for look in range(1, layers.looks):
        here = paths[:, -1]
        options = layers.ways[here]
        total = slack[:, np.newaxis] + after[look, here][:, np.newaxis]
        total = total - (bound.worth[look, options] + after[look + 1, options])
        kept_path, move = np.nonzero(total <= room + ROUNDING)
        paths = np.column_stack([paths[kept_path], options[kept_path, move]])
        slack = total[kept_path, move]
        paths, first = np.unique(paths, axis=0, return_index=True)  # moves repeated to fill
        slack = slack[first]
        if len(paths) > MOST_PATHS:
            return None
    return _distinct(layers, ways, paths, slack)


def _distinct(layers: Layers, ways: DistinctWays, paths: IntArray, slack: FloatArray) -> NearBest:
    """Paths that meet the ways of the target alike as one, that of the least shortfall."""
    order = np.argsort(slack, kind="stable")
    paths, slack = paths[order], slack[order]
    uses = np.zeros((len(paths), ways.places + 1), dtype=np.float32)
    uses[np.arange(len(paths))[:, np.newaxis], ways.place[np.arange(layers.looks), paths]] = 1.0
    passes = np.zeros((ways.places + 1, len(ways.met)), dtype=np.float32)
    passes[ways.met.T, np.arange(len(ways.met))] = 1.0
    met = (uses[:, :-1] @ passes[:-1]).astype(np.int8)
    _, first = np.unique(met, axis=0, return_index=True)
    first = np.sort(first)
    return NearBest(paths[first], slack[first], layers.missed(np.arange(layers.looks + 1.0))[met[first]])


def best_of(
    near: NearBest,
    ways: DistinctWays,
    searchers: int,
    room: Probability,
    miss: Probability,
    *,
    cancel: Callable[[], bool] | None = None,
) -> tuple[IntArray | None, Probability, bool]:
    """The best plan of one, two or three near-best paths that misses less than `miss`, if there is one.

    Returns its paths (searchers, looks) or None, the least miss probability, and whether all plans were judged.
    """
    weighted = near.missed * ways.probability
    half = int(np.searchsorted(near.slack, room / 2 + ROUNDING, side="right"))  # only one can fall short by more
    alone, pair = weighted.sum(axis=1), weighted[:half] @ near.missed.T
    best, done = None, True
    if searchers <= 2:
        table = alone[:, np.newaxis] if searchers == 1 else pair
        if table.size and table.min() < miss:
            best, miss = np.array(np.unravel_index(int(table.argmin()), table.shape)[:searchers]), float(table.min())
    else:
        best, miss, done = _triples(near, weighted, alone, pair, room, miss, cancel)
    return (None if best is None else near.paths[best]), miss, done


def _triples(
    near: NearBest,
    weighted: FloatArray,
    alone: FloatArray,
    pair: FloatArray,
    room: Probability,
    miss: Probability,
    cancel: Callable[[], bool] | None,
) -> tuple[IntArray | None, Probability, bool]:
    """Plans of three, the first path the one that falls least short.

    With m the chance that a path misses, m_i (1 - m_j) (1 - m_k) >= 0 on every way, so that three miss at least
    m_ij + m_ik - m_i: most plans are judged by their pairs alone.
    """
    best = None
    for i in range(len(near.slack)):
        if 3 * near.slack[i] > room + ROUNDING:
            break
        if cancel is not None and cancel():
            return best, miss, False
        end = int(np.searchsorted(near.slack, room - 2 * near.slack[i] + ROUNDING, side="right"))
        slack, one = near.slack[i:end], alone[i:end]
        second = slack[: max(min(len(pair), end) - i, 0)]
        mine, yours = pair[i, i : i + len(second), np.newaxis], pair[i, i:end]
        theirs = pair[i : i + len(second), i:end]
        least = np.maximum(mine + yours - one[0], mine + theirs - one[: len(second), np.newaxis])
        least = np.maximum(least, yours + theirs - one)
        sum_of_slack = slack[0] + second[:, np.newaxis] + slack
        open_plans = np.triu((sum_of_slack <= room + ROUNDING) & (least < miss))
        for j in np.flatnonzero(open_plans.any(axis=1)):
            third = i + np.flatnonzero(open_plans[j])
            value = near.missed[third] @ (weighted[i] * near.missed[i + j])
            if value.min() < miss:
                best, miss = np.array([i, i + j, third[value.argmin()]]), float(value.min())
    return best, miss, True
