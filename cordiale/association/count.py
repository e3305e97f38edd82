"""How many boats there are: the law of their number, and how many nobody has reported."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.association.agreed import is_single, law_of_sum
from cordiale.association.disposition import BoatCount
from cordiale.association.law import SILENT_SHARE
from cordiale.association.message import Message
from cordiale.association.partition import Samples
from cordiale.association.weights import real
from cordiale.belief.report import ENDINGS
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Probability, Quantity

WITHIN: Final[Probability] = 0.9
# Judgement: how often a group of up to so many messages is a boat of its own and no piece of another, and of more. On
# generated nights of both recipes: one message 0.2 (a plot of a radar 0.02), two 0.25, three and four 0.5 to 0.6, five
# to eight 0.6 to 0.85, more 0.73 to 1 (docs/association.md).
OWN: Final[tuple[tuple[int, Probability], ...]] = ((1, 0.15), (2, 0.2), (4, 0.52), (8, 0.78))
OWN_OF_MORE: Final[Probability] = 0.96
A_FEW: Final[Quantity] = 3.0  # judgement: among so many other groups half of that doubt is left, beside none nothing
AT_MOST: Final = 64  # groupings that are counted


def own_boat(messages: int, others: int) -> Probability:
    """Probability that a group of so many messages is a boat of its own, and no piece of one of the other groups."""
    among_many = next((chance for most, chance in OWN if messages <= most), OWN_OF_MORE)
    return 1 - (1 - among_many) * others / (others + A_FEW)


def count_of(news: Sequence[Message], samples: Samples) -> BoatCount:
    """The law of the number of boats that anybody told of, and of those not ended, over the groupings visited."""
    if not news:
        return BoatCount(law=(1.0,), afloat=(1.0,), unreported=0.0, within=WITHIN)
    find = np.array([m.lead.kind == "find" for m in news])
    ends = np.array([m.lead.kind in ENDINGS for m in news])
    step = max(len(samples.labels) // AT_MOST, 1)
    laws, afloat = [], []
    for labels in samples.labels[::step]:
        whole, going = _of_one(labels, samples, find, ends)
        laws.append(whole)
        afloat.append(going)
    law, left = _mean(laws), _mean(afloat)
    expected = float(np.arange(law.size) @ law)
    unreported = expected * SILENT_SHARE / (1 - SILENT_SHARE)
    return BoatCount(law=tuple(law.tolist()), afloat=tuple(left.tolist()), unreported=unreported, within=WITHIN)


def _of_one(labels: IntArray, samples: Samples, find: BoolArray, ends: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The two laws under one grouping: a message that stands alone is about a boat with a probability."""
    groups = int(labels.max()) + 1
    chance = np.array([own_boat(size, groups - 1) for size in np.bincount(labels, minlength=groups).tolist()])
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
