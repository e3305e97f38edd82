"""Give every report to the boat it is most probably about: a first association, a pure function of the set of reports.

Messages (a report and its relays) are taken in order of event, so that a late report simply takes its place and the
order of arrival does not matter. `kinematics` says how well each position follows from each other, `attributes` what
the words weigh, `partition` how probable it is that two messages are about one boat. The answer keeps the grouping
that agrees best with those probabilities.

The lethal error is the false merge, so the odds are not even: see `MERGE` and `MERGE_RECOVERY`. Nothing here ends a
boat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cordiale.association.disposition import Alternative, Association, Boat, Disposition, Fate, Reason, boat_name
from cordiale.association.gate import impossible
from cordiale.association.kinematics import transitions
from cordiale.association.message import Message, messages
from cordiale.association.partition import agreed, together, votes
from cordiale.association.scores import Ledger, Scores, scores_of
from cordiale.belief.report import ENDINGS, Report
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, IntArray, Probability
from cordiale.sea.environment import Environment

MERGE: Final[Probability] = 0.5  # judgement: two messages less probably about one boat than this are kept apart
MERGE_RECOVERY: Final[Probability] = 0.8  # judgement: people taken off are laid to a boat only with better odds
CLUE: Final[Probability] = 0.2  # judgement: an unplaced message below it says nothing worth a person's look
SHOWN: Final[Probability] = 0.001


@dataclass(frozen=True, slots=True)
class Memory:
    """Associations and weights kept between calls under one environment: they change the time a call takes and
    nothing else.
    """

    kept: dict[tuple[frozenset[Report], int, int], Association] = field(default_factory=dict)
    ledgers: dict[int, Ledger] = field(default_factory=dict)

    def ledger(self, environment: Environment) -> Ledger:
        """The weights found under an environment."""
        return self.ledgers.setdefault(id(environment), Ledger())


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The grouping and what it rests on."""

    news: tuple[Message, ...]
    scores: Scores
    labels: IntArray
    votes: FloatArray
    names: dict[int, str]

    def group(self, label: int, *, without: int = -1) -> tuple[int, ...]:
        """The messages of a group, in order."""
        return tuple(int(i) for i in np.flatnonzero(self.labels == label) if i != without)


def associate(
    reports: Iterable[Report], environment: Environment, *, seed: int, memory: Memory | None = None
) -> Association:
    """Which report is about which boat.

    Parameters
    ----------
    reports : iterable of Report
        The set to explain, in any order; names are unique.
    environment : Environment
        What moves the boats between reports.
    seed : int
        Chance of the sampling; the same seed and set give the same answer.
    memory : Memory, optional
        Answers kept for sets of reports already explained under the same environment.
    """
    everything = tuple(sorted(set(reports), key=lambda r: (r.event.middle, r.name)))
    key = (frozenset(everything), seed, id(environment))
    if memory is not None and key in memory.kept:
        return memory.kept[key]
    news = messages(everything)
    found = _group(news, environment, seed, Ledger() if memory is None else memory.ledger(environment))
    decided = {r.name: d for i, m in enumerate(news) for r, d in zip(m.tellings, _dispositions(found, i), strict=True)}
    dispositions = tuple(
        decided.get(r.name) or Disposition(report=r.name, fate="not_about_a_boat", boat=None, probability=1.0)
        for r in everything
    )
    boats = tuple(sorted((_boat(found, label) for label in found.names), key=lambda b: b.name))
    answer = Association(dispositions=dispositions, boats=boats, seed=seed)
    if memory is not None:
        memory.kept[key] = answer
    return answer


def _group(news: tuple[Message, ...], environment: Environment, seed: int, ledger: Ledger) -> _Found:
    scores = scores_of(news, transitions(news, environment), ledger)
    if not news:
        return _Found(news, scores, np.zeros(0, dtype=np.int64), np.zeros((0, 1)), {})
    same, visited = together(scores, Stream.of_seed(seed).child("association"))
    labels = agreed(same, visited, MERGE)
    labels = _recoveries_apart(news, labels, same)
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    shares = votes(visited, labels)
    names = {}
    for label in sorted(set(labels.tolist())):
        members = np.flatnonzero(labels == label)
        if all(news[i].lead.kind == "find" for i in members):
            continue  # debris or the dead are of some boat, perhaps of one on the board: a person should look
        if members.size > 1 or (news[members[0]].placed and shares[members[0], -1] >= MERGE):
            names[label] = boat_name(_first([r for i in members for r in news[i].tellings]).name)
    return _Found(news, scores, labels, shares, names)


