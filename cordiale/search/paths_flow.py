"""A bound for searchers on paths: let them divide as finely as a fluid. Frank and Wolfe's method with steps in pairs.

The miss probability is convex in the flow of searchers, and the best answer to its gradient is the longest path for all
of them; the tangent there is a bound for every plan of whole searchers, whenever the iteration is broken off.

Source: Royset and Sato, Route optimization for multiple searchers, Naval Research Logistics 57 (2010), for the convex
relaxation; Lacoste-Julien and Jaggi, On the global linear convergence of Frank-Wolfe optimization variants, Advances
in Neural Information Processing Systems 28 (2015), for the steps in pairs.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Fraction, IntArray, Probability
from cordiale.search.paths_layers import Bound, Layers

ROUNDS: Final = 250
HALVINGS: Final = 6


def flow_bound(
    layers: Layers,
    searchers: int,
    paths: IntArray,
    *,
    tolerance: Probability = 1e-6,
    rounds: int = ROUNDS,
    cancel: Callable[[], bool] | None = None,
) -> Bound:
    """What no plan of these searchers can go below, even if they could be divided.

    `paths` (searchers, looks) is a plan to start from, best a good one. Ends when another round could raise the bound
    by no more than the tolerance.
    """
    active, shares = np.unique(paths, axis=0, return_counts=True)
    share = shares * (searchers / shares.sum())
    counts, best = _counts(layers, active, share), Bound(0.0, np.zeros(layers.reach.shape))
    for _ in range(rounds):
        gradient, miss = _gradient(layers, counts)
        worth, path = layers.longest(gradient[np.newaxis])
        slack = searchers * float(worth[0]) - float((gradient * counts).sum())
        if miss - slack > best.bound:
            best = Bound(miss - slack, gradient)
        if miss - best.bound <= tolerance or (cancel is not None and cancel()):
            break
        active, share, into = _joined(active, share, path[0])
        looks = np.arange(layers.looks)
        gains = np.where(share > 0, gradient[looks, active].sum(axis=1), np.inf)
        out_of = int(gains.argmin())
        direction = _counts(layers, active[[into, out_of]], np.array([1.0, -1.0]))
        step = _step(layers, counts, direction, float(share[out_of]))
        share[into] += step
        share[out_of] = 0.0 if step >= share[out_of] else share[out_of] - step
        kept = share > 0
        active, share = active[kept], share[kept]
        counts = np.maximum(counts + step * direction, 0.0)
    return best


def _counts(layers: Layers, paths: IntArray, share: FloatArray) -> FloatArray:
    """Searchers in each cell at each look, shape (looks, cells)."""
    counts = np.zeros((layers.looks, layers.target.size))
    np.add.at(counts, (np.arange(layers.looks), paths), share[:, np.newaxis])
    return counts


def _gradient(layers: Layers, counts: FloatArray) -> tuple[FloatArray, Probability]:
    """What a little more of a searcher would find at each look and cell, and the miss probability."""
    missed = layers.missed(counts[np.newaxis])
    passing = layers.forward(missed) * missed * layers.backward(missed)
    return -np.log(layers.miss_one) * passing[0], float(passing[0, -1].sum())


def _joined(active: IntArray, share: FloatArray, path: IntArray) -> tuple[IntArray, FloatArray, int]:
    """The paths in use with one more, if it is new, and its place."""
    same = np.flatnonzero((active == path).all(axis=1))
    if same.size:
        return active, share, int(same[0])
    return np.vstack([active, path]), np.append(share, 0.0), len(active)


def _step(layers: Layers, counts: FloatArray, direction: FloatArray, most: Fraction) -> Fraction:
    """How far to go in a direction: where its gain has fallen to nothing, by false position."""

    def gain(step: Fraction) -> Fraction:
        gradient, _ = _gradient(layers, np.maximum(counts + step * direction, 0.0))
        return float((gradient * direction).sum())

    low, high = 0.0, most
    left, right = gain(low), gain(high)
    if right >= 0:
        return most
    for _ in range(HALVINGS):
        middle = low + (high - low) * min(max(left / (left - right), 0.05), 0.95)
        value = gain(middle)
        if value > 0:
            low, left = middle, value
        else:
            high, right = middle, value
    return low if low > 0 else high
