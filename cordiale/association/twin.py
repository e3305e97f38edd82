"""The evidence of one boat as the equations read, in NumPy: the readable twin of `cordiale.association.kernel`.

A law is (weight, mean, covariance) with mean (2, 2): rows place and velocity through the water, columns east and north;
the covariance (2, 2) of place and velocity is the same for east and north. Only positions are here: what was said is
weighed by `cordiale.association.attributes`, the time between contacts by `gap`.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from cordiale.association.law import (
    ACROSS,
    ADRIFT,
    ANYHOW,
    ASTRAY,
    ASTRAY_VARIANCE,
    GAPS,
    IMPOSSIBLE,
    LOOSE,
    LOOSER,
    RESTARTS,
    SEEN_GAP,
    SHARE_ANYHOW,
    SHARE_ANYHOW_DEPARTING,
    SHARES_OF_GAPS,
    SLACK,
    STEP,
    STOPS,
    TOP_SPEED,
    TURNS,
    WATERS,
    WAY_LASTS,
)
from cordiale.association.tables import Tables
from cordiale.association.weights import Group
from cordiale.earth.units import FloatArray, Fraction, Instant, LogLikelihood, Probability, Quantity, Seconds, hours


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A normal law of place and velocity with a weight, what the boat does, and the reading last met (-1: astray)."""

    kind: int
    weight: Quantity
    mean: FloatArray
    covariance: FloatArray
    reading: int = -1


def position(tables: Tables, group: Group) -> LogLikelihood:
    """Log density of the positions of a group that says nothing of way, over an even one on the waters."""
    return followed(tables, group)[0]


def searched(tables: Tables, group: Group) -> LogLikelihood:
    """Log probability that no search found the boat of a group that says nothing of way, over that for what was stated
    of her alone.
    """
    stated = tuple(m for m in group if tables.aboard[m])
    return followed(tables, group)[1] - followed(tables, stated)[1]


def followed(tables: Tables, group: Group) -> tuple[LogLikelihood, LogLikelihood]:
    """What the positions of a group weigh, and what it weighs that no search found her."""
    placed = [m for m in group if tables.first[m + 1] > tables.first[m]]
    total, unseen, last, before = 0.0, 0.0, -1, -1
    laws: list[Law] = []
    for k, m in enumerate(placed):
        if last < 0:
            met = begun(tables, m, float(tables.way[m]))
        elif too_fast(tables, last, m) or (before >= 0 and too_fast(tables, before, m)):
            total += IMPOSSIBLE
            continue
        else:
            way = np.array([tables.way_east[last], tables.way_north[last]])
            carried = displacement(tables, last, float(tables.time[m]))
            after = predicted(laws, float(tables.time[m] - tables.time[last]), way, tables.spread)
            run = np.array([carried, [0.0, 0.0]])
            after = [replace(law, mean=law.mean + run) for law in after]
            met = [one for law in after for one in readings_met(tables, m, law)]
            total += math.log(sum(law.weight for law in met) * WATERS)
        left = [missed(tables, m, placed[k + 1 :], law) for law in met]
        density = sum(law.weight for law in left)
        unseen += math.log(density / sum(law.weight for law in met))
        laws = [gathered([law for law in left if law.kind == kind], density, kind) for kind in (ADRIFT, ACROSS, ANYHOW)]
        before, last = last, m
    return total, unseen


def missed(tables: Tables, m: int, later: list[int], law: Law) -> Law:
    """A law after the searches between a contact and the next: less of it, where they looked."""
    columns = tables.missed.shape[2]
    if columns < 2 or law.reading < 0:
        return law
    column = columns - 1
    if later:
        column = min(max(math.floor(tables.time[later[0]] / STEP) - int(tables.begun[m]), 0), column)
    return replace(law, weight=law.weight * math.exp(tables.missed[law.reading, law.kind, column]))


def too_fast(tables: Tables, a: int, b: int) -> bool:
    """Whether no small boat gets from one message to the other, by the most generous reading of both."""
    gaps = [
        math.hypot(tables.told_east[p] - tables.told_east[q], tables.told_north[p] - tables.told_north[q])
        - tables.reach[p] - tables.reach[q]
        for p in range(int(tables.first[a]), int(tables.first[a + 1]))
        for q in range(int(tables.first[b]), int(tables.first[b + 1]))
    ]  # fmt: skip
    time = max(abs(tables.latest[a] - tables.earliest[b]), abs(tables.latest[b] - tables.earliest[a])) + SLACK
    return bool(max(min(gaps), 0.0) / time > TOP_SPEED)


def begun(tables: Tables, m: int, way: Probability) -> list[Law]:
    """The three laws at every reading of a first position."""
    rows = range(int(tables.first[m]), int(tables.first[m + 1]))
    made = []
    anyhow = SHARE_ANYHOW_DEPARTING if tables.departs[m] else SHARE_ANYHOW
    for kind, share in ((ADRIFT, 1 - way), (ACROSS, way * (1 - anyhow)), (ANYHOW, way * anyhow)):
        velocity = [tables.way_east[m], tables.way_north[m]] if kind == ACROSS else [0.0, 0.0]
        spread = tables.spread[kind]
        for p in rows:
            mean = np.array([[tables.east[p], tables.north[p]], velocity])
            made.append(Law(kind, share * tables.share[p], mean, np.diag([tables.variance[p], spread]), p))
    return made


