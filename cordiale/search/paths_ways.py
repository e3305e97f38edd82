"""The ways a target can go, as far as searchers on paths can meet it: each distinct one once, with its probability."""

from dataclasses import dataclass

import numpy as np

from cordiale.earth.units import FloatArray, IntArray
from cordiale.search.moving import MarkovMotion
from cordiale.search.paths_layers import Layers


@dataclass(frozen=True, slots=True, eq=False)
class DistinctWays:
    """Distinct ways of a target through the places where it can be met.

    Attributes
    ----------
    place : array of int
        Shape (looks, cells): number of each place (a cell at a look) where a searcher can be, -1 elsewhere.
    met : array of int
        Shape (ways, looks): the place of the target at each look, `places` where no searcher can be.
    probability : array
        Of each way, shape (ways,).
    """

    place: IntArray
    met: IntArray
    probability: FloatArray

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.place.max()) + 1


def distinct_ways(target: MarkovMotion, layers: Layers, *, most: int) -> DistinctWays | None:
    """Every distinct way, or None if there are more than `most` of them on the way to counting them."""
    place = np.full(layers.reach.shape, -1)
    place[layers.reach] = np.arange(int(layers.reach.sum()))
    places = int(layers.reach.sum())
    order = np.argsort(target.origin, kind="stable")
    moves = np.bincount(target.origin, minlength=target.cells)
    begins = np.cumsum(moves) - moves
    cell = np.flatnonzero(layers.target > 0)
    weight = layers.target[cell]
    met = np.where(place[0, cell] >= 0, place[0, cell], places)[:, np.newaxis]
    for look in range(1, layers.looks):
        cell, weight, met = _merged(cell, weight, met, places)
        repeat = moves[cell]
        if repeat.sum() > 8 * most:
            return None
        source = np.repeat(np.arange(cell.size), repeat)
        nth = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
        move = order[begins[cell[source]] + nth]
        source, move = source[target.chance[move] > 0], move[target.chance[move] > 0]
        cell, weight = target.destination[move], weight[source] * target.chance[move]
        there = place[look, cell]
        met = np.column_stack([met[source], np.where(there >= 0, there, places)])
    _, weight, met = _merged(np.zeros_like(cell), weight, met, places)
    return DistinctWays(place, met, weight) if weight.size <= most else None


def _merged(cell: IntArray, weight: FloatArray, met: IntArray, places: int) -> tuple[IntArray, FloatArray, IntArray]:
    """Ways that have met the same places and are in the same cell, as one."""
    key = np.zeros(len(met), dtype=np.int64)
    for column in met.T:
        key = np.unique(key * (places + 1) + column, return_inverse=True)[1]
    key = key * (int(cell.max(initial=0)) + 1) + cell
    _, first, same = np.unique(key, return_index=True, return_inverse=True)
    together = np.bincount(same, weights=weight, minlength=first.size).astype(np.float64, copy=False)
    return cell[first], together, met[first]
