"""What a set of craft at one boat achieves: when she is found, who is aboard when, how many of them alive.

The first craft there searches, the next ones help, and who finds her tells the others. For a circular normal cloud of
standard deviation s the best search with an effort z (m2 swept) finds her with the probability

    1 - (1 + u) exp(-u),   u = sqrt(z / (pi s^2)),

(Koopman 1946, in Stone, Theory of Optimal Search, 1975: exponential detection, circular normal target; mean effort 6
pi s^2). It is taken in five parts of equal weight, each at its mean effort. Once a craft is with her it brings one
person aboard after the other until it is full; whoever is taken first is as likely alive as anybody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from cordiale.assets.craft import IN_THE_WATER, Craft
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray, Probability, Seconds, SquareMetres
from cordiale.response.distress import Distress

PARTS: Final = 5  # of equal probability
_IDLE: Final = 1e-9  # m2/s: what is left of rates that were added and taken away again
_ROWS: Final = np.arange(PARTS)[:, None]
_COUNT: Final[FloatArray] = np.arange(1.0, 10_001.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A craft at a boat: when it gets there, how many it may take, and when it must leave for home."""

    craft: Craft
    arrives: Instant
    room: int
    until: Instant = math.inf


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What comes of the calls at one boat, in expectation.

    `lives` are people aboard alive, or alive at the horizon in a boat nobody came to. `found` is the mean over the
    cases in which she is found by the horizon, infinite where there is none. `taken`, `free` and `whole` stand for each
    call: people taken, when it can leave with them, and when all its places would be taken.
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
def efforts_of_parts() -> tuple[Fraction, ...]:
    """Mean effort, in units of pi s^2, of each fifth of the cases, from the soonest found to the last; their mean is 6.

    With dP = u exp(-u) du the mean of u^2 between two ends is the difference of -(u^3 + 3 u^2 + 6 u + 6) exp(-u).
    """
    ends = [0.0, *(_root(k / PARTS) for k in range(1, PARTS)), math.inf]
    below = [0.0 if math.isinf(u) else -(u**3 + 3 * u**2 + 6 * u + 6) * math.exp(-u) for u in ends]
    return tuple(PARTS * (high - low) for low, high in zip(below, below[1:], strict=False))


def outcome(distress: Distress, calls: Sequence[Call], *, found: FloatArray | None = None) -> Outcome:
    """What these craft achieve at this boat. Without calls, the people alive at the horizon.

    `found`: when she is found in each fifth of the cases, where others search for her too (`found_at`).
    """
    at_least, last = distress.at_least, distress.curve.until
    unaided = distress.curve.unaided
    if not calls:
        return Outcome(lives=float(at_least.sum()) * unaided, found=math.inf, taken=(), free=(), whole=())
    if found is None:
        found = found_at(distress, calls)
    most = at_least.size
    rooms = [min(call.room, most) for call in calls]
    paces = [pace(distress, call) for call in calls]
    slots, starts, whose = _slots(found, calls, rooms, paces)
    if len(calls) > 1:
        order = slots.argsort(axis=1, kind="stable")[:, :most]
        slots, whose = slots[_ROWS, order], whose[order]
    ranked = np.minimum(slots, last)
    wanted = at_least[: ranked.shape[1]]
    lives = float((distress.curve.probability(ranked) @ wanted).sum()) / PARTS
    in_time = (ranked < last) * wanted
    if len(calls) > 1:
        taken = (np.bincount(whose.ravel(), weights=in_time.ravel(), minlength=len(calls)) / PARTS).tolist()
    else:
        taken = [float(in_time.sum()) / PARTS]
    ever = found < last
    begins = starts[:, ever].mean(axis=1).tolist() if ever.any() else [math.inf] * len(calls)
    return Outcome(
        lives=lives + float(at_least[ranked.shape[1] :].sum()) * unaided,
        found=float(found[ever].mean()) if ever.any() else math.inf,
        taken=tuple(taken),
        free=tuple(b + each * count for b, each, count in zip(begins, paces, taken, strict=True)),
        whole=tuple(b + each * room for b, each, room in zip(begins, paces, rooms, strict=True)),
    )


def _slots(
    found: FloatArray, calls: Sequence[Call], rooms: Sequence[int], paces: Sequence[Seconds]
) -> tuple[FloatArray, FloatArray, IntArray]:
    """When each place of each craft is taken, shape (PARTS, places), when each craft begins, and whose a place is."""
    starts = np.empty((len(calls), PARTS))
    slots, whose = np.empty((PARTS, sum(rooms))), np.empty(sum(rooms), dtype=np.int64)
    done = 0
    for k, (call, room, each) in enumerate(zip(calls, rooms, paces, strict=True)):
        starts[k] = np.maximum(found, call.arrives) + call.craft.setup
        own = starts[k][:, None] + each * _COUNT[:room]
        slots[:, done : done + room] = (
            own if own[:, -1:].max(initial=0.0) <= call.until else np.where(own <= call.until, own, math.inf)
        )
        whose[done : done + room] = k
        done += room
    return slots, starts, whose


def pace(distress: Distress, call: Call) -> Seconds:
    """Seconds a person: as the craft does it, longer for those in the water when it gets there."""
    wet = distress.curve.share_at(max(call.arrives, distress.curve.at))
    return call.craft.embark * (1 + (IN_THE_WATER - 1) * wet)


def found_at(distress: Distress, calls: Sequence[Call]) -> FloatArray:
    """When she is found, in each fifth of the cases; infinite where nobody can."""
    first = min(call.arrives for call in calls)
    if not math.isfinite(first):
        return np.full(PARTS, math.inf)
    if distress.search.time is not None:
        return np.full(PARTS, first + distress.search.time)
    if distress.search.widths is None:
        return np.full(PARTS, first)
    area = math.pi * distress.cloud.widest(first) ** 2
    changes: list[tuple[Instant, Fraction]] = []
    for call in calls:
        if call.arrives < min(call.until, math.inf):
            rate = distress.search.rate(call.craft)
            changes += [(call.arrives, rate), (call.until, -rate)]
    changes.sort()
    return np.array([first if area * part <= 0 else _swept(area * part, changes) for part in efforts_of_parts()])


def _swept(needed: SquareMetres, changes: Sequence[tuple[Instant, Fraction]]) -> Instant:
    """When craft that come and go have swept so much, from the changes of their rate (m2/s); infinite if never."""
    done, rate, since = 0.0, 0.0, -math.inf
    for when, change in changes:
        if rate > _IDLE:
            step = rate * (when - since)
            if done + step >= needed:
                return since + (needed - done) / rate
            done += step
        since, rate = when, rate + change
    return math.inf


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
