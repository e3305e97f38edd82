"""Effort over cells and time for a target that moves: forward and backward iteration, with a bound.

At each step the effort of that step is divided as if nothing moved, over the probability of being in a cell now, not
found before (forward) and not found later (backward). A sweep over the steps cannot worsen the plan; under the
exponential law the problem is convex, and the sweeps converge to the best plan there is. The tangent of the convex
miss probability gives, at every sweep, a bound below which no plan can go.

Source: Brown, Optimal search for a moving target in discrete time and space, Operations Research 28 (1980); Washburn,
Search for a moving target: the FAB algorithm, Operations Research 31 (1983), for the bound. Check values:
tests/known/test_search_moving_known.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import FloatArray, IntArray, Metres, Probability
from cordiale.search.effort import checked, fill

SWEEPS: Final = 200
SUM_TO_ONE: Final = 1e-9  # rounding of chances given in double precision


class Motion(Protocol):
    """How the target moves over cells: what the iteration needs to know of it; states are the motion's own arrays."""

    @property
    def cells(self) -> int:
        """Number of cells."""

    @property
    def steps(self) -> int | None:
        """Number of steps known; any number if None."""

    def begin(self) -> FloatArray:
        """Probability of each state at the first step."""

    def end(self) -> FloatArray:
        """Ones: nothing is missed after the last step."""

    def onward(self, step: int, state: FloatArray, missed: FloatArray) -> FloatArray:
        """The states of the next step, after a look at this one that misses with `missed` in each cell."""

    def back(self, step: int, later: FloatArray, missed: FloatArray) -> FloatArray:
        """Chance to be missed after a step, from that of the next one and its look."""

    def occupied(self, step: int, state: FloatArray, later: FloatArray) -> FloatArray:
        """For each cell the probability of being there at a step, missed before and (that of `later`) after."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkovMotion:
    """A target that moves from cell to cell by chance, the same way at every step.

    Attributes
    ----------
    start : array
        Probability of each cell at the first step, shape (cells,).
    origin, destination, chance : array
        The moves that are possible and their probabilities, shape (moves,). Staying is a move, and so is leaving, to a
        cell where no effort finds anything: the chances from each cell sum to 1.

    Raises
    ------
    CordialeError
        If they do not, or a number is negative or not finite.
    """

    start: FloatArray
    origin: IntArray
    destination: IntArray
    chance: FloatArray
    steps: int | None = None

    def __post_init__(self) -> None:
        checked("start", self.start)
        total = _summed(self.origin, checked("chance", self.chance), self.start.size)
        wrong = np.flatnonzero(np.abs(total - 1) > SUM_TO_ONE)
        if wrong.size:
            raise CordialeError("search.moving_chance", cell=int(wrong[0]), total=float(total[wrong[0]]))

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(self.start.size)

    def begin(self) -> FloatArray:
        """Probability of each cell at the first step."""
        return self.start

    def end(self) -> FloatArray:
        """Ones: nothing is missed after the last step."""
        return np.ones_like(self.start)

    def onward(self, step: int, state: FloatArray, missed: FloatArray) -> FloatArray:
        """Probability of each cell at the next step, after a look that misses."""
        carried = (state * missed)[self.origin] * self.chance
        return _summed(self.destination, carried, self.cells)

    def back(self, step: int, later: FloatArray, missed: FloatArray) -> FloatArray:
        """Chance to be missed after a step, for each cell at it."""
        carried = (later * missed)[self.destination] * self.chance
        return _summed(self.origin, carried, self.cells)

    def occupied(self, step: int, state: FloatArray, later: FloatArray) -> FloatArray:
        """Probability of each cell, missed before and after."""
        return state * later


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParticleMotion:
    """A target that is one of many particles whose ways are known.

    Attributes
    ----------
    way : array of int
        Cell of each particle at each step, shape (steps, particles); -1 where no effort can find it.
    weights : array
        Probability of each particle, shape (particles,).
    cells : int
        Number of cells.
    """

    way: IntArray
    weights: FloatArray
    cells: int

    @property
    def steps(self) -> int:
        """Number of steps the ways are known for."""
        return int(self.way.shape[0])

    def begin(self) -> FloatArray:
        """Probability of each particle."""
        return self.weights

    def end(self) -> FloatArray:
        """Ones: nothing is missed after the last step."""
        return np.ones_like(self.weights)

    def onward(self, step: int, state: FloatArray, missed: FloatArray) -> FloatArray:
        """Probability of each particle after a look that misses; one in no cell keeps its own."""
        return np.asarray(state * np.append(missed, 1.0)[self.way[step]])

    def back(self, step: int, later: FloatArray, missed: FloatArray) -> FloatArray:
        """Chance of each particle to be missed after a step."""
        return np.asarray(later * np.append(missed, 1.0)[self.way[step + 1]])

    def occupied(self, step: int, state: FloatArray, later: FloatArray) -> FloatArray:
        """Probability of each cell, missed before and after."""
        return _summed(self.way[step] + 1, state * later, self.cells + 1)[1:]


def particle_motion(lat: FloatArray, lon: FloatArray, weights: FloatArray, *, edge: Metres) -> ParticleMotion:
    """The motion of a cloud over square cells that lie still over the ground; cells nobody enters are left out.

    Parameters
    ----------
    lat, lon : array
        Degrees, shape (steps, particles): where each particle is in the middle of each step.
    weights : array
        Probability of each particle, shape (particles,).
    edge : Metres
        Side of a cell. Small cells let the effort choose between particles no searcher could tell apart: take no less
        than the sweep width.
    """
    size = float(checked("edge", np.array([edge]), positive=True)[0])
    east, north = displacement(lat.mean(), lon.mean(), lat, lon)
    square = np.stack([np.floor(east / size), np.floor(north / size)], axis=-1).reshape(-1, 2)
    cells, way = np.unique(square, axis=0, return_inverse=True)
    return ParticleMotion(way=way.reshape(lat.shape).astype(np.int64), weights=weights, cells=len(cells))


@dataclass(frozen=True, slots=True, eq=False)
class MovingPlan:
    """How the effort of each step is divided over the cells.

    Attributes
    ----------
    effort : array
        Shape (steps, cells), in the unit of the budgets.
    miss : Probability
        Probability that the target is not found by the last step, with this plan.
    bound : Probability
        No plan with these budgets misses less often.
    sweeps : int
        Sweeps made.
    """

    effort: FloatArray
    miss: Probability
    bound: Probability
    sweeps: int

    @property
    def gap(self) -> Probability:
        """How much less another plan could miss, at most."""
        return max(self.miss - self.bound, 0.0)


def forward_backward(
    motion: Motion,
    rate: FloatArray,
    budgets: FloatArray,
    *,
    tolerance: Probability = 1e-9,
    sweeps: int = SWEEPS,
    progress: Callable[[int, Probability, Probability], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> MovingPlan:
    """The best effort over cells and steps for a target that moves.

    Parameters
    ----------
    motion : MarkovMotion, ParticleMotion
        How the target moves.
    rate : array
        Detections per unit of effort in each cell, shape (cells,) or (steps, cells).
    budgets : array
        Effort of each step, shape (steps,).
    tolerance : Probability
        The sweeps end when the gap between plan and bound is this small.
    sweeps : int
        And after this many at the latest; the plan is then the best so far, and its bound holds.
    progress : function of sweeps, miss and bound, optional
        Called before each sweep.
    cancel : function, optional
        Asked before each sweep; when true the best so far is returned with its bound.

    Raises
    ------
    CordialeError
        If a number is negative or not finite, or the shapes do not belong together.

    Notes
    -----
    A sweep of 81 cells and 15 steps takes 2 ms, one of 100,000 particles and 36 steps 0.09 s; to a gap of 1e-3 of
    the miss probability such clouds need about 12 sweeps.
    """
    rates, budget = _checked(motion, rate, budgets)
    effort = myopic(motion, rates, budget).effort
    best = MovingPlan(effort, *_judged(motion, rates, budget, effort), 0)
    for done in range(1, sweeps + 1):
        if progress is not None:
            progress(best.sweeps, best.miss, best.bound)
        if best.gap <= tolerance or (cancel is not None and cancel()):
            break
        effort = _swept(motion, rates, budget, best.effort)
        miss, bound = _judged(motion, rates, budget, effort)
        if miss >= best.miss and bound <= best.bound:
            break  # rounding: nothing more to gain
        better = effort if miss <= best.miss else best.effort
        best = MovingPlan(better, min(miss, best.miss), max(bound, best.bound), done)
    return best


def myopic(motion: Motion, rate: FloatArray, budgets: FloatArray) -> MovingPlan:
    """The plan that makes the best of each step and does not look ahead: what a planner without this page would do."""
    rates, budget = _checked(motion, rate, budgets)
    effort, state, later = np.zeros_like(rates), motion.begin(), motion.end()
    for step in range(budget.size):
        effort[step] = fill(motion.occupied(step, state, later), rates[step], float(budget[step]))[0]
        if step + 1 < budget.size:
            state = motion.onward(step, state, np.exp(-rates[step] * effort[step]))
    return MovingPlan(effort, *_judged(motion, rates, budget, effort), 0)


def _summed(cell: IntArray, amount: FloatArray, cells: int) -> FloatArray:
    """The amounts of each cell together."""
    return np.bincount(cell, weights=amount, minlength=cells).astype(np.float64, copy=False)


def _checked(motion: Motion, rate: FloatArray, budgets: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rates of every step and cell, and budgets of every step."""
    rates, budget = checked("rate", rate), checked("budget", budgets)
    fits = budget.ndim == 1 and budget.size > 0 and motion.steps in {None, budget.size}
    if not fits or rates.shape not in {(motion.cells,), (budget.size, motion.cells)}:
        raise CordialeError(
            "search.moving_shape", cells=motion.cells, steps=motion.steps, rate=rates.shape, budget=budget.shape
        )
    return np.broadcast_to(rates, (budget.size, motion.cells)).copy(), budget


