"""The compiled heart of the association: the log evidence of many groups of messages, each taken as one boat.

A boat is followed through her messages in order of event by three normal laws (adrift, across, anyhow) of place and
velocity through the water, in the frame that the current carries along; what was said is weighed beside it. The
equations are in docs/association.md and, to be read, in `cordiale.association.twin`; tests compare the two. Only
additions, products and our own exponential and logarithm: every machine gives the same bits.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

import numpy as np
from numba import njit

from cordiale.association.kernel_words import exp, words
from cordiale.association.law import (
    ACROSS,
    ADRIFT,
    ANYHOW,
    ASTRAY,
    ASTRAY_VARIANCE,
    IMPOSSIBLE,
    LOOSE,
    LOOSER,
    PARTS,
    POSITION,
    RESTARTS,
    SEARCHED,
    SHARE_ANYHOW,
    SHARE_ANYHOW_DEPARTING,
    SLACK,
    STEP,
    STOPS,
    TOP_SPEED,
    TURNS,
    WATERS,
    WAY_LASTS,
)
from cordiale.earth.elementary import EXACT, log64

_TINY = 1e-300
_TWO_PI = 2 * np.pi
# Columns of a law: its weight, place, velocity, variances of place, of both and of velocity (each component).
W, X, Y, U, V, PP, PV, VV = range(8)
# Where a law goes until the next message: from, to, and what happens meanwhile.
_FROM = np.array([ADRIFT, ADRIFT, ACROSS, ACROSS, ACROSS, ANYHOW, ANYHOW])
_TO = np.array([ADRIFT, ACROSS, ACROSS, ADRIFT, ANYHOW, ANYHOW, ADRIFT])


@njit(forceinline=True, **EXACT)
def _carried(table, m, at):
    """How far the sea has carried what lay at message m, at a later instant."""
    begun = table.begun[m]
    last = table.carried.shape[1] - 1
    x = at / STEP - begun
    k = min(int(x), last - 1)
    if k < 1:
        first = (begun + 1) * STEP
        own = first - table.time[m]
        part = min(max((at - table.time[m]) / own, 0.0), 1.0) if own > 1e-6 else 1.0
        return part * table.carried[m, 1, 0], part * table.carried[m, 1, 1]
    part = min(x - k, 1.0)
    east = table.carried[m, k, 0] * (1 - part) + table.carried[m, k + 1, 0] * part
    north = table.carried[m, k, 1] * (1 - part) + table.carried[m, k + 1, 1] * part
    return east, north


@njit(forceinline=True, **EXACT)
def _moved(old, new, weight, dt, mean_u, mean_v, spread, lasts):
    """A law of velocities that return to a mean, after a time: the closed form."""
    a = exp(-dt / lasts)
    b = lasts * (1 - a)
    own_u, own_v = old[U] - mean_u, old[V] - mean_v
    new[W] = weight
    new[X] = old[X] + mean_u * dt + own_u * b
    new[Y] = old[Y] + mean_v * dt + own_v * b
    new[U] = mean_u + a * own_u
    new[V] = mean_v + a * own_v
    noise = max(lasts * lasts * (2 * dt / lasts - 3 + 4 * a - a * a), 0.0)
    new[PP] = old[PP] + 2 * b * old[PV] + b * b * old[VV] + spread * noise
    new[PV] = a * old[PV] + a * b * old[VV] + spread * lasts * (1 - a) * (1 - a)
    new[VV] = a * a * old[VV] + spread * (1 - a * a)


@njit(forceinline=True, **EXACT)
def _stopped(old, new, weight, dt, part, mean_u, mean_v, spread):
    """A law that kept its velocity for a part of the time and then changed to another."""
    run = part * dt
    square = old[U] * old[U] + old[V] * old[V]
    new[W] = weight
    new[X] = old[X] + old[U] * run + mean_u * (dt - run)
    new[Y] = old[Y] + old[V] * run + mean_v * (dt - run)
    new[U] = mean_u
    new[V] = mean_v
    blur = dt * dt / 12
    new[PP] = old[PP] + 2 * run * old[PV] + old[VV] * (run * run + blur) + blur * square / 2
    new[PP] += spread * ((dt - run) * (dt - run) + blur)
    new[PV] = spread * (dt - run)
    new[VV] = spread


@njit(forceinline=True, **EXACT)
def _predicted(state, after, dt, way_u, way_v, spread):
    """What may have become of the boat: seven laws, weights summing to that of the state."""
    fails = 1 - exp(-dt / STOPS)
    starts = 1 - exp(-dt / RESTARTS)
    turns = (1 - fails) * (1 - exp(-dt / TURNS))
    x = dt / STOPS
    part = 0.5 if x < 1e-3 else 1 / x - 1 / (1 / exp(-min(x, 80.0)) - 1)
    a, u, w = state[ADRIFT], state[ACROSS], state[ANYHOW]
    _moved(a, after[0], a[W] * (1 - starts), dt, 0.0, 0.0, spread[ADRIFT], WAY_LASTS[ADRIFT])
    _stopped(a, after[1], a[W] * starts, dt, 0.5, way_u, way_v, spread[ACROSS])
    _moved(u, after[2], u[W] * (1 - fails - turns), dt, way_u, way_v, spread[ACROSS], WAY_LASTS[ACROSS])
    _stopped(u, after[3], u[W] * fails, dt, part, 0.0, 0.0, spread[ADRIFT])
    _stopped(u, after[4], u[W] * turns, dt, 0.5, 0.0, 0.0, spread[ANYHOW])
    _moved(w, after[5], w[W] * (1 - fails), dt, 0.0, 0.0, spread[ANYHOW], WAY_LASTS[ANYHOW])
    _stopped(w, after[6], w[W] * fails, dt, part, 0.0, 0.0, spread[ADRIFT])


@njit(forceinline=True, **EXACT)
def _gathered(state, posts, count):
    """Laws of one kind become one again, with the mean and variance of their mixture."""
    for kind in range(3):
        total = _TINY
        mean = np.zeros(7)
        for k in range(count):
            if int(posts[k, 8]) == kind:
                total += posts[k, W]
                for c in range(7):
                    mean[c] += posts[k, W] * posts[k, c + 1]
        if total < 1e-200:
            state[kind, W] = 0.0
            continue
        for c in range(7):
            mean[c] /= total
        state[kind, W] = total
        for c in range(7):
            state[kind, c + 1] = mean[c]
        for k in range(count):
            if int(posts[k, 8]) == kind:
                share = posts[k, W] / total
                x, y = posts[k, X] - mean[0], posts[k, Y] - mean[1]
                u, v = posts[k, U] - mean[2], posts[k, V] - mean[3]
                state[kind, PP] += share * (x * x + y * y) / 2
                state[kind, PV] += share * (x * u + y * v) / 2
                state[kind, VV] += share * (u * u + v * v) / 2


@njit(forceinline=True, **EXACT)
def _met(table, m, after, posts):
    """Every law beside every reading of a position, and the position being astray: the density, and what is left."""
    total, count = 0.0, 0
    first, end = table.first[m], table.first[m + 1]
    for j in range(7):
        if after[j, W] < 1e-12:
            continue
        for case in range(2 * (end - first) + 1):
            astray, loose = case == 2 * (end - first), case % 2 == 1
            point = first if astray else first + case // 2
            weight = ASTRAY if astray else (1 - ASTRAY) * table.share[point] * (LOOSE if loose else 1 - LOOSE)
            error = ASTRAY_VARIANCE if astray else table.variance[point] * (LOOSER * LOOSER if loose else 1.0)
            east, north = table.east[point] - after[j, X], table.north[point] - after[j, Y]
            s = after[j, PP] + error
            weight *= after[j, W] * exp(-(east * east + north * north) / (2 * s)) / (_TWO_PI * s)
            total += weight
            gain, pull = after[j, PP] / s, after[j, PV] / s
            posts[count, W] = weight
            posts[count, X] = after[j, X] + gain * east
            posts[count, Y] = after[j, Y] + gain * north
            posts[count, U] = after[j, U] + pull * east
            posts[count, V] = after[j, V] + pull * north
            posts[count, PP] = after[j, PP] * (1 - gain)
            posts[count, PV] = after[j, PV] * (1 - gain)
            posts[count, VV] = after[j, VV] - pull * after[j, PV]
            posts[count, 8], posts[count, 9] = _TO[j], -1 if astray else point
            count += 1
    for k in range(count):
        posts[k, W] /= max(total, _TINY)
    return total, count


@njit(forceinline=True, **EXACT)
def _told_of_way(state, way):
    """What is said of engine or state shifts the weights; what it weighs as evidence is counted with the words."""
    state[ADRIFT, W] *= 1 - way
    state[ACROSS, W] *= way
    state[ANYHOW, W] *= way
    total = state[ADRIFT, W] + state[ACROSS, W] + state[ANYHOW, W]
    for kind in range(3):
        state[kind, W] /= max(total, _TINY)


@njit(forceinline=True, **EXACT)
def _begun(table, m, way, posts):
    """The three laws at every reading of a first position; how many."""
    anyhow = SHARE_ANYHOW_DEPARTING if table.departs[m] else SHARE_ANYHOW
    shares = (1 - way, way * (1 - anyhow), way * anyhow)
    count = 0
    for p in range(table.first[m], table.first[m + 1]):
        for kind in range(3):
            posts[count, W] = table.share[p] * shares[kind]
            posts[count, X], posts[count, Y] = table.east[p], table.north[p]
            across = kind == ACROSS
            posts[count, U] = table.way_east[m] if across else 0.0
            posts[count, V] = table.way_north[m] if across else 0.0
            posts[count, PP], posts[count, PV], posts[count, VV] = table.variance[p], 0.0, table.spread[kind]
            posts[count, 8], posts[count, 9] = kind, p
            count += 1
    return count


@njit(forceinline=True, **EXACT)
def _too_fast(table, a, b):
    """Whether no small boat gets from one message to the other, by the most generous reading of both."""
    nearest = np.inf
    for p in range(table.first[a], table.first[a + 1]):
        for q in range(table.first[b], table.first[b + 1]):
            east, north = table.told_east[p] - table.told_east[q], table.told_north[p] - table.told_north[q]
            gap = np.sqrt(east * east + north * north) - table.reach[p] - table.reach[q]
            nearest = min(nearest, gap)
    time = max(abs(table.latest[a] - table.earliest[b]), abs(table.latest[b] - table.earliest[a])) + SLACK
    return max(nearest, 0.0) / time > TOP_SPEED


@njit(forceinline=True, **EXACT)
def _missed(table, group, k, stated, posts, count):
    """Nothing was found of her since this contact until the next: what that weighs, and what it leaves of each law."""
    last = table.missed.shape[2] - 1
    if last < 1:
        return 0.0
    column, m = last, group[k]
    for j in range(k + 1, group.size):
        if table.first[group[j]] < table.first[group[j] + 1] and (table.aboard[group[j]] or not stated):
            column = min(max(int(table.time[group[j]] / STEP) - table.begun[m], 0), last)
            break
    before, after = 0.0, 0.0
    for i in range(count):
        before += posts[i, W]
        if posts[i, 9] >= 0:
            posts[i, W] *= exp(table.missed[int(posts[i, 9]), int(posts[i, 8]), column])
        after += posts[i, W]
    for i in range(count):
        posts[i, W] /= max(after, _TINY)
    return log64(max(after / max(before, _TINY), _TINY))


@njit(**EXACT)
def _position(table, group, stated, state, after, posts, parts):
    """Log density of the positions of a group, or of those that somebody stated, over an even one on the waters; and
    the log probability that no search found her.
    """
    last, before, said = -1, -1, -1.0
    for k in range(group.size):
        m = group[k]
        if stated and not table.aboard[m]:
            continue
        if table.first[m] == table.first[m + 1]:
            if table.says[m]:
                said = table.way[m]
                if last >= 0:
                    _told_of_way(state, said)
            continue
        if last < 0:
            count = _begun(table, m, said if said >= 0 and not table.says[m] else table.way[m], posts)
        elif _too_fast(table, last, m) or (before >= 0 and _too_fast(table, before, m)):
            parts[POSITION] += IMPOSSIBLE
            continue
        else:
            dt = table.time[m] - table.time[last]
            _predicted(state, after, dt, table.way_east[last], table.way_north[last], table.spread)
            east, north = _carried(table, last, table.time[m])
            for j in range(7):
                after[j, X] += east
                after[j, Y] += north
            density, count = _met(table, m, after, posts)
            parts[POSITION] += log64(max(density * WATERS, _TINY))
        parts[SEARCHED] += _missed(table, group, k, stated, posts, count)
        _gathered(state, posts, count)
        if last >= 0 and table.says[m]:
            _told_of_way(state, table.way[m])
        before, last = last, m


@njit(forceinline=True, **EXACT)
def _searched(table, group, state, after, posts, parts):
    """That no search found her weighs as far as plots and sightings put her elsewhere than what was stated of her: so
    it weighs nothing against what was stated.
    """
    if table.missed.shape[2] < 2:
        return
    stated = 0
    for m in group:
        stated += table.aboard[m]
    if stated == group.size:
        parts[SEARCHED] = 0.0
    elif stated > 0:
        alone = np.zeros(PARTS)
        _position(table, group, True, state, after, posts, alone)
        parts[SEARCHED] -= alone[SEARCHED]


@njit(**EXACT)
def evidence(table, members, starts):
    """Log evidence in parts (groups, PARTS) of groups given one after the other: members[starts[g] : starts[g + 1]].

    Members are in order of event. A group of one weighs 0.
    """
    groups = starts.size - 1
    parts = np.zeros((groups, PARTS))
    state, after = np.zeros((3, 8)), np.zeros((7, 8))
    posts = np.zeros((7 * (2 * table.most_readings + 1), 10))
    for g in range(groups):
        group = members[starts[g] : starts[g + 1]]
        if group.size < 2:
            continue
        _position(table, group, False, state, after, posts, parts[g])
        _searched(table, group, state, after, posts, parts[g])
        words(table, group, parts[g])
    return parts
