"""What no plan can exceed: the effort of every searcher divided over the sea as finely as one likes.

A searcher on scene sweeps W V sqrt(1 + v / V) of sea a second (v: how fast a particle moves in the drifting frame),
and c W^2 more at the two ends of its way. The relaxation lets it put that wherever it likes, on several places at
once, without ways in between; what stays is its time on scene, when it can be there at the earliest, and that coverage
must come from somewhere. Coverage C of a place then finds at most

    min(1, C)                                       rigorous: no law finds more than is swept
    mean of 1 - (1 + n(u) / kappa)^-kappa           same law: parallel tracks evenly spaced, all searchers interleaved,
      n(u) = (pi / 4) C^2 / sin^2(pi u)             erf(C sqrt(pi) / 2) where looks are independent.

Both are concave in C, so that tangents at any division of effort bound all divisions (Frank and Wolfe; Washburn 1983):
the bound holds whenever the iteration stops. Where it holds and what it rests on: docs/search-plan.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import BoolArray, FloatArray, Fraction, IntArray, Metres, Quantity, Seconds
from cordiale.search.bound_kernel import tangents
from cordiale.search.plan_cloud import Cloud, Objective, SingleArray, drops
from cordiale.search.plan_track import Ready

Law = Literal["same", "rigorous"]
ENDS: Final[Fraction] = 0.30  # W^2 more than W L for the two ends of a straight leg (0.29; tests/rooms/search)
FAR: Final[Fraction] = 5.0  # sweep widths beyond which a track finds 1.6 % of its sweep
PER_NODE: Final = 200.0  # nodes of a law for each unit of coverage
MOST: Final[Fraction] = 8.0  # coverage; more counts as certain
CELLS: Final = 24.0  # along the mean width of the cloud (four standard deviations)
ROUNDS: Final = 45
TEMPER: Final = 0.65  # power of the gradient by which effort moves
TEMPER_STEP: Final = 0.3  # the same for the steep law
STEP: Final[Fraction] = 0.12  # coverage over which the soft step of the rigorous law falls


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What no plan exceeds under a law, and what the relaxed division of effort itself is worth."""

    law: Law
    value: Quantity
    reached: Quantity


@dataclass(frozen=True, kw_only=True, eq=False)
class _Grid:
    """Cells of the drifting frame: the cell of each particle in each span, and where their centres are."""

    edge: Metres
    columns: int
    order: IntArray  # (particles,), so that neighbours in the sea are neighbours in memory
    cell: NDArray[np.int32]
    index: NDArray[np.int32]  # (particles, spans), of span, class and cell
    excess: NDArray[np.float32]  # (particles, spans) m/s
    centres: FloatArray  # (spans, cells, 2)
    phases: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class _Problem:
    """Searchers (j), spans (t), classes (p) and cells (c) of a relaxation, and its law by node of coverage."""

    searchers: Sequence[Ready]
    grid: _Grid
    drop: FloatArray
    where: BoolArray  # (j, t, c)
    time: FloatArray  # (j, t) s at most
    rate: FloatArray  # (j, p) coverage of a cell in a second
    pod: FloatArray
    slope: FloatArray
    offset: FloatArray
    temper: Fraction


@dataclass(frozen=True, eq=False)
class _Effort:
    """Share of the cells (t, c), the same for all searchers, and time (s) of each searcher by span (j, t)."""

    share: FloatArray
    time: FloatArray


@cache
def pod_by_coverage(law: Law, alike: Fraction | None = None) -> tuple[FloatArray, FloatArray]:
    """What coverage 0, 1 / 200, ... 8 finds at most, and the slope there."""
    c = np.arange(int(MOST * PER_NODE) + 1) / PER_NODE
    if law == "rigorous":
        return np.minimum(c, 1.0), np.where(c < 1, 1.0, 0.0)
    if alike is None:
        pod = np.array([math.erf(x) for x in c * math.sqrt(math.pi) / 2])
        slope = np.exp(-math.pi * c * c / 4)
    else:
        z = np.linspace(-18.0, 18.0, 721)
        s2, step = np.exp(2 * z), z[1] - z[0]
        share = 2 / math.pi * np.exp(z) / (1 + s2) * step
        a = math.pi / 4 * c[:, None] ** 2 * (1 + s2)
        pod = -np.expm1(-alike * np.log1p(a / alike)) @ share
        more = math.pi / 2 * c[:, None] * (1 + s2) * np.exp(-(alike + 1) * np.log1p(a / alike))
        slope = more @ share
        slope[0] = slope[1] + (slope[1] - slope[2])  # the integral at 0 itself does not see the far tracks
    return pod, slope


