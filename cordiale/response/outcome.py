"""What a set of craft at one boat achieves: when she is found, who is aboard when, how many of them alive.

The first craft there searches, the next ones help, and who finds her tells the others. For a circular normal cloud of
standard deviation s the best search with an effort z (m2 swept) finds her with the probability

    1 - (1 + u) exp(-u),   u = sqrt(z / (pi s^2)),

(Koopman 1946, in Stone, Theory of Optimal Search, 1975: exponential detection, circular normal target; mean effort
6 pi s^2). It is taken at five levels of equal weight. Once a craft is with her it brings one person aboard after the
other until it is full; whoever is taken first is as likely alive as anybody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from cordiale.assets.craft import IN_THE_WATER, Craft
from cordiale.earth.units import FloatArray, Fraction, Instant, Probability, Seconds, SquareMetres
from cordiale.response.distress import Distress

LEVELS: Final[tuple[Probability, ...]] = (0.1, 0.3, 0.5, 0.7, 0.9)
_COUNT: Final[FloatArray] = np.arange(1.0, 10_001.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A craft at a boat: when it gets there and how many it may take."""

    craft: Craft
    arrives: Instant
    room: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What comes of the calls at one boat, in expectation.

    `lives` are people aboard alive, or alive at the horizon in a boat nobody came to. `taken`, `free` and `whole` stand
    for each call: people taken, when it can leave with them, and when all its places would be taken.
    """

    lives: Fraction
    found: Instant
    taken: tuple[Fraction, ...]
    free: tuple[Instant, ...]
    whole: tuple[Instant, ...]


def pos_of_effort(effort: SquareMetres | FloatArray, spread: SquareMetres) -> FloatArray:
    """Probability of success of the best search with an effort z = W v t over a circular normal cloud (s in m)."""
    u = np.sqrt(np.asarray(effort) / (math.pi * spread**2))
    return np.asarray(1 - (1 + u) * np.exp(-u))


@cache
def efforts_of_levels() -> tuple[Fraction, ...]:
    """u^2 at the levels: the effort, in units of pi s^2, by which she is found with those probabilities."""
    return tuple(_root(level) ** 2 for level in LEVELS)


def outcome(distress: Distress, calls: Sequence[Call], *, found: FloatArray | None = None) -> Outcome:
    """What these craft achieve at this boat. Without calls, the people alive at the horizon.

    `found`: when she is found at each level, where others search for her too (`found_at`).
    """
    at_least, last = distress.at_least, distress.curve.until
    unaided = float(distress.curve.probability(last))
    if not calls:
        return Outcome(lives=float(at_least.sum()) * unaided, found=math.inf, taken=(), free=(), whole=())
    if found is None:
        found = found_at(distress, calls)
    most = at_least.size
    rooms = [min(call.room, most) for call in calls]
    starts = [np.maximum(found, call.arrives) + call.craft.setup for call in calls]
    paces = [_pace(distress, call) for call in calls]
    slots = np.concatenate(
        [begun[:, None] + pace * _COUNT[:room] for begun, pace, room in zip(starts, paces, rooms, strict=True)], axis=1
    )
    order = np.argsort(slots, axis=1, kind="stable")[:, :most]
    ranked = np.minimum(np.take_along_axis(slots, order, axis=1), last)
    wanted = at_least[: ranked.shape[1]]
    lives = float((distress.curve.probability(ranked) @ wanted).sum()) / len(LEVELS)
    in_time = np.where(ranked < last, wanted, 0.0) / len(LEVELS)
    whose = np.repeat(np.arange(len(calls)), rooms)[order]
    taken = np.bincount(whose.ravel(), weights=in_time.ravel(), minlength=len(calls)).tolist()
    begins = [float(begun.sum()) / len(LEVELS) for begun in starts]
    return Outcome(
        lives=lives + float(at_least[ranked.shape[1] :].sum()) * unaided,
        found=float(found.sum()) / len(LEVELS),
        taken=tuple(taken),
        free=tuple(b + pace * count for b, pace, count in zip(begins, paces, taken, strict=True)),
        whole=tuple(b + pace * room for b, pace, room in zip(begins, paces, rooms, strict=True)),
    )


def _pace(distress: Distress, call: Call) -> Seconds:
    """Seconds a person: as the craft does it, longer for those in the water when it gets there."""
    wet = float(distress.curve.share_in_water(max(call.arrives, distress.curve.at)))
    return call.craft.embark * (1 + (IN_THE_WATER - 1) * wet)


def found_at(distress: Distress, calls: Sequence[Call]) -> FloatArray:
    """When she is found, at each level; infinite where nobody can."""
    arrivals = np.array([call.arrives for call in calls])
    first = float(arrivals.min())
    if not math.isfinite(first):
        return np.full(len(LEVELS), math.inf)
    if distress.search.time is not None:
        return np.full(len(LEVELS), first + distress.search.time)
    if distress.search.widths is None:
        return np.full(len(LEVELS), first)
    rates = np.array([distress.search.rate(call.craft) for call in calls])
    needed = math.pi * distress.cloud.widest(first) ** 2 * np.array(efforts_of_levels())
    order = np.argsort(arrivals)
    times, steps = arrivals[order], np.cumsum(rates[order])
    done = np.concatenate(([0.0], np.cumsum(np.diff(times) * steps[:-1])))
    place = np.searchsorted(done, needed, side="right") - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        found = times[place] + (needed - done[place]) / steps[place]
    return np.where(needed <= 0, first, np.where(np.isnan(found), math.inf, found))


def _root(level: Probability) -> Fraction:
    """u with 1 - (1 + u) exp(-u) = level, by bisection."""
    low, high = 0.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        if 1 - (1 + middle) * math.exp(-middle) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2
