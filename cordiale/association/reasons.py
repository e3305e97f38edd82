"""Why a report was given to a boat: a waterfall of log Bayes factors, conflicts first.

Each factor is the difference that the message makes to a part of the evidence of its group; together with the prior
they are the log odds of the group against a boat of its own, everything else standing as stated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordiale.association.attributes import log_factors
from cordiale.association.disposition import Reason
from cordiale.association.gate import impossible
from cordiale.association.law import ASSET, CALLER, COLOUR, ENGINE, LENGTH, ORDER, PERSONS, POSITION, SEARCHED, SILENCE
from cordiale.association.message import Message
from cordiale.association.weights import Group, Weights
from cordiale.earth.units import FloatArray, IntArray

_SAID = {"persons": PERSONS, "length": LENGTH, "colour": COLOUR, "engine": ENGINE, "caller": CALLER}


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Messages with the number of the group of each, and the names of the groups that are boats."""

    news: tuple[Message, ...]
    weights: Weights
    labels: IntArray
    names: dict[int, str]

    def group(self, label: int) -> Group:
        """The messages of a group, in order."""
        return tuple(np.flatnonzero(self.labels == label).tolist())


def reasons_of(grouping: Grouping, instead: Sequence[int | None]) -> list[tuple[Reason, ...]]:
    """The reasons of every message: for the boat it was given to, or for the best alternative where it stands alone."""
    groups = {label: grouping.group(label) for label in set(grouping.labels.tolist())}
    beside: list[Group] = []
    for i, other in enumerate(instead):
        own = tuple(j for j in groups[int(grouping.labels[i])] if j != i)
        beside.append(own if own or other is None else groups[other])
    whole = grouping.weights.parts([tuple(sorted((*others, i))) for i, others in enumerate(beside)])
    less = grouping.weights.parts(beside)
    boats = len(grouping.names)
    return [
        (*_refused(grouping, groups, i), *_weighed(grouping, i, others, whole[i] - less[i], boats))
        for i, others in enumerate(beside)
    ]


def reasons_beside(grouping: Grouping, i: int, others: Sequence[Group]) -> list[tuple[Reason, ...]]:
    """The reasons of one message beside each of these groups, whichever it is given to in the end."""
    if not others:
        return []
    whole = grouping.weights.parts([tuple(sorted((*group, i))) for group in others])
    less = grouping.weights.parts(others)
    boats = len(grouping.names)
    found = []
    for k, group in enumerate(others):
        conflict = impossible(grouping.news[i], [grouping.news[j] for j in group])
        refused = [conflict] if conflict and _same_caller(grouping, i, group) else []
        found.append((*refused, *_weighed(grouping, i, group, whole[k] - less[k], boats)))
    return found


def _same_caller(grouping: Grouping, i: int, group: Group) -> bool:
    caller = grouping.weights.tables.caller
    return bool(caller[i] >= 0 and (caller[list(group)] == caller[i]).any())


def _refused(grouping: Grouping, groups: dict[int, Group], i: int) -> list[Reason]:
    """Boats on which the same phone was heard and which no small boat could have reached."""
    caller = grouping.weights.tables.caller
    if caller[i] < 0:
        return []
    near = sorted({int(grouping.labels[j]) for j in np.flatnonzero(caller == caller[i])} - {int(grouping.labels[i])})
    news = grouping.news
    found = (impossible(news[i], [news[j] for j in groups[g]]) for g in near if g in grouping.names)
    return [reason for reason in found if reason]


def _weighed(grouping: Grouping, i: int, others: Group, parts: FloatArray, boats: int) -> list[Reason]:
    """The waterfall of one message beside others."""
    if not others:
        return []
    news, tables = grouping.news, grouping.weights.tables
    weights = grouping.weights
    whole = tuple(sorted((*others, i)))
    prior = weights.end(whole) - weights.end(others) - weights.end((i,)) - weights.of_new(max(boats - 1, 0))
    found = [Reason(key="prior", log_bayes_factor=prior)]
    placed = [j for j in others if news[j].placed]
    if news[i].placed and placed:
        age = min(abs(tables.time[j] - tables.time[i]) for j in placed)
        key = "position" if parts[POSITION] >= 0 else "position_against"
        found.append(_reason(key, parts[POSITION], age_min=round(age / 60)))
    silence = min(abs(tables.time[j] - tables.time[i]) for j in others)
    found.append(_reason("silence", parts[SILENCE], age_min=round(silence / 60)))
    if abs(parts[ORDER]) > 1e-9:
        departs = news[i].lead.kind == "departure" and others[0] < i
        found.append(_reason("departure_after" if departs else "ending", parts[ORDER]))
    if abs(parts[ASSET]) > 1e-9:
        found.append(_reason("asset" if parts[ASSET] >= 0 else "asset_against", parts[ASSET]))
    if abs(parts[SEARCHED]) > 1e-9:
        found.append(_reason("searched" if parts[SEARCHED] >= 0 else "searched_against", parts[SEARCHED]))
    words = {_about(r): r for r in _said(grouping, i, others)}
    for about, part in _SAID.items():
        if about in words:
            found.append(_with_factor(words[about], about, float(parts[part])))
    return sorted(found, key=lambda r: (r.log_bayes_factor >= 0, -abs(r.log_bayes_factor), r.key))


def _about(reason: Reason) -> str:
    return reason.key.removesuffix("_against").removesuffix("_new").removesuffix("_of_ais")


def _said(grouping: Grouping, i: int, others: Group) -> tuple[Reason, ...]:
    """What was said, with the words of it."""
    told = [r for j in others for r in grouping.news[j].tellings]
    return log_factors(grouping.weights.telling[i], told)


def _with_factor(reason: Reason, about: str, factor: float) -> Reason:
    """The same words with the factor that counted."""
    if about == "caller":
        return Reason(key=reason.key, values=reason.values, log_bayes_factor=factor)
    key = about if factor >= 0 else f"{about}_against"
    return Reason(key=key, values=reason.values, log_bayes_factor=factor)


def _reason(key: str, factor: float, **values: object) -> Reason:
    return Reason(key=key, values=tuple(values.items()), log_bayes_factor=float(factor))
