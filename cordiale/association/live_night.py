"""The night with what arrived since the last batch: the groupings the batch visited, and the messages to be placed in
them.

Nothing the batch placed is placed again, except a message that a new report changes: an original that arrives after its
relay, a relay that brings the first position.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.associate import Batch
from cordiale.association.constraints import Bound, Constraints, Pair, bound, kept_apart
from cordiale.association.disposition import boat_name
from cordiale.association.law import MEAN_GAP
from cordiale.association.message import Message, messages
from cordiale.association.paths import Paths
from cordiale.association.searched import with_searches
from cordiale.association.tables import combined, tables_of
from cordiale.association.weights import Group, Weights, told_by_the_night, weights_of
from cordiale.belief.report import Report
from cordiale.earth.units import BoolArray, IntArray
from cordiale.sea.environment import Environment

LOOSE: Final = -1  # the label of a message that has to be placed


@dataclass(frozen=True, slots=True, eq=False)
class LiveNight:
    """All messages in order of event. `labels` (groupings, messages) are groups in groupings that the batch visited,
    `agreed` (messages,) those of its answer, both `LOOSE` for what has to be placed; `names` are the boats of the
    answer, or what a boat of that group would be called.

    `units` are the loose messages, those that a person linked together; `anchors` the standing message that a person
    linked each to, -1 without one.
    """

    news: tuple[Message, ...]
    weights: Weights
    labels: IntArray
    agreed: IntArray
    names: tuple[str, ...]
    units: tuple[Group, ...]
    anchors: tuple[int, ...]
    refused: tuple[Pair, ...]


def night_of(
    last: Batch,
    new_reports: Iterable[Report],
    environment: Environment,
    *,
    constraints: Constraints,
    paths: Paths,
    groupings: int,
) -> LiveNight:
    """The night of the last batch and the reports since, with so many of the groupings visited."""
    known = {r.name: r for m in last.news for r in m.tellings}
    news = messages([*known.values(), *(r for r in new_reports if r.name not in known)])
    before = _before(last.news, news)
    standing = before >= 0
    rows = np.unique(np.linspace(0, len(last.samples.labels) - 1, groupings).round().astype(np.int64))
    labels = np.full((rows.size, len(news)), LOOSE)
    labels[:, standing] = last.samples.labels[np.ix_(rows, before[standing])]
    agreed, names = _agreed(last, news, before)
    tied = bound(news, constraints)
    never = kept_apart(news, tied)
    tables = with_searches(tables_of(news, environment, paths, MEAN_GAP), news, last.searches, environment, paths)
    weights = weights_of(news, tables, never)
    units, anchors = _units(tied, standing)
    return LiveNight(
        news=news,
        weights=told_by_the_night(weights, groups_of(agreed)) if standing.any() else weights,
        labels=labels,
        agreed=agreed,
        names=names,
        units=units,
        anchors=anchors,
        refused=tied.refused,
    )


def groups_of(labels: IntArray) -> list[Group]:
    """The groups of a grouping in order of label; what is loose is in none."""
    order = np.argsort(labels, kind="stable")
    order = order[labels[order] != LOOSE]
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return [tuple(part.tolist()) for part in np.split(order, cuts) if part.size]


def _before(old: Sequence[Message], news: Sequence[Message]) -> IntArray:
    """The number that each message had in the batch, LOOSE where it is new or where a new report changes it."""
    numbers = {m.lead.name: k for k, m in enumerate(old)}
    before = np.full(len(news), LOOSE)
    for i, message in enumerate(news):
        k = numbers.get(message.lead.name)
        if k is not None and (message is old[k] or not _changed(old[k], message)):
            before[i] = k
    return before


def _changed(old: Message, new: Message) -> bool:
    """Whether a message weighs otherwise: a relay is no second statement, but may bring the only one."""
    if old.tellings == new.tellings:
        return False
    one, other = combined(old), combined(new)
    return old.readings != new.readings or (one.persons, one.boat, one.caller) != (
        other.persons,
        other.boat,
        other.caller,
    )


def _agreed(last: Batch, news: Sequence[Message], before: IntArray) -> tuple[IntArray, tuple[str, ...]]:
    """The groups of the batch's answer, and the name of each."""
    number = {name: k for k, boat in enumerate(last.association.boats) for name in boat.reports}
    names = [boat.name for boat in last.association.boats]
    agreed = np.full(len(news), LOOSE)
    for i in np.flatnonzero(before >= 0).tolist():
        lead = news[i].lead.name
        if lead not in number:
            number[lead] = len(names)
            names.append(boat_name(min(news[i].tellings, key=lambda r: (r.received, r.name)).name))
        agreed[i] = number[lead]
    return agreed, tuple(names)


def _units(tied: Bound, standing: BoolArray) -> tuple[tuple[Group, ...], tuple[int, ...]]:
    """What has to be placed, and the standing message that each stands with by a person's word."""
    units, anchors = [], []
    for unit in tied.units:
        loose = tuple(i for i in unit if not standing[i])
        if loose:
            units.append(loose)
            anchors.append(next((i for i in unit if standing[i]), LOOSE))
    return tuple(units), tuple(anchors)
