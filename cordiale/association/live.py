"""A new report at once: the boats it may be about, before the whole night has been associated again.

The live layer places what arrived since the last batch in groupings that the batch visited, and leaves those as they
are. It is provisional, every number of it: the picture that counts is the batch's, and `differences` lists where the
two part by more than 0.1. It ends no boat and lowers nothing that was said: what somebody aboard said is of a boat, and
only what others saw may be of none.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.associate import CLUE, MERGE, MERGE_CLUELESS, MERGE_RECOVERY, NEEDS_MORE, SHOWN, Batch
from cordiale.association.constraints import NO_CONSTRAINTS, Constraints, Pair
from cordiale.association.disposition import Alternative, Association, Disposition, Fate, Reason
from cordiale.association.law import CLUTTER
from cordiale.association.live_night import LOOSE, LiveNight, night_of
from cordiale.association.live_placing import Placement, placements
from cordiale.association.message import FOUNDS_NONE
from cordiale.association.paths import Paths
from cordiale.association.reasons import Grouping, reasons_beside
from cordiale.association.weights import real
from cordiale.belief.report import Report
from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.sea.environment import Environment

GROUPINGS: Final = 16  # of those that the batch visited
EXPLAINED: Final = 3  # boats of each report that are shown with reasons
APART: Final[Probability] = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Rank:
    """A boat that a new report may be about. `on_board` is False for a boat that the report would found together with
    one that stands alone.
    """

    boat: str
    probability: Probability
    on_board: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """What one new report may be about.

    Parameters
    ----------
    report : str
        Its name.
    ranks : tuple of Rank
        Boats above 1 in 1,000, most probable first; the first ones with their reasons.
    new_boat, no_boat : Probability
        That it is about a boat nobody reported before the last batch; that it is about none. With the ranks they sum to
        1 but for what is not listed. `no_boat` is 0 for everything that somebody aboard said.
    fate : Fate
        What the batch would make of it, by the same limits.
    boat : str, optional
        The boat it would be given to; None for a new one and where nothing is probable enough.
    reasons : tuple of Reason
        Why it says nothing of its own (a relay); else those of its ranks count.
    """

    report: str
    ranks: tuple[Rank, ...]
    new_boat: Probability
    no_boat: Probability
    fate: Fate
    boat: str | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def provisional(self) -> bool:
        """Always: the batch that follows may say otherwise."""
        return True

    @property
    def disposition(self) -> Disposition:
        """The same in the form of the batch, to be shown like it; the reasons are those of the likeliest boat."""
        first = self.ranks[0] if self.ranks else None
        others = [Alternative(boat=r.boat, probability=r.probability) for r in self.ranks if r.boat != self.boat]
        none = Alternative(boat=None, probability=min(self.new_boat + self.no_boat, 1.0))
        return Disposition(
            report=self.report,
            fate=self.fate,
            boat=self.boat,
            probability=self.elsewhere if self.fate == "new" else first.probability if first else 0.0,
            alternatives=tuple(a for a in (*others, none) if a.probability >= SHOWN) if self.ranks else (),
            reasons=(*self.reasons, *(first.reasons if first else ())),
        )

    @property
    def elsewhere(self) -> Probability:
        """Probability that it is about no boat on the board."""
        return 1 - sum(rank.probability for rank in self.ranks if rank.on_board)

    def probability_of(self, boat: str) -> Probability:
        """Probability that the report is about this boat; 0 when it is not among those listed."""
        return sum(rank.probability for rank in self.ranks if rank.boat == boat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """The new reports in order of event and name. `before` are the reports that the last batch knew, `known` the
    boats of the ranks with the reports that it gave them; `refused` links that contradict a separation.
    """

    rankings: tuple[Ranking, ...]
    before: frozenset[str] = frozenset()
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()
    refused: tuple[Pair, ...] = ()

    @property
    def provisional(self) -> bool:
        """Always: the picture that counts is the batch's."""
        return True

    def of(self, report: str) -> Ranking:
        """The ranking of a report; raises KeyError for a name that is not new."""
        for ranking in self.rankings:
            if ranking.report == report:
                return ranking
        raise KeyError(report)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Where the live layer and the batch part: the boat (as the batch calls it; None for one that was not known) with
    the largest difference, and both probabilities.
    """

    report: str
    boat: str | None
    live: Probability
    batch: Probability


def live(
    last: Batch,
    new_reports: Iterable[Report],
    environment: Environment,
    *,
    constraints: Constraints = NO_CONSTRAINTS,
    paths: Paths | None = None,
    groupings: int = GROUPINGS,
) -> Live:
    """Which boats each new report may be about, provisionally.

    Parameters
    ----------
    last : Batch
        The last association of the night (`associate.batch`).
    new_reports : iterable of Report
        What arrived since, in any order; reports that the batch already knew are left out.
    environment : Environment
        As for the batch.
    constraints : Constraints, optional
        What people decided, all of it. Decisions on reports that the batch knew wait for the next batch.
    paths : Paths, optional
        Kept by the caller between calls under one environment, and shared with no other thread. A first call with no
        new reports fills it.
    groupings : int, optional
        Groupings of the batch to place the reports in: more are smoother and slower.
    """
    before = frozenset(d.report for d in last.association.dispositions)
    arrived = sorted({r for r in new_reports if r.name not in before}, key=lambda r: (r.event.middle, r.name))
    night = night_of(
        last,
        arrived,
        environment,
        constraints=constraints,
        paths=Paths() if paths is None else paths,
        groupings=groupings,
    )
    told = _told(night, last)
    of = {r.name: i for i, m in enumerate(night.news) for r in m.tellings}
    rankings = tuple(
        _ranking(told, report, of[report.name]) if report.is_about_a_boat else _of_none(report) for report in arrived
    )
    wanted = {rank.boat for ranking in rankings for rank in ranking.ranks}
    known = tuple((name, told.reports(k)) for k, name in enumerate(night.names) if name in wanted)
    return Live(rankings=rankings, before=before, known=known, refused=night.refused)


def nearest(batches: Iterable[Batch], reports: Container[str]) -> Batch | None:
    """The batch to start from: the one that knew most of these reports and no other; the last of several."""
    best: Batch | None = None
    for one in batches:
        known = [d.report for d in one.association.dispositions]
        if (best is None or len(known) >= len(best.association.dispositions)) and all(n in reports for n in known):
            best = one
    return best


def differences(found: Live, association: Association, *, over: Probability = APART) -> tuple[Difference, ...]:
    """The reports of which the live layer and a batch that has them say something else by more than `over`.

    Boats are compared by their reports and not by their names: a boat of the last batch is the one that most of its
    reports are given to now. Reports that the association does not hold are left out.
    """
    decided = {d.report: d for d in association.dispositions}
    now = {name: _now(reports, decided) for name, reports in found.known}
    old = {boat.name for boat in association.boats if not found.before.isdisjoint(boat.reports)}
    apart = []
    for ranking in found.rankings:
        disposition = decided.get(ranking.report)
        if disposition is None or disposition.fate == "not_about_a_boat":
            continue
        one = _by_boat(((now[rank.boat], rank.probability) for rank in ranking.ranks), old)
        other = _by_boat(_explanations(disposition), old)
        boat = min({*one, *other}, key=lambda b: (-abs(one.get(b, 0.0) - other.get(b, 0.0)), b or ""))
        if abs(one.get(boat, 0.0) - other.get(boat, 0.0)) > over:
            apart.append(
                Difference(report=ranking.report, boat=boat, live=one.get(boat, 0.0), batch=other.get(boat, 0.0))
            )
    return tuple(apart)


def _by_boat(explained: Iterable[tuple[str | None, Probability]], old: Container[str]) -> dict[str | None, Probability]:
    """Probabilities by boat; those that were not known before, and none at all, under None."""
    found: dict[str | None, Probability] = {}
    for boat, probability in explained:
        if boat in old:
            found[boat] = found.get(boat, 0.0) + probability
    return found | {None: max(1 - sum(found.values()), 0.0)}


def _explanations(disposition: Disposition) -> list[tuple[str | None, Probability]]:
    own = [(disposition.boat, disposition.share)] if disposition.boat else []
    return [*own, *((a.boat, a.share) for a in disposition.alternatives)]


def _now(reports: Sequence[str], decided: Mapping[str, Disposition]) -> str | None:
    """The boat that most of these reports are given to; None when most are given to none."""
    given = Counter(decided[name].boat for name in reports if name in decided)
    return min(given, key=lambda b: (-given[b], b or "")) if given else None


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What the placements say: `shares` (units, boats) by the groups of the batch's answer, `apart` (units, 2) with
    another new message and alone.
    """

    night: LiveNight
    last: Batch
    decided: Mapping[str, Disposition]
    grouping: Grouping
    unit_of: Mapping[int, int]
    shares: FloatArray
    apart: FloatArray

    def reports(self, boat: int) -> tuple[str, ...]:
        """The reports that the last batch gave a boat of its answer."""
        members = np.flatnonzero(self.night.agreed == boat).tolist()
        return tuple(r.name for i in members for r in self.night.news[i].tellings if r.name in self.decided)


