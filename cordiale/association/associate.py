"""Give every report to the boat it is most probably about: a pure function of the set of reports and of what people
decided.

Messages (a report and its relays) are taken in order of event, so that a late report simply takes its place and the
order of arrival does not matter. `tables` makes numbers of them, `weights` says what any group of them weighs as one
boat, `partition` samples the groupings, `agreed` says what they agree on, `reasons` why.

The lethal error is the false merge, so the odds are not even: see `MERGE` and `MERGE_RECOVERY`. Nothing here ends a
boat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cordiale.association.agreed import agreed, standing, votes
from cordiale.association.constraints import NO_CONSTRAINTS, Bound, Constraints, bound, kept_apart
from cordiale.association.count import count_of, own_boat
from cordiale.association.disposition import Alternative, Association, Boat, Disposition, Fate, Reason, boat_name
from cordiale.association.law import MEAN_GAP
from cordiale.association.message import FOUNDS_NONE, Message, messages
from cordiale.association.partition import Samples, together
from cordiale.association.paths import Paths
from cordiale.association.reasons import Grouping, reasons_of
from cordiale.association.searched import Searched, with_searches
from cordiale.association.tables import tables_of
from cordiale.association.weights import real, weights_of
from cordiale.belief.report import ENDINGS, Report
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.sea.environment import Environment

MERGE: Final[Probability] = 0.5  # judgement: two messages less probably about one boat than this are kept apart
MERGE_RECOVERY: Final[Probability] = 0.8  # judgement: people taken off are laid to a boat only with better odds
NEEDS_MORE: Final = frozenset({*ENDINGS, "ais_plot"})  # and so is what sends AIS, which may be a craft alongside
MERGE_CLUELESS: Final[Probability] = 0.7  # judgement: so is what has neither a place nor a known phone
CLUE: Final[Probability] = 0.2  # judgement: an unplaced message below it says nothing worth a person's look
SHOWN: Final[Probability] = 0.001
KEPT: Final = 20_000  # reports in all answers kept; an answer on 2,000 takes about 30 MB
Asked = tuple[frozenset[Report], int, int, Constraints, frozenset[Searched]]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The last association of a whole set with the groupings it rests on: what the live layer starts from."""

    news: tuple[Message, ...]
    samples: Samples
    association: Association
    searches: frozenset[Searched] = frozenset()


