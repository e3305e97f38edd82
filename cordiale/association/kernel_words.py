"""The compiled part of the association that weighs what was said and when: see `cordiale.association.kernel`."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

import numpy as np
from numba import njit

from cordiale.association.law import (
    AFTER_ENDING,
    ASSET,
    CALLER,
    CALLER_KNOWN,
    CALLER_NEW,
    COLOUR,
    COLOUR_RIGHT,
    ENGINE,
    ENGINE_CHANGED,
    ENGINE_HOLDS,
    ENGINE_SAME,
    FLOOR,
    GAPS,
    LATE_DEPARTURE,
    LENGTH,
    ORDER,
    OUTLIER,
    PERSONS,
    SEEN_GAP,
    SHARES_OF_GAPS,
    SILENCE,
    STAYS_BY,
    STAYS_FOR,
)
from cordiale.earth.elementary import EXACT, exp32, log64

_F = np.float32
_TINY = 1e-300


@njit(forceinline=True, **EXACT)
def exp(x):
    """e to the x, in double precision as far as single carries."""
    return np.float64(exp32(_F(x)))


@njit(forceinline=True, **EXACT)
def _gap(table, group, k):
    """Log density (1/h) of the time to a contact: a call since the last call, anything else since the last contact."""
    m = group[k]
    if not table.seen[m]:
        for j in range(k - 1, -1, -1):
            if not table.seen[group[j]]:
                time, density = table.time[m] - table.time[group[j]], 0.0
                for c in range(GAPS.size):
                    density += SHARES_OF_GAPS[c] / GAPS[c] * exp(-time / (GAPS[c] * table.scale[0]))
                return log64(max(density / table.scale[0] * 3600.0, 1e-30))
    time = table.time[m] - table.time[group[k - 1]]
    return log64(max(exp(-time / SEEN_GAP) / SEEN_GAP * 3600.0, 1e-30))


@njit(forceinline=True, **EXACT)
def _stays_by(table, group, k):
    """Log factor of a craft that saw this boat within the last hours."""
    m = group[k]
    if table.asset[m] < 0:
        return 0.0
    for j in range(k - 1, -1, -1):
        other = group[j]
        if table.time[m] - table.time[other] > STAYS_FOR:
            return 0.0
        if table.asset[other] >= 0:
            common = table.assets[table.asset[m]]
            again = STAYS_BY if table.asset[other] == table.asset[m] else 0.0
            return log64((again + (1 - STAYS_BY) * common) / common)
    return 0.0


@njit(forceinline=True, **EXACT)
def _number(said, error, law, mean, variance, heard):
    """Log factor of a number beside those said before, and the mean and variance it leaves."""
    if np.isnan(said):
        return 0.0, mean, variance, heard
    factor = 0.0
    if heard:
        s, t = variance + error, law[1] + error
        same = exp(-(said - mean) * (said - mean) / (2 * s)) / np.sqrt(s)
        other = max(exp(-(said - law[0]) * (said - law[0]) / (2 * t)) / np.sqrt(t), 1e-30)
        factor = max(log64(((1 - OUTLIER) * same + OUTLIER * other) / other), FLOOR)
    else:
        mean, variance = law[0], law[1]
    gain = variance / (variance + error)
    return factor, mean + gain * (said - mean), variance * (1 - gain), True


@njit(forceinline=True, **EXACT)
def _coloured(table, m, odds, named):
    """Log factor of a colour beside those said before; the odds of the true one are renewed."""
    said = table.colour[m]
    if said < 0:
        return 0.0
    share = table.colours[said]
    wrong = (1 - COLOUR_RIGHT) * share
    total, same = 0.0, 0.0
    for c in range(odds.size):
        likely = wrong + (COLOUR_RIGHT if c == said else 0.0)
        total += odds[c]
        odds[c] *= likely
        same += odds[c]
    return max(log64(max(same / total / share, _TINY)), FLOOR) if named else 0.0


@njit(forceinline=True, **EXACT)
def _engine(table, group, k):
    """Log factor of what is said of the engine beside what was said nearest before, within an hour."""
    m = group[k]
    if table.engine[m] < 0:
        return 0.0
    for j in range(k - 1, -1, -1):
        other = group[j]
        if table.time[m] - table.time[other] > ENGINE_HOLDS:
            return 0.0
        if table.engine[other] >= 0:
            return ENGINE_SAME if table.engine[other] == table.engine[m] else ENGINE_CHANGED
    return 0.0


@njit(forceinline=True, **EXACT)
def _caller(table, group, k):
    """Log factor of a phone: heard before on this boat, or not though others were."""
    own = table.caller[group[k]]
    if own < 0:
        return 0.0
    others = False
    for j in range(k):
        other = table.caller[group[j]]
        if other == own:
            return CALLER_KNOWN
        others = others or other >= 0
    return CALLER_NEW if others else 0.0


@njit(forceinline=True, **EXACT)
def words(table, group, parts):
    """Everything said, each beside what was said before it."""
    odds = table.colours.copy()
    named = False
    persons, persons_variance, persons_heard = 0.0, 0.0, False
    length, length_variance, length_heard = 0.0, 0.0, False
    for k in range(group.size):
        m = group[k]
        factor, persons, persons_variance, persons_heard = _number(
            table.persons[m], table.persons_error[m], table.of_persons, persons, persons_variance, persons_heard
        )
        parts[PERSONS] += factor
        factor, length, length_variance, length_heard = _number(
            table.length[m], table.length_error[m], table.of_length, length, length_variance, length_heard
        )
        parts[LENGTH] += factor
        parts[COLOUR] += _coloured(table, m, odds, named)
        named = named or table.colour[m] >= 0
        parts[ENGINE] += _engine(table, group, k)
        parts[CALLER] += _caller(table, group, k)
        if k > 0:
            parts[SILENCE] += _gap(table, group, k)
            parts[ASSET] += _stays_by(table, group, k)
            if table.departs[m]:
                parts[ORDER] += LATE_DEPARTURE
            if table.ends[group[k - 1]]:
                parts[ORDER] += AFTER_ENDING
