"""How many people are not accounted for in all, with the same doubt as the number of boats.

A group of reports may be a piece of another boat of the picture. As a boat of its own it adds its people; as a piece it
adds nobody, and whoever was taken off it was taken off the other. So the sum is drawn: so many boats as the law of
their number says (`BoatCount`), which of them by their own probability of existence, the people of each by what was
said, or by the law of all boats where nobody said a number. No single boat's account is touched by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.association.attributes import PERSONS, Estimate
from cordiale.association.count import own_boat
from cordiale.association.disposition import Association, Disposition
from cordiale.belief.report import ENDINGS, Between, Report
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Instant, Probability, Quantity
from cordiale.record.conflicts import PARTIAL, people_aboard, probability_left
from cordiale.record.ledger import UNKNOWN_PERSONS, Ledger, contacts_of_no_boat, persons_said

DRAWS: Final = 4000  # the ends of the interval move by about 2 % of its width from one seed to another
WITHIN: Final[Probability] = 0.9
RANGE: Final = 12.0  # of the log odds by which all boats together are likelier or less likely than by themselves
# Of a boat of which nobody said a number: the law of all boats.
UNSAID: Final = Estimate(PERSONS.mean, PERSONS.between_boats**2)


@dataclass(frozen=True, slots=True)
class _Group:
    """What may be a boat of its own: how probably; her people, how many of them ended, and that some were left."""

    own: Probability
    aboard: Estimate
    ended: Quantity
    left: Probability


def with_people(ledger: Ledger, association: Association, reports: Iterable[Report]) -> Ledger:
    """The ledger with `aboard` and `unaccounted` as intervals that hold them with 90 %.

    `unaccounted.least` is never below the people of the boat of which most are missing, less those taken off of no boat
    known. An association that states no law of the number of boats leaves the ledger as it is.
    """
    by_name = {r.name: r for r in reports}
    groups = _groups(association, by_name)
    if len(association.count.law) < 2 or not groups:
        return ledger
    missing = _drawn(groups, association)
    tail = (1 - WITHIN) / 2
    least, most = (float(np.round(np.quantile(missing, q))) for q in (tail, 1 - tail))
    told = [a.unaccounted.least if a.said else min(a.unaccounted.least, 1.0) for a in ledger.accounts]
    certain = max([*told, 0.0]) - ledger.of_unidentified_boats.most
    left = Between(least=max(least, certain, 0.0), most=max(most, certain, 0.0))
    ended = [ledger.ended, ledger.of_unidentified_boats]
    return replace(
        ledger,
        aboard=Between(least=left.least + sum(e.least for e in ended), most=left.most + sum(e.most for e in ended)),
        unaccounted=left,
    )


def _groups(association: Association, by_name: Mapping[str, Report]) -> list[_Group]:
    """The boats of the picture; contacts and endings that were given to none, as far as they may be further boats."""
    groups = [_of_boat(boat.existence, [by_name[n] for n in boat.reports]) for boat in association.boats]
    others = len(groups)
    now = max((r.received for r in by_name.values()), default=0.0)
    for contact in contacts_of_no_boat(association, by_name):
        told = [by_name[name] for name in contact.reports]
        own = contact.alone * own_boat(told, others, _age(told, now))
        groups.append(replace(_of_boat(own, told), ended=0.0, left=1.0))
    for disposition in association.dispositions:
        report = by_name[disposition.report]
        if disposition.boat is None and report.kind in ENDINGS and report.relay_of not in by_name:
            own = _alone(disposition) * own_boat([report], others, _age([report], now))
            heads = _heads([report])
            aboard = Estimate(heads / (1 - PARTIAL / 2), PERSONS.said**2)
            groups.append(_Group(own=own, aboard=aboard, ended=heads, left=PARTIAL))
    return groups


def _of_boat(own: Probability, reports: Sequence[Report]) -> _Group:
    endings = [r for r in reports if r.kind in ENDINGS]
    others = [r for r in reports if r.kind not in ENDINGS]
    aboard = people_aboard(others, endings) if persons_said(others) else UNSAID
    heads = _heads(endings)
    return _Group(own=own, aboard=aboard, ended=heads, left=probability_left(aboard, heads) if endings else 1.0)


def _heads(endings: Iterable[Report]) -> Quantity:
    """People who were taken off, landed or returned; an unsaid number counts as that of a boat."""
    said = [r.persons or UNKNOWN_PERSONS for r in endings]
    return sum((one.least + one.most) / 2 for one in said)


def _alone(disposition: Disposition) -> Probability:
    return max(1.0 - disposition.elsewhere, 0.0)


def _age(reports: Iterable[Report], now: Instant) -> Quantity:
    return max(now - min(r.event.middle for r in reports), 0.0)


def _drawn(groups: Sequence[_Group], association: Association) -> FloatArray:
    """People not accounted for in each draw, shape (DRAWS,).

    The boats of a night are there or not together: the odds of all of them are moved by one factor, so that as many are
    expected as the law of their number says in that draw.
    """
    chance = Stream.of_seed(association.seed).child("people")
    ids = np.arange(DRAWS)
    odds = np.array([np.log(g.own / (1 - g.own)) for g in _within(groups)])
    moved = np.linspace(-RANGE, RANGE, 241)
    expected = (1 / (1 + np.exp(-(odds[None, :] + moved[:, None])))).sum(axis=1)
    reached = np.cumsum(association.count.law)
    boats = np.searchsorted(reached, chance.child("boats").uniforms(ids, 0)[:, 0] * reached[-1])
    move = np.interp(boats, expected, moved)
    total = np.zeros(DRAWS)
    for number, group in enumerate(groups):
        first, second = chance.child("own").uniforms(ids, number).T
        own = first < 1 / (1 + np.exp(-(odds[number] + move)))
        spread = np.sqrt(group.aboard.variance) * chance.child("aboard").normals(ids, number)[:, 0]
        left = np.maximum(group.aboard.mean + spread - group.ended, 1.0) * (second < group.left)
        total += np.where(own, left, -group.ended)
    return np.maximum(total, 0.0)


def _within(groups: Sequence[_Group]) -> list[_Group]:
    return [replace(g, own=min(max(g.own, 1e-4), 1 - 1e-4)) for g in groups]
