"""GOSPA and T-GOSPA: how far estimated boats are from true ones, with the missed, the false and the switched.

Sources: Rahmathullah, Garcia-Fernandez and Svensson, Fusion 2017 (GOSPA); Garcia-Fernandez, Rahmathullah and Svensson,
IEEE Trans. Signal Process. 68 (2020) (T-GOSPA); the q-metric charges (1 - rho) c^p for a missed and rho c^p for a false
boat in place of c^p / 2 for each; the probabilistic form charges min(r, r') of the distance and |r - r'| of the
cut-off (after the idea of Xia and others, arXiv 2412.11482; the paper was not at hand, so only the idea is theirs).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np

from cordiale.earth.units import Fraction, Metres, Probability, Quantity

Point = Sequence[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """The distance, and its parts to the power p: located wrongly, missed, false, switched."""

    total: Quantity
    located: Quantity
    missed: Quantity
    false: Quantity
    switched: Quantity = 0.0


def gospa(truth: Sequence[Point], given: Sequence[Point], *, c: Metres, p: float = 2.0, rho: Fraction = 0.5) -> Cost:
    """GOSPA with alpha = 2 of two sets of points; `rho` other than one half is the q-metric."""
    ones = [1.0] * len(given)
    return probabilistic_gospa(truth, given, ones, c=c, p=p, rho=rho)


def probabilistic_gospa(
    truth: Sequence[Point], given: Sequence[Point], existence: Sequence[Probability], *, c: Metres, p: float = 2.0,
    rho: Fraction = 0.5, deviation: Sequence[Metres] | None = None,
) -> Cost:  # fmt: skip
    """The same for boats that exist with a probability and whose place is normal with a deviation on each axis.

    The distance to a cloud is the Wasserstein one of order 2: root of (distance squared + 2 deviation squared).
    """
    x, y, r = np.asarray(truth, dtype=float), np.asarray(given, dtype=float), np.asarray(existence, dtype=float)
    n, m = len(x), len(y)
    spread = np.zeros(m) if deviation is None else np.asarray(deviation, dtype=float)
    missing, phantom = (1 - rho) * c**p, rho * c**p
    if n == 0 or m == 0:
        return _cost(p, 0.0, n * missing, float(r.sum()) * phantom)
    apart = np.sqrt(((x[:, None] - y[None]) ** 2).sum(axis=2) + 2 * spread[None] ** 2)
    pair = r[None] * np.minimum(apart**p, c**p) + (1 - r[None]) * missing
    size = n + m
    square = np.zeros((size, size))
    square[:n, :m] = pair
    square[:n, m:] = missing
    square[n:, :m] = r[None] * phantom
    columns = assignment(square)
    located = missed = 0.0
    false = float(r.sum()) * phantom
    for i in range(n):
        j = columns[i]
        if j < m and apart[i, j] < c:
            located += r[j] * apart[i, j] ** p
            missed += (1 - r[j]) * missing
            false -= r[j] * phantom
        else:
            missed += missing
    return _cost(p, located, missed, false)


def _cost(p: float, located: float, missed: float, false: float, switched: float = 0.0) -> Cost:
    total = max(located + missed + false + switched, 0.0) ** (1 / p)
    return Cost(total=total, located=located, missed=missed, false=false, switched=switched)


def assignment(cost: np.ndarray) -> list[int]:
    """The column of each row at least total cost, square or wide; shortest augmenting paths, Jonker, Volgenant 1987."""
    rows, columns = cost.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=int)
    for i in range(1, rows + 1):
        owner[0], j0 = i, 0
        least = np.full(columns + 1, math.inf)
        before = np.zeros(columns + 1, dtype=int)
        done = np.zeros(columns + 1, dtype=bool)
        while True:
            done[j0] = True
            reduced = cost[owner[j0] - 1] - u[owner[j0]] - v[1:]
            better = ~done[1:] & (reduced < least[1:])
            least[1:][better], before[1:][better] = reduced[better], j0
            j1 = 1 + int(np.argmin(np.where(done[1:], math.inf, least[1:])))
            step = least[j1]
            u[owner[done]] += step
            v[done] -= step
            least[~done] -= step
            j0 = j1
            if owner[j0] == 0:
                break
        while j0:
            owner[j0] = owner[before[j0]]
            j0 = int(before[j0])
    chosen = [0] * rows
    for j in range(1, columns + 1):
        if owner[j]:
            chosen[owner[j] - 1] = j - 1
    return chosen


MOST_STATES: Final = 2000
Track = Sequence[float | None]


def t_gospa(
    truth: Sequence[Track], given: Sequence[Track], *, c: Metres, gamma: Metres, p: float = 1.0, rho: Fraction = 0.5,
    apart: Callable[[float, float], float] = lambda a, b: abs(a - b),
) -> Cost:  # fmt: skip
    """T-GOSPA of a few trajectories on a line (None where there is none), exact: dynamic programming over assignments.

    A true trajectory may be assigned to an estimated one or to none; leaving one for another costs gamma^p, one for
    none or none for one half of it. Raises ValueError where there are too many assignments for that.
    """
    n, m = len(truth), len(given)
    times = len(truth[0]) if n else len(given[0])
    states = _assignments(n, m)
    if len(states) > MOST_STATES:
        raise ValueError(f"{n} by {m} trajectories have {len(states)} assignments; at most {MOST_STATES} are tried")
    change = np.array([[_switches(a, b, gamma, p) for b in states] for a in states])
    here = [_at(truth, given, k, states, apart, (c, p, rho)) for k in range(times)]
    total = here[0].sum(axis=1)
    origin: list[np.ndarray] = []
    for k in range(1, times):
        through = total[:, None] + change
        origin.append(through.argmin(axis=0))
        total = through.min(axis=0) + here[k].sum(axis=1)
    path = [int(total.argmin())]
    for back in reversed(origin):
        path.append(int(back[path[-1]]))
    path.reverse()
    parts = sum(here[k][s] for k, s in enumerate(path))
    switched = sum(change[a, b] for a, b in zip(path, path[1:], strict=False))
    return _cost(p, float(parts[0]), float(parts[1]), float(parts[2]), float(switched))


def _assignments(n: int, m: int) -> list[tuple[int, ...]]:
    """All ways to give each of n trajectories one of m or none (-1), no one twice."""
    slots = [*range(m), *([-1] * n)]
    return sorted(set(permutations(slots, n))) if len(slots) < 9 else [()] * (MOST_STATES + 1)


def _switches(a: tuple[int, ...], b: tuple[int, ...], gamma: float, p: float) -> float:
    changed = [(i, j) for i, j in zip(a, b, strict=True) if i != j]
    return gamma**p * sum(0.5 if -1 in pair else 1.0 for pair in changed)


def _at(
    truth: Sequence[Track], given: Sequence[Track], k: int, states: list[tuple[int, ...]],
    apart: Callable[[float, float], float], scale: tuple[float, float, float],
) -> np.ndarray:  # fmt: skip
    """Costs at one time for every assignment: located, missed, false."""
    c, p, rho = scale
    missing, phantom = (1 - rho) * c**p, rho * c**p
    rows = np.zeros((len(states), 3))
    alive = sum(y[k] is not None for y in given)
    for row, state in zip(rows, states, strict=True):
        row[2] = alive * phantom
        for i, j in enumerate(state):
            x, y = truth[i][k], given[j][k] if j >= 0 else None
            if x is not None and y is not None and apart(x, y) < c:
                row[0] += apart(x, y) ** p
                row[2] -= phantom
            elif x is not None:
                row[1] += missing
    return rows
