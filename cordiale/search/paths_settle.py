"""Better paths for few searchers and many looks: each in turn finds its best path anew, by its beginnings.

Where one look finds much, what looks add is far from linear, and turns on linear worths end early. Here the best
response to the others is sought as for one searcher, with few beginnings kept; then one or two searchers are sent
elsewhere and all respond again, from the best plan or one nearly as good.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.search.paths_improve import FAR, GAIN, Draws, shaken, worth_of
from cordiale.search.paths_layers import Layers, counts_of
from cordiale.search.paths_single import single_best

BEGINNINGS: Final = 20
WORSE: Final = 1e-3  # of miss probability: what a plan to go on from may be worse than the last one; judgement


def settle(
    layers: Layers,
    paths: IntArray,
    miss: Probability,
    stream: Stream,
    *,
    responses: int = 300,
    cancel: Callable[[], bool] | None = None,
) -> tuple[IntArray, Probability]:
    """A plan at least as good as the one given: paths (searchers, looks), and its miss probability.

    `responses` is how often a searcher looks for its best path; `cancel` ends the search with the best so far.
    """
    draw = Draws(stream)
    plan, value, left = _responded(layers, paths.copy(), miss, range(len(paths)), responses, cancel)
    best, least = plan.copy(), value
    while left > 0 and not (cancel is not None and cancel()):
        other, order = _sent_elsewhere(layers, plan, draw)
        start = float(layers.miss(layers.missed(counts_of(layers, other[np.newaxis])))[0])
        other, reached, left = _responded(layers, other, start, order, left, cancel)
        if reached < least - GAIN:
            best, least = other.copy(), reached
        if reached < value + WORSE:
            plan, value = other, reached
    return best, least


def _responded(
    layers: Layers,
    paths: IntArray,
    miss: Probability,
    order: IntArray | range,
    responses: int,
    cancel: Callable[[], bool] | None,
) -> tuple[IntArray, Probability, int]:
    """Best responses in turn, in place, until nobody gains; and how many responses are left."""
    quiet = turn = 0
    while quiet < len(paths) and responses > 0 and not (cancel is not None and cancel()):
        j = order[turn % len(paths)]
        others = layers.missed(counts_of(layers, np.delete(paths, j, axis=0)[np.newaxis])[0])
        path, missed, _ = single_best(layers, paths[j], miss, others=others, most=BEGINNINGS)
        quiet, turn, responses = quiet + 1, turn + 1, responses - 1
        if missed < miss - GAIN:
            paths[j], miss, quiet = path, missed, 1
    return paths, miss, responses


def _sent_elsewhere(layers: Layers, paths: IntArray, draw: Draws) -> tuple[IntArray, IntArray]:
    """One or two searchers on other paths, and the order in which all respond: they come last."""
    searchers = len(paths)
    order = np.argsort(draw(searchers))
    moved = order[: 1 + int(searchers > 2 and draw(1)[0] < 0.5)]
    other = paths.copy()
    counts: FloatArray = counts_of(layers, np.delete(paths, moved, axis=0)[np.newaxis])
    worth = worth_of(layers, counts, counts)
    for j in moved:
        other[j] = layers.longest(shaken(worth, FAR, draw))[1][0]
    return other, np.roll(order, -len(moved))
