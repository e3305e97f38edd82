"""Contour lines of a gridded density by marching squares: closed rings, linear between nodes."""

from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Quantity

# Sides of a square: 0 bottom, 1 right, 2 top, 3 left. For each of the 16 cases (corners SW 1, SE 2, NE 4, NW 8 at or
# above the level) the sides where a line enters and leaves, with the high ground on its left.
_LINES: Final[tuple[tuple[tuple[int, int], ...], ...]] = (
    (),
    ((0, 3),),
    ((1, 0),),
    ((1, 3),),
    ((2, 1),),
    ((0, 3), (2, 1)),
    ((2, 0),),
    ((2, 3),),
    ((3, 2),),
    ((0, 2),),
    ((1, 0), (3, 2)),
    ((1, 2),),
    ((3, 1),),
    ((0, 1),),
    ((3, 0),),
    (),
)
Edge = tuple[int, int, int]


def rings_at(values: FloatArray, level: Quantity) -> list[FloatArray]:
    """Closed rings (last point = first) of (column, row) where the field passes `level`, longest first.

    High ground lies to the left: outlines run anticlockwise, holes clockwise. The field is taken as low beyond its rim.
    """
    padded = np.pad(values, 1, constant_values=min(0.0, float(level) - 1.0))
    high = padded >= level
    case = high[:-1, :-1] * 1 + high[:-1, 1:] * 2 + high[1:, 1:] * 4 + high[1:, :-1] * 8
    following: dict[Edge, Edge] = {}
    for row, column in np.argwhere((case > 0) & (case < 15)).tolist():
        for enters, leaves in _LINES[case[row, column]]:
            following[_edge(row, column, enters)] = _edge(row, column, leaves)
    rings = []
    while following:
        first, here = following.popitem()
        ring = [first]
        while here != first:
            ring.append(here)
            here = following.pop(here)
        ring.append(first)
        rings.append(np.array([_point(padded, level, edge) for edge in ring]) - 1.0)
    return sorted(rings, key=len, reverse=True)


def _edge(row: int, column: int, side: int) -> Edge:
    """A side named so that both its squares name it alike: (row, column, 0) runs east from a node, (..., 1) north."""
    if side == 0:
        return row, column, 0
    if side == 2:
        return row + 1, column, 0
    return row, column + (side == 1), 1


def _point(values: FloatArray, level: Quantity, edge: Edge) -> tuple[float, float]:
    row, column, upright = edge
    a = values[row, column]
    b = values[row + upright, column + 1 - upright]
    part = float(np.clip((level - a) / (b - a), 0.0, 1.0))
    return (column, row + part) if upright else (column + part, row)
