"""Many drifts at once: boats, ensembles and parts of one cloud, over any `concurrent.futures.Executor`.

What comes out does not depend on where or in which order it was computed: each drift is a pure function of its case.
Threads, processes and clusters (Dask: `distributed.Client().get_executor()`, the extra `cluster`) are all executors.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from cordiale.belief.belief import Belief, joined
from cordiale.belief.drift import drift
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.sea.environment import Environment


@dataclass(frozen=True, kw_only=True, eq=False)
class DriftCase:
    """One drift to be done: a belief, the sea it lies in, and until when.

    `settings` are further keyword arguments of `cordiale.belief.drift.drift`, such as `step` or `scheme`.
    """

    belief: Belief
    environment: Environment
    until: Instant
    settings: tuple[tuple[str, Any], ...] = ()


def drift_each(
    cases: Iterable[DriftCase],
    *,
    executor: Executor | None = None,
    at_once: int = 64,
    progress: Callable[[int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> dict[int, Belief]:
    """The beliefs of many cases after their drift, by the number of the case.

    Parameters
    ----------
    executor : Executor, optional
        Where to compute; here and now without one. Processes and clusters get the cases pickled: the packaged strait
        travels as its name.
    at_once : int
        No more cases than this wait at the executor, so that a million cases may come from a generator.
    progress : function of a count, optional
        Called with the number of cases done.
    cancel : function, optional
        Asked after each case; when true those done so far are returned, and nothing new is begun.

    Raises
    ------
    CordialeError
        Of the first case that fails, in the order of the cases, with its number.
    """
    if at_once < 1:
        raise CordialeError("belief.at_once", at_once=at_once)
    done: dict[int, Belief] = {}
    for number, belief in _computed(enumerate(cases), executor, at_once):
        done[number] = belief
        if progress is not None:
            progress(len(done))
        if cancel is not None and cancel():
            break
    return dict(sorted(done.items()))


def drift_in_parts(
    belief: Belief,
    environment: Environment,
    *,
    until: Instant,
    parts: int,
    executor: Executor,
    settings: Mapping[str, Any] | None = None,
) -> Belief:
    """One belief drifted in `parts` pieces of its particles and put together again: the same as drifted in one."""
    if not 1 <= parts <= len(belief):
        raise CordialeError("belief.parts", parts=parts, count=len(belief))
    limits = np.linspace(0, len(belief), parts + 1).astype(np.int64)
    pieces = [np.arange(first, last) for first, last in zip(limits[:-1], limits[1:], strict=True)]
    done = drift_each(
        (
            DriftCase(
                belief=belief.only(piece),
                environment=environment,
                until=until,
                settings=tuple((settings or {}).items()),
            )
            for piece in pieces
        ),
        executor=executor,
    )
    together = joined(done[0], *(done[number] for number in range(1, parts)))
    return replace(together, weight=np.concatenate([belief.weight[piece] for piece in pieces]))


def drift_ensemble(
    belief: Belief,
    members: Sequence[Environment],
    *,
    until: Instant,
    executor: Executor | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Belief:
    """One belief over an ensemble of forecasts: all particles of a world drift in one member, `world` modulo members.

    The members are taken as equally likely. A member without particles is left out.
    """
    if not members:
        raise CordialeError("belief.no_members")
    member = np.asarray(belief.world) % len(members)
    shares = [np.flatnonzero(member == number) for number in range(len(members))]
    used = [number for number, share in enumerate(shares) if share.size]
    done = drift_each(
        (
            DriftCase(
                belief=belief.only(shares[number]),
                environment=members[number],
                until=until,
                settings=tuple((settings or {}).items()),
            )
            for number in used
        ),
        executor=executor,
    )
    together = joined(done[0], *(done[number] for number in range(1, len(used))))
    back = np.argsort(np.concatenate([shares[number] for number in used]))
    return replace(together.only(back), weight=belief.weight)


def drifted(case: DriftCase) -> Belief:
    """The belief of one case after its drift."""
    return drift(case.belief, case.environment, until=case.until, **dict(case.settings))


def _computed(
    cases: Iterator[tuple[int, DriftCase]], executor: Executor | None, at_once: int
) -> Iterator[tuple[int, Belief]]:
    """(number, belief) as they become ready; what has not begun is called off when nobody asks for more."""
    if executor is None:
        for number, case in cases:
            yield number, _of(number, partial(drifted, case))
        return
    waiting: dict[Future[Belief], int] = {}
    try:
        for number, case in cases:
            waiting[executor.submit(drifted, case)] = number
            while len(waiting) >= at_once:
                yield from _ready(waiting)
        while waiting:
            yield from _ready(waiting)
    finally:
        for future in waiting:
            with suppress(RuntimeError):  # a cluster that is gone has nothing to call off
                future.cancel()


def _ready(waiting: dict[Future[Belief], int]) -> Iterator[tuple[int, Belief]]:
    finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in sorted(finished, key=lambda one: waiting[one]):
        number = waiting.pop(future)
        yield number, _of(number, future.result)


def _of(number: int, result: Callable[[], Belief]) -> Belief:
    try:
        return result()
    except CordialeError as error:
        raise CordialeError("belief.case_failed", number=number, problem=error) from error
