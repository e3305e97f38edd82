"""The sea moves a belief: current, leeway, way through the water, their errors, and the coast that ends it.

The errors of current and wind are Ornstein-Uhlenbeck processes, exact at the round half hours and straight in between,
drawn from counters of (particle, half hour): so the spread does not depend on the time step, any subset of the
particles in any order gets the same paths, and drifting in two goes equals drifting in one when the break falls on a
step. Gridded seas run through the compiled kernel, formulas through its NumPy twin. How and why: docs/drift.md.
"""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final, Literal

import numpy as np

from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.beyond import require_within
from cordiale.belief.drift_compiled import CompiledPassage
from cordiale.belief.drift_twin import TwinPassage
from cordiale.belief.life_cycle import live
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.earth.units import Fraction, Instant, Seconds, hours, minutes
from cordiale.sea.environment import Environment, require_covered
from cordiale.sea.grid import GriddedField
from cordiale.sea.several import InOrder

Scheme = Literal["euler", "midpoint", "runge_kutta"]
Engine = Literal["compiled", "numpy"]
SCHEMES: Final[tuple[Scheme, ...]] = ("euler", "midpoint", "runge_kutta")
_AHEAD: Final[Seconds] = 1e-6  # an instant this close to a step boundary is on it


def drift(
    belief: Belief,
    environment: Environment,
    *,
    until: Instant,
    step: Seconds = 10 * minutes,
    scheme: Scheme = "midpoint",
    engine: Engine = "compiled",
    threads: int = 1,
    executor: Executor | None = None,
    observe: Callable[[Belief], None] | None = None,
    every: Seconds = 1 * hours,
    progress: Callable[[Fraction], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Belief:
    """The belief moved by the sea until an instant.

    Parameters
    ----------
    until : Instant
        Not before `belief.at`; the same instant returns the belief as it is.
    step : Seconds
        Steps begin at round multiples of it since 1970, and at the round half hours; so none is longer than 30 min.
    scheme : "midpoint", "euler" or "runge_kutta"
        Order 2, 1 and 4 in time. Euler is for comparisons with other codes; the others differ by metres in a day.
    engine : "compiled" or "numpy"
        The compiled kernel needs current and wind as `Patch`; other fields run through the NumPy twin of themselves.
    threads, executor : int, concurrent.futures.Executor of threads, optional
        The particles go in so many chunks over the executor; the answer is the same to the last bit.
    observe, every : function of a belief, Seconds
        Called with the belief at the start, at the end of the first step at or after each round multiple of `every`,
        and at the end: to sum up densities without keeping paths. It changes nothing.
    progress : function of a fraction, optional
        Called after each step with the part done.
    cancel : function, optional
        Asked after each step; when true the belief as moved so far is returned, and its `at` says how far.

    Returns
    -------
    Belief at `until`. A particle adrift whose path meets land lies there, stranded, until the tide lifts it; one
    under way is kept off. Particles on land at the start lie there from the start, or are put afloat under way. Where
    not one particle lies in the tidal atlas it raises OutsideTide; single ones beyond its edge move with the stream at
    the edge, and so with what a file holds at its edge. A belief more than a tenth of whose weight has left a file, at
    the start or at a half hour, raises ForcingUnknown by name and place (`cordiale.belief.beyond`). A wind or a current
    that ends before `until` is refused at once, with its time.
    """
    moments = _checked(belief, environment, until, step, scheme, threads)
    passage = _passage(belief, environment, moments, scheme, engine, threads, executor)
    if observe is not None:
        observe(belief)
    watched = observe is not None or cancel is not None
    filed = any(isinstance(field, GriddedField | InOrder) for field in (environment.current, environment.wind))
    seen, gone = math.floor((belief.at + _AHEAD) / every), 0
    while gone + 1 < len(moments):
        ends = _until_turn(moments[gone + 1 :], 1 if watched else None)
        _stepped(passage, environment, scheme, ends)
        end = ends[-1]
        if _on_knot(end):
            passage.turn()
            _live(passage, environment)
        if filed and (_on_knot(end) or end == until):
            require_within(passage.belief(), environment)
        if observe is not None and (math.floor((end + _AHEAD) / every) > seen or end == until):
            seen = math.floor((end + _AHEAD) / every)
            observe(passage.belief())
        for _ in ends:
            gone += 1
            if progress is not None:
                progress(gone / (len(moments) - 1))
        if cancel is not None and cancel():
            break
    return passage.belief() if len(moments) > 1 else belief


def step_instants(begin: Instant, until: Instant, step: Seconds) -> tuple[Instant, ...]:
    """The ends of the steps: `begin`, every round multiple of `step` and of the half hour in between, `until`."""
    inner: set[float] = set()
    for every in (step, KNOT):
        first = math.floor(begin / every) + 1
        inner.update(k * every for k in range(first, math.ceil(until / every)))
    return (
        begin,
        *sorted(t for t in inner if begin + _AHEAD < t < until - _AHEAD),
        *((until,) if until > begin else ()),
    )


def _checked(
    belief: Belief, environment: Environment, until: Instant, step: Seconds, scheme: str, threads: int
) -> tuple[Instant, ...]:
    if not (math.isfinite(until) and until >= belief.at):
        raise CordialeError(
            "belief.drift_backwards", at=iso(belief.at), until=iso(until) if math.isfinite(until) else until
        )
    if not (math.isfinite(step) and step >= 1):
        raise CordialeError("belief.step", step=step)
    if scheme not in SCHEMES:
        raise CordialeError("belief.scheme", scheme=scheme, known=", ".join(SCHEMES))
    if threads < 1:
        raise CordialeError("belief.threads", threads=threads)
    require_covered(environment, belief.lat, belief.lon)
    if until > belief.at:
        _require_forcing(belief, environment, until)
    return step_instants(belief.at, until, step)


def _require_forcing(belief: Belief, environment: Environment, until: Instant) -> None:
    """Ask current and wind once for both ends of the drift, so that forcing that ends too early is refused at once."""
    require_within(belief, environment)
    for field in (environment.current, environment.wind):
        known = field.covers(belief.at, belief.lat, belief.lon) if isinstance(field, GriddedField | InOrder) else [True]
        first = int(np.argmax(known))
        for at in (belief.at, until):
            field.velocity(at, belief.lat[first : first + 1], belief.lon[first : first + 1])


def _passage(
    belief: Belief,
    environment: Environment,
    moments: tuple[Instant, ...],
    scheme: Scheme,
    engine: Engine,
    threads: int,
    executor: Executor | None,
) -> CompiledPassage | TwinPassage:
    """The compiled passage where the fields of the first step are patches, else the twin."""
    if engine == "compiled" and len(moments) > 1:
        compiled = CompiledPassage(belief, environment, scheme, executor, threads)
        if compiled.ready(moments[1]):
            return compiled
    return TwinPassage(belief, environment, scheme)


def _on_knot(at: Instant) -> bool:
    return abs(at / KNOT - round(at / KNOT)) * KNOT < _AHEAD


def _until_turn(ends: tuple[Instant, ...], most: int | None) -> tuple[Instant, ...]:
    """The first of the ends of steps, up to and with one on a round half hour."""
    count = next((k for k, end in enumerate(ends, start=1) if _on_knot(end)), len(ends))
    return ends[: count if most is None else min(count, most)]


def _stepped(
    passage: CompiledPassage | TwinPassage, environment: Environment, scheme: Scheme, ends: tuple[Instant, ...]
) -> None:
    """Steps in one half hour; where a field is no patch, as at the edge of a file, the twin goes them instead."""
    gone = passage.steps(ends)
    while gone < len(ends):
        twin = TwinPassage(passage.belief(), environment, scheme)
        twin.steps(ends[gone : gone + 1])
        passage.replaced(twin.belief())
        gone += 1 + passage.steps(ends[gone + 1 :])


def _live(passage: CompiledPassage | TwinPassage, environment: Environment) -> None:
    """What becomes of the boats in the half hour that has ended."""
    if passage.mortal():
        before = passage.belief()
        after = live(before, environment)
        if after is not before:
            passage.replaced(after)
