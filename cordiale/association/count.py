"""How many boats anybody told of: the law of their number. Those that nobody reported stand in `belief.unreported`."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.association.agreed import is_single, law_of_sum
from cordiale.association.disposition import BoatCount
from cordiale.association.message import Message
from cordiale.association.partition import Samples
from cordiale.association.weights import real
from cordiale.belief.report import ENDINGS
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Probability, Quantity, Seconds, hours

WITHIN: Final[Probability] = 0.9
# Judgement: how often a group of up to so many messages is a boat of its own and no piece of another, and of more. How
# often that is differs from night to night, for all groups alike: on generated nights of other kinds than assumed as in
# the first line, of the kind assumed as in the second, on 24 November 2021, on which little was heard of the smaller
# boats, as in the last (association.md).
OWN_UP_TO: Final = (1, 2, 4, 8)
OWN: Final[tuple[tuple[Probability, tuple[Probability, ...]], ...]] = (
    (0.25, (0.08, 0.10, 0.35, 0.70, 0.96)),
    (0.35, (0.18, 0.23, 0.56, 0.82, 0.98)),
    (0.15, (0.35, 0.45, 0.70, 0.88, 0.99)),
    (0.25, (0.60, 0.70, 0.85, 0.95, 1.00)),
)
A_FEW: Final[Quantity] = 3.0  # judgement: among so many other groups half of that doubt is left, beside none nothing
YOUNG: Final[Seconds] = 2 * hours  # judgement: of a boat first heard of so long ago little can have been told yet
AT_MOST: Final = 64  # groupings that are counted


def own_boat(messages: int, others: int, age: Seconds) -> Probability:
    """Probability that a group of so many messages, the first of them so old, is a boat of its own, and no piece of one
    of the other groups.
    """
    return float(sum(share * own_on(night, np.array([messages]), others, np.array([age]))[0] for share, night in OWN))


def own_on(night: Sequence[Probability], messages: IntArray, others: int, age: FloatArray) -> FloatArray:
    """The same of many groups on one kind of night."""
    among_many = np.array(night)[np.searchsorted(OWN_UP_TO, messages)]
    return np.asarray(1 - (1 - among_many) * others / (others + A_FEW) * (1 - np.exp(-np.maximum(age, 0) / YOUNG)))


def count_of(news: Sequence[Message], samples: Samples) -> BoatCount:
    """The law of the number of boats that anybody told of, and of those not ended, over the groupings visited."""
    if not news:
        return BoatCount(law=(1.0,), afloat=(1.0,), within=WITHIN)
    find = np.array([m.lead.kind == "find" for m in news])
    ends = np.array([m.lead.kind in ENDINGS for m in news])
    step = max(len(samples.labels) // AT_MOST, 1)
    laws, afloat = [], []
    for labels in samples.labels[::step]:
        for share, night in OWN:
            whole, going = _of_one(labels, samples, find, ends, night)
            laws.append(share * whole)
            afloat.append(share * going)
    law, left = _mean(laws), _mean(afloat)
    return BoatCount(law=tuple(law.tolist()), afloat=tuple(left.tolist()), within=WITHIN)


def _of_one(
    labels: IntArray, samples: Samples, find: BoolArray, ends: BoolArray, night: Sequence[Probability]
) -> tuple[FloatArray, FloatArray]:
    """The two laws under one grouping: a message that stands alone is about a boat with a probability."""
    groups = int(labels.max()) + 1
    first = np.full(groups, np.inf)
    np.minimum.at(first, labels, samples.weights.tables.time)
    age = samples.weights.tables.latest.max() - first
    chance = own_on(night, np.bincount(labels, minlength=groups), groups - 1, age)
    for i in np.flatnonzero(is_single(labels)):
        chance[labels[i]] *= real(samples.weights, int(i), groups)
    chance[np.bincount(labels, weights=find, minlength=groups) == np.bincount(labels, minlength=groups)] = 0.0
    last = np.zeros(groups, dtype=np.int64)
    np.maximum.at(last, labels, np.arange(labels.size))
    return law_of_sum(chance), law_of_sum(np.where(ends[last], 0.0, chance))


def _mean(laws: Sequence[FloatArray]) -> FloatArray:
    total = np.zeros(max(law.size for law in laws))
    for law in laws:
        total[: law.size] += law
    return np.asarray(total / total.sum())
