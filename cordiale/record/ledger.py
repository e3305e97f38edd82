"""The ledger: how many people and boats were reported, what became of them, and who is not accounted for.

Everything is an interval, an unknown number counts with a prior and never as 0, and nothing here closes a boat. People
that were taken off a boat which is not yet identified are counted as such and lessen no boat's own number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.disposition import Association
from cordiale.association.message import FOUNDS_NONE
from cordiale.belief.report import ENDINGS, Between, Kind, Report
from cordiale.earth.units import Probability

# Judgement: of a boat whose number nobody said, 90 % of the boats of November 2021 (mean 33.4, spread 10) carried this
# many.
UNKNOWN_PERSONS: Final = Between(least=17, most=50)
BOATS_WITHIN: Final[Probability] = 0.9
_NOBODY: Final = Between(least=0, most=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The people of one boat.

    `aboard` is everybody who was ever aboard by all statements, or the prior where `said` is false. `recovered` were
    taken off, `landed` came ashore where they were bound, `returned` came back to the shore they left, `found` were
    found in the water or dead: they are shown and not subtracted, as a body may be reported twice. `unaccounted` is
    what is left of `aboard`. `overdrawn`: more people ended than anybody said were aboard; a person should look.
    """

    boat: str
    aboard: Between
    said: bool
    recovered: Between
    landed: Between
    returned: Between
    found: Between
    unaccounted: Between
    overdrawn: bool

    @property
    def ended(self) -> Between:
        """People taken off, landed or returned."""
        return sum_of([self.recovered, self.landed, self.returned])


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The people and boats of a picture.

    `of_unidentified_boats` are people whose recovery, landing or return was given to no boat. `contacts_without_a_boat`
    counts calls and positions, told apart by their phones, that were given to none; `boats` holds, with 90 %, the
    number of boats that anybody told of: a group of few reports may be a piece of another. `unaccounted` is at least
    the people of the boats less all who ended anywhere, at most the people of all boats less those who ended on the
    same boat, as if no group were a piece; `people.with_people` makes of it and of `aboard` what holds with 90 %.
    """

    accounts: tuple[Account, ...]
    of_unidentified_boats: Between
    contacts_without_a_boat: int
    boats: Between
    boats_ended: int
    aboard: Between
    ended: Between
    unaccounted: Between


def ledger_of(association: Association, reports: Iterable[Report]) -> Ledger:
    """The ledger of reports that were given to boats by an association.

    aboard = recovered + landed + returned + unaccounted, as intervals, for every boat; what went to no boat lowers the
    least of the total and never its most.
    """
    by_name = {r.name: r for r in reports}
    accounts = tuple(account_of(b.name, [by_name[n] for n in b.reports]) for b in association.boats)
    given = {name for b in association.boats for name in b.reports}
    loose = [r for name, r in by_name.items() if name not in given]
    unidentified = sum_of(_of_kind(loose, kind) for kind in ENDINGS)
    single = contacts_of_no_boat(association, by_name)
    more = _how_many([contact.alone for contact in single])
    people_of_more = Between(
        least=sum(sorted(contact.persons.least for contact in single)[: int(more.least)]),
        most=sum(sorted((contact.persons.most for contact in single), reverse=True)[: int(more.most)]),
    )
    left = sum_of([*(a.unaccounted for a in accounts), people_of_more])
    return Ledger(
        accounts=accounts,
        of_unidentified_boats=unidentified,
        contacts_without_a_boat=len(single),
        boats=_boats(association, len(accounts), more),
        boats_ended=sum(a.ended.most > 0 for a in accounts),
        aboard=sum_of([*(a.aboard for a in accounts), people_of_more]),
        ended=sum_of(a.ended for a in accounts),
        unaccounted=Between(least=max(left.least - unidentified.most, 0), most=left.most),
    )


def _boats(association: Association, known: int, more: Between) -> Between:
    """How many boats: the middle of the law of the association; without one, all that are shown and may stand alone.

    A small group may be a piece of another boat and lowers the number of boats; it lowers nobody's number of people.
    """
    if len(association.count.law) < 2:
        return Between(least=known + more.least, most=known + more.most)
    return association.count.boats


def account_of(boat: str, reports: Sequence[Report]) -> Account:
    """The people of one boat by the reports given to it."""
    said = persons_said(reports)
    recovered, landed, returned = (_of_kind(reports, kind) for kind in ENDINGS)
    ended = sum_of([recovered, landed, returned])
    aboard = said or UNKNOWN_PERSONS
    return Account(
        boat=boat,
        aboard=aboard,
        said=said is not None,
        recovered=recovered,
        landed=landed,
        returned=returned,
        found=sum_of(r.persons for r in reports if r.kind == "find" and r.persons is not None),
        unaccounted=Between(least=max(aboard.least - ended.most, 0), most=max(aboard.most - ended.least, 0)),
        overdrawn=ended.least > aboard.most,
    )


def persons_said(reports: Iterable[Report]) -> Between | None:
    """Everybody who was ever aboard by all statements: what they agree on, else all that they span; None without any.

    A number said after people were taken off is of those who were left: those taken off before are added to it. A find
    counts nobody aboard (it tells of those who were found), a recovery, landing or return only who ended there: they
    are left out unless nothing else was said.
    """
    told = sorted((r for r in reports if r.persons is not None), key=lambda r: (r.event.middle, r.name))
    endings = [r for r in told if r.kind in ENDINGS]
    said = [
        sum_of([r.persons, *(e.persons for e in endings if e.persons and e.event.latest <= r.event.earliest)])
        for r in told
        if r.persons is not None and r.kind not in {"find", *ENDINGS}
    ]
    said = said or [r.persons for r in told if r.persons is not None]
    if not said:
        return None
    least, most = max(s.least for s in said), min(s.most for s in said)
    if least <= most:
        return Between(least=least, most=most)
    return Between(least=min(s.least for s in said), most=max(s.most for s in said))


def recovered_from(reports: Iterable[Report]) -> Between:
    """People taken off by the recoveries among these reports; an unsaid number counts as 1 to the prior's most."""
    return _of_kind(reports, "recovery")


