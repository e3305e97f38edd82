"""The search plan: who goes where, how likely it finds them, and how far it can be from the best.

    cloud_of_all -> insert -> sketched -> improve (few particles, then more) -> deconflicted -> measured, bounded

Pure: no clock. Budgets are moves, chance is a stream, progress and cancel are passed in; a search that is broken off
returns the best plan so far. No floor and no ceiling acts here: they belong to the update of a belief.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction, Instant, Metres, PerSecond, Quantity, hours
from cordiale.search.bound import ROUNDS, Bound, Law, bound_of
from cordiale.search.deconflict import deconflicted, meetings
from cordiale.search.looked import most_alike
from cordiale.search.plan_cloud import Cloud, Objective, cloud_of_all, thinned
from cordiale.search.plan_measure import measured
from cordiale.search.plan_moves import Board, improve, insert, settle
from cordiale.search.plan_result import SearchPlan, Standing
from cordiale.search.plan_sketch import sketched
from cordiale.search.plan_sought import Searcher, Sought
from cordiale.search.plan_track import Placing, Track, ready_on

CAP: Final[Fraction] = 1.5  # judgement: 0.94 on the ideal curve; closer tracks add little
# Judgement: of two lives the sooner saved is preferred, as if 3 in 100 died an hour of what no curve knows. It decides
# between placings; no number of a finished plan holds it.
HURRY: Final[PerSecond] = 0.03 / hours
FIRST: Final = 3000  # particles for the first plan
PARTED: Final = 10_000  # particles on which it is decided who gives way
LAWS: Final[tuple[Law, ...]] = ("same", "rigorous")
WARM: Final = (1e-3, 3e-4)  # temperature of the stages, as a share of what could be had at most


@dataclass(frozen=True, slots=True)
class Budget:
    """How many moves are tried on how many particles, one stage after the other, and rounds of the bound.

    `sketch` is how many moves are made on rough plans before (`plan_sketch`).
    """

    stages: tuple[tuple[int, int], ...] = ((12_288, 400), (25_000, 800))
    rounds: int = ROUNDS
    sketch: int = 0


FULL: Final = Budget(sketch=12_000)
QUICK: Final = Budget(stages=(), rounds=0)
AGAIN: Final = Budget(stages=((12_288, 400),), rounds=0)


def plan_search(
    all_sought: Sequence[Sought],
    searchers: Sequence[Searcher],
    *,
    chance: Stream,
    objective: Objective = "pos",
    until: Instant | None = None,
    alike: Fraction | None = None,
    cap: Fraction = CAP,
    budget: Budget = FULL,
    start: Sequence[Standing] = (),
    executor: Executor | None = None,
    progress: Callable[[Fraction, Quantity], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> SearchPlan:
    """The best plan found within a budget of moves, with its bound.

    Parameters
    ----------
    all_sought : several Sought
        One for each boat, and one for the boats nobody has reported.
    objective : pos, time, lives
        Boats found by the deadline; mean time to detection; persons found alive.
    until : Instant, optional
        The deadline; the end of the clouds unless given.
    alike : Fraction, optional
        Shape of the gamma law of looks that are alike (`alike_of`); None: looks are independent. Searches that found
        nothing may state a smaller one (`Sought.looked`), which counts then: it is the object that hides.
    cap : Fraction
        Highest coverage of one sortie: tracks are no closer than the widest sweep width divided by it.
    start : several Standing
        `SearchPlan.standing` of a plan to begin with, by the names of its searchers: to plan again after an event.
        Searchers it does not know are placed first.
    executor : Executor of threads, optional
        Two of them share the particles; the answer is the same to the last bit.
    progress : function of a fraction and of what the plan is worth so far, optional
    cancel : function, optional
        Asked every few moves; when true the best plan so far is returned, deconflicted and measured: the first feasible
        one at least, which is made in any case.

    Raises
    ------
    CordialeError
        With nothing to search for, no searcher, clouds without a common span, or a cap that is not above 0.
    """
    if not searchers:
        raise CordialeError("search.no_craft")
    if not cap > 0 or (alike is not None and not alike > 0):
        raise CordialeError("search.plan_number", cap=cap, alike=alike)
    alike = most_alike(alike, [one.looked for one in all_sought])
    cloud = cloud_of_all(all_sought, until, alike=alike)
    ready = [ready_on(cloud, one) for one in searchers]
    board = Board(thinned(cloud, FIRST), ready, objective, alike, cap, executor=executor, hurry=HURRY)
    moves = _begun(board, start)
    stages = [stage for stage in budget.stages if stage[1] > 0]
    total, done, heights = budget.sketch + sum(many for _, many in stages), 0, deconflicted(board) if not stages else []
    for number, (particles, many) in enumerate(stages):
        board = _on(thinned(cloud, particles), board)
        if number == 0 and budget.sketch > 0:
            tell = None if progress is None else _telling(progress, board, 0, total)
            moves += sketched(board, cloud, budget.sketch, chance.child("sketch"), progress=tell, cancel=cancel)
            done = budget.sketch
        last = number == len(stages) - 1
        apart = number > 0 or last
        if apart:
            heights = _apart(board, cloud)
        made = improve(
            board,
            many,
            chance.child(f"plan {number}"),
            warmth=0.0 if last else WARM[min(number, len(WARM) - 1)],
            clear=_keeping_clear(board, heights) if apart else None,
            progress=None if progress is None else _telling(progress, board, done, total),
            cancel=cancel,
        )
        moves, done = moves + made, done + many
    board = board if board.cloud is cloud else _on(cloud, board)
    stopped = cancel is not None and cancel()
    bounds: tuple[Bound, ...] = ()
    if budget.rounds > 0 and not stopped:
        work = partial(bound_of, cloud, ready, objective, alike=alike, rounds=budget.rounds, cancel=cancel)
        bounds = tuple((map if executor is None else executor.map)(work, LAWS))
    return measured(board, heights, bounds, moves=moves, complete=not stopped)


def _begun(board: Board, start: Sequence[Standing]) -> int:
    """Put on the board what an older plan has, and insert the rest."""
    names = {one.searcher: one for one in start}
    boats = {name: number for number, name in enumerate(board.cloud.names)}
    kept: list[Placing | None] = []
    for ready in board.searchers:
        old = names.get(ready.searcher.name)
        here = None if old is None else boats.get(old.boat)
        kept.append(None if old is None or here is None else _shifted(old, board, here))
    settle(board, kept)
    return insert(board, [n for n, track in enumerate(board.tracks) if track is None])


def _shifted(old: Standing, board: Board, frame: int) -> Placing:
    """The placing of an older plan in the frame of this cloud: the same place in the sea half way through it."""
    cloud = board.cloud
    x, y = cloud.point(old.centre)
    mean = [float(np.interp(old.centre_at, cloud.times, cloud.mean[frame, :, i])) for i in range(2)]
    return replace(old.placing, frame=frame, east=x - mean[0], north=y - mean[1])


def _apart(board: Board, cloud: Cloud) -> list[Metres]:
    """The plan on the board with its searchers kept apart, worked out on few particles."""
    small = board if board.cloud.weight.size <= PARTED else _on(thinned(cloud, PARTED), board)
    heights = deconflicted(small)
    if small is not board:
        settle(board, small.placings)
    return heights


def _keeping_clear(board: Board, heights: Sequence[Metres]) -> Callable[[int, Track], bool]:
    """Whether a new way of a searcher meets no more others than its old one."""

    def clear(number: int, track: Track) -> bool:
        tracks = [*board.tracks[:number], track, *board.tracks[number + 1 :]]
        return meetings(tracks, heights, number) <= meetings(board.tracks, heights, number)

    return clear


def _on(cloud: Cloud, board: Board) -> Board:
    """The same plan on other particles of the same clouds."""
    other = Board(
        cloud, board.searchers, board.objective, board.alike, board.cap, executor=board.executor, hurry=board.hurry
    )
    settle(other, board.placings)
    return other


def _telling(
    progress: Callable[[Fraction, Quantity], None], board: Board, done: int, total: int
) -> Callable[[int], None]:
    def tell(made: int) -> None:
        progress((done + made) / total, board.value)

    return tell
