"""Whom to send of many: searchers one after the other, each where it adds most, until the next adds next to nothing.

What a searcher adds falls the more are sent already (the worth of a plan is submodular in its sorties), so one that
was found to add little is not asked again before the others (lazy greedy). Two go at least, for one may be lost, and
enough to take everybody aboard.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import Fraction, Instant, Quantity
from cordiale.search.looked import most_alike
from cordiale.search.plan import CAP, FIRST, HURRY
from cordiale.search.plan_cloud import Objective, cloud_of_all, thinned
from cordiale.search.plan_moves import Board, insert
from cordiale.search.plan_sought import Searcher, Sought
from cordiale.search.plan_track import ready_on

LEAST: Final[Fraction] = 0.01  # judgement: of what could be had at most; less is not worth a craft
FEWEST: Final = 2  # judgement: one may be lost


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """Who is sent, in the order in which they were chosen, and who is not, with what each would add."""

    sent: tuple[Searcher, ...]
    kept: tuple[tuple[Searcher, Fraction], ...]


def worth_sending(
    all_sought: Sequence[Sought],
    searchers: Sequence[Searcher],
    *,
    objective: Objective = "pos",
    until: Instant | None = None,
    alike: Fraction | None = None,
    cap: Fraction = CAP,
    least: Fraction = LEAST,
    progress: Callable[[Fraction], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Chosen:
    """The searchers worth sending; `least` is the share of what could be had at most that the next one must add.

    Broken off, those chosen so far are sent: two at least.
    """
    alike = most_alike(alike, [one.looked for one in all_sought])
    cloud = thinned(cloud_of_all(all_sought, until, alike=alike), FIRST)
    ready, spans = [ready_on(cloud, one) for one in searchers], cloud.times.size - 1
    board = Board(cloud, ready, objective, alike, cap, columns=spans, hurry=HURRY)
    persons = float(np.bincount(cloud.boat, weights=cloud.weight, minlength=len(cloud.names)) @ cloud.persons)
    waiting = [(-board.most, number) for number in range(len(searchers))]
    sent: list[int] = []
    kept: list[tuple[Quantity, int]] = []
    asked = 0
    while waiting and not (len(sent) >= FEWEST and cancel is not None and cancel()):
        if progress is not None:
            progress(min(asked / (2 * len(searchers)), 1.0))
        _, number = heapq.heappop(waiting)
        before = board.value
        insert(board, [number])
        asked += 1
        gain = board.value - before
        if waiting and gain < -waiting[0][0]:
            board.put(number, None, before)
            heapq.heappush(waiting, (-gain, number))
            continue
        lacking = sum(searchers[one].capacity for one in sent) < persons
        wanted = len(sent) < FEWEST or (lacking and searchers[number].capacity > 0)
        if gain >= least * board.most or (wanted and gain > 0):
            sent.append(number)
            continue
        board.put(number, None, before)
        kept.append((gain, number))
        if not lacking and len(sent) >= FEWEST:
            break
    kept += [(-less, number) for less, number in waiting]
    most = max(board.most, 1e-300)
    return Chosen(
        sent=tuple(searchers[number] for number in sent),
        kept=tuple((searchers[number], min(max(gain / most, 0.0), 1.0)) for gain, number in sorted(kept)[::-1]),
    )