def sum_of(parts: Iterable[Between | None]) -> Between:
    """The sum of intervals; None counts nobody."""
    kept = [part or _NOBODY for part in parts]
    return Between(least=sum(p.least for p in kept), most=sum(p.most for p in kept))


def _of_kind(reports: Iterable[Report], kind: Kind) -> Between:
    unsaid = Between(least=1, most=UNKNOWN_PERSONS.most)
    return sum_of(r.persons or unsaid for r in reports if r.kind == kind)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who called or sent a position and was given to no boat; `alone`: that nobody else told of the boat."""

    alone: Probability
    persons: Between
    reports: tuple[str, ...]


def contacts_of_no_boat(association: Association, by_name: Mapping[str, Report]) -> list[Contact]:
    """Calls and positions given to no boat, those of one phone and a report and its relays together."""
    told: dict[str, list[Report]] = {}
    alone: dict[str, Probability] = {}
    for disposition in association.dispositions:
        report = by_name[disposition.report]
        if disposition.fate not in {"unassigned", "unplaced"} or report.kind in {*FOUNDS_NONE, *ENDINGS}:
            continue
        first = by_name.get(report.relay_of or "", report)
        who = first.caller or first.name
        alone[who] = min(alone.get(who, 1.0), max(1.0 - disposition.elsewhere, 0.0))
        told.setdefault(who, []).append(report)
    return [
        Contact(alone[who], persons_said(told[who]) or UNKNOWN_PERSONS, tuple(r.name for r in told[who]))
        for who in sorted(told)
    ]


def _how_many(chances: Sequence[Probability]) -> Between:
    """The middle 90 % of the number of successes among independent chances: Poisson's binomial law, exactly."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    reached = np.cumsum(law)
    tail = (1 - BOATS_WITHIN) / 2
    return Between(
        least=int(np.searchsorted(reached, tail - 1e-12)), most=int(np.searchsorted(reached, 1 - tail - 1e-12))
    )