def _told(night: LiveNight, last: Batch) -> _Told:
    """Place everything new."""
    loose = night.agreed == LOOSE
    own = night.agreed.copy()
    own[loose] = len(night.names) + np.arange(int(loose.sum()))
    names = dict(enumerate(night.names[: len(last.association.boats)]))
    shares = np.zeros((len(night.units), len(night.names)))
    apart = np.zeros((len(night.units), 2))
    if night.units:
        placed, counts = placements(night)
        for s, row in enumerate(night.labels):
            boats = _boats(row, night.agreed)
            for u, placement in enumerate(placed[s]):
                _add(shares[u], apart[u], placement, boats, float(counts[s, u]))
    return _Told(
        night=night,
        last=last,
        decided={d.report: d for d in last.association.dispositions},
        grouping=Grouping(night.news, night.weights, own, names),
        unit_of={i: u for u, unit in enumerate(night.units) for i in unit},
        shares=shares,
        apart=apart,
    )


def _boats(row: IntArray, agreed: IntArray) -> IntArray:
    """For each group of a grouping visited the group of the answer that most of its messages are of."""
    standing = row != LOOSE
    if not standing.any():
        return np.zeros(0, dtype=np.int64)
    width = int(agreed.max()) + 1
    both = np.bincount(row[standing] * width + agreed[standing], minlength=(int(row.max()) + 1) * width)
    return np.asarray(both.reshape(-1, width).argmax(axis=1))


