"""The grid on which moving-target searches are compared, built from its description."""

import math

import numpy as np

from cordiale.search.moving import MarkovMotion
from cordiale.search.paths_layers import PathSearch


def grid_moves(edge):
    """Origin and destination of every move to a neighbour and of staying; cell = row * edge + column."""
    row, column = np.divmod(np.arange(edge * edge), edge)
    origins, destinations = [], []
    for up, right in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
        inside = (row + up >= 0) & (row + up < edge) & (column + right >= 0) & (column + right < edge)
        origins.append(np.flatnonzero(inside))
        destinations.append(((row + up) * edge + column + right)[inside])
    return np.concatenate(origins), np.concatenate(destinations)


def wandering_target(edge=9, stays=0.6):
    """A target that starts in the middle, stays with 0.6 and else goes to one of its neighbours."""
    origin, destination = grid_moves(edge)
    away = origin != destination
    neighbours = np.bincount(origin[away], minlength=edge * edge)
    chance = np.where(away, (1 - stays) / neighbours[origin], stays)
    start = np.zeros(edge * edge)
    start[(edge * edge) // 2] = 1
    return MarkovMotion(start=start, origin=origin, destination=destination, chance=chance)


def royset_sato(searchers, steps):
    """Searchers from the corner, the target from the middle; one look each, together as good as 3 with 0.6."""
    target = wandering_target()
    return PathSearch(
        target=target,
        origin=target.origin,
        destination=target.destination,
        start=0,
        searchers=searchers,
        steps=steps,
        rate=-3 * math.log(0.4) / searchers,
    )
