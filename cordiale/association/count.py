"""How many boats anybody told of: the law of their number. Those that nobody reported stand in `belief.unreported`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.agreed import is_single, law_of_sum
from cordiale.association.disposition import BoatCount
from cordiale.association.message import FOUNDS_NONE, Message
from cordiale.association.partition import Samples
from cordiale.association.tables import SEEN
from cordiale.association.weights import real
from cordiale.belief.report import ENDINGS, Kind, Report
from cordiale.earth.units import BoolArray, FloatArray, IntArray, LogLikelihood, Probability, Quantity, Seconds, hours

WITHIN: Final[Probability] = 0.9
# Judgement, fitted to the truth of 177 generated nights of 5 to 60 boats (docs/association.md): how often a group of so
# many messages at most is a boat of its own, and no piece of another, among 25 groups. Small ones that others saw are
# mostly pieces; those whose people were taken off are mostly boats of which nobody called.
OWN_UP_TO: Final = (1, 2, 4, 8)
SEEN_ONLY, TAKEN_OFF, TOLD = range(3)
OWN: Final = np.array([
    [0.04, 0.80, 0.42],
    [0.04, 0.80, 0.45],
    [0.06, 0.80, 0.45],
    [0.15, 0.85, 0.95],
    [0.85, 0.97, 0.985],
])  # fmt: skip
# Nights differ, for all groups of a night alike: shares of nights, and by how much the log odds are moved on them. The
# three are a normal law of standard deviation 0.4 (Gauss and Hermite).
NIGHTS: Final = ((1 / 6, -0.7), (2 / 3, 0.0), (1 / 6, 0.7))
AMONG: Final[Quantity] = 25.0
PIECES: Final[Quantity] = 1.2  # judgement, fitted: among twice as many groups the odds of each fall by 2 ** 1.2
YOUNG: Final[Seconds] = 2 * hours  # judgement: of a boat first heard of so long ago little can have been told yet
AT_MOST: Final = 64  # groupings that are counted


def own_boat(reports: Iterable[Report], others: int, age: Seconds) -> Probability:
    """Probability that the reports of a group, the first of them so old, are of a boat of its own and no piece of one
    of the other groups.
    """
    heard = heard_of([r.kind for r in reports])
    size, best, ages = np.array([heard.size]), heard.max(keepdims=True), np.array([age])
    return float(sum(share * own_on(moved, size, best, others, ages)[0] for share, moved in NIGHTS))


def heard_of(kinds: Sequence[Kind]) -> IntArray:
    """How each kind of report tells of a boat: the column of `OWN`; a group has the largest of its reports'."""
    return np.array([TOLD if k not in SEEN else TAKEN_OFF if k in ENDINGS else SEEN_ONLY for k in kinds])


def own_on(moved: LogLikelihood, messages: IntArray, heard: IntArray, others: int, age: FloatArray) -> FloatArray:
    """The same of many groups on a night on which the log odds are moved by so much; beside nobody each is a boat."""
    groups = others + 1
    if groups < 2:
        return np.ones(messages.size)
    chance = OWN[np.searchsorted(OWN_UP_TO, messages), heard]
    odds = chance / (1 - chance) * np.exp(moved) * (groups / AMONG) ** -PIECES
    return np.asarray(1 - (1 - np.exp(-np.maximum(age, 0) / YOUNG)) / (1 + odds))


def count_of(news: Sequence[Message], samples: Samples) -> BoatCount:
    """The law of the number of boats that anybody told of, and of those not ended, over the groupings visited."""
    if not news:
        return BoatCount(law=(1.0,), afloat=(1.0,), within=WITHIN)
    heard = heard_of([m.lead.kind for m in news])
    founds_none = np.array([m.lead.kind in FOUNDS_NONE for m in news])
    step = max(len(samples.labels) // AT_MOST, 1)
    laws, afloat = [], []
    for labels in samples.labels[::step]:
        groups = _groups_of(labels, samples, heard, founds_none)
        for share, moved in NIGHTS:
            chance = own_on(moved, groups.messages, groups.heard, groups.messages.size - 1, groups.age) * groups.real
            laws.append(share * law_of_sum(chance))
            afloat.append(share * law_of_sum(np.where(heard[groups.last] == TAKEN_OFF, 0.0, chance)))
    law, left = _mean(laws), _mean(afloat)
    return BoatCount(law=tuple(law.tolist()), afloat=tuple(left.tolist()), within=WITHIN)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """The groups of one grouping: how many messages, how heard of, since when, the last message of each, and how
    probably they are of a boat at all: one that stands alone may be of none, and finds found none.
    """

    messages: IntArray
    heard: IntArray
    age: FloatArray
    last: IntArray
    real: FloatArray


def _groups_of(labels: IntArray, samples: Samples, heard: IntArray, founds_none: BoolArray) -> _Groups:
    groups = int(labels.max()) + 1
    messages = np.bincount(labels, minlength=groups)
    first, last, best = np.full(groups, np.inf), np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    np.minimum.at(first, labels, samples.weights.tables.time)
    np.maximum.at(last, labels, np.arange(labels.size))
    np.maximum.at(best, labels, heard)
    chance = np.ones(groups)
    for i in np.flatnonzero(is_single(labels)):
        chance[labels[i]] = real(samples.weights, int(i), groups)
    chance[np.bincount(labels, weights=founds_none, minlength=groups) == messages] = 0.0
    return _Groups(messages, best, samples.weights.tables.latest.max() - first, last, chance)


def _mean(laws: Sequence[FloatArray]) -> FloatArray:
    total = np.zeros(max(law.size for law in laws))
    for law in laws:
        total[: law.size] += law
    return np.asarray(total / total.sum())