def _add(shares: FloatArray, apart: FloatArray, placement: Placement, boats: IntArray, counts: Probability) -> None:
    for group, probability in placement.beside.items():
        shares[boats[group]] += counts * probability
    apart += counts * np.array([placement.with_new, placement.alone])


def _ranking(told: _Told, report: Report, i: int) -> Ranking:
    """The ranking of one report about a boat."""
    message = told.night.news[i]
    relay = Reason(key="relay", values=(("before", message.lead.name),))
    passed_on = (relay,) if report is not message.lead else ()
    if i not in told.unit_of:
        return _of_a_relay(told, report, i, passed_on)
    u = told.unit_of[i]
    shares = told.shares[u]
    order = [k for k in np.lexsort((np.arange(shares.size), -shares)).tolist() if shares[k] >= SHOWN]
    because = reasons_beside(told.grouping, i, [told.grouping.group(k) for k in order[:EXPLAINED]])
    because += [()] * (len(order) - len(because))
    on_board = len(told.last.association.boats)
    ranks = tuple(
        Rank(boat=told.night.names[k], probability=float(shares[k]), on_board=k < on_board, reasons=why)
        for k, why in zip(order, because, strict=True)
    )
    with_new, alone = (float(x) for x in told.apart[u])
    nothing = 0.0
    if message.lead.kind in CLUTTER and len(told.night.units[u]) == 1:
        nothing = alone * (1 - real(told.night.weights, i, on_board))
    boat, fate = _fate(told, i, ranks)
    return Ranking(
        report=report.name,
        ranks=ranks,
        new_boat=with_new + alone - nothing,
        no_boat=nothing,
        fate=fate,
        boat=boat,
        reasons=passed_on,
    )


def _of_a_relay(told: _Told, report: Report, i: int, passed_on: tuple[Reason, ...]) -> Ranking:
    """A relay of what the batch knew takes its boat: no second contact, nothing weighed anew."""
    lead = told.decided[told.night.news[i].lead.name]
    explained = _explanations(lead)
    numbers = {name: k for k, name in enumerate(told.night.names)}
    ranks = tuple(
        Rank(boat=b, probability=p, on_board=numbers[b] < len(told.last.association.boats))
        for b, p in sorted(explained, key=lambda e: (-e[1], e[0] or ""))
        if b is not None
    )
    rest = max(1 - sum(rank.probability for rank in ranks), 0.0)
    fate: Fate = "assigned" if lead.boat else lead.fate
    return Ranking(
        report=report.name, ranks=ranks, new_boat=rest, no_boat=0.0, fate=fate, boat=lead.boat, reasons=passed_on
    )


def _fate(told: _Told, i: int, ranks: Sequence[Rank]) -> tuple[str | None, Fate]:
    """The boat it would be given to and what would become of it, by the limits of the batch."""
    message = told.night.news[i]
    best = ranks[0] if ranks else None
    if best and best.probability >= _needed(told, i, best.boat):
        return best.boat, "assigned"
    elsewhere = 1 - sum(rank.probability for rank in ranks if rank.on_board)
    if message.placed and elsewhere >= MERGE and message.lead.kind not in FOUNDS_NONE:
        return None, "new"
    return None, "unassigned" if message.placed or (best and best.probability >= CLUE) else "unplaced"


def _needed(told: _Told, i: int, boat: str) -> Probability:
    """How probable a boat must be; nothing more is asked of what a person linked."""
    message = told.night.news[i]
    if told.night.anchors[told.unit_of[i]] >= 0:
        return 0.0
    if message.lead.kind in NEEDS_MORE:
        return MERGE_RECOVERY
    callers = told.night.weights.callers
    members = np.flatnonzero(told.night.agreed == told.night.names.index(boat)).tolist()
    known = callers[i] >= 0 and any(callers[j] == callers[i] for j in members)
    placed = message.placed and any(told.night.news[j].placed for j in members)
    return MERGE if placed or known else MERGE_CLUELESS


def _of_none(report: Report) -> Ranking:
    """An order, a request, a decision, a position of our own craft."""
    return Ranking(report=report.name, ranks=(), new_boat=0.0, no_boat=1.0, fate="not_about_a_boat")
