"""Good paths by turns: each searcher takes its best way while the others keep theirs, from many starts at once.

With all other looks fixed, what a look adds is linear; the best way through these worths is found by dynamic
programming, judged exactly, and kept if it is better. Worths shaken at random lead out of dead ends, and so do rounds
that send a third of the searchers of the best plans elsewhere.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Fraction, IntArray, Probability
from cordiale.search.paths_layers import Layers, counts_of

SHAKEN: Final = (0.0, 0.15, 0.3, 0.4)  # by how much, pass by pass: judgement
ELSEWHERE: Final = 0.35  # chance of a searcher to be sent elsewhere in a new round: judgement
FAR: Final = 0.8  # by how much the worths are shaken for that: judgement
PATIENCE: Final = 3  # rounds without gain
GAIN: Final = 1e-12  # what is less is rounding


def improve(
    layers: Layers,
    searchers: int,
    stream: Stream,
    *,
    plans: int = 24,
    rounds: int = 12,
    passes: int = 8,
    progress: Callable[[int, Probability], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> tuple[IntArray, Probability]:
    """The best plan found: paths of shape (searchers, looks), and its miss probability.

    `plans` are worked on at once, in `rounds` of at most `passes` turns of every searcher. Three rounds that improve
    nothing, or `cancel`, end the search.
    """
    draw = Draws(stream)
    paths, miss = _first_plans(layers, searchers, plans, draw)
    best = int(miss.argmin())
    kept, least = paths[best].copy(), float(miss[best])
    quiet = 0
    for done in range(rounds):
        if progress is not None:
            progress(done, least)
        if done:
            paths, miss = _elsewhere(layers, paths[np.argsort(miss)][: max(plans // 4, 1)], plans, draw)
        before = least
        for _ in _passes(layers, paths, miss, passes, draw):
            best = int(miss.argmin())
            if miss[best] < least:
                kept, least = paths[best].copy(), float(miss[best])
            if cancel is not None and cancel():
                return kept, least
        quiet = 0 if least < before - GAIN else quiet + 1
        if quiet >= PATIENCE:
            break
    return kept, least


class Draws:
    """Numbers between 0 and 1 from one stream, in the order they are asked for."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._asked = 0

    def __call__(self, *shape: int) -> FloatArray:
        """Numbers of a shape."""
        self._asked += 1
        count = int(np.prod(shape))
        numbers = self._stream.uniforms(np.arange((count + 1) // 2), self._asked)
        return numbers.ravel()[:count].reshape(shape)


def worth_of(layers: Layers, counts: FloatArray, others: FloatArray) -> FloatArray:
    """What one more look at each place and time would find, all looks of `counts` but the one there being made."""
    missed = layers.missed(counts)
    return layers.forward(missed) * layers.missed(others) * layers.backward(missed) * (1 - layers.miss_one)


def shaken(worth: FloatArray, by: Fraction, draw: Draws) -> FloatArray:
    """Worths changed at random by up to a fraction of themselves."""
    return worth * (1 + by * (2 * draw(*worth.shape) - 1)) if by else worth


def _first_plans(layers: Layers, searchers: int, plans: int, draw: Draws) -> tuple[IntArray, FloatArray]:
    """Searchers added one after the other; the first plan without chance."""
    paths = np.zeros((plans, searchers, layers.looks), dtype=np.int64)
    counts = np.zeros((plans, layers.looks, layers.target.size))
    for j in range(searchers):
        worth = shaken(worth_of(layers, counts, counts), FAR, draw)
        worth[0] = worth_of(layers, counts[:1], counts[:1])[0]
        paths[:, j] = layers.longest(worth)[1]
        _look(counts, paths[:, j], 1)
    return paths, layers.miss(layers.missed(counts))


def _elsewhere(layers: Layers, best: IntArray, plans: int, draw: Draws) -> tuple[IntArray, FloatArray]:
    """Copies of the best plans with some searchers sent elsewhere; the first copy stays as it is."""
    paths = best[np.arange(plans) % len(best)]
    counts = counts_of(layers, paths)
    moved = draw(plans, paths.shape[1]) < ELSEWHERE
    moved[0] = False
    for j in range(paths.shape[1]):
        others = counts.copy()
        _look(others, paths[:, j], -1)
        other = layers.longest(shaken(worth_of(layers, counts, others), FAR, draw))[1]
        paths[:, j] = np.where(moved[:, j, np.newaxis], other, paths[:, j])
        counts = others
        _look(counts, paths[:, j], 1)
    return paths, layers.miss(layers.missed(counts))


def _passes(layers: Layers, paths: IntArray, miss: FloatArray, passes: int, draw: Draws) -> Iterator[int]:
    """Turns of every searcher, in place, until a cycle of them improves no plan; yields after each turn."""
    counts = counts_of(layers, paths)
    quiet = 0
    for done in range(passes):
        improved = False
        for j in range(paths.shape[1]):
            others = counts.copy()
            _look(others, paths[:, j], -1)
            path = layers.longest(shaken(worth_of(layers, counts, others), SHAKEN[done % len(SHAKEN)], draw))[1]
            new = others.copy()
            _look(new, path, 1)
            missed = layers.miss(layers.missed(new))
            better = missed < miss - GAIN
            paths[better, j], miss[better], counts[better] = path[better], missed[better], new[better]
            improved |= bool(better.any())
            yield done
        quiet = 0 if improved else quiet + 1
        if quiet >= len(SHAKEN):
            return


def _look(counts: FloatArray, path: IntArray, by: int) -> None:
    """Add one searcher's looks to the counts, in place, or take them away."""
    plans, looks = path.shape
    counts[np.arange(plans)[:, np.newaxis], np.arange(looks), path] += by
