"""Searchers who move from cell to cell and look where they are: the best paths, how far from best, and the proof.

The yardstick of the literature for searches that must be flown or sailed: several searchers on a grid, a target that
moves at random, the chance to miss it as small as can be. One searcher is solved exactly; two and three with proof as
long as the distinct ways of the target can be counted; for more there are good paths and a bound.

Source: Royset and Sato, Route optimization for multiple searchers, Naval Research Logistics 57 (2010), for the problem.
Published optima: tests/known/test_search_paths_known.py; method and figures: docs/search-effort.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.search.paths_enumerate import ROUNDING, best_of, near_best
from cordiale.search.paths_flow import flow_bound
from cordiale.search.paths_improve import improve
from cordiale.search.paths_layers import Bound, Layers, PathSearch
from cordiale.search.paths_secant import secant_bound
from cordiale.search.paths_settle import settle
from cordiale.search.paths_single import single_best
from cordiale.search.paths_ways import DistinctWays, distinct_ways

PROVEN: Final = 1e-9
MOST_WAYS: Final = 20_000
MOST_TOGETHER: Final = 3  # searchers for whom plans are counted
FEW: Final = 6  # searchers who look for their best answers one by one: judgement
Progress = Callable[[str, Probability, Probability], None]


@dataclass(frozen=True, slots=True, eq=False)
class PathPlan:
    """Who goes where.

    Attributes
    ----------
    paths : array of int
        The cell of each searcher at each look, shape (searchers, steps).
    miss : Probability
        Probability that no look finds the target, exactly.
    bound : Probability
        No plan of these searchers misses less.
    """

    paths: IntArray
    miss: Probability
    bound: Probability

    @property
    def gap(self) -> Probability:
        """How much less another plan could miss, at most."""
        return max(self.miss - self.bound, 0.0)

    @property
    def proven(self) -> bool:
        """Whether no plan is better, but for rounding."""
        return self.gap <= PROVEN


def plan_paths(
    search: PathSearch,
    *,
    stream: Stream,
    plans: int = 24,
    rounds: int = 12,
    responses: int = 400,
    ways: int = MOST_WAYS,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> PathPlan:
    """Good paths for all searchers, a bound, and the proof that they are best where it can be had.

    Parameters
    ----------
    search : PathSearch
        Who searches for what.
    stream : Stream
        Chance: the same stream gives the same plan.
    plans, rounds : int
        How many plans are improved at once, and how often the best are shaken and improved again.
    responses : int
        How often one of few searchers looks for its best answer to the others, where no proof is in sight.
    ways : int
        The tight bound and the proof are tried if the target can go no more distinct ways than this; 0 leaves them out.
    progress : function of what is being done, miss and bound, optional
        Called between the stages: "paths", "flow", "ways", "settle", "count".
    cancel : function, optional
        Asked often; when true the best paths so far are returned, with the bound so far.

    Notes
    -----
    On a grid of 9 x 9 cells with 10 looks: one searcher 0.03 s, three 3 s with proof, fifteen 2.5 s with a gap of 3e-4.
    Searchers, cells and looks cost memory in proportion to their product and to the square of the cells (dense moves):
    1,000 cells are too many.
    """
    layers = search.layers
    told = progress if progress is not None else _silent
    most_rounds = 1 if search.searchers == 1 else 4 if search.searchers <= FEW else rounds  # then better ways follow
    paths, miss = improve(
        layers,
        search.searchers,
        stream.child("paths"),
        plans=min(plans, 4) if search.searchers == 1 else plans,
        rounds=min(rounds, most_rounds),
        progress=lambda _, least: told("paths", least, 0.0),
        cancel=cancel,
    )
    if search.searchers == 1:
        path, _, least = single_best(layers, paths[0], miss, cancel=cancel)
        return _plan(search, path[np.newaxis], least)
    told("flow", miss, 0.0)
    bound = flow_bound(layers, search.searchers, paths, cancel=cancel)
    told("ways", miss, bound.bound)
    narrowed, distinct = _narrowed(search, bound, miss, ways)
    if distinct is None and search.searchers <= FEW and responses > 0:
        told("settle", miss, bound.bound)
        paths, miss = settle(layers, paths, miss, stream.child("settle"), responses=responses, cancel=cancel)
        narrowed, distinct = _narrowed(search, bound, miss, ways)
    if distinct is None or (cancel is not None and cancel()):
        return _plan(search, paths, bound.bound)
    tight = secant_bound(search, distinct, cancel=cancel)
    told("count", miss, max(bound.bound, tight.bound))
    paths, least = _counted(search, narrowed, distinct, tight, paths, miss, cancel)
    return _plan(search, paths, max(bound.bound, least))


def _narrowed(search: PathSearch, bound: Bound, miss: Probability, most: int) -> tuple[Layers, DistinctWays | None]:
    """The places a better plan can use, and the ways of the target through them, if they are not too many."""
    layers = search.layers
    narrowed = replace(layers, reach=layers.reach & (bound.slack(layers) <= miss - bound.bound + ROUNDING))
    if not narrowed.reach.any(axis=1).all():
        return narrowed, None
    return narrowed, distinct_ways(search.target, narrowed, most=most)


def _silent(stage: str, miss: Probability, bound: Probability) -> None:
    """Nobody wants to know."""


def _counted(
    search: PathSearch,
    layers: Layers,
    ways: DistinctWays,
    tight: Bound,
    paths: IntArray,
    miss: Probability,
    cancel: Callable[[], bool] | None,
) -> tuple[IntArray, Probability]:
    """The best paths and a bound, after every plan that could be better has been judged, if that can be done."""
    room = miss - tight.bound
    if search.searchers > MOST_TOGETHER or room <= 0:
        return paths, min(tight.bound, miss)
    near = near_best(layers, ways, tight, room)
    if near is None:
        return paths, tight.bound
    better, miss, done = best_of(near, ways, search.searchers, room, miss, cancel=cancel)
    return (paths if better is None else better), (miss if done else tight.bound)


def _plan(search: PathSearch, paths: IntArray, bound: Probability) -> PathPlan:
    """Whole paths, judged once more by walking the target through them."""
    whole = np.array([search.layers.whole(path) for path in paths])
    miss = miss_probability(search, whole)
    return PathPlan(whole, miss, min(bound, miss))


def miss_probability(search: PathSearch, paths: IntArray) -> Probability:
    """The chance that searchers on given paths, shape (searchers, steps), never find the target.

    Raises
    ------
    CordialeError
        If a path does not begin beside the start, or leaps.
    """
    allowed = {(int(a), int(b)) for a, b in zip(search.origin, search.destination, strict=True)}
    for path in paths:
        for before, after in zip([search.start, *path[:-1]], path, strict=True):
            if (int(before), int(after)) not in allowed:
                raise CordialeError("search.path_leap", before=int(before), after=int(after))
    state: FloatArray = search.target.begin()
    for step, cells in enumerate(paths.T):
        looks = np.bincount(cells, minlength=search.target.cells)
        state = state * np.exp(-search.rate * looks)
        if step + 1 < paths.shape[1]:
            state = search.target.onward(step, state, np.ones_like(state))
    return float(state.sum())
