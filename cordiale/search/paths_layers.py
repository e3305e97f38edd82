"""Searchers that move from cell to cell: where they can be at each look, their best way through given worths, and what
a target does under their looks. Everything here works on many plans at once, the first axis of the arrays.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Probability, Quantity
from cordiale.search.effort import checked
from cordiale.search.moving import MarkovMotion

NEVER: Final = -1e30


@dataclass(frozen=True, kw_only=True, eq=False)
class PathSearch:
    """Searchers who start together, move to a neighbouring cell or stay, and look where they are, once a step.

    Attributes
    ----------
    target : MarkovMotion
        How the target moves; its first step is the first look.
    origin, destination : array of int
        Moves of a searcher between two looks, shape (moves,). Staying is a move, if it is one.
    start : int
        The cell of every searcher one move before the first look.
    searchers, steps : int
        How many searchers, and how many looks each of them has.
    rate : Quantity
        A look misses a target in its cell with exp(-rate), each on its own: k looks miss with exp(-k rate).

    Raises
    ------
    CordialeError
        If the cell of the start, a number of searchers or steps, or the rate cannot be.
    """

    target: MarkovMotion
    origin: IntArray
    destination: IntArray
    start: int
    searchers: int
    steps: int
    rate: Quantity

    def __post_init__(self) -> None:
        checked("rate", np.array([self.rate]), positive=True)
        if min(self.searchers, self.steps) < 1:
            raise CordialeError("search.path_count", searchers=self.searchers, steps=self.steps)
        if not (self.origin == self.start).any():
            raise CordialeError("search.path_start", cell=self.start, cells=self.target.cells)

    @cached_property
    def layers(self) -> "Layers":
        """The looks that can matter, and what leads to them."""
        return _layers(self)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The looks from the first one that can meet the target on.

    Attributes
    ----------
    first : int
        Looks before this one, counted from 0, meet nothing, whatever the searchers do.
    reach : array of bool
        Where a searcher can be, shape (looks, cells).
    target : array
        Probability of each cell at the first of these looks, not found before: shape (cells,).
    transfer : array
        Chance to move from cell to cell, shape (cells, cells).
    ways : array of int
        Cells a searcher can go to from each cell, shape (cells, most moves); repeated to fill.
    before : array of int
        For each look up to the first, and cell, a cell to come from; shape (first + 1, cells).
    miss_one : Quantity
        Chance that one look misses.
    """

    first: int
    reach: BoolArray
    target: FloatArray
    transfer: FloatArray
    ways: IntArray
    before: IntArray
    miss_one: Quantity

    @property
    def looks(self) -> int:
        """How many looks can matter."""
        return int(self.reach.shape[0])

    def missed(self, counts: FloatArray) -> FloatArray:
        """Chance that looks miss who is there, for any numbers of looks."""
        return np.asarray(np.exp(np.log(self.miss_one) * counts))

    def forward(self, missed: FloatArray) -> FloatArray:
        """Probability of each cell before each look, not found until then: shape (plans, looks, cells)."""
        reached = np.empty_like(missed)
        reached[:, 0] = self.target
        for look in range(1, self.looks):
            reached[:, look] = (reached[:, look - 1] * missed[:, look - 1]) @ self.transfer
        return reached

    def backward(self, missed: FloatArray) -> FloatArray:
        """Chance to be missed after each look, for each cell at it: shape (plans, looks, cells)."""
        later = np.ones_like(missed)
        for look in range(self.looks - 2, -1, -1):
            later[:, look] = (later[:, look + 1] * missed[:, look + 1]) @ self.transfer.T
        return later

    def miss(self, missed: FloatArray) -> FloatArray:
        """Chance to be missed by all looks: shape (plans,)."""
        left = np.broadcast_to(self.target, missed[:, 0].shape)
        for look in range(self.looks):
            left = (left if look == 0 else left @ self.transfer) * missed[:, look]
        return np.asarray(left.sum(axis=-1))

    def to_go(self, worth: FloatArray) -> FloatArray:
        """The most a searcher can still collect after each look, from each cell: (plans, looks + 1, cells).

        The first of these is what it can collect in all when it comes from a cell at the look before the first.
        """
        plans, looks, cells = worth.shape
        value = np.zeros((plans, looks + 1, cells))
        for look in range(looks - 1, -1, -1):
            value[:, look] = np.take(worth[:, look] + value[:, look + 1], self.ways.T, axis=1).max(axis=1)
        return value

    def longest(self, worth: FloatArray) -> tuple[FloatArray, IntArray]:
        """What one searcher can collect at most, and a path that does: shapes (plans,) and (plans, looks)."""
        plans, looks, _ = worth.shape
        each = np.arange(plans)
        value = self.to_go(worth)
        begin = np.where(self.reach[0], worth[:, 0] + value[:, 1], NEVER)
        path = np.empty((plans, looks), dtype=np.int64)
        path[:, 0] = begin.argmax(axis=1)
        for look in range(1, looks):
            options = self.ways[path[:, look - 1]]
            gains = worth[each[:, np.newaxis], look, options] + value[each[:, np.newaxis], look + 1, options]
            path[:, look] = options[each, gains.argmax(axis=1)]
        return begin[each, path[:, 0]], path

    def whole(self, path: IntArray) -> IntArray:
        """A path from the first look of all on: cells, shape (steps,)."""
        cells = [int(path[0])]
        for look in range(self.first, 0, -1):
            cells.append(int(self.before[look, cells[-1]]))
        return np.concatenate([np.array(cells[:0:-1], dtype=np.int64), path])