def predicted(laws: list[Law], dt: Seconds, way: FloatArray, spread: FloatArray) -> list[Law]:
    """What may have become of the boat after a time."""
    fails, starts = 1 - math.exp(-dt / STOPS), 1 - math.exp(-dt / RESTARTS)
    turns = (1 - fails) * (1 - math.exp(-dt / TURNS))
    x = dt / STOPS
    part = 0.5 if x < 1e-3 else 1 / x - 1 / (math.exp(x) - 1)
    none = np.zeros(2)
    adrift, across, anyhow = laws
    return [
        moved(adrift, 1 - starts, dt, none, spread[ADRIFT]),
        changed(adrift, ACROSS, starts, dt, 0.5, way, spread[ACROSS]),
        moved(across, 1 - fails - turns, dt, way, spread[ACROSS]),
        changed(across, ADRIFT, fails, dt, part, none, spread[ADRIFT]),
        changed(across, ANYHOW, turns, dt, 0.5, none, spread[ANYHOW]),
        moved(anyhow, 1 - fails, dt, none, spread[ANYHOW]),
        changed(anyhow, ADRIFT, fails, dt, part, none, spread[ADRIFT]),
    ]


def moved(law: Law, share: Probability, dt: Seconds, mean: FloatArray, spread: Quantity) -> Law:
    """An Ornstein-Uhlenbeck velocity about a mean, and the way it makes."""
    lasts = float(WAY_LASTS[law.kind])
    a = math.exp(-dt / lasts)
    step = np.array([[1.0, lasts * (1 - a)], [0.0, a]])
    noise = spread * np.array(
        [[max(lasts**2 * (2 * dt / lasts - 3 + 4 * a - a * a), 0.0), lasts * (1 - a) ** 2],
         [lasts * (1 - a) ** 2, 1 - a * a]]
    )  # fmt: skip
    steady = np.array([[0.0, 0.0], mean])
    return Law(
        law.kind,
        law.weight * share,
        step @ (law.mean - steady) + [mean * dt, mean],
        step @ law.covariance @ step.T + noise,
    )


def changed(
    law: Law, kind: int, share: Probability, dt: Seconds, part: Fraction, mean: FloatArray, spread: Quantity
) -> Law:
    """The old velocity for a part of the time, then another; when it changed is even over the time."""
    run, rest, blur = part * dt, dt - part * dt, dt * dt / 12
    old = law.mean[1]
    to = np.array([law.mean[0] + old * run + mean * rest, mean])
    place = law.covariance[0, 0] + 2 * run * law.covariance[0, 1] + law.covariance[1, 1] * (run**2 + blur)
    place += blur * float(old @ old) / 2 + spread * (rest**2 + blur)
    return Law(kind, law.weight * share, to, np.array([[place, spread * rest], [spread * rest, spread]]))


def readings_met(tables: Tables, m: int, law: Law) -> list[Law]:
    """A law beside every reading of a position, and the position being astray, by Kalman's update."""
    rows = range(int(tables.first[m]), int(tables.first[m + 1]))
    cases = []
    for p in rows:
        right = (1 - ASTRAY) * tables.share[p]
        cases.append((p, right * (1 - LOOSE), tables.variance[p], p))
        cases.append((p, right * LOOSE, tables.variance[p] * LOOSER**2, p))
    cases.append((rows[0], ASTRAY, ASTRAY_VARIANCE, -1))
    met = []
    for p, share, error, reading in cases:
        off = np.array([tables.east[p], tables.north[p]]) - law.mean[0]
        variance = law.covariance[0, 0] + error
        density = math.exp(-float(off @ off) / (2 * variance)) / (2 * math.pi * variance)
        gain = law.covariance[:, 0] / variance
        mean = law.mean + gain[:, None] * off
        covariance = law.covariance - np.outer(gain, law.covariance[0])
        met.append(Law(law.kind, law.weight * share * density, mean, covariance, reading))
    return met


def gathered(laws: list[Law], total: Quantity, kind: int) -> Law:
    """One law with the weight, mean and covariance of a mixture."""
    weight = sum(law.weight for law in laws)
    shares = [law.weight / weight for law in laws]
    mean = np.sum([share * law.mean for share, law in zip(shares, laws, strict=True)], axis=0)
    away = [law.mean - mean for law in laws]
    blurred = [law.covariance + off @ off.T / 2 for law, off in zip(laws, away, strict=True)]
    covariance = np.sum([share * one for share, one in zip(shares, blurred, strict=True)], axis=0)
    return Law(kind, weight / total, mean, covariance)


def displacement(tables: Tables, m: int, at: Instant) -> FloatArray:
    """How far the sea has carried what lay at a message, by straight lines between lattice points."""
    lattice = (tables.begun[m] + np.arange(tables.carried.shape[1])) * STEP
    lattice[0] = tables.time[m]
    return np.array([np.interp(at, lattice, tables.carried[m, :, c]) for c in (0, 1)])


def silence(tables: Tables, group: Group) -> LogLikelihood:
    """Log density (1/h) of the times between contacts: of a call since the last call, else since the last contact."""
    total = 0.0
    for k in range(1, len(group)):
        m = group[k]
        calls = [] if tables.seen[m] else [j for j in group[:k] if not tables.seen[j]]
        time = float(tables.time[m] - tables.time[calls[-1] if calls else group[k - 1]])
        means, shares = (GAPS * tables.scale[0], SHARES_OF_GAPS) if calls else (np.array([SEEN_GAP]), np.ones(1))
        total += math.log(float((shares / means * np.exp(-time / means)).sum()) * hours)
    return total
