"""One searcher on a path: every beginning that can still become the best, look by look.

A beginning is dropped when it could not become the best even if later looks took nothing from each other: the expected
number of detections bounds the chance of one.

Source: Eagle and Yee, An optimal branch-and-bound procedure for the constrained path, moving target search problem,
Operations Research 38 (1990); Martins, A new branch-and-bound procedure for computing optimal search paths, Naval
Postgraduate School (1993), for the bound.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.search.paths_layers import Layers

AT_ONCE: Final = 2048  # beginnings judged together: the memory they take


def single_best(
    layers: Layers,
    path: IntArray,
    miss: Probability,
    *,
    others: FloatArray | None = None,
    most: int = 20_000,
    cancel: Callable[[], bool] | None = None,
) -> tuple[IntArray, Probability, Probability]:
    """The best path of one searcher, its miss probability, and a bound: equal if no beginning had to be left out.

    `path` and `miss` are a plan in hand. At most `most` beginnings are kept at each look, the most promising ones.
    `others`, shape (looks, cells), is the chance that the looks of other searchers miss.
    """
    dropped = np.inf
    missed = np.ones(layers.reach.shape) if others is None else others
    later = missed * layers.backward(missed[np.newaxis])[0]
    begin = np.flatnonzero(layers.reach[0])
    left = np.repeat(layers.target[np.newaxis], begin.size, axis=0)
    paths, hope = begin[:, np.newaxis], _hope(layers, left[:1], 0, missed, later)[0, begin]
    for look in range(layers.looks):
        promising = np.flatnonzero(hope < miss)
        if promising.size > most:
            promising = promising[np.argsort(hope[promising], kind="stable")]
            dropped = min(dropped, float(hope[promising[most]]))
            promising = promising[:most]
        paths, left, hope = paths[promising], left[promising], hope[promising]
        left = left * missed[look]
        left[np.arange(len(left)), paths[:, -1]] *= layers.miss_one
        if not paths.size or (cancel is not None and cancel()):
            break
        if look + 1 < layers.looks:
            paths, left, hope = _children(layers, paths, left, look + 1, miss, missed, later)
    else:
        total = left.sum(axis=1)
        best = int(total.argmin())
        if total[best] < miss:
            path, miss = paths[best], float(total[best])
        return path, miss, min(miss, dropped)
    return path, miss, min(miss, dropped, float(hope.min(initial=np.inf)))


def _hope(layers: Layers, reached: FloatArray, look: int, missed: FloatArray, later: FloatArray) -> FloatArray:
    """The least that can be missed after a look at each cell, for target probabilities before it: (plans, cells).

    `missed` are the looks of others, `later` the same with all that follow.
    """
    worth = np.empty((len(reached), layers.looks - look, reached.shape[1]))
    here = reached
    for k in range(worth.shape[1]):
        worth[:, k] = (1 - layers.miss_one) * here * later[look + k]
        if k + 1 < worth.shape[1]:
            here = (here * missed[look + k]) @ layers.transfer
    after = layers.to_go(worth)[:, 1]
    return np.asarray((reached @ later[look])[:, np.newaxis] - worth[:, 0] - after)


def _children(
    layers: Layers,
    paths: IntArray,
    left: FloatArray,
    look: int,
    miss: Probability,
    missed: FloatArray,
    later: FloatArray,
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Every beginning with one more cell that could still beat `miss`, its probabilities before that look."""
    new_paths, new_left, new_hope = [], [], []
    options = layers.ways[paths[:, -1]]
    fresh = np.ones(options.shape, dtype=bool)
    for k in range(1, options.shape[1]):
        fresh[:, k] = (options[:, :k] != options[:, k : k + 1]).all(axis=1)
    for some in range(0, len(paths), AT_ONCE):
        rows = slice(some, some + AT_ONCE)
        reached = left[rows] @ layers.transfer
        hope = np.take_along_axis(_hope(layers, reached, look, missed, later), options[rows], axis=1)
        which, move = np.nonzero(np.where(fresh[rows], hope, np.inf) < miss)
        new_paths.append(np.column_stack([paths[rows][which], options[rows][which, move]]))
        new_left.append(reached[which])
        new_hope.append(hope[which, move])
    return np.concatenate(new_paths), np.concatenate(new_left), np.concatenate(new_hope)