def counts_of(layers: Layers, paths: IntArray) -> FloatArray:
    """Looks of each look and cell: (plans, looks, cells) from paths of shape (plans, searchers, looks)."""
    plans, _, looks = paths.shape
    counts = np.zeros((plans, looks, layers.target.size))
    for path in paths.transpose(1, 0, 2):
        counts[np.arange(plans)[:, np.newaxis], np.arange(looks), path] += 1
    return counts


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """No plan misses less than `bound`, and one whose paths collect less of the worths misses more.

    Any plan misses at least `bound + sum over its searchers of (most a path can collect - worth of its path)`.

    Attributes
    ----------
    bound : Probability
        No plan misses less.
    worth : array
        Of each look and cell, shape (looks, cells).
    """

    bound: Probability
    worth: FloatArray

    def slack(self, layers: Layers) -> FloatArray:
        """By how much the best path through each look and cell falls short of the best of all: (looks, cells)."""
        worth = self.worth[np.newaxis]
        after = layers.to_go(worth)[0]
        come = np.where(layers.reach[0], 0.0, NEVER)
        through = np.empty_like(self.worth)
        for look in range(layers.looks):
            here = come + self.worth[look]
            through[look] = here + after[look + 1]
            come = np.full_like(come, NEVER)
            np.maximum.at(come, layers.ways, here[:, np.newaxis])
        return np.asarray(through.max() - through)


def _layers(search: PathSearch) -> Layers:
    """The looks that can matter: see `Layers`."""
    target, cells = search.target, search.target.cells
    transfer = np.zeros((cells, cells))
    np.add.at(transfer, (target.origin, target.destination), target.chance)
    place, at = target.start, np.arange(cells) == search.start
    places, reach, before = [], [], []
    for _ in range(search.steps):
        come = np.full(cells, -1)
        going = at[search.origin]
        come[search.destination[going]] = search.origin[going]
        at = come >= 0
        places.append(place)
        reach.append(at)
        before.append(come)
        place = place @ transfer
    meets = [bool((r & (p > 0)).any()) for r, p in zip(reach, places, strict=True)]
    first = meets.index(True) if any(meets) else search.steps - 1
    most = int(np.bincount(search.origin, minlength=cells).max())
    ways = np.tile(np.arange(cells)[:, np.newaxis], most)
    for cell in np.unique(search.origin):
        ways[cell] = np.resize(search.destination[search.origin == cell], most)
    return Layers(
        first=first,
        reach=np.array(reach[first:]),
        target=places[first],
        transfer=transfer,
        ways=ways,
        before=np.array(before[: first + 1]),
        miss_one=float(np.exp(-search.rate)),
    )