def _laters(motion: Motion, missed: FloatArray) -> list[FloatArray]:
    """Chance to be missed after each step."""
    later = [motion.end()]
    for step in range(len(missed) - 2, -1, -1):
        later.append(motion.back(step, later[-1], missed[step + 1]))
    return later[::-1]


def _judged(
    motion: Motion, rates: FloatArray, budget: FloatArray, effort: FloatArray
) -> tuple[Probability, Probability]:
    """Miss probability of a plan, and what no plan can go below: the tangent of the miss probability here."""
    missed = np.exp(-rates * effort)
    state, better = motion.begin(), 0.0
    for step, later in enumerate(_laters(motion, missed)):
        gradient = rates[step] * missed[step] * motion.occupied(step, state, later)
        better += float(budget[step] * gradient.max(initial=0.0) - effort[step] @ gradient)
        state = motion.onward(step, state, missed[step])
    miss = float(state.sum())
    return miss, max(miss - max(better, 0.0), 0.0)


def _swept(motion: Motion, rates: FloatArray, budget: FloatArray, effort: FloatArray) -> FloatArray:
    """One sweep: every step in turn is divided anew, the others being as they are."""
    new, state = effort.copy(), motion.begin()
    for step, later in enumerate(_laters(motion, np.exp(-rates * effort))):
        new[step] = fill(motion.occupied(step, state, later), rates[step], float(budget[step]))[0]
        if step + 1 < budget.size:
            state = motion.onward(step, state, np.exp(-rates[step] * new[step]))
    return new