@dataclass(frozen=True, slots=True)
class Memory:
    """Associations and paths kept between calls: they change the time a call takes and nothing else."""

    kept: dict[Asked, Batch] = field(default_factory=dict)
    paths: dict[int, Paths] = field(default_factory=dict)

    def keep(self, key: Asked, answer: Batch) -> Batch:
        """Keep an answer, and forget the oldest beyond `KEPT` reports in all."""
        self.kept[key] = answer
        while len(self.kept) > 1 and sum(len(reports) for reports, *_ in self.kept) > KEPT:
            del self.kept[next(iter(self.kept))]
        return answer

    def paths_under(self, environment: Environment) -> Paths:
        """The paths found under an environment."""
        return self.paths.setdefault(id(environment), Paths())


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The grouping and what it rests on."""

    grouping: Grouping
    votes: FloatArray
    stood: FloatArray

    @property
    def news(self) -> tuple[Message, ...]:
        return self.grouping.news


def associate(
    reports: Iterable[Report],
    environment: Environment,
    *,
    seed: int,
    constraints: Constraints = NO_CONSTRAINTS,
    searches: Iterable[Searched] = (),
    memory: Memory | None = None,
) -> Association:
    """Which report is about which boat.

    Parameters
    ----------
    reports : iterable of Report
        The set to explain, in any order; names are unique.
    environment : Environment
        What moves the boats between reports.
    seed : int
        Chance of the sampling; the same seed, set and constraints give the same answer.
    constraints : Constraints, optional
        What people decided. Withdrawing a decision gives the answer as it was before it.
    searches : iterable of Searched, optional
        Searches that found nothing, in any order. Taking one back gives the answer as it was before it.
    memory : Memory, optional
        Answers kept for sets of reports already explained under the same environment.
    """
    found = batch(reports, environment, seed=seed, constraints=constraints, searches=searches, memory=memory)
    return found.association


def batch(
    reports: Iterable[Report],
    environment: Environment,
    *,
    seed: int,
    constraints: Constraints = NO_CONSTRAINTS,
    searches: Iterable[Searched] = (),
    memory: Memory | None = None,
) -> Batch:
    """The association with the groupings it rests on; parameters as for `associate`."""
    everything = tuple(sorted(set(reports), key=lambda r: (r.event.middle, r.name)))
    empty = frozenset(searches)
    key = (frozenset(everything), seed, id(environment), constraints, empty)
    if memory is not None and key in memory.kept:
        return memory.kept[key]
    news = messages(everything)
    tied = bound(news, constraints)
    paths = Paths() if memory is None else memory.paths_under(environment)
    tables = with_searches(tables_of(news, environment, paths, MEAN_GAP), news, empty, environment, paths)
    weights = weights_of(news, tables, kept_apart(news, tied))
    samples = together(weights, tied.units, Stream.of_seed(seed).child("association"))
    answer = Batch(news, samples, _answer(everything, news, samples, tied, seed), empty)
    return answer if memory is None else memory.keep(key, answer)


def _answer(
    everything: tuple[Report, ...], news: tuple[Message, ...], samples: Samples, tied: Bound, seed: int
) -> Association:
    found = _group(news, samples, tied)
    because = reasons_of(found.grouping, _best_alternatives(found))
    decided = {d.report: d for i, message in enumerate(news) for d in _dispositions(found, i, message, because[i])}
    dispositions = tuple(
        decided.get(r.name) or Disposition(report=r.name, fate="not_about_a_boat", boat=None, probability=1.0)
        for r in everything
    )
    boats = tuple(sorted((_boat(found, label) for label in found.grouping.names), key=lambda b: b.name))
    return Association(
        dispositions=dispositions, boats=boats, seed=seed, count=count_of(news, samples), refused=tied.refused,
        disagreement=samples.disagreement,
    )  # fmt: skip


def _group(news: tuple[Message, ...], samples: Samples, tied: Bound) -> _Found:
    """The grouping the samples agree on; a recovery stands only where its stated probability bears it."""
    if not news:
        return _Found(
            Grouping(news, samples.weights, np.zeros(0, dtype=np.int64), {}), np.zeros((0, 1)), np.zeros((0, 0))
        )
    labels = _clueless_apart(news, agreed(samples.labels, samples.likely, tied.units, MERGE), samples)
    held = {i for unit in tied.units if len(unit) > 1 for i in unit}
    while True:
        labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
        shares = votes(samples.labels, labels)
        wrong = _unsure_recovery(news, labels, shares, held)
        if wrong is None:
            break
        labels[wrong] = labels.max() + 1
    grouping = Grouping(news, samples.weights, labels, _names(news, labels, shares))
    return _Found(grouping, shares, standing(samples.labels, labels))


def _clueless_apart(news: Sequence[Message], labels: IntArray, samples: Samples) -> IntArray:
    """A message without a place and without a phone that the boat was heard by needs better odds."""
    shares, phones = votes(samples.labels, labels), samples.weights.callers
    held = {i for unit in samples.units if len(unit) > 1 for i in unit}
    for i, message in enumerate(news):
        others = [j for j in np.flatnonzero(labels == labels[i]).tolist() if j != i]
        known = phones[i] >= 0 and any(phones[j] == phones[i] for j in others)
        if others and not (message.placed or known or i in held) and shares[i, labels[i]] < MERGE_CLUELESS:
            labels[i] = labels.max() + 1
    return labels


def _unsure_recovery(news: Sequence[Message], labels: IntArray, shares: FloatArray, held: set[int]) -> int | None:
    """The ending or AIS plot that is least sure of the boat it stands with, where that is too little."""
    sizes = np.bincount(labels)
    ends = [i for i, m in enumerate(news) if m.lead.kind in NEEDS_MORE and sizes[labels[i]] > 1 and i not in held]
    unsure = [(float(shares[i, labels[i]]), i) for i in ends if shares[i, labels[i]] < MERGE_RECOVERY]
    return min(unsure)[1] if unsure else None


def _names(news: Sequence[Message], labels: IntArray, shares: FloatArray) -> dict[int, str]:
    """The groups that are boats, by the report of each that was received first."""
    names = {}
    groups = [np.flatnonzero(labels == label).tolist() for label in range(int(labels.max()) + 1)]
    seen = np.array([any(news[i].placed for i in members) for members in groups])
    for label, members in enumerate(groups):
        if all(news[i].lead.kind in FOUNDS_NONE for i in members):
            continue
        # what was put apart from it and has no place itself takes no boat off the chart
        elsewhere = float(shares[members[0], :-1][seen].sum()) - float(seen[label]) * float(shares[members[0], label])
        if len(members) > 1 or (news[members[0]].placed and 1 - elsewhere >= MERGE):
            names[label] = boat_name(_first([r for i in members for r in news[i].tellings]).name)
    return names


def _ranked(found: _Found, i: int) -> tuple[Probability, Probability, tuple[Alternative, ...]]:
    """The probability of the group a message stands in, its share, and the other explanations, most probable first."""
    names, label, shares, stood = found.grouping.names, int(found.grouping.labels[i]), found.votes[i], found.stood[i]
    single = len(found.grouping.group(label)) == 1
    own = float(shares[-1] if single else shares[label])
    others = [
        Alternative(boat=names[g], probability=float(stood[g]), exclusive=float(shares[g]))
        for g in names
        if g != label and max(stood[g], shares[g]) > 0
    ]
    rest = 1.0 - (own if label in names else 0.0) - sum(a.share for a in others)
    others.append(Alternative(boat=None, probability=max(rest, 0.0)))
    kept = (a for a in others if max(a.probability, a.share) >= SHOWN)
    ranked = tuple(sorted(kept, key=lambda a: (-a.probability, a.boat or "")))
    return own if single else float(stood[label]), own, ranked


def _best_alternatives(found: _Found) -> list[int | None]:
    """For each message that stands alone the group that it is most probably about instead."""
    numbers = {name: label for label, name in found.grouping.names.items()}
    best: list[int | None] = []
    for i in range(len(found.news)):
        alone = len(found.grouping.group(int(found.grouping.labels[i]))) == 1
        ranked = _ranked(found, i)[2] if alone else ()
        best.append(numbers[ranked[0].boat] if ranked and ranked[0].boat else None)
    return best


def _dispositions(found: _Found, i: int, message: Message, because: tuple[Reason, ...]) -> list[Disposition]:
    """One for each telling of a message: the lead's, and for each relay the same with its reason."""
    label = int(found.grouping.labels[i])
    name = found.grouping.names.get(label)
    own, share, ranked = _ranked(found, i)
    best = max((a.share for a in ranked if a.boat), default=0.0)
    fate = _fate(found, i, name, best)
    result = []
    for report in message.tellings:
        passed_on = report is not message.lead
        relay = (Reason(key="relay", values=(("before", message.lead.name),)),) if passed_on else ()
        result.append(
            Disposition(
                report=report.name,
                fate="assigned" if passed_on and name else fate,
                boat=name,
                probability=own if name else best,
                alternatives=ranked,
                reasons=(*relay, *because),
                exclusive=share if name else best,
            )
        )
    return result


def _fate(found: _Found, i: int, name: str | None, best: Probability) -> Fate:
    if name is not None:
        return "new" if found.grouping.group(int(found.grouping.labels[i]))[0] == i else "assigned"
    return "unassigned" if found.news[i].placed or best >= CLUE else "unplaced"


def _boat(found: _Found, label: int) -> Boat:
    news, members = found.news, found.grouping.group(label)
    told = sorted((r for i in members for r in news[i].tellings), key=lambda r: (r.event.middle, r.name))
    chain = tuple(p.name for i in members if (p := news[i].placed))
    boats = len(found.grouping.names)
    tables = found.grouping.weights.tables
    age = float(tables.latest.max() - tables.time[members[0]])
    somebody = real(found.grouping.weights, members[0], boats) if len(members) == 1 else 1.0
    return Boat(
        name=found.grouping.names[label],
        first_report=_first(told).name,
        reports=tuple(r.name for r in told),
        chain=chain,
        existence=somebody * own_boat([news[i].lead for i in members], max(boats - 1, 0), age),
        somebody=somebody,
    )


def _first(told: Sequence[Report]) -> Report:
    """The report received first: later reports never change it."""
    return min(told, key=lambda r: (r.received, r.name))