def _recoveries_apart(news: Sequence[Message], labels: IntArray, same: FloatArray) -> IntArray:
    """A recovery, landing or return without the better odds stands alone: of a boat that is not yet identified."""
    labels = labels.copy()
    for i, message in enumerate(news):
        others = np.flatnonzero(labels == labels[i])
        others = others[others != i]
        ends = message.lead.kind in ENDINGS
        if ends and others.size and same[i, others].mean() < MERGE_RECOVERY:
            labels[i] = labels.max() + 1
    return labels


def _dispositions(found: _Found, i: int) -> list[Disposition]:
    """One for each telling of a message: the lead's, and for each relay the same with its reason."""
    message, label = found.news[i], int(found.labels[i])
    shares = found.votes[i]
    name = found.names.get(label)
    single = len(found.group(label)) == 1
    alone = float(shares[-1])
    own = alone if single else float(shares[label])
    others = [
        Alternative(boat=found.names[g], probability=float(shares[g]))
        for g in range(shares.size - 1)
        if g != label and g in found.names
    ]
    others.append(Alternative(boat=None, probability=1.0 - (own if name else 0.0) - sum(a.probability for a in others)))
    ranked = tuple(sorted((a for a in others if a.probability >= SHOWN), key=lambda a: (-a.probability, a.boat or "")))
    best = max((a.probability for a in ranked if a.boat), default=0.0)
    fate = _fate(found, i, name, best)
    probability = own if name else best
    reasons = _reasons(found, i, ranked)
    result = []
    for report in message.tellings:
        passed_on = report is not message.lead
        relay = (Reason(key="relay", values=(("before", message.lead.name),)),) if passed_on else ()
        result.append(
            Disposition(
                report=report.name,
                fate="assigned" if passed_on and name else fate,
                boat=name,
                probability=probability,
                alternatives=ranked,
                reasons=(*relay, *reasons),
            )
        )
    return result


def _fate(found: _Found, i: int, name: str | None, best: Probability) -> Fate:
    if name is not None:
        return "new" if found.group(int(found.labels[i]))[0] == i else "assigned"
    return "unassigned" if found.news[i].placed or best >= CLUE else "unplaced"


def _reasons(found: _Found, i: int, alternatives: tuple[Alternative, ...]) -> tuple[Reason, ...]:
    """Why: for the boat it was given to, or for the best alternative; what was refused comes first."""
    label = int(found.labels[i])
    others = found.group(label, without=i)
    labels = {name: number for number, name in found.names.items()}
    if not others and alternatives and alternatives[0].boat:
        others = found.group(labels[alternatives[0].boat])
    near = [g for g in found.names if g != label and _shares_a_caller(found, i, g)]
    refused = [r for g in near if (r := impossible(found.news[i], [found.news[j] for j in found.group(g)]))]
    if not others:
        return tuple(refused)
    given: list[Reason] = []
    if found.news[i].placed:
        factor = found.scores.position(i, others)
        nearest = min(
            (j for j in others if found.news[j].placed),
            key=lambda j: abs(found.news[j].at - found.news[i].at),
            default=None,
        )
        if nearest is not None:
            age = round(abs(found.news[nearest].at - found.news[i].at) / 60)
            key = "position" if factor > 0 else "position_against"
            given.append(Reason(key=key, values=(("age_min", age),), log_bayes_factor=factor))
    silence = min(abs(found.news[j].at - found.news[i].at) for j in others)
    values = (("age_min", round(silence / 60)),)
    given.append(Reason(key="silence", values=values, log_bayes_factor=found.scores.silence(i, others)))
    given.extend(found.scores.words(i, others))
    return (*refused, *sorted(given, key=lambda r: (r.log_bayes_factor >= 0, -abs(r.log_bayes_factor), r.key)))


def _shares_a_caller(found: _Found, i: int, label: int) -> bool:
    caller = found.scores.caller[i]
    return caller is not None and any(found.scores.caller[j] == caller for j in found.group(label))


def _boat(found: _Found, label: int) -> Boat:
    members = found.group(label)
    told = sorted((r for i in members for r in found.news[i].tellings), key=lambda r: (r.event.middle, r.name))
    chain = tuple(p.name for i in members if (p := found.news[i].placed))
    return Boat(
        name=found.names[label], first_report=_first(told).name, reports=tuple(r.name for r in told), chain=chain
    )


def _first(told: Sequence[Report]) -> Report:
    """The report received first: later reports never change it."""
    return min(told, key=lambda r: (r.received, r.name))
