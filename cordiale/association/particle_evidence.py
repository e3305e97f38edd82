"""The evidence of a group as one boat by a particle filter: what the compiled surrogate is checked against.

The law is that of `cordiale.association.kernel`: three ways to go, an engine that stops, starts and turns, readings
that exclude each other, positions worse than they say or astray. Two approximations of the kernel are not made here.
Laws of one kind are not merged into one, so that two readings of a position stay two; and how often and when the boat
changed between two contacts is drawn, not one change at the mean of its moment. Given these a boat is linear and
normal, so that a particle is a normal law with a history (Rao and Blackwell), and every reading and every first change
is summed, not drawn.

Source: Chen and Liu, Mixture Kalman filters, J. R. Statist. Soc. B 62 (2000) 493-508.
"""

from typing import Final, NamedTuple

import numpy as np

from cordiale.association.law import (
    ACROSS,
    ADRIFT,
    ANYHOW,
    ASTRAY,
    ASTRAY_VARIANCE,
    IMPOSSIBLE,
    LOOSE,
    LOOSER,
    RESTARTS,
    SHARE_ANYHOW,
    SHARE_ANYHOW_DEPARTING,
    STOPS,
    TURNS,
    WATERS,
    WAY_LASTS,
)
from cordiale.association.tables import Tables
from cordiale.association.twin import displacement, too_fast
from cordiale.association.weights import Group
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, LogLikelihood, Probability, Seconds

PARTICLES: Final = 256  # leave the log evidence a standard deviation below 0.5: bench/evidence.py
# How often in a second a boat of each kind changes (rows) into each other (columns).
RATES: Final = np.zeros((3, 3))
RATES[ADRIFT, ACROSS] = 1 / RESTARTS
RATES[ACROSS, ADRIFT] = RATES[ANYHOW, ADRIFT] = 1 / STOPS
RATES[ACROSS, ANYHOW] = 1 / TURNS
# The kinds that a boat of each kind may first change into; -1: none.
INTO: Final = np.array([[ACROSS, -1], [ADRIFT, ANYHOW], [ADRIFT, -1]])
MOST_CHANGES: Final = 16  # between two contacts; a day of them has six
GOLDEN: Final = (np.sqrt(5.0) - 1) / 2  # multiples of it are spread evenly from 0 to 1, however many
X, Y, U, V, PP, PV, VV = range(7)


class Particles(NamedTuple):
    """Normal laws of place and velocity through the water: `kind` (n,), and `law` (n, 7): place, velocity, and the
    variances of place, of both and of velocity, each alike east and north.
    """

    kind: IntArray
    law: FloatArray


def log_evidence(tables: Tables, group: Group, stream: Stream, particles: int = PARTICLES) -> LogLikelihood:
    """Log density of the positions of a group in order of event, over an even one on the waters: as the kernel's part
    `POSITION`, and 0 for fewer than two of them. An unbiased estimate of the density; the same stream gives the same.
    """
    total, last, before, said, step = 0.0, -1, -1, -1.0, 0
    cloud = Particles(np.zeros(0, dtype=np.int64), np.zeros((0, 7)))
    for m in group:
        if tables.first[m] == tables.first[m + 1]:
            if tables.says[m]:
                said = float(tables.way[m])
                cloud = _told_of_way(cloud, said, stream, step) if last >= 0 else cloud
                step += 1
            continue
        if last < 0:
            way = said if said >= 0 and not tables.says[m] else float(tables.way[m])
            cloud = begun(tables, m, way, particles, stream)
        elif too_fast(tables, last, m) or (before >= 0 and too_fast(tables, before, m)):
            total += IMPOSSIBLE
            continue
        else:
            chances, after = predicted(tables, last, m, cloud, stream, step)
            density, cloud = met(tables, m, chances, after, stream, step)
            total += density
            if tables.says[m]:
                cloud = _told_of_way(cloud, float(tables.way[m]), stream, step)
        before, last, step = last, m, step + 1
    return total


