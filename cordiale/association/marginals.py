"""Which of several boats each report of one scan is about, at once: the marginals of a multi-Bernoulli scan.

A scan is a set of reports of which a boat makes at most one, and of which each is about at most one boat: the plots of
one turn of a radar, what a ship reports that counts the boats in sight. Calls are no scan: a boat may call as often as
it likes, so that each call is a scan of its own (`separate`).

`odds[i, j]` compares "report j is about boat i" with "boat i made none, and j is of a boat nobody reported, or of
none": r pD l(j | i) / ((1 - r pD)(new(j) + clutter(j))), all numbers of a boat and a report being densities over the
same space. Sources: Williams, IEEE Trans. Aerosp. Electron. Syst. 51 (2015) 1664-1687 (the update); Williams and Lau,
ibid. 50 (2014) 2942-2959 (the propagation). Check values: tests/known/test_marginals.py.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Probability

LARGEST: Final = 8  # boats, or reports, up to which all ways to assign them are summed
ROUNDS: Final = 500  # of propagation, at most
AT_REST: Final[Probability] = 1e-9
TINY: Final = 1e-26  # odds beyond e^60 to one are counted as that


@dataclass(frozen=True, slots=True, eq=False)
class Marginals:
    """P(report j is about boat i): `about`, (boats, reports)."""

    about: FloatArray

    @property
    def missed(self) -> FloatArray:
        """P(no report of the scan is about the boat), (boats,)."""
        return np.asarray(np.clip(1 - self.about.sum(axis=1), 0.0, 1.0))

    @property
    def none(self) -> FloatArray:
        """P(the report is about none of the boats), (reports,): about a new one, or about none at all."""
        return np.asarray(np.clip(1 - self.about.sum(axis=0), 0.0, 1.0))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scanned:
    """What a scan leaves: `existence` of each boat known, `new` the existence of the boat that each report would found,
    `clutter` the probability that it is of no boat.
    """

    marginals: Marginals
    existence: FloatArray
    new: FloatArray
    clutter: FloatArray


def marginals(odds: FloatArray) -> Marginals:
    """The marginals of a scan: exact where either side counts `LARGEST` or fewer, propagated beyond."""
    return enumerated(odds) if min(odds.shape, default=0) <= LARGEST else propagated(odds)


def separate(odds: FloatArray) -> Marginals:
    """The marginals of reports each of which is a scan of its own: any number of them may be about one boat."""
    odds = _within(odds)
    return Marginals(odds / (1 + odds.sum(axis=0, keepdims=True)))


def enumerated(odds: FloatArray) -> Marginals:
    """The exact marginals: the sum over all ways to assign, by the set of those taken on the smaller side.

    Costs n m 2^m numbers for n boats and m reports, n >= m; meant for m <= 8.
    """
    odds = _within(odds)
    if odds.shape[1] > odds.shape[0]:
        return Marginals(_enumerated(np.ascontiguousarray(odds.T)).T)
    return Marginals(_enumerated(odds))


def _enumerated(odds: FloatArray) -> FloatArray:
    """The marginals for more rows than columns: `ahead[i][set]` sums the rows before i that took exactly this set of
    columns, `rest[i][set]` what rows from i on may still do when this set is taken.
    """
    rows, columns = odds.shape
    sets = np.arange(2**columns)
    free = [sets[(sets >> j) & 1 == 0] for j in range(columns)]
    ahead = np.zeros((rows + 1, sets.size))
    rest = np.zeros((rows + 1, sets.size))
    ahead[0, 0], rest[rows] = 1.0, 1.0
    for i in range(rows):
        ahead[i + 1] = ahead[i]
        for j in range(columns):
            ahead[i + 1, free[j] | 1 << j] += odds[i, j] * ahead[i, free[j]]
    for i in reversed(range(rows)):
        rest[i] = rest[i + 1]
        for j in range(columns):
            rest[i, free[j]] += odds[i, j] * rest[i + 1, free[j] | 1 << j]
    total = rest[0, 0]
    about = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            about[i, j] = odds[i, j] * (ahead[i, free[j]] @ rest[i + 1, free[j] | 1 << j]) / total
    return about


def propagated(odds: FloatArray) -> Marginals:
    """The marginals by loopy belief propagation: no exact ones, but at rest after some tens of rounds at any size.

    Every boat tells every report how much it wants it, every report every boat how free it is, until they agree.
    """
    odds = _within(odds)
    free = np.ones_like(odds)
    for _ in range(ROUNDS):
        asked = odds * free
        wants = odds / (1 + asked.sum(axis=1, keepdims=True) - asked)
        renewed = 1 / (1 + wants.sum(axis=0, keepdims=True) - wants)
        moved = float(np.abs(renewed - free).max(initial=0.0))
        free = renewed
        if moved < AT_REST:
            break
    asked = odds * free
    return Marginals(asked / (1 + asked.sum(axis=1, keepdims=True)))


def scanned(
    existence: FloatArray, detected: FloatArray, density: FloatArray, *, new: FloatArray, clutter: FloatArray
) -> Scanned:
    """One scan against boats that may not exist, a Poisson field of boats nobody has reported, and clutter.

    Parameters
    ----------
    existence : array (boats,)
        Probability that each boat exists.
    detected : array (boats,)
        Probability that it makes a report in this scan if it does; below 1.
    density : array (boats, reports)
        Density of each report if it is about the boat.
    new, clutter : array (reports,)
        Intensity of reports about boats nobody has reported, and of what is no boat, in the same units as `density`.
    """
    seen = existence * detected
    found = marginals(seen[:, None] * density / ((1 - seen)[:, None] * np.maximum(new + clutter, 1e-300)))
    unseen = existence * (1 - detected) / (1 - seen)
    share = new / np.maximum(new + clutter, 1e-300)
    return Scanned(
        marginals=found,
        existence=1 - found.missed * (1 - unseen),
        new=found.none * share,
        clutter=found.none * (1 - share),
    )


def _within(odds: FloatArray) -> FloatArray:
    """Odds as far as eight of them multiply without overflow."""
    return np.asarray(np.clip(np.asarray(odds, dtype=np.float64), 0.0, 1 / TINY))