def bound_of(
    cloud: Cloud,
    searchers: Sequence[Ready],
    objective: Objective,
    law: Law,
    *,
    alike: Fraction | None = None,
    rounds: int = ROUNDS,
    cancel: Callable[[], bool] | None = None,
) -> Bound:
    """What no plan of these searchers is worth more than; valid after any number of rounds, tighter after more.

    Where a third of the rounds does not bring it below all that is there to be had, that is the bound.
    """
    able = [r for r in searchers if any(r.out) and r.widest > 0]
    problem = _problem(cloud, able, objective, law, alike)
    most, best, reached = float(problem.drop.sum()), math.inf, 0.0
    state = _even(problem)
    for number in range(max(rounds, 1)):
        if number and ((cancel is not None and cancel()) or (3 * number > rounds and best >= most)):
            break
        value, worth, gradients = _judged(problem, state)
        if value < best:
            best, reached = value, worth
        state = _moved(problem, state, gradients)
    return Bound(law=law, value=min(best, most), reached=reached)


def _grid(cloud: Cloud) -> _Grid:
    """Cells that drift with the mean of all; particles in the order of their cells half way through."""
    mean = np.einsum("b,bkd->kd", _weights(cloud), cloud.mean)
    x, y = (_middle(a) - _middle(mean[:, i])[:, None] for i, a in enumerate((cloud.x, cloud.y)))
    share = cloud.weight / cloud.weight.sum()
    spread = [math.sqrt(float(share @ ((a[len(a) // 2] - a[len(a) // 2] @ share) ** 2))) for a in (x, y)]
    edge = max(4 * math.sqrt(max(spread[0] * spread[1], 1.0)) / CELLS, 10.0)
    (west, east), (south, north) = (_rim(a) for a in (x, y))  # what lies beyond is taken into the outermost cells
    columns = int((east - west) / edge) + 1
    rows = int((north - south) / edge) + 1
    column = np.clip(((x - west) / edge).astype(np.int32), 0, columns - 1)
    row = np.clip(((y - south) / edge).astype(np.int32), 0, rows - 1)
    order = np.argsort((row * columns + column)[len(row) // 2], kind="stable")
    cell = (row * columns + column)[:, order]
    phases = cloud.phases
    kind = np.searchsorted(phases, cloud.phase[:-1, order]).astype(np.int32)
    index = (np.arange(len(cell), dtype=np.int32)[:, None] * phases.size + kind) * (rows * columns) + cell
    inside = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
    corner = np.array([west, south]) + (inside + 0.5) * edge
    centres = corner[None] + np.column_stack([_middle(mean[:, 0]), _middle(mean[:, 1])])[:, None, :]
    return _Grid(
        edge=edge,
        columns=columns,
        order=order,
        cell=cell,
        index=np.ascontiguousarray(index.T),
        excess=np.ascontiguousarray(_excess(cloud)[:, order].T, dtype=np.float32),
        centres=centres,
        phases=phases,
    )


def _rim(values: FloatArray) -> tuple[Metres, Metres]:
    """Between these lie all particles at all times but for 1 in 1,000 at either side."""
    low, high = np.quantile(values[:, :: max(1, values.shape[1] // 20_000)], (0.001, 0.999))
    return float(low), float(high)


def _middle(way: FloatArray | SingleArray) -> FloatArray:
    return np.asarray((way[1:].astype(np.float64) + way[:-1]) / 2)


def _weights(cloud: Cloud) -> FloatArray:
    weight = np.bincount(cloud.boat, weights=cloud.weight, minlength=len(cloud.names))
    return np.asarray(weight / weight.sum())


def _excess(cloud: Cloud) -> FloatArray:
    """How fast each particle moves in the frame of any boat, at most: (spans, particles) m/s."""
    dt = np.diff(cloud.times)[:, None]
    u, v = np.diff(cloud.x.astype(np.float64), axis=0) / dt, np.diff(cloud.y.astype(np.float64), axis=0) / dt
    most = np.zeros_like(u)
    for way in cloud.mean:
        frame = np.diff(way, axis=0) / dt
        most = np.maximum(most, np.hypot(u - frame[:, :1], v - frame[:, 1:]))
    return most


def _allowed(cloud: Cloud, grid: _Grid, ready: Ready) -> tuple[BoolArray, FloatArray]:
    """Which cells a searcher may have reached by the end of each span, and how much of the span it can be there."""
    base = np.array(ready.base)
    way = np.hypot(*np.moveaxis(grid.centres - base, -1, 0)) - grid.edge - FAR * ready.widest
    since = ready.searcher.ready + np.maximum(way, 0.0) / max(ready.out)
    ends, spans = cloud.times[1:], np.diff(cloud.times)
    there = np.clip(ends[:, None] - since, 0.0, spans[:, None])
    return there > 0, there.max(axis=1)


def _problem(
    cloud: Cloud, searchers: Sequence[Ready], objective: Objective, law: Law, alike: Fraction | None
) -> _Problem:
    grid = _grid(cloud)
    allowed = [_allowed(cloud, grid, r) for r in searchers]
    pod, slope = pod_by_coverage(law, alike)
    nodes = np.arange(slope.size) / PER_NODE
    if law == "rigorous":  # any slope from 0 to 1 makes a line above min(1, C); a soft step finds a good division
        slope = 1 / (1 + np.exp((nodes - 1) / STEP))
    offset = 1 - slope if law == "rigorous" else pod - slope * nodes
    slope, offset = np.append(slope[:-1], 0.0), np.append(offset[:-1], 1.0)  # beyond the last node all is found
    return _Problem(
        searchers=searchers,
        grid=grid,
        drop=np.ascontiguousarray(drops(cloud, objective)[1][:, grid.order].T),
        where=np.array([where for where, _ in allowed]).reshape(len(searchers), *grid.centres.shape[:2]),
        time=np.array([time for _, time in allowed]).reshape(len(searchers), -1),
        rate=np.array(
            [np.sqrt(r.width2[grid.phases].astype(np.float64)) * r.searcher.speed / grid.edge**2 for r in searchers]
        ).reshape(len(searchers), -1),
        pod=pod,
        slope=slope,
        offset=offset,
        temper=TEMPER if law == "same" else TEMPER_STEP,
    )


def _even(problem: _Problem) -> _Effort:
    """All of the time on scene, from the first span on, spread over all cells by what they hold."""
    grid = problem.grid
    cells = len(grid.centres[0])
    worth = problem.drop.sum(axis=1)
    held = np.array([np.bincount(cell, weights=worth, minlength=cells) for cell in grid.cell])
    held = np.sqrt(np.maximum(held, 0.0)) + 1e-12
    time = problem.time.copy()
    most = np.array([ready.searcher.on_scene for ready in problem.searchers])
    time *= np.minimum(1.0, most / np.maximum(time.sum(axis=1), 1e-9))[:, None]
    return _Effort(held / held.sum(axis=1)[:, None], time)


def _judged(problem: _Problem, state: _Effort) -> tuple[Quantity, Quantity, FloatArray]:
    """The bound from the tangents at a division of effort, what that is worth, and its gradients by searcher."""
    grid = problem.grid
    cover = np.einsum("jt,jp,tc->tpc", state.time, problem.rate, state.share, optimize=True)
    sums = np.zeros((cover.size, 2))
    worth, above = tangents(
        grid.index, grid.excess, problem.drop, cover.ravel(), PER_NODE, problem.pod, problem.offset, problem.slope, sums
    )
    gradient, hastened = sums[:, 0].reshape(cover.shape), sums[:, 1].reshape(cover.shape)
    gradients = np.zeros(problem.where.shape)
    for number, (rate, ready) in enumerate(zip(problem.rate, problem.searchers, strict=True)):
        steeper = gradient + hastened / (2 * ready.searcher.speed)
        gradients[number] = np.einsum("p,tpc->tc", rate, steeper) * problem.where[number]
    best = (_best(r, t, g) for r, t, g in zip(problem.searchers, problem.time, gradients, strict=True))
    return float(above + sum(best)), float(worth), gradients


def _best(ready: Ready, time: FloatArray, gradient: FloatArray) -> Quantity:
    """The most a searcher adds to the tangents: its time on scene in the best spans, at the best place of each."""
    top = gradient.max(axis=1)
    total, left = 0.0, ready.searcher.on_scene
    for t in np.argsort(-top):
        used = min(left, float(time[t]))
        total += used * float(top[t])
        left -= used
    ends: Seconds = ENDS * ready.widest / ready.searcher.speed
    return total + ends * float(top.max(initial=0.0))


def _moved(problem: _Problem, state: _Effort, gradients: FloatArray) -> _Effort:
    """Effort moved to where the gradient is high: over the cells for all searchers together, over time for each."""
    pooled = np.einsum("jt,jtc->tc", state.time, gradients)
    share = state.share * (pooled / np.maximum(pooled.max(axis=1), 1e-300)[:, None] + 1e-9) ** problem.temper
    gain = np.einsum("jtc,tc->jt", gradients, state.share)
    time = state.time * (gain / np.maximum(gain.max(axis=1), 1e-300)[:, None] + 1e-9) ** problem.temper
    most = np.array([ready.searcher.on_scene for ready in problem.searchers])
    for _ in range(4):
        time = np.minimum(time * (most / np.maximum(time.sum(axis=1), 1e-9))[:, None], problem.time)
    return _Effort(share / share.sum(axis=1)[:, None], time)