def begun(tables: Tables, m: int, way: Probability, particles: int, stream: Stream) -> Particles:
    """After a first position: every reading and every kind in its share."""
    rows = np.arange(tables.first[m], tables.first[m + 1])
    anyhow = SHARE_ANYHOW_DEPARTING if tables.departs[m] else SHARE_ANYHOW
    shares = np.array([1 - way, way * (1 - anyhow), way * anyhow])
    chosen = _chosen((tables.share[rows][:, None] * shares).ravel(), particles, stream, 0)
    p, kind = rows[chosen // 3], chosen % 3
    law = np.zeros((particles, 7))
    law[:, X], law[:, Y], law[:, PP] = tables.east[p], tables.north[p], tables.variance[p]
    cloud = Particles(kind, law)
    _changed(cloud, np.arange(particles), kind, _ways(tables, m), tables.spread)
    return cloud


def predicted(
    tables: Tables, last: int, m: int, cloud: Particles, stream: Stream, step: int
) -> tuple[FloatArray, Particles]:
    """What may have become of each particle by the next contact, carried by the sea: that it goes on as it did, and
    each change it may have made first, with what came after drawn. Chances (3, n), and laws (3 n).
    """
    n, dt = cloud.kind.size, float(tables.time[m] - tables.time[last])
    ways, spread = _ways(tables, last), tables.spread
    rate = RATES.sum(axis=1)[cloud.kind]
    stays = np.exp(-rate * dt)
    into = INTO[cloud.kind]
    parts = np.where(into >= 0, RATES[cloud.kind[:, None], into], 0.0) / rate[:, None]
    chances = np.stack([stays, *((1 - stays) * parts.T)])
    even = (_shift(stream, step, 1) + GOLDEN * np.arange(n)) % 1.0
    first = np.minimum(-np.log1p(-even * (1 - stays)) / rate, dt)
    branches = [Particles(cloud.kind, cloud.law.copy())]
    _moved(branches[0], np.arange(n), np.full(n, dt), ways, spread)
    before = Particles(cloud.kind, cloud.law.copy())
    _moved(before, np.arange(n), first, ways, spread)
    for k in range(2):
        branch = Particles(cloud.kind.copy(), before.law.copy())
        who = np.flatnonzero(into[:, k] >= 0)
        _changed(branch, who, into[who, k], ways, spread)
        _onward(branch, who, dt - first[who], ways, spread, stream.child(f"{step} {k}"))
        branches.append(branch)
    after = Particles(np.concatenate([b.kind for b in branches]), np.concatenate([b.law for b in branches]))
    after.law[:, :2] += displacement(tables, last, float(tables.time[m]))
    return chances, after


def _onward(
    cloud: Particles, who: IntArray, left: FloatArray, ways: FloatArray, spread: FloatArray, stream: Stream
) -> None:
    """The rest of the time after a change: further changes as they fall."""
    for k in range(MOST_CHANGES):
        if not who.size:
            return
        drawn = stream.uniforms(who, k)
        rate = RATES[cloud.kind[who]]
        until = -np.log(drawn[:, 0]) / rate.sum(axis=1)
        _moved(cloud, who, np.minimum(until, left), ways, spread)
        again = until < left
        who, left, rate = who[again], (left - until)[again], rate[again]
        other = rate[:, ADRIFT] <= drawn[again, 1] * rate.sum(axis=1)  # else the engine fails, where it may
        kind = np.where(other, np.where(cloud.kind[who] == ADRIFT, ACROSS, ANYHOW), ADRIFT)
        _changed(cloud, who, kind, ways, spread)


def met(
    tables: Tables, m: int, chances: FloatArray, after: Particles, stream: Stream, step: int
) -> tuple[LogLikelihood, Particles]:
    """Every law beside every reading of a position, and the position being astray: the log density, and what is left,
    drawn in proportion.
    """
    rows = np.arange(tables.first[m], tables.first[m + 1])
    right, error = (1 - ASTRAY) * tables.share[rows], tables.variance[rows]
    share = np.concatenate([right * (1 - LOOSE), right * LOOSE, [ASTRAY]])
    error = np.concatenate([error, error * LOOSER**2, [ASTRAY_VARIANCE]])
    place = np.concatenate([rows, rows, rows[:1]])
    s = after.law[:, PP, None] + error
    east, north = (there[place] - after.law[:, k, None] for k, there in enumerate((tables.east, tables.north)))
    weight = share * chances.ravel()[:, None] * np.exp(-(east**2 + north**2) / (2 * s)) / (2 * np.pi * s)
    particles = chances.shape[1]
    density = float(weight.sum()) / particles
    if density * WATERS < 1e-300:  # as the kernel: further than any number tells
        return float(np.log(1e-300)), Particles(after.kind[:particles], after.law[:particles])
    chosen = _chosen(weight.ravel(), particles, stream, step)
    i, case = chosen // share.size, chosen % share.size
    law, off = after.law[i], np.stack([east[i, case], north[i, case]], axis=1)
    gain, pull = law[:, PP] / s[i, case], law[:, PV] / s[i, case]
    left = np.column_stack(
        [law[:, :2] + gain[:, None] * off, law[:, 2:4] + pull[:, None] * off,
         law[:, PP] * (1 - gain), law[:, PV] * (1 - gain), law[:, VV] - pull * law[:, PV]]
    )  # fmt: skip
    return float(np.log(density * WATERS)), Particles(after.kind[i], left)


def _told_of_way(cloud: Particles, way: Probability, stream: Stream, step: int) -> Particles:
    """What is said of engine or state shifts the weights; what it weighs as evidence is counted with the words."""
    weight = np.where(cloud.kind == ADRIFT, 1 - way, way)
    i = _chosen(weight, weight.size, stream.child("said"), step)
    return Particles(cloud.kind[i], cloud.law[i])


def _moved(cloud: Particles, who: IntArray, dt: Seconds | FloatArray, ways: FloatArray, spread: FloatArray) -> None:
    """Velocities that return to the mean of their kind, for a time: the closed form of Ornstein and Uhlenbeck."""
    law, kind = cloud.law[who], cloud.kind[who]
    lasts, mean = WAY_LASTS[kind], ways[kind]
    a = np.exp(-dt / lasts)
    b, q = lasts * (1 - a), spread[kind]
    own = law[:, 2:4] - mean
    noise = np.maximum(lasts**2 * (2 * dt / lasts - 3 + 4 * a - a * a), 0.0)
    cloud.law[who] = np.column_stack(
        [law[:, :2] + mean * np.reshape(dt, (-1, 1)) + own * b[:, None], mean + a[:, None] * own,
         law[:, PP] + 2 * b * law[:, PV] + b * b * law[:, VV] + q * noise,
         a * law[:, PV] + a * b * law[:, VV] + q * lasts * (1 - a) ** 2,
         a * a * law[:, VV] + q * (1 - a * a)]
    )  # fmt: skip


def _changed(cloud: Particles, who: IntArray, kind: IntArray, ways: FloatArray, spread: FloatArray) -> None:
    """Another kind with a velocity of its own, which owes nothing to the one before."""
    cloud.kind[who] = kind
    cloud.law[who, 2:4] = ways[kind]
    cloud.law[who, PV], cloud.law[who, VV] = 0.0, spread[kind]


def _ways(tables: Tables, m: int) -> FloatArray:
    """The mean velocity of each kind where a message tells of, (3, 2): only those across steer a course."""
    ways = np.zeros((3, 2))
    ways[ACROSS] = tables.way_east[m], tables.way_north[m]
    return ways


def _shift(stream: Stream, step: int, use: int) -> Probability:
    return float(stream.uniforms(np.array([use]), step)[0, 0])


def _chosen(weight: FloatArray, count: int, stream: Stream, step: int) -> IntArray:
    """So many of these in proportion to their weights, systematically: one number of chance."""
    reached = np.cumsum(weight)
    asked = (np.arange(count) + _shift(stream, step, 0)) / count * reached[-1]
    return np.asarray(np.minimum(np.searchsorted(reached, asked, side="right"), weight.size - 1))
